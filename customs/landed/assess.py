"""Customs value, duty, VAT and charges of one consignment, from resolved inputs.

Knows no country and no rule: thresholds, bases, methods and rates are handed in.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from customs.landed.checks import checked
from customs.landed.details import Worked, span
from customs.landed.figures import ZERO, Scenario, Shares, complete, minor_unit
from customs.landed.scenario import run
from customs.landed.tax import total_between
from customs.landed.values import (
    Assessment,
    AssessmentInput,
    Bounds,
    ChargeResult,
    Undetermined,
)

__all__ = ["assess"]


def assess(case: AssessmentInput) -> Assessment:
    """The assessment of a consignment, in its currency.

    Amounts are exact, or intervals where a rate or an item count is open, or
    None with a reason in ``cannot_determine`` where something is missing.
    Goods of value zero bear no percentage that could be right: their value is
    asked for. Raises InputError as `customs.landed.checks` says.
    """
    values = checked(case)
    low = run(case, values, high=False)
    high = run(case, values, high=True) if low.open else low
    minor = minor_unit(case.currency)
    vat = _total(low.vat, high.vat, minor)
    if vat is not None and low.items_open:
        vat = total_between(case, low, high, vat)
    return Assessment(
        case.currency,
        _total(low.customs_value, high.customs_value, minor),
        _total(low.duty, high.duty, minor),
        _total(low.vat_base, high.vat_base, minor),
        vat,
        _charges(case, low, high),
        _gaps(low, high) if low.gaps or high.gaps else (),
        Worked(case, low, high),
    )


def _total(low: Shares, high: Shares, minor: Decimal) -> Bounds | None:
    """The total, rounded once, between its two ends; None where a share is unknown."""
    below = complete(low)
    if below is None:
        return None
    least = sum(below, ZERO).quantize(minor, ROUND_HALF_UP)
    if high is low:
        return Bounds(least, least)
    above = complete(high)
    return None if above is None else span(least, sum(above, ZERO).quantize(minor, ROUND_HALF_UP))


def _charges(case: AssessmentInput, low: Scenario, high: Scenario) -> tuple[ChargeResult, ...]:
    return tuple(
        ChargeResult(charge.code, span(a.amount, b.amount), charge.payer, charge.in_vat_base)
        for charge, a, b in zip(case.charges, low.charges, high.charges, strict=True)
    )


def _gaps(low: Scenario, high: Scenario) -> tuple[Undetermined, ...]:
    """Each gap once. A VAT gap that only follows from another gap names that one's needs."""
    found = list(dict.fromkeys([*low.gaps, *high.gaps]))
    root = tuple(dict.fromkeys(need for gap in found for need in gap.needs))
    settled = []
    for gap in found:
        own = tuple(dict.fromkeys(n for g in found if g.line == gap.line for n in g.needs))
        settled.append(gap if gap.needs else Undetermined(gap.what, gap.line, own or root))
    return tuple(dict.fromkeys(settled))
