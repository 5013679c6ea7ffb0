"""VAT: its base at the sale or at import, the rate of each line, rounding and small amounts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from customs.landed.apportion import apportion, round_to
from customs.landed.figures import ZERO, Scenario, complete, minor_unit, rounded, waive
from customs.landed.values import AssessmentInput, AssessmentLine, Bounds, Undetermined

__all__ = ["tax", "total_between"]

ONE = Decimal(1)


def tax(case: AssessmentInput, result: Scenario, values: Sequence[int], minor: Decimal, high: bool) -> None:
    """Base, rate and amount of every line, after customs value, duty and charges are known."""
    if case.vat.method == "none":
        result.vat_base = result.vat_due = result.vat = [ZERO] * len(case.lines)
        return
    at_sale = case.vat.method == "at_sale"
    bases = _sale_bases(case, minor) if at_sale else _import_bases(case, result, values)
    percents = [_percent(line, result, high) for line in case.lines]
    rule = case.vat_base_rounding
    settled = rounded(bases, rule, minor, percents) if rule else bases
    amounts = [
        None if base is None or percent is None else base * percent.scaleb(-2)
        for base, percent in zip(settled, percents, strict=True)
    ]
    result.percents, result.vat_base = percents, settled
    result.vat_due = rounded(amounts, case.vat_rounding, minor, percents)
    result.vat = waive(result.vat_due, case.vat.waived_up_to)


def total_between(case: AssessmentInput, low: Scenario, high: Scenario, total: Bounds) -> Bounds:
    """The ends of the tax where it is open which lines share a flat duty, and their rates differ.

    Then the duty may fall on the lines of the lowest rate, or on those of the highest.
    """
    if not low.items_open or case.vat.method != "at_import":
        return total
    least = _due(low) - _moved(low, min)
    most = _due(high) + _moved(high, max)
    step, limit = minor_unit(case.currency), case.vat.waived_up_to
    below = max(ZERO, round_to(least, step, ROUND_FLOOR))
    above = round_to(most, step, ROUND_CEILING)
    if limit is not None:
        below, above = (ZERO if end <= limit else end for end in (below, above))
    return Bounds(min(total.low, below), max(total.high, above))


def _due(side: Scenario) -> Decimal:
    return sum((amount for amount in side.vat_due if amount is not None), ZERO)


def _moved(side: Scenario, extreme: Callable[..., Decimal]) -> Decimal:
    """How far the tax on the duty moves when all of it falls on the lines of the extreme rate."""
    percents, duty = complete(side.percents), complete(side.duty)
    if not percents or duty is None:
        return ZERO
    taxed = sum((amount * percent for amount, percent in zip(duty, percents, strict=True)), ZERO)
    return abs(sum(duty) * extreme(percents) - taxed).scaleb(-2)


def _percent(line: AssessmentLine, result: Scenario, high: bool) -> Decimal | None:
    percent = line.vat_percent
    if percent is None:
        result.gaps.append(Undetermined("vat", line.id, line.vat_needs or ("line.vat_percent",)))
        return None
    if isinstance(percent, Bounds):
        result.open |= percent.low != percent.high
        return percent.high if high else percent.low
    return percent


def _sale_bases(case: AssessmentInput, minor: Decimal) -> list[Decimal | None]:
    """Price of the goods plus delivery, shared by price: what the buyer pays the supplier.

    Import charges are in the base of import VAT only (Directive 2006/112/EC art. 73 and 86).
    """
    prices = [line.goods_value if line.sale_price is None else line.sale_price for line in case.lines]
    delivery = case.freight if case.delivery_price is None else case.delivery_price
    shares = apportion(delivery, prices, minor)
    return [price + share for price, share in zip(prices, shares, strict=True)]


def _import_bases(case: AssessmentInput, result: Scenario, values: Sequence[int]) -> list[Decimal | None]:
    """Customs value, duty, charges and the transport that is not in the customs value yet."""
    counted = {"cif": case.freight_share, "fob": ZERO, "to_door": ONE}[case.value_basis]
    rest = ONE - counted if case.vat.transport_in_base else ZERO
    uninsured = ONE if case.value_basis == "fob" and case.vat.transport_in_base else ZERO
    bases: list[Decimal | None] = []
    for line, worth, value, duty, extra, carried, covered in zip(
        case.lines,
        values,
        result.customs_value,
        result.duty,
        result.charge_shares,
        result.freight,
        result.insurance,
        strict=True,
    ):
        if worth == 0 and line.vat_percent != 0:
            # Goods that cost nothing are imported at the value they have (UCC art. 74, VAT Directive art. 85).
            bases.append(None)
            result.gaps.append(Undetermined("vat", line.id, (f"line.{line.id}.customs_value",)))
        elif value is None or duty is None or extra is None or carried is None or covered is None:
            bases.append(None)
            result.gaps.append(Undetermined("vat", line.id, ()))
        else:
            bases.append(value + duty + extra + carried * rest + covered * uninsured)
    return bases
