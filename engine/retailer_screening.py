"""screening_demo.csv: a denied-party list in the OpenSanctions ``targets.simple.csv`` form."""

from __future__ import annotations

from collections.abc import Mapping

from engine.retailer_csv import read_csv
from engine.retailer_mistakes import Mistakes
from engine.retailer_nodes import Scalar
from engine.retailer_record import Record
from engine.retailer_sources import Source

__all__ = ["SCREENING_COLUMNS", "read_screening"]

SCREENING_COLUMNS = (
    "id",
    "schema",
    "name",
    "aliases",
    "birth_date",
    "countries",
    "addresses",
    "identifiers",
    "sanctions",
    "phones",
    "emails",
    "program_ids",
    "dataset",
    "first_seen",
    "last_seen",
    "last_change",
)


def read_screening(source: Source | None, mistakes: Mistakes) -> tuple[Mapping[str, str], ...]:
    """Rows as text, in the order of the file; several values in a cell are parted by semicolons."""
    rows: dict[str, Mapping[str, str]] = {}
    if source is None:
        return ()
    for table in read_csv(source, SCREENING_COLUMNS, mistakes):
        record = Record(source.name, table, mistakes)
        key = record.identifier("id")
        record.text("schema")
        record.text("name")
        if key in rows:
            record.wrong("id", f"listed party {key!r} stands twice", "keep one of them")
        rows[key] = {name: cell.text for name, cell in table.entries.items() if isinstance(cell, Scalar)}
    return tuple(rows.values())
