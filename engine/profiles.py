"""Locations grouped into profiles: what is the same for the law, the carriers and the rules."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from customs.territories import Territory
from domain import Location
from engine.case import Case
from engine.world import World

__all__ = ["Profile", "Profiles", "next_departure"]


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """Locations that get the same quote; ``location`` stands for all of them.

    ``services`` is the bitset of carrier services contracted there; ``leaves`` the
    estimated local day of dispatch, before preparation is planned exactly.
    """

    index: int
    location: Location
    territory: Territory
    services: int
    leaves: date


def next_departure(location: Location, moment: datetime, world: World) -> datetime | None:
    """The first cut-off not before the moment, None within 30 days where nothing leaves."""
    local = moment.astimezone(ZoneInfo(location.timezone))
    calendar = world.carriers.calendars.of(location.place)
    for number in range(31):
        day = local.date() + timedelta(days=number)
        cut_off = location.cut_offs.get(day.weekday())
        if cut_off is None or world.carriers.calendars.is_holiday(calendar, day):
            continue
        instant = datetime.combine(day, cut_off, ZoneInfo(location.timezone))
        if instant >= local:
            return instant
    return None


class Profiles:
    """Profiles made on demand for one order. Where a rule names single locations, each is its own."""

    def __init__(self, case: Case, world: World) -> None:
        self._case = case
        self._world = world
        self._by_key: dict[tuple[object, ...], Profile] = {}
        self.all: list[Profile] = []
        self._each_alone = world.names_locations

    def of(self, location: Location) -> Profile | None:
        """The profile of a location; None where nothing ever leaves it or its territory is not settled."""
        world = self._world
        place = location.place
        day = self._case.day
        finding = world.territories.resolve(
            place.country, place.postcode, place.city, place.subdivision, day=day
        )
        if finding.territory is None:
            return None
        services = self._services(location, day)
        target = self._case.target
        key = (
            finding.territory.code,
            location.kind,
            location.entity,
            location.abilities,
            location.labels,
            services,
            tuple(sorted(location.cut_offs.items())),
            location.timezone,
            location.holidays,
            location.id if self._each_alone or (target is not None and target.id == location.id) else None,
        )
        found = self._by_key.get(key)
        if found is None:
            leaves = next_departure(location, self._case.order.placed_at, world)
            if leaves is None:
                return None
            settled = replace(location, place=place.within(finding.territory.code))
            found = Profile(len(self.all), settled, finding.territory, services, leaves.date())
            self._by_key[key] = found
            self.all.append(found)
        return found

    def _services(self, location: Location, day: date) -> int:
        world = self._world
        bits = 0
        for name in world.retailer.services_at(location, day) | world.adjustments.contracts:
            bits |= 1 << world.carriers.get(name).index
        return bits
