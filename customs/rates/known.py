"""Figures of the law that are known, dated and cited, and that no decision turns on, each with the reason why."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from importlib.resources import files
from pathlib import Path

from domain import WorldError

__all__ = ["COLUMNS", "UNITS", "KnownFigure", "read_known"]

COLUMNS = (
    *("id", "what", "what_fr", "value", "unit", "territory", "valid_from", "valid_until"),
    *("source", "confidence", "checked", "not_applied_because", "not_applied_because_fr"),
)
BLANK_ALLOWED = ("territory", "valid_from", "valid_until")
USABLE = ("high", "medium")
DATE = "date"
UNITS = frozenset({
    *("percent", "EUR", "GBP", "USD", "EUR per hl", "GBP per EUR"),
    *("g", "kg", "ml", "l", "mm", "m", "m2", "kWh", "degrees C"),
    *("hours", "day", "days", "months", "years", DATE),
    *("count", "people", "points", "characters", "score"),
})  # fmt: skip
IDENT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
TERRITORY = re.compile(r"[A-Z]{2}(-[A-Z0-9]+)*")


@dataclass(frozen=True, slots=True)
class KnownFigure:
    """One figure in a unit of ``UNITS``; a date where the unit is ``date``. Days are half-open."""

    id: str
    what: dict[str, str]
    value: Decimal | date
    unit: str
    territory: str | None
    valid_from: date | None
    valid_until: date | None
    source: str
    confidence: str
    checked: date
    not_applied_because: dict[str, str]

    def status(self, day: date) -> str:
        """``in_force``, ``later`` or ``ended`` on that local day."""
        if self.valid_from is not None and day < self.valid_from:
            return "later"
        return "ended" if self.valid_until is not None and self.valid_until <= day else "in_force"

    def to_json(self, day: date) -> dict[str, object]:
        """The stable form: the figure as text, days in ISO form, words by language."""
        return {
            "id": self.id,
            "what": dict(self.what),
            "value": str(self.value),
            "unit": self.unit,
            "territory": self.territory,
            "status": self.status(day),
            "valid_from": self.valid_from.isoformat() if self.valid_from else None,
            "valid_until": self.valid_until.isoformat() if self.valid_until else None,
            "source": self.source,
            "confidence": self.confidence,
            "checked": self.checked.isoformat(),
            "not_applied_because": dict(self.not_applied_because),
        }


def read_known(path: Path | None = None) -> tuple[KnownFigure, ...]:
    """The packaged table or a file in the same layout. Raises WorldError with file and line.

    A row is broken with a missing or further cell, a figure, unit or day that cannot be read, a confidence
    below medium, an id that stands twice, or days in the wrong order.
    """
    name = path.name if path else "known_figures.csv"
    text = path.read_text(encoding="utf-8") if path else _packaged(name)
    return tuple(_rows(text, name))


def _packaged(name: str) -> str:
    return files("customs").joinpath("data", name).read_text(encoding="utf-8")


def _rows(text: str, name: str) -> Iterator[KnownFigure]:
    reader = csv.reader(text.splitlines(), strict=True)
    seen: set[str] = set()
    try:
        if tuple(next(reader, ())) != COLUMNS:
            raise ValueError(f"the columns are {', '.join(COLUMNS)}")
        for cells in reader:
            if len(cells) != len(COLUMNS):
                raise ValueError(f"{len(cells)} cells instead of {len(COLUMNS)}")
            figure = _figure(dict(zip(COLUMNS, cells, strict=True)))
            if figure.id in seen:
                raise ValueError(f"{figure.id} stands twice")
            seen.add(figure.id)
            yield figure
    except (ValueError, InvalidOperation, csv.Error) as error:
        raise WorldError(
            f"cannot read the row: {error}",
            code="rates.bad_known_figure",
            place=f"{name}:{reader.line_num or 1}",
            cure="write the row as those beside it; what is not confirmed does not belong here",
        ) from None


def _figure(cells: dict[str, str]) -> KnownFigure:
    for column, text in cells.items():
        if text != text.strip() or not (text or column in BLANK_ALLOWED):
            raise ValueError(f"{column} is {text!r}")
    _one_of("unit", cells["unit"], UNITS)
    _one_of("confidence", cells["confidence"], USABLE)
    if not IDENT.fullmatch(cells["id"]):
        raise ValueError(f"id {cells['id']!r} is not words with hyphens")
    if cells["territory"] and not TERRITORY.fullmatch(cells["territory"]):
        raise ValueError(f"territory {cells['territory']!r} is not a code")
    first, until = _day(cells["valid_from"]), _day(cells["valid_until"])
    if first is not None and until is not None and until <= first:
        raise ValueError(f"it ends on {until}, before it begins")
    return KnownFigure(
        cells["id"],
        {"en": cells["what"], "fr": cells["what_fr"]},
        _value(cells["value"], cells["unit"]),
        cells["unit"],
        cells["territory"] or None,
        first,
        until,
        cells["source"],
        cells["confidence"],
        date.fromisoformat(cells["checked"]),
        {"en": cells["not_applied_because"], "fr": cells["not_applied_because_fr"]},
    )


def _one_of(column: str, text: str, allowed: frozenset[str] | tuple[str, ...]) -> None:
    if text not in allowed:
        raise ValueError(f"{column} {text!r} is not one of {', '.join(sorted(allowed))}")


def _value(text: str, unit: str) -> Decimal | date:
    if unit == DATE:
        return date.fromisoformat(text)
    value = Decimal(text)
    if not value.is_finite() or value < 0:
        raise ValueError(f"value {text!r} is not a figure from nought")
    return value


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
