"""Tests as text: ``at most 150 EUR``, ``not one of [FR, MC]``, ``starts with 2204`` ..."""

from __future__ import annotations

import re
from difflib import get_close_matches

from engine.rulebook.literals import KIND_NAMES, Literals
from engine.rulebook.nodes import Listing, NodeT, Scalar
from engine.rulebook.problems import Problems, nearest
from engine.rulebook.tree import Op, ParamRef, Place, SetRef, Test
from engine.rulebook.vocabulary import Fact, FactType

__all__ = ["TestReader"]

ORDERED = frozenset(
    ["int", "decimal", "percent", "money", "weight", "length", "volume", "minutes", "days", "date"]
)
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
_PLAIN = frozenset(
    [
        "bool",
        "code",
        "text",
        "hs",
        "int",
        "decimal",
        "percent",
        "money",
        "weight",
        "length",
        "volume",
        "minutes",
        "days",
        "date",
    ]
)
_FITS: dict[Op, frozenset[str]] = {
    Op.STARTS_WITH: frozenset({"hs", "text", "code"}),
    Op.IN_ZONE: frozenset({"place"}),
    Op.CONTAINS_ANY: frozenset({"codes"}),
    Op.CONTAINS_ALL: frozenset({"codes"}),
    Op.CONTAINS_NONE: frozenset({"codes"}),
    Op.BEFORE: frozenset({"date"}),
    Op.AFTER: frozenset({"date"}),
    **dict.fromkeys(
        (Op.AT_LEAST, Op.AT_MOST, Op.MORE_THAN, Op.LESS_THAN, Op.BETWEEN, Op.FROM_BELOW), ORDERED
    ),
    **dict.fromkeys((Op.IS, Op.NOT, Op.ONE_OF, Op.NOT_ONE_OF), _PLAIN),
}
# What other languages say, and what is said here ("": the value alone).
_FOREIGN = {
    ">=": "at least",
    "<=": "at most",
    "!=": "not",
    "<>": "not",
    "==": "",
    "=": "",
    ">": "more than",
    "<": "less than",
    "is not": "not",
    "not in": "not one of",
    "in": "one of",
    "is": "",
    "equals": "",
    "greater than": "more than",
    "over": "more than",
    "above": "more than",
    "under": "less than",
    "below": "less than",
    "up to": "at most",
    "since": "at least",
    "until": "before",
}
_FORMS = {"and": "between A and B", "below": "from A to below B"}
_SQUEEZED = {word.replace(" ", ""): word for word, _, shape in KEYWORDS if shape != "none"}


