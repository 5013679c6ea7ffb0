"""Why not this service? The smallest change that would make it win, tried by deciding again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from domain import Money, Order, UnknownReference
from engine.because import rule_json
from engine.decide import decide
from engine.rulebook import Rulebook
from engine.rulebook.problems import nearest
from engine.supply import Supply
from engine.world import World

__all__ = ["Change", "apply", "why_not"]

MOST_CHANGES = 6


@dataclass(frozen=True, slots=True)
class Change:
    """One change: ``price`` (minor units on a service), ``rule_off``, ``contract``, ``wish`` (drop or set what
    the buyer asked for), ``weight`` (grams of a line at most)."""

    kind: str
    target: str
    by: int = 0
    fields: Mapping[str, object] = field(default_factory=dict)

    def to_json(self, currency: str) -> dict[str, object]:
        """Stable machine form."""
        body: dict[str, object] = {"kind": self.kind, "target": self.target}
        if self.kind == "price":
            body["by"] = Money(self.by, currency).to_json()
        if self.fields:
            body["fields"] = dict(self.fields)
        return body


def apply(changes: Sequence[Change], order: Order, world: World) -> tuple[Order, World]:
    """The order and the world under the changes."""
    for change in changes:
        if change.kind == "price":
            prices = dict(world.adjustments.price_delta)
            prices[change.target] = prices.get(change.target, 0) + change.by
            world = world.adjusted(replace(world.adjustments, price_delta=prices))
        elif change.kind == "contract":
            world = world.adjusted(
                replace(world.adjustments, contracts=world.adjustments.contracts | {change.target})
            )
        elif change.kind == "rule_off":
            world = replace(world, rulebook=world.rulebook.without({change.target}))
        elif change.kind == "wish":
            order = order.model_copy(
                update={"delivery": order.delivery.model_copy(update=dict(change.fields))}
            )
    return order, world


def why_not(order: Order, world: World, supply: Supply, service: str) -> dict[str, object]:
    """The smallest change after which the service is in the winning plan.

    The answer was tried: applying ``changes`` and deciding again gives a plan with the
    service. ``possible`` is false where no change of price, contract, wish or rule helps
    (no lane there, goods beyond its limits); then ``blocked_by`` says what stands in the way.
    """
    known = {item.id for item in world.carriers.services}
    if service not in known:
        raise UnknownReference(
            f"there is no service {service!r}",
            code="service.unknown",
            place="/service",
            cure=nearest(service, known),
        )
    plain_order = order.model_copy(update={"delivery": order.delivery.model_copy(update={"offer_id": None})})
    base = decide(plain_order, world, supply)
    body: dict[str, object] = {"order": order.id, "candidate": service}
    if uses(base, service):
        return {**body, "outcome": "wins_already", "possible": True, "changes": [], "blocked_by": []}
    changes, blocked = _unblock(plain_order, world, supply, service)
    if changes is None:
        return {**body, "outcome": "not_possible", "possible": False, "changes": [], "blocked_by": blocked}
    changed_order, changed_world = apply(changes, plain_order, world)
    if uses(decide(changed_order, changed_world, supply), service):
        return {
            **body,
            "outcome": "would_win",
            "possible": True,
            "changes": [c.to_json(order.currency) for c in changes],
            "blocked_by": blocked,
        }
    price = _price_gap(changed_order, changed_world, supply, service)
    if price is None:
        return {
            **body,
            "outcome": "not_possible",
            "possible": False,
            "changes": [c.to_json(order.currency) for c in changes],
            "blocked_by": blocked,
        }
    every = [*changes, price]
    return {
        **body,
        "outcome": "would_win",
        "possible": True,
        "changes": [c.to_json(order.currency) for c in every],
        "blocked_by": blocked,
        "difference": every[-1].to_json(order.currency)["by"],
    }


def uses(decision: Mapping[str, object], service: str) -> bool:
    """Whether the decided plan ships anything by the service."""
    consignments = decision["consignments"]
    assert isinstance(consignments, list)
    return any(
        shipment["service"] == service
        for consignment in consignments
        for shipment in consignment["shipments"]
    )


def _forced(order: Order, world: World, service: str) -> Order:
    chosen = world.carriers.get(service)
    wish: dict[str, object] = {"service": service, "speed": None}
    if chosen.mode in ("home", "parcel_shop", "locker", "two_person") and order.delivery.collect_at is None:
        wish["mode"] = chosen.mode
    return order.model_copy(update={"delivery": order.delivery.model_copy(update=wish)})


def _unblock(
    order: Order, world: World, supply: Supply, service: str
) -> tuple[list[Change] | None, list[dict[str, object]]]:
    """Changes after which the service, asked for by name, is lawful and possible."""
    changes: list[Change] = []
    blocked: list[dict[str, object]] = []
    mode = world.carriers.get(service).mode
    wish = order.delivery
    fields: dict[str, object] = {}
    if wish.mode is not None and wish.mode != mode:
        fields["mode"] = mode
    if wish.speed is not None and wish.speed != world.carriers.get(service).speed:
        fields["speed"] = None
    if wish.service is not None:
        fields["service"] = None
    if fields:
        changes.append(Change("wish", "delivery", fields=fields))
        blocked.append({"code": "wish", "fields": sorted(fields)})
    for _ in range(MOST_CHANGES):
        changed_order, changed_world = apply(changes, order, world)
        decision = decide(
            _forced(changed_order, changed_world, service), changed_world, supply, detail="full"
        )
        if uses(decision, service) and decision["status"] in ("routed", "partial"):
            return changes, blocked
        step = _next(decision, service, world.rulebook, changes)
        if step is None:
            return None, blocked + _obstacles(decision, service)
        changes.append(step)
        entry: dict[str, object] = {"code": step.kind, "target": step.target}
        if step.kind == "rule_off":
            entry |= rule_json(world.rulebook.rules[step.target])
        blocked.append(entry)
    return None, blocked


def _next(
    decision: Mapping[str, object], service: str, book: Rulebook, tried: Sequence[Change]
) -> Change | None:
    done = {(change.kind, change.target) for change in tried}
    rejected = decision["rejected"]
    assert isinstance(rejected, list)
    for group in rejected:
        if group["code"] == "no_contract" and ("contract", service) not in done:
            return Change("contract", service)
    for group in rejected:
        rule = group.get("rule")
        if (
            rule
            and group["stage"] in ("delivery", "sourcing")
            and service in group["samples"]
            and ("rule_off", rule) not in done
        ):
            return Change("rule_off", str(rule))
    for group in rejected:
        rule = group.get("rule")
        retailer = rule and book.rules[rule].pack != "law"
        if retailer and group["stage"] in ("delivery", "sourcing") and ("rule_off", rule) not in done:
            return Change("rule_off", str(rule))
    return None


def _obstacles(decision: Mapping[str, object], service: str) -> list[dict[str, object]]:
    rejected = decision["rejected"]
    assert isinstance(rejected, list)
    holds, needs = decision["holds"], decision["needs"]
    assert isinstance(holds, list)
    assert isinstance(needs, list)
    if not rejected:
        said = [dict(hold) for hold in holds] + [{"code": "needs", "facts": need["facts"]} for need in needs]
        return said or [{"code": str(decision["status"])}]
    mine = [group for group in rejected if service in group["samples"]] or rejected
    return [{key: group[key] for key in ("stage", "code", "rule") if key in group} for group in mine]


def _price_gap(order: Order, world: World, supply: Supply, service: str) -> Change | None:
    """How much cheaper the service must be: found by doubling and halving, each step decided."""

    def wins(delta: int) -> bool:
        changed_order, changed_world = apply([Change("price", service, -delta)], order, world)
        return uses(decide(changed_order, changed_world, supply), service)

    high = 1
    while not wins(high):
        high *= 4
        if high > 10_000_000:
            return None
    low = high // 4
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if wins(middle) else (middle, high)
    return Change("price", service, -high)
