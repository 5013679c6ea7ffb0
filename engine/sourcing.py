"""From one seller's lines to a plan: arrivals, sites, buffers, the search, and no artificial split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from carriers import PickupPoint, coordinates, distance_m
from domain import Entity, Place
from engine.asking import Asker, Said
from engine.case import Case, Line
from engine.facts.consignment import Arrival
from engine.facts.line import line_facts
from engine.profiles import Profiles
from engine.quote import Quoted, Quoter
from engine.supply import Supply
from engine.verdicts import Rejections
from fulfilment import Demand, Limits, Plan, Site, Sourcing, StockView, search

__all__ = ["Group", "Solved", "solve"]

POINTS_NEAR = 12
POINT_KM = 40
UNSERVED = 10**10
MOST = 4  # consignments looked at to tell a refused split from no service at all


@dataclass(frozen=True, slots=True)
class Solved:
    """The plans for one seller's lines, best first, as quoted (a split that only dodges a threshold re-priced)."""

    seller: Entity
    lines: tuple[Line, ...]
    plans: tuple[PricedPlan, ...]
    sourcing: Sourcing
    quoter: Quoter
    buffers: tuple[Said, ...]
    shortages: Mapping[str, int]
    handling: Mapping[str, int]
    view: StockView
    day: date


@dataclass(frozen=True, slots=True)
class PricedPlan:
    """A plan with its true cost: every threshold tested on the order's goods together."""

    parts: tuple[tuple[str, Quoted], ...]  # (location id, quote)
    cost: int
    unserved: tuple[tuple[str, int], ...]


Group = tuple[Entity, tuple[Line, ...]]


def solve(
    case: Case,
    group: Group,
    asker: Asker,
    supply: Supply,
    facts: Mapping[str, object],
    most: int,
    penalty: int,
    rejected: Rejections,
    exhaustive: bool = False,
) -> Solved:
    """Search the ways to serve one seller's lines."""
    seller, lines = group
    profiles = Profiles(case, asker.world)
    arrivals, points = _arrivals(case, asker, rejected)
    quoter = Quoter(case, seller, lines, asker, facts, profiles, arrivals, points, rejected, exhaustive)
    sites, available, buffers, handling = _sites(case, seller, lines, asker, supply, facts, profiles)
    limits = Limits(
        max_consignments=most,
        consignment_penalty=penalty,
        allow_partial=case.order.delivery.accepts_partial,
        unserved_penalty=UNSERVED,
        quote_floor=asker.lowest("delivery.preference") * 2
        + asker.lowest("sourcing.penalty")
        + min((0, *asker.world.adjustments.price_delta.values())) * 2,
        alternatives=5,
    )
    demands = [Demand(line.id, line.sku, line.quantity) for line in lines]
    found = search(demands, sites, available, quoter, limits)
    extra = found.plans
    if most > 1 and any(len(plan.allocations) > 1 for plan in found.plans):
        whole = search(demands, sites, available, quoter, replace(limits, max_consignments=1, alternatives=2))
        extra = (*found.plans, *whole.plans)
    plans = _together(extra, quoter, penalty, rejected)
    shortages = _shortages(lines, sites, available)
    if not plans and shortages and not rejected.legal():
        _if_there_were_stock(
            case, group, asker, supply, facts, profiles, (arrivals, points), limits, rejected
        )
    if (
        not plans
        and not shortages
        and search(
            demands, sites, available, quoter, replace(limits, max_consignments=MOST, alternatives=0)
        ).plans
    ):
        rejected.add("sourcing", "split_refused", "", f"at most {most}")
        shortages = _beyond_one_place(lines, sites, available)
    return Solved(
        seller,
        lines,
        plans,
        found,
        quoter,
        tuple(buffers),
        shortages,
        handling,
        supply.view(seller),
        case.day,
    )


