"""Made-up decisions and cases of every shape the rule language allows.

One set of builders, two sources of chance: a seeded ``random.Random`` for long
runs (:func:`generate`), and hypothesis for tests that shrink (``strategies``).
Values are drawn near the operands, so bounds are met and not only passed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol, TypeVar

from domain import NOT_APPLICABLE, Choice, Interval, Prefix, Truth
from engine.rulebook.tree import (
    CANNOT_DETERMINE,
    All,
    Any,
    Decision,
    Hit,
    Node,
    NoneOf,
    Op,
    Quantified,
    Rule,
    Test,
    Yields,
)

T = TypeVar("T")
Facts = dict[str, object]
Members = dict[str, tuple[Facts, ...]]
Case = tuple[Decision, Facts, Members]


class Dice(Protocol):
    """A source of chance. The first of a sequence and the lowest number are what shrinking aims at."""

    def pick(self, options: Sequence[T]) -> T: ...
    def number(self, low: int, high: int) -> int: ...
    def chance(self, percent: int) -> bool: ...


class Seeded:
    """Chance from ``random.Random``: fast, and the same again for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def pick(self, options: Sequence[T]) -> T:
        return options[int(self._random.random() * len(options))]

    def number(self, low: int, high: int) -> int:
        return low + int(self._random.random() * (high - low + 1))

    def chance(self, percent: int) -> bool:
        return self._random.random() * 100 < percent


@dataclass(frozen=True, slots=True)
class Shape:
    """How big and how strange. Percentages are chances; ``tiny`` keeps to facts with few values."""

    rules: tuple[int, int] = (0, 7)
    parts: int = 3
    depth: int = 3
    hits: tuple[Hit, ...] = (Hit.UNIQUE, Hit.COLLECT, Hit.SUM, Hit.FIRST)
    overrides: int = 40
    quantifiers: bool = True
    nested_quantifiers: bool = False
    about_input: int = 0
    missing: int = 15
    not_applicable: int = 8
    partial: int = 17
    unknown_members: int = 10
    tiny: bool = False


PLAIN = Shape()
TINY = Shape(rules=(0, 4), parts=2, depth=2, tiny=True)
KNOWN = Shape(missing=0, not_applicable=0, partial=0, unknown_members=0)

# ---------------------------------------------------------------- vocabulary

CODES: Mapping[str, tuple[str, ...]] = {
    "sale.kind": ("one", "two", "three"),
    "line.origin": ("aa", "bb", "cc"),
}
TEXTS = ("8418", "84", "841810", "84181020", "8419", "9401", "940161", "61")
LABELS = ("fragile", "food", "lithium")
PLACES = ("p1", "p2", "q1", "q2")
ZONES: Mapping[str, frozenset[str]] = {
    "near": frozenset({"p1", "p2"}),
    "far": frozenset({"p2", "q1", "q2"}),
    "empty": frozenset(),
}
_DAY = date(2026, 7, 1)

KINDS: Mapping[str, str] = {
    "buyer.checked": "bool",
    "sale.kind": "code",
    "goods.count": "int",
    "goods.hs_code": "text",
    "goods.labels": "set",
    "goods.value": "decimal",
    "ship.day": "date",
    "ship.place": "place",
    "line.gift": "bool",
    "line.origin": "code",
    "line.weight": "int",
    "line.hs_code": "text",
    "line.labels": "set",
    "line.value": "decimal",
    "parcel.weight": "int",
    "parcel.sealed": "bool",
}
SCOPES: Mapping[str, tuple[str, ...]] = {
    "order": tuple(name for name in KINDS if name.partition(".")[0] not in ("line", "parcel")),
    "line": tuple(name for name in KINDS if name.startswith("line.")),
    "parcel": tuple(name for name in KINDS if name.startswith("parcel.")),
}
SMALL_KINDS = frozenset({"bool", "code", "int", "place"})


def zones(zone: str, value: object) -> Truth:
    """Which of the made-up places lie in which made-up zone, for codes whole and partly known."""
    if isinstance(value, Choice):
        places = [str(place) for place in value.values]
    elif isinstance(value, Prefix):
        return Truth.MAYBE
    else:
        places = [str(value)]
    inside = [place in ZONES[zone] for place in places]
    return Truth.YES if all(inside) else Truth.MAYBE if any(inside) else Truth.NO


