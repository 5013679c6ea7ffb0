"""How an order is cut into what the search shares out.

As long as there are few enough bundles every line, and every unit that may
leave alone, is a digit of its own and the search is exact. Beyond, quantities
become portions and lines become blocks, guided by what the sites hold; the
plan is then good rather than proven, and the search says how far it may be.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from heapq import heapify, heappop, heappush, nlargest

from fulfilment.bundles import Digit
from fulfilment.sourcing import Demand, Limits

__all__ = ["cut"]

_MANY = 10
"""Blocks a long order is gathered into, at most."""


def cut(
    demands: Sequence[Demand], column: Callable[[str], list[int]], limits: Limits
) -> tuple[tuple[Digit, ...], bool]:
    """Digits of the order, and whether they lose nothing.

    ``column``: the units of a SKU at each site, asked only where it matters.
    """
    digits = [_digit(index, demand, column, limits) for index, demand in enumerate(demands)]
    if _pairs(digits) <= limits.budget:
        return tuple(digits), True
    held = {demand.sku: column(demand.sku) for demand in demands}
    columns = [held[demand.sku] for demand in demands]
    for index in sorted(range(len(digits)), key=lambda i: (-digits[i].count, i)):
        demand = demands[index]
        if digits[index].count > 1 and max(columns[index], default=0) >= demand.quantity:
            digits[index] = Digit(((index, demand.quantity),), 1)
            if _pairs(digits) <= limits.budget:
                return tuple(digits), False
    portioned: list[Digit] = []
    for index, digit in enumerate(digits):
        portioned += [digit] if digit.count == 1 else _portions(index, demands[index], columns[index], limits)
    return tuple(_blocks(portioned, columns, limits)), False


def _digit(index: int, demand: Demand, column: Callable[[str], list[int]], limits: Limits) -> Digit:
    whole = (
        demand.quantity == 1
        or not demand.splittable
        or (limits.max_consignments == 1 and not limits.allow_partial)
        or limits.division == "never"
        or (limits.division == "forced" and max(column(demand.sku), default=0) >= demand.quantity)
    )
    return Digit(((index, demand.quantity),), 1) if whole else Digit(((index, 1),), demand.quantity)


def _pairs(digits: Sequence[Digit]) -> int:
    """Number of (bundle, part of it): what a table of two consignments costs to fill."""
    pairs = 1
    for digit in digits:
        pairs *= (digit.count + 1) * (digit.count + 2) // 2
    return pairs


def _portions(index: int, demand: Demand, column: Sequence[int], limits: Limits) -> list[Digit]:
    """Cuts a line where the best-stocked sites run out, one after the other."""
    left = demand.quantity
    portions = []
    for held in nlargest(limits.max_consignments, column):
        if held <= 0 or left == 0:
            break
        portions.append(min(held, left))
        left -= portions[-1]
    if left:
        portions.append(left)
    return [Digit(((index, units),), 1) for units in portions]


def _blocks(digits: list[Digit], columns: Sequence[Sequence[int]], limits: Limits) -> list[Digit]:
    """Gathers lines that the same sites hold, most alike first, until the search can carry them."""
    sets: dict[int, tuple[Digit, int]] = {n: (d, _holders(d, columns)) for n, d in enumerate(digits)}
    target = _MANY
    while target > 1 and _pairs([Digit((), 1)] * target) > limits.budget:
        target -= 1
    heap = [
        (_unlike(sets[a][1], sets[b][1]), a, b) for a in range(len(digits)) for b in range(a + 1, len(digits))
    ]
    heapify(heap)
    number = len(digits)
    while len(sets) > target:
        _, a, b = heappop(heap)
        if a not in sets or b not in sets:
            continue
        (first, held), (second, also) = sets.pop(a), sets.pop(b)
        sets[number] = (Digit(tuple(sorted(first.items + second.items)), 1), held & also)
        for other in sets:
            if other != number:
                heappush(heap, (_unlike(sets[other][1], held & also), other, number))
        number += 1
    return sorted([digit for digit, _ in sets.values()], key=lambda digit: digit.items)


def _holders(digit: Digit, columns: Sequence[Sequence[int]]) -> int:
    line, units = digit.items[0]
    held = 0
    for number, stock in enumerate(columns[line]):
        if stock >= units:
            held |= 1 << number
    return held


def _unlike(one: int, other: int) -> tuple[int, int]:
    """Sites that hold only one of two blocks, as a share in parts per million; few holders first on ties."""
    together, either = (one & other).bit_count(), (one | other).bit_count()
    if either == 0:
        return (0, 0)
    return (1_000_000 - 1_000_000 * together // either, together)
