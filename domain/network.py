"""The retailer's own: legal entities and the places that hold stock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from domain.place import Place

__all__ = ["Entity", "Location", "Registration"]


@dataclass(frozen=True, slots=True)
class Registration:
    """A dated number of a legal entity: ``vat``, ``oss``, ``ioss``, ``eori``, ``rex``, ``voec``, ``gb_vat`` ..."""

    kind: str
    country: str
    number: str
    valid_from: date | None = None
    valid_until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the registration is in force on that local day (half-open interval)."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day < self.valid_until
        )


@dataclass(frozen=True, slots=True)
class Entity:
    """A legal entity that sells or owns stock. ``establishments`` are countries."""

    id: str
    name: str
    country: str
    establishments: frozenset[str]
    registrations: tuple[Registration, ...] = ()
    marketplace: bool = False
    eu_distance_sales_eur: int | None = None

    def registered(self, kind: str, day: date, country: str | None = None) -> Registration | None:
        """The registration of that kind in force on that day, in that country if named."""
        for registration in self.registrations:
            fits = registration.kind == kind and registration.holds(day)
            if fits and (country is None or registration.country == country):
                return registration
        return None


@dataclass(frozen=True, slots=True)
class Location:
    """A warehouse or shop. ``abilities``: ``ship``, ``collect``, ``two_person``, ``customs_export``,
    ``receive``, ``same_day`` ... ; ``cut_offs`` maps a weekday (0 Monday) to the local time until
    which an order leaves the same day, absent weekdays do not dispatch. ``handling_minutes`` by
    preparation method. Coordinates live in ``place``.
    """

    id: str
    name: str
    kind: str
    entity: str
    place: Place
    timezone: str
    abilities: frozenset[str]
    cut_offs: Mapping[int, time]
    holidays: str
    services: frozenset[str] | None = None
    opening_hours: str | None = None
    handling_cost_minor: int = 0
    transfer_days: int | None = None
    daily_capacity: int | None = None
    labels: frozenset[str] = field(default_factory=frozenset)
