"""Pickup points: shops, post offices and lockers, and those near a place."""

from __future__ import annotations

import math
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from geopy.distance import geodesic

from carriers.limits import Limits, read_limits
from carriers.locate import coordinates
from carriers.opening import parse_weekdays
from carriers.tables import Row, read_rows
from domain import Parcel, Place, UnknownReference, WorldError

__all__ = ["KINDS", "PickupPoint", "Points", "distance_m", "load_points"]

KINDS: Final = frozenset({"parcel_shop", "locker"})
EARTH_M: Final = 6_371_008.8
"""Mean radius of WGS 84 in metres."""
CELL: Final = 0.1
"""Grid step in degrees: about 11 km north to south."""
PARTS: Final = (0.125, 0.5, 1.0)
"""Circles searched in turn, as parts of the farthest distance asked for."""
METRES_PER_DEGREE: Final = EARTH_M * math.pi / 180
SPHERE_ERROR: Final = 0.006
"""A sphere misjudges distances on the ellipsoid by up to 0.56 %."""
LOCAL_ERROR: Final = 0.0001
LOCAL_MOST_M: Final = 60_000
LOCAL_MOST_LATITUDE: Final = 65
"""Within these the formula for short distances errs by less than ``LOCAL_ERROR``."""
EQUATOR_M: Final = 6_378_137.0
ECCENTRICITY_2: Final = 0.006_694_379_990_14
"""Equatorial radius and first eccentricity squared of WGS 84."""
CACHE_SIZE: Final = 20_000


@dataclass(frozen=True, slots=True)
class PickupPoint:
    """A point where parcels wait. ``territory`` is its own and may differ from the buyer's.

    ``limits`` are the point's, beside those of the service. ``services`` is empty where
    every service of the network delivers to it. ``opening_hours`` is OSM text such as
    ``Mo-Sa 09:00-19:00`` or ``24/7``; ``weekdays`` what it says, 0 Monday.
    """

    id: str
    network: str
    kind: str
    name: str
    place: Place
    territory: str
    limits: Limits
    opening_hours: str
    weekdays: frozenset[int]
    services: frozenset[str]
    demo: bool
    source: str

    def takes(self, parcels: Iterable[Parcel]) -> bool:
        """Whether each parcel keeps within the point's own limits."""
        return all(self.limits.excess(parcel) is None for parcel in parcels)


Hit = tuple[float, str, PickupPoint]
"""Metres, id and point."""


@lru_cache(maxsize=65536)
def distance_m(one: tuple[float, float], two: tuple[float, float]) -> int:
    """Metres between two (latitude, longitude) on the WGS 84 ellipsoid, cached by pair."""
    metres: float = geodesic(one, two).meters
    return round(metres)


class Points:
    """All points in a grid of tenths of a degree."""

    __slots__ = ("_by_id", "_cache", "_cells", "all")

    def __init__(self, points: Sequence[PickupPoint]) -> None:
        self.all = tuple(points)
        self._by_id = {point.id: point for point in points}
        if len(self._by_id) != len(points):
            raise WorldError("a pickup point id is used twice", code="carriers.table", place="points")
        self._cells: dict[tuple[int, int], list[tuple[float, float, float, PickupPoint]]] = defaultdict(list)
        self._cache: OrderedDict[object, tuple[PickupPoint, ...]] = OrderedDict()
        for point in points:
            spot = point.place.point
            if spot is None:
                raise WorldError(f"pickup point {point.id} has no coordinates", code="carriers.table")
            latitude, longitude = math.radians(spot[0]), math.radians(spot[1])
            self._cells[_cell(spot)].append((latitude, longitude, math.cos(latitude), point))

    def __len__(self) -> int:
        return len(self.all)

    def get(self, identifier: str) -> PickupPoint:
        """The point of that id; an unknown one is an ``UnknownReference``."""
        try:
            return self._by_id[identifier]
        except KeyError:
            raise UnknownReference(f"no pickup point has the id {identifier!r}") from None

    def near(
        self,
        place: Place,
        networks: Collection[str],
        limit: int = 10,
        max_km: int = 30,
        parcels: tuple[Parcel, ...] = (),
    ) -> tuple[PickupPoint, ...]:
        """Up to ``limit`` points of the networks within ``max_km``, nearest first.

        Great-circle distances order them; where two differ by less than a sphere can
        tell, the geodesic does, then the id. A place that cannot be located has none.
        Points whose own limits a parcel exceeds are left out.
        """
        spot = coordinates(place)
        if spot is None or limit < 1:
            return ()
        key = (spot, frozenset(networks), limit, max_km, parcels)
        found = self._cache.get(key)
        if found is None:
            if len(self._cache) >= CACHE_SIZE:
                self._cache.popitem(last=False)
            found = self._cache[key] = self._search(spot, frozenset(networks), limit, max_km, parcels)
        return found

    def _search(
        self,
        spot: tuple[float, float],
        networks: frozenset[str],
        limit: int,
        max_km: int,
        parcels: tuple[Parcel, ...],
    ) -> tuple[PickupPoint, ...]:
        """Looks close by first, and farther only while there are too few."""
        for part in PARTS:
            reach = max_km * 1000 * part
            hits = sorted(self._within(spot, networks, reach, parcels), key=lambda hit: hit[:2])
            # What lies just outside the circle may be nearer than a sphere makes it.
            if len(hits) >= limit and hits[limit - 1][0] * (1 + 2 * SPHERE_ERROR) <= reach:
                break
        return tuple(point for _, _, point in _settle_ties(hits, spot, limit)[:limit])

    def _within(
        self, spot: tuple[float, float], networks: frozenset[str], reach: float, parcels: tuple[Parcel, ...]
    ) -> Iterator[Hit]:
        """Great-circle metres, id and point for those within ``reach`` metres."""
        latitude, longitude = math.radians(spot[0]), math.radians(spot[1])
        cosine = math.cos(latitude)
        rows = math.ceil(reach / METRES_PER_DEGREE / CELL)
        # Degrees of longitude shrink towards the pole; the far edge of the square counts.
        edge = math.cos(min(math.radians(89), abs(latitude) + reach / EARTH_M))
        columns = math.ceil(reach / (METRES_PER_DEGREE * edge) / CELL)
        row, column = _cell(spot)
        for y in range(row - rows, row + rows + 1):
            for x in range(column - columns, column + columns + 1):
                for other, east, other_cosine, point in self._cells.get((y, _wrap(x)), ()):
                    if point.network not in networks:
                        continue
                    half = math.sin((other - latitude) / 2) ** 2
                    half += cosine * other_cosine * math.sin((east - longitude) / 2) ** 2
                    metres = 2 * EARTH_M * math.asin(min(1.0, math.sqrt(half)))
                    if metres <= reach and point.takes(parcels):
                        yield metres, point.id, point


