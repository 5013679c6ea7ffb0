"""Epochs: the stretches of days in which a decision reads the same.

All dates of rules, params and sets cut a decision. Inside an epoch nothing
changes, so proofs and indexes are made per epoch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from domain import Money
from engine.rulebook.defs import Named, Sources
from engine.rulebook.record import Record
from engine.rulebook.tree import (
    CANNOT_DETERMINE,
    All,
    Any,
    Decision,
    Node,
    NoneOf,
    ParamRef,
    Quantified,
    Rule,
    SetRef,
    Test,
    Validity,
)

__all__ = [
    "Resolver",
    "boundaries",
    "chain",
    "effective_validity",
    "every_test",
    "outcomes",
    "referenced",
    "resolve",
    "walk",
]


def walk(node: Node) -> Iterator[tuple[Test, str | None]]:
    """Every test of a condition, with the inner scope it speaks of (None: the decision's own)."""
    if isinstance(node, Test):
        yield node, None
    elif isinstance(node, Quantified):
        for test, _ in walk(node.body):
            yield test, node.scope
    else:
        for part in node.parts:
            yield from walk(part)


def every_test(decision: Decision) -> Iterator[tuple[Rule, Test, str | None]]:
    """Every test of every rule."""
    for rule in decision.rules:
        for test, scope in walk(rule.when):
            yield rule, test, scope


def referenced(rule: Rule) -> Iterator[tuple[ParamRef | SetRef, Test | None]]:
    """The params and sets a rule names; None for those in its outcome."""
    for test, _ in walk(rule.when):
        for item in test.operand:
            if isinstance(item, ParamRef | SetRef):
                yield item, test
    for item in outcomes(rule.then):
        if isinstance(item, ParamRef):
            yield item, None


def outcomes(then: object) -> Iterator[object]:
    """The single values of an outcome."""
    if isinstance(then, Record):
        for value in then.values():
            yield from outcomes(value)
    else:
        yield then


def chain(rule: Rule, rules: Mapping[str, Rule]) -> list[Rule]:
    """The rule and its bases, nearest first; a cycle is cut."""
    found, seen = [rule], {rule.id}
    while (base := found[-1].overrides) and base in rules and base not in seen:
        seen.add(base)
        found.append(rules[base])
    return found


def effective_validity(rule: Rule, rules: Mapping[str, Rule]) -> Validity:
    """The intersection of the validities along the chain of exceptions."""
    span = rule.validity
    for base in chain(rule, rules)[1:]:
        span = span.meet(base.validity)
    return span


def _named(item: ParamRef | SetRef, sources: Sources) -> Named | None:
    return (sources.params if isinstance(item, ParamRef) else sources.sets).get(item.id)


def boundaries(decision: Decision, sources: Sources) -> tuple[date, ...]:
    """The days on which a new epoch begins."""
    days: set[date | None] = set()
    for rule in decision.rules:
        days |= {rule.validity.start, rule.validity.until, rule.known_until}
        for item, _ in referenced(rule):
            named = _named(item, sources)
            for validity, _ in named.values if named else ():
                days |= {validity.start, validity.until}
    return tuple(sorted(day for day in days if day is not None))


def representative(cuts: tuple[date, ...], epoch: int) -> date:
    """A day inside the epoch (0 lies before the first cut)."""
    if not cuts:
        return date(2000, 1, 1)
    return cuts[epoch - 1] if epoch else cuts[0] - timedelta(days=1)


class Resolver:
    """A decision as it reads on a day: living rules only, params and sets replaced by values.

    A rule past its ``known_until`` yields ``cannot_determine``, not yesterday's law. A rule that
    reads the same on two days is the same object on both.
    """

    def __init__(self, decision: Decision, sources: Sources) -> None:
        self._decision = decision
        self._sources = sources
        table = {rule.id: rule for rule in decision.rules}
        self._rules = [
            (rule, effective_validity(rule, table), [_named(item, sources) for item, _ in referenced(rule)])
            for rule in decision.rules
        ]
        self._read: dict[tuple[object, ...], Rule] = {}

    def on(self, day: date) -> Decision:
        """The decision on that day."""
        alive = [self._rule(rule, named, day) for rule, span, named in self._rules if span.holds(day)]
        return replace(self._decision, rules=tuple(alive))

    def _rule(self, rule: Rule, named: list[Named | None], day: date) -> Rule:
        unknown = rule.known_until is not None and day >= rule.known_until
        key = (id(rule), unknown, *(each and each.at(day) for each in named))
        found = self._read.get(key)
        if found is None:
            then = CANNOT_DETERMINE if unknown else _outcome(rule.then, day, self._sources)
            when = _condition(rule.when, day, self._sources)
            found = self._read[key] = replace(rule, when=when, then=then)
        return found


def resolve(decision: Decision, day: date, sources: Sources) -> Decision:
    """The decision as it reads on that day, see `Resolver`."""
    return Resolver(decision, sources).on(day)


def _condition(node: All, day: date, sources: Sources) -> All:
    return All(tuple(_node(part, day, sources) for part in node.parts))


def _node(node: Node, day: date, sources: Sources) -> Node:
    if isinstance(node, Test):
        return replace(node, operand=_operand(node.operand, day, sources)) if node.operand else node
    if isinstance(node, Quantified):
        return replace(node, body=_condition(node.body, day, sources))
    kind: type[All | Any | NoneOf] = type(node)
    return kind(tuple(_node(part, day, sources) for part in node.parts))


def _operand(operand: tuple[object, ...], day: date, sources: Sources) -> tuple[object, ...]:
    out: list[object] = []
    for item in operand:
        if isinstance(item, SetRef):
            named = sources.sets[item.id]
            members = named.at(day)
            out += members if isinstance(members, tuple) else ()
        else:
            value = sources.params[item.id].at(day) if isinstance(item, ParamRef) else item
            out.append(value.amount if isinstance(value, Money) else value)
    return tuple(out)


def _outcome(then: object, day: date, sources: Sources) -> object:
    if isinstance(then, Record):
        return Record({key: _outcome(value, day, sources) for key, value in then.items()})
    if isinstance(then, ParamRef):
        return sources.params[then.id].at(day)
    return then
