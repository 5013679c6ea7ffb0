"""Working days of places: the weekend and the public holidays where the parcel is.

Holidays come from the ``holidays`` package; ``calendars.csv`` says which of its
countries and subdivisions a territory or postcode follows. Days are held as sorted
ordinals per (calendar, weekdays off, year), so counting is one bisect.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import holidays

from carriers.reach import Codes, Postcodes, normal_postcode
from carriers.tables import Folder, read_rows
from carriers.territories import Territories
from domain import Place, Truth, WorldError

__all__ = ["Calendar", "Calendars", "load_calendars"]

SATURDAY_SUNDAY: Final = frozenset({5, 6})
WEEK: Final = frozenset(range(7))
# The packages lists public holidays country by country; a year is 366 days at most.
MOST_DAYS: Final = 250
CACHE_SIZE: Final = 20_000


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which holidays count: a country and subdivision of the ``holidays`` package.

    ``known`` is false where the package has no such country: then only the
    Saturday and Sunday are known to be off.
    """

    country: str
    subdivision: str | None
    known: bool
    weekend: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Follows:
    territories: Codes
    postcodes: Postcodes
    country: str
    subdivision: str | None


class Calendars:
    """Calendars of places, and counting on them."""

    __slots__ = ("_carried_as", "_follows", "_free", "_places", "_regional", "_working")

    def __init__(self, follows: tuple[_Follows, ...], carried_as: Mapping[str, str]) -> None:
        self._follows = follows
        self._carried_as = carried_as
        self._places: dict[tuple[str, str, str | None], Calendar] = {}
        self._free: dict[tuple[Calendar, int], frozenset[int]] = {}
        self._working: dict[tuple[Calendar, frozenset[int], int], list[int]] = {}
        self._regional: dict[str, bool] = {}

    def of(self, place: Place) -> Calendar:
        """The calendar a place follows; without a postcode the territory's general one."""
        territory = place.territory or place.country
        regional = self._regional.get(territory)
        if regional is None:
            regional = self._regional[territory] = any(
                not item.postcodes.everywhere and item.territories.rank(territory, self._carried_as)
                for item in self._follows
            )
        postcode = normal_postcode(place.postcode) if regional and place.postcode else None
        key = (place.country, territory, postcode)
        found = self._places.get(key)
        if found is None:
            if len(self._places) >= CACHE_SIZE:
                self._places.clear()
            found = self._places[key] = self._resolve(place.country, territory, postcode)
        return found

    def _resolve(self, country: str, territory: str, postcode: str | None) -> Calendar:
        matching = [
            item
            for item in self._follows
            if item.territories.rank(territory, self._carried_as)
            and item.postcodes.has(postcode) is Truth.YES
        ]
        if matching:
            chosen = max(matching, key=lambda item: item.postcodes.narrowing)
            return _calendar(chosen.country, chosen.subdivision)
        return _calendar(country, None)

    def after(
        self, calendar: Calendar, start: date, count: int, weekdays: frozenset[int] | None = None
    ) -> date:
        """The ``count``-th working day after ``start``; 0 is ``start`` itself or the next working day.

        ``weekdays`` (0 Monday) replaces the calendar's own week: where a carrier delivers on
        Saturdays only Sundays and holidays are left out.
        """
        if count > MOST_DAYS:
            raise ValueError(f"{count} working days are more than a year")
        off = calendar.weekend if weekdays is None else WEEK - weekdays
        days = self._days(calendar, off, start.year)
        ordinal = start.toordinal()
        number = bisect_left(days, ordinal) if count == 0 else bisect_right(days, ordinal) + count - 1
        return date.fromordinal(days[number])

    def off(
        self, calendar: Calendar, first: date, last: date, weekdays: frozenset[int] | None = None
    ) -> tuple[date, ...]:
        """The days off after ``first`` and before ``last``: why a parcel took longer."""
        off = calendar.weekend if weekdays is None else WEEK - weekdays
        days = self._days(calendar, off, first.year)
        low, high = first.toordinal() + 1, last.toordinal()
        working = set(days[bisect_left(days, low) : bisect_left(days, high)])
        return tuple(date.fromordinal(number) for number in range(low, high) if number not in working)

    def is_holiday(self, calendar: Calendar, day: date) -> bool:
        """Whether that day is a public holiday there, whatever the weekday."""
        return day.toordinal() in self._holidays(calendar, day.year)

    def _days(self, calendar: Calendar, off: frozenset[int], year: int) -> list[int]:
        """Working days of that year and the next."""
        key = (calendar, off, year)
        found = self._working.get(key)
        if found is None:
            free = self._holidays(calendar, year) | self._holidays(calendar, year + 1)
            start, end = date(year, 1, 1).toordinal(), date(year + 2, 1, 1).toordinal()
            # Ordinal 1 was a Monday.
            found = self._working[key] = [
                number for number in range(start, end) if (number - 1) % 7 not in off and number not in free
            ]
        return found

    def _holidays(self, calendar: Calendar, year: int) -> frozenset[int]:
        if not calendar.known:
            return frozenset()
        key = (calendar, year)
        found = self._free.get(key)
        if found is None:
            days = holidays.country_holidays(calendar.country, subdiv=calendar.subdivision, years=year)
            found = self._free[key] = frozenset(day.toordinal() for day in days)
        return found


def _calendar(country: str, subdivision: str | None) -> Calendar:
    try:
        known = holidays.country_holidays(country, subdiv=subdivision)
    except NotImplementedError:
        return Calendar(country, None, False, SATURDAY_SUNDAY)
    weekend = frozenset(known.weekend)
    return Calendar(country, subdivision, True, weekend or SATURDAY_SUNDAY)


def load_calendars(folder: Folder, territories: Territories) -> Calendars:
    """Reads ``calendars.csv``; a country or subdivision the package lacks is an error."""
    follows: list[_Follows] = []
    for row in read_rows(folder.find("calendars.csv")):
        country, subdivision = row.text("country"), row.optional("subdivision")
        supported = holidays.list_supported_countries(include_aliases=True)
        if country not in supported or (subdivision and subdivision not in supported[country]):
            raise WorldError(
                f"no holidays are known for {country} {subdivision or ''}".rstrip(),
                code="carriers.table",
                place=row.place,
                cure="use a country and subdivision of the holidays package",
            )
        follows.append(
            _Follows(territories.codes(row, "territories"), territories.postcodes(row), country, subdivision)
        )
    return Calendars(tuple(follows), territories.carried_as)
