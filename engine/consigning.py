"""One consignment of the winning plan in full: preparation, promise, documents, costs, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from carriers import Promise
from customs.landed import Assessment
from domain import Location, Money, Reason
from engine.asking import Asker, Said
from engine.case import Case
from engine.plain import plain
from engine.quote import Quoted, Quoter, Shipment
from engine.rulebook import Record
from fulfilment import Preparation, Step, prepare

__all__ = ["Consigned", "consign"]


@dataclass(frozen=True, slots=True)
class Consigned:
    """A consignment's JSON with what the decision as a whole needs of it."""

    body: dict[str, object]
    said: tuple[Said, ...]
    needs: tuple[tuple[str, ...], ...]
    delivery_price: Money | None
    earliest: date | None
    latest: date | None
    costs: tuple[tuple[str, str, Money], ...]  # (payer, code, amount)


def consign(number: int, site: str, quoted: Quoted, quoter: Quoter, handling: int) -> Consigned:
    """Plan preparation and promise, ask for documents, and write the consignment down."""
    asker, case = quoter.asker, quoter.case
    location = asker.world.retailer.locations[site]
    said: list[Said] = []
    needs: list[tuple[str, ...]] = []
    documents = _documents(asker, quoted, said)
    standing = _standing(asker, quoted, said)
    shipments, latest, earliest, price = [], None, None, None
    for shipment in quoted.shipments:
        preparation, body = _prepared(asker, location, shipment, quoted, case, said, needs)
        promised = _promised(asker, shipment, quoted, preparation)
        offered = _offered(asker, shipment, quoted, said, needs)
        if offered is not None and (price is None or price < offered):
            price = offered
        if isinstance(promised, Promise):
            earliest = promised.earliest if earliest is None else max(earliest, promised.earliest)
            latest = promised.latest if latest is None else max(latest, promised.latest)
        elif isinstance(preparation, Preparation) and shipment.service is None:
            earliest = latest = preparation.leaves.date()
        shipments.append(_shipment(shipment, case, body, promised))
    quoted = quoter.settled(quoted, price)
    costs = _costs(quoted, case, handling)
    days = [stretch.to_json() for stretch in quoter.by_day(quoted, price)]
    body = {
        "number": number,
        "seller": quoted.facts["seller.id"],
        "source": _source(location, quoted),
        "arrival": _arrival(quoted),
        "sale": quoted.facts["sale.kind"],
        "lines": [{"line": p.line.id, "sku": p.line.sku, "quantity": p.quantity} for p in quoted.goods],
        "shipments": shipments,
        "promise": None if latest is None else {"earliest": plain(earliest), "latest": plain(latest)},
        "border": {
            **_border(quoted),
            **standing,
            **({"by_day": days} if days else {}),
        },
        "documents": documents,
        "costs": [
            {"payer": payer, "code": code, "amount": amount.to_json()} for payer, code, amount in costs
        ],
    }
    return Consigned(body, tuple(said), tuple(dict.fromkeys(needs)), price, earliest, latest, tuple(costs))


def _source(location: Location, quoted: Quoted) -> dict[str, object]:
    return {
        "location": location.id,
        "kind": location.kind,
        "entity": location.entity,
        "territory": quoted.profile.territory.code,
    }


def _arrival(quoted: Quoted) -> dict[str, object]:
    point = next((s.point for s in quoted.shipments if s.point is not None), None)
    body: dict[str, object] = {"kind": quoted.arrival.kind, "territory": quoted.arrival.territory.code}
    if quoted.arrival.location is not None:
        body["location"] = quoted.arrival.location.id
    if point is not None:
        body["pickup_point"] = {"id": point.id, "name": point.name, "territory": point.territory}
    return body


