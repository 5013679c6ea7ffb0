"""How a duty comes about: one row for each component, bound and choice, in the order they are computed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from customs.tariff.bands import Banded
from customs.tariff.expression import AdValorem, Bounded, Case, Free, RateExpression, Recipe, Specific, Sum
from customs.tariff.units import units

__all__ = ["Component", "explain"]


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a duty. ``base`` is the value or the number of units; ``amount`` is not rounded.

    ``formula`` is one of: free, value x rate, value of a part x rate, units x amount, recipe, sum,
    minimum applies, maximum applies, within the bounds, band of the value.
    """

    formula: str
    base: Decimal | None
    rate: str
    amount: Decimal


def explain(rate: RateExpression, case: Case) -> tuple[Component, ...]:
    """The components of a duty that can be computed; empty where something is missing."""
    total = rate._of(case)
    if not isinstance(total, Decimal):
        return ()
    if isinstance(rate, Sum):
        inner = tuple(row for term in rate.terms for row in explain(term, case))
        return (*inner, Component("sum", None, str(rate), total))
    if isinstance(rate, Bounded):
        return _bounded(rate, case, total)
    if isinstance(rate, Banded):
        chosen = rate.chosen(case)
        assert chosen is not None  # the total above could be computed
        where = "ABOVE" if chosen.limit is None else str(chosen.limit)
        return (*explain(chosen.rate, case), Component("band of the value", case.value, where, total))
    return (_leaf(rate, case, total),)


def _bounded(rate: Bounded, case: Case, total: Decimal) -> tuple[Component, ...]:
    rows = explain(rate.body, case)
    body = rate.body._of(case)
    for bound, name in ((rate.minimum, "minimum applies"), (rate.maximum, "maximum applies")):
        if bound is not None:
            rows += explain(bound, case)
            if total != body and bound._of(case) == total:
                return (*rows, Component(name, None, str(bound), total))
    return (*rows, Component("within the bounds", None, str(rate), total))


def _leaf(rate: RateExpression, case: Case, total: Decimal) -> Component:
    if isinstance(rate, AdValorem):
        base = case.value if rate.part is None else case.quantities[f"value.{rate.part}"]
        return Component(
            "value x rate" if rate.part is None else "value of a part x rate", base, str(rate), total
        )
    if isinstance(rate, Specific):
        count = Decimal(1)
        for name in rate.counted:
            count *= case.quantities[name]
        return Component("units x amount", count / units()[rate.unit].divisor, str(rate), total)
    if isinstance(rate, Free):
        return Component("free", None, str(rate), total)
    assert isinstance(rate, Recipe)
    return Component("recipe", None, str(rate), total)
