"""Shares of an amount that add up to it exactly, by the method of largest remainders."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from operator import sub
from typing import TypeVar

from domain import InputError

__all__ = ["apportion", "round_shares", "round_to", "split"]

Number = TypeVar("Number", int, Decimal)
NOTHING = Decimal(0)


def round_to(amount: Decimal, step: Decimal, mode: str = ROUND_HALF_UP) -> Decimal:
    """``amount`` rounded to a multiple of ``step`` (0.01, 0.05, 1). ``mode`` is a name from ``decimal``."""
    return (amount / step).to_integral_value(mode) * step


def apportion(total: Decimal, weights: Sequence[Decimal], step: Decimal) -> tuple[Decimal, ...]:
    """Shares of ``total`` in proportion to ``weights``, each a multiple of ``step``.

    ``total`` must itself be a multiple of ``step``. Leftover steps go to the
    largest remainders, ties to the earlier line. Where all weights are zero the
    shares are equal. Raises InputError for no weights or a negative one.

    >>> apportion(Decimal("1.00"), [Decimal(1)] * 3, Decimal("0.01"))
    (Decimal('0.34'), Decimal('0.33'), Decimal('0.33'))
    """
    if not weights:
        raise InputError(
            "nothing to apportion an amount over", code="landed.no_lines", cure="give at least one line"
        )
    if any(weight < 0 for weight in weights):
        raise InputError(
            "a weight for apportioning is negative",
            code="landed.negative_weight",
            cure="apportion by values or weights of zero or more",
        )
    steps = total / step
    if steps != steps.to_integral_value():
        raise InputError(
            f"{total} is not a multiple of {step}", code="landed.not_a_multiple", cure="round it first"
        )
    if total == 0:
        return (total,) * len(weights)
    return tuple(count * step for count in split(int(steps), _whole(weights)))


def split(total: int, weights: Sequence[int]) -> list[int]:
    """A whole number in whole shares proportional to weights, as `apportion`.

    >>> split(100, [1, 1, 1]), split(5, [0, 0])
    ([34, 33, 33], [3, 2])
    """
    whole = sum(weights)
    if whole == 0:
        weights, whole = [1] * len(weights), len(weights)
    shares = [total * weight // whole for weight in weights]
    left = total - sum(shares)
    if left:
        for index in _largest([total * weight % whole for weight in weights], left):
            shares[index] += 1
    return shares


def round_shares(
    amounts: Sequence[Decimal], groups: Sequence[Hashable] | None, step: Decimal, mode: str
) -> tuple[Decimal, ...]:
    """Each group's sum rounded once; its members rounded so that they add up to that sum.

    Amounts are zero or more. ``groups`` names the group of each amount; None makes one group of all.
    """
    if groups is None:
        return tuple(_round_group(amounts, step, mode))
    members: dict[Hashable, list[int]] = {}
    for index, group in enumerate(groups):
        members.setdefault(group, []).append(index)
    result = list(amounts)
    for indices in members.values():
        settled = _round_group([amounts[index] for index in indices], step, mode)
        for index, amount in zip(indices, settled, strict=True):
            result[index] = amount
    return tuple(result)


def _round_group(amounts: Sequence[Decimal], step: Decimal, mode: str) -> list[Decimal]:
    """Each amount rounded down; what the rounded sum lacks goes to the largest remainders."""
    if len(amounts) == 1:
        return [round_to(amounts[0], step, mode)]
    total = round_to(sum(amounts, NOTHING), step, mode)
    shares = [amount // step * step for amount in amounts]
    left = int((total - sum(shares)) / step)
    if left:
        for index in _largest(list(map(sub, amounts, shares)), left):
            shares[index] += step
    return shares


def _whole(amounts: Sequence[Decimal]) -> list[int]:
    """The amounts as whole numbers in one common unit, so that shares are exact."""
    digits = max(0, *(-int(amount.as_tuple().exponent) for amount in amounts))
    return [int(amount.scaleb(digits)) for amount in amounts]


def _largest(remainders: Sequence[Number], count: int) -> list[int]:
    """The places of the largest remainders; of equals, the earlier."""
    return sorted(range(len(remainders)), key=remainders.__getitem__, reverse=True)[:count]
