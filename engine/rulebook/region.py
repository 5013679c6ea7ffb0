"""Regions of an ordered domain: unions of intervals, and whether *not applicable* is accepted.

A cut lies just before (-1) or just after (1) a value, so a region is a sorted
tuple of cuts at which membership flips; an infinite start is a flag.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Any as Anything

__all__ = ["EVERY", "NOTHING", "Region", "above", "below", "point", "span"]

Cut = tuple[Anything, int]


@dataclass(frozen=True, slots=True)
class Region:
    """Accepted values. ``starts_in``: the domain's lower end is inside; each cut flips.

    >>> point(5).holds(5), below(5, True).holds(5), below(5, False).holds(5)
    (True, True, False)
    """

    starts_in: bool
    cuts: tuple[Cut, ...]
    na: bool = False

    def holds(self, value: Anything) -> bool:
        """Whether a known value lies inside."""
        return (bisect_right(self.cuts, (value, 0)) % 2 == 1) != self.starts_in

    def covers(self, low: Anything | None, high: Anything | None) -> bool | None:
        """True if [low, high] lies inside, False if outside, None if partly. None bounds are infinite."""
        first = 0 if low is None else bisect_right(self.cuts, (low, 0))
        last = len(self.cuts) if high is None else bisect_left(self.cuts, (high, 0))
        if first != last:
            return None
        return (first % 2 == 1) != self.starts_in

    def __invert__(self) -> Region:
        return Region(not self.starts_in, self.cuts, not self.na)

    def _merge(self, other: Region, both: bool) -> Region:
        if self.cuts == other.cuts and self.starts_in == other.starts_in:
            return Region(
                self.starts_in, self.cuts, (self.na and other.na) if both else (self.na or other.na)
            )
        mine, theirs = self.starts_in, other.starts_in
        start = state = (mine and theirs) if both else (mine or theirs)
        cuts: list[Cut] = []
        for cut in sorted(set(self.cuts) | set(other.cuts)):
            if _flips(self.cuts, cut):
                mine = not mine
            if _flips(other.cuts, cut):
                theirs = not theirs
            now = (mine and theirs) if both else (mine or theirs)
            if now != state:
                cuts.append(cut)
                state = now
        return Region(start, tuple(cuts), (self.na and other.na) if both else (self.na or other.na))

    def __and__(self, other: Region) -> Region:
        return self._merge(other, both=True)

    def __or__(self, other: Region) -> Region:
        return self._merge(other, both=False)

    @property
    def empty(self) -> bool:
        """Whether it accepts nothing at all."""
        return not self.starts_in and not self.cuts and not self.na

    @property
    def full(self) -> bool:
        """Whether it accepts every value and *not applicable*."""
        return self.starts_in and not self.cuts and self.na

    def within(self, other: Region) -> bool:
        """Whether every accepted value is accepted by the other."""
        return (self & ~other).empty


def _flips(cuts: tuple[Cut, ...], cut: Cut) -> bool:
    at = bisect_left(cuts, cut)
    return at < len(cuts) and cuts[at] == cut


EVERY = Region(True, (), True)
NOTHING = Region(False, (), False)


def point(value: Anything) -> Region:
    """Exactly one value."""
    return Region(False, ((value, -1), (value, 1)))


def below(value: Anything, included: bool) -> Region:
    """Everything up to a value."""
    return Region(True, ((value, 1 if included else -1),))


def above(value: Anything, included: bool) -> Region:
    """Everything from a value on."""
    return Region(False, ((value, -1 if included else 1),))


def span(low: Anything, high: Anything, high_included: bool) -> Region:
    """From a value (included) to another."""
    if not high_included and low == high:
        return NOTHING
    return Region(False, ((low, -1), (high, 1 if high_included else -1)))
