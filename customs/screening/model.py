"""Values of denied-party screening: who is listed, who is asked about, what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from customs.screening.fold import name_key
from domain import InputError

__all__ = [
    "Clearance",
    "Flaw",
    "ListedName",
    "ListedParty",
    "Match",
    "Party",
    "PartyList",
    "Policy",
    "Screened",
]


@dataclass(frozen=True, slots=True)
class ListedName:
    """One name of a listed party. ``weak``: the list itself warns that it says little."""

    text: str
    weak: bool = False


@dataclass(frozen=True, slots=True)
class ListedParty:
    """An entry of a list. ``kind``: ``person``, ``entity``, ``vessel`` or ``aircraft``.

    ``countries`` are ISO 3166-1 alpha-2, of nationality, birth, seat or address.
    """

    id: str
    kind: str
    names: tuple[ListedName, ...]
    birth_years: frozenset[int] = frozenset()
    countries: frozenset[str] = frozenset()
    programmes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flaw:
    """What could not be read, and where. A ``note`` loses nothing that a name is found by."""

    file: str
    line: int
    column: str
    cause: str
    cure: str = ""
    note: bool = False

    @property
    def place(self) -> str:
        """``file:line`` and the column or element."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where} ({self.column})" if self.column else where

    def __str__(self) -> str:
        return f"{self.place}: {self.cause}" + (f" ({self.cure})" if self.cure else "")

    def to_json(self) -> dict[str, object]:
        """Stable keys for ``passavant screening check --json``."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "cause": self.cause,
            "cure": self.cure,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class PartyList:
    """One list as published. ``version`` changes with every change of the content."""

    id: str
    format: str
    version: str
    published: date | None
    parties: tuple[ListedParty, ...]
    flaws: tuple[Flaw, ...] = ()

    @property
    def broken(self) -> tuple[Flaw, ...]:
        """Flaws that hide a party or a name: such a list must not be screened against."""
        return tuple(flaw for flaw in self.flaws if not flaw.note)

    def settled(self) -> PartyList:
        """The list itself; `InputError` at the first broken row."""
        if self.broken:
            first, more = self.broken[0], len(self.broken) - 1
            raise InputError(
                f"{first.cause}{f' (and {more} more)' if more else ''}",
                code="screening.broken_list",
                place=first.place,
                cure=first.cure or "passavant screening check names every one",
            )
        return self


@dataclass(frozen=True, slots=True)
class Party:
    """Who is asked about. ``kind`` None: may be anybody. ``country`` is ISO 3166-1 alpha-2."""

    name: str
    country: str | None = None
    birth_year: int | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """From which likeness a name is looked at. No authority sets these: they come from the rule files.

    ``hit``: likeness that another identifier turns into a hit (the same name is one by itself).
    ``possible``: likeness of the name alone. ``possible_identified``: where another identifier
    agrees. ``years``: by how much a birth year may differ.
    """

    hit: float
    possible: float
    possible_identified: float
    years: int

    @classmethod
    def of(cls, hit: Decimal, possible: Decimal, possible_identified: Decimal, years: Decimal) -> Policy:
        """From exact values, as rule files hold them."""
        return cls(float(hit), float(possible), float(possible_identified), int(years))


@dataclass(frozen=True, slots=True)
class Clearance:
    """Somebody looked: this name is not that entry, as the entry stood in that version of the list."""

    name_key: str
    list_id: str
    entry: str
    list_version: str
    cleared_by: str
    cleared_on: date
    reason: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it is found by."""
        return self.name_key, self.list_id, self.entry, self.list_version

    @classmethod
    def of(cls, name: str, match: Match, by: str, on: date, reason: str) -> Clearance:
        """For a name that was asked about and what was found."""
        return cls(name_key(name), match.list_id, match.party.id, match.list_version, by, on, reason)


@dataclass(frozen=True, slots=True)
class Match:
    """One listed party that the name resembles. ``score`` 1 is the same name, but for what folding takes away.

    ``status`` is ``hit`` or ``possible``, or ``clear`` where a ``clearance`` settles it. ``agree`` and
    ``differ`` name the other identifiers compared: ``birth_year``, ``country``, ``kind``.
    """

    status: str
    reason: str
    score: float
    name: ListedName
    party: ListedParty
    list_id: str
    list_version: str
    agree: tuple[str, ...] = ()
    differ: tuple[str, ...] = ()
    clearance: Clearance | None = None

    def to_json(self) -> dict[str, object]:
        """Stable keys."""
        body: dict[str, object] = {
            "status": self.status,
            "score": f"{self.score:.4f}",
            "name": self.name.text,
            "strength": "weak" if self.name.weak else "strong",
            "kind": self.party.kind,
            "list": self.list_id,
            "list_version": self.list_version,
            "id": self.party.id,
            "programmes": list(self.party.programmes),
            "reason": self.reason,
            "agree": list(self.agree),
            "differ": list(self.differ),
        }
        if self.clearance is not None:
            body["cleared"] = {
                "by": self.clearance.cleared_by,
                "on": self.clearance.cleared_on.isoformat(),
                "reason": self.clearance.reason,
            }
        return body


@dataclass(frozen=True, slots=True)
class Screened:
    """The answer for one party: ``clear``, ``possible`` or ``hit``, best match first."""

    status: str
    reason: str
    score: float
    matches: tuple[Match, ...]
    versions: Mapping[str, str]

    def to_json(self) -> dict[str, object]:
        """The machine contract of ``passavant screen``."""
        return {
            "status": self.status,
            "score": f"{self.score:.4f}",
            "matches": [match.to_json() for match in self.matches],
            "because": self.reason,
            "lists": dict(self.versions),
        }