def domain_of(fact: str) -> tuple[object, ...]:
    """The values that a fact of this made-up vocabulary takes, the plainest first."""
    match KINDS[fact]:
        case "bool":
            return (False, True)
        case "code":
            return CODES[fact]
        case "int":
            return (0, 1, 2, 3, 4)
        case "decimal":
            return tuple(Decimal(text) for text in ("0", "149.99", "150", "150.005", "150.01", "300"))
        case "date":
            return tuple(_DAY + timedelta(days=days) for days in (-1, 0, 1, 365))
        case "text":
            return TEXTS
        case "set":
            return tuple(
                frozenset(label for bit, label in enumerate(LABELS) if number >> bit & 1)
                for number in range(2 ** len(LABELS))
            )
        case _:
            return PLACES


# ---------------------------------------------------------------- decisions

_EQUAL = (Op.IS, Op.ONE_OF, Op.NOT, Op.NOT_ONE_OF)
_ORDER = (Op.AT_LEAST, Op.AT_MOST, Op.MORE_THAN, Op.LESS_THAN, Op.BETWEEN, Op.FROM_BELOW)
_OPS: Mapping[str, tuple[Op, ...]] = {
    "bool": (Op.IS, Op.NOT),
    "code": _EQUAL,
    "int": _EQUAL + _ORDER,
    "decimal": _EQUAL + _ORDER,
    "date": (*_EQUAL, *_ORDER, Op.BEFORE, Op.AFTER),
    "text": (*_EQUAL, Op.STARTS_WITH),
    "set": (Op.CONTAINS_ANY, Op.CONTAINS_ALL, Op.CONTAINS_NONE),
    "place": (*_EQUAL, Op.IN_ZONE),
}
_SEVERAL = (Op.ONE_OF, Op.NOT_ONE_OF, Op.STARTS_WITH, Op.CONTAINS_ANY, Op.CONTAINS_ALL, Op.CONTAINS_NONE)


def build_test(dice: Dice, facts: Sequence[str], *, about_input: bool = False) -> Test:
    """A test on one of the facts, with an operand of its type."""
    fact = dice.pick(facts)
    if about_input and dice.chance(30):
        return Test(fact, dice.pick((Op.IS_KNOWN, Op.IS_MISSING)))
    if dice.chance(8):
        return Test(fact, Op.IS_NOT_APPLICABLE)
    op = dice.pick(_OPS[KINDS[fact]])
    if op is Op.IN_ZONE:
        return Test(fact, op, (dice.pick(tuple(ZONES)),))
    values: tuple[object, ...] = LABELS if KINDS[fact] == "set" else domain_of(fact)
    if op in (Op.BETWEEN, Op.FROM_BELOW):
        low = dice.number(0, len(values) - 2)
        high = dice.number(low + (op is Op.FROM_BELOW), len(values) - 1)
        return Test(fact, op, (values[low], values[high]))
    count = dice.number(1, 3) if op in _SEVERAL else 1
    operand = dict.fromkeys(dice.pick(values) for _ in range(count))
    return Test(fact, op, tuple(operand))


@dataclass(frozen=True, slots=True)
class _Room:
    """What a condition may speak of where it stands."""

    facts: tuple[str, ...]
    inner: tuple[str, ...]
    about_input: bool


def build_all(dice: Dice, shape: Shape, room: _Room, depth: int) -> All:
    """A condition as rules have it."""
    return All(_parts(dice, shape, room, depth))


def _parts(dice: Dice, shape: Shape, room: _Room, depth: int) -> tuple[Node, ...]:
    """Seldom nothing at all: the empty block has a meaning, too."""
    count = 0 if dice.chance(5) else dice.number(1, shape.parts)
    return tuple(build_node(dice, shape, room, depth) for _ in range(count))


def build_node(dice: Dice, shape: Shape, room: _Room, depth: int) -> Node:
    """A test, or while depth lasts a block or quantifier."""
    kind = dice.pick(("test", "test", "test", "all", "any", "none", "member")) if depth else "test"
    if kind == "member" and room.inner:
        scope = dice.pick(room.inner)
        inner = tuple(each for each in room.inner if each != scope) if shape.nested_quantifiers else ()
        # Mostly about the member; now and then the body reads what lies around it, too.
        around = room.facts if dice.chance(25) else ()
        within = _Room(_known(shape, SCOPES[scope]) + around, inner, room.about_input)
        return Quantified(dice.pick(("any", "every", "no")), scope, build_all(dice, shape, within, depth - 1))
    parts = _parts(dice, shape, room, depth - 1) if depth else ()
    match kind:
        case "all":
            return All(parts)
        case "any":
            return Any(parts)
        case "none":
            return NoneOf(parts)
        case _:
            return build_test(dice, room.facts, about_input=room.about_input)


