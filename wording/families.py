"""Which family of codes words the outcome of a decision, or the value of a fact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["FACT_FAMILIES", "OUTCOME_FAMILIES", "family_of"]

OUTCOME_FAMILIES: Final[Mapping[str, str | Mapping[str, str]]] = {
    "compliance.goods": {"code": "restriction", "effect": "effect"},
    "customs.charges": {"code": "cost", "unit": "unit", "payer": "payer"},
    "customs.clearance_fees": {"code": "cost", "unit": "unit", "payer": "payer"},
    "customs.corridor": "corridor",
    "customs.documents": {"code": "document", "side": "side"},
    "customs.duty_method": "duty_method",
    "customs.export_declaration": "export_declaration",
    "customs.not_collected": {"tax": "tax"},
    "customs.postal_form": "postal_form",
    "customs.routes": {"declaration": "declaration", "vat": "vat_route", "incoterm": "incoterm"},
    "customs.value_basis": "value_basis",
    "delivery.required": "mode",
    "offers.incoterm": "incoterm",
    "preparation.method": "method",
    "preparation.steps": {"code": "step"},
    "vat.arrival_treatment": "treatment",
    "vat.charged_by": "charged_by",
    "vat.dispatch_treatment": "treatment",
    "vat.rate_of": "rate_of",
    "vat.scheme": "scheme",
}
"""By decision: the family of an enum, or of each coded field of a record. All else is an ``outcome``."""

FACT_FAMILIES: Final[Mapping[str, str]] = {
    "arrival.kind": "arrival",
    "dispatch.location_kind": "kind",
    "order.mode_wish": "mode",
    "order.speed_wish": "speed",
    "route.declaration": "declaration",
    "route.incoterm": "incoterm",
    "route.vat": "vat_route",
    "sale.kind": "sale",
    "service.mode": "mode",
    "service.speed": "speed",
    **{name: family for name, family in OUTCOME_FAMILIES.items() if isinstance(family, str)},
}


def family_of(decision: str, field: str | None = None) -> str:
    """The family that words an outcome of a decision, or a field of its record."""
    found = OUTCOME_FAMILIES.get(decision, "outcome")
    if isinstance(found, str):
        return found
    return found.get(field or "", "outcome")
