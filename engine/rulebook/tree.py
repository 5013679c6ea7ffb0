"""The typed rule tree: what every matcher gets, and nothing else.

Names are settled, literals converted to their types and, after
:meth:`engine.rulebook.epochs` resolution, sets and params replaced by values,
so a matcher never reads YAML and no two matchers share more than this page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

__all__ = [
    "All",
    "Any",
    "Citation",
    "Convert",
    "Decision",
    "Example",
    "Hit",
    "Node",
    "NoneOf",
    "Op",
    "ParamRef",
    "Place",
    "Quantified",
    "Rule",
    "SetRef",
    "Test",
    "Validity",
    "Yields",
]


class Op(StrEnum):
    """The tests of the language. Operand shapes stand beside each."""

    IS = "is"  # (value,)
    ONE_OF = "one of"  # (value, ...)
    NOT = "not"  # (value,)
    NOT_ONE_OF = "not one of"  # (value, ...)
    AT_LEAST = "at least"  # (value,)
    AT_MOST = "at most"  # (value,)
    MORE_THAN = "more than"  # (value,)
    LESS_THAN = "less than"  # (value,)
    BETWEEN = "between"  # (low, high) both included
    FROM_BELOW = "from ... to below"  # (low, high) high excluded
    BEFORE = "before"  # (date,)
    AFTER = "after"  # (date,)
    STARTS_WITH = "starts with"  # (prefix, ...) any of them
    CONTAINS_ANY = "contains any"  # (code, ...)
    CONTAINS_ALL = "contains all"  # (code, ...)
    CONTAINS_NONE = "contains none"  # (code, ...)
    IN_ZONE = "in zone"  # (zone id,)
    IS_KNOWN = "is known"  # ()
    IS_MISSING = "is missing"  # ()
    IS_NOT_APPLICABLE = "is not applicable"  # ()


class Hit(StrEnum):
    """How many rules may speak, and what is made of them."""

    UNIQUE = "unique"
    COLLECT = "collect"
    SUM = "sum"
    FIRST = "first"


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a rule file; lines and columns count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class ParamRef:
    """``param eu-low-value-limit``, to be replaced by its value in the epoch."""

    id: str


@dataclass(frozen=True, slots=True)
class SetRef:
    """``set excise-goods``, to be replaced by its members in the epoch."""

    id: str


@dataclass(frozen=True, slots=True)
class Test:
    """One test on one fact. Operand items are typed values.

    After resolution: bool, int (plain numbers, grams, millimetres, minutes,
    days), Decimal (decimals and money in the decision's currency), str (codes,
    text, HS codes, prefixes, zone ids) or date.
    """

    __test__ = False  # not a pytest class

    fact: str
    op: Op
    operand: tuple[object, ...] = ()
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds. The empty block holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part holds. The empty block does not."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class NoneOf:
    """No part holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Quantified:
    """``any | every | no`` member of an inner scope; all tests inside speak of the same member."""

    quantifier: str
    scope: str
    body: All


Node = Test | All | Any | NoneOf | Quantified


@dataclass(frozen=True, slots=True)
class Validity:
    """Half-open local days; ``None`` is unbounded."""

    start: date | None = None
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the day lies inside."""
        return (self.start is None or self.start <= day) and (self.until is None or day < self.until)

    def within(self, other: Validity) -> bool:
        """Whether this interval lies inside the other."""
        low = other.start is None or (self.start is not None and self.start >= other.start)
        high = other.until is None or (self.until is not None and self.until <= other.until)
        return low and high

    def meet(self, other: Validity) -> Validity:
        """The intersection (possibly empty: then ``start >= until``)."""
        starts = [d for d in (self.start, other.start) if d is not None]
        ends = [d for d in (self.until, other.until) if d is not None]
        return Validity(max(starts, default=None), min(ends, default=None))


@dataclass(frozen=True, slots=True)
class Citation:
    """Where the law says so, and when somebody last looked."""

    act: str
    article: str = ""
    url: str = ""
    checked: date | None = None
    confidence: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """An example inside a rule: typed facts (scope name -> list of members for inner scopes) and outcome."""

    given: Mapping[str, object]
    expect: object
    place: Place | None = None
    members: Mapping[str, tuple[Mapping[str, object], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Yields:
    """The type of a decision's outcome.

    ``kind``: ``enum`` (codes), ``code``, ``bool``, ``int``, ``decimal``, ``money``, ``days``,
    ``minutes``, ``weight``, ``text`` or ``record`` (fields of these).
    """

    kind: str
    codes: tuple[str, ...] = ()
    fields: Mapping[str, Yields] = field(default_factory=dict)
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Convert:
    """Which exchange rate applies to money tests, and the date fact that picks it."""

    rate: str
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, typed. ``then`` is a value of the decision's type; ``overrides`` names its base."""

    id: str
    decision: str
    when: All
    then: object
    validity: Validity = Validity()
    overrides: str | None = None
    replaces: str | None = None
    title: Mapping[str, str] = field(default_factory=dict)
    cite: tuple[Citation, ...] = ()
    owner: str = ""
    reason: str = ""
    known_until: date | None = None
    examples: tuple[Example, ...] = ()
    pack: str = "law"
    place: Place | None = None


CANNOT_DETERMINE = "cannot_determine"
NO_OTHERWISE = None


@dataclass(frozen=True, slots=True)
class Decision:
    """One question and its rules.

    ``otherwise`` is a value, or ``"cannot_determine"``. For ``collect`` the
    otherwise is the empty collection, for ``sum`` zero. ``currency`` is the one
    currency its money tests speak, None where there are none.
    """

    id: str
    per: str
    yields: Yields
    dated_by: str
    hit: Hit
    otherwise: object
    rules: tuple[Rule, ...]
    convert: Convert | None = None
    currency: str | None = None
    about_input: bool = False
    reason: str = ""
    title: Mapping[str, str] = field(default_factory=dict)
    place: Place | None = None
