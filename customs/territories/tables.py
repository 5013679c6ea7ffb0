"""Reading the packaged tables: rows of text, with file and line in every error."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from domain import WorldError

__all__ = ["day_or_none", "rows", "split_codes"]


@cache
def rows(name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of ``customs/data/<name>``; a short or long row is a `WorldError`."""
    return tuple(_read(name))


def _read(name: str) -> Iterator[Mapping[str, str]]:
    text = files("customs").joinpath("data", name).read_text(encoding="utf-8")
    reader = csv.DictReader(text.splitlines(), strict=True)
    for row in reader:
        if None in row or None in row.values():
            raise WorldError(
                "the row has not as many fields as the header",
                code="territory.bad_table",
                place=f"{name}:{reader.line_num}",
                cure="quote fields that hold commas",
            )
        yield row


def day_or_none(text: str) -> date | None:
    """An ISO date, or None for an empty field (open end)."""
    return date.fromisoformat(text) if text else None


def split_codes(text: str) -> frozenset[str]:
    """``"IT|IT-LIVIGNO"`` as a set of codes."""
    return frozenset(part for part in text.split("|") if part)