def _documents(asker: Asker, quoted: Quoted, said: list[Said]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    facts = {**quoted.facts, **quoted.treatment.route.facts()}
    export = asker.ask("customs.export_declaration", facts, quoted.members)
    answer = asker.ask("customs.documents", facts, quoted.members)
    said.append(answer)
    for group, certain in ((answer.answer.certain, True), (answer.answer.possible, False)):
        for item in group:
            if isinstance(item, Record):
                body: dict[str, object] = {"code": item["code"], "side": item["side"], "certain": certain}
                if not certain:
                    body["needs"] = [list(names) for names in asker.needs(answer)]
                found.append(body)
    said.append(export)
    if export.answer.decided:
        quoted.facts["customs.export_declaration"] = export.answer.value
    if not export.answer.decided:
        found.append(
            {
                "code": "export_declaration",
                "side": "export",
                "certain": False,
                "needs": [list(names) for names in asker.needs(export)],
            }
        )
    return sorted(found, key=lambda item: (str(item["side"]), str(item["code"])))


def _standing(asker: Asker, quoted: Quoted, said: list[Said]) -> dict[str, object]:
    """What the seller lacks to do this lawfully, the turnover limits it nears, and the proof it has to keep."""
    registration = asker.ask("vat.registration_needed", quoted.facts, quoted.members)
    facts = {**quoted.facts, **quoted.treatment.route.facts(), **quoted.treatment.outcomes}
    proof = asker.ask("vat.proof", facts, quoted.members)
    limits = asker.ask("vat.thresholds", quoted.facts, quoted.members)
    said += [registration, limits, proof]
    return {
        "registration_needed": sorted(map(str, registration.answer.certain)),
        "thresholds": [plain(item) for item in limits.answer.certain],
        "proof": sorted(map(str, proof.answer.certain)),
    }


def _prepared(
    asker: Asker,
    location: Location,
    shipment: Shipment,
    quoted: Quoted,
    case: Case,
    said: list[Said],
    needs: list[tuple[str, ...]],
) -> tuple[Preparation | Reason | None, dict[str, object]]:
    facts = {**quoted.facts, **shipment.facts, **quoted.treatment.route.facts()}
    method = asker.ask("preparation.method", facts, quoted.members)
    steps = asker.ask("preparation.steps", facts, quoted.members)
    said += [method, steps]
    if not method.answer.decided:
        needs += asker.needs(method)
        return None, {"method": None, "steps": []}
    ordered = sorted(
        (item for item in steps.answer.certain if isinstance(item, Record)),
        key=lambda item: (int(str(item["rank"])), str(item["code"])),
    )
    calendar = asker.world.carriers.calendars.of(location.place)
    plan = prepare(
        location,
        str(method.answer.value),
        [Step(str(item["code"]), int(str(item["minutes"]))) for item in ordered],
        case.order.placed_at,
        lambda _, day: asker.world.carriers.calendars.is_holiday(calendar, day),
        departs=shipment.service is not None,
    )
    body: dict[str, object] = {"method": method.answer.value}
    if isinstance(plan, Reason):
        return plan, {**body, "steps": [item["code"] for item in ordered], "cannot": plan.to_json()}
    body["steps"] = [
        {"code": step.code, "start": plain(step.start), "end": plain(step.end)} for step in plan.steps
    ]
    body |= {
        "start_by": plain(plan.start_by),
        "deadline": plain(plan.deadline),
        "leaves": plain(plan.leaves),
        "binding": plan.binding,
    }
    return plan, body


def _promised(
    asker: Asker, shipment: Shipment, quoted: Quoted, preparation: Preparation | Reason | None
) -> Promise | Reason | None:
    if shipment.service is None or not isinstance(preparation, Preparation):
        return None
    days = (0, 0)
    if quoted.facts["crosses.fiscal_border"]:
        window = asker.ask("customs.declaration_window", quoted.facts, quoted.members).answer.value
        days = (0, window if isinstance(window, int) else 0)
    weekdays = shipment.point.weekdays if shipment.point is not None else None
    return asker.world.carriers.promise(
        shipment.service, quoted.profile.territory.code, preparation.leaves, shipment.place, days, weekdays
    )


def _offered(
    asker: Asker, shipment: Shipment, quoted: Quoted, said: list[Said], needs: list[tuple[str, ...]]
) -> Money | None:
    """What the buyer pays for delivery by this service: the offer, and never below a legal minimum."""
    facts = {**quoted.facts, **shipment.facts, **quoted.treatment.route.facts()}
    best: Money | None = None
    for question in ("offers.delivery_price", "offers.minimum_price"):
        answer = asker.ask(question, facts, quoted.members)
        said.append(answer)
        value = answer.answer.value
        if isinstance(value, Money):
            minor = asker.minor(value.amount, value.currency)
            if minor is not None:
                turned = Money(minor, asker.currency)
                best = turned if best is None or best < turned else best
        elif question == "offers.delivery_price":
            needs += asker.needs(answer)
            return None
    return best


def _shipment(
    shipment: Shipment,
    case: Case,
    preparation: Mapping[str, object],
    promised: Promise | Reason | None,
) -> dict[str, object]:
    service, currency = shipment.service, case.order.currency
    body: dict[str, object] = {
        "mode": service.mode if service else "shop",
        "speed": service.speed if service else "standard",
        "service": service.id if service else None,
        "carrier": service.carrier if service else None,
        "lines": [{"line": name, "quantity": quantity} for name, quantity in shipment.lines],
        "parcels": [
            {
                "contents": [{"line": name, "quantity": quantity} for name, quantity in parcel.contents],
                "weight_g": parcel.weight_g,
                "box_mm": list(parcel.box_mm),
                "carton": parcel.carton,
            }
            for parcel in shipment.parcels
        ],
        "carrier_cost": Money(shipment.cost, currency).to_json(),
        "preparation": dict(preparation),
    }
    if shipment.price is not None:
        body["carrier_cost_lines"] = [
            {"code": line.code, "amount": line.amount.to_json()} for line in shipment.price.lines
        ]
        body["demo_rates"] = shipment.price.demo
    if shipment.point is not None:
        body["pickup_point"] = shipment.point.id
    if isinstance(promised, Promise):
        body["promise"] = {
            "earliest": plain(promised.earliest),
            "latest": plain(promised.latest),
            "by": plain(promised.by),
            "binding": promised.binding,
            "confidence": promised.confidence,
        }
    elif isinstance(promised, Reason):
        body["promise"] = {"cannot_determine": promised.to_json()}
    return body


def _border(quoted: Quoted) -> dict[str, object]:
    treatment = quoted.treatment
    outcomes, route = treatment.outcomes, treatment.route
    body: dict[str, object] = {
        "crosses": {
            key: quoted.facts[f"crosses.{key}_border"] for key in ("customs", "vat", "excise", "security")
        },
        "dispatch": {
            "territory": quoted.profile.territory.code,
            "treatment": outcomes.get("vat.dispatch_treatment"),
        },
        "arrival": {
            "territory": quoted.arrival.territory.code,
            "treatment": outcomes.get("vat.arrival_treatment"),
        },
        "export_declaration": quoted.facts.get("customs.export_declaration"),
        "declaration": route.declaration,
        "vat_route": route.vat,
        "incoterm": route.incoterm,
        "vat_scheme": outcomes.get("vat.scheme"),
        "vat_charged_by": outcomes.get("vat.charged_by"),
        "duty_method": outcomes.get("customs.duty_method"),
        "intrinsic_value": plain(quoted.facts.get("consignment.intrinsic_value")),
        "declaration_acceptance": plain(quoted.facts.get("declaration.acceptance")),
    }
    if treatment.assessment is not None:
        body["assessment"] = assessment_json(treatment.assessment)
    if treatment.gaps:
        body["cannot_determine"] = list(treatment.gaps)
    return body


def assessment_json(result: Assessment) -> dict[str, object]:
    """Duty, tax and charges with every step."""
    return {
        "currency": result.currency,
        "customs_value": plain(result.customs_value),
        "duty": plain(result.duty),
        "vat_base": plain(result.vat_base),
        "vat": plain(result.vat),
        "charges": [
            {"code": c.code, "amount": plain(c.amount), "payer": c.payer, "in_vat_base": c.in_vat_base}
            for c in result.charges
        ],
        "lines": [
            {"line": line.id, "duty": plain(line.duty), "vat": plain(line.vat)} for line in result.lines
        ],
        "steps": [
            {
                key: plain(getattr(step, key))
                for key in ("name", "line", "formula", "base", "rate", "amount", "source", "rounding")
                if getattr(step, key) not in (None, "")
            }
            for step in result.steps
        ],
        "cannot_determine": [
            {"what": gap.what, "line": gap.line, "needs": list(gap.needs)} for gap in result.cannot_determine
        ],
    }


def _costs(quoted: Quoted, case: Case, handling: int) -> list[tuple[str, str, Money]]:
    currency = case.order.currency
    found = [("seller", "transport", Money(quoted.transport, currency))]
    if handling:
        found.append(("seller", "handling", Money(handling, currency)))
    result, route = quoted.treatment.assessment, quoted.treatment.route
    if result is None:
        return found
    border_payer = "seller" if route.incoterm == "DDP" else "buyer"
    charged = str(quoted.treatment.outcomes.get("vat.charged_by"))

    def amount(value: Decimal) -> Money:
        return Money.rounded(value, currency)

    if result.duty is not None and result.duty.high:
        found.append((border_payer, "duty", amount(result.duty.low)))
    if result.vat is not None and result.vat.high:
        payer = {
            "seller": "buyer_through_seller",
            "platform": "buyer_through_platform",
            "customs": border_payer,
        }.get(charged, "buyer")
        code = "vat_recoverable" if quoted.treatment.recoverable else "vat"
        found.append((payer, code, amount(result.vat.low)))
    found += [
        (charge.payer, charge.code, amount(charge.amount.low))
        for charge in result.charges
        if charge.amount is not None and charge.amount.high
    ]
    return found
