"""The sourcing problem by plain enumeration: what the search must agree with, sharing no code with it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

from fulfilment import Demand, Limits, Site

Available = dict[tuple[str, str], int]


@dataclass(frozen=True)
class Price:
    """A quote that is just an amount."""

    cost: int


@dataclass(frozen=True)
class Instance:
    """One problem; ``prices`` by profile and lines, absent means it cannot be sent."""

    demands: tuple[Demand, ...]
    sites: tuple[Site, ...]
    available: Available
    prices: dict[tuple[object, Any], int]
    limits: Limits

    def quote(self, profile, lines):
        cost = self.prices.get((profile, lines))
        return None if cost is None else Price(cost)


def shares(quantity: int, places: int):
    """All ways to divide units over places."""
    if places == 1:
        yield (quantity,)
        return
    for first in range(quantity + 1):
        for rest in shares(quantity - first, places - 1):
            yield (first, *rest)


def line_choices(instance: Instance, demand: Demand):
    """Units by site, and left unserved last."""
    places = len(instance.sites) + 1
    stock = [instance.available.get((site.id, demand.sku), 0) for site in instance.sites]
    division = instance.limits.division
    divided = demand.splittable and (
        division == "free" or (division == "forced" and max(stock, default=0) < demand.quantity)
    )
    for share in shares(demand.quantity, places):
        if share[-1] and not instance.limits.allow_partial:
            continue
        if not divided and demand.quantity not in share:
            continue
        yield share


def cost_of(instance: Instance, choice) -> int | None:
    """What a division costs, None where it is not allowed."""
    limits = instance.limits
    total: int = limits.unserved_penalty * sum(share[-1] for share in choice)
    used = 0
    for number, site in enumerate(instance.sites):
        lines = tuple(
            (demand.line, share[number])
            for demand, share in zip(instance.demands, choice, strict=True)
            if share[number]
        )
        if not lines:
            continue
        taken: dict[str, int] = {}
        for demand, share in zip(instance.demands, choice, strict=True):
            taken[demand.sku] = taken.get(demand.sku, 0) + share[number]
        if any(units > instance.available.get((site.id, sku), 0) for sku, units in taken.items()):
            return None
        price = instance.prices.get((site.profile, tuple(sorted(lines))))
        if price is None:
            return None
        used += 1
        total += price + site.cost
    if used > limits.max_consignments:
        return None
    return total + limits.consignment_penalty * max(used - 1, 0)


def optimum(instance: Instance) -> int | None:
    """The least cost of any plan, None where there is none."""
    choices = [list(line_choices(instance, demand)) for demand in instance.demands]
    costs = [cost_of(instance, choice) for choice in product(*choices)]
    return min((cost for cost in costs if cost is not None), default=None)
