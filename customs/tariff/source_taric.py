"""TARIC as the Commission publishes it: the sheets "Duties Import 01-99" and, beside it, "Measure exclusions",
each saved as CSV."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from customs.tariff.csv_rows import BROKEN, csv_rows
from customs.tariff.rows import (
    About,
    Kept,
    MeasureType,
    Refused,
    Skipped,
    areas,
    kept_or_refused,
    measure_types,
)
from domain import InputError

__all__ = ["read_taric"]

NEEDED = ("Goods code", "Start date", "Meas. type code", "Duty", "Origin code")
EXCLUSIONS = ("Goods code", "Meas. type code", "Excluded country code")
DECLARABLE = "80"
_CODE = re.compile(r"(\d{10})(?:\s+(\d{2}))?")
_DAY = re.compile(r"(\d{2})[-./](\d{2})[-./](\d{4})")

Exclusions = Mapping[tuple[str, str, str], str]


def read_taric(files: Sequence[Path], about: About) -> Iterator[Kept | Skipped | Refused]:
    """Rows of the duty sheets. A file whose name speaks of exclusions is read first."""
    beside = [path for path in files if "exclusion" in path.name.lower()]
    sheets = [path for path in files if path not in beside]
    if not sheets:
        raise InputError(
            "there is no sheet of duties among the files",
            code="tariff.import_format",
            cure='save "Duties Import 01-99" as CSV and name it, or its folder',
        )
    left_out = _exclusions(beside)
    for path in sheets:
        for line, row in csv_rows(path, NEEDED):
            if BROKEN in row:
                yield Refused(path.name, line, "", row[BROKEN])
            else:
                yield _row(row, left_out, path.name, line, about)


def _exclusions(files: Sequence[Path]) -> Exclusions:
    """Origins left out, by goods code, measure type and origin."""
    found: dict[tuple[str, str, str], str] = {}
    for path in files:
        for _, row in csv_rows(path, EXCLUSIONS):
            match = _CODE.match(row["Goods code"])
            key = (match[1] if match else "", row["Meas. type code"], row.get("Origin code", ""))
            code = row["Excluded country code"]
            found[key] = f"{found.get(key, '')} {areas().get(code, code)}".strip()
    return found


def _row(
    row: Mapping[str, str], left_out: Exclusions, file: str, line: int, about: About
) -> Kept | Skipped | Refused:
    kind = measure_types().get(row["Meas. type code"])
    if kind is None:
        return Skipped(f"measure type {row['Meas. type code']} is no duty of ours")
    match = _CODE.fullmatch(row["Goods code"])
    if match is None:
        return Refused(file, line, "Goods code", f"{row['Goods code']!r} is not ten digits")
    if match[2] not in (None, DECLARABLE):
        return Skipped("intermediate line of the nomenclature")
    try:
        start, last = _day(row["Start date"]), _day(row.get("End date", ""))
    except ValueError as error:
        return Refused(file, line, "Start date", str(error))
    if start is None or (last is not None and last < start):
        return Refused(file, line, "Start date", "the measure has no first day, or ends before it")
    record = (
        about.record()
        | _record(row, kind, match[1], left_out)
        | {
            "valid_from": start.isoformat(),
            "valid_until": "" if last is None else date.fromordinal(last.toordinal() + 1).isoformat(),
        }
    )
    return kept_or_refused(record, row["Duty"], file=file, line=line, column="Duty")


def _record(row: Mapping[str, str], kind: MeasureType, code: str, left_out: Exclusions) -> dict[str, str]:
    """A measure holds for the whole branch below its code, so the padding is taken off."""
    area, extra, quota = row["Origin code"], row.get("Add code", ""), row.get("Order No.", "")
    branch = re.sub(r"(00)+$", "", code)
    notes = (("additional code", extra), ("quota", quota), ("legal base", row.get("Legal base", "")))
    key = (code, row["Meas. type code"])
    return {
        "hs_code": branch,
        "description": row.get("Measure type", ""),
        "measure": kind.measure,
        "origin": areas().get(area) or (area if len(area) == 2 else f"area:{area}"),
        "origin_except": left_out.get((*key, area)) or left_out.get((*key, ""), ""),
        "effect": kind.effect,
        "applies": "may" if extra or quota else kind.applies,
        "note": "; ".join(f"{name} {text}" for name, text in notes if text)[:512],
    }


def _day(text: str) -> date | None:
    if not text:
        return None
    match = _DAY.match(text)
    try:
        return date(int(match[3]), int(match[2]), int(match[1])) if match else date.fromisoformat(text[:10])
    except ValueError:
        raise ValueError(f"{text!r} is no date") from None
