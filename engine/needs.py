"""What is missing, said so that the sender can give it: the fact, and the field that carries it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from engine.case import Case, Line

__all__ = ["needs_json"]

# fact (or need of the arithmetic) -> field of the order, or of its line
FIELDS: Mapping[str, str] = {
    "destination.territory": "/ship_to/postcode",
    "destination.postcode": "/ship_to/postcode",
    "destination.place": "/ship_to/postcode",
    "arrival.place": "/ship_to/postcode",
    "arrival.territory": "/ship_to/postcode",
    "declaration.acceptance": "/customs/declared_on",
    "sale.kind": "/delivery/collect_abroad_as",
    "customs.at_risk_of_eu": "/customs/at_risk_of_eu",
    "customs.preference_claimed": "/customs/preference_claimed",
    "customs.excise_registered": "/customs/excise_registered_in",
    "payment.accepted": "/payment_accepted_at",
    "chargeable.event": "/payment_accepted_at",
    "buyer.age": "/buyer/age",
    "buyer.screening": "/buyer/name",
    "goods.hs_code": "hs_code",
    "goods.origin": "origin",
    "line.hs_code": "hs_code",
    "line.origin": "origin",
    "origin": "origin",
    "goods.unit_weight": "weight_g",
    **{
        f"goods.{fact}": f"attributes/{field}"
        for fact, field in (
            ("state_of_charge", "state_of_charge"),
            ("battery_weight", "battery_weight_g"),
            ("packing_group", "packing_group"),
            ("age_years", "age_years"),
            ("firework_category", "firework_category"),
            ("uk_responsible_person", "responsible_person_uk"),
            ("due_diligence_reference", "due_diligence_reference"),
            ("description", "description"),
        )
    },
    "goods.value": "tax_rate",
    "goods.unit_value": "tax_rate",
    "consignment.intrinsic_value": "tax_rate",
    "consignment.goods_net": "tax_rate",
    "consignment.dearest_unit": "tax_rate",
    "order.goods_net": "tax_rate",
}
FULL_CODE = 10


def needs_json(case: Case, needs: Iterable[tuple[str, ...]]) -> list[dict[str, object]]:
    """Each open question as the smallest sets of facts that would settle it, with where to give them."""
    found: list[dict[str, object]] = []
    for names in sorted(dict.fromkeys(needs)):
        where = dict.fromkeys(pointer for name in names for pointer in _pointers(case, name))
        found.append({"facts": list(names), "give": list(where)})
    return found


def _pointers(case: Case, name: str) -> list[str]:
    line = re.fullmatch(r"lines?\.([^.]+)\.(\w+)", name)
    if line:
        return [f"/lines/{number.index}/{line[2]}" for number in case.lines if number.id == line[1]]
    field = FIELDS.get(name)
    if field is None:
        return []
    if field.startswith("/"):
        return [field]
    lacking = [line for line in case.lines if _lacks(line, field)] or list(case.lines)
    return [f"/lines/{line.index}/{field}" for line in lacking]


def _lacks(line: Line, field: str) -> bool:
    if field == "hs_code":
        return line.product.hs_code is None or len(line.product.hs_code) < FULL_CODE
    if field == "origin":
        return line.product.origin is None
    return field == "tax_rate" and not line.net_known
