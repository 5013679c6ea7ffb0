"""Cases for a decision: for each rule one that makes it hold, then with one and with two facts changed.

The first case of a rule is solved from its condition and those of the rules
it overrides: each fact starts with all its boundary values, each test strikes
out those that fail it. So nearly every cut is met while all else holds, which
chance alone would seldom bring about. No chance is used: the same rules give
the same cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TypeVar

from domain import Choice, Interval, Prefix, Truth
from engine.rulebook.epochs import chain, walk
from engine.rulebook.naive.answers import answer
from engine.rulebook.tree import All, Any, Decision, Node, NoneOf, Quantified, Rule, Test
from scenarios.boundary_values import ABSENT

__all__ = ["Case", "Pools", "boundary_cases"]

T = TypeVar("T")
Values = Mapping[str, tuple[object, ...]]
Zones = Callable[[str, object], Truth]
MOST_STEPS = 4000
SINGLES, PAIRS, MIXED = 300, 150, 80


@dataclass(frozen=True, slots=True)
class Case:
    """Facts of the decision's own scope and around it, and the facts of each member of inner scopes."""

    facts: Mapping[str, object]
    members: Mapping[str, tuple[Mapping[str, object], ...]]


@dataclass(frozen=True, slots=True)
class Pools:
    """The boundary values of each fact (all of them in ``wide``), and the inner scope a fact belongs to."""

    values: Values
    wide: Values
    inner: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Draft:
    """Values still possible: of facts outside, of each member, and what every member must satisfy."""

    outer: Values
    members: tuple[tuple[str, Values], ...] = ()
    of_all: tuple[tuple[str, Node, bool], ...] = ()


_Goal = tuple[Node, bool, int | None]


