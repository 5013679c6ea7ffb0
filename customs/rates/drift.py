"""Compares two VAT tables of our layout, such as today's and a fresher one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from customs.rates.vat import VatRate, VatRates

__all__ = ["Drift", "drift"]


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference. ``ours`` or ``theirs`` is None where that side has no rate."""

    territory: str
    category: str
    day: date
    ours: Decimal | None
    theirs: Decimal | None


def drift(ours: VatRates, theirs: VatRates, day: date) -> tuple[Drift, ...]:
    """Every territory and category whose rate differs between two tables on a day, sorted."""
    keys = {(t, c) for table in (ours, theirs) for t, codes in table.rows.items() for c in codes}
    found = []
    for territory, category in sorted(keys):
        a, b = _percent(ours, territory, category, day), _percent(theirs, territory, category, day)
        if a != b:
            found.append(Drift(territory, category, day, a, b))
    return tuple(found)


def _percent(table: VatRates, territory: str, category: str | None, day: date) -> Decimal | None:
    answer = table.rate(territory, category, day)
    return answer.percent if isinstance(answer, VatRate) else None
