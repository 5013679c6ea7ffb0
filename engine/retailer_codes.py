"""The closed vocabularies of the retailer's files and the forms of registration numbers.

Both are tables beside this file, each row with its source.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files

__all__ = ["NumberForm", "codes", "number_forms"]


@dataclass(frozen=True, slots=True)
class NumberForm:
    """How numbers of one registration kind look: a pattern, check digits, or both."""

    kind: str
    module: str
    pattern: str
    form: str

    def admits(self, number: str) -> bool:
        """Whether the number has the form and, where the kind has them, right check digits."""
        if self.pattern and not re.fullmatch(self.pattern, number):
            return False
        return not self.module or bool(import_module(f"stdnum.{self.module}").is_valid(number))


def _rows(name: str) -> list[dict[str, str]]:
    text = files("engine").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def codes(field: str) -> frozenset[str]:
    """The codes a field may hold."""
    return frozenset(row["code"] for row in _rows("retailer_codes.csv") if row["field"] == field)


@cache
def number_forms() -> dict[str, NumberForm]:
    """Registration kind to the form of its numbers."""
    rows = _rows("retailer_registrations.csv")
    return {row["kind"]: NumberForm(row["kind"], row["module"], row["pattern"], row["form"]) for row in rows}
