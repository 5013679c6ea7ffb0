"""``vat`` and ``landed-cost``: what the law makes of one movement of goods, with every step and its source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from customs.landed import Assessment, Bounds
from customs.rates import VatRate
from customs.territories import Territory
from domain import Money
from engine.asking import LAW, RATE, Said
from engine.because import because
from engine.border import Treatment
from engine.by_day import by_day
from engine.consigning import assessment_json
from engine.facts.consignment import crosses_fiscal_border
from engine.movement import Lawful, Movement, law_of
from engine.plain import plain
from engine.rulebook import Record
from engine.rulebook.tree import Hit
from engine.world import World
from scenarios.asked_for import needs_of
from scenarios.movements import Assumed, movement_of
from scenarios.queries import LandedQuery, VatQuery
from scenarios.reading import query_from

__all__ = ["landed_cost", "vat"]

CHARGED_AT_SALE = frozenset({"seller", "platform"})
ABOUT_VAT = frozenset(
    {
        "customs.routes",
        "vat.scheme",
        "vat.charged_by",
        "vat.rate_of",
        "vat.dispatch_treatment",
        "vat.arrival_treatment",
        "vat.registration_needed",
        "vat.proof",
        "vat.thresholds",
    }
)
"""Questions whose rules are reasons of the tax treatment."""
FIGURES = ("levy.", f"{LAW}charge", f"{LAW}clearance", RATE)
"""Beginnings of gaps that stand for an amount."""
BY_THE_BUYER = frozenset({"acquisition", "reverse_charge"})


def vat(query: Mapping[str, object], world: World) -> dict[str, object]:
    """The VAT treatment of one sale as JSON-ready data. Raises InputError."""
    asked = query_from(VatQuery, query)
    movement, assumed = movement_of(asked, world)
    found = law_of(movement, world)
    chosen = found.chosen
    body: dict[str, object] = {
        "currency": asked.currency,
        "scheme": chosen.scheme if chosen else None,
        "vat_country": None,
        "territory": None,
        "rate": None,
        "vat": None,
        "reverse_charge": None,
        "sides": [],
    }
    if chosen is not None and chosen.scheme is not None:
        body |= _taxed(found, chosen, asked, world)
    body |= {
        "charged_by": chosen.outcomes.get("vat.charged_by") if chosen else None,
        "registration_needed": sorted(found.lacking),
        "thresholds": [plain(item) for item in found.thresholds],
        "proof": sorted(found.proofs),
        "routes": _routes(found, movement),
        **_open(found, assumed),
    }
    # what is open about duty or levies is no part of this question
    body["needs"] = needs_of(movement.case, _to_ask(found.vat_needs), single=True)
    unknown = {name for names in found.vat_needs if _law_alone(names) for name in names}
    if chosen is None and not found.vat_needs:
        unknown.add("customs.routes")
    if chosen is not None and chosen.scheme is not None and body["rate"] is None:
        unknown.add("vat.rate")
    untabled = {gap for gap in chosen.gaps if gap.startswith("levy.")} if chosen else set()
    if chosen is not None and chosen.scheme == "domestic" and untabled:
        unknown |= untabled  # a local sales tax of unknown rate is part of the tax on this sale
        body["vat"] = None
    body["cannot_determine"] = sorted(unknown)
    rule = frozenset({chosen.route.rule} if chosen else ())
    said = [item for item in found.said if item.answer.decision in ABOUT_VAT and _speaks(item, found)]
    body["because"] = because(found.book, said, None, rule)
    return body


def _speaks(item: Said, found: Lawful) -> bool:
    """Whether the answer is one: a rule that surely holds is no reason while an exception to it may."""
    return item.answer.decided or found.book.decisions[item.answer.decision].hit is Hit.COLLECT


def _taxed(found: Lawful, chosen: Treatment, asked: VatQuery, world: World) -> dict[str, object]:
    """Rate and tax of the seller's side, and what happens on both sides."""
    movement, outcomes = found.movement, chosen.outcomes
    at_sale = outcomes["vat.charged_by"] in CHARGED_AT_SALE
    imports = chosen.scheme == "import"
    place = movement.dispatch
    if imports or (at_sale and outcomes["vat.rate_of"] == "arrival"):
        place = movement.arrival
    rate: str | None = "0"
    amount: Decimal | None = Money(0, asked.currency).amount
    if at_sale or imports:
        rate = _rate(world, place, asked, movement)
        tax = chosen.assessment.vat if chosen.assessment else None
        amount = tax.exact if tax else None
    return {
        "vat_country": place.vat_country,
        "territory": place.code,
        "rate": rate,
        "vat": plain(amount),
        "reverse_charge": chosen.route.vat in BY_THE_BUYER,
        "sides": [
            _side("dispatch", movement.dispatch, outcomes.get("vat.dispatch_treatment")),
            {
                **_side("arrival", movement.arrival, outcomes.get("vat.arrival_treatment")),
                "rate": _rate(world, movement.arrival, asked, movement),
            },
        ],
    }


