"""From where to where: territory lists with groups and exclusions, and postcode patterns.

A zone is a territory **and** a postcode, never a postcode alone: 6,215 of 20,396
French codes also exist in Germany, Spain or Italy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from domain import Truth

__all__ = ["Codes", "Postcodes", "Reach", "normal_postcode", "parse_codes", "parse_postcodes"]

WORLD = "world"
ANYWHERE = 1
IN_GROUP = 2
NAMED = 3


@lru_cache(maxsize=65536)
def normal_postcode(postcode: str) -> str:
    """Upper case, no blanks or hyphens: ``bt7 1nn`` and ``BT7-1NN`` are one code."""
    return "".join(sign for sign in postcode.upper() if sign.isalnum())


@dataclass(frozen=True, slots=True)
class Codes:
    """A set of fiscal territories. ``named`` were written one by one, ``grouped`` came with a group."""

    named: frozenset[str]
    grouped: frozenset[str]
    world: bool
    excluded: frozenset[str]

    def rank(self, territory: str, carried_as: Mapping[str, str]) -> int:
        """0 outside; else 1 by ``world``, 2 by a group, 3 by name: the higher is the more specific.

        A territory no carrier treats apart (``carried_as``: Jungholz as Austria) follows its parent.
        """
        parent = carried_as.get(territory, territory)
        if territory in self.excluded or parent in self.excluded:
            return 0
        if territory in self.named or parent in self.named:
            return NAMED
        if territory in self.grouped or parent in self.grouped:
            return IN_GROUP
        return ANYWHERE if self.world else 0

    def meets(self, other: Codes) -> bool:
        """Whether some territory could be of the same rank in both sets."""
        if (self.named - self.excluded) & (other.named - other.excluded):
            return True
        if (self.grouped - self.excluded - self.named) & (other.grouped - other.excluded - other.named):
            return True
        return self.world and other.world


def parse_codes(words: tuple[str, ...], groups: Mapping[str, frozenset[str]]) -> Codes:
    """Reads ``FR @EU world !US !@OM2``; an unknown group raises ``KeyError`` with its name."""
    named: set[str] = set()
    grouped: set[str] = set()
    excluded: set[str] = set()
    for word in words:
        negative = word.startswith("!")
        body = word[1:] if negative else word
        if body.startswith("@"):
            (excluded if negative else grouped).update(groups[body[1:]])
        elif body != WORLD:
            (excluded if negative else named).add(body)
    return Codes(frozenset(named), frozenset(grouped), WORLD in words, frozenset(excluded))


@dataclass(frozen=True, slots=True)
class Postcodes:
    """Exact codes, prefixes (``20*``), ranges (``90000-94999``) and their exclusions (``!20*``).

    A range compares as many signs as its bounds have, so ``75-78`` is a range of departments.
    """

    exact: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    ranges: tuple[tuple[str, str], ...] = ()
    exact_out: frozenset[str] = frozenset()
    prefixes_out: tuple[str, ...] = ()
    ranges_out: tuple[tuple[str, str], ...] = ()

    @property
    def everywhere(self) -> bool:
        """Whether no postcode is asked for."""
        return not (self.narrowing or self.exact_out or self.prefixes_out or self.ranges_out)

    @property
    def narrowing(self) -> bool:
        """Whether only listed codes are inside."""
        return bool(self.exact or self.prefixes or self.ranges)

    def has(self, postcode: str | None) -> Truth:
        """Whether a normalised code is inside; MAYBE where it matters and is missing."""
        if self.everywhere:
            return Truth.YES
        if not postcode:
            return Truth.MAYBE
        if _listed(postcode, self.exact_out, self.prefixes_out, self.ranges_out):
            return Truth.NO
        if not self.narrowing or _listed(postcode, self.exact, self.prefixes, self.ranges):
            return Truth.YES
        return Truth.NO


def _listed(
    code: str, exact: frozenset[str], prefixes: tuple[str, ...], ranges: tuple[tuple[str, str], ...]
) -> bool:
    if code in exact or (prefixes and code.startswith(prefixes)):
        return True
    return any(len(code) >= len(low) and low <= code[: len(low)] <= high for low, high in ranges)


def parse_postcodes(words: tuple[str, ...]) -> Postcodes:
    """Reads ``20* 90000-94999 97133 !20137``; bounds of unequal length raise ``ValueError``."""
    inside: tuple[set[str], list[str], list[tuple[str, str]]] = (set(), [], [])
    outside: tuple[set[str], list[str], list[tuple[str, str]]] = (set(), [], [])
    for word in words:
        exact, prefixes, ranges = outside if word.startswith("!") else inside
        body = word.lstrip("!")
        if body.endswith("*"):
            prefixes.append(normal_postcode(body[:-1]))
        elif "-" in body:
            low, _, high = (normal_postcode(part) for part in body.partition("-"))
            if len(low) != len(high) or low > high:
                raise ValueError(f"{body!r} is not a range: bounds have the same length, the lower first")
            ranges.append((low, high))
        else:
            exact.add(normal_postcode(body))
    return Postcodes(
        frozenset(inside[0]),
        tuple(sorted(inside[1])),
        tuple(sorted(inside[2])),
        frozenset(outside[0]),
        tuple(sorted(outside[1])),
        tuple(sorted(outside[2])),
    )


@dataclass(frozen=True, slots=True)
class Reach:
    """Origin territories, destination territories and destination postcodes."""

    origins: Codes
    destinations: Codes
    postcodes: Postcodes = Postcodes()

    def rank(self, origin: str, destination: str, carried_as: Mapping[str, str]) -> int:
        """0 outside; higher is more specific: postcode list, then destination, then origin."""
        first = self.origins.rank(origin, carried_as)
        if not first:
            return 0
        second = self.destinations.rank(destination, carried_as)
        if not second:
            return 0
        return 16 * self.postcodes.narrowing + 4 * second + first

    def rivals(self, other: Reach) -> bool:
        """Whether both could be the most specific for the same trip (postcode overlap is assumed)."""
        return (
            self.postcodes.narrowing == other.postcodes.narrowing
            and (not self.postcodes.narrowing or bool(_shared(self.postcodes, other.postcodes)))
            and self.origins.meets(other.origins)
            and self.destinations.meets(other.destinations)
        )


def _shared(one: Postcodes, two: Postcodes) -> bool:
    """Whether two narrowing lists can both take some code."""
    return any(
        _may_meet(left, right) and not _carved_out(left, right, one, two)
        for left in _spans(one)
        for right in _spans(two)
    )


def _spans(codes: Postcodes) -> list[tuple[str, str]]:
    return [*codes.ranges, *((text, text) for text in (*codes.exact, *codes.prefixes))]


def _may_meet(left: tuple[str, str], right: tuple[str, str]) -> bool:
    width = min(len(left[0]), len(right[0]))
    return left[0][:width] <= right[1][:width] and right[0][:width] <= left[1][:width]


def _carved_out(left: tuple[str, str], right: tuple[str, str], one: Postcodes, two: Postcodes) -> bool:
    """Whether the narrower of two spans is a single text that the other list excludes."""
    narrow, other = (left, two) if len(left[0]) >= len(right[0]) else (right, one)
    return narrow[0] == narrow[1] and _listed(
        narrow[0], other.exact_out, other.prefixes_out, other.ranges_out
    )
