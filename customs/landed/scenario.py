"""One pass of the arithmetic, with every open question settled to one side.

``assess`` runs it once for the low side and, where anything was open, once for
the high side. Inside, amounts are exact decimals; each figure is rounded once,
where its own rounding rule says.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from customs.landed.apportion import apportion, split
from customs.landed.charges import levy
from customs.landed.figures import ZERO, Scenario, Shares, minor_unit, rounded, waive
from customs.landed.items import assign_items, count_items
from customs.landed.tax import tax
from customs.landed.values import AssessmentInput, AssessmentLine, Undetermined
from customs.tariff import Free, Missing, RateExpression

__all__ = ["run"]

ONE = Decimal(1)


def run(case: AssessmentInput, values: Sequence[int], *, high: bool) -> Scenario:
    """All figures with open questions settled low or high. ``values``: goods values in minor units."""
    result = Scenario()
    minor = minor_unit(case.currency)
    result.freight = _spread(case, values, case.freight, minor, result, "freight")
    result.insurance = _spread(case, values, case.insurance, minor, result, "insurance")
    _customs_value(case, result, minor)
    _duty(case, result, minor, high)
    levy(case, result, values, minor, high)
    tax(case, result, values, minor, high)
    return result


def _spread(
    case: AssessmentInput, values: Sequence[int], total: Decimal, minor: Decimal, result: Scenario, what: str
) -> Shares:
    """An amount over the lines by the freight key; by weight every gross weight must be known."""
    if not total:
        return [ZERO] * len(values)
    weights = values
    if case.freight_key == "weight":
        lacking = [line.id for line in case.lines if line.gross_weight_g is None]
        if lacking:
            result.gaps += [Undetermined(what, name, ("line.gross_weight_g",)) for name in lacking]
            return [None] * len(values)
        weights = [line.gross_weight_g or 0 for line in case.lines]
    return [count * minor for count in split(int(total / minor), weights)]


def _customs_value(case: AssessmentInput, result: Scenario, minor: Decimal) -> None:
    share = {"cif": case.freight_share, "fob": ZERO, "to_door": ONE}[case.value_basis]
    insured = ZERO if case.value_basis == "fob" else ONE
    values: list[Decimal | None] = []
    for line, carried, covered in zip(case.lines, result.freight, result.insurance, strict=True):
        if not share and not insured:
            values.append(line.goods_value)
        elif carried is None or covered is None:
            values.append(None)
        else:
            values.append(line.goods_value + carried * share + covered * insured)
    rule = case.customs_value_rounding
    result.customs_value = rounded(values, rule, minor, [None] * len(values)) if rule else values


def _duty(case: AssessmentInput, result: Scenario, minor: Decimal, high: bool) -> None:
    duty = case.duty
    if duty.method in ("none", "relief"):
        result.duty_due = result.duty = [ZERO] * len(case.lines)
        return
    if duty.method == "flat_per_item":
        result.duty_due = _flat(case, result, minor, high)
    else:
        amounts: list[Decimal | None] = []
        rates: list[RateExpression | None] = []
        for line, value in zip(case.lines, result.customs_value, strict=True):
            amount, rate = _line_duty(case, result, line, value, high)
            amounts.append(amount)
            rates.append(rate)
        result.rates = rates
        rule = case.duty_rounding
        groups = [str(rate or "") for rate in rates] if rule.level == "rate_group" else ()
        result.duty_due = rounded(amounts, rule, minor, groups)
    result.duty = waive(result.duty_due, duty.waived_up_to)


def _line_duty(
    case: AssessmentInput, result: Scenario, line: AssessmentLine, value: Decimal | None, high: bool
) -> tuple[Decimal | None, RateExpression | None]:
    """The lowest or highest duty among the rates the line may bear, unrounded, and that rate."""
    needs = _open_value(line, value)
    if value is not None and not needs:
        quantities = _quantities(line)
        found = [
            rate.duty(value, quantities, currency=case.currency, convert=case.convert) for rate in line.rates
        ]
        first = found[0]
        if len(found) == 1 and isinstance(first, Decimal):
            return first, line.rates[0]
        lacking = Missing.union(found)
        if lacking is None:
            settled = [amount for amount in found if isinstance(amount, Decimal)]
            result.open |= len(set(settled)) > 1
            amount = (max if high else min)(settled)
            return amount, line.rates[settled.index(amount)]
        needs = lacking.needs
    result.gaps.append(Undetermined("duty", line.id, needs))
    return None, None


def _open_value(line: AssessmentLine, value: Decimal | None) -> tuple[str, ...]:
    """What is missing before any rate can be applied."""
    if not line.rates:
        return line.rate_needs or ("line.hs_code",)
    if value is None:
        return ("line.customs_value",)
    if not line.goods_value and not all(isinstance(rate, Free) for rate in line.rates):
        return (f"line.{line.id}.customs_value",)
    return ()


def _quantities(line: AssessmentLine) -> dict[str, Decimal]:
    if not line.quantities:
        for rate in line.rates:
            if not rate.is_ad_valorem:
                break
        else:
            return {}
    quantities = {"pieces": Decimal(line.quantity), **line.quantities}
    if line.net_weight_g is not None:
        quantities.setdefault("kg", Decimal(line.net_weight_g).scaleb(-3))
    if line.gross_weight_g is not None:
        quantities.setdefault("kg_gross", Decimal(line.gross_weight_g).scaleb(-3))
    return quantities


def _flat(case: AssessmentInput, result: Scenario, minor: Decimal, high: bool) -> Shares:
    """The flat amount of each item, shared by its lines in proportion to their value."""
    duty = case.duty
    few, most = count_items(case.lines, duty.digits)
    result.items_open = few != most
    result.open |= result.items_open
    items = assign_items(case.lines, duty.digits, fewest=not high)
    shares: list[Decimal | None] = [ZERO] * len(case.lines)
    for item in dict.fromkeys(items):
        members = [index for index, name in enumerate(items) if name == item]
        parts = apportion(duty.amount, [case.lines[i].goods_value for i in members], minor)
        for index, part in zip(members, parts, strict=True):
            shares[index] = part
    result.items = Decimal(len(set(items)))
    return shares
