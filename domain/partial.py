"""What is known of a fact: a value, nothing, part of it, or that it does not apply.

A fact set is a mapping from fact name to value. An absent name is *missing*.
Three-valued answers follow Kleene: ``and`` is the minimum, ``or`` the maximum.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from typing import Final

__all__ = ["NOT_APPLICABLE", "Choice", "Interval", "NotApplicable", "Partial", "Prefix", "Truth"]


class Truth(IntEnum):
    """Kleene's three values, ordered so that ``min`` is *and* and ``max`` is *or*."""

    NO = 0
    MAYBE = 1
    YES = 2

    def __invert__(self) -> Truth:
        return Truth(2 - self)


class NotApplicable:
    """The alcohol strength of a book: every test is false except ``is not applicable``."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "NOT_APPLICABLE"


NOT_APPLICABLE: Final = NotApplicable()


@dataclass(frozen=True, slots=True)
class Prefix:
    """Text known only in its beginning: HS ``8418`` of an eight-digit code.

    Any completion is possible, the bare prefix itself included.
    """

    text: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few values, not known which."""

    values: frozenset[object]


@dataclass(frozen=True, slots=True)
class Interval:
    """A number, date or amount between two bounds, both included; ``None`` is unbounded."""

    low: object | None
    high: object | None


Partial = Prefix | Choice | Interval
Number = int | Decimal
