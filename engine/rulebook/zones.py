"""Named zones of rule files: postcodes of a country, territories, or a drawn polygon.

A zone answers *maybe* where a place is too vague: a country without postcode,
a drawn zone without coordinates.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from domain import Place, Truth

__all__ = ["PostcodePattern", "Zone", "ZonePart", "parse_pattern"]

Drawn = Callable[[str, Place], Truth]


@dataclass(frozen=True, slots=True)
class PostcodePattern:
    """``20*`` (prefix), ``20000-20190`` (range of equal-length codes) or ``75001`` (exact)."""

    low: str
    high: str
    prefix: bool

    def matches(self, postcode: str) -> bool:
        """Whether a normalised postcode (no spaces or hyphens, upper case) fits."""
        if self.prefix:
            return postcode.startswith(self.low)
        return len(postcode) == len(self.low) and self.low <= postcode <= self.high


def parse_pattern(text: str) -> PostcodePattern | None:
    """Read one pattern, None if it is none. A range is written ``20000-20190``."""
    if re.fullmatch(r"[A-Za-z0-9 ]+\*", text):
        low = text[:-1].replace(" ", "").upper()
        return PostcodePattern(low, low, prefix=True)
    if match := re.fullmatch(r"(\d+)-(\d+)", text):
        low, high = match.groups()
        return PostcodePattern(low, high, prefix=False) if len(low) == len(high) and low <= high else None
    if re.fullmatch(r"[A-Za-z0-9 ]+", text):
        low = text.replace(" ", "").upper()
        return PostcodePattern(low, low, prefix=False)
    return None


@dataclass(frozen=True, slots=True)
class ZonePart:
    """One part of a zone; its conditions hold together, ``excluded`` postcodes are taken out."""

    country: str | None = None
    territories: frozenset[str] = frozenset()
    postcodes: tuple[PostcodePattern, ...] = ()
    excluded: tuple[PostcodePattern, ...] = ()
    drawn: str | None = None

    def contains(self, place: Place, drawn: Drawn | None) -> Truth:
        """Kleene truth of the place being inside this part."""
        verdict = Truth.YES
        if self.country is not None and place.country != self.country:
            return Truth.NO
        if self.territories:
            if place.territory is None:
                verdict = Truth.MAYBE
            elif place.territory not in self.territories:
                return Truth.NO
        if self.postcodes or self.excluded:
            if place.postcode is None:
                verdict = Truth.MAYBE
            else:
                code = re.sub(r"[\s-]", "", place.postcode).upper()
                if self.postcodes and not any(pattern.matches(code) for pattern in self.postcodes):
                    return Truth.NO
                if any(pattern.matches(code) for pattern in self.excluded):
                    return Truth.NO
        if self.drawn is not None:
            verdict = min(verdict, drawn(self.drawn, place) if drawn else Truth.MAYBE)
        return verdict


@dataclass(frozen=True, slots=True)
class Zone:
    """A named zone: inside any of its parts."""

    id: str
    parts: tuple[ZonePart, ...]

    def contains(self, place: Place, drawn: Drawn | None = None) -> Truth:
        """Kleene truth of the place being inside the zone; ``drawn`` answers for polygons."""
        return max((part.contains(place, drawn) for part in self.parts), default=Truth.NO)