def _side(role: str, territory: Territory, treatment: object) -> dict[str, object]:
    return {"territory": territory.code, "role": role, "treatment": treatment}


def _rate(world: World, place: Territory, asked: VatQuery, movement: Movement) -> str | None:
    here = movement.dispatch.country == place.country
    found = world.vat_rates.rate(place.code, asked.category, asked.date, located_there=here or None)
    return _percent(found.percent) if isinstance(found, VatRate) else None


def _percent(value: Decimal) -> str:
    return format(value.normalize(), "f")


def landed_cost(query: Mapping[str, object], world: World) -> dict[str, object]:
    """The landed cost of one consignment as JSON-ready data. Raises InputError.

    Where the day of the declaration is a window in which the law changes, ``outcomes`` holds
    one answer for each stretch of days and the amounts of the whole are None.
    """
    asked = query_from(LandedQuery, query)
    movement, assumed = movement_of(asked, world)
    first, last = _window(asked, movement, world)
    stretches = by_day(
        first,
        last,
        lambda day: _landed(replace(movement, declared=day), asked, assumed, world),
        aside=frozenset({"because"}),
    )
    head = {"id": asked.id, "date": plain(asked.date), "currency": asked.currency}
    window = {"from": plain(first), "to": plain(last)}
    if len(stretches) == 1:
        return {**head, "declared": window, **stretches[0].said, "outcomes": []}
    return {
        **head,
        "declared": window,
        **dict.fromkeys(stretches[0].said),
        "cannot_determine": ["declaration.acceptance"],
        "needs": [{"facts": ["declaration.acceptance"], "give": ["/declared_on"]}],
        "assumed": [item.to_json() for item in assumed],
        "outcomes": [
            {"declared": {"from": plain(each.since), "to": plain(each.until)}, **each.said}
            for each in stretches
        ],
    }


def _window(asked: LandedQuery, movement: Movement, world: World) -> tuple[date, date]:
    """First and last day on which the declaration may be accepted."""
    told = asked.declared_on
    if isinstance(told, tuple):
        return told
    if told is not None:
        return told, told
    facts = {
        "dispatch.date": movement.leaves,
        "crosses.fiscal_border": crosses_fiscal_border(movement.dispatch, movement.arrival),
    }
    answer = world.rulebook.ask("customs.declaration_window", facts, {"line": ()}).value
    days = answer if isinstance(answer, int) else 0
    return movement.leaves, movement.leaves + timedelta(days=days)


def _landed(
    movement: Movement, asked: LandedQuery, assumed: Sequence[Assumed], world: World
) -> dict[str, object]:
    found = law_of(movement, world)
    chosen = found.chosen
    result = chosen.assessment if chosen else None
    outcomes = chosen.outcomes if chosen else {}
    route = chosen.route if chosen else None
    return {
        "dispatch": _side("dispatch", movement.dispatch, outcomes.get("vat.dispatch_treatment")),
        "arrival": _side("arrival", movement.arrival, outcomes.get("vat.arrival_treatment")),
        "sale": found.facts["sale.kind"],
        "scheme": outcomes.get("vat.scheme"),
        "charged_by": outcomes.get("vat.charged_by"),
        "registration_needed": sorted(found.lacking),
        "thresholds": [plain(item) for item in found.thresholds],
        "declaration": route.declaration if route else None,
        "vat_route": route.vat if route else None,
        "incoterm": route.incoterm if route else None,
        "intrinsic_value": plain(found.facts.get("consignment.intrinsic_value")),
        "duty_method": outcomes.get("customs.duty_method"),
        "items": _items(chosen),
        "totals": None if chosen is None or result is None else _totals(movement, asked, chosen, result),
        "assessment": None if result is None else assessment_json(result),
        "charges": _charges(chosen),
        "documents": _documents(found),
        "proof": sorted(found.proofs),
        "restrictions": _restrictions(found, world),
        "routes": _routes(found, movement),
        **_open(found, assumed),
    }


def _items(chosen: Treatment | None) -> dict[str, object] | None:
    """The items a flat duty was counted on, and by how many digits of the code."""
    for said in chosen.said if chosen else ():
        value = said.answer.value
        if said.answer.decision == "customs.flat_duty" and isinstance(value, Record):
            assessment = chosen.assessment if chosen else None
            steps = assessment.steps if assessment else ()
            count = next((s.base for s in steps if s.name == "duty" and s.line is None), None)
            return {"count": plain(count), "digits": int(str(value["item_digits"]))}
    return None


