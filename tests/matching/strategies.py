"""The builders of ``generate`` as hypothesis strategies, so that a failing case shrinks.

@given(st.data())
def test_...(data):
    decision = data.draw(decisions())
    facts, members = data.draw(cases(decision))
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from domain import NOT_APPLICABLE, Choice, Interval, Prefix
from engine.rulebook.tree import Decision
from tests.matching.generate import (
    KINDS,
    PLAIN,
    SCOPES,
    SMALL_KINDS,
    Dice,
    Facts,
    Members,
    Shape,
    T,
    build_case,
    build_decision,
    build_partial,
    domain_of,
)


class Drawn:
    """Chance from hypothesis."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw

    def pick(self, options: Sequence[T]) -> T:
        return options[self._draw(st.integers(0, len(options) - 1))]

    def number(self, low: int, high: int) -> int:
        return self._draw(st.integers(low, high))

    def chance(self, percent: int) -> bool:
        return percent > 0 and self._draw(st.integers(0, 99)) >= 100 - percent


@st.composite
def decisions(draw: st.DrawFn, shape: Shape = PLAIN) -> Decision:
    """A resolved decision of any hit policy."""
    return build_decision(Drawn(draw), shape)


@st.composite
def cases(draw: st.DrawFn, decision: Decision, shape: Shape = PLAIN) -> tuple[Facts, Members]:
    """Facts and members for the decision: only facts that its vocabulary has, in every state of knowledge."""
    return build_case(Drawn(draw), shape)


@st.composite
def refinements(
    draw: st.DrawFn, facts: Facts, members: Members, shape: Shape = PLAIN
) -> tuple[Facts, Members]:
    """The same case, with more known of some facts: nothing known is taken back or changed."""
    dice = Drawn(draw)
    more: Members = {}
    for scope in ("line", "parcel"):
        if scope in members:
            more[scope] = tuple(_refined(dice, shape, scope, member) for member in members[scope])
        elif dice.chance(50):
            _, fresh = build_case(dice, replace(shape, unknown_members=0))
            more[scope] = fresh[scope]
    return _refined(dice, shape, "order", facts), more


def _refined(dice: Dice, shape: Shape, scope: str, facts: Facts) -> Facts:
    refined = dict(facts)
    for fact in SCOPES[scope]:
        if (shape.tiny and KINDS[fact] not in SMALL_KINDS) or not dice.chance(50):
            continue
        if fact not in facts:
            refined[fact] = dice.pick((*domain_of(fact), NOT_APPLICABLE, build_partial(dice, fact)))
        else:
            refined[fact] = narrowed(dice, fact, facts[fact])
    return refined


def narrowed(dice: Dice, fact: str, known: object) -> object:
    """A completion of what is partly known, or a smaller part of it; a value stays."""
    match known:
        case Choice(values):
            ordered = sorted(values, key=repr)
            kept = frozenset(value for value in ordered if dice.chance(50))
            return Choice(kept) if len(kept) > 1 else dice.pick(ordered)
        case Prefix(text):
            said = [each for each in map(str, domain_of(fact)) if each.startswith(text)]
            longer = [text, text + "0", text + "99", *said]
            chosen = dice.pick(longer)
            return Prefix(chosen) if dice.chance(40) else chosen
        case Interval(low, high):
            inside = [
                value
                for value in domain_of(fact)
                if (low is None or value >= low) and (high is None or value <= high)  # type: ignore[operator]
            ]
            first = dice.number(0, len(inside) - 1)
            last = dice.number(first, len(inside) - 1)
            return Interval(inside[first], inside[last]) if dice.chance(40) else inside[first]
        case _:
            return known
