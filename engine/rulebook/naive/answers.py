"""One test on one fact: yes, no, or maybe.

The page to read beside "Missing, partly known, not applicable" of the rule
language. What is known decides which of four readings applies:

- *missing*: every test is MAYBE, but ``is missing`` YES and ``is known`` NO;
- *not applicable*: every test is NO (``not x`` too), but ``is not applicable``
  and ``is known`` YES;
- *partly known*: YES or NO only where every completion says so. It counts as
  neither known nor missing, so ``is known`` and ``is missing`` are both NO, and
  a partly known fact does apply, so ``is not applicable`` is NO;
- *a value*: the plain meaning, and ``is known`` YES, the other two NO.

Numbers are dense here: of the whole numbers between 1 and 2, ``is 1`` is MAYBE
and ``not one of 1, 2`` is MAYBE as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from domain import NOT_APPLICABLE, Choice, InputError, Interval, NotApplicable, Prefix, Truth
from engine.rulebook.naive.values import accepts, kind_of
from engine.rulebook.tree import Op, ParamRef, SetRef, Test

__all__ = ["Zones", "answer", "unknown_zones"]

Zones = Callable[[str, object], Truth]

NO, MAYBE, YES = Truth.NO, Truth.MAYBE, Truth.YES
MISSING: Final = object()


def unknown_zones(zone: str, value: object) -> Truth:  # noqa: ARG001 - the shape of every zone test
    """The zone test of somebody who has no map."""
    return MAYBE


def answer(test: Test, facts: Mapping[str, object], zones: Zones) -> Truth:
    """What the test says of the fact it names."""
    for item in test.operand:
        if isinstance(item, ParamRef | SetRef):
            raise InputError(
                f"{item.id!r} is not resolved",
                code="rulebook.unresolved",
                place=str(test.place or test.fact),
                cure="resolve sets and params for an epoch before matching",
            )
    known = facts.get(test.fact, MISSING)
    if known is None:
        raise InputError(
            "None is not a value of a fact",
            code="rulebook.fact_none",
            place=test.fact,
            cure="leave a missing fact out, or say NOT_APPLICABLE",
        )
    if known is MISSING:
        return _of_missing(test.op)
    if isinstance(known, NotApplicable):
        return _yes(test.op in (Op.IS_NOT_APPLICABLE, Op.IS_KNOWN))
    if isinstance(known, Choice | Prefix | Interval):
        if test.op in (Op.IS_KNOWN, Op.IS_MISSING, Op.IS_NOT_APPLICABLE):
            return NO
        return _of_partial(test, known, zones)
    if test.op in (Op.IS_MISSING, Op.IS_NOT_APPLICABLE):
        return NO
    if test.op is Op.IS_KNOWN:
        return YES
    return _of_value(test, known, zones)


def _yes(holds: bool) -> Truth:
    return YES if holds else NO


def _of_missing(op: Op) -> Truth:
    if op is Op.IS_MISSING:
        return YES
    if op is Op.IS_KNOWN:
        return NO
    return MAYBE


def _of_value(test: Test, value: object, zones: Zones) -> Truth:
    if test.op is Op.IN_ZONE:
        return zones(str(test.operand[0]), value)
    return _yes(accepts(test, value))


def _of_partial(test: Test, known: Choice | Prefix | Interval, zones: Zones) -> Truth:
    if isinstance(known, Choice):
        return _agreed({_of_value(test, value, zones) for value in _members(test, known)})
    if test.op is Op.IN_ZONE:
        return zones(str(test.operand[0]), known)
    if isinstance(known, Prefix):
        return _of_prefix(test, known.text)
    return _of_interval(test, known)


def _members(test: Test, known: Choice) -> frozenset[object]:
    if not known.values or NOT_APPLICABLE in known.values:
        raise InputError(
            "a choice is between one or more values", code="rulebook.fact_choice", place=test.fact
        )
    return known.values


def _agreed(answers: set[Truth]) -> Truth:
    """The one answer all completions give, or MAYBE."""
    return answers.pop() if len(answers) == 1 else MAYBE


def _of_prefix(test: Test, text: str) -> Truth:
    """Any text that starts with ``text``, itself included: there is always one more of them."""
    match test.op:
        case Op.IS | Op.ONE_OF:
            return MAYBE if any(_text(test, item).startswith(text) for item in test.operand) else NO
        case Op.NOT | Op.NOT_ONE_OF:
            return MAYBE if any(_text(test, item).startswith(text) for item in test.operand) else YES
        case Op.STARTS_WITH:
            prefixes = [_text(test, item) for item in test.operand]
            if any(text.startswith(prefix) for prefix in prefixes):
                return YES
            return MAYBE if any(prefix.startswith(text) for prefix in prefixes) else NO
        case _:
            raise InputError(f"{test.op} asks nothing of text", code="rulebook.fact_type", place=test.fact)


def _text(test: Test, item: object) -> str:
    if not isinstance(item, str):
        raise InputError(f"{item!r} is no text", code="rulebook.fact_type", place=test.fact)
    return item


def _of_interval(test: Test, known: Interval) -> Truth:
    """Anything between the bounds, both included; densely, so only the ends are looked at."""
    low, high = known.low, known.high
    if low is not None and high is not None:
        if _above(low, high):
            raise InputError(f"{low} to {high} is reversed", code="rulebook.fact_interval", place=test.fact)
        if low == high:
            return _yes(accepts(test, low))
    value = test.operand[0] if test.operand else None
    match test.op:
        case Op.IS | Op.ONE_OF:
            return MAYBE if any(_inside(item, low, high) for item in test.operand) else NO
        case Op.NOT | Op.NOT_ONE_OF:
            return MAYBE if any(_inside(item, low, high) for item in test.operand) else YES
        case Op.AT_LEAST:
            return _at_least(value, low, high)
        case Op.LESS_THAN | Op.BEFORE:
            return ~_at_least(value, low, high)
        case Op.MORE_THAN | Op.AFTER:
            return _more_than(value, low, high)
        case Op.AT_MOST:
            return ~_more_than(value, low, high)
        case Op.BETWEEN:
            first, last = test.operand
            if _above(first, last):
                return NO
            return min(_at_least(first, low, high), ~_more_than(last, low, high))
        case Op.FROM_BELOW:
            first, end = test.operand
            if not _above(end, first):
                return NO
            return min(_at_least(first, low, high), ~_at_least(end, low, high))
        case _:
            raise InputError(
                f"{test.op} asks nothing of an interval", code="rulebook.fact_type", place=test.fact
            )


def _at_least(value: object, low: object | None, high: object | None) -> Truth:
    """Whether everything, nothing or something from low to high is at least the value."""
    if low is not None and not _above(value, low):
        return YES
    if high is not None and _above(value, high):
        return NO
    return MAYBE


def _more_than(value: object, low: object | None, high: object | None) -> Truth:
    """Whether everything, nothing or something from low to high is above the value."""
    if low is not None and _above(low, value):
        return YES
    if high is not None and not _above(high, value):
        return NO
    return MAYBE


def _inside(value: object, low: object | None, high: object | None) -> bool:
    return (low is None or not _above(low, value)) and (high is None or not _above(value, high))


def _above(one: object, other: object) -> bool:
    """Whether one is greater, both being numbers or both dates."""
    kind = kind_of(one)
    if kind not in ("number", "date") or kind_of(other) != kind:
        raise InputError(f"{one!r} and {other!r} have no order", code="rulebook.fact_type")
    return bool(one > other)  # type: ignore[operator] # kind_of has shown both are numbers or dates
