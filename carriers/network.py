"""Everything about carriers in one immutable object: what a decision asks, as bitsets where it can be."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from carriers.calendars import Calendars, load_calendars
from carriers.cartons import Carton, load_cartons
from carriers.catalog import load_goods_codes, load_services
from carriers.fit import LimitIndex
from carriers.lanes import LaneAnswer, LaneTable
from carriers.locate import coordinates
from carriers.pack import pack
from carriers.points import Points, distance_m, load_points
from carriers.price import Price, RateCards, cost_minor, price
from carriers.promise import Promise, promise
from carriers.rates import load_rate_zones
from carriers.service import Lane, Service
from carriers.surcharges import load_surcharges
from carriers.tables import Folder
from carriers.territories import load_territories
from carriers.zones import Zones, load_zones
from domain import PackItem, Parcel, Place, Reason, UnknownReference

__all__ = ["Carriers"]

TABLES: Final = (
    "territory_groups.csv",
    "carried_as.csv",
    "goods_codes.csv",
    "services.csv",
    "lanes.csv",
    "size_bands.csv",
    "calendars.csv",
)
SUPPLIED: Final = ("contract", "rate_zones", "rates", "surcharges", "remote_areas", "points", "cartons")
PACKINGS: Final = 20_000
METRES_PER_KM: Final = 1000


class Carriers:
    """Services, rates, points, cartons, calendars and zones. Bit ``1 << service.index`` is a service.

    ``version`` is a digest of every table read, for the decision log.
    """

    def __init__(
        self,
        services: tuple[Service, ...],
        rates: RateCards,
        points: Points,
        cartons: tuple[Carton, ...],
        calendars: Calendars,
        zones: Zones,
        carried_as: Mapping[str, str],
        goods_codes: frozenset[str] = frozenset(),
        version: str = "",
    ) -> None:
        self.services = services
        self.rates = rates
        self.points = points
        self.cartons = cartons
        self.calendars = calendars
        self.zones = zones
        self.goods_codes = goods_codes
        self.version = version
        self.all_bits = (1 << len(services)) - 1
        self._by_id = {service.id: service for service in services}
        self._local = tuple(service for service in services if service.max_km is not None)
        self._lanes = LaneTable(services, carried_as)
        self._limits = LimitIndex(services)
        self._accepting = {
            code: sum(1 << s.index for s in services if code in s.accepts) for code in goods_codes
        }
        self._traits = _traits(services)
        self._pack = lru_cache(maxsize=PACKINGS)(lambda items: pack(items, self.cartons))

    @classmethod
    def load(cls, folder: Path | None = None, *, demo: bool = True) -> Carriers:
        """From the packaged tables, each replaced by the one of the same name in ``folder``.

        What a retailer must supply (contract, rates, surcharges, remote areas, points,
        cartons, zones) comes from ``folder``; ``demo`` stands in with labelled demo files.
        A broken table is a ``WorldError`` with file, line and column.
        """
        source = Folder(folder, demo)
        territories = load_territories(source)
        services = load_services(source, territories)
        surcharges = load_surcharges(
            source, territories, frozenset(s.id for s in services), frozenset(s.carrier for s in services)
        )
        rates = RateCards(load_rate_zones(source, territories), surcharges, territories.carried_as)
        points, zones = source.supplied("points"), source.supplied("zones", ".geojson")
        return cls(
            services,
            rates,
            load_points(points) if points is not None else Points(()),
            load_cartons(source),
            load_calendars(source, territories),
            load_zones(zones) if zones is not None else Zones(()),
            territories.carried_as,
            load_goods_codes(source),
            _version(source),
        )

    def get(self, identifier: str) -> Service:
        """The service of that id; an unknown one is an ``UnknownReference``."""
        try:
            return self._by_id[identifier]
        except KeyError:
            raise UnknownReference(f"no carrier service has the id {identifier!r}") from None

    def of_bits(self, bits: int) -> tuple[Service, ...]:
        """The services of a bitset, in index order."""
        found = []
        while bits:
            low = bits & -bits
            found.append(self.services[low.bit_length() - 1])
            bits ^= low
        return tuple(found)

    # ------------------------------------------------------------ bitsets

    def lane_bits(self, origin: str, destination: Place, day: date) -> int:
        """Services open from a territory to a place on a day. Undecided ones are left out: see ``lanes``."""
        return self._lanes.answer(origin, destination, day).open

    def lanes(self, origin: str, destination: Place, day: date) -> LaneAnswer:
        """The whole answer: open, unsettled for want of a postcode, the lane rows, closures."""
        return self._lanes.answer(origin, destination, day)

    def limit_bits(self, parcel: Parcel) -> int:
        """Services whose size and weight limits admit the parcel."""
        return self._limits.bits(parcel)

    def limit_bits_all(self, parcels: Sequence[Parcel]) -> int:
        """Services that take every one of the parcels."""
        bits = self.all_bits
        for parcel in dict.fromkeys(parcels):
            bits &= self._limits.bits(parcel)
        return bits

    def accept_bits(self, codes: Collection[str]) -> int:
        """Services that take goods of all these codes; a code nobody lists is taken by none."""
        bits = self.all_bits
        for code in codes:
            bits &= self._accepting.get(code, 0)
        return bits

    def trait_bits(self, trait: str, value: str) -> int:
        """Services by trait: ``mode``, ``speed``, ``carrier``, ``network``, ``transport``,
        ``feature``, ``incoterm``; a value nobody has gives 0."""
        try:
            return self._traits[trait].get(value, 0)
        except KeyError:
            raise UnknownReference(
                f"services have no trait {trait!r}", cure=f"use one of {', '.join(sorted(self._traits))}"
            ) from None

    def range_bits(self, origin: Place, destination: Place) -> int:
        """Services for which the places are near enough: all but local rounds out of range or unlocated."""
        bits = self.all_bits
        for service in self._local:
            if self.out_of_range(service, origin, destination) is not None:
                bits &= ~(1 << service.index)
        return bits

    def out_of_range(self, service: Service, origin: Place, destination: Place) -> Reason | None:
        """None where near enough; ``range_exceeded`` (metres), or ``range_unknown`` where a place is."""
        if service.max_km is None:
            return None
        start, end = coordinates(origin), coordinates(destination)
        if start is None or end is None:
            return Reason("range_unknown", {"service": service.id})
        metres = distance_m(start, end)
        if metres <= service.max_km * METRES_PER_KM:
            return None
        return Reason(
            "range_exceeded",
            {"service": service.id, "value": metres, "maximum": service.max_km * METRES_PER_KM},
        )

    # ------------------------------------------------------------ one service

    def lane(self, service: Service, origin: str, destination: Place, day: date) -> Lane | Reason:
        """The lane row that speaks, or ``lane_none``, ``lane_closed``, ``lane_postcode_missing``."""
        why = self._lanes.why_not(service, origin, destination, day)
        if why is not None:
            return why
        return self._lanes.answer(origin, destination, day).lanes[service.index]

    def pack(self, items: Sequence[PackItem], cartons: Sequence[Carton] | None = None) -> tuple[Parcel, ...]:
        """Parcels for the items, remembered; ``cartons`` overrides the catalog."""
        if cartons is not None:
            return pack(items, cartons)
        return self._pack(tuple(items))

    def price(
        self,
        service: Service,
        origin: Place,
        destination: Place,
        parcels: Sequence[Parcel],
        day: date,
        flags: Collection[str] = (),
    ) -> Price | Reason:
        """What the carrier charges; see ``carriers.price``."""
        return price(service, origin, destination, parcels, day, self.rates, flags)

    def cost_minor(
        self,
        service: Service,
        origin: Place,
        destination: Place,
        parcels: Sequence[Parcel],
        day: date,
        flags: Collection[str] = (),
    ) -> int | None:
        """The total of ``price`` in minor units, or None: for searches."""
        return cost_minor(service, origin, destination, parcels, day, self.rates, flags)

    def promise(
        self,
        service: Service,
        origin: str,
        leaves: datetime,
        destination: Place,
        customs_days: tuple[int, int] = (0, 0),
        open_weekdays: Collection[int] | None = None,
    ) -> Promise | Reason:
        """When parcels leaving a territory at an aware instant arrive; see ``carriers.promise``."""
        lane = self.lane(service, origin, destination, leaves.date())
        if isinstance(lane, Reason):
            return lane
        return promise(service, lane, leaves, destination, self.calendars, customs_days, open_weekdays)


def _traits(services: Sequence[Service]) -> dict[str, dict[str, int]]:
    traits: dict[str, dict[str, int]] = {
        name: {} for name in ("mode", "speed", "carrier", "network", "transport", "feature", "incoterm")
    }
    for service in services:
        bit = 1 << service.index
        single = {
            "mode": service.mode,
            "speed": service.speed,
            "carrier": service.carrier,
            "transport": service.transport,
        }
        if service.network is not None:
            single["network"] = service.network
        values = [*single.items()]
        values += [("feature", feature) for feature in service.features]
        values += [("incoterm", incoterm) for incoterm in service.incoterms]
        for trait, value in values:
            traits[trait][value] = traits[trait].get(value, 0) | bit
    return traits


def _version(source: Folder) -> str:
    """A digest of names and contents of all tables read."""
    digest = hashlib.sha256()
    paths = [source.find(name) for name in TABLES]
    paths += [path for stem in SUPPLIED if (path := source.supplied(stem)) is not None]
    zones = source.supplied("zones", ".geojson")
    for path in [*paths, zones] if zones is not None else paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
