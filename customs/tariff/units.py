"""How tariffs write units, money and recipe components: read from data files."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

__all__ = [
    "Component",
    "MoneyMark",
    "Unit",
    "components",
    "money_marks",
    "read_table",
    "unit_patterns",
    "units",
]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of a specific duty. The duty counts the product of ``quantities`` over ``divisor``."""

    code: str
    printed: str
    quantities: tuple[str, ...]
    divisor: Decimal


@dataclass(frozen=True, slots=True)
class MoneyMark:
    """A sign that stands for a currency, before or after the number, times ``factor``.

    In a tariff whose own currency is one of ``homes`` it stands for that one (a dollar in Canada).
    """

    notation: str
    before: bool
    currency: str
    factor: Decimal
    homes: frozenset[str]

    def currency_in(self, home: str | None) -> str:
        """What the sign stands for in a tariff with that currency."""
        return home if home is not None and home in self.homes else self.currency


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a duty that follows from a recipe. Where the caller knows its amount it hands it in."""

    code: str
    quantity: str
    needs: str


def read_table(name: str) -> list[dict[str, str]]:
    """The rows of a packaged CSV file of ``customs/data``."""
    text = files("customs").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _pattern(notation: str) -> re.Pattern[str]:
    """Spacing is free in tariffs: ``100kg``, ``100 kg``, ``p / st`` are the same words."""
    pieces = [re.escape(piece) for piece in re.findall(r"[0-9]+|[^\W\d_]+[²³\d]?|[^\w\s]", notation)]
    end = r"(?![^\W_])" if notation[-1].isalnum() else ""
    return re.compile(r"\s*".join(pieces) + end, re.IGNORECASE)


@cache
def units() -> dict[str, Unit]:
    """Every unit by its code; the first notation of a unit is the one printed."""
    found: dict[str, Unit] = {}
    for row in read_table("tariff_units.csv"):
        found.setdefault(
            row["unit"],
            Unit(row["unit"], row["notation"], tuple(row["quantities"].split()), Decimal(row["divisor"])),
        )
    return found


@cache
def unit_patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """(pattern, unit code), longest notation first, so ``kg gross`` wins over ``kg``."""
    rows = sorted(read_table("tariff_units.csv"), key=lambda row: -len(row["notation"]))
    return tuple((_pattern(row["notation"]), row["unit"]) for row in rows)


@cache
def money_marks() -> tuple[MoneyMark, ...]:
    """Signs and words for money, longest first."""
    rows = sorted(read_table("tariff_money.csv"), key=lambda row: -len(row["notation"]))
    return tuple(
        MoneyMark(
            row["notation"],
            row["position"] == "before",
            row["currency"],
            Decimal(row["factor"]),
            frozenset(row["homes"].split()),
        )
        for row in rows
    )


@cache
def components() -> dict[str, Component]:
    """Recipe components by code."""
    return {
        row["code"]: Component(row["code"], row["quantity"], row["needs"])
        for row in read_table("tariff_components.csv")
    }
