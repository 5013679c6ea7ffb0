"""Choosing one after the other: a source, then its cheapest carrier, then whatever customs follows.

The sequence is given every help: a place without enough stock or without any lawful way is passed
over, parts from one place travel together, and of the declarations that remain the cheapest is
taken. What it may not do is look at carrier and customs while it chooses the source, nor at
customs while it chooses the carrier.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from carriers import coordinates, distance_m
from domain import Location, Money, Order, Place
from engine.asking import Asker
from engine.case import take_in
from engine.facts.line import line_facts
from engine.facts.order import order_facts
from engine.rulebook import Record
from engine.sourcing import PricedPlan, solve
from engine.supply import Supply
from engine.verdicts import Rejections
from engine.world import Adjustments, World

__all__ = ["Planned", "by_handling", "by_nearness", "in_sequence", "jointly"]

Rank = Callable[[Location, Order], tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan in the words of the comparison; ``cost`` is the objective in minor units."""

    cost: int
    transport: int
    places: tuple[str, ...]
    services: tuple[str, ...]
    schemes: tuple[str, ...]
    declarations: tuple[str, ...]


def jointly(order: Order, world: World, supply: Supply) -> Planned | None:
    """The engine's plan: source, carrier and customs weighed at once. None where there is none."""
    case = take_in(order, world)
    asker = Asker(world, order.currency, case.day)
    facts = order_facts(case, world.rulebook.vocabulary)
    words = world.rulebook.vocabulary
    lines = [{**line_facts(line, order.currency, words), "line.id": line.id} for line in case.lines]
    split = asker.ask("sourcing.split", facts, {"line": lines}).answer.value
    assert isinstance(split, Record)
    amount = split["penalty"]
    assert isinstance(amount, Money)
    penalty = asker.minor(amount.amount, amount.currency)
    most = int(str(split["consignments"]))
    plans: list[PricedPlan] = []
    for seller in case.sellers:
        group = (seller, tuple(line for line in case.lines if line.seller.id == seller.id))
        found = solve(case, group, asker, supply, facts, most, penalty or 0, Rejections()).plans
        if not found or found[0].unserved:
            return None
        plans.append(found[0])
    parts = [part for plan in plans for part in plan.parts]
    return Planned(
        sum(plan.cost for plan in plans),
        sum(quoted.transport for _, quoted in parts),
        tuple(site for site, _ in parts),
        tuple(s.service.id if s.service else "-" for _, quoted in parts for s in quoted.shipments),
        tuple(str(quoted.treatment.scheme) for _, quoted in parts),
        tuple(quoted.treatment.route.declaration for _, quoted in parts),
    )


def by_nearness(location: Location, order: Order) -> tuple[int, str]:
    """Metres to the delivery address."""
    assert order.ship_to is not None
    there, here = coordinates(_address(order)), coordinates(location.place)
    assert there is not None
    assert here is not None
    return distance_m(here, there), location.id


def by_handling(location: Location, order: Order) -> tuple[int, str]:
    """What preparing there costs; the nearer of two that cost the same."""
    return location.handling_cost_minor * 10**8 + by_nearness(location, order)[0], location.id


def in_sequence(order: Order, world: World, supply: Supply, rank: Rank) -> Planned:
    """The plan of a system that asks one question after the other."""
    places = sorted(world.retailer.locations.values(), key=lambda place: rank(place, order))
    chosen: set[str] = set()
    for line in order.lines:
        alone = order.model_copy(update={"lines": (line,)})
        names = (place.id for place in places if jointly(alone, _only(world, {place.id}), supply) is not None)
        chosen.add(next(names))
    left = _only(world, chosen)
    free = jointly(order, left, supply)
    assert free is not None
    if len(free.services) > 1:
        return free
    tried = []
    for service in world.carriers.services:
        wish = order.delivery.model_copy(update={"service": service.id})
        tried.append(jointly(order.model_copy(update={"delivery": wish}), left, supply))
    return min((plan for plan in tried if plan is not None), key=lambda plan: (plan.transport, plan.services))


def _only(world: World, names: set[str]) -> World:
    """The world with every other place closed."""
    return replace(world, adjustments=Adjustments(closed=frozenset(world.retailer.locations) - names))


def _address(order: Order) -> Place:
    ship = order.ship_to
    assert ship is not None
    return Place(ship.country, ship.postcode, ship.city)
