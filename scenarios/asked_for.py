"""Where in a question about the law a missing fact is to be given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from engine.case import Case

__all__ = ["needs_of"]

# fact -> field of the question, or (without a leading slash) of its lines
FIELDS: Mapping[str, str] = {
    "seller.eu_distance_sales": "/eu_distance_sales_eur",
    "seller.registrations": "/seller/registrations",
    "seller.vat_countries": "/seller/vat_registrations",
    "seller.registered_at_arrival": "/seller/vat_registrations",
    "seller.registered_at_dispatch": "/seller/vat_registrations",
    "seller.established_in": "/seller/establishments",
    "buyer.vat_number_status": "/buyer/vat_number",
    "buyer.vat_number_country": "/buyer/vat_number",
    "buyer.kind": "/buyer/kind",
    "arrival.territory": "/ship_to/postcode",
    "arrival.place": "/ship_to/postcode",
    "dispatch.territory": "/ship_from/postcode",
    "declaration.acceptance": "/declared_on",
    "chargeable.event": "/paid_on",
    "payment.accepted": "/paid_on",
    "service.features": "/route/network",
    "service.transport": "/route/transport",
    "option.parcels": "/parcels",
    "consignment.parcels": "/parcels",
    "customs.preference_claimed": "/preference_claimed",
    "customs.at_risk_of_eu": "/at_risk_of_eu",
    "customs.excise_registered": "/excise_registered_in",
    "goods.hs_code": "hs_code",
    "line.hs_code": "hs_code",
    "goods.origin": "origin",
    "line.origin": "origin",
    "origin": "origin",
    "goods.unit_weight": "weight_g",
    "goods.line_weight": "weight_g",
    "quantity.kg": "weight_g",
    "line.gross_weight_g": "gross_weight_g",
    "quantity.kg_gross": "gross_weight_g",
    "quantity.hl": "volume_ml",
    "quantity.percent_vol": "percent_vol",
    "goods.alcohol_percent": "percent_vol",
    "goods.volume": "volume_ml",
    "goods.classes": "classes",
    "goods.description": "description",
}


def needs_of(case: Case, needs: Iterable[tuple[str, ...]], single: bool) -> list[dict[str, object]]:
    """Each open question as the smallest sets of facts that would settle it, with where to give them.

    ``single``: the question has no lines.
    """
    found: list[dict[str, object]] = []
    for names in sorted(dict.fromkeys(needs)):
        where = dict.fromkeys(pointer for name in names for pointer in _pointers(case, name, single))
        found.append({"facts": list(names), "give": list(where)})
    return found


def _pointers(case: Case, name: str, single: bool) -> list[str]:
    line = re.fullmatch(r"lines?\.([^.]+)\.(\w+)", name)
    if line:
        return [f"/lines/{each.index}/{line[2]}" for each in case.lines if each.id == line[1] and not single]
    field = FIELDS.get(name)
    if field is None:
        return []
    if field.startswith("/"):
        return [] if single and field.startswith("/route/") else [field]
    return [] if single else [f"/lines/{each.index}/{field}" for each in case.lines]
