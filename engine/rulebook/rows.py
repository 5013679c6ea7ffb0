"""Conditions as rows: a rule holds if one of its rows does, a row if all its literals do.

Blocks are multiplied out and negations pushed into literals. Both steps keep
Kleene's three-valued meaning (it is a distributive De Morgan lattice), so a row
may hold exactly when the block it came from may.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

from domain import NOT_APPLICABLE, Choice, Interval, Prefix, Truth
from engine.rulebook.region import NOTHING, Region, above, below, point, span
from engine.rulebook.tree import All, Any, Node, NoneOf, Op, Rule, Test
from engine.rulebook.zones import Zone

__all__ = ["MISSING", "Column", "Literal", "Row", "RowLimit", "SetTest", "rows_of", "rule_rows", "truth"]

MAX_ROWS = 512


class _Missing:
    __slots__ = ()

    def __repr__(self) -> str:
        return "MISSING"


MISSING = _Missing()
TRUE, FALSE = point(True), point(False)

# A column is what a literal looks at: ("value", fact), ("set", fact), ("zone", fact, zone), ("status", fact)
# or ("any", scope, rows of the body). For proofs sets are taken apart: ("has", fact, code).
Column = tuple[object, ...]


class RowLimit(ValueError):
    """A condition with more alternatives than can be read by anybody."""


@dataclass(frozen=True, slots=True)
class SetTest:
    """A test on a set of codes, kept whole so that it is exact where the set is one of several."""

    op: Op
    codes: frozenset[object]
    turned: bool = False
    na: bool = False

    def holds(self, value: object) -> bool:
        """Whether a known set passes."""
        assert isinstance(value, frozenset)
        if self.op is Op.CONTAINS_ALL:
            passed = self.codes <= value
        else:
            passed = bool(self.codes & value) is (self.op is Op.CONTAINS_ANY)
        return passed is not self.turned

    def __invert__(self) -> SetTest:
        return SetTest(self.op, self.codes, not self.turned, not self.na)


@dataclass(frozen=True, slots=True)
class Literal:
    """One column and the values it accepts."""

    column: Column
    accepts: Region | SetTest

    def __invert__(self) -> Literal:
        return Literal(self.column, ~self.accepts)


Row = tuple[Literal, ...]


def _value_region(test: Test) -> Region:
    values = test.operand
    match test.op:
        case Op.IS | Op.ONE_OF:
            return _union(values)
        case Op.NOT | Op.NOT_ONE_OF:
            region = ~_union(values)
            return Region(region.starts_in, region.cuts, na=False)
        case Op.AT_LEAST:
            return above(values[0], included=True)
        case Op.MORE_THAN | Op.AFTER:
            return above(values[0], included=False)
        case Op.AT_MOST:
            return below(values[0], included=True)
        case Op.LESS_THAN | Op.BEFORE:
            return below(values[0], included=False)
        case Op.BETWEEN:
            return span(values[0], values[1], high_included=True)
        case Op.FROM_BELOW:
            return span(values[0], values[1], high_included=False)
        case Op.STARTS_WITH:
            region = NOTHING
            for prefix in values:
                region = region | prefixed(str(prefix))
            return region
        case Op.IS_NOT_APPLICABLE:
            return Region(False, (), na=True)
        case _:
            raise AssertionError(test.op)


def prefixed(text: str) -> Region:
    """All strings that start with the text."""
    return span(text, text[:-1] + chr(ord(text[-1]) + 1), high_included=False) if text else Region(True, ())


def _union(values: tuple[object, ...]) -> Region:
    """Exactly these values."""
    cuts = [(value, bias) for value in sorted(set(values)) for bias in (-1, 1)]  # type: ignore[type-var]
    return Region(False, tuple(cuts))


def _literal_rows(test: Test, apart: bool) -> list[Row]:
    fact = test.fact
    if not apart and test.op in (Op.CONTAINS_ANY, Op.CONTAINS_ALL, Op.CONTAINS_NONE):
        return [(Literal(("set", fact), SetTest(test.op, frozenset(test.operand))),)]
    match test.op:
        case Op.IS_KNOWN:
            return [(Literal(("status", fact), _union(("known", "na"))),)]
        case Op.IS_MISSING:
            return [(Literal(("status", fact), point("missing")),)]
        case Op.IN_ZONE:
            return [(Literal(("zone", fact, test.operand[0]), TRUE),)]
        case Op.CONTAINS_ANY:
            return [(Literal(("has", fact, item), TRUE),) for item in test.operand]
        case Op.CONTAINS_ALL:
            return [tuple(Literal(("has", fact, item), TRUE) for item in test.operand)]
        case Op.CONTAINS_NONE:
            return [tuple(Literal(("has", fact, item), FALSE) for item in test.operand)]
        case _:
            return [(Literal(("value", fact), _value_region(test)),)]


def rows_of(node: Node, apart: bool = False) -> list[Row]:
    """The rows of a condition; ``apart`` takes set tests apart, code by code, as proofs need it."""
    if isinstance(node, Test):
        return _literal_rows(node, apart)
    if isinstance(node, All):
        return _multiply([rows_of(part, apart) for part in node.parts])
    if isinstance(node, Any):
        return _limited([row for part in node.parts for row in rows_of(part, apart)])
    if isinstance(node, NoneOf):
        return _multiply([_negated(rows_of(part, apart)) for part in node.parts])
    if node.quantifier == "every":  # no member fails the body
        failing = tuple(rows_of(NoneOf((node.body,)), apart))
        return [(Literal(("any", node.scope, failing), FALSE),)]
    accepts = TRUE if node.quantifier == "any" else FALSE
    return [(Literal(("any", node.scope, tuple(rows_of(node.body, apart))), accepts),)]


def _negated(rows: list[Row]) -> list[Row]:
    return _multiply([[(~literal,) for literal in row] for row in rows])


def _multiply(groups: list[list[Row]]) -> list[Row]:
    size = 1
    for group in groups:
        size *= len(group)
        if size > MAX_ROWS:
            raise RowLimit(f"the condition multiplies out to more than {MAX_ROWS} alternatives")
    return [tuple(dict.fromkeys(literal for row in combo for literal in row)) for combo in product(*groups)]


def _limited(rows: list[Row]) -> list[Row]:
    if len(rows) > MAX_ROWS:
        raise RowLimit(f"the condition multiplies out to more than {MAX_ROWS} alternatives")
    return rows


def rule_rows(rule: Rule, rules: Mapping[str, Rule], apart: bool = False) -> list[Row]:
    """The rows of a rule's effective condition: its own and every base's."""
    from engine.rulebook.epochs import chain

    return rows_of(All(tuple(part for link in chain(rule, rules) for part in link.when.parts)), apart)


def truth(literal: Literal, value: object, zones: Mapping[str, Zone], drawn: object = None) -> Truth:
    """Kleene truth of a literal for what is known of its column's fact."""
    accepts, kind = literal.accepts, literal.column[0]
    if kind == "any":
        return Truth.MAYBE if value is Truth.MAYBE else _said(accepts.holds(value is Truth.YES))
    if kind == "status":
        return _said(accepts.holds(_status(value)))
    if value is MISSING:
        return Truth.MAYBE
    if value is NOT_APPLICABLE:
        return _said(accepts.na)
    if kind == "zone" and isinstance(value, Choice):
        answers = {truth(literal, item, zones, drawn) for item in value.values}
        return answers.pop() if len(answers) == 1 else Truth.MAYBE
    if kind == "zone":
        zone = zones.get(str(literal.column[2]))
        inside = Truth.MAYBE if zone is None else zone.contains(value, drawn)  # type: ignore[arg-type]
        return Truth.MAYBE if inside is Truth.MAYBE else _said(accepts.holds(inside is Truth.YES))
    return _value_truth(accepts, value)


def _said(holds: bool) -> Truth:
    return Truth.YES if holds else Truth.NO


def _status(value: object) -> str:
    if value is MISSING:
        return "missing"
    if value is NOT_APPLICABLE:
        return "na"
    return "partial" if isinstance(value, Choice | Interval | Prefix) else "known"


def _value_truth(accepts: Region | SetTest, value: object) -> Truth:
    if isinstance(value, Choice):
        answers = {_value_truth(accepts, item) for item in value.values}
        return answers.pop() if len(answers) == 1 else Truth.MAYBE
    if isinstance(accepts, SetTest):
        return _said(accepts.holds(value)) if isinstance(value, frozenset) else Truth.MAYBE
    if isinstance(value, Prefix):
        inside = _prefix_inside(accepts, value.text)
    elif isinstance(value, Interval):
        inside = accepts.covers(value.low, value.high)
    else:
        return _said(accepts.holds(value))
    return Truth.MAYBE if inside is None else _said(inside)


def _prefix_inside(accepts: Region, text: str) -> bool | None:
    whole = prefixed(text)
    both = whole & accepts
    if both.empty:
        return False
    return True if both.cuts == whole.cuts and both.starts_in == whole.starts_in else None
