"""Facts of one line: what the goods are."""

from __future__ import annotations

from engine.facts.words import code, fact, flag, many
from engine.rulebook import Fact

__all__ = ["FACTS"]

FACTS: tuple[Fact, ...] = (
    code("goods.sku", "line", "stock keeping unit"),
    fact("goods.hs_code", "line", "hs", "HS or tariff code, as many digits as known"),
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
    fact("goods.alcohol_percent", "line", "decimal", "alcohol by volume; not applicable to other goods"),
    fact("goods.volume", "line", "volume", "volume of one unit's content; not applicable to solid goods"),
    fact("goods.minimum_age", "line", "int", "age limit; not applicable without one"),
    flag("goods.gift", "line", "a free gift in the order"),
    flag("goods.ships_alone", "line", "never shares a box"),
    flag("goods.preference_statement", "line", "a valid statement of preferential origin is at hand"),
    flag("goods.eu_responsible_person", "line", "an economic operator in the EU is named for the product"),
)
