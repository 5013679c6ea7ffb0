"""One country code on one day, made ready: what it leaves open, and what its postcodes decide.

Everything that depends on country and day alone is looked up once here, so that an address
costs its own postcode and city only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from customs.territories.model import Finding, Territory
from customs.territories.postcodes import Entry, Form, Table, find

__all__ = ["Decided", "Reading"]

Places = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Decided:
    """A territory that a postcode leads to. ``outside`` is the remark where the country code denies it."""

    territory: Territory | None
    candidates: tuple[str, ...]
    outside: str

    def finding(self, basis: str) -> Finding:
        """The finding on that basis."""
        return Finding(self.territory, self.candidates, basis + self.outside)


@dataclass(frozen=True, slots=True)
class Reading:
    """``asked`` is the country code as written, ``family`` the country in whose postal system its
    addresses are, ``base`` the territories it leaves open, ``home`` the family alone.

    ``overrides`` and ``cities`` are the family's names. ``rows`` remembers what rows of one
    territory come to, and the finding where no city raises a doubt.
    """

    asked: str
    family: str
    base: frozenset[str]
    day: date
    form: Form
    tables: tuple[Table, ...]
    overrides: Places
    cities: Places
    home: frozenset[str]
    mainland: Decided
    rows: dict[int, tuple[Decided, Finding]] = field(default_factory=dict)

    def entry(self, code: str) -> tuple[Entry | None, str, bool]:
        """The row for a compact code, the spelling that fitted (a country prefix may go), and
        whether that spelling has the country's form.
        """
        if self.form.fits(code):
            return find(self.tables, code, self.day, True), code, True
        for spelling in (code, *self._without_prefix(code)):
            fits = self.form.fits(spelling)
            entry = find(self.tables, spelling, self.day, fits)
            if entry is not None or fits:
                return entry, spelling, fits
        return None, code, False

    def _without_prefix(self, code: str) -> Sequence[str]:
        prefixes = (self.asked, *self.form.prefixes)
        return [code[len(each) :] for each in prefixes if code.startswith(each)]
