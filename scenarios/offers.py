"""What checkout may offer, and the signed offers that ``decide`` honours until they expire."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from domain import InputError, Money, Order
from engine.asking import Asker
from engine.case import take_in
from engine.decide import Commitment, decide
from engine.facts.order import order_facts
from engine.facts.order_words import MODES, SPEEDS
from engine.supply import Supply
from engine.world import World

__all__ = ["commitment_of", "decide_honouring", "options"]


def options(order: Order, world: World, supply: Supply, key: bytes) -> dict[str, object]:
    """Every admissible mode and speed with its best service, promise and price.

    Each offer carries an ``offer_id``, valid for as long as the ``offers.validity``
    rule says, counted from the order's ``placed_at``.
    """
    case = take_in(order, world)
    asker = Asker(world, order.currency, case.day)
    facts = order_facts(case, world.rulebook.vocabulary)
    validity = asker.ask("offers.validity", facts, {"line": []}).answer.value
    minutes = validity if isinstance(validity, int) else 0
    expires = order.placed_at + timedelta(minutes=minutes)
    found: list[dict[str, object]] = []
    refused: list[dict[str, object]] = []
    for mode, speed in _wishes(order, world):
        wish = order.delivery.model_copy(update={"mode": mode, "speed": speed})
        decision = decide(order.model_copy(update={"delivery": wish}), world, supply)
        if decision["status"] in ("routed", "partial") and decision["consignments"]:
            found.append(_offer(order, mode, speed, decision, expires, key))
        else:
            refused.append(
                {
                    "mode": mode,
                    "speed": speed,
                    "status": decision["status"],
                    "holds": decision["holds"],
                    "needs": decision["needs"],
                }
            )
    found.sort(key=lambda offer: (MODES.index(str(offer["mode"])), SPEEDS.index(str(offer["speed"]))))
    return {
        "order": order.id,
        "expires": expires.isoformat(),
        "options": found,
        "not_offered": refused,
        "versions": {**world.versions, "stock": supply.version},
    }


def _wishes(order: Order, world: World) -> list[tuple[str, str]]:
    if order.delivery.collect_at is not None:
        return [("shop", "standard")]
    pairs = sorted(
        {(service.mode, service.speed) for service in world.carriers.services if service.mode != "shop"}
    )
    mode, speed = order.delivery.mode, order.delivery.speed
    return [(m, s) for m, s in pairs if (mode is None or m == mode) and (speed is None or s == speed)]


def _offer(
    order: Order, mode: str, speed: str, decision: Mapping[str, object], expires: datetime, key: bytes
) -> dict[str, object]:
    consignments = decision["consignments"]
    assert isinstance(consignments, list)
    shipments = [shipment for consignment in consignments for shipment in consignment["shipments"]]
    promises = [consignment["promise"] for consignment in consignments if consignment["promise"]]
    latest = max((promise["latest"] for promise in promises), default=None)
    earliest = max((promise["earliest"] for promise in promises), default=None)
    price = decision["delivery_price"]
    schemes = [consignment["border"]["vat_scheme"] for consignment in consignments]
    token = {
        "o": digest(order),
        "m": mode,
        "s": speed,
        "p": price["amount"] if isinstance(price, dict) else None,
        "l": latest,
        "v": schemes,
        "x": expires.isoformat(),
    }
    return {
        "offer_id": _sign(token, key),
        "mode": mode,
        "speed": speed,
        "service": shipments[0]["service"],
        "services": sorted({str(shipment["service"]) for shipment in shipments}),
        "carrier": shipments[0]["carrier"],
        "pickup_point": next(
            (shipment["pickup_point"] for shipment in shipments if shipment.get("pickup_point")), None
        ),
        "price": price,
        "promise": None if latest is None else {"earliest": earliest, "latest": latest},
        "consignments": len(consignments),
        "landed_cost": decision["landed_cost"],
        "expires": expires.isoformat(),
    }


def digest(order: Order) -> str:
    """What an offer is for: buyer's place, lines and prices, whatever the delivery wish."""
    body = order.model_dump(
        mode="json", exclude={"delivery", "freight", "payment_accepted_at", "history", "comment", "channel"}
    )
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:24]


def _sign(token: Mapping[str, object], key: bytes) -> str:
    text = json.dumps(token, sort_keys=True, separators=(",", ":")).encode()
    seal = hmac.new(key, text, hashlib.sha256).digest()[:16]
    return base64.urlsafe_b64encode(seal + text).decode().rstrip("=")


def commitment_of(order: Order, key: bytes) -> tuple[Commitment, str, str]:
    """The commitment behind the order's ``offer_id``, with the mode and speed it was made for.

    Raises ``InputError``: ``offer.unknown`` (not ours, or altered), ``offer.other_order``, ``offer.expired``.
    """
    offer = order.delivery.offer_id or ""
    try:
        raw = base64.urlsafe_b64decode(offer + "=" * (-len(offer) % 4))
        seal, text = raw[:16], raw[16:]
        token = (
            json.loads(text)
            if hmac.compare_digest(seal, hmac.new(key, text, hashlib.sha256).digest()[:16])
            else None
        )
    except ValueError:
        token = None
    place = "/delivery/offer_id"
    if token is None:
        raise InputError(
            "this offer was not made here", code="offer.unknown", place=place, cure="ask for options again"
        )
    if token["o"] != digest(order):
        raise InputError(
            "this offer was made for another basket or address",
            code="offer.other_order",
            place=place,
            cure="ask for options again",
        )
    when = order.payment_accepted_at or order.placed_at
    if when > datetime.fromisoformat(token["x"]):
        raise InputError(
            f"this offer expired at {token['x']}",
            code="offer.expired",
            place=place,
            cure="ask for options again",
        )
    price = Money.of(token["p"] or "0", order.currency)
    latest = date.fromisoformat(token["l"]) if token["l"] else None
    return (
        Commitment(offer, price, latest, tuple(str(scheme) for scheme in token["v"])),
        str(token["m"]),
        str(token["s"]),
    )


def decide_honouring(
    order: Order, world: World, supply: Supply, key: bytes, detail: str = "summary"
) -> dict[str, object]:
    """Decide; an order that names an offer gets that offer's mode and speed, and is held if its terms would change."""
    if order.delivery.offer_id is None:
        return decide(order, world, supply, detail=detail)
    commitment, mode, speed = commitment_of(order, key)
    if order.freight is not None and order.freight.amount > commitment.delivery_price.amount:
        raise InputError(
            "the order charges more for delivery than the offer",
            code="offer.price",
            place="/freight/amount",
            cure="charge at most the offered price",
        )
    wish = order.delivery.model_copy(update={"mode": mode if mode != "shop" else None, "speed": speed})
    return decide(
        order.model_copy(update={"delivery": wish}), world, supply, detail=detail, commitment=commitment
    )
