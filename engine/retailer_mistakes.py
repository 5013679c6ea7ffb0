"""What is wrong with a retailer's files, gathered so that one reading reports everything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from domain import WorldError

__all__ = ["Mistake", "Mistakes", "RetailerError", "nearest"]


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake: ``file:line``, what is wrong there and what to do about it."""

    place: str
    cause: str
    cure: str = ""

    def __str__(self) -> str:
        todo = f" ({self.cure})" if self.cure else ""
        return f"{self.place}: {self.cause}{todo}"


class RetailerError(WorldError):
    """The retailer's files hold mistakes: all of them, in ``mistakes``, ordered as found."""

    default_code = "world.retailer"

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        self.mistakes = mistakes
        count = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
        listing = "".join(f"\n  {mistake}" for mistake in mistakes)
        super().__init__(f"{count} in the retailer's files{listing}", place=mistakes[0].place)

    def __str__(self) -> str:
        return self.cause


@dataclass(slots=True)
class Mistakes:
    """The collector handed through one reading; the only mutable thing in it."""

    found: list[Mistake] = field(default_factory=list)
    incomplete: set[str] = field(default_factory=set)

    def add(self, place: str, cause: str, cure: str = "") -> None:
        """Note a mistake and go on reading."""
        self.found.append(Mistake(place, cause, cure))

    def lose(self, place: str, cause: str, cure: str = "") -> None:
        """Note a mistake that hides entries of its file: what refers to them is not the mistake."""
        self.add(place, cause, cure)
        self.incomplete.add(place.partition(":")[0])

    def settle(self) -> None:
        """Raise them all at once, as a ``RetailerError``, if there are any."""
        if self.found:
            raise RetailerError(tuple(self.found))


def nearest(name: str, known: Iterable[str], what: str) -> str:
    """The cure for an unknown name: the likeliest known one, else what there is.

    >>> nearest("shop-pari", ["shop-paris", "wh-lyon"], "location")
    'did you mean shop-paris?'
    """
    names = sorted(known)
    close = get_close_matches(name, names, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]}?"
    if not names:
        return f"no {what} is defined"
    shown = ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")
    return f"use a known {what}: {shown}"
