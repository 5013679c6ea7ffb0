"""Screening outside an order: lists of the retailer or named ones, likenesses from the rule files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from customs.screening import (
    Clearance,
    PartyList,
    add_clearance,
    answer,
    party_of,
    read_lists,
)
from domain import InputError
from engine.retailer_mistakes import Mistakes
from engine.retailer_screening import DEMO, Screening, read_screening
from engine.retailer_sources import read_sources
from engine.screening import policy_on
from scenarios.house import folder
from scenarios.rulebooks import open_rulebook

__all__ = ["checked", "clear", "listed_in", "retailer_screening", "screen_with"]

SIBLINGS = {"sdn.csv": ("alt.csv", "add.csv"), "cons_prim.csv": ("cons_alt.csv", "cons_add.csv")}


def listed_in(paths: Sequence[Path], form: str = "auto") -> tuple[PartyList, ...]:
    """The lists in files, with their flaws. OFAC's further tables are taken from beside the main one."""
    files: dict[str, bytes] = {}
    for path in paths:
        if not path.is_file():
            raise InputError(
                "there is no such file",
                code="screening.no_file",
                place=str(path),
                cure="name a published list",
            )
        files[str(path)] = path.read_bytes()
        wanted = SIBLINGS.get(path.name.lower(), ())
        for beside in sorted(path.parent.iterdir()):
            if beside.name.lower() in wanted and beside.is_file():
                files[str(beside)] = beside.read_bytes()
    return read_lists(files, form)


def checked(paths: Sequence[Path], form: str = "auto") -> list[dict[str, object]]:
    """What each list holds and everything that is wrong in it."""
    return [
        {
            "list": each.id,
            "format": each.format,
            "version": each.version,
            "published": each.published.isoformat() if each.published else None,
            "parties": len(each.parties),
            "names": sum(len(party.names) for party in each.parties),
            "broken": [flaw.to_json() for flaw in each.broken],
            "notes": [flaw.to_json() for flaw in each.flaws if flaw.note],
        }
        for each in listed_in(paths, form)
    ]


def retailer_screening(retailer: Path | None) -> Screening:
    """The lists and clearances of a retailer's folder. Raises ``RetailerError`` with every broken row."""
    place = retailer or folder("examples") / "retailer"
    mistakes = Mistakes()
    found = read_screening(place, read_sources(place, (DEMO,), mistakes), mistakes)
    mistakes.settle()
    return found


def screen_with(
    rules: Path | None, retailer: Path | None, paths: Sequence[Path], form: str, day: date
) -> Callable[[Mapping[str, object]], dict[str, object]]:
    """What answers a query: against the named lists, else those of the retailer. The lists are read once."""
    held = Screening(listed_in(paths, form)) if paths else retailer_screening(retailer)
    if not len(held.screener):
        raise InputError(
            "there is no listed name to screen against",
            code="screening.no_list",
            cure="name a published list with --list, or put one into the retailer's folder screening",
        )
    policy = policy_on(open_rulebook(rules), day)
    return lambda query: answer(query, held.screener, policy)


def clear(
    retailer: Path, name: str, list_id: str, entry: str, by: str, reason: str, on: date
) -> dict[str, object]:
    """Remember that this name is not that entry, as long as the list stays as it is.

    Raises `InputError` where the list or the entry is not there, the name does not resemble it, or it
    was cleared before.
    """
    held = retailer_screening(retailer)
    lists = {each.id: each for each in held.lists}
    if list_id not in lists:
        raise InputError(
            f"the retailer has no list {list_id!r}",
            code="screening.unknown_list",
            cure=f"use {', '.join(sorted(lists))}" if lists else "put a list into the folder first",
        )
    for field, value in (("by", by), ("reason", reason)):
        if not value.strip():
            raise InputError(f"{field} is empty", code="screening.unsigned", cure="say who looked, and why")
    match = held.screener.resembling(party_of({"name": name}).name, list_id, entry)
    if match is None:
        known = any(party.id == entry for party in lists[list_id].parties)
        raise InputError(
            f"the name does not resemble entry {entry!r}" if known else f"{list_id} has no entry {entry!r}",
            code="screening.unknown_entry",
            cure="copy id, list and name from the match",
        )
    made = Clearance.of(name, match, by.strip(), on, reason.strip())
    path = add_clearance(retailer, [made])
    return {
        "file": str(path),
        "list": made.list_id,
        "entry": made.entry,
        "list_version": made.list_version,
        "cleared_by": made.cleared_by,
        "cleared_on": made.cleared_on.isoformat(),
        "reason": made.reason,
    }
