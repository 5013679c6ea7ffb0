"""Reading the room's CSV tables, with file and line in every complaint."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal, InvalidOperation
from importlib.resources import files
from pathlib import Path

from domain import Money, PassavantError, WorldError

__all__ = ["Folder", "Row", "packaged", "read_rows"]


def packaged() -> Path:
    """The folder of tables that come with the product."""
    return Path(str(files("carriers").joinpath("data")))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table. Getters raise ``WorldError`` naming file, line and column."""

    cells: dict[str, str]
    place: str

    def error(self, column: str, cause: str, cure: str = "") -> WorldError:
        """A complaint about one cell."""
        return WorldError(cause, code="carriers.table", place=f"{self.place}:{column}", cure=cure)

    def optional(self, column: str) -> str | None:
        """The cell's text, or None where it is empty."""
        return self.cells.get(column, "").strip() or None

    def text(self, column: str) -> str:
        """The cell's text; empty is an error."""
        value = self.optional(column)
        if value is None:
            raise self.error(column, f"{column} is empty", "fill the cell")
        return value

    def words(self, column: str) -> tuple[str, ...]:
        """The cell's blank-separated words."""
        return tuple(self.cells.get(column, "").split())

    def choice(self, column: str, allowed: frozenset[str]) -> str:
        """The cell's text, one of ``allowed``."""
        value = self.text(column)
        if value not in allowed:
            raise self.error(
                column, f"{value!r} is not known here", f"use one of {', '.join(sorted(allowed))}"
            )
        return value

    def integer(self, column: str) -> int | None:
        """A whole number not below 0, or None where the cell is empty."""
        value = self.optional(column)
        if value is None:
            return None
        if not value.isascii() or not value.isdigit():
            raise self.error(column, f"{value!r} is not a whole number", "write digits only")
        return int(value)

    def decimal(self, column: str) -> Decimal | None:
        """A finite decimal, or None where the cell is empty."""
        value = self.optional(column)
        if value is None:
            return None
        try:
            number = Decimal(value)
        except InvalidOperation:
            raise self.error(column, f"{value!r} is not a decimal number", "write it like 12.50") from None
        if not number.is_finite():
            raise self.error(column, f"{value!r} is not finite")
        return number

    def money(self, column: str, currency: str) -> Money | None:
        """An amount in ``currency``, or None where the cell is empty."""
        value = self.decimal(column)
        try:
            return None if value is None else Money.of(value, currency)
        except PassavantError as problem:
            raise self.error(column, problem.cause, problem.cure) from None

    def day(self, column: str) -> date | None:
        """An ISO date, or None where the cell is empty."""
        value = self.optional(column)
        try:
            return None if value is None else date.fromisoformat(value)
        except ValueError:
            raise self.error(column, f"{value!r} is not a date", "write it like 2026-11-22") from None

    def clock(self, column: str) -> time | None:
        """A local time of day, or None where the cell is empty."""
        value = self.optional(column)
        try:
            return None if value is None else time.fromisoformat(value)
        except ValueError:
            raise self.error(column, f"{value!r} is not a time", "write it like 13:00") from None

    def box(self, column: str) -> tuple[int, int, int] | None:
        """``600x400x200`` millimetres, longest side first whatever the order written."""
        value = self.optional(column)
        if value is None:
            return None
        sides = value.split("x")
        if len(sides) != 3 or not all(side.isdigit() and int(side) > 0 for side in sides):
            raise self.error(column, f"{value!r} is not a box", "write millimetres like 600x400x200")
        longest, middle, shortest = sorted((int(side) for side in sides), reverse=True)
        return (longest, middle, shortest)

    def yes(self, column: str) -> bool:
        """``yes`` or ``no``; empty is no."""
        value = self.optional(column)
        if value not in {None, "yes", "no"}:
            raise self.error(column, f"{value!r} is neither yes nor no")
        return value == "yes"


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of one CSV file; a line with more or fewer cells than the heading is an error."""
    try:
        with path.open(encoding="utf-8", newline="") as handle:
            reader = csv.reader(handle)
            heading = next(reader, [])
            for cells in reader:
                if not any(cells):
                    continue
                place = f"{path.name}:{reader.line_num}"
                if len(cells) != len(heading):
                    raise WorldError(
                        f"{len(cells)} cells under {len(heading)} headings",
                        code="carriers.table",
                        place=place,
                        cure="quote cells that hold a comma",
                    )
                yield Row(dict(zip(heading, cells, strict=True)), place)
    except FileNotFoundError:
        raise WorldError("the table is missing", code="carriers.table", place=str(path.name)) from None
    except UnicodeDecodeError:
        raise WorldError("the table is not UTF-8", code="carriers.table", place=str(path.name)) from None


@dataclass(frozen=True, slots=True)
class Folder:
    """Where tables come from: the user's folder first, then the packaged one.

    For what a retailer must supply, ``rates.csv`` wins over the packaged
    ``rates_demo.csv``; with ``demo=False`` demo files are not read at all.
    """

    own: Path | None = None
    demo: bool = True

    def find(self, name: str) -> Path:
        """The file of that name; the packaged one where the user has none."""
        if self.own is not None and (self.own / name).is_file():
            return self.own / name
        return packaged() / name

    def supplied(self, stem: str, suffix: str = ".csv") -> Path | None:
        """What the user supplies, or the demo file in its stead, or nothing."""
        if self.own is not None:
            for name in (f"{stem}{suffix}", f"{stem}_demo{suffix}"):
                if (self.own / name).is_file():
                    return self.own / name
        if not self.demo:
            return None
        path = packaged() / f"{stem}_demo{suffix}"
        return path if path.is_file() else None
