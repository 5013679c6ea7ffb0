"""Computes the facts of a line."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP

from domain import NOT_APPLICABLE, Money, Prefix, Product
from engine.case import Line
from engine.facts.attributes import given
from engine.rulebook import Vocabulary

__all__ = ["described", "line_facts", "quantity_facts"]

FULL_CODE = 10
WATT_HOURS = frozenset({"lithium_ion", "sodium_ion"})
GRAMS = frozenset({"lithium_metal"})
NOBODY = "none"
WORD = re.compile(r"[^\W_]+")


def line_facts(line: Line, currency: str, words: Vocabulary) -> dict[str, object]:
    """Facts of the line scope; what the catalog does not know is absent."""
    product, told = line.product, line.source.attributes
    longest, width, height = product.box_mm
    facts: dict[str, object] = {
        "goods.sku": line.sku,
        "goods.classes": product.classes,
        **quantity_facts(product, line.quantity),
        "goods.description": described(told.get("description") or product.description or product.title),
        "goods.unit_weight": product.weight_g,
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
        "goods.preference_statement": product.preference_statement,
        "goods.eu_responsible_person": product.responsible_person_eu is not None,
        "goods.manufacturer_identified": product.manufacturer_id is not None,
        "goods.due_diligence_reference": bool(
            told.get("due_diligence_reference") or product.due_diligence_reference
        ),
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
    if person := told.get("responsible_person_uk") or product.responsible_person_uk:
        facts["goods.uk_responsible_person"] = person != NOBODY
    if product.age_years is not None:
        facts["goods.age_years"] = product.age_years
    if product.firework_category:
        facts["goods.firework_category"] = product.firework_category
    _hazard(product, facts)
    _battery(product, facts)
    given(facts, words, "line", product.attributes, line.source.attributes)
    return facts


def described(text: str) -> str:
    """Words in small letters without punctuation: ``" T-Shirt, cotton"`` is ``t shirt cotton``."""
    return " ".join(WORD.findall(text.casefold()))


def quantity_facts(product: Product, quantity: int) -> dict[str, object]:
    """What grows with the units: of the line, or of the part of it that travels in one consignment.

    Batteries are counted where the catalog counts them, cells where it knows cells only.
    """
    facts: dict[str, object] = {
        "goods.quantity": quantity,
        "goods.line_weight": product.weight_g * quantity,
    }
    battery = product.battery
    counts = ("goods.battery_count", "goods.cell_count")
    if battery is None:
        return facts | dict.fromkeys((*counts, "goods.battery_weight"), NOT_APPLICABLE)
    if battery.batteries is not None:
        facts |= {"goods.battery_count": battery.batteries * quantity, "goods.cell_count": NOT_APPLICABLE}
    elif battery.cells is not None:
        facts |= {"goods.battery_count": NOT_APPLICABLE, "goods.cell_count": battery.cells * quantity}
    if battery.net_weight_g is not None:
        facts["goods.battery_weight"] = battery.net_weight_g * quantity
    return facts


def _hazard(product: Product, facts: dict[str, object]) -> None:
    """A dangerous liquid has a volume and a packing group, whether or not the catalog tells them."""
    dangerous = product.un_number is not None
    for name, value in (("goods.volume", product.volume_ml), ("goods.packing_group", product.packing_group)):
        if value is not None:
            facts[name] = value
        elif not dangerous:
            facts[name] = NOT_APPLICABLE


def _battery(product: Product, facts: dict[str, object]) -> None:
    battery = product.battery
    facts["goods.button_cell"] = battery is not None and battery.button_cell
    names = (
        "goods.battery_chemistry",
        "goods.battery_packing",
        "goods.battery_wh",
        "goods.lithium_grams",
        "goods.state_of_charge",
    )
    if battery is None:
        facts |= dict.fromkeys(names, NOT_APPLICABLE)
        return
    facts["goods.battery_chemistry"] = battery.chemistry
    facts["goods.battery_packing"] = battery.packing
    # watt-hours rate rechargeable lithium and sodium cells, grams of lithium the metal ones;
    # a state of charge is asked of the rechargeable ones
    rated = (
        ("goods.battery_wh", battery.watt_hours, WATT_HOURS),
        ("goods.lithium_grams", battery.lithium_grams, GRAMS),
        ("goods.state_of_charge", battery.state_of_charge, WATT_HOURS),
    )
    for name, value, chemistries in rated:
        if value is not None:
            facts[name] = value
        elif battery.chemistry not in chemistries:
            facts[name] = NOT_APPLICABLE
