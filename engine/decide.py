"""``decide(order, world, supply)``: one order to one decision. Pure: no I/O, clock or randomness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain import Money, Order
from engine.asking import LAW, RATE, Asker, Said
from engine.because import because
from engine.case import Case, Line, take_in
from engine.consigning import Consigned, consign
from engine.facts.line import line_facts
from engine.facts.order import order_facts
from engine.needs import needs_json
from engine.plain import plain
from engine.rulebook import Record
from engine.screening import screening_detail
from engine.sourcing import PricedPlan, Solved, solve
from engine.supply import Supply
from engine.verdicts import Rejections, Verdict, judge_simple
from engine.world import World

__all__ = ["SCHEMA", "Commitment", "decide"]

SCHEMA = "1"
FORBID = frozenset({"forbidden", "refuse"})
VAGUE = frozenset({"lane_postcode_missing", "rate_postcode_missing", "range_unknown", "place_not_located"})
"""Rejections that a more exact address might lift."""
Needs = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Commitment:
    """What an accepted offer promised the buyer: no later decision may change it silently."""

    offer_id: str
    delivery_price: Money
    latest: date | None
    vat_schemes: tuple[str, ...]


@dataclass
class _Run:
    """What accumulates while one order is decided."""

    case: Case
    asker: Asker
    rejected: Rejections
    said: list[Said]
    holds: list[tuple[str, str]]
    needs: list[tuple[str, ...]]


def decide(
    order: Order,
    world: World,
    supply: Supply,
    *,
    detail: str = "summary",
    commitment: Commitment | None = None,
) -> dict[str, object]:
    """The decision as JSON-ready data with the keys of the design's section 5.

    ``detail`` is ``none``, ``summary`` or ``full`` for ``rejected``. Raises
    ``InputError`` when the order names what the world does not hold; everything
    else - a refusal, missing facts, no stock - is a decision.
    """
    case = take_in(order, world)
    asker = Asker(world, order.currency, case.day)
    facts = order_facts(case, world.rulebook.vocabulary)
    run = _Run(case, asker, Rejections(), [], [], [])
    _order_level(run, facts)
    most, penalty = _split(run, facts)
    solved: list[Solved] = []
    if case.finding.territory is None:
        run.needs.append(("destination.territory",))
    else:
        groups = [
            (seller, tuple(line for line in case.lines if line.seller.id == seller.id))
            for seller in case.sellers
        ]
        solved = [
            solve(case, group, asker, supply, facts, most, penalty, run.rejected, detail == "full")
            for group in groups
        ]
    return _conclude(run, facts, solved, world, supply, detail, commitment)


def _order_level(run: _Run, facts: dict[str, object]) -> None:
    for decision in ("compliance.screening", "order.review"):
        members = {"line": [_bare(line, run) for line in run.case.lines]}
        verdict: Verdict = judge_simple(run.asker, decision, facts, members, FORBID)
        run.holds += verdict.holds
        run.needs += verdict.needs
        run.said += verdict.said


def _bare(line: Line, run: _Run) -> dict[str, object]:
    return {**line_facts(line, run.case.order.currency, run.asker.book.vocabulary), "line.id": line.id}


def _split(run: _Run, facts: dict[str, object]) -> tuple[int, int]:
    said = run.asker.ask("sourcing.split", facts, {"line": [_bare(line, run) for line in run.case.lines]})
    run.said.append(said)
    value = said.answer.value
    if not isinstance(value, Record):
        run.needs += run.asker.needs(said)
        return 1, 0
    amount = value["penalty"]
    assert isinstance(amount, Money)
    return int(str(value["consignments"])), run.asker.minor(amount.amount, amount.currency) or 0


# -- the conclusion ---------------------------------------------------------------------------------


def _conclude(
    run: _Run,
    facts: dict[str, object],
    solved: Sequence[Solved],
    world: World,
    supply: Supply,
    detail: str,
    commitment: Commitment | None,
) -> dict[str, object]:
    case = run.case
    statuses: list[str] = []
    consigned: list[Consigned] = []
    said = list(run.said)
    plans: list[PricedPlan] = []
    for group in solved:
        said += group.buffers
        plan = group.plans[0] if group.plans else None
        statuses.append(_status(run, group, plan))
        if plan is None:
            continue
        plans.append(plan)
        for site, quoted in plan.parts:
            written = consign(len(consigned) + 1, site, quoted, group.quoter, group.handling.get(site, 0))
            consigned.append(written)
            run.needs += [*quoted.needs, *written.needs]
            run.holds += quoted.holds
    gaps = [names for names in run.needs if all(name.startswith((LAW, RATE)) for name in names)]
    run.needs = [names for names in run.needs if names not in gaps]
    run.holds += [("not_determined", name) for names in gaps for name in names]
    status = _overall(statuses, run)
    price = _delivery_price(run, consigned)
    status = _honour(run, status, commitment, price, consigned)
    reasons = because(world.rulebook, said, None)
    number = 0
    for group in solved:
        if group.plans:
            for _, quoted in group.plans[0].parts:
                number += 1
                route = frozenset({quoted.treatment.route.rule})
                mine = because(world.rulebook, (*quoted.said, *consigned[number - 1].said), number, route)
                reasons += [entry for entry in mine if entry not in reasons]
    body: dict[str, object] = {
        "schema": SCHEMA,
        "order": case.order.id,
        "status": status,
        "split": len(consigned) > 1,
        "currency": case.order.currency,
        "consignments": [item.body for item in consigned],
        "unserved": [
            {"line": name, "quantity": quantity} for plan in plans for name, quantity in plan.unserved
        ]
        + _short(solved),
        "delivery_price": None if price is None else price.to_json(),
        "landed_cost": _landed(run, consigned, solved, price),
        "alternatives": _alternatives(solved, case.order.currency),
        "because": reasons,
        "rejected": _rejected(run, detail),
        "screening": facts["buyer.screening"],
        **screening_detail(case.screening),
        "holds": [
            {"code": code, ("about" if code == "not_determined" else "rule"): rule}
            for code, rule in dict.fromkeys(run.holds)
        ],
        "needs": needs_json(case, run.needs),
        "versions": {**world.versions, "stock": supply.version, "schema": SCHEMA},
        "lower_bound": Money(
            sum(group.sourcing.lower_bound for group in solved), case.order.currency
        ).to_json()
        if plans
        else None,
        "gap": format(max((group.sourcing.gap for group in solved), default=Decimal(0)), "f"),
    }
    if commitment is not None:
        body["offer_id"] = commitment.offer_id
    return body


def _status(run: _Run, group: Solved, plan: PricedPlan | None) -> str:
    if plan is not None:
        if plan.unserved and len(plan.parts) == 0:
            return "backordered"
        return "partial" if plan.unserved else "routed"
    split_refused = any(code == "split_refused" for _, code, _ in run.rejected.codes())
    if (group.shortages and not run.rejected.legal()) or split_refused:
        return "backordered"
    if run.rejected.legal():
        return "refused"
    if group.shortages:
        return "backordered"
    stages = run.rejected.codes()
    if any(code in VAGUE for _, code, _ in stages):
        run.needs.append(("destination.postcode",))
    if any(code == "no_customs_route" for _, code, _ in stages):
        run.needs.append(("customs.routes",))
    run.holds.append(("no_service", ""))
    return "held"


def _overall(statuses: Sequence[str], run: _Run) -> str:
    kinds = set(statuses)
    if kinds == {"refused"}:
        return "refused"
    if kinds == {"backordered"}:
        return "backordered"
    if run.needs:
        return "needs_information"
    if run.holds or "held" in kinds:
        return "held"
    if "refused" in kinds or "backordered" in kinds or "partial" in kinds:
        return "partial"
    return "routed"


def _short(solved: Sequence[Solved]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for group in solved:
        if group.plans:
            continue
        for line in group.lines:
            missing = group.shortages.get(line.id)
            if missing:
                found.append(
                    {
                        "line": line.id,
                        "quantity": missing,
                        "reason": "no_stock",
                        "expected": _expected(group, line),
                    }
                )
    return found


def _expected(group: Solved, line: Line) -> object:
    """When inbound stock would cover the line at one place, None if nothing expected does."""
    days = []
    view = group.view
    for location, sku in view.records:
        if sku == line.sku:
            day = view.available_from(location, sku, line.quantity, group.day)
            if day is not None and day > group.day:
                days.append(day)
    return plain(min(days)) if days else None


def _delivery_price(run: _Run, consigned: Sequence[Consigned]) -> Money | None:
    """What the buyer pays for delivery: as already sold, else the dearest mode once, however many parts."""
    order = run.case.order
    if order.freight is not None:
        return Money.of(order.freight.amount, order.currency)
    prices = [item.delivery_price for item in consigned if item.delivery_price is not None]
    return max(prices, key=lambda money: money.minor) if prices else None


def _honour(
    run: _Run, status: str, commitment: Commitment | None, price: Money | None, consigned: Sequence[Consigned]
) -> str:
    """After payment nothing the buyer was promised changes silently: price, promise and VAT scheme."""
    if commitment is None or status not in ("routed", "partial"):
        return status
    latest = max((item.latest for item in consigned if item.latest is not None), default=None)
    schemes = tuple(str(item.body["border"]["vat_scheme"]) for item in consigned)  # type: ignore[index]
    broken = []
    if price is not None and commitment.delivery_price.minor < price.minor:
        broken.append("offer_price_would_rise")
    if commitment.latest is not None and (latest is None or latest > commitment.latest):
        broken.append("offer_promise_would_move")
    if schemes != commitment.vat_schemes:
        broken.append("offer_vat_scheme_would_change")
    run.holds += [(code, "") for code in broken]
    return "held" if broken else status


def _landed(
    run: _Run, consigned: Sequence[Consigned], solved: Sequence[Solved], price: Money | None
) -> dict[str, object]:
    """Goods, delivery, duty, tax and charges by payer; what no table or fact determines is named."""
    currency = run.case.order.currency
    totals: dict[tuple[str, str], int] = {}
    for item in consigned:
        for payer, code, amount in item.costs:
            totals[payer, code] = totals.get((payer, code), 0) + amount.minor
    goods, taken_off = _goods(run, solved)
    gaps = sorted(
        {
            gap
            for group in solved
            for plan in group.plans[:1]
            for _, quoted in plan.parts
            for gap in quoted.treatment.gaps
        }
    )
    spread = sum(quoted.spread for group in solved for plan in group.plans[:1] for _, quoted in plan.parts)
    extra = sum(minor for (payer, code), minor in totals.items() if payer == "buyer")
    paid = Money.rounded(goods, currency) + (price or Money(0, currency))
    body: dict[str, object] = {
        "goods": Money.rounded(goods, currency).to_json(),
        "goods_tax_included": all(line.source.tax_included for line in run.case.lines) and not taken_off,
        "tax_taken_off": Money.rounded(taken_off, currency).to_json(),
        "delivery": None if price is None else price.to_json(),
        "by_payer": [
            {"payer": payer, "code": code, "amount": Money(minor, currency).to_json()}
            for (payer, code), minor in sorted(totals.items())
        ],
        "buyer_pays_on_delivery": Money(extra, currency).to_json(),
        "buyer_total": (paid + Money(extra, currency)).to_json(),
    }
    if spread:
        body["may_be_higher_by"] = Money(spread, currency).to_json()
    if gaps:
        body["cannot_determine"] = gaps
    return body


def _goods(run: _Run, solved: Sequence[Solved]) -> tuple[Decimal, Decimal]:
    """What the buyer pays for the goods, and the tax taken out of prices where nobody charges it at the sale."""
    gross = sum((line.gross for line in run.case.lines), Decimal(0))
    off = Decimal(0)
    for group in solved:
        for _, quoted in group.plans[0].parts if group.plans else ():
            if quoted.treatment.outcomes.get("vat.charged_by") in ("customs", "buyer", "nobody"):
                off += sum((portion.gross - portion.sale_net for portion in quoted.goods), Decimal(0))
    return gross - off, off


def _alternatives(solved: Sequence[Solved], currency: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for group in solved:
        for plan in group.plans[1:6]:
            found.append(
                {
                    "seller": group.seller.id,
                    "consignments": [
                        {
                            "location": site,
                            "lines": [{"line": p.line.id, "quantity": p.quantity} for p in quoted.goods],
                            "services": [s.service.id if s.service else None for s in quoted.shipments],
                            "vat_scheme": quoted.treatment.scheme,
                            "declaration": quoted.treatment.route.declaration,
                        }
                        for site, quoted in plan.parts
                    ],
                    "unserved": [{"line": name, "quantity": quantity} for name, quantity in plan.unserved],
                    "costs_more": Money(plan.cost - group.plans[0].cost, currency).to_json(),
                }
            )
    return found


def _rejected(run: _Run, detail: str) -> list[dict[str, object]]:
    if detail == "none":
        return []
    groups = run.rejected.to_json()
    if detail == "summary":
        for group in groups:
            group["samples"] = group["samples"][:3]  # type: ignore[index]
    return groups
