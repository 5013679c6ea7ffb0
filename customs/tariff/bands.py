"""Rates that change with the value of the goods: value bands, each up to its limit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from customs.tariff.expression import Case, Convert, Missing, RateExpression
from customs.tariff.units import units
from domain import InputError

__all__ = ["Band", "Banded", "Limit", "value_edges"]


@dataclass(frozen=True, slots=True)
class Limit:
    """A value, of the goods as a whole or (``unit``) for each unit of a quantity.

    ``included``: goods of exactly that value are still below it (``UP TO``), else above (``BELOW``).
    """

    amount: Decimal
    currency: str
    unit: str | None = None
    included: bool = True

    def over(self, value: Decimal, limit: Decimal) -> bool:
        """Whether a customs value lies above the limit, which is ``limit`` for these goods."""
        return value > limit if self.included else value >= limit

    def of(self, case: Case) -> Decimal | Missing:
        """The customs value at the limit, in the currency of the value."""
        total = self.amount
        if self.unit is not None:
            unit = units()[self.unit]
            lacking = tuple(f"quantity.{name}" for name in unit.quantities if name not in case.quantities)
            if lacking:
                return Missing(lacking)
            for name in unit.quantities:
                total *= case.quantities[name]
            total /= unit.divisor
        return case.converted(total, self.currency)

    def __str__(self) -> str:
        per = "" if self.unit is None else f" / {units()[self.unit].printed}"
        return f"{'UP TO' if self.included else 'BELOW'} {self.amount:f} {self.currency}{per}"


@dataclass(frozen=True, slots=True)
class Band:
    """The rate of goods below ``limit`` (None: without end)."""

    rate: RateExpression
    limit: Limit | None


@dataclass(frozen=True, slots=True)
class Banded(RateExpression):
    """Bands from the lowest to the last, which has no limit.

    At an edge the duty may fall although the value rises: :meth:`edges` lists them.
    Raises InputError for bands that do not rise.
    """

    bands: tuple[Band, ...]

    def __post_init__(self) -> None:
        limits = [band.limit for band in self.bands]
        closed = [limit for limit in limits if limit is not None]
        alike = {(limit.currency, limit.unit, limit.included) for limit in closed}
        rising = all(one.amount < two.amount for one, two in pairwise(closed))
        if len(limits) < 2 or limits[-1] is not None or len(closed) != len(limits) - 1:
            raise InputError(
                "value bands need a limit each, and a last band without one",
                code="tariff.bad_bands",
                cure="write: 48% UP TO 3 USD / pair; 20% ABOVE",
            )
        if len(alike) > 1 or not rising:
            raise InputError(
                "the limits of value bands do not rise in one currency and unit", code="tariff.bad_bands"
            )

    def _of(self, case: Case) -> Decimal | Missing:
        limits = (band.limit.of(case) for band in self.bands if band.limit is not None)
        lacking = Missing.union(limits)
        band = self.chosen(case)
        if lacking is not None or band is None:
            return lacking or Missing(())
        return band.rate._of(case)

    def chosen(self, case: Case) -> Band | None:
        """The band the value falls into; None where a limit cannot be computed."""
        for band in self.bands:
            limit = None if band.limit is None else band.limit.of(case)
            if isinstance(limit, Missing):
                return None
            if band.limit is None or limit is None or not band.limit.over(case.value, limit):
                return band
        return None

    def edges(
        self,
        quantities: Mapping[str, Decimal],
        *,
        currency: str | None = None,
        convert: Convert | None = None,
    ) -> tuple[Decimal | Missing, ...]:
        """The customs values at which one band ends and the next begins, lowest first."""
        case = Case(Decimal(0), quantities, currency, convert)
        return tuple(band.limit.of(case) for band in self.bands if band.limit is not None)

    def parts(self) -> tuple[RateExpression, ...]:
        """The rates of all bands."""
        return tuple(band.rate for band in self.bands)

    def currencies(self) -> frozenset[str]:
        """Those of the rates and of the limits."""
        limits = frozenset(band.limit.currency for band in self.bands if band.limit is not None)
        return limits.union(*(part.currencies() for part in self.parts()))

    @property
    def is_ad_valorem(self) -> bool:
        """Bands by value alone are; bands by value of a unit count units."""
        plain = all(band.limit is None or band.limit.unit is None for band in self.bands)
        return plain and all(part.is_ad_valorem for part in self.parts())

    def __str__(self) -> str:
        texts = []
        for band in self.bands:
            rate = f"({band.rate})" if isinstance(band.rate, Banded) else str(band.rate)
            texts.append(f"{rate} ABOVE" if band.limit is None else f"{rate} {band.limit}")
        return "; ".join(texts)


def value_edges(
    rate: RateExpression,
    quantities: Mapping[str, Decimal],
    *,
    currency: str | None = None,
    convert: Convert | None = None,
) -> tuple[Decimal | Missing, ...]:
    """Every customs value at or just above which the duty may fall, anywhere in the rate, each once.

    Between two of them a duty never falls when the value rises.
    """
    own = rate.edges(quantities, currency=currency, convert=convert) if isinstance(rate, Banded) else ()
    inner = (
        edge
        for part in rate.parts()
        for edge in value_edges(part, quantities, currency=currency, convert=convert)
    )
    return tuple(dict.fromkeys((*own, *inner)))
