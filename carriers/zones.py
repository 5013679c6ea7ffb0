"""Delivery zones drawn on a map: GeoJSON polygons with an id. For delivery only, never for tax."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import shapely
from shapely.geometry import shape

from carriers.locate import coordinates
from domain import Place, WorldError

__all__ = ["Zones", "load_zones"]

Locate = Callable[[Place], tuple[float, float] | None]
CACHE_SIZE = 20_000
AREAS = frozenset({"Polygon", "MultiPolygon"})


class Zones:
    """Named polygons, prepared for many questions. A zone may have several polygons."""

    __slots__ = ("_cache", "_locate", "_names", "_shapes", "_tree", "names")

    def __init__(self, shapes: Sequence[tuple[str, shapely.Geometry]], locate: Locate = coordinates) -> None:
        self._names = tuple(name for name, _ in shapes)
        self._shapes = tuple(polygon for _, polygon in shapes)
        self.names = frozenset(self._names)
        self._locate = locate
        for polygon in self._shapes:
            shapely.prepare(polygon)
        self._tree = shapely.STRtree(list(self._shapes))
        self._cache: dict[tuple[float, float], frozenset[str]] = {}

    def containing(self, place: Place) -> frozenset[str] | None:
        """Ids of the zones the place lies in, borders included; None where nobody knows where it is.

        A place without coordinates stands at its postcode's centroid.
        """
        spot = self._locate(place)
        if spot is None:
            return None
        found = self._cache.get(spot)
        if found is None:
            if len(self._cache) >= CACHE_SIZE:
                self._cache.clear()
            # GeoJSON writes longitude first.
            point = shapely.Point(spot[1], spot[0])
            hits = self._tree.query(point, predicate="intersects")
            found = self._cache[spot] = frozenset(self._names[int(number)] for number in hits)
        return found


def load_zones(path: Path, locate: Locate = coordinates) -> Zones:
    """Zones of a GeoJSON FeatureCollection; each feature needs ``properties.id`` and a valid polygon."""
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise WorldError(
            f"the zones cannot be read: {problem}", code="carriers.zones", place=path.name
        ) from None
    features = body.get("features") if isinstance(body, dict) else None
    if not isinstance(features, list):
        raise WorldError(
            "the file is not a FeatureCollection",
            code="carriers.zones",
            place=path.name,
            cure="export the zones as GeoJSON",
        )
    return Zones([_zone(item, f"{path.name}:features/{n}") for n, item in enumerate(features)], locate)


def _zone(feature: object, place: str) -> tuple[str, shapely.Geometry]:
    known = feature if isinstance(feature, Mapping) else {}
    properties, geometry = known.get("properties"), known.get("geometry")
    name = properties.get("id") if isinstance(properties, Mapping) else None
    if not isinstance(name, str) or not name:
        raise WorldError("the zone has no id", code="carriers.zones", place=place, cure="set properties.id")
    if not isinstance(geometry, Mapping) or geometry.get("type") not in AREAS:
        raise WorldError(f"zone {name!r} is not a polygon", code="carriers.zones", place=place)
    try:
        polygon = shape(dict(geometry))
        trouble = "" if polygon.is_valid else shapely.is_valid_reason(polygon)
    except (ValueError, TypeError, IndexError, shapely.errors.GEOSException) as problem:
        raise WorldError(
            f"zone {name!r} cannot be drawn: {problem}", code="carriers.zones", place=place
        ) from None
    if trouble or polygon.is_empty:
        raise WorldError(
            f"zone {name!r} is not a valid polygon: {trouble or 'it is empty'}",
            code="carriers.zones",
            place=place,
            cure="redraw it without crossing lines",
        )
    return name, polygon
