"""Imports a published tariff into a dated snapshot folder: all of it, or nothing.

Rows are read and written one at a time into a temporary folder beside the target, which takes
its final name in one step at the very end.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from customs.tariff.rows import About, Kept, Reader, Refused, Skipped
from customs.tariff.snapshot import LINES, MANIFEST, REFUSED, Manifest, checksum
from customs.tariff.source_taric import read_taric
from customs.tariff.source_uk import read_uk
from customs.tariff.source_us import read_us
from customs.tariff.table import COLUMNS, line_of
from customs.tariff.units import read_table
from domain import InputError, WorldError

__all__ = ["REFUSED_LIMIT", "Source", "import_tariff", "sources"]

REFUSED_LIMIT = Decimal(5)
"""Share of rows, in per cent, that may be refused before the import fails as a whole."""
SUFFIXES = (".csv", ".json", ".xlsx", ".xls")
SHOWN = 20
TICK = 1 << 10


@dataclass(frozen=True, slots=True)
class Source:
    """A published tariff: who publishes it, which measures a snapshot of it replaces."""

    jurisdiction: str
    title: str
    covers: tuple[str, ...]
    read: Reader


READERS: Mapping[str, Reader] = {"uk": read_uk, "taric": read_taric, "us": read_us}


@cache
def sources() -> Mapping[str, Source]:
    """The published tariffs that can be imported, by the name the command line gives them."""
    return {
        row["source"]: Source(
            row["jurisdiction"], row["title"], tuple(row["covers"].split()), READERS[row["source"]]
        )
        for row in read_table("tariff_sources.csv")
    }


@dataclass(slots=True)
class _Tally:
    """What became of the rows."""

    read: int = 0
    kept: int = 0
    double: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    refused: list[Refused] = field(default_factory=list)


def import_tariff(
    source: str,
    path: Path,
    into: Path,
    *,
    as_at: date,
    today: date,
    refused_limit: Decimal = REFUSED_LIMIT,
    tick: Callable[[int], None] | None = None,
) -> Manifest:
    """Import a file, or every CSV or JSON file of a folder, as ``into/<jurisdiction>-<as_at>``.

    ``as_at`` is the day the source was published for, ``today`` the day of the import, ``tick`` is told
    the rows read so far. Raises InputError where the source cannot be read, holds no rate, or more than
    ``refused_limit`` per cent of its duties are refused; nothing is left behind then.
    """
    held = sources().get(source)
    if held is None:
        raise InputError(
            f"there is no tariff source {source!r}",
            code="tariff.import_source",
            cure=f"use {', '.join(sources())}",
        )
    if as_at > today:
        raise InputError(f"the tariff is said to be as at {as_at}, after {today}", code="tariff.import_as_at")
    files = _files(path)
    target = into / f"{held.jurisdiction.lower()}-{as_at.isoformat()}"
    if target.exists():
        raise InputError(
            f"there is a snapshot {target.name} already",
            code="tariff.snapshot_exists",
            place=str(target),
            cure="remove it first, or import under the day it was published for",
        )
    try:
        into.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".importing-", dir=into))
        try:
            before = {file: checksum(file) for file in files}
            tally = _write(draft, held.read(files, About(held.jurisdiction, held.title, as_at, today)), tick)
            _judge(tally, refused_limit)
            if {file: checksum(file) for file in files} != before:
                raise InputError("the source changed while it was read", code="tariff.import_changed")
            manifest = _manifest(source, held, before, tally, draft, as_at, today)
            (draft / MANIFEST).write_text(json.dumps(manifest.to_json(), indent=2) + "\n", encoding="utf-8")
            draft.chmod(0o755)
            os.replace(draft, target)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        raise WorldError(
            f"cannot read or write: {error.strerror or error}",
            code="tariff.import_disk",
            place=str(error.filename or into),
        ) from None
    return manifest


def _files(path: Path) -> tuple[Path, ...]:
    if path.is_dir():
        found = tuple(sorted(file for file in path.iterdir() if file.suffix.lower() in SUFFIXES))
    else:
        found = (path,) if path.is_file() else ()
    if not found:
        raise InputError(
            "there is no file to import",
            code="tariff.import_no_file",
            place=str(path),
            cure="name a CSV or JSON file, or a folder that holds some",
        )
    return found


def _write(
    draft: Path, rows: Iterator[Kept | Skipped | Refused], tick: Callable[[int], None] | None
) -> _Tally:
    """Stream the lines and the refused rows into the draft."""
    tally, seen = _Tally(), set[bytes]()
    with (
        (draft / LINES).open("w", encoding="utf-8", newline="") as lines_file,
        (draft / REFUSED).open("w", encoding="utf-8", newline="") as refused_file,
    ):
        lines = csv.DictWriter(lines_file, COLUMNS, lineterminator="\n")
        lines.writeheader()
        refused = csv.writer(refused_file, lineterminator="\n")
        refused.writerow(("file", "line", "column", "why"))
        for row in rows:
            tally.read += not (isinstance(row, Kept) and not row.read)
            if tick is not None and tally.read % TICK == 0:
                tick(tally.read)
            if isinstance(row, Skipped):
                tally.skipped[row.why] += 1
                continue
            found = row.record if isinstance(row, Kept) else row.instead
            record = {name: " ".join(value.split()) for name, value in found.items()}
            if isinstance(row, Refused):
                refused.writerow((row.file, row.line, row.column, row.why))
                tally.refused.append(row)
            if record and (key := _key(record)) not in seen:
                seen.add(key)
                line_of(record)
                lines.writerow(record)
                tally.kept += isinstance(row, Kept)
            elif record:
                tally.double += 1
    return tally


def _key(record: dict[str, str]) -> bytes:
    """Short and the same in every run; the notes do not tell lines apart."""
    told = (value for name, value in record.items() if name != "note")
    return hashlib.blake2b("\x1f".join(told).encode(), digest_size=16).digest()


def _judge(tally: _Tally, limit: Decimal) -> None:
    duties = tally.kept + len(tally.refused)
    if not tally.kept:
        raise InputError(
            f"no duty was found in {tally.read} rows{_first(tally.refused)}",
            code="tariff.import_empty",
            cure="check --from, or whether the file is the published one",
        )
    if len(tally.refused) * 100 > limit * duties:
        raise InputError(
            f"{len(tally.refused)} of {duties} duties cannot be read, more than {limit} %"
            f"{_first(tally.refused)}",
            code="tariff.import_refused",
            cure="mend the source, or allow more with --refused-limit",
        )


def _first(refused: Sequence[Refused]) -> str:
    """The first refused rows, for the message."""
    shown = "".join(f"\n  {r.file}:{r.line}: {r.column}: {r.why}" for r in refused[:SHOWN])
    more = f"\n  and {len(refused) - SHOWN} more" if len(refused) > SHOWN else ""
    return f":{shown}{more}" if shown else ""


def _manifest(
    name: str,
    source: Source,
    sums: dict[Path, str],
    tally: _Tally,
    draft: Path,
    as_at: date,
    today: date,
) -> Manifest:
    files = tuple((file.name, value, file.stat().st_size) for file, value in sums.items())
    result = checksum(draft / LINES)
    if not tally.refused:
        (draft / REFUSED).unlink()
    return Manifest(
        name,
        source.title,
        source.jurisdiction,
        source.covers,
        as_at,
        today,
        files,
        tally.read,
        tally.kept,
        tally.double,
        dict(sorted(tally.skipped.items())),
        len(tally.refused),
        result,
    )
