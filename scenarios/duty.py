"""Duty and import VAT of one item at a rate in the tariffs' own notation, or of a code in the tariff table.

The law is asked what counts into the customs value and into the base of import VAT.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, cast

from customs.landed import AssessmentInput, AssessmentLine, Charge, Duty, Vat, assess
from customs.tariff import Missing, NotInTariff, RateExpression, assumed, parse_rate
from engine.asking import Asker
from engine.world import World
from scenarios.duty_answer import Gap, answer_json
from scenarios.duty_place import Law, facts_of, home_currency
from scenarios.duty_query import DutyQuery, read_duty_query

__all__ = ["duty"]

Basis = Literal["cif", "fob", "to_door"]
CUSTOMS_KINDS = ("eu_customs_month", "hmrc_period")
DEMO = "demo"
PREFERENCE = "preference"


def duty(query: Mapping[str, object], world: World, today: date | None = None) -> dict[str, Any]:
    """Answer one question; docs/tariff.md explains the fields.

    Amounts are decimal strings to the minor unit, None where they cannot be determined:
    ``cannot_determine`` says why and what is missing. ``total`` is goods, freight, insurance, duty,
    fees and VAT together, ``payable`` what falls due at import. Raises InputError.
    """
    asked = read_duty_query(query, today)
    facts, union = facts_of(world.territories, asked.jurisdiction, asked.day, by_post=asked.by_post)
    law = Law(Asker(world, asked.currency, asked.day), facts)
    convert = _Converter(world, asked)
    found = _rates(asked, world, union, home_currency(facts, asked.day))
    quantities, stand_ins = _completed(found.rates, asked, convert)
    basis, gaps = _basis(asked, law)
    case = _case(asked, law, basis, found, quantities, convert, gaps)
    body = answer_json(asked, case, assess(case), tuple(gaps), convert.used)
    notes = {
        "because": law.because(),
        "assumed": [f"{name} is taken from {other}" for name, other in stand_ins.items()],
        "tariff": found.described,
    }
    return body | {name: note for name, note in notes.items() if note}


@dataclass(frozen=True, slots=True)
class _Rates:
    """The rates the goods may bear; without one, why not."""

    rates: tuple[RateExpression, ...]
    needs: tuple[str, ...] = ()
    reason: str = ""
    source: str = ""
    described: tuple[Mapping[str, object], ...] = ()


def _rates(asked: DutyQuery, world: World, union: str, home: str | None) -> _Rates:
    if asked.rate is not None:
        return _Rates((parse_rate(asked.rate, home),))
    claims = frozenset({PREFERENCE} if asked.preference else ())
    found = world.tariff.find(union, asked.hs_code or "", asked.origin, asked.day, claims=claims)
    if isinstance(found, NotInTariff):
        return _Rates((), found.needs, found.reason)
    described = tuple(
        {
            "hs_code": line.hs_code,
            "measure": line.measure,
            "rate": str(line.expression) if line.expression else None,
            "needs": list(line.needs),
            "as_at": line.as_at.isoformat() if line.as_at else None,
            "source": line.source,
        }
        for candidate in found.candidates
        for line in candidate.measures
    )
    return _Rates(found.options, found.needs, "", found.source, described)


def _completed(
    rates: tuple[RateExpression, ...], asked: DutyQuery, convert: _Converter
) -> tuple[dict[str, Decimal], dict[str, str]]:
    """The quantities, and those that the table of quantities lets another one stand in for."""
    quantities = dict(asked.quantities)
    lacking = Missing.union(
        rate.duty(asked.goods, quantities, currency=asked.currency, convert=convert) for rate in rates
    )
    stand_ins = assumed(quantities, lacking.needs) if lacking else {}
    return quantities | {name: quantities[other] for name, other in stand_ins.items()}, stand_ins


def _basis(asked: DutyQuery, law: Law) -> tuple[Basis, list[Gap]]:
    """The value basis; without freight and insurance it makes no difference."""
    basis = asked.value_basis or law.word("customs.value_basis")
    if basis is None and (asked.freight or asked.insurance):
        need = f"customs.value_basis.{asked.jurisdiction}"
        return "cif", [Gap("customs_value", "duty.no_value_basis", (need,))]
    return cast(Basis, basis or "cif"), []


def _case(
    asked: DutyQuery,
    law: Law,
    basis: Basis,
    found: _Rates,
    quantities: Mapping[str, Decimal],
    convert: _Converter,
    gaps: list[Gap],
) -> AssessmentInput:
    """One line. Freight after the border is kept apart: it counts as a charge in the VAT base."""
    transport = law.word("vat.import_base")
    inside = basis == "to_door"
    rest = asked.freight_inland if not inside else Decimal(0)
    outside = rest + (asked.freight - rest + asked.insurance if basis == "fob" else 0)
    if transport is None and law.has("vat.import_base") and outside and asked.vat_rate:
        gaps.append(Gap("vat_base", "duty.no_vat_base", (f"vat.import_base.{asked.jurisdiction}",)))
    counts = transport != "transport_out"
    inland = (Charge("freight_inland", rest, "consignment", counts, "importer"),) if rest else ()
    lacking = Missing.union(
        rate.duty(asked.goods, quantities, currency=asked.currency, convert=convert) for rate in found.rates
    )
    if not found.rates and found.reason:
        gaps.append(Gap("duty", found.reason, found.needs))
    line = AssessmentLine(
        "goods",
        asked.goods,
        vat_percent=asked.vat_rate or Decimal(0),
        rates=() if lacking else found.rates,
        quantities=quantities,
        rate_needs=lacking.needs if lacking else found.needs,
        rate_source=found.source,
    )
    return AssessmentInput(
        (line,),
        asked.currency,
        Duty("tariff"),
        Vat("at_import", transport_in_base=counts),
        basis,
        freight=asked.freight - rest,
        insurance=asked.insurance,
        charges=(*asked.fees, *inland),
        vat_base_rounding=law.rounding(asked.currency),
        convert=convert,
    )


class _Converter:
    """Amounts of the rate in the currency of the value: at the rates of the question, else at the
    customs authority's for the day. Demonstration figures are no exchange rates."""

    def __init__(self, world: World, asked: DutyQuery) -> None:
        self.world = world
        self.asked = asked
        self.used: dict[str, tuple[Decimal, str]] = {}

    def __call__(self, amount: Decimal, source: str, target: str) -> Decimal | None:
        given = self.asked.exchange_rates.get(source)
        if given is not None:
            self.used[source] = (given, "given in the question")
            return amount * given
        for kind in CUSTOMS_KINDS:
            held = self.world.rates.rate(kind, target, source, self.asked.day)
            if held is not None and DEMO not in held.source:
                self.used[source] = (1 / held.rate, held.source)
                return amount / held.rate
        return None
