"""Facts of one line: what the goods are."""

from __future__ import annotations

from dataclasses import replace

from engine.facts.words import code, fact, flag, many
from engine.rulebook import Fact

__all__ = ["FACTS"]

# attributes of an order line that win over the catalog
TOLD = {
    "goods.state_of_charge": "state_of_charge",
    "goods.battery_weight": "battery_weight_g",
    "goods.packing_group": "packing_group",
    "goods.age_years": "age_years",
    "goods.firework_category": "firework_category",
}

_WORDS: tuple[Fact, ...] = (
    code("goods.sku", "line", "stock keeping unit"),
    fact("goods.hs_code", "line", "hs", "HS or tariff code, as many digits as known"),
    fact("goods.description", "line", "text", "description on customs papers, small letters, no punctuation"),
    code("goods.origin", "line", "non-preferential country of origin", domain="country"),
    many("goods.classes", "line", "product classes of the catalog"),
    fact("goods.quantity", "line", "int", "units of the line"),
    fact("goods.unit_weight", "line", "weight", "weight of one unit"),
    fact("goods.line_weight", "line", "weight", "weight of the whole line"),
    fact("goods.longest_side", "line", "length", "longest side of one unit's box"),
    fact("goods.sum_of_sides", "line", "length", "length plus width plus height of one unit's box"),
    fact(
        "goods.value",
        "line",
        "money",
        "value of the line, discounts taken off",
        "net of the tax included in the price",
    ),
    fact(
        "goods.unit_value",
        "line",
        "money",
        "value of one unit, discounts taken off",
        "net of the tax included in the price",
    ),
    code("goods.vat_category", "line", "VAT category of the catalog"),
    code("goods.un_number", "line", "UN number; not applicable to goods that are not dangerous"),
    code(
        "goods.packing_group",
        "line",
        "packing group; not applicable to goods that are not dangerous",
        "I",
        "II",
        "III",
    ),
    flag("goods.dangerous", "line", "dangerous goods, batteries included"),
    code(
        "goods.battery_chemistry",
        "line",
        "battery chemistry; not applicable without battery",
        "lithium_ion",
        "lithium_metal",
        "sodium_ion",
        "nimh",
        "alkaline",
        "lead_acid",
    ),
    code(
        "goods.battery_packing",
        "line",
        "how the battery travels; not applicable without battery",
        "alone",
        "packed_with",
        "in_equipment",
    ),
    fact("goods.battery_wh", "line", "decimal", "watt-hours of one battery; not applicable without battery"),
    fact(
        "goods.lithium_grams",
        "line",
        "decimal",
        "grams of lithium; not applicable without a lithium metal battery",
    ),
    flag("goods.button_cell", "line", "the battery is a button cell"),
    fact(
        "goods.battery_count", "line", "int", "batteries of the line; not applicable where cells are counted"
    ),
    fact(
        "goods.cell_count",
        "line",
        "int",
        "loose cells of the line; not applicable where batteries are counted",
    ),
    fact(
        "goods.battery_weight",
        "line",
        "weight",
        "net weight of the line's batteries, without devices; not applicable without battery",
    ),
    fact(
        "goods.state_of_charge",
        "line",
        "percent",
        "charge at which the battery is sent; not applicable to batteries that cannot be charged",
    ),
    fact("goods.alcohol_percent", "line", "decimal", "alcohol by volume; not applicable to other goods"),
    fact("goods.volume", "line", "volume", "volume of one unit's content; not applicable to goods without"),
    fact("goods.minimum_age", "line", "int", "age limit; not applicable without one"),
    flag("goods.gift", "line", "a free gift in the order"),
    flag("goods.ships_alone", "line", "never shares a box"),
    flag("goods.preference_statement", "line", "a valid statement of preferential origin is at hand"),
    flag("goods.eu_responsible_person", "line", "an economic operator in the EU is named for the product"),
    flag("goods.uk_responsible_person", "line", "an economic operator in the United Kingdom is named"),
    flag("goods.manufacturer_identified", "line", "the maker's own product number is known"),
    flag("goods.due_diligence_reference", "line", "the number of a deforestation statement is at hand"),
    fact("goods.age_years", "line", "int", "age of an antique or a find in years"),
    code(
        "goods.firework_category",
        "line",
        "category of fireworks and other pyrotechnic articles",
        "F1",
        "F2",
        "F3",
        "F4",
        "T1",
        "T2",
        "P1",
        "P2",
    ),
)

FACTS = tuple(replace(word, given_by=TOLD.get(word.name, "")) for word in _WORDS)
