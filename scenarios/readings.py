"""The register of second readings: who compares a rule of law with its act records what the rule said then.

A rule's fingerprint covers its meaning: the question it answers, conditions, answer, days and the
acts it cites; words for people and examples are not part of it. A rule that has changed since it was
read is to be read again.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from domain import InputError, UnknownReference
from engine.rulebook import Rule, Rulebook, read_folder
from engine.rulebook.load import READINGS
from engine.rulebook.problems import nearest
from engine.rulebook.read import LAW_FOLDERS
from scenarios.house import folder

__all__ = ["VERDICTS", "Reading", "Standing", "fingerprints", "record", "register", "standings"]

State = Literal["read", "changed", "unread"]
VERDICTS = ("supported", "policy", "in_part", "not_found", "contradicted")
"""What the reader found: the act (or a named source) says so; it is our own reading or simplification, and
the rule says that; only part is said there; nothing says so; the act says otherwise."""
MEANT = ("when", "then", "valid", "known_until", "overrides", "replaces")


@dataclass(frozen=True, slots=True)
class Reading:
    """One line of the register. ``compared_with`` names what was looked at: act, article, page."""

    rule: str
    fingerprint: str
    read: date
    verdict: str
    compared_with: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A rule of law and its last reading, if there was one."""

    rule: str
    decision: str
    state: State
    reading: Reading | None

    def to_json(self) -> dict[str, object]:
        """Stable keys; days as ISO text."""
        body: dict[str, object] = {"rule": self.rule, "decision": self.decision, "state": self.state}
        if self.reading is not None:
            body |= {
                "read": self.reading.read.isoformat(),
                "verdict": self.reading.verdict,
                "compared_with": self.reading.compared_with,
                "note": self.reading.note,
            }
        return body


def standings(book: Rulebook, rules: Path | None) -> list[Standing]:
    """Every rule of law: read as it stands, changed since, or never read; in the order of the files."""
    held, prints = register(rules), fingerprints(book, rules)
    found = []
    for name, print_ in prints.items():
        reading = held.get(name)
        state: State = "unread" if reading is None else "read"
        if reading is not None and reading.fingerprint != print_:
            state = "changed"
        found.append(Standing(name, book.rules[name].decision, state, reading))
    return found


def fingerprints(book: Rulebook, rules: Path | None) -> dict[str, str]:
    """Twelve digits for the meaning of each rule of law."""
    texts = read_folder(rules or folder("rules"))
    law = [
        rule for rule in book.rules.values() if rule.place and rule.place.file.split("/")[0] in LAW_FOLDERS
    ]
    return {rule.id: _fingerprint(rule, texts) for rule in law}


def _fingerprint(rule: Rule, texts: Mapping[str, str]) -> str:
    assert rule.place is not None
    text = texts[rule.place.file]
    if rule.place.file.endswith(".csv"):
        meant: Any = text.splitlines()[rule.place.line - 1]
    else:
        written = _written(text)[rule.id]
        meant = {key: written[key] for key in MEANT if key in written}
    acts = [[cite.act, cite.article or ""] for cite in rule.cite]
    canonical = json.dumps([rule.decision, meant, acts], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]


@cache
def _written(text: str) -> dict[str, dict[str, Any]]:
    """The rules of a file as written, every scalar as text."""
    document = yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506 - text only: it makes no objects
    return {rule["id"]: rule for rule in document.get("rules", ())}


def register(rules: Path | None) -> dict[str, Reading]:
    """The readings of a rule folder by rule; empty where it keeps no register.

    Raises InputError, with file and line, for a broken row.
    """
    path = (rules or folder("rules")) / READINGS
    if not path.is_file():
        return {}
    try:
        rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")), strict=True)
        return _readings(rows)
    except UnicodeDecodeError as error:
        raise _broken(1, f"the file is not UTF-8 text: {error.reason}", "save it as UTF-8") from None
    except csv.Error as error:
        raise _broken(rows.line_num, f"the row cannot be read: {error}", "quote cells with commas") from None


def _readings(rows: csv.DictReader[str]) -> dict[str, Reading]:
    columns = [*Reading.__dataclass_fields__]
    if rows.fieldnames != columns:
        raise _broken(1, f"the columns are {rows.fieldnames}", f"make them {', '.join(columns)}")
    found: dict[str, Reading] = {}
    for line, row in enumerate(rows, start=2):
        reading = _reading(row, line)
        if reading.rule in found:
            raise _broken(line, f"{reading.rule} is listed twice", "keep the later reading")
        found[reading.rule] = reading
    return found


def _reading(row: Mapping[str, str | None], line: int) -> Reading:
    if None in row.values() or None in row:
        raise _broken(line, "the row has another number of cells than the header", "quote cells with commas")
    cells = {name: str(value) for name, value in row.items()}
    try:
        day = date.fromisoformat(cells["read"])
    except ValueError:
        raise _broken(line, f"{cells['read']!r} is not a date", "write it as 2026-11-22") from None
    if cells["verdict"] not in VERDICTS:
        raise _broken(line, f"there is no verdict {cells['verdict']!r}", nearest(cells["verdict"], VERDICTS))
    return Reading(**{**cells, "read": day})  # type: ignore[arg-type]


def _broken(line: int, cause: str, cure: str) -> InputError:
    return InputError(cause, code="readings.broken", place=f"{READINGS}:{line}", cure=cure)


def record(book: Rulebook, rules: Path | None, read: Iterable[Reading]) -> None:
    """Put readings into the register, each in the place of the rule's former one; the file is replaced whole.

    The fingerprint is that of the rule as it stands. Raises UnknownReference for a rule that is none of law,
    InputError for a verdict that does not exist or a reading that names nothing it was compared with.
    """
    prints = fingerprints(book, rules)
    held = register(rules)
    for reading in read:
        if reading.rule not in prints:
            raise UnknownReference(
                f"there is no rule of law {reading.rule!r}",
                code="rules.unknown",
                place="/rule",
                cure=nearest(reading.rule, prints, "passavant rules list"),
            )
        if reading.verdict not in VERDICTS:
            raise InputError(
                f"there is no verdict {reading.verdict!r}",
                code="readings.verdict",
                cure=nearest(reading.verdict, VERDICTS, f"use {', '.join(VERDICTS)}"),
            )
        if not reading.compared_with.strip():
            raise InputError(
                f"the reading of {reading.rule} names nothing it was compared with",
                code="readings.nothing_compared",
                cure="name the act and article, or the page",
            )
        held[reading.rule] = replace(reading, fingerprint=prints[reading.rule])
    _write((rules or folder("rules")) / READINGS, [held[name] for name in sorted(held) if name in prints])


def _write(path: Path, readings: Iterable[Reading]) -> None:
    out = io.StringIO()
    writer = csv.DictWriter(out, [*Reading.__dataclass_fields__], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(reading) for reading in readings)
    beside = path.with_suffix(".csv.new")
    try:
        beside.write_text(out.getvalue(), encoding="utf-8")
        os.replace(beside, path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise InputError(
            f"the register cannot be written: {error.strerror}",
            code="readings.not_written",
            place=str(path.name),
            cure="name a folder that may be written with --rules",
        ) from None
