"""Computes the facts of a line."""

from __future__ import annotations

from decimal import ROUND_HALF_UP

from domain import NOT_APPLICABLE, Money, Prefix
from engine.case import Line
from engine.facts.attributes import given
from engine.rulebook import Vocabulary

__all__ = ["line_facts"]

FULL_CODE = 10
WATT_HOURS = frozenset({"lithium_ion", "sodium_ion"})
GRAMS = frozenset({"lithium_metal"})


def line_facts(line: Line, currency: str, words: Vocabulary) -> dict[str, object]:
    """Facts of the line scope; what the catalog does not know is absent."""
    product = line.product
    longest, width, height = product.box_mm
    facts: dict[str, object] = {
        "goods.sku": line.sku,
        "goods.classes": product.classes,
        "goods.quantity": line.quantity,
        "goods.unit_weight": product.weight_g,
        "goods.line_weight": product.weight_g * line.quantity,
        "goods.longest_side": longest,
        "goods.sum_of_sides": longest + width + height,
        "goods.gift": line.source.gift,
        "goods.ships_alone": product.ships_alone,
        "goods.dangerous": product.un_number is not None or product.battery is not None,
        "goods.un_number": product.un_number or NOT_APPLICABLE,
        "goods.minimum_age": product.minimum_age if product.minimum_age is not None else NOT_APPLICABLE,
        "goods.alcohol_percent": product.alcohol_percent
        if product.alcohol_percent is not None
        else NOT_APPLICABLE,
        "goods.volume": product.volume_ml if product.volume_ml is not None else NOT_APPLICABLE,
        "goods.preference_statement": product.preference_statement,
        "goods.eu_responsible_person": product.responsible_person_eu is not None,
    }
    if line.net_known:
        facts["goods.value"] = Money.rounded(line.net, currency)
        facts["goods.unit_value"] = Money.rounded((line.net / line.quantity), currency, ROUND_HALF_UP)
    if product.hs_code:
        digits = product.hs_code
        facts["goods.hs_code"] = digits if len(digits) >= FULL_CODE else Prefix(digits)
    if product.origin:
        facts["goods.origin"] = product.origin
    if product.vat_category:
        facts["goods.vat_category"] = product.vat_category
    _battery(line, facts)
    given(facts, words, "line", product.attributes, line.source.attributes)
    return facts


def _battery(line: Line, facts: dict[str, object]) -> None:
    battery = line.product.battery
    names = ("goods.battery_chemistry", "goods.battery_packing", "goods.battery_wh", "goods.lithium_grams")
    if battery is None:
        facts |= dict.fromkeys(names, NOT_APPLICABLE)
        return
    facts["goods.battery_chemistry"] = battery.chemistry
    facts["goods.battery_packing"] = battery.packing
    # watt-hours rate rechargeable lithium and sodium cells, grams of lithium the metal ones
    rated = (
        ("goods.battery_wh", battery.watt_hours, WATT_HOURS),
        ("goods.lithium_grams", battery.lithium_grams, GRAMS),
    )
    for name, value, chemistries in rated:
        if value is not None:
            facts[name] = value
        elif battery.chemistry not in chemistries:
            facts[name] = NOT_APPLICABLE
