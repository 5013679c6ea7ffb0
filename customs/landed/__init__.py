"""Landed cost: customs value, duty, VAT and charges from resolved inputs, and net prices."""

from customs.landed.apportion import apportion, round_to
from customs.landed.assess import assess
from customs.landed.items import count_items
from customs.landed.prices import (
    SoldLine,
    apportion_discount,
    goods_values,
    intrinsic_value,
    net_of,
    tax_in,
    with_freight,
)
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
    "SoldLine",
    "Step",
    "Undetermined",
    "Vat",
    "apportion",
    "apportion_discount",
    "assess",
    "count_items",
    "goods_values",
    "intrinsic_value",
    "net_of",
    "round_to",
    "tax_in",
    "with_freight",
]
