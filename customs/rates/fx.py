"""Dated exchange rates by kind: each legal test names the series it is made with.

Kinds: ``ecb_day`` (European Central Bank reference rates), ``eu_customs_month``
(customs rates of a month), ``eu_national_year`` (yearly equivalents of euro
amounts in national currency), ``hmrc_period`` (HMRC's published periods).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal, InvalidOperation
from functools import cached_property
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

from domain import WorldError

__all__ = ["ExchangeRate", "Rates"]

PRECISION = 40
EXACT = Context(prec=PRECISION)
MOST_PAIRS = 20_000
"""Conversions remembered before they are forgotten together."""


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """``rate`` units of ``currency`` for one unit of ``base``. Days are half-open."""

    kind: str
    currency: str
    base: str
    rate: Decimal
    valid_from: date
    valid_until: date | None
    source: str

    def holds(self, day: date) -> bool:
        """Whether the rate is in force on that local day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


@dataclass(frozen=True)
class Rates:
    """Exchange rates by kind and currency pair."""

    table: Mapping[tuple[str, str, str], tuple[ExchangeRate, ...]]

    @classmethod
    def of(cls, rates: Iterable[ExchangeRate]) -> Rates:
        """From rates of any source. Raises WorldError where two of one series hold on a day."""
        table: dict[tuple[str, str, str], list[ExchangeRate]] = {}
        for rate in rates:
            table.setdefault((rate.kind, rate.base, rate.currency), []).append(rate)
        for key, series in table.items():
            series.sort(key=lambda rate: rate.valid_from)
            for earlier, later in pairwise(series):
                if earlier.valid_until is None or later.valid_from < earlier.valid_until:
                    raise WorldError(
                        f"{' '.join(key)} has two rates on {later.valid_from}", code="fx.overlap"
                    )
        return cls({key: tuple(series) for key, series in table.items()})

    @classmethod
    def load(cls, path: Path | None = None) -> Rates:
        """Rates of a CSV file; without one the packaged demo figures, whose source says so."""
        name = path.name if path else "fx_demo.csv"
        text = (
            path.read_text(encoding="utf-8")
            if path
            else files("customs").joinpath("data", name).read_text(encoding="utf-8")
        )
        records = enumerate(csv.DictReader(text.splitlines()), 2)
        return cls.of(_rate(record, f"{name}:{number}") for number, record in records)

    def rate(self, kind: str, base: str, currency: str, day: date) -> ExchangeRate | None:
        """The published rate itself, for the record; None where that series has none on the day."""
        return next((r for r in self.table.get((kind, base, currency), ()) if r.holds(day)), None)

    @cached_property
    def _bases(self) -> dict[str, tuple[str, ...]]:
        """The currencies each kind of rate is quoted against."""
        return {
            kind: tuple(sorted({base for other, base, _ in self.table if other == kind}))
            for kind in {key[0] for key in self.table}
        }

    def convert(self, kind: str, amount: Decimal, source: str, target: str, day: date) -> Decimal | None:
        """``amount`` in ``target`` currency, unrounded (40 digits); None where no rate is known.

        Two currencies quoted against the same base convert through that base.
        """
        if source == target:
            return amount
        key = (kind, source, target, day)
        if key in self._pairs:
            pair = self._pairs[key]
        else:
            if len(self._pairs) >= MOST_PAIRS:
                self._pairs.clear()
            pair = self._pairs[key] = self._pair(*key)
        if pair is None:
            return None
        into, out = pair
        return EXACT.divide(EXACT.multiply(amount, out), into)

    @cached_property
    def _pairs(self) -> dict[tuple[str, str, str, date], tuple[Decimal, Decimal] | None]:
        """The two rates of each conversion asked for, by kind, currencies and day."""
        return {}

    def _pair(self, kind: str, source: str, target: str, day: date) -> tuple[Decimal, Decimal] | None:
        for base in self._bases.get(kind, ()):
            into = Decimal(1) if source == base else self._value(kind, base, source, day)
            out = Decimal(1) if target == base else self._value(kind, base, target, day)
            if into is not None and out is not None:
                return into, out
        return None

    def _value(self, kind: str, base: str, currency: str, day: date) -> Decimal | None:
        found = self.rate(kind, base, currency, day)
        return found.rate if found else None


def _rate(record: Mapping[str, str], place: str) -> ExchangeRate:
    try:
        rate = ExchangeRate(
            record["kind"],
            record["currency"],
            record["base"],
            Decimal(record["rate"]),
            date.fromisoformat(record["valid_from"]),
            date.fromisoformat(record["valid_until"]) if record["valid_until"] else None,
            record["source"],
        )
    except (KeyError, ValueError, InvalidOperation) as error:
        raise WorldError(f"cannot read the exchange rate: {error}", code="fx.bad_row", place=place) from None
    if not rate.rate.is_finite() or rate.rate <= 0 or not rate.source:
        raise WorldError(
            "an exchange rate is above zero and names its source", code="fx.bad_row", place=place
        )
    return rate
