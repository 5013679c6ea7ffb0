"""What would have to be known: the smallest sets of facts that settle a decision.

A set settles when the decision is determined whatever values the set's facts
turn out to have. Values are tried from each cell that the rules distinguish,
so the few tried stand for all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, product

from domain import Choice, Interval, Money, Prefix, Truth
from engine.rulebook.book import Converter, Rulebook
from engine.rulebook.region import Region
from engine.rulebook.rows import MISSING, Literal, SetTest, truth
from engine.rulebook.vocabulary import Fact

__all__ = ["settling"]

MAX_SIZE = 3
MAX_TRIES = 400
Facts = Mapping[str, object]
Members = Mapping[str, Sequence[Facts]]
Spot = tuple[str, int] | None  # which member of which scope; None is the decision's own scope


@dataclass(frozen=True, slots=True)
class _Unknown:
    """An open fact: where it is open, and a value of each cell the rules cut (None: too many to try)."""

    spots: tuple[Spot, ...]
    values: tuple[tuple[object, ...], ...] | None

    @property
    def tries(self) -> int:
        """How many ways there are to fill it in."""
        count = 1
        for values in self.values or ():
            count *= len(values)
        return count


def settling(
    book: Rulebook,
    decision: str,
    facts: Facts,
    members: Members | None = None,
    convert: Converter | None = None,
) -> tuple[tuple[str, ...], ...]:
    """Every smallest set of facts that would settle the decision.

    Where none can be proven to, places too vague for a zone are named, then all open
    facts together; nothing where even all of them would leave it open.
    """
    unknown, vague = _unknowns(book, decision, facts, members)
    names = sorted(name for name, each in unknown.items() if each.values is not None)

    def settles(chosen: Sequence[str]) -> bool:
        tries = 1
        for name in chosen:
            tries *= unknown[name].tries
        return tries <= MAX_TRIES and all(
            book.ask(decision, *_filled(facts, members, unknown, chosen, combo), convert).decided
            for combo in product(*(product(*(unknown[name].values or ())) for name in chosen))
        )

    for size in range(1, min(MAX_SIZE, len(names)) + 1):
        found = tuple(chosen for chosen in combinations(names, size) if settles(chosen))
        if found:
            return found
    if vague:
        return tuple((name,) for name in vague)
    untried = len(names) < len(unknown) or len(names) > MAX_SIZE
    return (tuple(sorted(unknown)),) if untried else ()


def _filled(
    facts: Facts,
    members: Members | None,
    unknown: Mapping[str, _Unknown],
    chosen: Sequence[str],
    combo: Sequence[Sequence[object]],
) -> tuple[Facts, Members | None]:
    """The facts with every open spot of the chosen names filled in."""
    outer = dict(facts)
    inner = (
        None
        if members is None
        else {scope: [dict(member) for member in group] for scope, group in members.items()}
    )
    for name, values in zip(chosen, combo, strict=True):
        for spot, value in zip(unknown[name].spots, values, strict=True):
            if spot is None:
                outer[name] = value
            elif inner is not None:
                inner[spot[0]][spot[1]][name] = value
    return outer, inner


def _open(value: object) -> bool:
    return value is MISSING or isinstance(value, Choice | Interval | Prefix)


def _unknowns(
    book: Rulebook, decision: str, facts: Facts, members: Members | None
) -> tuple[dict[str, _Unknown], list[str]]:
    """Open facts that rules look at which may still hold, and places too vague for a zone."""
    question = book.question(decision)
    literals: dict[str, list[Literal]] = {}
    for left in question.narrowed(facts):
        for row in left.rows():
            for literal in row:
                _gather(literal, literals)
    found: dict[str, _Unknown] = {}
    vague: list[str] = []
    dated = question.decision.dated_by
    day = facts.get(dated, MISSING)
    if _open(day) and question.cuts:
        days = [cut for cut in (question.cuts[0] - timedelta(days=1), *question.cuts) if _possible(day, cut)]
        inside = [*days, day.low] if isinstance(day, Interval) else days
        found[dated] = _Unknown((None,), (tuple(dict.fromkeys(inside)),))
    for name, held in sorted(literals.items()):
        states = _states(book, name, facts, members)
        if any(literal.column[0] == "zone" for literal in held):
            if any(
                truth(literal, state, book.zones, book.drawn) is Truth.MAYBE
                for literal in held
                for _, state in states
            ):
                vague.append(name)
            continue
        open_states = [(spot, state) for spot, state in states if _open(state)]
        if open_states:
            cells = _values(held, book.vocabulary.facts.get(name), book)
            each = None
            if cells is not None:
                each = tuple(
                    tuple(value for value in cells if _possible(state, value)) or (state,)
                    for _, state in open_states
                )
            found[name] = _Unknown(tuple(spot for spot, _ in open_states), each)
    return found, vague


def _states(book: Rulebook, name: str, facts: Facts, members: Members | None) -> list[tuple[Spot, object]]:
    """The fact where it is looked at: in each member for an inner fact, else in the decision's own scope."""
    fact = book.vocabulary.facts.get(name)
    scope = fact.scope if fact is not None else ""
    group = (members or {}).get(scope)
    if group is not None:
        return [((scope, number), member.get(name, MISSING)) for number, member in enumerate(group)]
    return [(None, facts.get(name, MISSING))]


def _gather(literal: Literal, into: dict[str, list[Literal]]) -> None:
    if literal.column[0] == "any":
        for row in literal.column[2]:  # type: ignore[attr-defined]
            for inner in row:
                _gather(inner, into)
    elif literal.column[0] != "status":
        into.setdefault(str(literal.column[1]), []).append(literal)


def _values(literals: Sequence[Literal], fact: Fact | None, book: Rulebook) -> tuple[object, ...] | None:
    """A value of each cell the literals cut; None where there are too many."""
    codes = sorted(
        {
            code
            for literal in literals
            if isinstance(literal.accepts, SetTest)
            for code in literal.accepts.codes
        },
        key=str,
    )
    if codes:
        if 2 ** len(codes) > MAX_TRIES:
            return None
        return tuple(
            frozenset(chosen) for size in range(len(codes) + 1) for chosen in combinations(codes, size)
        )
    closed = book.vocabulary.valid_codes(fact.type) if fact is not None else None
    found: dict[object, None] = {}
    for literal in literals:
        for value, _ in literal.accepts.cuts if isinstance(literal.accepts, Region) else ():
            for near in (value, *_beside(value)):
                found[near] = None
    if closed is not None:
        other = next((code for code in sorted(closed) if code not in found), None)
        kept = [value for value in found if value in closed]
        return tuple(kept if other is None else [*kept, other])
    return tuple(found)


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
        if any(isinstance(end, Money) and not isinstance(value, Money) for end in (state.low, state.high)):
            return True  # a span of another currency: the test itself converts, and says no where it must
        low = state.low is None or state.low <= value  # type: ignore[operator]
        return bool(low and (state.high is None or value <= state.high))  # type: ignore[operator]
    return False
