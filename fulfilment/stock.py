"""What is where: an immutable, versioned view of stock.

The version is a hash of the content: the same records give the same version in
whatever order they were read, and a change to a few records costs a few hashes.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from domain import InputError

__all__ = ["Stock", "StockView"]

Key = tuple[str, str]

_BITS = 256


@dataclass(frozen=True, slots=True)
class Stock:
    """Units of one SKU at one location; ``inbound`` lists (local day of arrival, units)."""

    on_hand: int = 0
    reserved: int = 0
    inbound: tuple[tuple[date, int], ...] = ()


_NOTHING = Stock()


@dataclass(frozen=True, slots=True)
class StockView:
    """Stock by (location id, SKU). Make one with ``of``, ``from_rows`` or ``load``.

    >>> view = StockView.of({("LYON", "LAMP"): Stock(on_hand=5, reserved=1)})
    >>> view.available("LYON", "LAMP", 2), view.available("LYON", "DESK")
    (2, 0)
    >>> view.with_changes({("LYON", "LAMP"): Stock(9)}).available("LYON", "LAMP")
    9
    """

    records: Mapping[Key, Stock]
    version: str
    _digest: int = field(repr=False, compare=False)

    @classmethod
    def of(cls, records: Mapping[Key, Stock]) -> StockView:
        """A view of these records; records that say nothing are left out of the version."""
        kept = dict(records)
        digest = sum([_hash(key, stock) for key, stock in kept.items()]) % (1 << _BITS)
        return cls(kept, _version(digest), digest)

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, str]], file: str = "stock.csv") -> StockView:
        """From CSV rows ``location, sku, on_hand, reserved, inbound``; the last two may be absent or empty.

        ``on_hand`` may be negative, as oversold stock is in some systems. ``inbound``
        is ``2026-12-01:20 2026-12-15:5``. Raises ``InputError`` naming the line.
        """
        records: dict[Key, Stock] = {}
        for number, row in enumerate(rows, start=2):
            place = f"{file}:{number}"
            key = (_text(row, "location", place), _text(row, "sku", place))
            if key in records:
                raise InputError(
                    f"{key[1]} at {key[0]} is given twice",
                    code="stock.repeated",
                    place=place,
                    cure="keep one row per location and SKU",
                )
            reserved = _units(row.get("reserved") or "0", "reserved", place)
            on_hand = _units(row.get("on_hand") or "", "on_hand", place, least=None)
            records[key] = Stock(on_hand, reserved, _inbound(row.get("inbound") or "", place))
        return cls.of(records)

    @classmethod
    def load(cls, path: Path) -> StockView:
        """From a CSV file, see ``from_rows``."""
        with path.open(encoding="utf-8", newline="") as lines:
            return cls.from_rows(csv.DictReader(lines), path.name)

    def stock(self, location: str, sku: str) -> Stock:
        """The record, an empty one where there is none."""
        return self.records.get((location, sku), _NOTHING)

    def available(self, location: str, sku: str, buffer: int = 0) -> int:
        """Units that may be promised now: on hand, less reserved, less the buffer; never negative."""
        stock = self.records.get((location, sku))
        return 0 if stock is None else max(0, stock.on_hand - stock.reserved - max(buffer, 0))

    def available_on(self, location: str, sku: str, day: date, buffer: int = 0) -> int:
        """Units that may be promised for that local day: what is expected until then counts too."""
        stock = self.stock(location, sku)
        expected = sum([units for arrival, units in stock.inbound if arrival <= day])
        return max(0, stock.on_hand + expected - stock.reserved - max(buffer, 0))

    def available_from(
        self, location: str, sku: str, quantity: int, today: date, buffer: int = 0
    ) -> date | None:
        """The first local day with so many units to promise, None if nothing expected suffices."""
        stock = self.stock(location, sku)
        for day in sorted({today, *[arrival for arrival, _ in stock.inbound if arrival > today]}):
            if self.available_on(location, sku, day, buffer) >= quantity:
                return day
        return None

    def table(
        self, locations: Iterable[str], skus: Iterable[str], buffers: Mapping[Key, int] | None = None
    ) -> dict[Key, int]:
        """Availability of some SKUs at some locations, as the search wants it; zeros are left out."""
        wanted = tuple(skus)
        buffer = (buffers or {}).get
        records = self.records
        found: dict[Key, int] = {}
        for location in locations:
            for sku in wanted:
                key = (location, sku)
                stock = records.get(key)
                if stock is not None:
                    units = stock.on_hand - stock.reserved - max(buffer(key, 0), 0)
                    if units > 0:
                        found[key] = units
        return found

    def with_changes(self, changes: Mapping[Key, Stock | None]) -> StockView:
        """Another view with some records set, or removed by None: for scenarios and reservations."""
        records = dict(self.records)
        digest = self._digest
        for key, stock in changes.items():
            old = records.pop(key, None)
            if old is not None:
                digest -= _hash(key, old)
            if stock is not None:
                records[key] = stock
                digest += _hash(key, stock)
        digest %= 1 << _BITS
        return StockView(records, _version(digest), digest)


def _hash(key: Key, stock: Stock) -> int:
    if stock == _NOTHING:
        return 0
    inbound = " ".join([f"{day.isoformat()}:{units}" for day, units in sorted(stock.inbound)])
    text = "\x1f".join([*key, str(stock.on_hand), str(stock.reserved), inbound])
    return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")


def _version(digest: int) -> str:
    return f"{digest:064x}"[:16]


def _text(row: Mapping[str, str], column: str, place: str) -> str:
    text = (row.get(column) or "").strip()
    if not text:
        raise InputError(f"column {column} is empty", code="stock.missing", place=place, cure="fill it in")
    return text


def _units(text: str, column: str, place: str, least: int | None = 0) -> int:
    units = None
    with suppress(ValueError):
        units = int(text)
    if units is None or (least is not None and units < least):
        raise InputError(
            f"{column} is {text!r}",
            code="stock.units",
            place=place,
            cure="give whole units" if least is None else f"give whole units, {least} or more",
        )
    return units


def _inbound(text: str, place: str) -> tuple[tuple[date, int], ...]:
    arrivals = []
    for item in text.split():
        day, _, units = item.partition(":")
        try:
            arrival = date.fromisoformat(day)
        except ValueError:
            raise InputError(
                f"inbound {item!r} has no day",
                code="stock.inbound",
                place=place,
                cure="write 2026-12-01:20, several separated by spaces",
            ) from None
        arrivals.append((arrival, _units(units, "inbound", place)))
    return tuple(sorted(arrivals))
