"""Reads the VAT tables and refuses broken ones: gaps in provenance, overlaps, unknown codes."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

from domain import WorldError

__all__ = ["Category", "RateRow", "read_categories", "read_follow", "read_rates", "read_researched"]

USABLE = ("high", "medium")


@dataclass(frozen=True, slots=True)
class RateRow:
    """One dated row, half-open. ``percent`` None marks a cell that is known not to be known."""

    territory: str
    category: str
    percent: Decimal | None
    tax: str
    condition: str
    candidates: tuple[Decimal, ...]
    valid_from: date
    valid_until: date | None
    source: str
    confidence: str
    checked: date | None
    note: str

    def holds(self, day: date) -> bool:
        """Whether the row is in force on that local day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


@dataclass(frozen=True, slots=True)
class Category:
    """A category of goods. ``when_absent``: ``standard``, ``reduced`` (standard only where the
    territory was researched) or ``unknown`` (never the standard rate without a row)."""

    code: str
    broader: str | None
    when_absent: str
    description: str


def _text(name: str, path: Path | None) -> str:
    if path is not None:
        return path.read_text(encoding="utf-8")
    return files("customs").joinpath("data", name).read_text(encoding="utf-8")


def _records(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


def read_rates(path: Path | None = None) -> tuple[tuple[RateRow, ...], str]:
    """(rows, version) of the packaged table or of a file in the same layout.

    Raises WorldError with the line for a bad number or day, an active rate
    without source or with low confidence, and two rows for the same day.
    """
    name = "vat_rates.csv"
    text = _text(name, path)
    rows: list[RateRow] = []
    for number, record in enumerate(_records(text), 2):
        try:
            rows.append(_row(record))
        except (KeyError, ValueError, InvalidOperation) as error:
            raise WorldError(
                f"cannot read the row: {error}", code="vat.bad_row", place=f"{name}:{number}"
            ) from None
        if rows[-1].percent is not None and (rows[-1].confidence not in USABLE or not rows[-1].source):
            raise WorldError(
                "a rate in use needs a source and high or medium confidence",
                code="vat.unsourced_rate",
                place=f"{name}:{number}",
                cure="leave percent empty and put what it may be into candidates",
            )
    _no_overlaps(rows, name)
    return tuple(rows), hashlib.sha256(text.encode()).hexdigest()[:16]


def _row(record: dict[str, str]) -> RateRow:
    return RateRow(
        record["territory"],
        record["category"],
        Decimal(record["percent"]) if record["percent"] else None,
        record["tax"],
        record["condition"],
        tuple(Decimal(text) for text in record["candidates"].split()),
        date.fromisoformat(record["valid_from"]),
        date.fromisoformat(record["valid_until"]) if record["valid_until"] else None,
        record["source"],
        record["confidence"],
        date.fromisoformat(record["checked"]) if record["checked"] else None,
        record["note"],
    )


def _no_overlaps(rows: Sequence[RateRow], name: str) -> None:
    seen: dict[tuple[str, str], list[RateRow]] = {}
    for row in rows:
        seen.setdefault((row.territory, row.category), []).append(row)
    for (territory, category), found in seen.items():
        found.sort(key=lambda row: row.valid_from)
        for earlier, later in pairwise(found):
            if earlier.valid_until is None or later.valid_from < earlier.valid_until:
                raise WorldError(
                    f"{territory} {category} has two rates on {later.valid_from}",
                    code="vat.overlap",
                    place=name,
                    cure="end the earlier row on the day the later one begins",
                )


def read_categories(path: Path | None = None) -> dict[str, Category]:
    """The vocabulary of categories; each broader code must exist."""
    found = {
        record["category"]: Category(
            record["category"], record["broader"] or None, record["when_absent"], record["description"]
        )
        for record in _records(_text("vat_rates_categories.csv", path))
    }
    for category in found.values():
        if category.broader is not None and category.broader not in found:
            raise WorldError(
                f"{category.code} names an unknown broader category {category.broader}",
                code="vat.bad_category",
            )
    return found


def read_follow(path: Path | None = None) -> dict[str, str]:
    """Territory to the territory whose rates it uses where it has none of its own."""
    return {
        record["territory"]: record["follows"] for record in _records(_text("vat_rates_follow.csv", path))
    }


def read_researched(path: Path | None = None) -> frozenset[str]:
    """Territories whose categories were researched, so that an absent one means the standard rate."""
    return frozenset(record["territory"] for record in _records(_text("vat_rates_researched.csv", path)))
