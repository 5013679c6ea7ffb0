"""The VAT table beside a published one, level by level, with the known reasons for each difference.

The publication (eu-vat-rates-data, layout of its JSON file) lists the rate levels of a country without the
goods they are for; ours are compared as the levels that any goods bear, its regions included.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from importlib.resources import files

from customs.rates.vat import VatRate, VatRates
from domain import InputError, WorldError

__all__ = [
    "Comparison",
    "Difference",
    "Published",
    "Reason",
    "compare",
    "installed",
    "parse",
    "percent_text",
    "read_reasons",
]

PACKAGE = "eu-vat-rates-data"
MODULE = "eu_vat_rates_data"
STANDARD = "standard"
LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Published:
    """Rate levels by country, in per cent. ``as_at`` is the day the publication gives itself."""

    name: str
    version: str
    as_at: date
    standard: Mapping[str, Decimal]
    levels: Mapping[str, frozenset[Decimal]]
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a difference is known and right. ``theirs`` or ``ours`` is None where that side has nothing."""

    country: str
    what: str
    theirs: Decimal | None
    ours: Decimal | None
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One rate that only one side has, or that both give differently; ``reason`` None is unexplained."""

    country: str
    what: str
    theirs: Decimal | None
    ours: Decimal | None
    reason: Reason | None

    @property
    def explained(self) -> bool:
        """Whether somebody has looked and written down why."""
        return self.reason is not None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences on a day, and the reasons that no difference needs any more."""

    day: date
    published: Published
    countries: int
    differences: tuple[Difference, ...]
    idle_reasons: tuple[Reason, ...]

    @property
    def unexplained(self) -> tuple[Difference, ...]:
        """The differences that somebody has to look at."""
        return tuple(difference for difference in self.differences if not difference.explained)

    def to_json(self) -> dict[str, object]:
        """The stable machine form: percentages as decimal strings, None where a side has nothing."""
        published = self.published
        return {
            "date": self.day.isoformat(),
            "publication": {
                "name": published.name,
                "version": published.version,
                "as_at": published.as_at.isoformat(),
            },
            "countries": self.countries,
            "unexplained": len(self.unexplained),
            "differences": [
                {
                    **_sides(item),
                    "eu_member": item.country in published.members,
                    "explained": item.explained,
                    "reason": item.reason.reason if item.reason else None,
                    "source": item.reason.source if item.reason else None,
                }
                for item in self.differences
            ],
            "idle_reasons": [_sides(item) for item in self.idle_reasons],
        }


def percent_text(value: Decimal | None) -> str | None:
    """``25.5``; whole numbers without a decimal point."""
    return None if value is None else f"{value:f}".removesuffix(".0")


def _sides(item: Difference | Reason) -> dict[str, object]:
    return {
        "country": item.country,
        "what": item.what,
        "theirs": percent_text(item.theirs),
        "ours": percent_text(item.ours),
    }


def installed() -> Published:
    """The levels of the installed package. Raises InputError where it is absent or unreadable."""
    from importlib.metadata import version

    try:
        text = files(MODULE).joinpath(f"{MODULE}.json").read_text(encoding="utf-8")
    except (ModuleNotFoundError, FileNotFoundError):
        raise InputError(
            f"the package {PACKAGE} is not installed",
            code="rates.no_publication",
            cure='install it: pip install "passavant[drift]"',
        ) from None
    return parse(text, version(PACKAGE))


def parse(text: str, version: str = "") -> Published:
    """From the text of the publication's JSON file; numbers stay decimal. Raises InputError."""
    try:
        body = json.loads(text, parse_float=Decimal, parse_int=Decimal)
        rates = body["rates"]
        as_at = date.fromisoformat(body["version"])
        standard = {code: _percent(entry["standard"]) for code, entry in rates.items()}
        levels = {code: frozenset(_levels(entry)) - {standard[code]} for code, entry in rates.items()}
        members = frozenset(code for code, entry in rates.items() if entry.get("eu_member") is True)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"this is no table of published VAT rates: {error}", code="vat.not_published_table"
        ) from None
    return Published(PACKAGE, version, as_at, standard, levels, members)


def _percent(value: object) -> Decimal:
    if not isinstance(value, Decimal):
        raise TypeError(f"{value!r} is not a number")
    return value


def _levels(entry: Mapping[str, object]) -> Iterable[Decimal]:
    reduced = entry.get("reduced") or []
    if not isinstance(reduced, list):
        raise TypeError("reduced is not a list")
    yield from (_percent(value) for value in reduced)
    yield from (_percent(entry[key]) for key in ("super_reduced", "parking") if entry.get(key) is not None)


def read_reasons(text: str | None = None) -> tuple[Reason, ...]:
    """The packaged reasons, or those of a text in the same layout. Raises WorldError with the line."""
    name = "vat_drift_reasons.csv"
    body = text if text is not None else files("customs").joinpath("data", name).read_text(encoding="utf-8")
    found = []
    for number, record in enumerate(csv.DictReader(body.splitlines()), 2):
        try:
            what, why = record["what"], record["reason"]
            if what not in (STANDARD, LEVEL) or not why or not record["source"]:
                raise ValueError("needs standard or level, a reason and its source")
            theirs, ours = (Decimal(record[side]) if record[side] else None for side in ("theirs", "ours"))
            found.append(Reason(record["country"], what, theirs, ours, why, record["source"]))
        except (KeyError, ValueError, InvalidOperation) as error:
            raise WorldError(
                f"cannot read the reason: {error}", code="vat.bad_row", place=f"{name}:{number}"
            ) from None
    return tuple(found)


def compare(ours: VatRates, published: Published, day: date, reasons: Sequence[Reason]) -> Comparison:
    """Every standard rate and level that differs on a day, each with its reason where one is on record."""
    known = {(r.country, r.what, r.theirs, r.ours): r for r in reasons}
    found = []
    for country, theirs in sorted(published.standard.items()):
        mine = _standard(ours, country, day)
        if mine != theirs:
            found.append(_difference(known, country, STANDARD, theirs, mine))
        here, there = _held(ours, country, day) - {mine}, published.levels[country]
        found += [_difference(known, country, LEVEL, level, None) for level in sorted(there - here - {mine})]
        found += [
            _difference(known, country, LEVEL, None, level) for level in sorted(here - there - {theirs})
        ]
    used = {difference.reason for difference in found}
    idle = tuple(reason for reason in reasons if reason not in used)
    return Comparison(day, published, len(published.standard), tuple(found), idle)


def _difference(
    known: Mapping[tuple[str, str, Decimal | None, Decimal | None], Reason],
    country: str,
    what: str,
    theirs: Decimal | None,
    ours: Decimal | None,
) -> Difference:
    return Difference(country, what, theirs, ours, known.get((country, what, theirs, ours)))


def _standard(table: VatRates, country: str, day: date) -> Decimal | None:
    answer = table.rate(country, None, day)
    return answer.percent if isinstance(answer, VatRate) else None


def _held(table: VatRates, country: str, day: date) -> set[Decimal]:
    """Every percentage that some goods bear in a country, or in a region of it under the same tax."""
    own = country if country in table.rows else table.follow.get(country, country)
    regions = f"{country}-"
    return {
        row.percent
        for territory, codes in table.rows.items()
        if territory == own or territory.startswith(regions)
        for rows in codes.values()
        for row in rows
        if row.percent is not None and row.holds(day) and (territory == own or row.tax == "VAT")
    }
