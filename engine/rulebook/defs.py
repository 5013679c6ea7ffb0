"""Named, dated values of rule files: params and sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from engine.rulebook.tree import Citation, Place, Validity
from engine.rulebook.vocabulary import FactType

__all__ = ["Named", "Sources"]


@dataclass(frozen=True, slots=True)
class Named:
    """A param (one value a period) or a set (members a period).

    ``status`` other than ``on`` means: written down, but off until somebody
    verifies it; a rule that uses it is an error.
    """

    id: str
    is_set: bool
    type: FactType
    values: tuple[tuple[Validity, object], ...]
    place: Place
    title: Mapping[str, str]
    cite: tuple[Citation, ...] = ()
    status: str = "on"
    pack: str = "law"

    def at(self, day: date) -> object | None:
        """The value in force on that day, None where there is none."""
        for validity, value in self.values:
            if validity.holds(day):
                return value
        return None


@dataclass(frozen=True, slots=True)
class Sources:
    """All named values by id."""

    params: Mapping[str, Named]
    sets: Mapping[str, Named]
    broken: frozenset[str] = frozenset()  # ids whose definition could not be read
