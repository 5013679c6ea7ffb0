"""Where something is, as far as law and delivery care."""

from __future__ import annotations

from dataclasses import dataclass, replace

__all__ = ["Place"]


@dataclass(frozen=True, slots=True)
class Place:
    """A postal place. ``territory`` is the fiscal territory code (``ES-CN``), not a country.

    Latitude and longitude are WGS 84 degrees; they serve distance and drawn
    zones only and never decide a territory.
    """

    country: str
    postcode: str | None = None
    city: str | None = None
    subdivision: str | None = None
    territory: str | None = None
    latitude: float | None = None
    longitude: float | None = None

    @property
    def point(self) -> tuple[float, float] | None:
        """(latitude, longitude), or None where the place has no coordinates."""
        if self.latitude is None or self.longitude is None:
            return None
        return (self.latitude, self.longitude)

    def within(self, territory: str) -> Place:
        """The same place with its fiscal territory settled."""
        return replace(self, territory=territory)
