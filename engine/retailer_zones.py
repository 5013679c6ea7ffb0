"""zones.geojson and zones.yaml: areas drawn on a map, and areas named by postcodes.

They serve delivery (where same-day goes, which islands cost more) and never decide a territory.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from shapely import GEOSException
from shapely.geometry import shape
from shapely.validation import explain_validity

from domain import Truth
from engine.retailer_mistakes import Mistakes
from engine.retailer_nodes import Items, Table
from engine.retailer_record import Record
from engine.retailer_sources import Source
from engine.retailer_yaml import read_tree

__all__ = ["PostcodePart", "PostcodeZone", "Zones", "read_zones"]

NOT_IN_POSTCODE = re.compile(r"[\s-]")


@dataclass(frozen=True, slots=True)
class PostcodePart:
    """Postcodes of one country: single ones, beginnings, ranges (both ends in), less the excluded.

    All stand normalised: upper case, no spaces or hyphens. A range holds only postcodes as
    long as its ends. With nothing listed the part is the whole country less the excluded.
    """

    country: str
    postcodes: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    ranges: tuple[tuple[str, str], ...] = ()
    excluded: frozenset[str] = frozenset()

    def holds(self, postcode: str) -> bool:
        """Whether a normalised postcode of this country lies in the part."""
        if postcode in self.excluded:
            return False
        if not (self.postcodes or self.prefixes or self.ranges):
            return True
        return (
            postcode in self.postcodes
            or postcode.startswith(self.prefixes)
            or any(len(low) == len(postcode) and low <= postcode <= high for low, high in self.ranges)
        )


@dataclass(frozen=True, slots=True)
class PostcodeZone:
    """A named zone: the union of its parts."""

    id: str
    name: str
    parts: tuple[PostcodePart, ...]

    def holds(self, country: str, postcode: str | None) -> Truth:
        """Whether a postcode lies in the zone; *maybe* where the postcode is not known but matters.

        >>> PostcodeZone("corsica", "Corsica", (PostcodePart("FR", prefixes=("20",)),)).holds("FR", "20 090")
        <Truth.YES: 2>
        """
        parts = [part for part in self.parts if part.country == country]
        if not parts:
            return Truth.NO
        if postcode is None:
            return Truth.MAYBE
        plain = NOT_IN_POSTCODE.sub("", postcode).upper()
        return Truth.YES if any(part.holds(plain) for part in parts) else Truth.NO


@dataclass(frozen=True, slots=True)
class Zones:
    """The GeoJSON as read (longitude before latitude), ids in ``properties.id``; and postcode zones by id."""

    drawn: Mapping[str, object]
    postcodes: Mapping[str, PostcodeZone]


def read_zones(drawn: Source | None, listed: Source | None, mistakes: Mistakes) -> Zones:
    """Read both files; an id stands in one of them only."""
    lines: dict[str, str] = {}
    return Zones(_drawn(drawn, lines, mistakes), _listed(listed, lines, mistakes))


def _take(record: Record, taken: dict[str, str]) -> str:
    zone = record.identifier("id")
    if zone in taken:
        record.wrong("id", f"zone {zone!r} is defined twice", f"the first is in {taken[zone]}; keep one")
    taken.setdefault(zone, record.place)
    return zone


def _drawn(source: Source | None, taken: dict[str, str], mistakes: Mistakes) -> Mapping[str, object]:
    if source is None:
        return {}
    try:
        raw = json.loads(source.text)
    except json.JSONDecodeError as error:
        mistakes.add(f"{source.name}:{error.lineno}", f"not readable as JSON: {error.msg}", "mend the line")
        return {}
    except RecursionError:
        mistakes.add(f"{source.name}:1", "not readable as JSON: nested too deeply")
        return {}
    root = read_tree(source, mistakes)
    if root is None:
        return {}
    features = root.table.entries.get("features")
    if not isinstance(raw, dict) or raw.get("type") != "FeatureCollection" or not isinstance(features, Items):
        mistakes.add(f"{source.name}:1", "the file is no GeoJSON FeatureCollection", "see RFC 7946")
        return {}
    for node, feature in zip(features.items, raw["features"], strict=True):
        if not isinstance(node, Table) or not isinstance(feature, dict):
            mistakes.add(f"{source.name}:{node.line}", "a feature must be an object", "see RFC 7946")
            continue
        record = Record(source.name, node, mistakes)
        _take(record.inner("properties"), taken)
        trouble = _trouble(feature.get("geometry"))
        if trouble:
            record.wrong("geometry", f"the zone's outline is unusable: {trouble}", "draw it again")
    return raw


def _trouble(geometry: object) -> str | None:
    """What is wrong with an outline, if anything."""
    if not isinstance(geometry, dict):
        return "there is none"
    kind = geometry.get("type")
    if kind not in ("Polygon", "MultiPolygon"):
        return f"it is a {kind or 'nothing'}, not a Polygon or MultiPolygon"
    try:
        outline = shape(geometry)
    except (GEOSException, KeyError, IndexError, TypeError, ValueError, AttributeError):
        return "its coordinates are not rings of [longitude, latitude]"
    if outline.is_empty:
        return "it is empty"
    west, south, east, north = outline.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        return "its coordinates are not degrees (longitude first)"
    return None if outline.is_valid else explain_validity(outline)


def _listed(source: Source | None, taken: dict[str, str], mistakes: Mistakes) -> Mapping[str, PostcodeZone]:
    root = read_tree(source, mistakes)
    if root is None:
        return {}
    root.only("zones")
    zones: dict[str, PostcodeZone] = {}
    for record in root.several("zones", needed=True):
        record.only("id", "name", "parts", "source")
        zone = PostcodeZone(
            _take(record, taken),
            record.text("name"),
            tuple(_part(inner) for inner in record.several("parts")),
        )
        if not zone.parts:
            record.wrong("parts", f"zone {zone.id} has no parts", "name a country and its postcodes")
        zones[zone.id] = zone
    return zones


def _part(record: Record) -> PostcodePart:
    record.only("country", "postcodes", "prefixes", "ranges", "excluded")
    ranges: list[tuple[str, str]] = []
    for text in record.names("ranges"):
        low, dash, high = text.partition("-")
        low, high = _plain(low), _plain(high)
        if not dash or len(low) != len(high) or low > high:
            cause = f"range {text!r} has no two ends of one length in rising order"
            record.wrong("ranges", cause, "write it as 25980-25999")
        ranges.append((low, high))
    return PostcodePart(
        country=record.country("country"),
        postcodes=frozenset(map(_plain, record.names("postcodes"))),
        prefixes=tuple(map(_plain, record.names("prefixes"))),
        ranges=tuple(ranges),
        excluded=frozenset(map(_plain, record.names("excluded"))),
    )


def _plain(postcode: str) -> str:
    return NOT_IN_POSTCODE.sub("", postcode).upper()
