"""What would have to be known: the smallest sets of facts that settle a decision.

A set settles when the decision is determined whatever values the set's facts
turn out to have. Values are tried from each cell that the rules distinguish,
so the few tried stand for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, islice, product

from domain import Choice, Interval, Prefix
from engine.rulebook.book import Converter, Rulebook
from engine.rulebook.region import Region
from engine.rulebook.rows import MISSING, Literal, SetTest

__all__ = ["settling"]

MAX_SIZE = 3
MAX_TRIES = 400
Facts = Mapping[str, object]
Members = Mapping[str, Sequence[Facts]]


def settling(
    book: Rulebook, decision: str, facts: Facts, members: Members | None = None, convert: Converter | None = None
) -> tuple[tuple[str, ...], ...]:
    """Every smallest set of facts that would settle the decision; the open facts if none does."""
    cells = _cells(book, decision, facts, members)
    names = sorted(cells)

    def decided(trial: Facts, inner: Members | None) -> bool:
        return book.ask(decision, trial, inner, convert).decided

    for size in range(1, min(MAX_SIZE, len(names)) + 1):
        found = [chosen for chosen in combinations(names, size) if _settles(chosen, cells, facts, members, decided)]
        if found:
            return tuple(found)
    return (tuple(names),) if names else ()


def _settles(
    chosen: tuple[str, ...],
    cells: Mapping[str, tuple[object, ...]],
    facts: Facts,
    members: Members | None,
    decided: Callable[[Facts, Members | None], bool],
) -> bool:
    values = list(islice(product(*(cells[name] for name in chosen)), MAX_TRIES + 1))
    if len(values) > MAX_TRIES:
        return False
    for combo in values:
        trial = dict(zip(chosen, combo, strict=True))
        inner = None
        if members is not None:
            inner = {
                scope: [{**member, **{name: value for name, value in trial.items() if _open(member.get(name, MISSING))}} for member in group]
                for scope, group in members.items()
            }
        if not decided({**facts, **trial}, inner):
            return False
    return True


def _open(value: object) -> bool:
    return value is MISSING or isinstance(value, Choice | Interval | Prefix)


def _cells(book: Rulebook, decision: str, facts: Facts, members: Members | None) -> dict[str, tuple[object, ...]]:
    """Open facts that rules look at, each with one value per cell."""
    question = book.question(decision)
    literals: dict[str, list[Literal]] = {}
    for epoch in question.spanning(facts.get(question.decision.dated_by)):
        for row in epoch.rows:
            for literal in row:
                _gather(literal, literals)
    found: dict[str, tuple[object, ...]] = {}
    group = [member for members_of in (members or {}).values() for member in members_of]
    dated = question.decision.dated_by
    if _open(facts.get(dated, MISSING)) and question.cuts:
        found[dated] = (question.cuts[0] - timedelta(days=1), *question.cuts)
    for name, held in literals.items():
        fact = book.vocabulary.facts.get(name)
        inner = fact is not None and fact.scope == "line" and group
        states = [member.get(name, MISSING) for member in group] if inner else [facts.get(name, MISSING)]
        open_states = [state for state in states if _open(state)]
        if open_states:
            values = tuple(value for value in _values(held) if any(_possible(state, value) for state in open_states))
            found[name] = values or (open_states[0],)
    return found


def _gather(literal: Literal, into: dict[str, list[Literal]]) -> None:
    if literal.column[0] == "any":
        for row in literal.column[2]:  # type: ignore[attr-defined]
            for inner in row:
                _gather(inner, into)
    else:
        into.setdefault(str(literal.column[1]), []).append(literal)


def _values(literals: Sequence[Literal]) -> Iterator[object]:
    """A value of each cell the literals cut."""
    seen: set[object] = set()
    elements = frozenset(code for literal in literals if isinstance(literal.accepts, SetTest) for code in literal.accepts.codes)
    if elements:
        yield frozenset()
        yield elements
        for element in sorted(elements, key=str):
            yield frozenset((element,))
        return
    for literal in literals:
        for value, _ in literal.accepts.cuts if isinstance(literal.accepts, Region) else ():
            for near in (value, *_beside(value)):
                if near not in seen:
                    seen.add(near)
                    yield near


def _beside(value: object) -> tuple[object, ...]:
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, int):
        return (value - 1, value + 1)
    if isinstance(value, Decimal):
        return (value - Decimal("0.01"), value + Decimal("0.01"))
    if isinstance(value, date):
        return (value - timedelta(days=1), value + timedelta(days=1))
    return (f"{value}~",) if isinstance(value, str) else ()


def _possible(state: object, value: object) -> bool:
    if state is MISSING:
        return True
    if isinstance(state, Prefix):
        return isinstance(value, str) and value.startswith(state.text)
    if isinstance(state, Choice):
        return value in state.values
    if isinstance(state, Interval):
        low = state.low is None or state.low <= value  # type: ignore[operator]
        return bool(low and (state.high is None or value <= state.high))  # type: ignore[operator]
    return False


