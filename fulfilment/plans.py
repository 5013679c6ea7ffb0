"""From what the search chose to plans that callers read."""

from __future__ import annotations

from dataclasses import dataclass

from fulfilment.bundles import Space
from fulfilment.costs import Costs
from fulfilment.division import Chosen
from fulfilment.sourcing import Allocation, Plan

__all__ = ["Raw", "to_plan", "units_of"]


@dataclass(frozen=True, slots=True)
class Raw:
    """A division found: cost with one consignment penalty too many, what is sent, what is left."""

    cost: int
    chosen: Chosen
    left: int


def to_plan(costs: Costs, raw: Raw) -> Plan:
    """The plan of a division; the first consignment pays no penalty."""
    bundles = costs.space.bundles
    allocations = [
        Allocation(option.site.id, bundles[bundle], option.quoted, option.site.cost)
        for bundle, option in raw.chosen
    ]
    if len(allocations) > 1:
        allocations.sort(key=lambda allocation: (allocation.lines, allocation.site))
    return Plan(tuple(allocations), raw.cost - costs.limits.consignment_penalty, bundles[raw.left])


def units_of(space: Space) -> tuple[int, ...]:
    """Units of goods in every bundle."""
    units = [0]
    for digit in space.digits:
        portion = sum([size for _, size in digit.items])
        units += [low + portion * value for value in range(1, digit.count + 1) for low in units]
    return tuple(units)