def _settle_ties(hits: list[Hit], spot: tuple[float, float], limit: int) -> list[Hit]:
    """The nearest in true order: runs that a sphere cannot tell apart are measured on the ellipsoid,
    by a quick formula where it is good to 0.01 %, and by the geodesic where even that ties.
    """

    def exact(run: list[Hit]) -> list[Hit]:
        return [(float(distance_m(spot, _spot(point))), name, point) for _, name, point in run]

    def local(run: list[Hit]) -> list[Hit]:
        if run[-1][0] > LOCAL_MOST_M or abs(spot[0]) > LOCAL_MOST_LATITUDE:
            return exact(run)
        near = [(_local_m(spot, _spot(point)), name, point) for _, name, point in run]
        near.sort(key=lambda hit: hit[:2])
        return _by_runs(near, len(near), LOCAL_ERROR, exact)

    return _by_runs(hits, limit, SPHERE_ERROR, local)


def _by_runs(
    hits: list[Hit], limit: int, error: float, measure: Callable[[list[Hit]], list[Hit]]
) -> list[Hit]:
    """Measures again each run of hits whose distances differ by no more than ``error`` both ways."""
    ordered: list[Hit] = []
    start = 0
    while start < len(hits) and len(ordered) < limit:
        end = start + 1
        while end < len(hits) and hits[end][0] <= hits[end - 1][0] * (1 + 2 * error):
            end += 1
        run = hits[start:end]
        if len({_spot(point) for _, _, point in run}) > 1:
            run = sorted(measure(run), key=lambda hit: hit[:2])
        ordered += run
        start = end
    return ordered


def _local_m(one: tuple[float, float], two: tuple[float, float]) -> float:
    """Metres by the radii of curvature of WGS 84 at the middle latitude: for short distances."""
    middle = math.radians((one[0] + two[0]) / 2)
    bulge = 1 - ECCENTRICITY_2 * math.sin(middle) ** 2
    east = EQUATOR_M / math.sqrt(bulge) * math.cos(middle)
    north = EQUATOR_M * (1 - ECCENTRICITY_2) / bulge**1.5
    turn = (two[1] - one[1] + 180) % 360 - 180
    return math.hypot(north * math.radians(two[0] - one[0]), east * math.radians(turn))


def _spot(point: PickupPoint) -> tuple[float, float]:
    spot = point.place.point
    return spot if spot is not None else (0.0, 0.0)


def _cell(spot: tuple[float, float]) -> tuple[int, int]:
    return (math.floor(spot[0] / CELL), _wrap(math.floor(spot[1] / CELL)))


def _wrap(column: int) -> int:
    """Columns run round the globe."""
    whole = round(360 / CELL)
    return (column + whole // 2) % whole - whole // 2


def load_points(path: Path) -> Points:
    """Points from a CSV file (the columns of ``points_demo.csv``)."""
    return Points([_point(row) for row in read_rows(path)])


def _point(row: Row) -> PickupPoint:
    latitude, longitude = row.decimal("latitude"), row.decimal("longitude")
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        raise row.error("latitude", "a pickup point needs coordinates in degrees")
    territory, hours = row.text("territory"), row.text("opening_hours")
    try:
        weekdays = parse_weekdays(hours)
    except ValueError as problem:
        raise row.error("opening_hours", str(problem), "write them like Mo-Sa 09:00-19:00") from None
    place = Place(
        row.text("country"),
        row.optional("postcode"),
        row.optional("city"),
        None,
        territory,
        float(latitude),
        float(longitude),
    )
    return PickupPoint(
        id=row.text("id"),
        network=row.text("network"),
        kind=row.choice("kind", KINDS),
        name=row.text("name"),
        place=place,
        territory=territory,
        limits=read_limits(row),
        opening_hours=hours,
        weekdays=weekdays,
        services=frozenset(row.words("services")),
        demo=row.yes("demo"),
        source=row.text("source"),
    )
