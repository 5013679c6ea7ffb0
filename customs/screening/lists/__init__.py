"""Reading published lists, each in the format of its publisher."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath

from customs.screening.lists import eu, ofac, opensanctions, uk, un
from customs.screening.model import PartyList
from domain import InputError

__all__ = ["FORMATS", "format_of", "read_lists"]

FORMATS = ("auto", "opensanctions", "eu", "uk", "un", "ofac")
NAMES = {"eu": "eu_fsf", "uk": "uk_sanctions_list", "un": "un_sc", "ofac": "ofac_sdn"}
_READERS = {"opensanctions": opensanctions.read, "eu": eu.read, "uk": uk.read, "un": un.read}
_BEGINNING = 4096


def format_of(name: str, body: bytes) -> str:
    """The format a file looks like. Raises `InputError` where it looks like none."""
    head = body[:_BEGINNING].decode("utf-8", "replace").lstrip("\ufeff \r\n\t")
    if head.startswith("<"):
        if "CONSOLIDATED_LIST" in head:
            return "un"
        if "eu.europa.ec/fpi/fsd/export" in head:
            return "eu"
    elif "Unique ID" in head and "Name 6" in head:
        return "uk"
    elif ofac.role_of(PurePath(name).name):
        return "ofac"
    elif all(column in head.partition("\n")[0] for column in ("id", "schema", "aliases", "birth_date")):
        return "opensanctions"
    raise InputError(
        "the file looks like no known list",
        code="screening.unknown_format",
        place=name,
        cure=f"name its format: {', '.join(FORMATS[1:])}",
    )


def read_lists(files: Mapping[str, bytes], form: str = "auto") -> tuple[PartyList, ...]:
    """The lists that these files hold, by file name, with what is broken in each.

    ``form`` is the format of all of them, or ``auto``. The files of OFAC are one list. Raises
    `InputError` for a file of no known format, for OFAC tables without the main one, and for two
    files that are the same list.
    """
    if form not in FORMATS:
        raise InputError(
            f"there is no format {form!r}", code="screening.unknown_format", cure=f"use {', '.join(FORMATS)}"
        )
    found: list[PartyList] = []
    tables: dict[str, dict[str, bytes]] = {}
    for name in sorted(files):
        body = files[name]
        kind = format_of(name, body) if form == "auto" else form
        if kind == "ofac":
            other = PurePath(name).name.lower().startswith("cons")
            tables.setdefault("ofac_cons" if other else NAMES[kind], {})[name] = body
        else:
            found.append(_READERS[kind](name, body, NAMES.get(kind, PurePath(name).stem)))
    for list_id, parts in tables.items():
        if "main" not in {ofac.role_of(PurePath(part).name) for part in parts}:
            raise InputError(
                "the main table of the list is missing",
                code="screening.no_main_table",
                place=", ".join(parts),
                cure="add SDN.CSV (CONS_PRIM.CSV); keep the names the files were published under",
            )
        found.append(ofac.read(parts, list_id))
    seen: set[str] = set()
    for each in found:
        if each.id in seen:
            raise InputError(
                f"the list {each.id!r} stands there twice",
                code="screening.same_list",
                cure="keep the newer file",
            )
        seen.add(each.id)
    return tuple(found)
