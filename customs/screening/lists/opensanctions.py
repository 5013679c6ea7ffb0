"""OpenSanctions ``targets.simple.csv``: a row a party, several values in a cell parted by semicolons."""

from __future__ import annotations

from customs.screening.lists.reading import Draft, as_text, cut, day_of, named, table
from customs.screening.model import ListedParty, PartyList

__all__ = ["COLUMNS", "read"]

COLUMNS = (
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
NEEDED = ("id", "schema", "name", "aliases", "birth_date", "countries")
KINDS = {"Person": "person", "Vessel": "vessel", "Airplane": "aircraft"}
"""Every other schema (Company, Organization, LegalEntity, PublicBody ...) is an entity."""


def read(file: str, body: bytes, list_id: str) -> PartyList:
    """The list; its day is the last on which any party was seen."""
    draft = Draft(list_id, "opensanctions", file)
    for row in table(as_text(body, draft), NEEDED, draft):
        if not row["schema"]:
            draft.wrong(row.line, "schema", "schema is missing", "Person, Company, Organization, Vessel ...")
        if not row["name"]:
            draft.wrong(row.line, "name", "name is missing")
            continue
        seen = day_of(row["last_seen"])
        if row["last_seen"] and seen is None:
            draft.note(row.line, "last_seen", f"{cut(row['last_seen'])!r} is no date")
        if seen is not None and (draft.published is None or seen > draft.published):
            draft.published = seen
        known = (code for code in row["countries"].split(";") if code != "xx")
        party = ListedParty(
            row["id"],
            KINDS.get(row["schema"], "entity"),
            named((row["name"], *row["aliases"].split(";"))),
            draft.years(filter(None, row["birth_date"].split(";")), row.line, "birth_date"),
            draft.countries(known, row.line, "countries"),
            tuple(filter(None, row["program_ids"].split(";"))),
        )
        draft.add(party, row.line, "id")
    return draft.done(body)
