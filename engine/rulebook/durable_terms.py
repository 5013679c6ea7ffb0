"""Rule conditions in what durable-rules can say: and, or, and tests on the fields of one flat fact.

durable-rules knows no *maybe*. But a condition surely holds exactly where, with
every negation pushed down to the tests, its tests *surely* say so; and a test
on a field that a fact lacks does not match. So what is missing is left out of
the fact, and each test becomes one literal for "surely yes" and one for "surely
no". The fields of the fact ``f``, by the number of the fact name:

- ``v3`` its value: text, yes/no, or a whole number (:func:`scaled`, days for dates);
- ``n3`` whether it does not apply, ``k3`` whether it is known, ``m3`` whether missing;
- ``s3_0`` whether a set contains a code; ``z3_0`` whether it lies in a zone (the
  map's answer is taken as given); ``p3_4`` the first four letters of a text;
- ``q0`` a quantifier, put together from a verdict of durable-rules on each member.

A term is True, False, ``("and" | "or", terms)``, or a literal in durable-rules'
own JSON: ``{field: value}`` for equal, ``{"$gt": {field: value}}`` and its like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Final, TypeVar

from domain import PassavantError
from engine.rulebook.tree import All, Any, Node, NoneOf, Op, Quantified, Test

__all__ = ["CannotSay", "Names", "Term", "expression", "fields", "paths", "plain", "scaled", "term"]

T = TypeVar("T")
Literal = dict[str, object]
Term = bool | tuple[str, tuple["Term", ...]] | Literal

GRID: Final = 10**6
LARGEST: Final = 2**62
_TEXT: Final = re.compile(r"[ !#-&(-\[\]-~]+")  # printable ASCII without quotes and backslash
_PREFIX: Final = re.compile(r"[A-Za-z0-9]+")
_COMPARE: Final = {
    Op.AT_LEAST: ("$gte", "$lt"),
    Op.AT_MOST: ("$lte", "$gt"),
    Op.MORE_THAN: ("$gt", "$lte"),
    Op.AFTER: ("$gt", "$lte"),
    Op.LESS_THAN: ("$lt", "$gte"),
    Op.BEFORE: ("$lt", "$gte"),
}


class CannotSay(PassavantError):
    """durable-rules has no words for this."""

    default_code = "verify.not_expressed"


@dataclass(slots=True)
class Names:
    """Field names given out so far, and for each fact what its fields must tell."""

    facts: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    codes: dict[str, dict[object, str]] = field(default_factory=dict)
    zones: dict[str, dict[str, str]] = field(default_factory=dict)
    heads: dict[str, dict[int, str]] = field(default_factory=dict)
    quantifiers: dict[Quantified, str] = field(default_factory=dict)

    def of(self, letter: str, fact: str) -> str:
        """The field of that letter for the fact."""
        return f"{letter}{self.facts.setdefault(fact, len(self.facts))}"

    def part(self, letter: str, fact: str, table: dict[str, dict[T, str]], item: T) -> str:
        """The field for one code, zone or prefix length of the fact."""
        known = table.setdefault(fact, {})
        return known.setdefault(item, f"{self.of(letter, fact)}_{len(known)}")


def scaled(number: int | Decimal) -> int:
    """A number as durable-rules' 64-bit integer, in an order that operands up to six decimals see exactly.

    Numbers on the grid of millionths become even, all between two of them the odd number between.
    """
    exact = Fraction(number) * GRID
    whole = 2 * floor(exact) + (exact.denominator != 1)
    if abs(whole) >= LARGEST:
        raise CannotSay("a number too large for 64 bits")
    return whole


def plain(value: object) -> tuple[str, object]:
    """(kind, JSON value) of a plain value; ``CannotSay`` where durable-rules could misread it."""
    match value:
        case bool():
            return "bool", value
        case int() | Decimal():
            return "number", scaled(value)
        case date():
            return "date", value.toordinal()
        case str() if _TEXT.fullmatch(value):
            return "text", value
        case str():
            raise CannotSay("text with quotes, line ends or letters outside ASCII, or none at all")
        case _:
            raise CannotSay(f"a value of type {type(value).__name__}")


def term(node: Node, names: Names, *, surely: bool = True) -> Term:
    """The term that is true exactly where the node is surely yes (or, ``surely=False``, surely no)."""
    match node:
        case Test():
            return _of_test(node, names, surely)
        case All(parts):
            return _join("and" if surely else "or", [term(part, names, surely=surely) for part in parts])
        case Any(parts):
            return _join("or" if surely else "and", [term(part, names, surely=surely) for part in parts])
        case NoneOf(parts):
            return _join("and" if surely else "or", [term(part, names, surely=not surely) for part in parts])
        case Quantified():
            return {names.quantifiers.setdefault(node, f"q{len(names.quantifiers)}"): surely}


def _join(how: str, parts: Sequence[Term]) -> Term:
    """The parts with constants and blocks of the same kind dissolved, and repetitions dropped."""
    decides = how == "or"
    kept: list[Term] = []
    for part in parts:
        for each in part[1] if isinstance(part, tuple) and part[0] == how else (part,):
            if each is decides:
                return decides
            if not isinstance(each, bool) and each not in kept:
                kept.append(each)
    if not kept:
        return not decides
    return kept[0] if len(kept) == 1 else (how, tuple(kept))


def _of_test(test: Test, names: Names, surely: bool) -> Term:
    match test.op:
        case Op.IS_KNOWN:
            return {names.of("k", test.fact): surely}
        case Op.IS_MISSING:
            return {names.of("m", test.fact): surely}
        case Op.IS_NOT_APPLICABLE:
            return {names.of("n", test.fact): surely}
        case _ if surely:
            return _of_value(test, names, True)
        case _:
            # Where a fact does not apply, every test of its value is surely no.
            return _join("or", [_of_value(test, names, False), {names.of("n", test.fact): True}])


def _of_value(test: Test, names: Names, surely: bool) -> Term:
    """What the value must be for the test to say yes (or no)."""
    values = test.operand
    match test.op:
        case Op.IS | Op.ONE_OF:
            return _equal(test, names, surely)
        case Op.NOT | Op.NOT_ONE_OF:
            return _equal(test, names, not surely)
        case Op.BETWEEN:
            ends = [(Op.AT_LEAST, values[0]), (Op.AT_MOST, values[1])]
            return _join("and" if surely else "or", [_compare(test, names, *end, surely) for end in ends])
        case Op.FROM_BELOW:
            ends = [(Op.AT_LEAST, values[0]), (Op.LESS_THAN, values[1])]
            return _join("and" if surely else "or", [_compare(test, names, *end, surely) for end in ends])
        case Op.STARTS_WITH:
            return _join("or" if surely else "and", [_head(test, names, item, surely) for item in values])
        case Op.CONTAINS_ANY | Op.CONTAINS_ALL | Op.CONTAINS_NONE:
            there = surely == (test.op is not Op.CONTAINS_NONE)
            one_is_enough = there != (test.op is Op.CONTAINS_ALL)
            _kind(test, names, "set")
            inside: list[Term] = [{names.part("s", test.fact, names.codes, code): there} for code in values]
            return _join("or" if one_is_enough else "and", inside)
        case Op.IN_ZONE:
            return {names.part("z", test.fact, names.zones, str(values[0])): surely}
        case _:
            return _compare(test, names, test.op, values[0], surely)


def _kind(test: Test, names: Names, kind: str) -> None:
    if names.kinds.setdefault(test.fact, kind) != kind:
        raise CannotSay(f"{test.fact} is tested both as {names.kinds[test.fact]} and as {kind}")


def _operand(test: Test, names: Names, item: object) -> object:
    kind, value = plain(item)
    if kind == "number" and isinstance(value, int) and value % 2:
        raise CannotSay("an operand of more than six decimals")
    _kind(test, names, kind)
    return value


def _equal(test: Test, names: Names, equal: bool) -> Term:
    name = names.of("v", test.fact)
    values = [_operand(test, names, item) for item in test.operand]
    if equal:
        return _join("or", [{name: value} for value in values])
    if not values:
        return {names.of("n", test.fact): False}
    return _join("and", [{"$neq": {name: value}} for value in values])


def _compare(test: Test, names: Names, op: Op, item: object, surely: bool) -> Term:
    sign = _COMPARE[op][0 if surely else 1]
    return {sign: {names.of("v", test.fact): _operand(test, names, item)}}


def _head(test: Test, names: Names, item: object, starts: bool) -> Term:
    """Yes by durable-rules' own text matching; for no, which it cannot say, by comparing the head."""
    prefix = str(item)
    if not _PREFIX.fullmatch(prefix):
        raise CannotSay("a prefix with other than letters and digits")
    _kind(test, names, "text")
    if starts:
        return {"$mt": {names.of("v", test.fact): f"{prefix}.*"}}
    return {"$neq": {names.part("p", test.fact, names.heads, len(prefix)): prefix}}


def expression(each: Term) -> object:
    """The JSON that durable-rules reads."""
    if isinstance(each, tuple):
        return {f"${each[0]}": [expression(part) for part in each[1]]}
    return each


def paths(each: Term) -> int:
    """Into how many chains of tests durable-rules will unfold the term."""
    if not isinstance(each, tuple):
        return 1
    counts = [paths(part) for part in each[1]]
    if each[0] == "or":
        return sum(counts)
    product = 1
    for count in counts:
        product *= count
    return product


def fields(each: Term) -> Iterator[str]:
    """The fields that the term reads."""
    if isinstance(each, tuple):
        for part in each[1]:
            yield from fields(part)
    elif isinstance(each, dict):
        [(name, value)] = each.items()
        yield next(iter(value)) if isinstance(value, dict) else name
