"""Putting boxes into a carton: blocks of equal boxes into free space cut as with a guillotine.

Every unit gets a real place, so what comes out can be packed: volume and sorted
axes alone would accept two boxes of sixty percent of the carton each. Quantities
cost nothing, since equal units are placed as one block.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from carriers.cartons import Carton

__all__ = ["Goods", "Stowed", "stow"]

Size = tuple[int, int, int]
Goods = tuple[Size, int, int]
"""Box in millimetres (longest first), grams of one unit, units."""
Stowed = list[tuple[int, tuple[int, int, int], Size, tuple[int, int, int]]]
"""Blocks: index of the goods, corner, unit size as turned, units along each axis."""

# Slivers no box of the order could use are dropped; more free spaces than this
# are not searched, which bounds the work for orders of many small lines.
MOST_SPACES = 64


def stow(carton: Carton, goods: Sequence[Goods]) -> tuple[list[int], Stowed]:
    """How many units of each goods go into the carton, and where.

    Goods are taken in the order given (give the largest first). Weight, fill and
    geometry all hold; a single unit may use the whole inner volume.
    """
    spaces: list[tuple[tuple[int, int, int], Size]] = [((0, 0, 0), carton.inner_mm)]
    taken = [0] * len(goods)
    blocks: Stowed = []
    grams = carton.max_g
    room = carton.inner_mm3 * carton.fill_percent // 100
    for number, (size, weight, quantity) in enumerate(goods):
        volume = size[0] * size[1] * size[2]
        most = min(quantity, grams // weight) if weight else quantity
        # One unit alone may fill its carton to the brim.
        spare = room // volume if blocks or room >= volume else 1
        most = min(most, spare)
        while most > 0:
            best = _best(spaces, size, most)
            if best is None:
                break
            where, turned, counts = best
            units = counts[0] * counts[1] * counts[2]
            corner, space = spaces.pop(where)
            blocks.append((number, corner, turned, counts))
            used = (turned[0] * counts[0], turned[1] * counts[1], turned[2] * counts[2])
            spaces.extend(_rest(corner, space, used))
            spaces.sort(key=lambda item: (item[1][0] * item[1][1] * item[1][2], item))
            del spaces[:-MOST_SPACES]
            taken[number] += units
            most -= units
            grams -= units * weight
            room -= units * volume
    return taken, blocks


def _best(
    spaces: list[tuple[tuple[int, int, int], Size]], size: Size, most: int
) -> tuple[int, Size, tuple[int, int, int]] | None:
    """The block of most units; between equals the smallest free space (they are sorted by volume)."""
    best: tuple[int, Size, tuple[int, int, int]] | None = None
    best_units = 0
    for where, (_, space) in enumerate(spaces):
        for turned in _turns(size):
            across, deep, high = space[0] // turned[0], space[1] // turned[1], space[2] // turned[2]
            if not (across and deep and high):
                continue
            # No more layers, rows or columns than the units need.
            layer = across * deep
            if most >= layer:
                counts = (across, deep, min(high, most // layer))
            elif most >= across:
                counts = (across, most // across, 1)
            else:
                counts = (most, 1, 1)
            units = counts[0] * counts[1] * counts[2]
            if units > best_units:
                best, best_units = (where, turned, counts), units
        if best_units == most:
            break
    return best


@lru_cache(maxsize=4096)
def _turns(size: Size) -> tuple[Size, ...]:
    """The different ways to set a box down, in a fixed order."""
    a, b, c = size
    return tuple(sorted({(a, b, c), (a, c, b), (b, a, c), (b, c, a), (c, a, b), (c, b, a)}))


def _rest(corner: tuple[int, int, int], space: Size, used: Size) -> list[tuple[tuple[int, int, int], Size]]:
    """What is left of a space: above the block, then beside it, the larger side kept whole."""
    x, y, z = corner
    length, width, height = space
    a, b, c = used
    rest = [((x, y, z + c), (a, b, height - c))]
    if (length - a) * width >= length * (width - b):
        rest += [((x + a, y, z), (length - a, width, height)), ((x, y + b, z), (a, width - b, height))]
    else:
        rest += [((x + a, y, z), (length - a, b, height)), ((x, y + b, z), (length, width - b, height))]
    return [item for item in rest if min(item[1]) > 0]
