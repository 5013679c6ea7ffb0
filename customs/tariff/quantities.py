"""The quantities a rate may count, by the names people give them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from customs.tariff.units import components, read_table
from domain import InputError

__all__ = ["assumed", "read_quantities"]

_OF_A_PART = re.compile(r"(?:value|kg|kg_gross|hl|pieces)\.[a-z][a-z_]*")


@dataclass(frozen=True, slots=True)
class _Name:
    quantity: str
    factor: Decimal


@cache
def _names() -> dict[str, _Name]:
    return {
        row["alias"]: _Name(row["quantity"], Decimal(row["factor"]))
        for row in read_table("tariff_quantities.csv")
    }


@cache
def _stand_ins() -> dict[str, str]:
    rows = read_table("tariff_quantities.csv")
    return {row["quantity"]: row["assumed_from"] for row in rows if row["assumed_from"]}


def read_quantities(given: Mapping[str, Decimal], place: str = "") -> dict[str, Decimal]:
    """Quantities under the names the rates use, in their units (litres become hectolitres).

    ``value.<part>`` and ``kg.<part>`` speak of a part of the goods, ``agricultural.EA`` hands in the
    amount of a recipe component. Raises InputError for an unknown name, naming the nearest, and for
    one quantity given twice.
    """
    amounts = {component.quantity for component in components().values()}
    found: dict[str, Decimal] = {}
    for name, amount in given.items():
        key, factor = name, Decimal(1)
        if known := _names().get(name.strip().lower()):
            key, factor = known.quantity, known.factor
        elif name not in amounts and not _OF_A_PART.fullmatch(name):
            raise _unknown(name, f"{place}/{name}")
        if key in found:
            raise InputError(
                f"{name} says {key} a second time", code="tariff.double_quantity", place=f"{place}/{name}"
            )
        found[key] = amount * factor
    return found


def assumed(quantities: Mapping[str, Decimal], needs: tuple[str, ...]) -> dict[str, str]:
    """Missing quantities that the table lets another one stand in for: {missing: taken from}."""
    missing = (need.removeprefix("quantity.") for need in needs)
    found = {name: _stand_ins().get(name, "") for name in missing}
    return {name: source for name, source in found.items() if source in quantities}


def _unknown(name: str, place: str) -> InputError:
    from rapidfuzz import fuzz, process

    nearest = process.extractOne(name.lower(), sorted(_names()), scorer=fuzz.ratio)[0]
    return InputError(
        f"there is no quantity {name!r}",
        code="tariff.unknown_quantity",
        place=place,
        cure=f"did you mean {nearest}? Known: {', '.join(sorted({n.quantity for n in _names().values()}))}",
    )
