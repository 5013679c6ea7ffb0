"""Fees and levies: counted by unit, with a percentage, within bounds; and their part in the VAT base."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from customs.landed.apportion import split
from customs.landed.figures import ZERO, Levied, Scenario, complete
from customs.landed.items import count_items
from customs.landed.values import AssessmentInput, Charge, Undetermined

__all__ = ["levy"]


def levy(case: AssessmentInput, result: Scenario, values: Sequence[int], minor: Decimal, high: bool) -> None:
    """Every charge, after the duty is known; those in the VAT base are shared by goods value."""
    in_base: list[Decimal | None] = [ZERO] * len(values)
    for charge in case.charges:
        levied = _levied(case, charge, result, values, minor, high)
        result.charges.append(levied)
        if not charge.in_vat_base:
            continue
        if levied.amount is None:
            in_base = [None] * len(in_base)
        else:
            parts = split(int(levied.amount / minor), values)
            in_base = [
                None if old is None else old + part * minor for old, part in zip(in_base, parts, strict=True)
            ]
    result.charge_shares = in_base


def _levied(
    case: AssessmentInput,
    charge: Charge,
    result: Scenario,
    values: Sequence[int],
    minor: Decimal,
    high: bool,
) -> Levied:
    count = _units(case, charge, result, high)
    if count is None:
        result.gaps.append(Undetermined(f"charge {charge.code}", None, ("consignment.parcels",)))
        return Levied(None, None)
    amount = count * charge.amount
    if charge.percent is None:
        if count:
            amount = _bounded(charge, amount)
        return Levied(count, amount.quantize(minor, ROUND_HALF_UP))
    base = _base(case, charge, result, values, minor)
    if base is None:
        needs = dict.fromkeys(need for gap in result.gaps if gap.what == "duty" for need in gap.needs)
        result.gaps.append(Undetermined(f"charge {charge.code}", None, tuple(needs)))
        return Levied(count, None)
    share = base * charge.percent.scaleb(-2)
    amount = _bounded(charge, amount + share)
    return Levied(count, amount.quantize(minor, ROUND_HALF_UP), base, share)


def _bounded(charge: Charge, amount: Decimal) -> Decimal:
    if charge.minimum is not None:
        amount = max(amount, charge.minimum)
    return amount if charge.maximum is None else min(amount, charge.maximum)


def _base(
    case: AssessmentInput, charge: Charge, result: Scenario, values: Sequence[int], minor: Decimal
) -> Decimal | None:
    """The value a percentage is of; None where the duty it counts is unknown."""
    base = sum(values) * minor
    if charge.percent_of != "goods":
        base += case.freight + case.insurance
    if charge.percent_of != "goods_freight_duty":
        return base
    duty = complete(result.duty)
    return None if duty is None else base + sum(duty)


def _units(case: AssessmentInput, charge: Charge, result: Scenario, high: bool) -> Decimal | None:
    """The units that cost something; None where nobody knows how many there are."""
    if charge.unit == "item":
        few, most = (max(0, count - charge.free_units) for count in count_items(case.lines, charge.digits))
        result.open |= few != most
        return Decimal(most if high else few)
    if charge.unit == "parcel":
        return None if case.parcels is None else Decimal(max(0, case.parcels - charge.free_units))
    return Decimal(max(0, (len(case.lines) if charge.unit == "line" else 1) - charge.free_units))
