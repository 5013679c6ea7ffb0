"""Tests as text: ``at most 150 EUR``, ``not one of [FR, MC]``, ``starts with 2204`` ..."""

from __future__ import annotations

import re

from engine.rulebook.literals import Literals
from engine.rulebook.nodes import Listing, Mapped, NodeT, Scalar
from engine.rulebook.problems import Problems, nearest
from engine.rulebook.tree import Op, ParamRef, Place, SetRef, Test
from engine.rulebook.vocabulary import Fact, FactType

__all__ = ["TestReader"]

ORDERED = frozenset("int decimal percent money weight length volume minutes days date".split())
# keyword -> (operator, operand shape); longest first, so that "not one of" is not read as "not".
KEYWORDS: tuple[tuple[str, Op, str], ...] = (
    ("is not applicable", Op.IS_NOT_APPLICABLE, "none"),
    ("is missing", Op.IS_MISSING, "none"),
    ("is known", Op.IS_KNOWN, "none"),
    ("contains none of", Op.CONTAINS_NONE, "many"),
    ("contains any of", Op.CONTAINS_ANY, "many"),
    ("contains all of", Op.CONTAINS_ALL, "many"),
    ("contains none", Op.CONTAINS_NONE, "many"),
    ("contains any", Op.CONTAINS_ANY, "many"),
    ("contains all", Op.CONTAINS_ALL, "many"),
    ("not one of", Op.NOT_ONE_OF, "many"),
    ("starts with", Op.STARTS_WITH, "many"),
    ("more than", Op.MORE_THAN, "one"),
    ("less than", Op.LESS_THAN, "one"),
    ("at least", Op.AT_LEAST, "one"),
    ("at most", Op.AT_MOST, "one"),
    ("in zone", Op.IN_ZONE, "zone"),
    ("between", Op.BETWEEN, "and"),
    ("one of", Op.ONE_OF, "many"),
    ("before", Op.BEFORE, "one"),
    ("after", Op.AFTER, "one"),
    ("from", Op.FROM_BELOW, "below"),
    ("not", Op.NOT, "one"),
)
_SPLIT = {"and": re.compile(r"^(.+?) and (.+)$"), "below": re.compile(r"^(.+?) to below (.+)$")}
_PLAIN = frozenset("bool code text hs int decimal percent money weight length volume minutes days date".split())
_FITS: dict[Op, frozenset[str]] = {
    Op.STARTS_WITH: frozenset({"hs", "text", "code"}),
    Op.IN_ZONE: frozenset({"place"}),
    Op.CONTAINS_ANY: frozenset({"codes"}),
    Op.CONTAINS_ALL: frozenset({"codes"}),
    Op.CONTAINS_NONE: frozenset({"codes"}),
    Op.BEFORE: frozenset({"date"}),
    Op.AFTER: frozenset({"date"}),
    **dict.fromkeys((Op.AT_LEAST, Op.AT_MOST, Op.MORE_THAN, Op.LESS_THAN, Op.BETWEEN, Op.FROM_BELOW), ORDERED),
    **dict.fromkeys((Op.IS, Op.NOT, Op.ONE_OF, Op.NOT_ONE_OF), _PLAIN),
}


