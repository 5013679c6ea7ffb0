"""Landed cost: customs value, duty, VAT and charges from resolved inputs, and net prices."""

from customs.landed.apportion import apportion, round_to
from customs.landed.assess import assess
from customs.landed.items import count_items
from customs.landed.values import (
    Assessment,
    AssessmentInput,
    AssessmentLine,
    Bounds,
    Charge,
    ChargeResult,
    Duty,
    LineResult,
    Rounding,
    Step,
    Undetermined,
    Vat,
)

__all__ = [
    "Assessment",
    "AssessmentInput",
    "AssessmentLine",
    "Bounds",
    "Charge",
    "ChargeResult",
    "Duty",
    "LineResult",
    "Rounding",
    "Step",
    "Undetermined",
    "Vat",
    "apportion",
    "assess",
    "count_items",
    "round_to",
]
