"""Which quotes to ask, and in what order.

Without a floor function everything that may still improve is asked at once.
With one, or when there is more than the budget, quotes are asked best first: a
bundle whose floor, with the floor of its rest, is not below the best plan so
far is never asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fulfilment.bundles import Shape
from fulfilment.costs import NEVER, Costs
from fulfilment.division import Division
from fulfilment.sourcing import Floor, Limits, Site

__all__ = ["ask_best_first", "ask_everything", "ask_whole", "fits_budget", "goods_floor"]

_FIRST_BATCH = 64


@dataclass(slots=True)
class _Open:
    """A quote not yet asked, with an amount its bundle's cost is never below."""

    low: int
    profile: int
    bundle: int
    site: Site


def ask_whole(costs: Costs) -> bool:
    """Quotes the whole order from every profile that holds all of it; False where the budget forbids."""
    full = costs.space.shape.full
    sites = [(number, profile.site(full, 0)) for number, profile in enumerate(costs.profiles)]
    holders = [(number, site) for number, site in sites if site is not None]
    if len(holders) > costs.limits.budget:
        return False
    for number, site in holders:
        costs.ask(number, full, site)
    return True


def fits_budget(costs: Costs) -> bool:
    """Whether every bundle of every profile may be quoted."""
    pairs = sum([profile.covered.bit_count() for profile in costs.profiles])
    return costs.asked + pairs <= costs.limits.budget


def ask_everything(costs: Costs) -> None:
    """Quotes every bundle that may be part of a plan cheaper than the whole from one site."""
    full = costs.space.shape.full
    limits = costs.limits
    others = limits.quote_floor + limits.consignment_penalty
    others += min([site.cost for profile in costs.profiles for _, site in profile.tiers[0]], default=0)
    if limits.allow_partial:
        others = min(others, limits.unserved_penalty)
    below = costs.best[full] - others - goods_floor(costs) if costs.best[full] < NEVER else NEVER
    parts = costs.space.shape.everything - 1 - (1 << full)
    for number in range(len(costs.profiles)):
        costs.ask_all(number, parts, below)


def goods_floor(costs: Costs) -> int:
    """What the units of the order add at least to the quotes of any plan, or to its penalty."""
    limits = costs.limits
    goods = 0
    for demand in costs.space.demands:
        each = min(demand.floor, limits.unserved_penalty) if limits.allow_partial else demand.floor
        goods += each * demand.quantity
    return goods


def ask_best_first(costs: Costs, floor: Floor | None, units: Sequence[int]) -> int:
    """Quotes in the order of promise until no quote can improve or the budget is spent.

    Returns an amount that no plan costs less than (one penalty included), NEVER if
    everything that matters was asked.
    """
    limits, shape = costs.limits, costs.space.shape
    unasked = _list_open(costs, floor)
    below = costs.best[shape.full]
    batch = _FIRST_BATCH
    while True:
        optimistic = list(costs.best)
        for entry in unasked:
            if entry.low < optimistic[entry.bundle]:
                optimistic[entry.bundle] = entry.low
        bounds = _Bounds(shape, optimistic, limits, units)
        promising = []
        for entry in unasked:
            low = entry.low + bounds.rest(shape.full - entry.bundle, limits.max_consignments - 1)
            if low < below:
                promising.append((low, entry.profile, entry.bundle, entry))
        promising.sort(key=lambda item: item[:3])
        if not promising:
            return NEVER
        room = min(batch, limits.budget - costs.asked)
        if room <= 0:
            return min(below, bounds.rest(shape.full, limits.max_consignments))
        for _, profile, bundle, entry in promising[:room]:
            costs.ask(profile, bundle, entry.site)
        unasked = [item[3] for item in promising[room:]]
        batch *= 2
        found = Division(costs, limits.max_consignments).solve(shape.full, below)
        if found is not None:
            below = found[0]


def _list_open(costs: Costs, floor: Floor | None) -> list[_Open]:
    shape, limits = costs.space.shape, costs.limits
    parts = shape.everything - 1
    if costs.asked:
        parts -= 1 << shape.full
    unasked = []
    lines = costs.space.bundles
    each = {demand.line: demand.floor for demand in costs.space.demands}
    for number, profile in enumerate(costs.profiles):
        for bits, site in profile.tiers[0]:
            extra = site.cost + limits.consignment_penalty
            for bundle in shape.members(bits & parts):
                low = limits.quote_floor + sum([each[line] * units for line, units in lines[bundle]])
                if floor is not None:
                    low = max(low, floor(profile.key, lines[bundle]))
                unasked.append(_Open(low + extra, number, bundle, site))
    return unasked


class _Bounds:
    """What a rest costs at least, from optimistic costs of its bundles; unserved units count as a part."""

    __slots__ = ("low", "memo", "more", "shape")

    def __init__(self, shape: Shape, optimistic: list[int], limits: Limits, units: Sequence[int]) -> None:
        self.shape = shape
        self.memo: dict[tuple[int, int], int] = {}
        self.more = 0
        self.low = optimistic
        if limits.allow_partial:
            self.more = 1
            penalty = limits.unserved_penalty
            self.low = [min(cost, penalty * n) for cost, n in zip(optimistic, units, strict=True)]

    def rest(self, rest: int, parts: int) -> int:
        """The bound for ``rest`` in at most so many consignments."""
        return self._least(rest, parts + self.more)

    def _least(self, rest: int, parts: int) -> int:
        if rest == 0:
            return 0
        if parts <= 1:
            return self.low[rest] if parts else NEVER
        found = self.memo.get((rest, parts))
        if found is None:
            low = self.low
            found = min([low[s] + self._least(rest - s, parts - 1) for s in self.shape.leading(rest)])
            self.memo[rest, parts] = found
        return found
