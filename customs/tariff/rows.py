"""What an importer makes of a row of a published tariff: kept, passed over or refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Protocol

from customs.tariff.parse import parse_rate
from customs.tariff.table import COLUMNS
from customs.tariff.units import read_table
from domain import InputError

__all__ = [
    "About",
    "Kept",
    "MeasureType",
    "Reader",
    "Refused",
    "Skipped",
    "areas",
    "kept_or_refused",
    "measure_types",
]


@dataclass(frozen=True, slots=True)
class Kept:
    """A line in the layout of the tariff table. ``read`` is False for a line that another row implies."""

    record: dict[str, str]
    read: bool = True


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is no duty (a VAT rate, a licence, a heading). ``why`` is counted in the manifest."""

    why: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that should be a duty and cannot be read: where and why.

    ``instead`` is a line without a rate that keeps the code from looking free or unknown.
    """

    file: str
    line: int
    column: str
    why: str
    instead: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class About:
    """What every line of one import says of itself."""

    jurisdiction: str
    title: str
    as_at: date
    today: date

    def record(self) -> dict[str, str]:
        """The columns that are the same in every line."""
        return {
            "jurisdiction": self.jurisdiction,
            "as_at": self.as_at.isoformat(),
            "source": self.title,
            "confidence": "high",
            "checked": self.today.isoformat(),
        }


class Reader(Protocol):
    """Reads the files of one source, row by row. Raises InputError where the format is another."""

    def __call__(self, files: Sequence[Path], about: About) -> Iterator[Kept | Skipped | Refused]:
        """Every row once, in order."""
        ...


@dataclass(frozen=True, slots=True)
class MeasureType:
    """What a measure type of the EU and UK tariffs is to us."""

    measure: str
    effect: str
    applies: str


@cache
def measure_types() -> dict[str, MeasureType]:
    """By type code (103 is the third country duty)."""
    return {
        row["type"]: MeasureType(row["measure"], row["effect"], row["applies"])
        for row in read_table("tariff_measure_types.csv")
    }


@cache
def areas() -> dict[str, str]:
    """Members of the areas of the EU and UK tariffs, by area number; ``*`` is every origin."""
    return {row["area"]: row["members"] for row in read_table("tariff_areas.csv")}


def kept_or_refused(
    record: dict[str, str], rate: str, *, file: str, line: int, column: str
) -> Kept | Refused:
    """The line with its rate in canonical notation, or refused; then a line without a rate stands in."""
    whole = dict.fromkeys(COLUMNS, "") | record
    try:
        return Kept(whole | {"expression": str(parse_rate(rate))})
    except InputError as error:
        need = f"tariff_rate.{record['jurisdiction']}.{record['hs_code']}"
        blank = whole | {"needs": need, "confidence": "unverified", "note": f"not read: {rate}"[:256]}
        return Refused(file, line, column, f"{error.place}: {error.cause}", blank)
