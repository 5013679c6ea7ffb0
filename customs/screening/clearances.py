"""``clearances.csv``: hits that somebody looked at and cleared, by name, entry and version of the list."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from customs.screening.model import Clearance, Flaw
from domain import InputError

__all__ = ["COLUMNS", "FILE", "add_clearance", "read_clearances"]

FILE = "clearances.csv"
COLUMNS = ("name_key", "list", "entry", "list_version", "cleared_by", "cleared_on", "reason")
_CURE = "clear hits with passavant screening clear"


def read_clearances(file: str, text: str) -> tuple[tuple[Clearance, ...], tuple[Flaw, ...]]:
    """The rows and what is wrong with others: another width, an empty cell, no date, the same twice."""
    found: dict[tuple[str, str, str, str], Clearance] = {}
    flaws: list[Flaw] = []
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        if tuple(next(reader, ())) != COLUMNS:
            return (), (Flaw(file, 1, "", "the header is not right", f"write {','.join(COLUMNS)}"),)
        for cells in reader:
            line = reader.line_num
            if not cells:
                continue
            if len(cells) != len(COLUMNS):
                flaws.append(Flaw(file, line, "", f"{len(cells)} cells, not {len(COLUMNS)}", _CURE))
                continue
            made = _clearance(dict(zip(COLUMNS, map(str.strip, cells), strict=True)))
            if isinstance(made, Clearance) and made.key in found:
                flaws.append(
                    Flaw(file, line, "entry", "this name and entry are cleared twice", "keep one row")
                )
            elif isinstance(made, Clearance):
                found[made.key] = made
            else:
                flaws.append(Flaw(file, line, made, f"{made} cannot be read", _CURE))
    except csv.Error as error:
        flaws.append(Flaw(file, reader.line_num, "", f"not readable as CSV: {error}", "close the quotes"))
    return tuple(found.values()), tuple(flaws)


def _clearance(row: dict[str, str]) -> Clearance | str:
    """The row as a value, or the column that is wrong."""
    for column in COLUMNS:
        if not row[column]:
            return column
    try:
        day = date.fromisoformat(row["cleared_on"])
    except ValueError:
        return "cleared_on"
    return Clearance(
        row["name_key"], row["list"], row["entry"], row["list_version"], row["cleared_by"], day, row["reason"]
    )


def add_clearance(folder: Path, clearances: Sequence[Clearance]) -> Path:
    """Write rows to the folder's file, all or none: the old file stands until the new one is whole.

    Raises `InputError` where the file is broken, or one of the rows stands there already.
    """
    path = folder / FILE
    if not folder.is_dir():
        raise InputError("there is no such folder", code="screening.no_folder", place=str(folder))
    before = path.read_bytes() if path.exists() else None
    try:
        text = ",".join(COLUMNS) + "\n" if before is None else before.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(
            "the text is not UTF-8", code="screening.clearances", place=FILE, cure="save the file as UTF-8"
        ) from None
    held, flaws = read_clearances(FILE, text)
    if flaws:
        raise InputError(
            flaws[0].cause, code="screening.clearances", place=flaws[0].place, cure=flaws[0].cure
        )
    known = {clearance.key: clearance for clearance in held}
    for clearance in clearances:
        if earlier := known.get(clearance.key):
            raise InputError(
                f"{earlier.entry} of {earlier.list_id} was cleared for this name on {earlier.cleared_on} already",
                code="screening.cleared_twice",
                place=FILE,
                cure="nothing to do: the order goes on",
            )
        known[clearance.key] = clearance
    _replace(path, before, text if text.endswith("\n") else text + "\n", clearances)
    return path


def _replace(path: Path, before: bytes | None, text: str, clearances: Iterable[Clearance]) -> None:
    more = io.StringIO()
    writer = csv.writer(more, lineterminator="\n")
    for each in clearances:
        writer.writerow((*each.key, each.cleared_by, each.cleared_on.isoformat(), each.reason))
    handle, name = tempfile.mkstemp(prefix=f".{FILE}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text + more.getvalue())
            file.flush()
            os.fsync(file.fileno())
        if (path.read_bytes() if path.exists() else None) != before:
            raise InputError(
                "somebody else wrote a clearance at the same time",
                code="screening.clearances",
                place=FILE,
                cure="try again",
            )
        if before is not None:
            Path(name).chmod(path.stat().st_mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
