"""Rows of a CSV file, one at a time, with the line each stands on."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from domain import InputError

__all__ = ["BROKEN", "csv_rows"]

BROKEN = "cells"
"""Key of a row that has more or fewer cells than the header: says so."""

SPREADSHEETS = (".xlsx", ".xls", ".ods")


def csv_rows(path: Path, needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, row) with every cell as text without outer spaces; commas or semicolons, with or without BOM.

    Raises InputError for a spreadsheet, missing columns, text that is not UTF-8 and broken quoting.
    """
    if path.suffix.lower() in SPREADSHEETS:
        raise InputError(
            "this is a spreadsheet",
            code="tariff.import_format",
            place=path.name,
            cure="save the sheet as CSV (UTF-8) and import that",
        )
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            file.seek(0)
            mark = ";" if first.count(";") > first.count(",") else ","
            rows = csv.DictReader(file, delimiter=mark, strict=True)
            have = [name.strip() for name in rows.fieldnames or ()]
            lacking = [name for name in needed if name not in have]
            if lacking:
                raise InputError(
                    f"the columns {', '.join(lacking)} are missing",
                    code="tariff.import_columns",
                    place=f"{path.name}:1",
                    cure="check --from, or whether the file is the published one",
                )
            rows.fieldnames = have
            for row in rows:
                cells: dict[str | None, object] = dict(row)
                wrong = "more" if cells.pop(None, None) else "fewer" if None in cells.values() else ""
                found = {str(name): str(cell or "").strip() for name, cell in cells.items()}
                if wrong:
                    found[BROKEN] = f"the row has {wrong} cells than the header"
                yield rows.line_num, found
    except UnicodeDecodeError as error:
        raise InputError(
            f"the file is not UTF-8 text (byte {error.start})",
            code="tariff.import_format",
            place=path.name,
            cure="save it as CSV in UTF-8",
        ) from None
    except csv.Error as error:
        raise InputError(
            f"broken CSV: {error}", code="tariff.import_format", place=f"{path.name}:{rows.reader.line_num}"
        ) from None
