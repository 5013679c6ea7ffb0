"""Coordinates of postcodes, from a table of centroids derived from GeoNames (CC BY 4.0).

For distances and drawn zones only: a centroid never decides a territory.
"""

from __future__ import annotations

import gzip
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from carriers.reach import normal_postcode
from carriers.tables import packaged, read_rows
from domain import Place

__all__ = ["Fix", "coordinates", "locate", "locate_with_level", "postcodes_of"]

AREA_SIGNS: Final = (4, 3, 2)


@dataclass(frozen=True, slots=True)
class Fix:
    """WGS 84 degrees and how they were found: ``postcode``, or ``area`` by its first signs."""

    latitude: float
    longitude: float
    level: str


@dataclass(frozen=True, slots=True)
class _Key:
    """How codes of a country are written in the table: kept under another code, or cut short."""

    prefix: str
    kept_under: str
    keep: int | None


@cache
def _table() -> Mapping[str, dict[str, tuple[float, float]]]:
    found: dict[str, dict[str, tuple[float, float]]] = {}
    with gzip.open(packaged() / "centroids.csv.gz", "rt", encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            country, postcode, latitude, longitude = line.rstrip("\n").split(",")
            found.setdefault(country, {})[normal_postcode(postcode)] = (float(latitude), float(longitude))
    return found


@cache
def _sorted_codes(country: str) -> list[str]:
    return sorted(_table().get(country, ()))


@cache
def _keys() -> Mapping[str, tuple[_Key, ...]]:
    found: dict[str, tuple[_Key, ...]] = {}
    for row in read_rows(packaged() / "centroid_keys.csv"):
        key = _Key(row.optional("prefix") or "", row.text("kept_under"), row.integer("keep"))
        found[row.text("country")] = (*found.get(row.text("country"), ()), key)
    return found


def postcodes_of(country: str) -> tuple[str, ...]:
    """The normalised postcodes known of a country code of the table, sorted."""
    return tuple(_sorted_codes(country))


@lru_cache(maxsize=65536)
def locate_with_level(country: str, postcode: str) -> Fix | None:
    """The centroid of a postcode, else the mean of the codes that begin alike, else None.

    British codes may be full or outward only; Dutch and Irish ones are known coarsely.
    """
    code = normal_postcode(postcode)
    for key in _keys().get(country, ()):
        if code.startswith(key.prefix):
            country = key.kept_under
            if key.keep is not None:
                code = _cut(code, key.keep)
            break
    known = _table().get(country)
    if not known or not code:
        return None
    exact = known.get(code)
    if exact is not None:
        return Fix(*exact, "postcode")
    codes = _sorted_codes(country)
    for signs in AREA_SIGNS:
        if len(code) < signs:
            continue
        start = bisect_left(codes, code[:signs])
        near = []
        while start < len(codes) and codes[start].startswith(code[:signs]):
            near.append(known[codes[start]])
            start += 1
        if near:
            mean = [sum(axis) / len(near) for axis in zip(*near, strict=True)]
            return Fix(mean[0], mean[1], "area")
    return None


def _cut(code: str, keep: int) -> str:
    """The first ``keep`` signs; 0 stands for a British outward code: all but the last three."""
    if keep:
        return code[:keep]
    full = len(code) >= 5 and code[-3].isdigit() and code[-2:].isalpha()
    return code[:-3] if full else code


def locate(country: str, postcode: str) -> tuple[float, float] | None:
    """(latitude, longitude) of a postcode in WGS 84 degrees, or None where nothing is known."""
    fix = locate_with_level(country, postcode)
    return None if fix is None else (fix.latitude, fix.longitude)


def coordinates(place: Place) -> tuple[float, float] | None:
    """The place's own coordinates, else those of its postcode, else None."""
    if place.point is not None:
        return place.point
    return locate(place.country, place.postcode) if place.postcode else None
