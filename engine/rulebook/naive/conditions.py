"""Blocks, quantifiers and exceptions: from tests to the truth of each rule.

Kleene's logic throughout: ``all`` is the minimum, ``any`` the maximum, ``none``
the opposite of ``any``. ``any`` member is an *or* over the members, ``every`` an
*and*, ``no`` the opposite of ``any``; so of no members at all ``any`` is NO and
the other two are YES. Members that are not known make the quantifier MAYBE.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain import InputError, Truth
from engine.rulebook.naive.answers import Zones, answer
from engine.rulebook.tree import All, Any, Decision, Node, NoneOf, Quantified, Rule, Test

__all__ = ["bases", "effective"]

Members = Mapping[str, Sequence[Mapping[str, object]]]


def effective(
    decision: Decision, facts: Mapping[str, object], members: Members, zones: Zones
) -> dict[str, Truth]:
    """The truth of each rule's own condition AND those of all the rules it overrides, by rule id."""
    own = {rule.id: truth(rule.when, facts, members, zones) for rule in decision.rules}
    return {
        rule.id: min([own[rule.id], *(own[base] for base in bases(decision, rule))])
        for rule in decision.rules
    }


def bases(decision: Decision, rule: Rule) -> list[str]:
    """The ids of the rules that a rule overrides: its base, its base's base, and so on."""
    by_id = {each.id: each for each in decision.rules}
    chain: list[str] = []
    base = rule.overrides
    while base is not None:
        if base not in by_id or base == rule.id or base in chain:
            fault = "is overridden by it in turn" if base in by_id else "is no living rule of the decision"
            raise InputError(
                f"{rule.id!r} overrides {base!r}, which {fault}",
                code="rulebook.overrides",
                place=decision.id,
            )
        chain.append(base)
        base = by_id[base].overrides
    return chain


def truth(node: Node, facts: Mapping[str, object], members: Members, zones: Zones) -> Truth:
    """The truth of a test, block or quantifier."""
    match node:
        case Test():
            return answer(node, facts, zones)
        case All(parts):
            return min((truth(part, facts, members, zones) for part in parts), default=Truth.YES)
        case Any(parts):
            return max((truth(part, facts, members, zones) for part in parts), default=Truth.NO)
        case NoneOf(parts):
            return ~max((truth(part, facts, members, zones) for part in parts), default=Truth.NO)
        case Quantified(quantifier, scope, body):
            if scope not in members:
                return Truth.MAYBE
            each = [_of_member(body, member, facts, members, zones) for member in members[scope]]
            if quantifier == "every":
                return min(each, default=Truth.YES)
            at_least_one = max(each, default=Truth.NO)
            return at_least_one if quantifier == "any" else ~at_least_one


def _of_member(
    body: All, member: Mapping[str, object], facts: Mapping[str, object], members: Members, zones: Zones
) -> Truth:
    """The body on one member: its own facts over those around it, its own inner members likewise."""
    inner = {name: value for name, value in member.items() if isinstance(value, tuple | list)}
    return truth(body, {**facts, **member}, {**members, **inner}, zones)
