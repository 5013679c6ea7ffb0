"""The typed words that rule files may use. Knows types and scopes, no particular fact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

__all__ = ["ENCLOSING", "INNER", "SCOPES", "Fact", "FactType", "Vocabulary"]

SCOPES = ("order", "consignment", "line", "option")
# What a decision of a scope may read directly, and what it needs a quantifier for.
ENCLOSING: Mapping[str, tuple[str, ...]] = {
    "order": ("order",),
    "consignment": ("consignment", "order"),
    "line": ("line", "consignment", "order"),
    "option": ("option", "consignment", "order"),
}
INNER: Mapping[str, tuple[str, ...]] = {
    "order": ("line",),
    "consignment": ("line",),
    "line": (),
    "option": ("line",),
}
KINDS = frozenset(
    [
        "bool",
        "code",
        "codes",
        "text",
        "hs",
        "int",
        "decimal",
        "percent",
        "money",
        "weight",
        "length",
        "volume",
        "minutes",
        "days",
        "date",
        "place",
    ]
)


@dataclass(frozen=True, slots=True)
class FactType:
    """The type of a fact.

    ``domain`` names a list of valid codes known to the vocabulary (``country``,
    ``territory`` ...); ``codes`` is a closed list given here. Neither: open codes.
    Units inside are grams, millimetres, cubic centimetres, minutes and days.
    """

    kind: str
    domain: str | None = None
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """One word. ``basis`` says what a money fact holds (net or gross, with or without freight)."""

    name: str
    scope: str
    type: FactType
    title: str = ""
    basis: str = ""
    given_by: str = ""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All words of a rulebook and the code lists they draw on."""

    facts: Mapping[str, Fact]
    domains: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, facts: Iterable[Fact], domains: Mapping[str, frozenset[str]] | None = None) -> Vocabulary:
        """From a list of facts; a name given twice is a programming error."""
        table: dict[str, Fact] = {}
        for fact in facts:
            if fact.name in table:
                raise ValueError(f"fact {fact.name} is defined twice")
            if fact.type.kind not in KINDS:
                raise ValueError(f"fact {fact.name} has the unknown type {fact.type.kind}")
            table[fact.name] = fact
        return cls(table, domains or {})

    def plus(self, facts: Iterable[Fact]) -> Vocabulary:
        """With more words (retailer facts, outcomes of decisions)."""
        return Vocabulary({**self.facts, **{fact.name: fact for fact in facts}}, self.domains)

    def valid_codes(self, kind: FactType) -> frozenset[str] | None:
        """The codes a type admits, None where they are open."""
        if kind.codes:
            return frozenset(kind.codes)
        return self.domains.get(kind.domain) if kind.domain else None
