"""One assessment out of several that are all possible: each amount from its least to its most."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from customs.landed.values import Assessment, Bounds, ChargeResult, LineResult, Step

__all__ = ["either"]

T = TypeVar("T")


def either(possible: Sequence[Assessment]) -> Assessment:
    """The assessments of one consignment joined; an amount that any of them lacks is None.

    Steps and gaps of all are kept, each once. Raises ValueError for none.
    """
    first, *others = possible
    if not others:
        return first
    charges = tuple(
        replace(charge, amount=_span([each.charges[index] for each in possible], _amount))
        for index, charge in enumerate(first.charges)
    )
    return Assessment(
        first.currency,
        _span(possible, lambda each: each.customs_value),
        _span(possible, lambda each: each.duty),
        _span(possible, lambda each: each.vat_base),
        _span(possible, lambda each: each.vat),
        charges,
        tuple(dict.fromkeys(gap for each in possible for gap in each.cannot_determine)),
        _Joined(tuple(possible)),
    )


@dataclass(frozen=True, slots=True)
class _Joined:
    """The details of several assessments: their lines joined, the steps of all, each once."""

    possible: tuple[Assessment, ...]

    def lines(self) -> tuple[LineResult, ...]:
        return tuple(_line(same) for same in zip(*(each.lines for each in self.possible), strict=True))

    def steps(self) -> tuple[Step, ...]:
        return tuple(dict.fromkeys(step for each in self.possible for step in each.steps))


def _amount(charge: ChargeResult) -> Bounds | None:
    return charge.amount


def _line(same: Sequence[LineResult]) -> LineResult:
    return LineResult(
        same[0].id,
        _span(same, lambda line: line.customs_value),
        _span(same, lambda line: line.duty),
        _span(same, lambda line: line.vat_base),
        _span(same, lambda line: line.vat),
        _span(same, lambda line: line.charges),
    )


def _span(items: Sequence[T], of: Callable[[T], Bounds | None]) -> Bounds | None:
    found = [of(item) for item in items]
    known = [amount for amount in found if amount is not None]
    if len(known) < len(found):
        return None
    return Bounds(min(amount.low for amount in known), max(amount.high for amount in known))