def _if_there_were_stock(
    case: Case,
    group: Group,
    asker: Asker,
    supply: Supply,
    facts: Mapping[str, object],
    profiles: Profiles,
    reach: tuple[Sequence[Arrival], Mapping[str, tuple[PickupPoint, ...]]],
    limits: Limits,
    rejected: Rejections,
) -> None:
    """Note what the law refuses however much stock arrives: no backorder is promised for it."""
    seller, lines = group
    legal = Rejections()
    quoter = Quoter(case, seller, lines, asker, facts, profiles, reach[0], reach[1], legal)
    places = set(asker.world.retailer.locations)
    keepers = {name for name, _ in supply.view(seller).records} & places or places
    if case.order.kind == "replenishment" and case.target is not None:
        keepers.discard(case.target.id)
    sites = [
        Site(name, profile.index, 0, (0, name))
        for name in sorted(keepers)
        if (profile := profiles.of(asker.world.retailer.locations[name])) is not None
    ]
    whole = tuple((line.id, line.quantity) for line in lines)
    if any(quoter(profile, whole) is not None for profile in dict.fromkeys(site.profile for site in sites)):
        return
    plenty = {(site.id, line.sku): sum(other.quantity for other in lines) for site in sites for line in lines}
    demands = [Demand(line.id, line.sku, line.quantity) for line in lines]
    if not search(demands, sites, plenty, quoter, replace(limits, alternatives=0)).plans and legal.legal():
        rejected.take(legal)


def _arrivals(
    case: Case, asker: Asker, rejected: Rejections
) -> tuple[list[Arrival], dict[str, tuple[PickupPoint, ...]]]:
    order, world = case.order, asker.world
    if case.finding.territory is None:
        return [], {}
    if case.target is not None:
        return [Arrival("shop", case.destination, case.finding.territory, case.target)], {}
    wish = order.delivery
    found: list[Arrival] = []
    if wish.mode in (None, "home", "two_person") and wish.pickup_point is None:
        found.append(Arrival("address", case.destination, case.finding.territory))
    points: dict[str, tuple[PickupPoint, ...]] = {}
    if wish.mode in (None, "parcel_shop", "locker"):
        networks = sorted({s.network for s in world.carriers.services if s.network})
        near: Sequence[PickupPoint]
        if wish.pickup_point is not None:
            near = (world.carriers.points.get(wish.pickup_point),)
        else:
            near = [
                p
                for n in networks
                for p in world.carriers.points.near(case.destination, (n,), POINTS_NEAR, POINT_KM)
            ]
        if (
            wish.pickup_point is None
        ):  # collecting abroad changes who imports: only a buyer's own choice does that
            near = [point for point in near if point.territory == case.destination.territory]
        for point in near:
            points[point.network] = (*points.get(point.network, ()), point)
        for territory in dict.fromkeys(point.territory for point in near):
            first = next(point for point in near if point.territory == territory)
            place = replace(first.place, territory=territory)
            found.append(Arrival("pickup_point", place, world.territories.get(territory)))
        if not near and wish.mode is not None:
            known = wish.pickup_point is not None or coordinates(case.destination) is not None
            rejected.add(
                "service",
                "no_pickup_point" if known else "place_not_located",
                "",
                case.destination.postcode or case.destination.country,
            )
    return found, points


def _sites(
    case: Case,
    seller: Entity,
    lines: Sequence[Line],
    asker: Asker,
    supply: Supply,
    facts: Mapping[str, object],
    profiles: Profiles,
) -> tuple[list[Site], dict[tuple[str, str], int], list[Said], dict[str, int]]:
    world, view = asker.world, supply.view(seller)
    there = coordinates(case.destination)
    skus = {line.sku for line in lines}
    sites: list[Site] = []
    available: dict[tuple[str, str], int] = {}
    said: dict[tuple[int, str], Said] = {}
    handling: dict[str, int] = {}
    words = asker.book.vocabulary
    for name in sorted(world.retailer.locations):
        location = world.retailer.locations[name]
        if name in world.adjustments.closed or (
            case.order.kind == "replenishment" and case.target is not None and name == case.target.id
        ):
            continue
        if not any((name, sku) in view.records for sku in skus):
            continue
        profile = profiles.of(location)
        if profile is None:
            continue
        for line in lines:
            key = (profile.index, line.sku)
            if key not in said:
                known = {
                    **facts,
                    **line_facts(line, case.order.currency, words),
                    "dispatch.location_kind": location.kind,
                    "dispatch.location": name,
                    "dispatch.abilities": location.abilities,
                    "dispatch.labels": location.labels,
                    "dispatch.territory": profile.territory.code,
                    "dispatch.country": location.place.country,
                    "dispatch.date": profile.leaves,
                    "same.place": case.target is not None and case.target.id == name,
                }
                said[key] = asker.ask("stock.buffer", known)
            units = view.available(name, line.sku, _most(said[key]))
            if units:
                available[name, line.sku] = units
        cost = asker.minor(Decimal(location.handling_cost_minor).scaleb(-2), world.retailer.currency) or 0
        handling[name] = cost
        sites.append(Site(name, profile.index, cost, (_km(location.place, there), name)))
    return sites, available, list(said.values()), handling


