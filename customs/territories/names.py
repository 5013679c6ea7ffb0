"""Place names as people write them: accents, case, punctuation and ligatures folded away."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache, lru_cache

from customs.territories.tables import rows, split_codes
from domain import WorldError

__all__ = ["Names", "fold", "load_names", "named"]

_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_SEPARATORS = {code: " " for code in range(128) if not chr(code).isalnum()}
_PARTS = re.compile(r"[,;/()\[\]]| - ")


def fold(text: str) -> str:
    """The form names are compared in.

    >>> fold("  CAMPIONE d’Italia ")
    'campione d italia'
    >>> fold("Büsingen"), fold("Åland"), fold("Færøerne")
    ('busingen', 'aland', 'faeroerne')
    """
    if text.isascii():
        return " ".join(text.lower().translate(_SEPARATORS).split())
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    kept = "".join(char if char.isalnum() else " " for char in plain if not unicodedata.combining(char))
    return " ".join(kept.split())


@lru_cache(maxsize=65_536)
def variants(text: str) -> tuple[str, ...]:
    """The whole name folded, then its parts around commas, slashes and brackets."""
    whole = fold(text)
    pieces = _PARTS.split(text)
    if len(pieces) == 1:
        return (whole,)
    parts = map(fold, pieces)
    return (whole, *(part for part in parts if part and part != whole))


def named(table: Mapping[str, frozenset[str]], text: str) -> frozenset[str] | None:
    """What the table says of a name, whole or in parts; None where it has no such name."""
    if table:
        for name in variants(text):
            found = table.get(name)
            if found is not None:
                return found
    return None


class Names:
    """Names by use (``city``, ``subdivision``, ``postcode``, ``override``), country and folded name."""

    __slots__ = ("_tables",)

    def __init__(self, tables: dict[tuple[str, str], dict[str, frozenset[str]]]) -> None:
        self._tables = tables

    def find(self, use: str, country: str, text: str) -> frozenset[str] | None:
        """The territories that name may mean in that country, None where the table has no such name."""
        return named(self.table(use, country), text)

    def table(self, use: str, country: str) -> Mapping[str, frozenset[str]]:
        """The folded names of that use in that country; empty where there are none."""
        return self._tables.get((use, country), {})

    def near(self, use: str, country: str, text: str) -> frozenset[str]:
        """The territories of names that look like a misspelling of the text; empty where none does."""
        table = self._tables.get((use, country), {})
        close = get_close_matches(fold(text), table, n=3, cutoff=0.8)
        return frozenset[str]().union(*(table[name] for name in close))


@cache
def load_names() -> Names:
    """The packaged names; one for ``both`` serves cities, subdivisions and shared postcodes."""
    tables: dict[tuple[str, str], dict[str, frozenset[str]]] = {}
    for number, row in enumerate(rows("territory_names.csv"), start=2):
        use, name, codes = row["use"], fold(row["name"]), split_codes(row["territories"])
        uses = ("city", "subdivision", "postcode") if use == "both" else (use,)
        for each in uses:
            if tables.setdefault((each, row["country"]), {}).setdefault(name, codes) != codes:
                raise WorldError(
                    f"{row['name']!r} means two things as {each} in {row['country']}",
                    code="territory.bad_table",
                    place=f"territory_names.csv:{number}",
                    cure="keep one row, with every territory it may mean",
                )
    return Names(tables)
