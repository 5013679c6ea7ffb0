"""Decisions and cases as durable-rules gets them: terms by rule, flat facts by context.

A quantifier is answered in steps: its body becomes two rules of its own (surely
yes, surely no), durable-rules judges each member by them, and the quantifier is
put together from these verdicts as one more field of the fact around the members.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from domain import Choice, Interval, NotApplicable, Prefix, Truth
from engine.rulebook.durable_terms import CannotSay, Names, Term, fields, paths, plain, term
from engine.rulebook.tree import All, Any, Decision, Node, NoneOf, Quantified

__all__ = ["MOST_FIELDS", "Body", "Context", "Translation", "fold", "places", "translate"]

Zones = Callable[[str, object], Truth]

MOST_PATHS: Final = 200
"""Alternatives of one condition, unfolded; more would fill durable-rules' tables."""
MOST_FIELDS: Final = 196
"""Fields of one fact: 200 were measured safe, and four are durable-rules' and ours."""


@dataclass(frozen=True, slots=True)
class Body:
    """A quantifier: the field of its answer, how deep it reaches, its body as yes-term and no-term."""

    node: Quantified
    field: str
    height: int
    yes: Term
    no: Term


@dataclass(frozen=True, slots=True)
class Translation:
    """One decision: the terms of its rules, its quantifiers, and what could not be put into terms."""

    decision: Decision
    names: Names
    rules: Mapping[str, Term]
    bodies: Mapping[Quantified, Body]
    unsaid: Mapping[str, str]
    outer: tuple[Quantified, ...]

    def owners(self, *terms: Term) -> frozenset[str]:
        """The facts (by name) and quantifiers (by field) that the terms read."""
        names = list(self.names.facts)
        read = {name for each in terms for name in fields(each)}
        return frozenset(name if name[0] == "q" else names[int(_NUMBER.findall(name)[0])] for name in read)


_NUMBER: Final = re.compile(r"\d+")


def translate(decision: Decision) -> Translation:
    """All of the decision that durable-rules can say, each rule by its effective condition."""
    names, rules, unsaid = Names(), {}, {}
    by_id = {rule.id: rule for rule in decision.rules}
    outer: dict[Quantified, None] = {}
    bodies: dict[Quantified, Body] = {}
    for rule in decision.rules:
        conditions = [rule.when]
        base = rule.overrides
        while base is not None:
            conditions.append(by_id[base].when)
            base = by_id[base].overrides
        try:
            rules[rule.id] = _within_reason(term(All(tuple(conditions)), names))
            for condition in conditions:
                for node in _quantifiers(condition):
                    outer[node] = None
                    _bodies(node, names, bodies)
        except CannotSay as limit:
            rules.pop(rule.id, None)
            unsaid[rule.id] = limit.cause
    outer = {node: None for node in outer if node in bodies}
    return Translation(decision, names, rules, bodies, unsaid, tuple(outer))


def _within_reason(each: Term) -> Term:
    if paths(each) > MOST_PATHS:
        raise CannotSay("more alternatives than durable-rules holds")
    if len(set(fields(each))) > MOST_FIELDS:
        raise CannotSay("more fields than durable-rules was seen to bear")
    return each


def _bodies(node: Quantified, names: Names, bodies: dict[Quantified, Body]) -> None:
    yes = _within_reason(term(node.body, names))
    no = _within_reason(term(node.body, names, surely=False))
    inner = list(_quantifiers(node.body))
    for each in inner:
        _bodies(each, names, bodies)
    height = 1 + max((bodies[each].height for each in inner), default=-1)
    bodies[node] = Body(node, names.quantifiers[node], height, yes, no)


def _quantifiers(node: Node) -> Iterator[Quantified]:
    """The quantifiers in a condition, but not those inside another."""
    match node:
        case Quantified():
            yield node
        case All(parts) | Any(parts) | NoneOf(parts):
            for part in parts:
                yield from _quantifiers(part)


# ---------------------------------------------------------------- facts


@dataclass(slots=True)
class Context:
    """What is known in one place of a case, as fields; ``blocked`` tells what they leave out, and why."""

    facts: Mapping[str, object]
    members: Mapping[str, Sequence[Mapping[str, object]]]
    fields: dict[str, object] = field(default_factory=dict)
    blocked: dict[str, str] = field(default_factory=dict)
    inner: dict[str, list[Context]] = field(default_factory=dict)

    @classmethod
    def read(
        cls,
        facts: Mapping[str, object],
        members: Mapping[str, Sequence[Mapping[str, object]]],
        names: Names,
        zones: Zones,
    ) -> Context:
        """The context of these facts; members are read when a quantifier asks for them."""
        context = cls(facts, members)
        for fact in names.facts:
            try:
                context.fields.update(_fields(fact, facts, names, zones))
            except CannotSay as limit:
                context.blocked[fact] = f"{limit.cause} ({fact})"
        return context

    def within(self, scope: str, names: Names, zones: Zones) -> list[Context] | None:
        """The contexts of the members, their facts over those around them; None where unknown."""
        if scope not in self.members:
            return None
        if scope not in self.inner:
            self.inner[scope] = [self._member(member, names, zones) for member in self.members[scope]]
        return self.inner[scope]

    def _member(self, member: Mapping[str, object], names: Names, zones: Zones) -> Context:
        own = {name: value for name, value in member.items() if isinstance(value, list | tuple)}
        return Context.read({**self.facts, **member}, {**self.members, **own}, names, zones)


def _fields(fact: str, facts: Mapping[str, object], names: Names, zones: Zones) -> dict[str, object]:
    not_applicable, known, missing = names.of("n", fact), names.of("k", fact), names.of("m", fact)
    if fact not in facts:
        return {known: False, missing: True}
    value = facts[fact]
    if isinstance(value, NotApplicable):
        return {not_applicable: True, known: True, missing: False}
    if isinstance(value, Choice | Interval | Prefix):
        raise CannotSay("partly known")
    told: dict[str, object] = {not_applicable: False, known: True, missing: False}
    for zone, name in names.zones.get(fact, {}).items():
        if (inside := zones(zone, value)) is not Truth.MAYBE:
            told[name] = inside is Truth.YES
    if fact not in names.kinds:
        return told
    if names.kinds[fact] == "set":
        if not isinstance(value, frozenset):
            raise CannotSay("a value of another type than its tests")
        return told | {name: code in value for code, name in names.codes[fact].items()}
    kind, said = plain(value)
    if kind != names.kinds[fact]:
        raise CannotSay("a value of another type than its tests")
    heads = {name: str(value)[:length] for length, name in names.heads.get(fact, {}).items()}
    return told | {names.of("v", fact): said} | heads


def places(
    context: Context, nodes: Sequence[Quantified], translation: Translation, zones: Zones
) -> Iterator[tuple[Context, Body, list[Context] | None]]:
    """Where each quantifier is asked: in which context, and of which members."""
    for node in nodes:
        within = context.within(node.scope, translation.names, zones)
        for member in within or ():
            yield from places(member, list(_quantifiers(node.body)), translation, zones)
        yield context, translation.bodies[node], within


def fold(quantifier: str, yes: Sequence[bool], no: Sequence[bool]) -> bool | None:
    """The quantifier over members that surely pass (``yes``) or surely fail (``no``); None where open."""
    if quantifier == "every":
        return True if all(yes) else False if any(no) else None
    found = True if any(yes) else False if all(no) else None
    return found if quantifier == "any" or found is None else not found
