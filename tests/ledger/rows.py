"""The rows of the ledger and the tables they may be held in."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

from customs.rates import VatRates
from customs.rates.known import KnownFigure, read_known
from customs.tariff import Tariff, TariffLine
from engine.rulebook import Rulebook
from scenarios.rulebooks import open_rulebook

__all__ = ["DAY", "ROOT", "Row", "World", "rows"]

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
DAY = date(2026, 11, 22)
COLUMNS = [
    *("id", "what", "value", "unit", "territory", "valid_from"),
    *("valid_until", "confidence", "source", "held_in"),
]


@dataclass(frozen=True, slots=True)
class Row:
    """One rate, threshold, fee or date of the law. Days are half-open; ``held_in`` parts join with `` | ``."""

    id: str
    what: str
    value: str
    unit: str
    territory: str
    valid_from: date | None
    valid_until: date | None
    confidence: str
    source: str
    held_in: tuple[tuple[str, str], ...]
    file: str

    @property
    def sure(self) -> bool:
        """Whether it may be used as a rule or a rate."""
        return self.confidence in ("high", "medium")

    @property
    def days(self) -> list[date]:
        """The first and last known day, and today where it is in force."""
        found = [self.valid_from] if self.valid_from else []
        found += [self.valid_until - timedelta(1)] if self.valid_until else []
        return [*found, DAY] if self.in_force or not found else found

    @property
    def in_force(self) -> bool:
        """Whether it holds today as far as its days are known."""
        return (self.valid_from or DAY) <= DAY and (self.valid_until is None or self.valid_until > DAY)

    @property
    def past_day(self) -> bool:
        """A day on which something began or ended: no rate and no threshold to apply any more."""
        return self.unit == "date" and date.fromisoformat(self.value) <= DAY


@dataclass
class World:
    """The tables a row may be held in."""

    book: Rulebook = field(default_factory=lambda: open_rulebook(None))
    rates: VatRates = field(default_factory=VatRates.load)
    tariff: Tariff = field(default_factory=Tariff.load)

    @cached_property
    def known(self) -> dict[str, KnownFigure]:
        return {figure.id: figure for figure in read_known()}

    @cached_property
    def tariff_lines(self) -> list[TariffLine]:
        return [line for codes in self.tariff.by_code.values() for lines in codes.values() for line in lines]


def rows(folder: Path = HERE) -> list[Row]:
    """Every row of every file."""
    return [row for path in sorted(folder.glob("*.csv")) for row in _read(path)]


def _read(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        for record in csv.DictReader(file):
            assert list(record) == COLUMNS, path
            held = tuple((a, b) for a, _, b in (p.partition(":") for p in record["held_in"].split(" | ")))
            first, until = (
                date.fromisoformat(d) if d else None for d in (record["valid_from"], record["valid_until"])
            )
            yield Row(
                record["id"], record["what"], record["value"], record["unit"], record["territory"],
                first, until, record["confidence"], record["source"], held, path.name,
            )  # fmt: skip
