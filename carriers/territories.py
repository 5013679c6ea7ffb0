"""Groups of territories that tables may name, and territories that travel as their parent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from carriers.reach import Codes, Postcodes, Reach, parse_codes, parse_postcodes
from carriers.tables import Folder, Row, read_rows

__all__ = ["Territories", "load_territories"]


@dataclass(frozen=True, slots=True)
class Territories:
    """``groups`` by name (``EU`` is written ``@EU``); ``carried_as`` maps a territory to its parent."""

    groups: Mapping[str, frozenset[str]]
    carried_as: Mapping[str, str]

    def codes(self, row: Row, column: str) -> Codes:
        """The territory list in a cell."""
        try:
            return parse_codes(row.words(column), self.groups)
        except KeyError as unknown:
            raise row.error(
                column, f"unknown group @{unknown.args[0]}", "name it in territory_groups.csv"
            ) from None

    def postcodes(self, row: Row, column: str = "postcodes") -> Postcodes:
        """The postcode patterns in a cell."""
        try:
            return parse_postcodes(row.words(column))
        except ValueError as problem:
            raise row.error(column, str(problem)) from None

    def reach(self, row: Row) -> Reach:
        """The columns ``origins``, ``destinations`` and ``postcodes``."""
        return Reach(self.codes(row, "origins"), self.codes(row, "destinations"), self.postcodes(row))


def load_territories(folder: Folder) -> Territories:
    """Reads ``territory_groups.csv`` and ``carried_as.csv``."""
    groups: dict[str, frozenset[str]] = {}
    for row in read_rows(folder.find("territory_groups.csv")):
        members: set[str] = set()
        for word in row.words("territories"):
            members |= groups[word[1:]] if word.startswith("@") else {word}
        groups[row.text("group")] = frozenset(members)
    carried_as = {
        row.text("territory"): row.text("carried_as") for row in read_rows(folder.find("carried_as.csv"))
    }
    return Territories(groups, carried_as)
