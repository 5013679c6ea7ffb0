"""Subdivisions: ISO 3166-2 codes and names, and the few codes of shop platforms.

What ``territory_subdivisions.csv`` names is answered from there. Every other subdivision of
ISO 3166-2 follows its parent where the parent lies in one special territory, holds the
territories of its children where they are special, and is mainland otherwise.
"""

from __future__ import annotations

from functools import cache

import pycountry

from customs.territories.names import fold
from customs.territories.tables import rows, split_codes

__all__ = ["find_subdivision"]


@cache
def _listed() -> dict[str, frozenset[str]]:
    return {row["subdivision"]: split_codes(row["territories"]) for row in rows("territory_subdivisions.csv")}


@cache
def _of_country(country: str) -> dict[str, frozenset[str]]:
    """Codes (full and short) and folded names of one country's subdivisions."""
    listed = _listed()
    known = {entry.code: entry for entry in pycountry.subdivisions if entry.country_code == country}
    children: dict[str, set[str]] = {}
    for entry in known.values():
        if entry.parent_code:
            children.setdefault(entry.parent_code, set()).add(entry.code)

    def below(code: str) -> frozenset[str]:
        if code in listed:
            return listed[code]
        found = frozenset[str]().union(*(below(child) for child in children.get(code, ())))
        return found | {country}

    def above(code: str) -> frozenset[str] | None:
        parent = known[code].parent_code if code in known else None
        while parent:
            if parent in listed:
                return listed[parent] if len(listed[parent]) == 1 else None
            parent = known[parent].parent_code if parent in known else None
        return None

    table: dict[str, frozenset[str]] = {}
    start = f"{country}-"
    for code in (*known, *(code for code in listed if code.startswith(start))):
        found = listed.get(code) or above(code) or below(code)
        table[code] = table[code.removeprefix(start)] = found
    for code, entry in known.items():
        # Two subdivisions of one name (a region and its capital's province): both stay possible.
        for name in {fold(entry.name), *(fold(part) for part in entry.name.replace("]", "").split("["))}:
            table[f"~{name}"] = table.get(f"~{name}", frozenset()) | table[code]
    return table


@cache
def find_subdivision(country: str, text: str) -> frozenset[str] | None:
    """The territories a subdivision of the country may lie in; None where it is unknown.

    >>> sorted(find_subdivision("ES", "es-tf")), sorted(find_subdivision("ES", "Madrid"))
    (['ES-CN'], ['ES'])
    """
    table = _of_country(country)
    found = table.get(text.strip().upper().replace("_", "-"))
    return found if found is not None else table.get(f"~{fold(text)}")
