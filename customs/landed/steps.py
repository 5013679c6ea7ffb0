"""The steps of an assessment, written down from its figures when somebody asks for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import chain

from customs.landed.figures import ZERO, Levied, Scenario
from customs.landed.values import AssessmentInput, Bounds, Charge, Rounding, Step, exactly

__all__ = ["explain"]

NOTHING = Bounds.of(ZERO)
SHARE_OF = {
    "goods": "share of goods",
    "goods_freight": "share of goods and freight",
    "goods_freight_duty": "share of goods, freight and duty",
}


def explain(case: AssessmentInput, low: Scenario, high: Scenario) -> tuple[Step, ...]:
    """Both sides joined by name and line; a step only one side has (a waiver) is kept as that side's."""
    parts = _parts(case, low)
    if high is not low:
        parts = map(_both, parts, _parts(case, high))
    return tuple(chain.from_iterable(parts))


def _parts(case: AssessmentInput, side: Scenario) -> Iterable[Sequence[Step]]:
    """The steps of the customs value, the duty, each charge and the VAT, in this order."""
    values = exactly(side.customs_value)
    return (
        _customs_value(case, values),
        _duty(case, side, values),
        *map(_charge, case.charges, side.charges),
        _vat(case, side),
    )


def _both(ours: Sequence[Step], others: Sequence[Step]) -> list[Step]:
    theirs = {(step.name, step.line): step for step in others}
    joined = [_joined(step, theirs.pop((step.name, step.line), step)) for step in ours]
    return [*joined, *theirs.values()]


def _joined(one: Step, two: Step) -> Step:
    base = None if one.base is None or two.base is None else _span(one.base, two.base)
    rate = one.rate if one.rate == two.rate else f"{one.rate} to {two.rate}"
    return one._replace(base=base, rate=rate, amount=_span(one.amount, two.amount))


def _span(one: Bounds, two: Bounds) -> Bounds:
    return Bounds(min(one.low, two.low), max(one.high, two.high))


def _rounding(rule: Rounding | None) -> str:
    return "" if rule is None else f"{rule.mode} per {rule.level}"


def _customs_value(case: AssessmentInput, values: Sequence[Bounds | None]) -> list[Step]:
    share = {"cif": case.freight_share, "fob": ZERO, "to_door": Decimal(1)}[case.value_basis]
    formula = f"goods value + {share} x freight + insurance" if share else "goods value"
    basis, rounding = case.value_basis, _rounding(case.customs_value_rounding)
    priced = exactly([line.goods_value for line in case.lines])
    return [
        Step("customs_value", formula, goods, basis, value, "", rounding, line.id)
        for line, goods, value in zip(case.lines, priced, values, strict=True)
        if value is not None
    ]


def _duty(case: AssessmentInput, side: Scenario, values: Sequence[Bounds | None]) -> list[Step]:
    duty = case.duty
    if duty.method in ("none", "relief"):
        return [Step("duty", duty.method, None, "", NOTHING, duty.source)]
    if duty.method == "flat_per_item":
        text = f"{duty.amount} {case.currency} per item of {duty.digits} digits"
        count, amount = Bounds.of(side.items), Bounds.of(side.items * duty.amount)
        found = [Step("duty", "items x amount", count, text, amount, duty.source)]
    else:
        formula, source, rounding = "customs value x rate", duty.source, _rounding(case.duty_rounding)
        columns = zip(case.lines, values, side.rates, exactly(side.duty_due), strict=True)
        found = [
            Step("duty", formula, base, str(rate), due, line.rate_source or source, rounding, line.id)
            for line, base, rate, due in columns
            if due is not None
        ]
    if side.duty is not side.duty_due:
        found.append(_waived("duty_waived", duty.waived_up_to, side.duty_due, duty.source))
    return found


def _waived(name: str, limit: Decimal | None, due: Sequence[Decimal | None], source: str) -> Step:
    total = sum((amount for amount in due if amount is not None), ZERO)
    return Step(name, f"total up to {limit} is not collected", Bounds.of(total), "", NOTHING, source)


def _charge(charge: Charge, levied: Levied) -> list[Step]:
    count, amount = levied.count, levied.amount
    if count is None or amount is None:
        return []
    beyond = f" beyond {charge.free_units}" if charge.free_units else ""
    formula, source = f"{charge.unit} count{beyond} x amount", charge.source
    whole = charge.percent is None and charge.minimum is None and charge.maximum is None
    fixed = Bounds.of(amount if whole else count * charge.amount)
    found = [Step("charge", formula, Bounds.of(count), charge.code, fixed, source)]
    if levied.base is not None and levied.share is not None:
        of, rate, base = SHARE_OF[charge.percent_of], f"{charge.percent:f}%", Bounds.of(levied.base)
        found.append(Step("charge_share", of, base, rate, Bounds.of(levied.share), source))
    if not whole:
        formula = "amount + share, within bounds"
        found.append(Step("charge_total", formula, None, charge.code, Bounds.of(amount), source))
    return found


def _vat(case: AssessmentInput, side: Scenario) -> list[Step]:
    vat = case.vat
    if vat.method == "none":
        return [Step("vat", "none", None, "", NOTHING, vat.source)]
    text = "price" if vat.method == "at_sale" else "customs value + duty + charges + transport"
    of_base, rounding = _rounding(case.vat_base_rounding), _rounding(case.vat_rounding)
    found = []
    columns = zip(case.lines, exactly(side.vat_base), side.percents, exactly(side.vat_due), strict=True)
    for line, base, percent, due in columns:
        if base is not None:
            found.append(Step("vat_base", text, None, "", base, vat.source, of_base, line.id))
        if due is not None:
            source = line.vat_source or vat.source
            found.append(Step("vat", "base x rate", base, f"{percent}%", due, source, rounding, line.id))
    if side.vat is not side.vat_due:
        found.append(_waived("vat_waived", vat.waived_up_to, side.vat_due, vat.source))
    return found