def _known(shape: Shape, facts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(fact for fact in facts if not shape.tiny or KINDS[fact] in SMALL_KINDS)


_OUTCOMES = ("home", "shop", "locker")


def _then(dice: Dice, hit: Hit, decimals: bool) -> object:
    if hit is Hit.SUM:
        return Decimal(dice.number(-300, 500)).scaleb(-2) if decimals else dice.number(-3, 5)
    return dice.pick(_OUTCOMES)


def build_decision(dice: Dice, shape: Shape = PLAIN) -> Decision:
    """A resolved decision: rules all alive, exceptions in any place of the file, never in a circle."""
    hit = dice.pick(shape.hits)
    decimals = hit is Hit.SUM and dice.chance(50)
    about_input = dice.chance(shape.about_input)
    inner = ("line", "parcel") if shape.quantifiers else ()
    room = _Room(_known(shape, SCOPES["order"]), inner, about_input)
    rules: list[Rule] = []
    for number in range(dice.number(*shape.rules)):
        base = dice.pick(rules).id if rules and dice.chance(shape.overrides) else None
        when = build_all(dice, shape, room, shape.depth - 1)
        rule = Rule(f"rule-{number}", "made.up", when, _then(dice, hit, decimals), overrides=base)
        rules.insert(dice.number(0, len(rules)), rule)
    return Decision(
        id="made.up",
        per="order",
        yields=Yields("decimal" if decimals else "int" if hit is Hit.SUM else "code"),
        dated_by="ship.day",
        hit=hit,
        otherwise=_otherwise(dice, hit),
        rules=tuple(rules),
        about_input=about_input,
        reason="in order of the file" if hit is Hit.FIRST else "",
    )


def _otherwise(dice: Dice, hit: Hit) -> object:
    match hit:
        case Hit.SUM:
            return 0
        case Hit.COLLECT:
            return ()
        case _:
            return dice.pick((*_OUTCOMES, CANNOT_DETERMINE))


# ---------------------------------------------------------------- cases


def build_case(dice: Dice, shape: Shape = PLAIN) -> tuple[Facts, Members]:
    """What is known of an order and of its lines and parcels: values, parts, nothing, not applicable."""
    facts = _facts(dice, shape, "order")
    members: Members = {}
    for scope in ("line", "parcel"):
        if not dice.chance(shape.unknown_members):
            members[scope] = tuple(_facts(dice, shape, scope) for _ in range(dice.number(0, 3)))
    return facts, members


def _facts(dice: Dice, shape: Shape, scope: str) -> Facts:
    facts: Facts = {}
    for fact in _known(shape, SCOPES[scope]):
        roll = dice.number(0, 99)
        if roll < shape.missing:
            continue
        if roll < shape.missing + shape.not_applicable:
            facts[fact] = NOT_APPLICABLE
        elif roll < shape.missing + shape.not_applicable + shape.partial:
            facts[fact] = build_partial(dice, fact)
        else:
            facts[fact] = dice.pick(domain_of(fact))
    return facts


def build_partial(dice: Dice, fact: str) -> object:
    """Part of the fact: a prefix of text, a few of the values, bounds of what has an order."""
    kind, values = KINDS[fact], domain_of(fact)
    if kind == "text" and dice.chance(70):
        return Prefix(dice.pick(TEXTS)[: dice.number(1, 8)])
    if kind in ("int", "decimal", "date") and dice.chance(70):
        low = dice.number(0, len(values) - 1)
        high = dice.number(low, len(values) - 1)
        return Interval(
            None if dice.chance(15) else values[low],
            None if dice.chance(15) else values[high],
        )
    return Choice(frozenset(dice.pick(values) for _ in range(dice.number(1, 3))))


def generate(seed: int, n: int, shape: Shape = PLAIN, cases_each: int = 4) -> Iterator[Case]:
    """``n`` cases, ``cases_each`` for one decision in a row (the same object), the same for the same seed."""
    dice = Seeded(seed)
    decision = build_decision(dice, shape)
    for number in range(n):
        if number % cases_each == 0 and number:
            decision = build_decision(dice, shape)
        facts, members = build_case(dice, shape)
        yield decision, facts, members
