"""The steps of an assessment, written down from its figures when somebody asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from customs.landed.figures import ZERO, Levied, Scenario
from customs.landed.values import AssessmentInput, Bounds, Charge, Rounding, Step

__all__ = ["explain"]

NOTHING = Bounds.of(ZERO)
SHARE_OF = {
    "goods": "share of goods",
    "goods_freight": "share of goods and freight",
    "goods_freight_duty": "share of goods, freight and duty",
}


Steps = dict[tuple[str, str | None, int], Step]
"""By name, line and number (which tells charges apart), in the order of the computation."""


def explain(case: AssessmentInput, low: Scenario, high: Scenario) -> tuple[Step, ...]:
    """Both sides joined by name and line; a step only one side has (a waiver) is kept as that side's."""
    ours = _steps(case, low)
    if high is low:
        return tuple(ours.values())
    others = _steps(case, high)
    joined = [_joined(one, others.pop(key, one)) for key, one in ours.items()]
    return (*joined, *others.values())


def _joined(one: Step, two: Step) -> Step:
    base = None if one.base is None or two.base is None else _span(one.base, two.base)
    rate = one.rate if one.rate == two.rate else f"{one.rate} to {two.rate}"
    return one._replace(base=base, rate=rate, amount=_span(one.amount, two.amount))


def _span(one: Bounds, two: Bounds) -> Bounds:
    return Bounds(min(one.low, two.low), max(one.high, two.high))


def mark(
    found: Steps,
    name: str,
    formula: str,
    base: Bounds | None,
    rate: str,
    amount: Bounds,
    source: str,
    rounding: str = "",
    line: str | None = None,
    number: int = 0,
) -> None:
    found[name, line, number] = Step(name, formula, base, rate, amount, source, rounding, line)


def _rounding(rule: Rounding | None) -> str:
    return "" if rule is None else f"{rule.mode} per {rule.level}"


def _steps(case: AssessmentInput, side: Scenario) -> Steps:
    found: Steps = {}
    values = [None if value is None else Bounds(value, value) for value in side.customs_value]
    _customs_value(found, case, values)
    _duty(found, case, side, values)
    for number, (charge, levied) in enumerate(zip(case.charges, side.charges, strict=True)):
        if levied.count is not None and levied.amount is not None:
            _charge(found, charge, levied, levied.count, levied.amount, number)
    _vat(found, case, side)
    return found


def _customs_value(found: Steps, case: AssessmentInput, values: Sequence[Bounds | None]) -> None:
    share = {"cif": case.freight_share, "fob": ZERO, "to_door": Decimal(1)}[case.value_basis]
    formula = f"goods value + {share} x freight + insurance" if share else "goods value"
    rounding = _rounding(case.customs_value_rounding)
    for line, value in zip(case.lines, values, strict=True):
        if value is not None:
            goods = Bounds(line.goods_value, line.goods_value)
            mark(found, "customs_value", formula, goods, case.value_basis, value, "", rounding, line.id)


def _duty(found: Steps, case: AssessmentInput, side: Scenario, values: Sequence[Bounds | None]) -> None:
    duty, rounding = case.duty, _rounding(case.duty_rounding)
    if duty.method in ("none", "relief"):
        mark(found, "duty", duty.method, None, "", NOTHING, duty.source)
        return
    if duty.method == "flat_per_item":
        text = f"{duty.amount} {case.currency} per item of {duty.digits} digits"
        count, amount = Bounds.of(side.items), Bounds.of(side.items * duty.amount)
        mark(found, "duty", "items x amount", count, text, amount, duty.source)
    else:
        columns = zip(case.lines, values, side.rates, side.duty_due, strict=True)
        for line, value, rate, due in columns:
            if due is not None:
                source, amount = line.rate_source or duty.source, Bounds(due, due)
                text = str(rate)
                mark(found, "duty", "customs value x rate", value, text, amount, source, rounding, line.id)
    if side.duty is not side.duty_due:
        formula = f"total up to {duty.waived_up_to} is not collected"
        mark(found, "duty_waived", formula, _total(side.duty_due), "", NOTHING, duty.source)


def _charge(
    found: Steps, charge: Charge, levied: Levied, count: Decimal, amount: Decimal, number: int
) -> None:
    beyond = f" beyond {charge.free_units}" if charge.free_units else ""
    formula, source = f"{charge.unit} count{beyond} x amount", charge.source
    whole = charge.percent is None and charge.minimum is None and charge.maximum is None
    fixed = Bounds.of(amount if whole else count * charge.amount)
    mark(found, "charge", formula, Bounds.of(count), charge.code, fixed, source, number=number)
    if levied.base is not None and levied.share is not None:
        of, rate, base = SHARE_OF[charge.percent_of], f"{charge.percent:f}%", Bounds.of(levied.base)
        mark(found, "charge_share", of, base, rate, Bounds.of(levied.share), source, number=number)
    if not whole:
        formula = "amount + share, within bounds"
        mark(found, "charge_total", formula, None, charge.code, Bounds.of(amount), source, number=number)


def _vat(found: Steps, case: AssessmentInput, side: Scenario) -> None:
    vat = case.vat
    if vat.method == "none":
        mark(found, "vat", "none", None, "", NOTHING, vat.source)
        return
    text = "price" if vat.method == "at_sale" else "customs value + duty + charges + transport"
    of_base, rounding = _rounding(case.vat_base_rounding), _rounding(case.vat_rounding)
    columns = zip(case.lines, side.vat_base, side.percents, side.vat_due, strict=True)
    for line, base, percent, due in columns:
        counted = None if base is None else Bounds(base, base)
        if counted is not None:
            mark(found, "vat_base", text, None, "", counted, vat.source, of_base, line.id)
        if due is not None:
            source, amount = line.vat_source or vat.source, Bounds(due, due)
            mark(found, "vat", "base x rate", counted, f"{percent}%", amount, source, rounding, line.id)
    if side.vat is not side.vat_due:
        formula = f"total up to {vat.waived_up_to} is not collected"
        mark(found, "vat_waived", formula, _total(side.vat_due), "", NOTHING, vat.source)


def _total(amounts: Sequence[Decimal | None]) -> Bounds:
    return Bounds.of(sum((amount for amount in amounts if amount is not None), ZERO))
