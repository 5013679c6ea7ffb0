"""Lines and steps of an assessment, worked out from its figures when they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from customs.landed.apportion import round_shares
from customs.landed.figures import Scenario, Shares, minor_unit
from customs.landed.steps import explain
from customs.landed.values import AssessmentInput, Bounds, LineResult, Step, exactly

__all__ = ["Worked", "span"]


class Worked:
    """The details of one case between its low and its high side; worked out once each."""

    __slots__ = ("_case", "_high", "_lines", "_low", "_steps")

    def __init__(self, case: AssessmentInput, low: Scenario, high: Scenario) -> None:
        self._case, self._low, self._high = case, low, high
        self._lines: tuple[LineResult, ...] | None = None
        self._steps: tuple[Step, ...] | None = None

    def lines(self) -> tuple[LineResult, ...]:
        """The amounts of each line; exact ones add up to the totals."""
        if self._lines is None:
            low, high, minor = self._low, self._high, minor_unit(self._case.currency)
            columns = (
                [line.id for line in self._case.lines],
                _ends(low.customs_value, high.customs_value, minor),
                _ends(low.duty, high.duty, minor),
                _ends(low.vat_base, high.vat_base, minor),
                _ends(low.vat, high.vat, minor),
                _ends(low.charge_shares, high.charge_shares, minor),
            )
            self._lines = tuple(map(LineResult._make, zip(*columns, strict=True)))
        return self._lines

    def steps(self) -> tuple[Step, ...]:
        """Every computation in its order."""
        if self._steps is None:
            self._steps = explain(self._case, self._low, self._high)
        return self._steps


def span(low: Decimal | None, high: Decimal | None) -> Bounds | None:
    """Both amounts as the ends of an interval; None where one is unknown."""
    return None if low is None or high is None else Bounds(min(low, high), max(low, high))


def _ends(low: Shares, high: Shares, minor: Decimal) -> list[Bounds | None]:
    below = _shown(low, minor)
    return exactly(below) if high is low else list(map(span, below, _shown(high, minor)))


def _shown(amounts: Shares, minor: Decimal) -> Sequence[Decimal | None]:
    """Amounts as shown: to the minor unit, adding up to the rounded total of those that are known."""
    known = [amount for amount in amounts if amount is not None]
    cut = [amount.quantize(minor) for amount in known]
    settled = cut if cut == known else round_shares(known, None, minor, ROUND_HALF_UP)
    if len(known) == len(amounts):
        return settled
    rest = iter(settled)
    return [None if amount is None else next(rest) for amount in amounts]
