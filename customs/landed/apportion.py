"""Shares of an amount that add up to it exactly, by the method of largest remainders."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from decimal import ROUND_HALF_UP, Decimal

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
    steps = total / step
    if steps != steps.to_integral_value():
        raise InputError(
            f"{total} is not a multiple of {step}", code="landed.not_a_multiple", cure="round it first"
        )
    if total == 0:
        return (total,) * len(weights)
    parts = _whole(weights)
    whole = sum(parts)
    if whole == 0:
        parts, whole = [1] * len(weights), len(weights)
    quotas = [divmod(int(steps) * part, whole) for part in parts]
    return tuple(count * step for count in _settle(quotas, int(steps)))


def round_shares(
    amounts: Sequence[Decimal], groups: Sequence[Hashable], step: Decimal, mode: str
) -> tuple[Decimal, ...]:
    """Each group's sum rounded once; its members rounded so that they add up to that sum."""
    members: dict[Hashable, list[int]] = {}
    for index, group in enumerate(groups):
        members.setdefault(group, []).append(index)
    result = list(amounts)
    for indices in members.values():
        if len(indices) == 1:
            result[indices[0]] = round_to(amounts[indices[0]], step, mode)
            continue
        total = round_to(sum((amounts[i] for i in indices), Decimal(0)), step, mode)
        unit, *parts = _whole([step, *(amounts[i] for i in indices)])
        counts = _settle([divmod(part, unit) for part in parts], int(total / step))
        for index, count in zip(indices, counts, strict=True):
            result[index] = count * step
    return tuple(result)


def _whole(amounts: Sequence[Decimal]) -> list[int]:
    """The amounts as whole numbers in one common unit, so that shares are exact."""
    digits = max(0, *(-int(amount.as_tuple().exponent) for amount in amounts))
    return [int(amount.scaleb(digits)) for amount in amounts]


def _settle(quotas: Sequence[tuple[int, int]], total: int) -> list[int]:
    """Whole numbers next to (quotient, remainder) pairs that add up to ``total``."""
    counts = [quotient for quotient, _ in quotas]
    left = total - sum(counts)
    if left == 0:
        return counts
    order = sorted(range(len(quotas)), key=lambda i: (-quotas[i][1], i))
    for turn in range(abs(left)):
        if left > 0:
            counts[order[turn % len(order)]] += 1
        else:
            counts[order[-1 - turn % len(order)]] -= 1
    return counts