class TestReader:
    """Reads what stands beside a fact into typed tests."""

    __test__ = False

    def __init__(self, problems: Problems, literals: Literals) -> None:
        self.problems = problems
        self.literals = literals

    def tests(self, fact: Fact, node: NodeT, unit: str = "") -> list[Test]:
        """The tests on one fact: a scalar, a list (all of them), or ``{operator: value}``."""
        if isinstance(node, Scalar):
            return self._one(fact, node.text, node.place, unit)
        if isinstance(node, Listing):
            return [test for item in node.items for test in self.tests(fact, item, unit)]
        found: list[Test] = []
        for key, value in node.entries:
            shape = {word: shape for word, _, shape in KEYWORDS}.get(key.text)
            if shape is None or shape == "none":
                words = [word for word, _, other in KEYWORDS if other != "none"]
                self.problems.add(
                    "test.operator", key.place, f'"{key.text}" is not a test', cure=nearest(key.text, words)
                )
            elif isinstance(value, Listing) and all(isinstance(item, Scalar) for item in value.items):
                joined = ", ".join(item.text for item in value.items if isinstance(item, Scalar))
                found += self._one(fact, f"{key.text} {joined}", value.place, unit)
            elif isinstance(value, Scalar):
                found += self._one(fact, f"{key.text} {value.text}", value.place, unit)
            else:
                self.problems.add("test.operand", value.place, f'"{key.text}" takes a value or a list of values')
        return found

    def _one(self, fact: Fact, text: str, place: Place, unit: str) -> list[Test]:
        text = text.strip()
        if not text:
            self.problems.add("test.empty", place, f"no test on {fact.name}", cure="write a value or a test")
            return []
        op, shape, rest = Op.IS, "one", text
        for word, candidate, form in KEYWORDS:
            if text == word or text.startswith(word + " "):
                op, shape, rest = candidate, form, text[len(word) :].strip()
                break
        if shape != "none" and not self._fits(fact, op, place):
            return []
        operand = self._operand(fact, op, shape, rest, place, unit)
        return [] if operand is None else [Test(fact.name, op, operand, place)]

    def _fits(self, fact: Fact, op: Op, place: Place) -> bool:
        kind = fact.type.kind
        if kind in _FITS.get(op, frozenset()):
            return True
        usable = [str(other) for other, kinds in _FITS.items() if kind in kinds]
        what = f'{fact.name} is a {kind} fact and cannot be tested with "{op}"'
        self.problems.add("test.type", place, what, cure="tests that fit: " + ", ".join(dict.fromkeys(usable)))
        return False

    def _operand(
        self, fact: Fact, op: Op, shape: str, rest: str, place: Place, unit: str
    ) -> tuple[object, ...] | None:
        if shape == "none":
            return ()
        if not rest:
            self.problems.add("test.operand", place, f'"{op}" needs something to compare with')
            return None
        if shape == "zone":
            return (rest,)
        if shape in _SPLIT:
            match = _SPLIT[shape].match(rest)
            if not match:
                form = "between A and B" if shape == "and" else "from A to below B"
                self.problems.add("test.operand", place, f'"{op} {rest}" is not a range', cure=f"write: {form}")
                return None
            low, high = (self._value(part, fact.type, place, unit) for part in match.groups())
            if low is None or high is None:
                return None
            return self._ordered(low, high, place)
        if shape == "many":
            kind = FactType("text") if op is Op.STARTS_WITH and fact.type.kind == "code" else fact.type
            return self._many(kind, rest, place, unit)
        value = self._value(rest, fact.type, place, unit)
        return None if value is None else (value,)

    def _ordered(self, low: object, high: object, place: Place) -> tuple[object, ...] | None:
        if isinstance(low, ParamRef) or isinstance(high, ParamRef) or type(low) is not type(high):
            return (low, high)
        try:
            reversed_range = high < low  # type: ignore[operator]
        except ValueError:
            self.problems.add("test.range", place, "the two bounds are in different currencies")
            return None
        if reversed_range:
            self.problems.add("test.range", place, "the range is reversed", cure="write the smaller bound first")
            return None
        return (low, high)

    def _many(self, kind: FactType, rest: str, place: Place, unit: str) -> tuple[object, ...] | None:
        if rest.startswith("set "):
            return (SetRef(rest[4:].strip()),)
        if rest.startswith("[") and rest.endswith("]"):
            rest = rest[1:-1]
        words = [word.strip() for word in rest.split(",")]
        if not all(words):
            self.problems.add("test.operand", place, "an empty word in the list", cure="remove the extra comma")
            return None
        values = [self._value(word, kind, place, unit) for word in words]
        known = tuple(value for value in values if value is not None)
        if len(set(known)) < len(known):
            self.problems.add("test.operand", place, "the list names a value twice", cure="keep one")
            return None
        return known if len(known) == len(values) else None

    def _value(self, text: str, kind: FactType, place: Place, unit: str) -> object | None:
        return self.literals.value(text, kind, place, unit)
