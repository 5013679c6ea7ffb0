"""What each test means on a plain value."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from domain import InputError
from engine.rulebook.tree import Op, Test

__all__ = ["accepts", "kind_of"]


def kind_of(value: object) -> str:
    """``bool``, ``number``, ``text``, ``date`` or ``set``; a yes is not a 1, whatever Python says."""
    match value:
        case bool():
            return "bool"
        case int() | Decimal():
            return "number"
        case str():
            return "text"
        case datetime():
            raise InputError("rules compare local days, not instants", code="rulebook.fact_type")
        case date():
            return "date"
        case frozenset():
            return "set"
        case _:
            raise InputError(f"{value!r} is not of a type that rules test", code="rulebook.fact_type")


def accepts(test: Test, value: object) -> bool:
    """Whether the value passes the test. ``InputError`` where their types do not meet."""
    match test.op:
        case Op.IS | Op.ONE_OF:
            return any(_same(test, value, item) for item in test.operand)
        case Op.NOT | Op.NOT_ONE_OF:
            return not any(_same(test, value, item) for item in test.operand)
        case Op.AT_LEAST:
            return _order(test, value, test.operand[0]) >= 0
        case Op.AT_MOST:
            return _order(test, value, test.operand[0]) <= 0
        case Op.MORE_THAN | Op.AFTER:
            return _order(test, value, test.operand[0]) > 0
        case Op.LESS_THAN | Op.BEFORE:
            return _order(test, value, test.operand[0]) < 0
        case Op.BETWEEN:
            low, high = test.operand
            return _order(test, value, low) >= 0 and _order(test, value, high) <= 0
        case Op.FROM_BELOW:
            low, high = test.operand
            return _order(test, value, low) >= 0 and _order(test, value, high) < 0
        case Op.STARTS_WITH:
            _need(test, value, "text")
            return any(str(value).startswith(str(prefix)) for prefix in test.operand)
        case Op.CONTAINS_ANY:
            return any(item in _set(test, value) for item in test.operand)
        case Op.CONTAINS_ALL:
            return all(item in _set(test, value) for item in test.operand)
        case Op.CONTAINS_NONE:
            return not any(item in _set(test, value) for item in test.operand)
        case _:
            raise InputError(f"{test.op} is not a test of a value", code="rulebook.test", place=test.fact)


def _need(test: Test, value: object, *kinds: str) -> str:
    kind = kind_of(value)
    if kind not in kinds:
        raise InputError(
            f"{value!r} is a {kind}; {test.op!s} asks for a {' or '.join(kinds)}",
            code="rulebook.fact_type",
            place=str(test.place or test.fact),
            cure="give the fact the type its vocabulary entry states",
        )
    return kind


def _same(test: Test, value: object, item: object) -> bool:
    _need(test, value, kind_of(item))
    return value == item


def _order(test: Test, value: object, item: object) -> int:
    """Negative, zero or positive, as the value lies below, at or above the item."""
    kind = _need(test, item, "number", "date")
    _need(test, value, kind)
    return int(value > item) - int(value < item)  # type: ignore[operator] # both numbers or both dates


def _set(test: Test, value: object) -> frozenset[object]:
    _need(test, value, "set")
    assert isinstance(value, frozenset)
    return value
