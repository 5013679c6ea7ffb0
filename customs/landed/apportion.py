"""Shares of an amount that add up to it exactly, by the method of largest remainders."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from domain import InputError

__all__ = ["apportion", "round_shares", "round_to"]


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
        raise InputError("nothing to apportion an amount over", code="landed.no_lines")
    if any(weight < 0 for weight in weights):
        raise InputError("a weight for apportioning is negative", code="landed.negative_weight")
    whole = sum(weights, Decimal(0))
    steps = Fraction(total) / Fraction(step)
    if steps.denominator != 1:
        raise InputError(
            f"{total} is not a multiple of {step}", code="landed.not_a_multiple", cure="round it first"
        )
    shares = [
        steps * (Fraction(w) / Fraction(whole) if whole else Fraction(1, len(weights))) for w in weights
    ]
    return tuple(count * step for count in _settle(shares, int(steps)))


def round_shares(
    amounts: Sequence[Decimal], groups: Sequence[Hashable], step: Decimal, mode: str
) -> tuple[Decimal, ...]:
    """Each group's sum rounded once; its members rounded so that they add up to that sum."""
    if len(amounts) == len(groups) == 1:
        return (round_to(amounts[0], step, mode),)
    result = list(amounts)
    members: dict[Hashable, list[int]] = {}
    for index, group in enumerate(groups):
        members.setdefault(group, []).append(index)
    for indices in members.values():
        total = round_to(sum((amounts[i] for i in indices), Decimal(0)), step, mode)
        counts = _settle([Fraction(amounts[i]) / Fraction(step) for i in indices], int(total / step))
        for index, count in zip(indices, counts, strict=True):
            result[index] = count * step
    return tuple(result)


def _settle(shares: Sequence[Fraction], total: int) -> list[int]:
    """Whole numbers next to ``shares`` that add up to ``total``."""
    counts = [share.numerator // share.denominator for share in shares]
    order = sorted(range(len(shares)), key=lambda i: (-(shares[i] - counts[i]), i))
    left = total - sum(counts)
    for turn in range(abs(left)):
        if left > 0:
            counts[order[turn % len(order)]] += 1
        else:
            counts[order[-1 - turn % len(order)]] -= 1
    return counts
