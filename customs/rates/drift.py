"""Compares the VAT table with a published one, so that a change of law is seen before it is missed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from customs.rates.vat import VatRate, VatRates
from domain import InputError

__all__ = ["Drift", "drift", "read_published", "standard_drift"]


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


def read_published(text: str) -> dict[str, Decimal]:
    """Standard rates of a published JSON file: ``{"rates": {"AT": {"standard": 20.0, ...}}}``.

    The layout of eu-vat-rates-data. Numbers are read as decimals, never as floats.
    """
    try:
        body = json.loads(text, parse_float=Decimal, parse_int=Decimal)
        standard = {territory: entry["standard"] for territory, entry in body["rates"].items()}
        return {territory: percent for territory, percent in standard.items() if percent is not None}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"this is no table of published VAT rates: {error}", code="vat.not_published_table"
        ) from None


def standard_drift(ours: VatRates, published: Mapping[str, Decimal], day: date) -> tuple[Drift, ...]:
    """Territories of a published list whose standard rate is another, or unknown, here."""
    found = (
        Drift(territory, "standard", day, _percent(ours, territory, None, day), theirs)
        for territory, theirs in sorted(published.items())
    )
    return tuple(difference for difference in found if difference.ours != difference.theirs)


def _percent(table: VatRates, territory: str, category: str | None, day: date) -> Decimal | None:
    answer = table.rate(territory, category, day)
    return answer.percent if isinstance(answer, VatRate) else None
