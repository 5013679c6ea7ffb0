"""Plans for orders too long to divide exactly: make one if none was found, then better it line by line."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from fulfilment.costs import Costs
from fulfilment.plans import Raw, to_plan
from fulfilment.sourcing import Allocation, Bundle, Demand, Plan, Quoted, Site

__all__ = ["Workshop"]

_ROUNDS = 20

Load = dict[str, int]
"""Units by line id."""


@dataclass(slots=True)
class Workshop:
    """Works on whole plans with the same stock and quotes as the search."""

    lines: Sequence[Demand]
    sites: Sequence[Site]
    available: Mapping[tuple[str, str], int]
    costs: Costs
    _quotes: dict[tuple[Hashable, Bundle], Quoted | None] = field(default_factory=dict)
    _sku: dict[str, str] = field(default_factory=dict)
    _site: dict[str, Site] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._sku = {demand.line: demand.sku for demand in self.lines}
        self._site = {site.id: site for site in self.sites}
        bundles = self.costs.space.bundles
        for profile, known in zip(self.costs.profiles, self.costs.quotes, strict=True):
            for bundle, quoted in known.items():
                self._quotes[profile.key, bundles[bundle]] = quoted

    def improve(self, raw: Raw | None) -> Plan | None:
        """The plan with lines moved between its sites as long as that is cheaper."""
        if raw is None:
            loads = self._fill()
            plan = None if loads is None else self._price(loads, ())
        else:
            plan = to_plan(self.costs, raw)
        for _ in range(_ROUNDS):
            better = None if plan is None else self._step(plan)
            if better is None:
                break
            plan = better
        return plan

    def _step(self, plan: Plan) -> Plan | None:
        """The first cheaper plan that differs by one line moved to another consignment."""
        loads = {allocation.site: dict(allocation.lines) for allocation in plan.allocations}
        for origin in sorted(loads):
            for line in sorted(loads[origin]):
                for target in sorted(loads):
                    if target == origin or not self._has_room(
                        target, loads[target], line, loads[origin][line]
                    ):
                        continue
                    moved = {site: dict(load) for site, load in loads.items()}
                    moved[target][line] = moved[target].get(line, 0) + moved[origin].pop(line)
                    better = self._price({site: load for site, load in moved.items() if load}, plan.unserved)
                    if better is not None and better.cost < plan.cost:
                        return better
        return None

    def _has_room(self, site: str, load: Load, line: str, units: int) -> bool:
        sku = self._sku[line]
        used = sum([taken for other, taken in load.items() if self._sku[other] == sku])
        return used + units <= self.available.get((site, sku), 0)

    def _price(self, loads: Mapping[str, Load], unserved: Bundle) -> Plan | None:
        limits = self.costs.limits
        allocations = []
        for name in sorted(loads):
            bundle = tuple(sorted(loads[name].items()))
            site = self._site[name]
            key = (site.profile, bundle)
            if key not in self._quotes:
                if self.costs.asked >= limits.budget:
                    return None
                self.costs.asked += 1
                self._quotes[key] = self.costs.quote(*key)
            quoted = self._quotes[key]
            if quoted is None:
                return None
            allocations.append(Allocation(name, bundle, quoted, site.cost))
        allocations.sort(key=lambda allocation: (allocation.lines, allocation.site))
        cost = sum([allocation.quoted.cost + allocation.site_cost for allocation in allocations])
        cost += limits.consignment_penalty * max(len(allocations) - 1, 0)
        cost += limits.unserved_penalty * sum([units for _, units in unserved])
        return Plan(tuple(allocations), cost, unserved)

    def _fill(self) -> dict[str, Load] | None:
        """Serves all lines from the sites that hold most of what is left, None where that needs too many."""
        left = {demand.line: demand.quantity for demand in self.lines}
        loads: dict[str, Load] = {}
        for _ in range(self.costs.limits.max_consignments):
            taken = {site.id: self._take(site.id, left) for site in self.sites if site.id not in loads}
            if not taken:
                break
            name = min(taken, key=lambda n: (-sum(taken[n].values()), self._site[n].cost, n))
            loads[name] = taken[name]
            for line, units in taken[name].items():
                left[line] -= units
            left = {line: units for line, units in left.items() if units}
            if not left:
                return loads
        return None

    def _divides(self, demand: Demand) -> bool:
        """Whether the line's units may leave from several places."""
        division = self.costs.limits.division
        if division == "forced":
            most = max([self.available.get((site.id, demand.sku), 0) for site in self.sites], default=0)
            return demand.splittable and most < demand.quantity
        return demand.splittable and division != "never"

    def _take(self, site: str, left: Load) -> Load:
        room: dict[str, int] = {}
        load: Load = {}
        for demand in self.lines:
            wanted = left.get(demand.line, 0)
            if wanted:
                stock = room.setdefault(demand.sku, self.available.get((site, demand.sku), 0))
                units = min(wanted, stock) if self._divides(demand) else wanted * (stock >= wanted)
                if units > 0:
                    load[demand.line] = units
                    room[demand.sku] = stock - units
        return load
