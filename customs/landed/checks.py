"""What an assessment refuses: nonsense is named with its place before anything is computed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from customs.landed.values import AssessmentInput, Charge
from domain import InputError
from domain.money import minor_digits

__all__ = ["checked"]

NOTHING = Decimal(0)
MOST = Decimal(10) ** 15
"""Amounts from here on are typing errors, and would leave too few digits for exact fractions."""


def checked(case: AssessmentInput) -> list[int]:
    """The goods values in minor units, once everything about the case is in order.

    Raises InputError for no lines, double ids, a share outside 0 to 1, quantities below one,
    and amounts that are negative, not finite, too large or finer than the minor unit.
    """
    if not case.lines:
        raise InputError(
            "a consignment without lines cannot be assessed", code="landed.no_lines", cure="give a line"
        )
    if len({line.id for line in case.lines}) != len(case.lines):
        raise InputError(
            "line ids are not unique", code="landed.double_line", cure="give each line its own id"
        )
    if not (case.freight_share.is_finite() and 0 <= case.freight_share <= 1):
        raise InputError(
            f"freight share {case.freight_share} is not between 0 and 1",
            code="landed.bad_share",
            cure="0.25 means that a quarter of the freight is in the customs value",
        )
    digits = minor_digits(case.currency)
    for name, amount in _amounts(case):
        _minor(name, amount, digits, case.currency)
    for charge in case.charges:
        if charge.percent is not None or charge.free_units or charge.minimum is not None:
            _check_charge(charge)
    values = []
    for line in case.lines:
        if line.quantity < 1:
            raise InputError(
                f"line {line.id} has a quantity of {line.quantity}",
                code="landed.bad_quantity",
                place=f"line {line.id}",
                cure="leave out a line of no pieces",
            )
        values.append(_minor("goods value", line.goods_value, digits, case.currency, line.id))
        if line.sale_price is not None:
            _minor("sale price", line.sale_price, digits, case.currency, line.id)
    return values


def _amounts(case: AssessmentInput) -> Iterator[tuple[str, Decimal]]:
    yield "freight", case.freight
    yield "insurance", case.insurance
    yield "flat duty", case.duty.amount
    if case.delivery_price is not None:
        yield "delivery price", case.delivery_price
    for charge in case.charges:
        yield f"charge {charge.code}", charge.amount
        if charge.minimum is not None:
            yield f"minimum of charge {charge.code}", charge.minimum
        if charge.maximum is not None:
            yield f"maximum of charge {charge.code}", charge.maximum


def _minor(name: str, amount: Decimal, digits: int, currency: str, line: str = "") -> int:
    """The amount in minor units. The common case pays for one comparison and one conversion."""
    if not amount:
        return 0
    if not amount.is_finite() or not NOTHING < amount < MOST:
        raise _refused(f"{name} of line {line}" if line else name, amount, line)
    scaled = amount.scaleb(digits)
    units = int(scaled)
    if units != scaled:
        raise InputError(
            f"{name}{f' of line {line}' if line else ''} {amount} has more decimals than {currency} "
            f"allows ({digits})",
            code="landed.too_precise",
            place=f"line {line}" if line else "",
            cure="round it by the order's own rule first",
        )
    return units


def _refused(name: str, amount: Decimal, line: str) -> InputError:
    place = f"line {line}" if line else ""
    if amount.is_nan() or amount.is_infinite():
        return InputError(
            f"{name} is no amount: {amount}",
            code="landed.not_finite",
            place=place,
            cure="give a decimal number",
        )
    if amount < 0:
        return InputError(
            f"{name} is negative: {amount}",
            code="landed.negative_amount",
            place=place,
            cure="take discounts and refunds off the value they belong to before customs sees it",
        )
    return InputError(
        f"{name} is too large: {amount}",
        code="landed.too_large",
        place=place,
        cure="amounts are in major units (12.50), below 10 to the 15th",
    )


def _check_charge(charge: Charge) -> None:
    if charge.percent is not None and not (
        charge.percent.is_finite() and 0 <= charge.percent.scaleb(-2) <= 1
    ):
        raise InputError(
            f"charge {charge.code} is {charge.percent} % of a value",
            code="landed.bad_percent",
            cure="3 means 3 %; a percentage lies between 0 and 100",
        )
    if charge.free_units < 0:
        raise InputError(
            f"charge {charge.code} has {charge.free_units} free units",
            code="landed.bad_free_units",
            cure="leave it out or give the number of units that cost nothing",
        )
    if charge.minimum is not None and charge.maximum is not None and charge.minimum > charge.maximum:
        raise InputError(
            f"charge {charge.code} is at least {charge.minimum} and at most {charge.maximum}",
            code="landed.bad_bounds",
            cure="the minimum must not be above the maximum",
        )
