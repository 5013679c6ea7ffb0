"""Reads tariff lines from a table and refuses rows without provenance."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path

from customs.tariff.expression import RateExpression
from customs.tariff.parse import parse_rate
from domain import InputError, WorldError

__all__ = ["ANY_ORIGIN", "COLUMNS", "TariffLine", "line_of", "read_lines"]

ANY_ORIGIN = "*"
USABLE = ("high", "medium")
AREA = "area:"
EFFECTS = ("adds", "at_least", "instead")
APPLIES = ("yes", "may", "off")
COLUMNS = (
    "jurisdiction",
    "hs_code",
    "description",
    "measure",
    "origin",
    "origin_except",
    "effect",
    "applies",
    "gives_way_to",
    "expression",
    "needs",
    "valid_from",
    "valid_until",
    "as_at",
    "source",
    "confidence",
    "checked",
    "note",
)


@dataclass(frozen=True, slots=True)
class TariffLine:
    """One measure on one code prefix. Days are half-open.

    ``expression`` None: the measure exists, its rate was not established, and
    ``needs`` says what to look up. ``applies`` is ``yes``, ``may`` (exemptions
    that were not read) or ``off`` (only its existence is known: it counts nowhere).
    ``effect`` ``adds`` to the general duty, makes the total ``at_least`` that much,
    or may be claimed ``instead`` of the general rate (a preference, a suspension, a
    quota): ``needs`` then says what to prove. ``gives_way_to`` names measures,
    separated by spaces, that displace this one on the same goods.
    """

    jurisdiction: str
    hs_code: str
    description: str
    measure: str
    origins: frozenset[str]
    origins_except: frozenset[str]
    effect: str
    applies: str
    gives_way_to: str
    expression: RateExpression | None
    needs: tuple[str, ...]
    valid_from: date
    valid_until: date | None
    as_at: date | None
    source: str
    confidence: str
    checked: date | None
    note: str

    def holds(self, day: date) -> bool:
        """Whether the measure is in force on that local day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)

    def covers(self, origin: str | None) -> bool | None:
        """Whether goods of that origin fall under the measure; None where the origin is needed,
        or the members of a group of countries are not known."""
        if ANY_ORIGIN in self.origins and not self.origins_except:
            return True
        if origin is None:
            return None
        if origin in self.origins_except:
            return False
        if ANY_ORIGIN in self.origins or origin in self.origins:
            return True
        return None if any(part.startswith(AREA) for part in self.origins) else False


def read_lines(path: Path | None = None) -> tuple[tuple[TariffLine, ...], str]:
    """(lines, version) of the packaged table or of a file in the same layout.

    Raises WorldError naming file and line for a rate that cannot be read, a row
    without source, and an unconfirmed rate that is not left blank.
    """
    name = path.name if path else "tariff.csv"
    text = path.read_text(encoding="utf-8") if path else _packaged(name)
    lines = []
    for number, record in enumerate(csv.DictReader(text.splitlines()), 2):
        try:
            lines.append(line_of(record))
        except (KeyError, ValueError, InputError) as error:
            raise WorldError(
                f"cannot read the row: {error}", code="tariff.bad_row", place=f"{name}:{number}"
            ) from None
    return tuple(lines), hashlib.sha256(text.encode()).hexdigest()[:16]


def _packaged(name: str) -> str:
    return files("customs").joinpath("data", name).read_text(encoding="utf-8")


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def line_of(record: dict[str, str]) -> TariffLine:
    """One line from a record of the table. Raises KeyError, ValueError or InputError for a broken one."""
    expression = parse_rate(record["expression"]) if record["expression"] else None
    if not record["source"]:
        raise ValueError("a row needs a source")
    if expression is not None and record["confidence"] not in USABLE:
        raise ValueError(
            "a rate in use needs high or medium confidence; leave the expression blank and fill needs"
        )
    if expression is None and not record["needs"]:
        raise ValueError("a row without a rate says in needs what to look up")
    if record["effect"] not in EFFECTS or record["applies"] not in APPLIES:
        raise ValueError("effect is adds, at_least or instead, applies is yes, may or off")
    if record["hs_code"] and not record["hs_code"].isdigit():
        raise ValueError(f"hs_code {record['hs_code']!r} is not digits")
    return TariffLine(
        record["jurisdiction"],
        record["hs_code"],
        record["description"],
        record["measure"],
        frozenset(record["origin"].split()),
        frozenset(record["origin_except"].split()),
        record["effect"],
        record["applies"],
        record["gives_way_to"],
        expression,
        tuple(record["needs"].split()),
        date.fromisoformat(record["valid_from"]),
        _day(record["valid_until"]),
        _day(record["as_at"]),
        record["source"],
        record["confidence"],
        _day(record["checked"]),
        record["note"],
    )
