"""locations.yaml: warehouses and shops, what they can do and until when."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import time
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import holidays

from domain import Location, Money, Place
from engine.retailer_codes import codes
from engine.retailer_mistakes import Mistakes, nearest
from engine.retailer_nodes import Scalar
from engine.retailer_record import Record
from engine.retailer_sources import Source
from engine.retailer_yaml import read_tree

__all__ = ["Locations", "read_locations"]

WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
DAYS = r"(?:(?:Mo|Tu|We|Th|Fr|Sa|Su)(?:-(?:Mo|Tu|We|Th|Fr|Sa|Su))?|PH)"
HOURS = r"[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]"
RULE = rf"(?:24/7|(?:{DAYS}(?:,\s*{DAYS})*\s+)?(?:off|closed|{HOURS}(?:,\s*{HOURS})*))"
OPENING_HOURS = re.compile(rf"{RULE}(?:;\s*{RULE})*;?")

FIELDS = (
    "id",
    "name",
    "kind",
    "entity",
    "place",
    "timezone",
    "holidays",
    "abilities",
    "cut_offs",
    "opening_hours",
    "services",
    "handling_cost",
    "transfer_days",
    "supplied_by",
    "daily_capacity",
    "labels",
)
PLACE_FIELDS = ("country", "postcode", "city", "subdivision", "latitude", "longitude")


@dataclass(frozen=True, slots=True)
class Locations:
    """Locations by id, the warehouse that supplies each shop, and the currency of handling costs."""

    by_id: dict[str, Location]
    supplied_by: dict[str, str]
    currency: str


def read_locations(source: Source | None, owners: Collection[str] | None, mistakes: Mistakes) -> Locations:
    """Read locations.yaml against the known entities (``owners``)."""
    by_id: dict[str, Location] = {}
    root = read_tree(source, mistakes)
    if root is None:
        return Locations(by_id, {}, "")
    root.only("currency", "locations")
    currency = root.text("currency")
    suppliers: list[tuple[Record, str, str]] = []
    for record in root.several("locations", needed=True):
        location = _location(record.only(*FIELDS), owners, currency)
        if location.id in by_id:
            record.wrong("id", f"location {location.id!r} is defined twice", "keep one of them")
        by_id[location.id] = location
        supplier = record.maybe("supplied_by")
        if supplier is not None:
            suppliers.append((record, location.id, supplier))
        if (supplier is None) != (location.transfer_days is None):
            cause = f"{location.id} has one of supplied_by and transfer_days"
            record.wrong("transfer_days", cause, "give both or neither")
    for record, _, supplier in suppliers:
        if supplier not in by_id:
            cause = f"supplied_by names unknown location {supplier!r}"
            record.wrong("supplied_by", cause, nearest(supplier, by_id, "location"))
    return Locations(by_id, {shop: supplier for _, shop, supplier in suppliers}, currency)


def _location(record: Record, owners: Collection[str] | None, currency: str) -> Location:
    hours = record.maybe("opening_hours")
    if hours is not None and not OPENING_HOURS.fullmatch(hours):
        cause = f"opening_hours {hours!r} is not in OSM form"
        record.wrong("opening_hours", cause, "write as: Mo-Sa 10:00-19:00; Su,PH off")
    cost = record.amount("handling_cost", currency)
    return Location(
        id=record.identifier("id"),
        name=record.text("name"),
        kind=record.choice("kind", codes("location kind"), "location kind"),
        entity=record.choice("entity", owners, "entity"),
        place=_place(record.inner("place").only(*PLACE_FIELDS)),
        timezone=_timezone(record),
        abilities=record.codes("abilities", codes("ability"), "ability"),
        cut_offs=_cut_offs(record.inner("cut_offs")),
        holidays=_calendar(record),
        services=record.codes("services") if record.has("services") else None,
        opening_hours=hours,
        handling_cost_minor=Money.rounded(cost, currency).minor if cost else 0,
        transfer_days=record.maybe_whole("transfer_days", high=60, unit="days"),
        daily_capacity=record.maybe_whole("daily_capacity", unit="orders a day"),
        labels=record.codes("labels"),
    )


def _place(record: Record) -> Place:
    return Place(
        country=record.country("country"),
        postcode=record.text("postcode"),
        city=record.text("city"),
        subdivision=record.maybe("subdivision"),
        latitude=_degrees(record, "latitude", 90),
        longitude=_degrees(record, "longitude", 180),
    )


def _degrees(record: Record, key: str, most: int) -> float | None:
    number = record.maybe_decimal(key, -most, most)
    if number is None:
        record.wrong(key, f"{key} is missing", "write WGS 84 degrees, such as 45.76")
    return None if number is None else float(number)


def _timezone(record: Record) -> str:
    name = record.text("timezone")
    if name and not _is_timezone(name):
        cause = f"unknown timezone {name!r}"
        record.wrong("timezone", cause, nearest(name, available_timezones(), "timezone"))
    return name


@cache
def _is_timezone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        return False
    return True


def _calendar(record: Record) -> str:
    """A country or country-subdivision code of the holidays package, such as ``DE-BW``."""
    code = record.text("holidays")
    country, _, part = code.partition("-")
    known = _calendars()
    if code and country not in known:
        record.wrong("holidays", f"unknown holiday calendar {code!r}", nearest(country, known, "country"))
    elif part and part not in known[country]:
        cause = f"holiday calendar {country} has no part {part!r}"
        record.wrong("holidays", cause, nearest(part, known[country], "part"))
    return code


@cache
def _calendars() -> dict[str, frozenset[str]]:
    listed = holidays.list_supported_countries(include_aliases=True)
    return {country: frozenset(parts) for country, parts in listed.items()}


def _cut_offs(record: Record) -> dict[int, time]:
    """``{Mo-Fr: 16:00, Sa: 12:00}`` to weekday (0 Monday) and local time."""
    cut_offs: dict[int, time] = {}
    for key, node in record.table.entries.items():
        first, _, last = key.partition("-")
        text = node.text if isinstance(node, Scalar) else ""
        if first not in WEEKDAYS or (last or first) not in WEEKDAYS:
            record.wrong(key, f"{key!r} in cut_offs is no weekday", "write Mo, Tu ... or Mo-Fr")
        elif not CLOCK.fullmatch(text):
            record.wrong(key, f"cut-off {text!r} is no time of day", "write local time as 16:00")
        else:
            days = range(WEEKDAYS.index(first), WEEKDAYS.index(last or first) + 1)
            for day in days:
                if day in cut_offs:
                    record.wrong(key, f"{WEEKDAYS[day]} has two cut-offs", "keep one")
                cut_offs[day] = time.fromisoformat(text)
            if not days:
                record.wrong(key, f"{key!r} in cut_offs runs backwards", "start with the earlier day")
    return dict(sorted(cut_offs.items()))
