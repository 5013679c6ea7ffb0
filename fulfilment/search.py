"""The sourcing search: which locations send which lines, at the least cost.

Exact as long as the order has few enough bundles (ten lines, or fewer with
quantities that may be divided): every way to divide the lines into at most K
consignments from K different locations is covered by bounds, whatever the
quotes are. Quotes need be neither sub- nor superadditive nor monotone, as duty
is none of these. Beyond, the plan comes with a proven gap.

A location is used once in a plan: two consignments from one location at one
time would be one consignment to the law, however they are labelled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from domain import InputError
from fulfilment.alternatives import alternatives
from fulfilment.asking import ask_best_first, ask_everything, ask_whole, fits_budget, goods_floor
from fulfilment.bundles import Space
from fulfilment.costs import NEVER, Costs
from fulfilment.coverage import Holdings, Profile, covers, group
from fulfilment.digits import cut
from fulfilment.division import Division
from fulfilment.plans import Raw, to_plan, units_of
from fulfilment.repair import Workshop
from fulfilment.sourcing import Demand, Floor, Limits, Plan, Quote, Site, Sourcing

__all__ = ["search"]

_DEFAULT = Limits()


def search(
    demands: Sequence[Demand],
    sites: Sequence[Site],
    available: Mapping[tuple[str, str], int],
    quote: Quote,
    limits: Limits = _DEFAULT,
    floor: Floor | None = None,
) -> Sourcing:
    """The cheapest plan, and others that differ from it.

    ``available``: units by (site id, SKU), buffers already taken off; absent is none.
    ``quote`` is asked at most once per profile and bundle. ``floor``, where given,
    is a cheap amount its quote is never below: it saves quotes. The answer does not
    depend on the order of the input. No plans: the order cannot be served.

    Errors: ``InputError`` for repeated ids, impossible limits, or a quote below its floor.

    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True)
    ... class Flat:
    ...     cost: int
    >>> found = search(
    ...     [Demand("1", "LAMP", 2)],
    ...     [Site("LYON", "inland"), Site("BASEL", "abroad")],
    ...     {("LYON", "LAMP"): 2, ("BASEL", "LAMP"): 9},
    ...     lambda profile, lines: Flat(700 if profile == "inland" else 900),
    ... )
    >>> found.plans[0].allocations[0].site, found.plans[0].cost, found.exact
    ('LYON', 700, True)
    """
    _check(demands, sites, limits)
    if not demands:
        return Sourcing((Plan((), 0),), 0, Decimal(0), True, 0)
    lines = sorted(demands, key=lambda demand: demand.line)
    wanted: dict[str, int] = {}
    for line in sorted(lines, key=lambda demand: demand.sku):
        wanted[line.sku] = wanted.get(line.sku, 0) + line.quantity
    held = Holdings(sites, wanted, available)
    digits, complete = cut(lines, held.column, limits)
    space = Space(lines, digits, held.skus)
    profiles = group(sites, covers(space, held), limits.max_consignments)
    costs = Costs(space, profiles, limits, quote)
    units = units_of(space) if limits.allow_partial else ()
    floors = _ask(costs, floor, units)
    division = Division(costs, _depth(profiles, limits))
    best, low = _best(division, units)
    floors = min(floors, low)
    if not complete:
        shop = Workshop(lines, sites, available, costs)
        plan = shop.improve(best)
        return _sourcing(costs, division, best, plan, min(floors, _loose_bound(costs, held)))
    plan = None if best is None else to_plan(costs, best)
    return _sourcing(costs, division, best, plan, floors)


def _ask(costs: Costs, floor: Floor | None, units: Sequence[int]) -> int:
    """Asks the quotes that matter; returns what no plan costs less than, NEVER if all was asked."""
    asked = ask_whole(costs)
    if asked and costs.limits.max_consignments == 1 and not costs.limits.allow_partial:
        return NEVER
    if floor is None and fits_budget(costs):
        ask_everything(costs)
        return NEVER
    return ask_best_first(costs, floor, units)


def _depth(profiles: Sequence[Profile], limits: Limits) -> int:
    """Consignments that make sense: no more than there are sites of use."""
    depth = limits.max_consignments
    if len(profiles) < depth:
        sites = {site.id for profile in profiles for tier in profile.tiers for _, site in tier}
        depth = max(1, min(depth, len(sites)))
    return depth


def _best(division: Division, units: Sequence[int]) -> tuple[Raw | None, int]:
    """The cheapest division of the order, of all served first, then of less where allowed.

    Also what no division costs less than, where the budget ended the search; else NEVER.
    """
    limits = division.costs.limits
    full = division.costs.space.shape.full
    found = division.solve(full, NEVER)
    best = None if found is None else Raw(found[0], found[1], 0)
    lows = [division.bound(full, division.depth)]
    if not limits.allow_partial:
        return best, lows[0] if division.exhausted else NEVER
    below = NEVER if best is None else best.cost
    candidates = []
    for left in range(1, full + 1):
        penalty = limits.unserved_penalty * units[left] + (limits.consignment_penalty if left == full else 0)
        if penalty < below:
            low = penalty + division.bound(full - left, division.depth)
            if low < below:
                candidates.append((low, penalty, left))
    lows += [low for low, _, _ in candidates]
    for low, penalty, left in sorted(candidates):
        if low >= below:
            break
        found = division.solve(full - left, below - penalty)
        if found is not None:
            below = found[0] + penalty
            best = Raw(below, found[1], left)
    return best, min(lows) if division.exhausted else NEVER


def _loose_bound(costs: Costs, held: Holdings) -> int:
    """What no plan at all costs less than, where lines had to be gathered; one penalty included.

    One consignment of everything is known exactly. Two or more cost at least two
    floors; leaving something costs its penalty.
    """
    limits = costs.limits
    one = limits.quote_floor + limits.consignment_penalty
    one += min([site.cost for profile in costs.profiles for _, site in profile.tiers[0]], default=0)
    bounds = [costs.best[costs.space.shape.full]]
    goods = goods_floor(costs)
    if limits.max_consignments > 1:
        bounds.append(2 * one + goods)
    if limits.allow_partial:
        pairs = zip(held.skus, held.wanted, strict=True)
        short = sum([max(0, units - sum(held.column(sku))) for sku, units in pairs])
        least = limits.unserved_penalty * max(short, 1) + min(one, limits.consignment_penalty)
        bounds.append(max(least, goods))
    return min(bounds)


def _sourcing(costs: Costs, division: Division, best: Raw | None, plan: Plan | None, bound: int) -> Sourcing:
    penalty = costs.limits.consignment_penalty
    if plan is None:
        proven = bound >= NEVER
        return Sourcing((), 0 if proven else max(bound - penalty, 0), Decimal(0), proven, costs.asked)
    others = [] if best is None else alternatives(division, best, plan)
    lower = min(plan.cost, bound - penalty)
    exact = lower == plan.cost
    gap = Decimal(0) if exact else Decimal(1)
    if not exact and plan.cost > 0:
        gap = Decimal(plan.cost - lower) / Decimal(plan.cost)
    return Sourcing((plan, *others), lower, gap, exact, costs.asked)


def _check(demands: Sequence[Demand], sites: Sequence[Site], limits: Limits) -> None:
    for what, ids in (("line", [d.line for d in demands]), ("site", [s.id for s in sites])):
        if len(set(ids)) < len(ids):
            twice = min({name for name in ids if ids.count(name) > 1})
            raise InputError(
                f"{what} {twice!r} is given twice",
                code=f"sourcing.repeated_{what}",
                cure=f"give every {what} an id of its own",
            )
    for demand in demands:
        if demand.quantity < 1:
            raise InputError(
                f"line {demand.line!r} asks for {demand.quantity} units",
                code="sourcing.quantity",
                cure="ask for at least one unit, or leave the line out",
            )
        if demand.floor < 0:
            raise InputError(
                f"line {demand.line!r} has a floor of {demand.floor}",
                code="sourcing.floor",
                cure="use a floor of 0 or more",
            )
    if limits.max_consignments < 1:
        raise InputError(
            f"max_consignments is {limits.max_consignments}",
            code="sourcing.limits",
            cure="allow at least one consignment",
        )
    if limits.consignment_penalty < 0 or limits.unserved_penalty < 0 or limits.budget < 1:
        raise InputError(
            "penalties are negative or the budget is below 1",
            code="sourcing.limits",
            cure="use penalties of 0 or more and a budget of at least 1",
        )
