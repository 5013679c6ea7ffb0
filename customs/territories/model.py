"""What a fiscal territory is, and what an address tells about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

__all__ = ["EU", "Area", "Finding", "Territory"]

Area = Literal["customs_union", "vat_area", "excise_area", "security_area"]

EU = "EU"
"""The area code of the European Union in ``customs_union``, ``vat_area`` and ``excise_area``."""


@dataclass(frozen=True, slots=True)
class Territory:
    """A place with one customs, VAT, excise and security law, in one period.

    ``country`` is the ISO 3166-1 alpha-2 code it belongs to. The areas are ``EU``, ``UK``,
    ``CH``, ... or a code of its own where it stands alone; movements inside one area cross no
    border of that kind. ``vat_country`` names the VAT rate table that applies. The ``eu_*``
    flags speak of goods, never of services. ``valid_until`` is the first day it no longer holds.
    """

    code: str
    name: str
    country: str
    customs_union: str
    vat_area: str
    excise_area: str
    security_area: str
    vat_country: str
    eu_customs: bool
    eu_vat: bool
    eu_excise: bool
    vat_system: str
    note: str
    source: str
    confidence: str
    valid_from: date | None
    valid_until: date | None

    def holds(self, day: date) -> bool:
        """Whether this period covers that local day (half-open interval)."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day < self.valid_until
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """What an address settles.

    ``territory`` is None where the input cannot settle it; ``candidates`` are then the codes
    still possible, sorted (one code where settled). ``basis`` says what decided, or what is
    missing.
    """

    territory: Territory | None
    candidates: tuple[str, ...]
    basis: str
