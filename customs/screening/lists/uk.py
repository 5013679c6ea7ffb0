"""UK Sanctions List as CSV (the only British list since 2026-01-28): a row a name, a line of metadata on top."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date

from customs.screening.lists.reading import Draft, Row, as_text, cut, day_of, named, table
from customs.screening.model import ListedParty, PartyList

__all__ = ["NEEDED", "read"]

NEEDED = (
    "Unique ID",
    "Name 6",
    "Name 1",
    "Name 2",
    "Name 3",
    "Name 4",
    "Name 5",
    "Name type",
    "Alias strength",
    "Name non-latin script",
    "Regime Name",
    "Designation Type",
    "D.O.B",
    "Nationality(/ies)",
    "Address Country",
)
KINDS = {"individual": "person", "entity": "entity", "ship": "vessel"}
PLACES = ("Nationality(/ies)", "Address Country", "Country of birth", "Current believed flag of ship")
NAMES = ("Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6")


@dataclass(slots=True)
class _Party:
    line: int
    kind: str
    strong: list[str] = field(default_factory=list)
    weak: list[str] = field(default_factory=list)
    years: set[int] = field(default_factory=set)
    countries: set[str] = field(default_factory=set)
    programmes: dict[str, None] = field(default_factory=dict)


def read(file: str, body: bytes, list_id: str) -> PartyList:
    """The list; rows of one Unique ID are one party. Its day stands in the first line."""
    draft = Draft(list_id, "uk", file)
    text = as_text(body, draft)
    if text is None:
        return draft.done(body)
    first = text.partition("\n")[0]
    bare = "Unique ID" in next(csv.reader([first]), [])  # somebody took the metadata line away
    if not bare:
        draft.published = _reported(first)
        if draft.published is None:
            draft.note(1, "", f"no date of the report in {cut(first.strip())!r}")
    parties: dict[str, _Party] = {}
    for row in table(text, NEEDED, draft, head=1 if bare else 2):
        _take(row, parties, draft)
    for key, party in parties.items():
        draft.add(
            ListedParty(
                key,
                party.kind,
                named(party.strong, party.weak),
                frozenset(party.years),
                frozenset(party.countries),
                tuple(party.programmes),
            ),
            party.line,
            "Unique ID",
        )
    return draft.done(body)


def _reported(first: str) -> date | None:
    found = (day_of(cell.partition(":")[2] or cell) for cell in next(csv.reader([first]), []))
    return next((day for day in found if day is not None), None)


def _take(row: Row, parties: dict[str, _Party], draft: Draft) -> None:
    key, kind = row["Unique ID"], KINDS.get(row["Designation Type"].casefold())
    if not key:
        draft.wrong(row.line, "Unique ID", "the row has no Unique ID")
        return
    if kind is None:
        cause = f"unknown designation type {cut(row['Designation Type'])!r}"
        draft.wrong(row.line, "Designation Type", cause, "Individual, Entity or Ship")
        return
    party = parties.setdefault(key, _Party(row.line, kind))
    name = " ".join(filter(None, (row[column] for column in NAMES)))
    other = row["Name non-latin script"]
    if not name and not other:
        draft.wrong(row.line, "Name 6", "the row has no name")
    weak = "low" in row["Alias strength"].casefold()
    (party.weak if weak else party.strong).extend((name, other))
    party.years |= draft.years(_several(row["D.O.B"]), row.line, "D.O.B")
    for column in PLACES:
        party.countries |= draft.countries(_several(row[column]), row.line, column)
    if row["Regime Name"]:
        party.programmes[row["Regime Name"]] = None


def _several(cell: str) -> list[str]:
    """Values parted by bars or semicolons, or numbered ``(1) ... (2) ...``."""
    for number in range(1, 30):
        cell = cell.replace(f"({number})", "|")
    return [part.strip() for part in cell.replace(";", "|").split("|") if part.strip()]