class TestReader:
    """Reads what stands beside a fact into typed tests."""

    __test__ = False

    def __init__(self, problems: Problems, literals: Literals) -> None:
        self.problems = problems
        self.literals = literals

    def tests(self, fact: Fact, node: NodeT) -> list[Test]:
        """The tests on one fact: a scalar, a list (all of them), or ``{operator: value}``."""
        if isinstance(node, Scalar):
            return self._one(fact, node)
        if isinstance(node, Listing):
            found = [test for item in node.items for test in self.tests(fact, item)]
            return found if self._can_all_hold(found, node) else []
        return [test for key, value in node.entries for test in self._keyed(fact, key, value)]

    def _keyed(self, fact: Fact, key: Scalar, value: NodeT) -> list[Test]:
        """``{at most: 30 kg}`` or ``{one of: [FR, MC]}``."""
        found = next(
            ((op, shape) for word, op, shape in KEYWORDS if word == key.text and shape != "none"), None
        )
        if found is None:
            meant = _FOREIGN.get(key.text)
            words = [word for word, _, shape in KEYWORDS if shape != "none"]
            cure = f'write "{meant}"' if meant else nearest(key.text, words)
            self.problems.add("test.operator", key.place, f'"{key.text}" is not a test', cure=cure)
            return []
        op, shape = found
        if isinstance(value, Scalar):
            return self._test(fact, op, shape, value.text.strip(), value)
        words_given = value.items if isinstance(value, Listing) else ()
        scalars = [item for item in words_given if isinstance(item, Scalar)]
        if shape != "many" or not scalars or len(scalars) < len(words_given):
            many = "a value or a list of values" if shape == "many" else "one value"
            cure = f"write {key.text}: and {many}"
            self.problems.add("test.operand", value.place, f'"{key.text}" takes {many}', cure=cure)
            return []
        if not self._fits(fact, op, value.place):
            return []
        operand = self._many(_kind(fact, op), scalars, value.place)
        return [] if operand is None else [Test(fact.name, op, operand, value.place)]

    def _can_all_hold(self, found: list[Test], node: Listing) -> bool:
        if len(found) < 2 or any(test.op is not Op.IS for test in found):
            return True
        values = [item.text for item in node.items if isinstance(item, Scalar)]
        self.problems.add(
            "test.list",
            node.place,
            f"no value is {' and '.join(values)} at once",
            why="a list of tests on one fact means that all of them hold",
            cure=f'write "one of [{", ".join(values)}]"',
        )
        return False

    def _one(self, fact: Fact, node: Scalar) -> list[Test]:
        text = node.text.strip()
        if not text:
            self.problems.add(
                "test.empty", node.place, f"no test on {fact.name}", cure="write a value or a test"
            )
            return []
        for word, op, shape in KEYWORDS:
            if text == word or text.startswith(word + " "):
                rest = text[len(word) :].strip()
                if shape == "none" and rest:
                    cure = f'write "{op}" alone; further tests stand in a list'
                    self.problems.add(
                        "test.operand", node.at(rest), f'"{op}" compares with nothing', cure=cure
                    )
                    return []
                return [] if self._foreign(fact, text, node) else self._test(fact, op, shape, rest, node)
        return [] if self._foreign(fact, text, node) else self._test(fact, Op.IS, "one", text, node)

    def _foreign(self, fact: Fact, text: str, node: Scalar) -> bool:
        """Note a test that is misspelt or written as in another language."""
        words = text.split()
        valid = self.literals.codes_of(fact.type)
        if any(text == word or text.startswith(word + " ") for word, _, _ in KEYWORDS) and words[:2] != [
            "not",
            "in",
        ]:
            return False
        if valid is not None and text in valid:
            return False
        is_open = fact.type.kind in ("text", "code", "codes") and valid is None
        for length in (2, 1):
            written = " ".join(words[:length])
            symbol = re.match(r"[<>=!]+", text)
            written = symbol[0] if symbol else written
            rest = text[len(written) :].strip()
            if written in _FOREIGN and rest and (symbol or not is_open or rest.startswith("[")):
                self._not_a_test(node, written, f"{_FOREIGN[written]} {rest}".strip())
                return True
        for length in (3, 2, 1):
            squeezed = "".join(words[:length]).casefold()
            close = get_close_matches(squeezed, _SQUEEZED, n=1, cutoff=0.8) if len(words) > length else []
            if close:
                rest = " ".join(words[length:])
                self._not_a_test(node, " ".join(words[:length]), f"{_SQUEEZED[close[0]]} {rest}")
                return True
        return False

    def _not_a_test(self, node: Scalar, written: str, meant: str) -> None:
        self.problems.add("test.operator", node.place, f'"{written}" is not a test', cure=f'write "{meant}"')

    def _test(self, fact: Fact, op: Op, shape: str, rest: str, node: Scalar) -> list[Test]:
        if shape == "none":
            return [Test(fact.name, op, (), node.place)]
        if not self._fits(fact, op, node.place):
            return []
        if not rest:
            what, cure = f'"{op}" needs something to compare with', "write a value behind it"
            self.problems.add("test.operand", node.place, what, cure=cure)
            return []
        operand = self._operand(fact, op, shape, rest, node)
        return [] if operand is None else [Test(fact.name, op, operand, node.place)]

    def _fits(self, fact: Fact, op: Op, place: Place) -> bool:
        kind = fact.type.kind
        if kind in _FITS.get(op, frozenset()):
            return True
        usable = [
            "a value alone" if other is Op.IS else str(other)
            for other, kinds in _FITS.items()
            if kind in kinds
        ]
        if op is Op.IS:
            what = f"{fact.name} {KIND_NAMES[kind]} and cannot be compared with one value"
        else:
            what = f'{fact.name} {KIND_NAMES[kind]} and cannot be tested with "{op}"'
        self.problems.add("test.type", place, what, cure="tests that fit: " + ", ".join(usable))
        return False

    def _operand(self, fact: Fact, op: Op, shape: str, rest: str, node: Scalar) -> tuple[object, ...] | None:
        if shape == "zone":
            return (rest,)
        if shape in _SPLIT:
            match = _SPLIT[shape].match(rest)
            if not match:
                word = "between" if shape == "and" else "from"
                what = f'"{word} {rest}" is not a range'
                self.problems.add("test.operand", node.place, what, cure=f"write: {_FORMS[shape]}")
                return None
            low, high = (self._value(part, fact.type, node.at(part)) for part in match.groups())
            return None if low is None or high is None else self._ordered(low, high, node.place)
        if shape == "many":
            if rest.startswith("set "):
                return (SetRef(rest[4:].strip()),)
            inner = rest[1:-1] if rest.startswith("[") and rest.endswith("]") else rest
            words = [Scalar(word.strip(), node.at(word.strip())) for word in inner.split(",")]
            return self._many(_kind(fact, op), words, node.place)
        value = self._value(rest, fact.type, node.at(rest))
        return None if value is None else (value,)

    def _ordered(self, low: object, high: object, place: Place) -> tuple[object, ...] | None:
        if isinstance(low, ParamRef) or isinstance(high, ParamRef):
            return (low, high)
        try:
            reversed_range = high < low  # type: ignore[operator]
        except ValueError:
            cure = "give both in one currency"
            self.problems.add("test.range", place, "the two bounds are in different currencies", cure=cure)
            return None
        if reversed_range:
            self.problems.add(
                "test.range", place, "the range is reversed", cure="write the smaller bound first"
            )
            return None
        return (low, high)

    def _many(self, kind: FactType, words: list[Scalar], place: Place) -> tuple[object, ...] | None:
        if not all(word.text for word in words):
            self.problems.add(
                "test.operand", place, "an empty word in the list", cure="remove the extra comma"
            )
            return None
        values = [self._value(word.text, kind, word.place) for word in words]
        if any(value is None for value in values):
            return None
        if len(set(values)) < len(values):
            twice = next(word for word, value in zip(words, values, strict=True) if values.count(value) > 1)
            self.problems.add(
                "test.operand", twice.place, f'the list names "{twice.text}" twice', cure="keep one"
            )
            return None
        return tuple(values)

    def _value(self, text: str, kind: FactType, place: Place) -> object | None:
        bare = text.strip("\"'")
        if bare != text:
            self.problems.add(
                "test.quoted",
                place,
                f"{text} stands in quotation marks inside a test",
                why="every word of a test is text already; the marks would be part of it",
                cure=f"write {bare}",
            )
            return None
        if text.startswith("set "):
            self.problems.add(
                "test.set",
                place,
                f'"{text}" is a set, not a value',
                why="a set stands alone behind its test",
                cure=f'write "one of {text}", "not one of {text}" or "contains any {text}"',
            )
            return None
        return self.literals.value(text, kind, place)


def _kind(fact: Fact, op: Op) -> FactType:
    """The type of the operand: the beginning of a code is no code."""
    return FactType("text") if op is Op.STARTS_WITH and fact.type.kind == "code" else fact.type
