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
    ``bands`` are ordered, each wider than the one before.
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

    def band(self, parcel: Parcel) -> str | None:
        """``standard`` or the code of the narrowest band that takes the parcel; None where none does."""
        if self.limits.excess(parcel) is None:
            return "standard"
        for band in self.bands:
            if band.limits.excess(parcel) is None:
                return band.code
        return None

    def billable_g(self, parcel: Parcel) -> int:
        """The weight that is billed: real or volumetric, whichever is more, and the band's minimum.

        Volumetric grams are mm3 / divisor (cm3 per kg), rounded up to the gram.
        """
        weight = parcel.weight_g
        if self.divisor is not None:
            step = self.rounding_mm
            volume = 1
            for side in parcel.box_mm:
                volume *= -(-side // step) * step
            weight = max(weight, -(-volume // self.divisor))
        if self.bands:
            code = self.band(parcel)
            for band in self.bands:
                if band.code == code and band.min_billable_g is not None:
                    weight = max(weight, band.min_billable_g)
        return weight
