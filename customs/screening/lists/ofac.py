"""OFAC's legacy tables: SDN.CSV with ALT.CSV and ADD.CSV (or CONS_PRIM, CONS_ALT, CONS_ADD). No header."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath

from customs.screening.lists.reading import Draft, Row, as_text, cut, named, table
from customs.screening.model import ListedParty, PartyList

__all__ = ["read", "role_of"]

MAIN = (
    "ent_num",
    "SDN_Name",
    "SDN_Type",
    "Program",
    "Title",
    "Call_Sign",
    "Vess_type",
    "Tonnage",
    "GRT",
    "Vess_flag",
    "Vess_owner",
    "Remarks",
)
ALIASES = ("ent_num", "alt_num", "alt_type", "alt_name", "alt_remarks")
ADDRESSES = ("ent_num", "add_num", "address", "city", "country", "add_remarks")
NULL = "-0-"
KINDS = {
    NULL: "entity",
    "": "entity",
    "entity": "entity",
    "individual": "person",
    "vessel": "vessel",
    "aircraft": "aircraft",
}
_ROLES = {
    "sdn": "main",
    "cons_prim": "main",
    "alt": "alt",
    "cons_alt": "alt",
    "add": "add",
    "cons_add": "add",
}
_WEAK = re.compile(r"[af]\.k\.a\.\s+[\"'\u2018\u2019\u201c]([^\"'\u2019\u201d]+)[\"'\u2019\u201d]")
_BORN = re.compile(r"\bDOB\s+([^;]+)")
_PLACES = re.compile(r"\b(?:nationality|citizen|POB)\s+(?:[^;]*,\s*)?([^;,.]+)")


def role_of(name: str) -> str | None:
    """Which of the three tables a file is, by its name: ``main``, ``alt`` or ``add``."""
    return _ROLES.get(re.sub(r"[^a-z]+", "_", name.lower().removesuffix(".csv")).strip("_"))


def read(files: Mapping[str, bytes], list_id: str) -> PartyList:
    """The list from its files by name. Weak aliases stand in quotes in the remarks of the main table.

    A missing ALT.CSV is broken: most aliases stand there. A missing ADD.CSV is noted.
    """
    by_role = {role: (name, body) for name, body in files.items() if (role := role_of(PurePath(name).name))}
    draft = Draft(list_id, "ofac", by_role["main"][0])
    aliases = _grouped(by_role, "alt", ALIASES, draft)
    addresses = _grouped(by_role, "add", ADDRESSES, draft)
    draft.file = by_role["main"][0]
    for row in table(as_text(by_role["main"][1], draft), MAIN, draft, head=None):
        key, kind = row["ent_num"], KINDS.get(row["SDN_Type"].casefold())
        if not key.isdigit():
            draft.wrong(row.line, "ent_num", f"{cut(key)!r} is no entity number")
            continue
        if kind is None:
            cause = f"unknown type {cut(row['SDN_Type'])!r}"
            draft.wrong(row.line, "SDN_Type", cause, "individual, vessel, aircraft or -0-")
            continue
        remarks = row["Remarks"]
        others = [alias["alt_name"] for alias in aliases.pop(key, ())]
        places = [address["country"] for address in addresses.pop(key, ())]
        places += [*_PLACES.findall(remarks), row["Vess_flag"]]
        party = ListedParty(
            key,
            kind,
            named((_value(row["SDN_Name"]), *map(_value, others)), _WEAK.findall(remarks)),
            draft.years(_BORN.findall(remarks), row.line, "Remarks"),
            draft.countries(filter(None, map(_value, places)), row.line, "country"),
            tuple(part for part in re.split(r"\]\s*\[|[\[\];]", _value(row["Program"])) if part.strip()),
        )
        draft.add(party, row.line, "ent_num")
    if not any(flaw.file == draft.file and not flaw.note for flaw in draft.flaws):
        _left_over(by_role, "alt", aliases, draft)
        _left_over(by_role, "add", addresses, draft)
    return draft.done(*(by_role[role][1] for role in sorted(by_role)))


def _value(cell: str) -> str:
    return "" if cell == NULL else cell


def _grouped(
    by_role: Mapping[str, tuple[str, bytes]], role: str, columns: tuple[str, ...], draft: Draft
) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    if role not in by_role:
        cause = f"the table of {'aliases' if role == 'alt' else 'addresses'} is not beside it"
        if role == "alt":
            draft.wrong(0, "", cause, "add ALT.CSV (CONS_ALT.CSV)")
        else:
            draft.note(0, "", cause)
        return found
    draft.file = by_role[role][0]
    for row in table(as_text(by_role[role][1], draft), columns, draft, head=None):
        found.setdefault(row["ent_num"], []).append(row)
    return found


def _left_over(
    by_role: Mapping[str, tuple[str, bytes]], role: str, rows: Mapping[str, list[Row]], draft: Draft
) -> None:
    for key, lost in rows.items():
        draft.file = by_role[role][0]
        draft.wrong(lost[0].line, "ent_num", f"no entity {cut(key)!r} in the main table")
