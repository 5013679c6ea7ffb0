"""From prices as sold to net goods values: tax taken out, discounts spread, freight folded in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from customs.landed.apportion import apportion, round_to
from customs.tariff import Missing
from domain import InputError
from domain.money import minor_digits

__all__ = [
    "SoldLine",
    "apportion_discount",
    "goods_values",
    "intrinsic_value",
    "net_of",
    "tax_in",
    "with_freight",
]


def _minor(currency: str) -> Decimal:
    return Decimal(1).scaleb(-minor_digits(currency))


def net_of(gross: Decimal, percent: Decimal, currency: str, rounding: str = ROUND_HALF_UP) -> Decimal:
    """The net amount inside a price that includes tax, to the minor unit.

    >>> net_of(Decimal("179.99"), Decimal(20), "EUR")
    Decimal('149.99')
    """
    if percent < 0:
        raise InputError(f"a tax rate of {percent} % is negative", code="landed.negative_rate")
    return round_to(gross * 100 / (100 + percent), _minor(currency), rounding)


def tax_in(gross: Decimal, percent: Decimal, currency: str, rounding: str = ROUND_HALF_UP) -> Decimal:
    """The tax inside a price: gross less net, so both always add up."""
    return gross - net_of(gross, percent, currency, rounding)


def apportion_discount(
    discount: Decimal,
    values: Sequence[Decimal],
    quantities: Sequence[int],
    by: Literal["by_value", "by_quantity"],
    currency: str,
) -> tuple[Decimal, ...]:
    """Each line's part of an order discount; the parts add up to it exactly.

    Lines at price 0 (gifts) take no part. No line gets more than its value: what
    is left over goes on to the other lines. Raises InputError for a discount
    above the value of all lines.
    """
    if discount < 0 or discount > sum(values, Decimal(0)):
        raise InputError(
            f"a discount of {discount} does not fit lines worth {sum(values, Decimal(0))}",
            code="landed.bad_discount",
            cure="a discount lies between 0 and the value of the lines",
        )
    minor = _minor(currency)
    parts = [Decimal(0)] * len(values)
    left = discount
    while left > 0:
        room = [i for i, value in enumerate(values) if value > parts[i]]
        weights = [values[i] if by == "by_value" else Decimal(quantities[i]) for i in room]
        for index, share in zip(room, apportion(left, weights, minor), strict=True):
            taken = min(share, values[index] - parts[index])
            parts[index] += taken
            left -= taken
    return tuple(parts)


def with_freight(
    values: Sequence[Decimal], freight: Decimal, shown_separately: bool, currency: str
) -> tuple[Decimal, ...]:
    """Goods values, raised by their share of freight where the buyer was not shown it separately."""
    if shown_separately or freight == 0:
        return tuple(values)
    shares = apportion(freight, values, _minor(currency))
    return tuple(value + share for value, share in zip(values, shares, strict=True))


def intrinsic_value(lines: Sequence[Decimal], freight: Decimal, shown_separately: bool) -> Decimal:
    """The value that low-value thresholds look at: goods net of tax, and freight where it is not shown apart.

    Source: Delegated Regulation (EU) 2015/2446 Art 1(48).
    """
    return sum(lines, Decimal(0)) + (Decimal(0) if shown_separately else freight)


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line as sold. ``unit_price`` and ``discount`` (whole line) include tax where ``tax_included``;
    ``tax_rate`` is the percentage inside. A gift has price 0 and its goods value in ``customs_value``.
    """

    id: str
    quantity: int
    unit_price: Decimal
    tax_included: bool = True
    tax_rate: Decimal | None = None
    discount: Decimal = Decimal(0)
    gift: bool = False
    customs_value: Decimal | None = None


def goods_values(
    lines: Sequence[SoldLine],
    currency: str,
    *,
    order_discount: Decimal = Decimal(0),
    apportion_by: Literal["by_value", "by_quantity"] = "by_value",
    rounding: str = ROUND_HALF_UP,
) -> tuple[Decimal, ...] | Missing:
    """Net goods value of each line after its own discount and its part of the order's.

    Answers Missing where tax is included and its rate is not known, or a gift has
    no value. The order discount is in the same terms (with or without tax) as the
    lines it falls on. Raises InputError for a line discount above the line's price.
    """
    sold = [line for line in lines if not line.gift]
    needs = [f"line.{line.id}.tax_rate" for line in sold if line.tax_included and line.tax_rate is None]
    needs += [f"line.{line.id}.customs_value" for line in lines if line.gift and line.customs_value is None]
    if needs:
        return Missing(tuple(needs))
    minor = _minor(currency)
    prices = []
    for line in lines:
        full = round_to(line.unit_price * line.quantity, minor, rounding)
        price = Decimal(0) if line.gift else full - line.discount
        if price < 0:
            raise InputError(
                f"line {line.id} has a discount above its price",
                code="landed.bad_discount",
                place=f"line {line.id}",
            )
        prices.append(price)
    parts = apportion_discount(
        order_discount, prices, [line.quantity for line in lines], apportion_by, currency
    )
    values = []
    for line, price, part in zip(lines, prices, parts, strict=True):
        if line.gift:
            values.append(line.customs_value or Decimal(0))
        elif line.tax_included:
            values.append(net_of(price - part, line.tax_rate or Decimal(0), currency, rounding))
        else:
            values.append(price - part)
    return tuple(values)