def boundary_cases(decision: Decision, pools: Pools, zones: Zones, every: int = 1) -> Iterator[Case]:
    """The cases of a resolved decision; bounded in number, ``every`` says to take one in so many."""
    table = {rule.id: rule for rule in decision.rules}
    solved = [_solved(rule, table, pools, zones) for rule in decision.rules[::every]]
    drafts = [draft for draft in solved if draft is not None]
    wholes = [_case(draft) for draft in drafts]
    yield from wholes
    for draft in drafts:
        yield from _lines(_case(draft), pools)
    for changes, most in ((_singles, SINGLES), (_pairs, PAIRS)):
        many = [(draft, change) for draft in drafts for change in changes(draft, pools)]
        for draft, change in _spread(many, most // every):
            yield _case(_changed(draft, change))
    yield from _mixed(pools, wholes, MIXED // every)


def _spread(changes: Sequence[T], most: int) -> Sequence[T]:
    step = max(1, -(-len(changes) // max(1, most)))
    if step % 2 == 0:
        step += 1  # an even step would meet the same half of every pool
    return changes[::step]


# ---------------------------------------------------------------- a case in which a rule holds


def _solved(rule: Rule, table: Mapping[str, Rule], pools: Pools, zones: Zones) -> _Draft | None:
    conditions: list[Node] = [link.when for link in chain(rule, table)]
    names = sorted({test.fact for node in conditions for test, _ in walk(node)})
    start = _Draft({name: pools.wide[name] for name in names if name not in pools.inner})
    solver = _Solver(pools, zones)
    scopes = sorted({node.scope for condition in conditions for node in _quantifiers(condition)})
    anybody: list[_Goal] = [(Quantified("any", scope, All(())), True, None) for scope in scopes]
    goals: list[_Goal] = [(node, True, None) for node in conditions]
    return solver.solve([*goals, *anybody], start) or solver.solve(goals, start)


def _quantifiers(node: Node) -> Iterator[Quantified]:
    if isinstance(node, Quantified):
        yield node
    elif not isinstance(node, Test):
        for part in node.parts:
            yield from _quantifiers(part)


@dataclass(slots=True)
class _Solver:
    """Depth first over what still has to be made true or false."""

    pools: Pools
    zones: Zones
    steps: int = field(default=0)

    def solve(self, goals: Sequence[_Goal], draft: _Draft) -> _Draft | None:
        self.steps += 1
        if not goals:
            return draft
        if self.steps > MOST_STEPS:
            return None
        (node, want, who), rest = goals[0], goals[1:]
        if isinstance(node, Test):
            narrowed = self._strike(node, want, who, draft)
            return narrowed and self.solve(rest, narrowed)
        if isinstance(node, Quantified):
            return self._quantified(node, want, rest, draft)
        part = want is not isinstance(node, NoneOf)  # what its parts must be
        parts: list[_Goal] = [(each, part, who) for each in node.parts]
        if want is not isinstance(node, Any):  # all that holds, or any that fails: every part counts
            return self.solve([*parts, *rest], draft)
        return self._either(parts, rest, draft)

    def _either(self, parts: Sequence[_Goal], rest: Sequence[_Goal], draft: _Draft) -> _Draft | None:
        return next((found for part in parts if (found := self.solve([part, *rest], draft))), None)

    def _quantified(
        self, node: Quantified, want: bool, rest: Sequence[_Goal], draft: _Draft
    ) -> _Draft | None:
        if want is (node.quantifier == "any"):  # somebody must satisfy the body, or of "every" fail it
            somebody = node.quantifier != "every"
            inner = [name for name, scope in self.pools.inner.items() if scope == node.scope]
            fresh = {name: self.pools.wide[name] for name in inner}
            place = len(draft.members)
            common: list[_Goal] = [
                (body, each, place) for scope, body, each in draft.of_all if scope == node.scope
            ]
            wider = replace(draft, members=(*draft.members, (node.scope, fresh)))
            return self.solve([(node.body, somebody, place), *common, *rest], wider)
        holds = node.quantifier == "every"
        every: list[_Goal] = [
            (node.body, holds, place) for place, (scope, _) in enumerate(draft.members) if scope == node.scope
        ]
        return self.solve(
            [*every, *rest], replace(draft, of_all=(*draft.of_all, (node.scope, node.body, holds)))
        )

    def _strike(self, test: Test, want: bool, who: int | None, draft: _Draft) -> _Draft | None:
        wanted = Truth.YES if want else Truth.NO
        inner = who is not None and test.fact in self.pools.inner
        held = draft.members[who][1] if inner and who is not None else draft.outer
        values = held.get(test.fact, self.pools.wide[test.fact])
        left = tuple(
            value for value in values if answer(test, _with({}, test.fact, value), self.zones) is wanted
        )
        if not left:
            return None
        changed = {**held, test.fact: left}
        if inner and who is not None:
            members = list(draft.members)
            members[who] = (members[who][0], changed)
            return replace(draft, members=tuple(members))
        return replace(draft, outer=changed)


# ---------------------------------------------------------------- cases around it


def _with(facts: Mapping[str, object], name: str, value: object) -> dict[str, object]:
    changed = {**facts, name: value}
    if value is ABSENT:
        del changed[name]
    return changed


def _case(draft: _Draft) -> Case:
    members: dict[str, tuple[Mapping[str, object], ...]] = {}
    for scope, values in draft.members:
        members[scope] = (*members.get(scope, ()), _first(values))
    for scope, _, _ in draft.of_all:
        members.setdefault(scope, ())
    return Case(_first(draft.outer), members)


def _first(values: Values) -> dict[str, object]:
    return {name: left[0] for name, left in values.items() if left[0] is not ABSENT}


_Slot = tuple[int | None, str]


def _slots(draft: _Draft) -> list[_Slot]:
    """Where a value may be changed: facts outside, then facts of members that a test has looked at."""
    inner = [(place, name) for place, (_, values) in enumerate(draft.members) for name in sorted(values)]
    return [*((None, name) for name in sorted(draft.outer)), *inner]


def _put(draft: _Draft, slot: _Slot, value: object) -> _Draft:
    place, name = slot
    if place is None:
        return replace(draft, outer={**draft.outer, name: (value,)})
    scope, values = draft.members[place]
    members = (*draft.members[:place], (scope, {**values, name: (value,)}), *draft.members[place + 1 :])
    return replace(draft, members=members)


_Change = tuple[tuple[_Slot, object], ...]


def _changed(draft: _Draft, change: _Change) -> _Draft:
    for slot, value in change:
        draft = _put(draft, slot, value)
    return draft


def _singles(draft: _Draft, pools: Pools) -> Iterator[_Change]:
    for slot in _slots(draft):
        for value in pools.values[slot[1]]:
            yield ((slot, value),)


def _pairs(draft: _Draft, pools: Pools) -> Iterator[_Change]:
    slots = _slots(draft)
    few = {slot: _few(draft, slot, pools) for slot in slots}
    for first, second in combinations(slots, 2):
        for one in few[first]:
            for other in few[second]:
                yield (first, one), (second, other)


def _lines(whole: Case, pools: Pools) -> Iterator[Case]:
    """The case with members not known, with none, and with one more of which little is known."""
    for scope, group in whole.members.items():
        others = {name: each for name, each in whole.members.items() if name != scope}
        yield Case(whole.facts, others)
        yield Case(whole.facts, {**others, scope: ()})
        yield Case(whole.facts, {**others, scope: (*group, {})})
        for name in sorted(name for name, inside in pools.inner.items() if inside == scope):
            yield Case(whole.facts, {**others, scope: (*group, _with({}, name, pools.values[name][0]))})


def _few(draft: _Draft, slot: _Slot, pools: Pools) -> list[object]:
    """One value that keeps the rule true, one that breaks it, one partly known, and none."""
    kept = (draft.outer if slot[0] is None else draft.members[slot[0]][1])[slot[1]]
    every = pools.values[slot[1]]
    breaks = [value for value in every if value not in kept][:1]
    partly = [value for value in every if isinstance(value, Choice | Interval | Prefix)][-1:]
    return [kept[-1], *breaks, *partly, ABSENT]


def _mixed(pools: Pools, wholes: Sequence[Case], count: int) -> Iterator[Case]:
    """All facts at once, each walking its values at its own pace; every other over a case that holds."""
    names = sorted(pools.values)
    for number in range(count if names else 0):
        facts: dict[str, object] = {}
        members: dict[str, tuple[Mapping[str, object], ...]] = {}
        if number % 2 and wholes:
            base = wholes[number // 2 % len(wholes)]
            facts, members = dict(base.facts), dict(base.members)
        for turn, name in enumerate(names):
            if number % 2 and (number // 2 + turn) % 3:
                continue
            values = pools.values[name]
            value = values[(number * (turn + 1) + number // len(values)) % len(values)]
            scope = pools.inner.get(name)
            if scope is None:
                facts = _with(facts, name, value)
            else:
                group = members.get(scope) or ({},)
                members[scope] = (_with(group[0], name, value), *group[1:])
        yield Case(facts, members)