def _most(said: Said) -> int:
    """The buffer; the largest possible one while facts are missing."""
    answer = said.answer
    values = [value for value in (*answer.certain, *answer.possible) if isinstance(value, int)]
    return max(values, default=0)


def _km(place: Place, there: tuple[float, float] | None) -> int:
    here = coordinates(place)
    return distance_m(here, there) // 1000 if here is not None and there is not None else 10**6


def _shortages(
    lines: Sequence[Line], sites: Sequence[Site], available: Mapping[tuple[str, str], int]
) -> dict[str, int]:
    """Units of each line that no stock covers."""
    short: dict[str, int] = {}
    left: dict[str, int] = {}
    for line in lines:
        held = left.get(line.sku, sum(available.get((site.id, line.sku), 0) for site in sites))
        if held < line.quantity:
            short[line.id] = line.quantity - held
        left[line.sku] = max(0, held - line.quantity)
    return short


def _beyond_one_place(
    lines: Sequence[Line], sites: Sequence[Site], available: Mapping[tuple[str, str], int]
) -> dict[str, int]:
    """Units of each line that the best-stocked single place cannot give."""
    best = {
        line.id: max((available.get((site.id, line.sku), 0) for site in sites), default=0) for line in lines
    }
    return {line.id: line.quantity - best[line.id] for line in lines if best[line.id] < line.quantity}


def _together(
    plans: Sequence[Plan], quoter: Quoter, penalty: int, rejected: Rejections
) -> tuple[PricedPlan, ...]:
    """Plans at their true cost, best first.

    Goods of one order that cross into one customs union from outside are tested
    together. A plan that is only cheaper because its parts were tested apart is
    noted as ``threshold_split`` and competes at its true cost.
    """
    priced: dict[tuple[tuple[str, tuple[tuple[str, int], ...]], ...], PricedPlan] = {}
    for plan in plans:
        key = tuple((allocation.site, allocation.lines) for allocation in plan.allocations)
        if key in priced:
            continue
        parts = [(a.site, a.quoted) for a in plan.allocations if isinstance(a.quoted, Quoted)]
        sites = sum(a.site_cost for a in plan.allocations)
        cost = plan.cost
        if len(parts) > 1:
            again = [(site, _joint(quoted, parts, quoter)) for site, quoted in parts]
            if any(new is None for _, new in again):
                rejected.add("sourcing", "threshold_split", "", " + ".join(site for site, _ in parts))
                continue
            new_cost = (
                sum(new.cost for _, new in again if new is not None) + sites + penalty * (len(parts) - 1)
            )
            if not plan.unserved and new_cost > cost:
                rejected.add(
                    "sourcing",
                    "threshold_split",
                    "",
                    " + ".join(site for site, _ in parts),
                    saved_minor=new_cost - cost,
                )
            parts = [(site, new) for site, new in again if new is not None]
            cost = new_cost + (
                plan.cost - sum(a.quoted.cost for a in plan.allocations) - sites - penalty * (len(parts) - 1)
            )
        priced[key] = PricedPlan(tuple(parts), cost, plan.unserved)
    return tuple(
        sorted(
            priced.values(), key=lambda plan: (plan.cost, len(plan.parts), [site for site, _ in plan.parts])
        )
    )


def _joint(quoted: Quoted, parts: Sequence[tuple[str, Quoted]], quoter: Quoter) -> Quoted | None:
    """The quote with what else of the order crosses into the same customs union tested along."""
    also = Decimal(0)
    if quoted.facts["crosses.customs_border"]:
        union = quoted.facts["arrival.customs_union"]
        for _, other in parts:
            if (
                other is not quoted
                and other.facts["crosses.customs_border"]
                and other.facts["arrival.customs_union"] == union
            ):
                also += sum((portion.net for portion in other.goods), Decimal(0))
    bundle = tuple((portion.line.id, portion.quantity) for portion in quoted.goods)
    return quoter.quote(quoted.profile.index, bundle, also, part=True)
