"""What a carrier sells: the service, its lanes and its size bands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from carriers.limits import Limits
from carriers.reach import Reach
from domain import Money, Parcel

__all__ = ["MODES", "SPEEDS", "TRANSPORTS", "Band", "Lane", "Service"]

MODES = frozenset({"home", "parcel_shop", "locker", "two_person", "shop"})
SPEEDS = frozenset({"standard", "express", "same_day"})
STANDARD = "standard"
TRANSPORTS = frozenset({"road", "air", "mixed"})


@dataclass(frozen=True, slots=True)
class Lane:
    """A trip a service makes, or (``closed``) does not make, between two days (half-open).

    ``days`` are business days after the day of leaving, fewest and most; None is
    unknown. ``weekdays`` (0 Monday) overrides which weekdays count at the destination.
    """

    service: str
    reach: Reach
    days: tuple[int, int] | None
    weekdays: frozenset[int] | None
    valid_from: date | None
    valid_until: date | None
    closed: bool
    reason: str
    source: str
    confidence: str

    def holds(self, day: date) -> bool:
        """Whether the row speaks of that day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day < self.valid_until
        )


@dataclass(frozen=True, slots=True)
class Band:
    """A size class beyond the normal limits that is accepted, usually at a surcharge.

    ``min_billable_g``: the least weight billed for a parcel of this class.
    """

    code: str
    limits: Limits
    min_billable_g: int | None
    source: str


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """One carrier service. ``index`` is its bit in every bitset of the same ``Carriers``.

    ``unknown`` names the limits nobody could verify (``weight``, ``size``): they
    refuse until a contract sets them. ``divisor`` is cm3 per kg;
    ``rounding_mm`` the step to which each side is rounded up before it is applied.
    ``bands`` are ordered, each wider than the one before. ``max_km`` bounds local rounds.
    """

    index: int
    id: str
    carrier: str
    name: str
    mode: str
    speed: str
    network: str | None
    transport: str
    limits: Limits
    unknown: frozenset[str]
    bands: tuple[Band, ...]
    max_km: int | None
    value_limit: Money | None
    divisor: int | None
    rounding_mm: int
    features: frozenset[str]
    accepts: frozenset[str]
    incoterms: frozenset[str]
    currency: str
    by_time: time | None
    demo: bool
    confidence: str
    source: str
    checked: date | None
    lanes: tuple[Lane, ...]

    @property
    def widest(self) -> Limits:
        """The limits beyond which a parcel is refused."""
        return self.bands[-1].limits if self.bands else self.limits

    def weigh(self, parcel: Parcel) -> tuple[str | None, int]:
        """The size band (None beyond all) and the grams billed: the more of real and volumetric
        weight, and the band's minimum. Volumetric grams are mm3 / divisor, rounded up.
        """
        weight = parcel.weight_g
        if self.divisor is not None:
            first, second, third = parcel.box_mm
            step = self.rounding_mm
            if step > 1:
                first, second, third = -(-first // step), -(-second // step), -(-third // step)
            weight = max(weight, -(-first * second * third * step**3 // self.divisor))
        if self.limits.excess(parcel) is None:
            return STANDARD, weight
        for band in self.bands:
            if band.limits.excess(parcel) is None:
                return band.code, max(weight, band.min_billable_g or 0)
        return None, weight

    def band(self, parcel: Parcel) -> str | None:
        """``standard`` or the code of the narrowest band that takes the parcel; None where none does."""
        return self.weigh(parcel)[0]

    def billable_g(self, parcel: Parcel) -> int:
        """The grams billed for the parcel: see ``weigh``."""
        return self.weigh(parcel)[1]