def _totals(
    movement: Movement, asked: LandedQuery, chosen: Treatment, result: Assessment
) -> dict[str, object]:
    """What everything comes to. Tax the buyer recovers is shown and not counted."""
    goods = sum((line.net for line in movement.case.lines), Decimal(0))
    known = Bounds.of(goods + asked.freight + asked.insurance)
    taxes: list[Bounds | None] = [result.duty, *(charge.amount for charge in result.charges)]
    if not chosen.recoverable:
        taxes.append(result.vat)
    total: Bounds | None = known
    for part in taxes:
        total = None if total is None or part is None else total + part
    charges: Bounds | None = Bounds.of(Money(0, asked.currency).amount)
    for charge in result.charges:
        charges = None if charges is None or charge.amount is None else charges + charge.amount
    short = [gap for gap in chosen.gaps if gap.startswith(FIGURES)]
    return {
        "goods": plain(Money.rounded(goods, asked.currency).amount),
        "freight": plain(Money.rounded(asked.freight, asked.currency).amount),
        "insurance": plain(Money.rounded(asked.insurance, asked.currency).amount),
        "duty": plain(result.duty),
        "charges": _at_least(charges, short),
        "vat": plain(result.vat),
        "vat_recoverable": chosen.recoverable,
        "landed_cost": _at_least(total, short),
    }


def _at_least(amount: Bounds | None, short: Sequence[str]) -> object:
    """An amount to which levies of unknown figure may be added has no upper end."""
    if amount is None or not short:
        return plain(amount)
    return {"low": plain(amount.low), "high": None}


def _charges(chosen: Treatment | None) -> list[dict[str, object]]:
    """Each levy and fee with its unit, who owes it, and whether the buyer may be shown it."""
    if chosen is None or chosen.assessment is None:
        return []
    amounts = {charge.code: charge.amount for charge in chosen.assessment.charges}
    return [{**said, "amount": plain(amounts[str(said["code"])])} for said in chosen.charges]


def _documents(found: Lawful) -> list[dict[str, object]]:
    rows = [(item, True) for item in found.documents] + [(item, False) for item in found.open_documents]
    return sorted(
        ({"code": item["code"], "side": item["side"], "certain": certain} for item, certain in rows),
        key=lambda row: (str(row["side"]), str(row["code"])),
    )


def _restrictions(found: Lawful, world: World) -> list[dict[str, object]]:
    """What is forbidden or held, by which rule, and for which line (None: the consignment)."""
    return [
        {
            "effect": effect,
            "code": code,
            "line": line,
            "rule": rule,
            "title": dict(world.rulebook.rules[rule].title),
        }
        for effect, code, line, rule in found.restrictions
    ]


def _routes(found: Lawful, movement: Movement) -> list[dict[str, object]]:
    """Every route the rules admit, the chosen first, with what it costs."""
    currency = movement.case.order.currency
    body = []
    for each in (*((found.chosen,) if found.chosen else ()), *found.others):
        result = each.assessment
        known = result is not None and result.determined
        cost = Bounds(Money(each.cost, currency).amount, Money(each.cost + each.spread, currency).amount)
        body.append(
            {
                "declaration": each.route.declaration,
                "vat": each.route.vat,
                "incoterm": each.route.incoterm,
                "scheme": each.scheme,
                "rule": each.route.rule,
                "certain": each.route.certain,
                "chosen": each is found.chosen,
                "cost": plain(cost) if known else None,
            }
        )
    return body


def _law_alone(names: Sequence[str]) -> bool:
    """Whether only a rule or a rate that nobody wrote down would settle it."""
    return all(name.startswith((LAW, RATE)) for name in names)


def _to_ask(needs: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [names for names in needs if not _law_alone(names)]


def _open(found: Lawful, assumed: Sequence[Assumed]) -> dict[str, object]:
    """What is assumed, missing or unknown, and why the rest is so."""
    chosen = found.chosen
    gaps = list(chosen.gaps) if chosen else []
    unsettled = {name for names in found.needs if _law_alone(names) for name in names}
    if chosen is None and not found.needs:
        gaps.append("customs.routes")
    rule = frozenset({chosen.route.rule} if chosen else ())
    return {
        "cheapest_is_certain": found.sure,
        "assumed": [
            *(item.to_json() for item in assumed),
            *({"what": "seller.registrations", "value": kind} for kind in found.unregistered),
        ],
        "needs": needs_of(found.movement.case, _to_ask(found.needs), single=False),
        "cannot_determine": sorted({*gaps, *unsettled}),
        "because": because(found.book, found.said, None, rule),
    }
