"""Bundles of order lines as numbers.

A *digit* is something that is shared out: a whole line, the units of a line, or
a block of lines that stay together. A bundle is a mixed-radix number with one
place per digit, so ``full - bundle`` is the rest, and a set of bundles is one
Python integer with a bit per bundle: coverage of a site is a few ANDs whatever
the number of bundles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import compress

from fulfilment.sourcing import Bundle, Demand

__all__ = ["Digit", "Shape", "Space", "shape_of"]


@dataclass(frozen=True, slots=True)
class Digit:
    """``count`` equal portions; each holds the given units of the given lines (by index)."""

    items: tuple[tuple[int, int], ...]
    count: int


_FLAGS = bytes.maketrans(b"01", b"\0\1")

_SMALL = 64
"""Shapes of so few bundles keep the members of every set they met."""


def members(bits: int) -> list[int]:
    """The bundles of a set, ascending."""
    digits = bin(bits)[:1:-1]
    if len(digits) > 8 * bits.bit_count():
        found = []
        at = digits.find("1")
        while at >= 0:
            found.append(at)
            at = digits.find("1", at + 1)
        return found
    return list(compress(range(len(digits)), digits.encode().translate(_FLAGS)))


@dataclass(slots=True)
class Shape:
    """The arithmetic of bundles with the given counts; tables are filled on first use."""

    counts: tuple[int, ...]
    strides: tuple[int, ...] = ()
    size: int = 1
    _subs: dict[int, tuple[int, ...]] = field(default_factory=dict)
    _members: dict[int, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        strides = []
        for count in self.counts:
            strides.append(self.size)
            self.size *= count + 1
        self.strides = tuple(strides)

    @property
    def full(self) -> int:
        """The bundle of everything."""
        return self.size - 1

    @property
    def everything(self) -> int:
        """The set of all bundles."""
        return (1 << self.size) - 1

    def top(self, bundle: int) -> tuple[int, int]:
        """(place, value) of the highest digit that is not zero."""
        for place in range(len(self.counts) - 1, -1, -1):
            if bundle >= self.strides[place]:
                return place, bundle // self.strides[place]
        raise ValueError("the empty bundle has no highest digit")

    def subs(self, bundle: int) -> tuple[int, ...]:
        """All bundles inside this one, ascending; the i-th and the i-th from the end make it up."""
        found = self._subs.get(bundle)
        if found is None:
            if bundle == 0:
                found = (0,)
            else:
                place, value = self.top(bundle)
                stride = self.strides[place]
                low = self.subs(bundle - value * stride)
                found = low + tuple(s + v * stride for v in range(1, value + 1) for s in low)
            self._subs[bundle] = found
        return found

    def leading(self, bundle: int) -> tuple[int, ...]:
        """Those of ``subs`` that hold some of the highest digit: one of each symmetric family."""
        subs = self.subs(bundle)
        return subs[len(subs) // (self.top(bundle)[1] + 1) :]

    def members(self, bits: int) -> list[int]:
        """The bundles of a set, ascending."""
        if self.size > _SMALL:
            return members(bits)
        found = self._members.get(bits)
        if found is None:
            if len(self._members) > _SMALL * _SMALL:
                self._members.clear()
            found = self._members[bits] = members(bits)
        return found

    def at_most(self, place: int, value: int) -> int:
        """The set of bundles whose digit at that place is at most ``value``."""
        stride = self.strides[place]
        period = stride * (self.counts[place] + 1)
        block = (1 << stride * (min(value, self.counts[place]) + 1)) - 1
        times = self.size // period
        return block * (((1 << period * times) - 1) // ((1 << period) - 1))


@lru_cache(maxsize=16)
def shape_of(counts: tuple[int, ...]) -> Shape:
    """The shape with these counts, its tables kept between orders."""
    return Shape(counts)


class Space:
    """The bundles of one order: which lines they hold and what they take of each SKU."""

    __slots__ = ("_bundles", "_levels", "demands", "digits", "places", "shape")

    def __init__(self, demands: Sequence[Demand], digits: Sequence[Digit], skus: Sequence[str]) -> None:
        self.demands = tuple(demands)
        self.digits = tuple(digits)
        self.shape = shape_of(tuple([digit.count for digit in digits]))
        portions: dict[str, dict[int, int]] = {sku: {} for sku in skus}
        for place, digit in enumerate(digits):
            for line, units in digit.items:
                portion = portions[demands[line].sku]
                portion[place] = portion.get(place, 0) + units
        self.places = tuple([tuple(portions[sku].items()) for sku in skus])
        self._levels: dict[tuple[int, int], int] = {}
        self._bundles: list[Bundle] = []

    @property
    def bundles(self) -> list[Bundle]:
        """Lines and units of every bundle, by number."""
        if not self._bundles:
            self._bundles = self._list_bundles()
        return self._bundles

    def _list_bundles(self) -> list[Bundle]:
        bundles: list[Bundle] = [()]
        plain = True
        last = -1
        for digit in self.digits:
            plain = plain and len(digit.items) == 1 and digit.items[0][0] > last
            last = digit.items[-1][0]
            ids = [(self.demands[line].line, units) for line, units in digit.items]
            values = range(1, digit.count + 1)
            parts = [tuple([(line, units * value) for line, units in ids]) for value in values]
            bundles += [low + part for part in parts for low in bundles]
        return bundles if plain else [_merged(bundle) for bundle in bundles]

    def level(self, sku: int, units: int) -> int:
        """The set of bundles that take at most so many units of the SKU (by index)."""
        found = self._levels.get((sku, units))
        if found is None:
            found = self._within(self.places[sku], units)
            self._levels[sku, units] = found
        return found

    def _within(self, places: tuple[tuple[int, int], ...], units: int) -> int:
        (place, size), rest = places[0], places[1:]
        if not rest:
            return self.shape.at_most(place, units // size)
        found = 0
        for value in range(min(self.shape.counts[place], units // size) + 1):
            exactly = self.shape.at_most(place, value)
            if value:
                exactly &= ~self.shape.at_most(place, value - 1)
            found |= exactly & self._within(rest, units - value * size)
        return found


def _merged(bundle: Bundle) -> Bundle:
    units: dict[str, int] = {}
    for line, quantity in bundle:
        units[line] = units.get(line, 0) + quantity
    return tuple(sorted(units.items()))
