"""From the truth of rules to outcomes: outcomes decide, not rules.

A rule *holds*, *may hold* or *cannot hold*. It is *defeated* where a rule that
overrides it, directly or through others, holds, and *perhaps defeated* where one
may hold. What may be outcome is said by the rules still standing: those that
hold or may hold and are not defeated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain import InputError, Truth
from engine.rulebook.naive.conditions import bases
from engine.rulebook.tree import CANNOT_DETERMINE, Decision, Hit, Rule

__all__ = ["Verdict", "conclude"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is settled and what is left open.

    ``holds`` and ``may`` are rule ids on their effective condition, defeated
    ones included. ``decided``: nothing that is still unknown could change the
    outcome; then ``possible`` is empty. Undecided, ``possible`` has every
    outcome left (``unique``, ``first``), the members not certain (``collect``),
    or the lowest and highest sum, the lowest being ``certain`` (``sum``).
    ``by``: the standing rules that say any of it, in file order.
    """

    holds: frozenset[str]
    may: frozenset[str]
    certain: tuple[object, ...]
    possible: tuple[object, ...]
    decided: bool
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Standing:
    """A rule not defeated. ``sure``: it holds, and nothing may still defeat it."""

    rule: Rule
    sure: bool


def conclude(decision: Decision, truths: Mapping[str, Truth]) -> Verdict:
    """The verdict, by the decision's hit policy."""
    standing = _standing(decision, truths)
    speakers: Sequence[_Standing] = standing
    certain: list[object]
    possible: list[object]
    match decision.hit:
        case Hit.UNIQUE:
            certain, possible = _one_of([each.rule.then for each in standing], decision, truths)
        case Hit.FIRST:
            speakers = _until_sure(standing)
            certain, possible = _one_of([each.rule.then for each in speakers], decision, truths)
        case Hit.COLLECT:
            # law past the day until which it is known is never certain
            sure = [each.rule.then for each in standing if each.sure]
            certain = _distinct([then for then in sure if then != CANNOT_DETERMINE])
            possible = [
                then for then in _distinct([each.rule.then for each in standing]) if then not in certain
            ]
        case Hit.SUM if any(each.rule.then == CANNOT_DETERMINE for each in standing):
            certain, possible = [], [CANNOT_DETERMINE]
        case Hit.SUM:
            low, high = _range(standing)
            certain, possible = [low], ([] if low == high else [low, high])
    return Verdict(
        holds=frozenset(rule for rule, truth in truths.items() if truth is Truth.YES),
        may=frozenset(rule for rule, truth in truths.items() if truth is Truth.MAYBE),
        certain=tuple(certain),
        possible=tuple(possible),
        decided=not possible,
        by=tuple(each.rule.id for each in speakers),
    )


def _standing(decision: Decision, truths: Mapping[str, Truth]) -> list[_Standing]:
    """The rules that hold or may hold and are not defeated, in file order."""
    threat = dict.fromkeys(truths, Truth.NO)
    for exception in decision.rules:
        for base in bases(decision, exception):
            threat[base] = max(threat[base], truths[exception.id])
    return [
        _Standing(rule, sure=truths[rule.id] is Truth.YES and threat[rule.id] is Truth.NO)
        for rule in decision.rules
        if truths[rule.id] is not Truth.NO and threat[rule.id] is not Truth.YES
    ]


def _until_sure(standing: Sequence[_Standing]) -> Sequence[_Standing]:
    """Down to the first rule that surely speaks. One that may yet be defeated does not stop the search:
    the exception that would defeat it may stand further down."""
    for position, each in enumerate(standing):
        if each.sure:
            return standing[: position + 1]
    return standing


def _one_of(
    thens: Sequence[object], decision: Decision, truths: Mapping[str, Truth]
) -> tuple[list[object], list[object]]:
    """(certain, possible) where there is one outcome to find. ``cannot_determine`` is never certain."""
    outcomes = list(thens)
    if Truth.YES not in truths.values():
        outcomes.append(decision.otherwise)
    outcomes = sorted(_distinct(outcomes), key=repr)
    if len(outcomes) == 1 and outcomes[0] != CANNOT_DETERMINE:
        return outcomes, []
    return [], outcomes


def _range(standing: Sequence[_Standing]) -> tuple[int | Decimal, int | Decimal]:
    """The lowest and the highest sum: a rule not sure may add what it says or nothing."""
    low: int | Decimal = 0
    high: int | Decimal = 0
    for each in standing:
        amount = each.rule.then
        if isinstance(amount, bool) or not isinstance(amount, int | Decimal):
            raise InputError(f"{amount!r} cannot be summed", code="rulebook.sum", place=each.rule.id)
        low += amount if each.sure else min(amount, 0)
        high += amount if each.sure else max(amount, 0)
    return low, high


def _distinct(values: Sequence[object]) -> list[object]:
    """The values without repetition, in order; records need not be hashable."""
    kept: list[object] = []
    for value in values:
        if value not in kept:
            kept.append(value)
    return kept
