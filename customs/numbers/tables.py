"""The tables beside the code: prefixes, countries, unused blocks, forms of EORI numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from customs.territories.tables import day_or_none, rows

__all__ = ["Block", "EoriShape", "Prefix", "blocks", "eori_shapes", "prefixes", "prefixes_of"]


@dataclass(frozen=True, slots=True)
class Prefix:
    """What a VAT number begins with: whose it is, and how the rest is checked.

    ``home`` is the ISO code (or XI), empty for the one-stop shops; ``canonical`` what is written;
    ``module`` the check in python-stdnum, empty where the shape is all that is known.
    """

    prefix: str
    home: str
    canonical: str
    module: str
    shape: re.Pattern[str]
    suffixes: tuple[str, ...]
    scheme: str
    vies: bool


@dataclass(frozen=True, slots=True)
class Block:
    """Numbers never given out: first seven digits from ``first`` to ``last``, for one check remainder."""

    remainder: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class EoriShape:
    """One form of a prefix; ``national`` False: only the common structure is known."""

    shape: re.Pattern[str]
    national: bool
    valid_from: date | None
    valid_until: date | None
    note: str

    def holds(self, day: date) -> bool:
        """Whether the form is in use on that day (half-open interval)."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day < self.valid_until
        )


@cache
def prefixes() -> dict[str, Prefix]:
    """Every prefix of ``vat_number_prefixes.csv``."""
    return {
        row["prefix"]: Prefix(
            prefix=row["prefix"],
            home=row["home"],
            canonical=row["canonical"],
            module=row["module"],
            shape=re.compile(row["shape"], re.ASCII),
            suffixes=tuple(row["suffixes"].split()),
            scheme=row["scheme"],
            vies=row["vies"] == "yes",
        )
        for row in rows("vat_number_prefixes.csv")
    }


@cache
def _countries() -> dict[str, tuple[str, ...]]:
    return {row["country"]: tuple(row["prefixes"].split()) for row in rows("vat_number_countries.csv")}


def prefixes_of(country: str) -> tuple[str, ...]:
    """The prefixes a business of a country may use, the one that is meant without any first."""
    listed = _countries().get(country)
    if listed is not None:
        return listed
    return (country,) if country in prefixes() else ()


@cache
def blocks(module: str) -> tuple[Block, ...]:
    """The unused blocks of a check."""
    return tuple(
        Block(int(row["remainder"]), int(row["first"]), int(row["last"]))
        for row in rows("vat_number_blocks.csv")
        if row["module"] == module
    )


@cache
def eori_shapes() -> dict[str, tuple[EoriShape, ...]]:
    """The forms of an EORI number by prefix."""
    found: dict[str, list[EoriShape]] = {}
    for row in rows("eori_shapes.csv"):
        found.setdefault(row["prefix"], []).append(
            EoriShape(
                re.compile(row["shape"], re.ASCII),
                row["basis"] == "national",
                day_or_none(row["valid_from"]),
                day_or_none(row["valid_until"]),
                row["note"],
            )
        )
    return {prefix: tuple(each) for prefix, each in found.items()}
