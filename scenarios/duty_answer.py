"""The answer about duty as plain JSON: amounts, steps, and what could not be determined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from customs.landed import Assessment, AssessmentInput, Bounds, Step
from customs.tariff import Case, explain
from domain import minor_digits
from scenarios.duty_query import DutyQuery

__all__ = ["Gap", "answer_json"]

AMOUNTS = ("customs_value", "duty", "vat_base", "vat", "total", "payable")
HANGS_ON = {
    "customs_value": AMOUNTS,
    "duty": ("duty", "vat_base", "vat", "total", "payable"),
    "vat_base": ("vat_base", "vat", "total", "payable"),
}
REASONS = (
    ("quantity.", "duty.missing_quantity"),
    ("exchange_rate.", "duty.missing_exchange_rate"),
    ("value.", "duty.missing_value_of_a_part"),
    ("product.recipe", "duty.missing_recipe"),
    ("line.goods.customs_value", "duty.goods_without_value"),
    ("line.hs_code", "duty.several_rates"),
    ("line.origin", "duty.unknown_origin"),
    ("tariff_measure.", "duty.measure_may_apply"),
    ("tariff", "duty.rate_unknown"),
)


@dataclass(frozen=True, slots=True)
class Gap:
    """An amount that cannot be given: why, and the facts that would settle it."""

    what: str
    reason: str
    needs: tuple[str, ...]

    def json(self) -> dict[str, object]:
        """Stable keys."""
        return {"what": self.what, "reason": self.reason, "needs": list(self.needs)}


def answer_json(
    asked: DutyQuery,
    case: AssessmentInput,
    result: Assessment,
    gaps: tuple[Gap, ...],
    conversions: Mapping[str, tuple[Decimal, str]],
) -> dict[str, Any]:
    """Exact amounts as text; an amount between two ends is None, its ends in ``between``."""
    figures = _figures(asked, result)
    if result.duty is None and not any(gap.what == "duty" for gap in gaps):
        needs = next(gap.needs for gap in result.cannot_determine if gap.what == "duty")
        gaps += (Gap("duty", _reason(needs), needs),)
    elif result.duty is not None and result.vat_base is None and not gaps:
        needs = next(gap.needs for gap in result.cannot_determine if gap.what == "vat")
        gaps += (Gap("vat_base", _reason(needs), needs),)
    elif result.duty is not None and result.duty.exact is None:
        gaps += (Gap("duty", _reason(case.lines[0].rate_needs), case.lines[0].rate_needs),)
    for gap in gaps:
        if gap.what != "duty" or result.duty is None:
            figures |= dict.fromkeys(HANGS_ON[gap.what])
    minor = minor_digits(asked.currency)
    body: dict[str, Any] = {name: _exact(figures[name], minor) for name in AMOUNTS}
    unvalued = any(gap.what == "customs_value" for gap in gaps)
    body |= {
        "currency": asked.currency,
        "date": asked.day.isoformat(),
        "value_basis": None if unvalued else case.value_basis,
    }
    open_ = {name: held for name, held in figures.items() if held is not None and held.exact is None}
    if open_:
        body["between"] = {
            name: [_text(held.low, minor), _text(held.high, minor)] for name, held in open_.items()
        }
    if gaps:
        body["cannot_determine"] = [gap.json() for gap in gaps]
    if asked.vat_rate is None:
        body["not_included"] = ["vat"]
    withheld = {name for gap in gaps for name in HANGS_ON[gap.what]} if gaps else set()
    body["steps"] = _steps(
        case, result, conversions, withheld - set(open_), minor, asked.vat_rate is not None
    )
    return body


def _figures(asked: DutyQuery, result: Assessment) -> dict[str, Bounds | None]:
    vat = None if asked.vat_rate is None else result.vat
    fees = Bounds.of(sum((fee.amount for fee in asked.fees), Decimal(0)))
    goods = Bounds.of(asked.goods + asked.freight + asked.insurance)
    payable = None
    if result.duty is not None and result.vat is not None:
        payable = result.duty + fees + (vat or Bounds.of(Decimal(0)))
    return {
        "customs_value": result.customs_value,
        "duty": result.duty,
        "vat_base": result.vat_base,
        "vat": vat,
        "total": None if payable is None else payable + goods,
        "payable": payable,
    }


def _reason(needs: tuple[str, ...]) -> str:
    return next((code for start, code in REASONS for need in needs if need.startswith(start)), "duty.open")


def _exact(amount: Bounds | None, minor: int) -> str | None:
    return None if amount is None or amount.exact is None else _text(amount.exact, minor)


def _text(amount: Decimal, minor: int) -> str:
    return f"{amount:.{minor}f}"


def _steps(
    case: AssessmentInput,
    result: Assessment,
    conversions: Mapping[str, tuple[Decimal, str]],
    withheld: set[str],
    minor: int,
    asked_vat: bool,
) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for step in result.steps:
        if step.name in withheld or (step.name == "vat" and not asked_vat):
            continue
        if step.name == "duty":
            found += _conversions(case, conversions)
            found += _components(case, result)
        found.append(_step(step, minor))
    return found


def _step(step: Step, minor: int) -> dict[str, object]:
    return {
        "step": step.name,
        "formula": step.formula,
        "base": None if step.base is None else str(step.base),
        "rate": step.rate,
        "amount": _text(step.amount.low, minor) if step.amount.exact is not None else str(step.amount),
        "rounding": step.rounding,
        "source": step.source,
    }


def _conversions(case: AssessmentInput, used: Mapping[str, tuple[Decimal, str]]) -> list[dict[str, object]]:
    return [
        {
            "step": "exchange_rate",
            "formula": f"1 {currency} in {case.currency}",
            "base": "1",
            "rate": currency,
            "amount": f"{rate:f}",
            "rounding": "",
            "source": source,
        }
        for currency, (rate, source) in used.items()
    ]


def _components(case: AssessmentInput, result: Assessment) -> list[dict[str, object]]:
    """The parts of a duty of one rate, before rounding."""
    line = case.lines[0]
    if len(line.rates) != 1 or result.customs_value is None or result.customs_value.exact is None:
        return []
    facts = Case(result.customs_value.exact, line.quantities, case.currency, case.convert)
    return [
        {
            "step": "duty_component",
            "formula": part.formula,
            "base": None if part.base is None else f"{part.base:f}",
            "rate": part.rate,
            "amount": f"{part.amount:f}",
            "rounding": "",
            "source": "",
        }
        for part in explain(line.rates[0], facts)
    ]
