"""stock.csv and cartons.csv: what lies where, and the boxes to pack it in."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from engine.retailer_csv import read_csv
from engine.retailer_mistakes import Mistakes
from engine.retailer_record import Record
from engine.retailer_sources import Source

__all__ = ["CARTON_COLUMNS", "STOCK_COLUMNS", "CartonRow", "StockRow", "read_cartons", "read_stock"]

STOCK_COLUMNS = (
    "location",
    "sku",
    "owner",
    "on_hand",
    "reserved",
    "inbound_quantity",
    "inbound_date",
    "source",
)
CARTON_COLUMNS = (
    "id",
    "name",
    "inner_mm",
    "outer_mm",
    "tare_g",
    "max_g",
    "fill_percent",
    "demo",
    "source",
)
BOX = re.compile(r"[1-9][0-9]{0,3}(x[1-9][0-9]{0,3}){2}")


@dataclass(frozen=True, slots=True)
class StockRow:
    """Units of one SKU that one entity owns at one location. ``inbound_date`` is a local day there."""

    location: str
    sku: str
    owner: str
    on_hand: int
    reserved: int = 0
    inbound_quantity: int = 0
    inbound_date: date | None = None


@dataclass(frozen=True, slots=True)
class CartonRow:
    """A carton: millimetres inside and outside, longest side first; tare and most contents in
    grams; ``fill_percent``: how much of the inner volume several goods may fill.
    """

    id: str
    name: str
    inner_mm: tuple[int, int, int]
    outer_mm: tuple[int, int, int]
    tare_g: int
    max_g: int
    fill_percent: int


def read_stock(
    source: Source | None,
    locations: Collection[str] | None,
    skus: Collection[str] | None,
    owners: Collection[str] | None,
    mistakes: Mistakes,
) -> tuple[StockRow, ...]:
    """Stock rows in the order of the file; one row for each location, SKU and owner."""
    rows: dict[tuple[str, str, str], StockRow] = {}
    for record in _records(source, STOCK_COLUMNS, mistakes):
        row = StockRow(
            location=record.choice("location", locations, "location"),
            sku=record.choice("sku", skus, "SKU"),
            owner=record.choice("owner", owners, "entity"),
            on_hand=record.whole("on_hand", unit="pieces"),
            reserved=record.maybe_whole("reserved", unit="pieces") or 0,
            inbound_quantity=record.maybe_whole("inbound_quantity", unit="pieces") or 0,
            inbound_date=record.day("inbound_date"),
        )
        key = (row.location, row.sku, row.owner)
        if key in rows:
            cause = f"{row.sku} of {row.owner} at {row.location} is counted twice"
            record.wrong("sku", cause, "add the rows up")
        promised = row.on_hand + row.inbound_quantity
        if row.reserved > promised >= 0:
            cause = f"{row.reserved} reserved of {promised} on hand and inbound"
            record.wrong("reserved", cause, "reservations cannot exceed the stock")
        if (row.inbound_quantity > 0) != (row.inbound_date is not None):
            cause = "one of inbound_quantity and inbound_date is missing"
            record.wrong("inbound_date", cause, "give both or neither")
        rows[key] = row
    return tuple(rows.values())


def read_cartons(source: Source | None, mistakes: Mistakes) -> tuple[CartonRow, ...]:
    """Cartons in the order of the file."""
    rows: dict[str, CartonRow] = {}
    for record in _records(source, CARTON_COLUMNS, mistakes):
        row = CartonRow(
            id=record.identifier("id"),
            name=record.text("name"),
            inner_mm=_sides(record, "inner_mm"),
            outer_mm=_sides(record, "outer_mm"),
            tare_g=record.whole("tare_g", unit="grams"),
            max_g=record.whole("max_g", 1, unit="grams"),
            fill_percent=record.whole("fill_percent", 1, 100, "percent"),
        )
        if row.id in rows:
            record.wrong("id", f"carton {row.id!r} is defined twice", "keep one of them")
        if any(inner > outer for inner, outer in zip(row.inner_mm, row.outer_mm, strict=True)):
            record.wrong("outer_mm", f"carton {row.id} is larger inside than outside", "exchange the figures")
        rows[row.id] = row
    return tuple(rows.values())


def _records(source: Source | None, columns: tuple[str, ...], mistakes: Mistakes) -> list[Record]:
    if source is None:
        return []
    return [Record(source.name, table, mistakes) for table in read_csv(source, columns, mistakes)]


def _sides(record: Record, key: str) -> tuple[int, int, int]:
    """Three sides written as 400x300x200, longest first."""
    record.text(key)
    text = record.matching(key, BOX, "write millimetres as 400x300x200") or ""
    if not BOX.fullmatch(text):
        return 1, 1, 1
    long, middle, short = sorted(map(int, text.split("x")), reverse=True)
    return long, middle, short
