"""Other plans worth showing beside the best: from other profiles, or in another number of consignments.

Another shop of the same profile, or another way to share lines between the same
two profiles, is no alternative to a person who asks what else could be done.
"""

from __future__ import annotations

from fulfilment.costs import NEVER, Option
from fulfilment.division import Chosen, Division
from fulfilment.plans import Raw, to_plan
from fulfilment.sourcing import Plan

__all__ = ["alternatives"]

_LOOKED_AT = 10
"""Divisions looked at for every alternative wanted."""


def alternatives(division: Division, best: Raw, plan: Plan) -> list[Plan]:
    """The cheapest further plans found, each with a set of profiles of its own, cheapest first."""
    costs = division.costs
    wanted = costs.limits.alternatives
    if wanted <= 0:
        return []
    rest = costs.space.shape.full - best.left
    left = best.cost - sum([option.cost for _, option in best.chosen])
    found: list[tuple[int, Chosen]] = _singles(division, rest) if rest else []
    seen = {_signature(best.chosen)}
    for cost, bundles in division.ranked(rest, wanted * _LOOKED_AT):
        if len(found) > wanted and cost > sorted([total for total, _ in found])[wanted]:
            break
        assigned = division.assign(bundles, NEVER)
        if assigned is not None:
            found.append(assigned)
    found.sort(key=lambda pair: (pair[0], len(pair[1]), [(b, o.profile, o.site.id) for b, o in pair[1]]))
    plans: list[Plan] = []
    for cost, chosen in found:
        signature = _signature(chosen)
        if signature in seen:
            continue
        seen.add(signature)
        other = to_plan(costs, Raw(cost + left, chosen, best.left))
        if other.allocations != plan.allocations and other.cost >= plan.cost:
            plans.append(other)
        if len(plans) == wanted:
            break
    return plans


def _signature(chosen: Chosen) -> tuple[int, ...]:
    return tuple(sorted([option.profile for _, option in chosen]))


def _singles(division: Division, rest: int) -> list[tuple[int, Chosen]]:
    """The whole from each profile that can send it."""
    costs = division.costs
    found: list[tuple[int, Chosen]] = []
    for number, known in enumerate(costs.quotes):
        quoted = known.get(rest)
        site = costs.profiles[number].site(rest, 0) if quoted is not None else None
        if quoted is not None and site is not None:
            cost = quoted.cost + site.cost + costs.limits.consignment_penalty
            found.append((cost, ((rest, Option(cost, number, site, quoted)),)))
    return found
