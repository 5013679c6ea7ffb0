"""Building the territories of the world from the tables and ISO 3166-1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

import pycountry

from customs.territories.model import EU, Territory
from customs.territories.tables import day_or_none, rows, split_codes
from domain import WorldError

__all__ = ["Code", "World", "load_world"]

_ISO_SOURCE = "ISO 3166-1; in none of the unions of customs_areas.csv"
_ISO_NOTE = "country level only; unions among other countries are not modelled"


@dataclass(frozen=True, slots=True)
class Code:
    """A country code of its own: what it means, and in whose postal system it is addressed."""

    territories: frozenset[str]
    family: str
    valid_from: date | None
    valid_until: date | None

    def holds(self, day: date) -> bool:
        """Whether the code has this meaning on that day (half-open interval)."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day < self.valid_until
        )


@dataclass(frozen=True, slots=True)
class World:
    """Every territory by code, in periods; the ones no address leads to; and every country code."""

    periods: Mapping[str, tuple[Territory, ...]]
    listed_only: frozenset[str]
    codes: Mapping[str, tuple[Code, ...]]
    names: Mapping[str, str]
    horizon: date

    def at(self, code: str, day: date) -> Territory | None:
        """The territory as of that day, None where it was not one of its own then."""
        for period in self.periods.get(code, ()):
            if period.holds(day):
                return period
        return None


def _territory(row: Mapping[str, str], *, code: str, name: str, country: str, note: str) -> Territory:
    return Territory(
        code=code,
        name=name,
        country=country,
        customs_union=row["customs_union"],
        vat_area=row["vat_area"],
        excise_area=row["excise_area"],
        security_area=row["security_area"],
        vat_country=row["vat_country"],
        eu_customs=row["customs_union"] == EU,
        eu_vat=row["vat_area"] == EU,
        eu_excise=row["excise_area"] == EU,
        vat_system=row["vat_system"],
        note=note,
        source=row["source"],
        confidence=row["confidence"],
        valid_from=day_or_none(row["valid_from"]),
        valid_until=day_or_none(row["valid_until"]),
    )


def _alone(code: str, name: str, until: date | None = None) -> Territory:
    """A country in no union of the tables: every area is its own."""
    return Territory(
        code=code,
        name=name,
        country=code,
        customs_union=code,
        vat_area=code,
        excise_area=code,
        security_area=code,
        vat_country=code,
        eu_customs=False,
        eu_vat=False,
        eu_excise=False,
        vat_system="own law, outside EU VAT",
        note=_ISO_NOTE,
        source=_ISO_SOURCE,
        confidence="medium",
        valid_from=None,
        valid_until=until,
    )


def _countries() -> dict[str, str]:
    """Country codes and English names: ISO 3166-1 alpha-2, and territories that are their own country."""
    names = {
        country.alpha_2: str(getattr(country, "common_name", country.name)) for country in pycountry.countries
    }
    for row in rows("territories.csv"):
        if row["code"] == row["country"]:
            names.setdefault(row["code"], row["name"])
    return names


@cache
def load_world() -> World:
    """The packaged tables joined with ISO 3166-1; a reference to no territory is a `WorldError`."""
    periods: dict[str, list[Territory]] = {}
    listed: set[str] = set()
    for row in rows("territories.csv"):
        made = _territory(row, code=row["code"], name=row["name"], country=row["country"], note=row["note"])
        periods.setdefault(made.code, []).append(made)
        if row["status"] == "listed":
            listed.add(made.code)
    names = _countries()
    members: dict[str, list[Territory]] = {}
    for row in rows("customs_areas.csv"):
        code = row["member"]
        made = _territory(row, code=code, name=names[code], country=code, note=row["note"])
        members.setdefault(code, []).append(made)
    horizon = min(period.valid_from for each in members.values() for period in each if period.valid_from)
    for code, each in members.items():
        first = each[0].valid_from
        if first is not None and first > horizon:
            each.insert(0, _alone(code, names[code], first))
    codes = _codes()
    for code, name in names.items():
        elsewhere = any(code not in each.territories for each in codes.get(code, ()))
        if code not in periods and not elsewhere:
            periods[code] = members.get(code) or [_alone(code, name)]
    world = World(
        periods={code: tuple(each) for code, each in sorted(periods.items())},
        listed_only=frozenset(listed),
        codes=codes,
        names=names,
        horizon=horizon,
    )
    _check(world)
    return world


def _codes() -> dict[str, tuple[Code, ...]]:
    codes: dict[str, list[Code]] = {}
    for row in rows("territory_codes.csv"):
        codes.setdefault(row["code"], []).append(
            Code(
                split_codes(row["territories"]),
                row["postal_family"],
                day_or_none(row["valid_from"]),
                day_or_none(row["valid_until"]),
            )
        )
    return {code: tuple(each) for code, each in codes.items()}


def _check(world: World) -> None:
    """Every code a table refers to must be a territory that addresses may lead to."""
    for table in ("codes", "postcodes", "names", "subdivisions"):
        name = f"territory_{table}.csv"
        for number, row in enumerate(rows(name), start=2):
            for code in split_codes(row["territories"]):
                if code not in world.periods or code in world.listed_only:
                    raise WorldError(
                        f"{code!r} is no territory that an address may lead to",
                        code="territory.bad_table",
                        place=f"{name}:{number}",
                        cure="use an active code of territories.csv or an ISO 3166-1 country",
                    )
