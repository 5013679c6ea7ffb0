"""Customs value, duty, VAT and charges of one consignment, from resolved inputs.

Knows no country and no rule: thresholds, bases, methods and rates are handed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from customs.landed.apportion import round_shares
from customs.landed.figures import Mark, Scenario, Shares
from customs.landed.scenario import run
from customs.landed.values import (
    Assessment,
    AssessmentInput,
    Bounds,
    ChargeResult,
    LineResult,
    Step,
    Undetermined,
)
from domain import InputError
from domain.money import minor_digits

__all__ = ["assess"]


def assess(case: AssessmentInput) -> Assessment:
    """The assessment of a consignment, in its currency.

    Amounts are exact, or intervals where a rate or an item count is open, or
    None with a reason in ``cannot_determine`` where something is missing.
    Raises InputError for no lines, double ids, negative amounts, a share
    outside 0 to 1 and amounts finer than the minor unit.
    """
    _check(case)
    low = run(case, high=False)
    high = run(case, high=True) if low.open else low
    minor = Decimal(1).scaleb(-minor_digits(case.currency))
    figures = {}
    for name in _FIELD:
        shown = _shown(getattr(low, name), minor)
        figures[name] = (shown, shown if high is low else _shown(getattr(high, name), minor))
    lines = tuple(
        LineResult(line.id, **{_FIELD[name]: _pair(a[i], b[i]) for name, (a, b) in figures.items()})
        for i, line in enumerate(case.lines)
    )
    totals = {name: _sum(*pair) for name, pair in figures.items()}
    charges = tuple(
        ChargeResult(charge.code, _pair(a, b), charge.payer, charge.in_vat_base)
        for charge, a, b in zip(case.charges, low.charges, high.charges, strict=True)
    )
    return Assessment(
        case.currency,
        totals["customs_value"],
        totals["duty"],
        totals["vat_base"],
        totals["vat"],
        charges,
        lines,
        _steps(low.marks, high.marks),
        _gaps(low, high),
    )


_FIELD = {
    "customs_value": "customs_value",
    "duty": "duty",
    "vat_base": "vat_base",
    "vat": "vat",
    "charge_shares": "charges",
}


def _check(case: AssessmentInput) -> None:
    minor = minor_digits(case.currency)
    if not case.lines:
        raise InputError("a consignment without lines cannot be assessed", code="landed.no_lines")
    ids = [line.id for line in case.lines]
    if len(set(ids)) != len(ids):
        raise InputError(
            "line ids are not unique", code="landed.double_line", cure="give each line its own id"
        )
    if not 0 <= case.freight_share <= 1:
        raise InputError(
            f"freight share {case.freight_share} is not between 0 and 1", code="landed.bad_share"
        )
    named = [("freight", case.freight), ("insurance", case.insurance), ("flat duty", case.duty.amount)]
    named += [("delivery price", case.delivery_price)] if case.delivery_price is not None else []
    named += [(f"charge {charge.code}", charge.amount) for charge in case.charges]
    named += [(f"goods value of line {line.id}", line.goods_value) for line in case.lines]
    named += [
        (f"sale price of line {line.id}", line.sale_price)
        for line in case.lines
        if line.sale_price is not None
    ]
    for name, amount in named:
        if amount < 0:
            raise InputError(f"{name} is negative: {amount}", code="landed.negative_amount")
        if amount != round(amount, minor):
            raise InputError(
                f"{name} {amount} has more decimals than {case.currency} allows ({minor})",
                code="landed.too_precise",
                cure="round it by the order's own rule first",
            )


def _shown(amounts: Shares, minor: Decimal) -> Shares:
    """Amounts as shown: to the minor unit, adding up to the rounded total where all are known."""
    known = [amount for amount in amounts if amount is not None]
    if all(amount == amount.quantize(minor) for amount in known):
        return tuple(None if amount is None else amount.quantize(minor) for amount in amounts)
    rounded = iter(round_shares(known, [None] * len(known), minor, ROUND_HALF_UP))
    return tuple(None if amount is None else next(rounded) for amount in amounts)


def _pair(low: Decimal | None, high: Decimal | None) -> Bounds | None:
    return None if low is None or high is None else Bounds(min(low, high), max(low, high))


def _sum(low: Shares, high: Shares) -> Bounds | None:
    if None in low or None in high:
        return None
    return _pair(
        sum((a for a in low if a is not None), Decimal(0)),
        sum((b for b in high if b is not None), Decimal(0)),
    )


def _steps(low: Sequence[Mark], high: Sequence[Mark]) -> tuple[Step, ...]:
    """Both sides joined by name and line; a step only one side has (a waiver) is kept as that side's."""
    others = {_key(mark): mark for mark in high}
    pairs = [(mark, others.pop(_key(mark), mark)) for mark in low]
    pairs += [(mark, mark) for mark in others.values()]
    return tuple(
        Step(
            one.name,
            one.formula,
            _pair(one.base, two.base),
            one.rate if one.rate == two.rate else f"{one.rate} to {two.rate}",
            Bounds(min(one.amount, two.amount), max(one.amount, two.amount)),
            one.source,
            one.rounding,
            one.line,
        )
        for one, two in pairs
    )


def _key(mark: Mark) -> tuple[str, str | None, str]:
    return (mark.name, mark.line, mark.rate if mark.name == "charge" else "")


def _gaps(low: Scenario, high: Scenario) -> tuple[Undetermined, ...]:
    """Each gap once. A VAT gap that only follows from another gap names that one's needs."""
    found = list(dict.fromkeys([*low.gaps, *high.gaps]))
    root = tuple(dict.fromkeys(need for gap in found for need in gap.needs))
    settled = []
    for gap in found:
        own = tuple(dict.fromkeys(n for g in found if g.line == gap.line for n in g.needs))
        settled.append(gap if gap.needs else Undetermined(gap.what, gap.line, own or root))
    return tuple(dict.fromkeys(settled))
