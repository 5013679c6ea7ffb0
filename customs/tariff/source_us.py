"""The Harmonized Tariff Schedule of the United States as exported by the USITC: CSV or JSON.

A line without a rate of its own bears that of the line it is indented under. Chapters 98 and 99
are special provisions and left out: additional duties stand in our own table, by date.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from customs.tariff.csv_rows import BROKEN, csv_rows
from customs.tariff.rows import About, Kept, Refused, Skipped, kept_or_refused
from customs.tariff.units import read_table
from domain import InputError

__all__ = ["read_us"]

CODE, INDENT, GENERAL = "HTS Number", "Indent", "General Rate of Duty"
SPECIAL, OTHER = "Special Rate of Duty", "Column 2 Rate of Duty"
NEEDED = (CODE, INDENT, GENERAL, SPECIAL, OTHER)
JSON_NAMES = {
    CODE: "htsno",
    INDENT: "indent",
    "Description": "description",
    GENERAL: "general",
    SPECIAL: "special",
    OTHER: "other",
}
SPECIAL_CHAPTERS = ("98", "99")
LENGTHS = (4, 6, 8, 10)
_FOOTNOTE = re.compile(r"(?:\s*\b\d+/)+\s*$")
_PROGRAMS = re.compile(r"(?P<rate>[^()]*)\((?P<programs>[^()]*)\)")

Rates = tuple[str, str, str]


def read_us(files: Sequence[Path], about: About) -> Iterator[Kept | Skipped | Refused]:
    """General, column 2 and special rates of every line that is at least a subheading."""
    for path in files:
        above: list[tuple[int, Rates]] = []
        rows = _json_rows(path) if path.suffix == ".json" else csv_rows(path, NEEDED)
        for line, row in rows:
            if BROKEN in row or not row[INDENT].isdigit():
                why = row.get(BROKEN, f"{row[INDENT]!r} is no depth")
                yield Refused(path.name, line, INDENT, why)
                continue
            depth, own = int(row[INDENT]), (row[GENERAL], row[SPECIAL], row[OTHER])
            while above and above[-1][0] >= depth:
                above.pop()
            rates = own if row[GENERAL] else next((r for _, r in reversed(above) if r[0]), own)
            above.append((depth, rates))
            yield from _lines(row, rates, path.name, line, about)


def _lines(
    row: Mapping[str, str], rates: Rates, file: str, line: int, about: About
) -> Iterator[Kept | Skipped | Refused]:
    code = row[CODE].replace(".", "")
    if not code:
        yield Skipped("heading without a number")
    elif not code.isdigit() or len(code) not in LENGTHS:
        yield Refused(file, line, CODE, f"{row[CODE]!r} is no HTS number")
    elif code.startswith(SPECIAL_CHAPTERS):
        yield Skipped("chapters 98 and 99")
    elif not rates[0]:
        yield Skipped("heading without a rate")
    else:
        second = _programs()["column 2"]
        base = {
            **about.record(),
            "hs_code": code,
            "description": row.get("Description", "").rstrip(":"),
            "measure": "mfn",
            "effect": "adds",
            "applies": "yes",
            "valid_from": about.as_at.isoformat(),
        }
        general = base | {"origin": "*", "origin_except": second if rates[2] else ""}
        yield kept_or_refused(general, _plain(rates[0]), file=file, line=line, column=GENERAL)
        if rates[2]:
            other = base | {"origin": second, "note": "column 2"}
            yield _implied(kept_or_refused(other, _plain(rates[2]), file=file, line=line, column=OTHER))
        for rate, origins, names in _special(rates[1]):
            if rate.startswith("See"):
                continue  # a rate that stands elsewhere in the schedule; the general one still holds
            claimed = {"measure": "preference", "effect": "instead", "applies": "may"}
            told = {"origin": origins, "note": f"program {names}"}
            found = kept_or_refused(base | claimed | told, rate, file=file, line=line, column=SPECIAL)
            yield _implied(found)


def _implied(found: Kept | Refused) -> Kept | Refused:
    return Kept(found.record, read=False) if isinstance(found, Kept) else found


def _special(text: str) -> Iterator[tuple[str, str, str]]:
    """(rate, origins, programs) of ``Free (AU,S) 2.3% (KR)``; programs that are no agreement are left out."""
    for match in _PROGRAMS.finditer(text):
        names = [name.strip() for name in match["programs"].split(",")]
        known = [name for name in names if name in _programs()]
        if known:
            origins = " ".join(dict.fromkeys(o for name in known for o in _programs()[name].split()))
            yield _plain(match["rate"]), origins, ", ".join(known)


def _plain(rate: str) -> str:
    return _FOOTNOTE.sub("", rate).strip()


@cache
def _programs() -> dict[str, str]:
    return {row["program"]: row["origins"] for row in read_table("tariff_us_programs.csv")}


def _json_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        items = json.loads(path.read_text(encoding="utf-8"), parse_float=str)
    except ValueError as error:
        raise InputError(f"broken JSON: {error}", code="tariff.import_format", place=path.name) from None
    if not isinstance(items, list) or not all(isinstance(i, dict) and "htsno" in i for i in items):
        raise InputError(
            "this is no list of tariff lines with htsno",
            code="tariff.import_format",
            place=path.name,
            cure="use the JSON export of the schedule",
        )
    for number, item in enumerate(items, 1):
        yield number, {name: str(item.get(key) or "").strip() for name, key in JSON_NAMES.items()}
