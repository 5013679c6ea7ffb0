"""The same optimum as an exact model in an independent solver (OR-tools CP-SAT)."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from fulfilment import Demand, Limits, Site, search
from tests.fulfilment.bruteforce import Price

pytestmark = pytest.mark.slow


def instance(lines, sites, seed):
    """Single-unit lines; a quote is a base, an amount per line and a jump over a threshold."""
    chance = random.Random(seed)
    demands = [Demand(f"l{n:02}", f"k{n}", 1) for n in range(lines)]
    places = [Site(f"s{n:02}", f"p{n % 6}", chance.randint(0, 40)) for n in range(sites)]
    stock = {(s.id, d.sku): 1 for s in places for d in demands if chance.random() < 0.45}
    value = {d.line: chance.randint(20, 120) for d in demands}
    base = {f"p{n}": chance.randint(300, 900) for n in range(6)}
    share = {f"p{n}": chance.randint(0, 25) for n in range(6)}

    def quote(profile, bundle):
        worth = sum(value[line] for line, _ in bundle)
        duty = worth * share[profile] if worth > 150 else 30 * len(bundle)
        return Price(base[profile] + duty + 10 * len(bundle))

    return demands, places, stock, quote


def solve(demands, places, stock, quote, limits):
    """Set partitioning: one boolean per site and bundle it can send; exact, and enormous."""
    cp_model = pytest.importorskip("ortools.sat.python.cp_model")
    model = cp_model.CpModel()
    by_line: dict[str, list[object]] = {demand.line: [] for demand in demands}
    used, cost = [], []
    for place in places:
        held = [d.line for d in demands if stock.get((place.id, d.sku), 0)]
        mine = []
        for size in range(1, len(held) + 1):
            for chosen in combinations(held, size):
                variable = model.new_bool_var("")
                price = quote(place.profile, tuple((line, 1) for line in chosen)).cost
                cost.append((price + place.cost + limits.consignment_penalty) * variable)
                mine.append(variable)
                for line in chosen:
                    by_line[line].append(variable)
        model.add_at_most_one(mine)
        used += mine
    for variables in by_line.values():
        model.add_exactly_one(variables)
    model.add(sum(used) <= limits.max_consignments)
    model.minimize(sum(cost))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.max_time_in_seconds = 120
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return None
    assert status == cp_model.OPTIMAL
    return round(solver.objective_value) - limits.consignment_penalty


@pytest.mark.parametrize(("lines", "sites"), [(3, 25), (6, 30), (8, 50), (10, 50)])
@pytest.mark.parametrize("seed", range(3))
def test_the_search_finds_what_the_solver_proves(lines, sites, seed):
    demands, places, stock, quote = instance(lines, sites, seed)
    limits = Limits(consignment_penalty=50)
    found = search(demands, places, stock, quote, limits)
    assert found.exact
    assert (found.best.cost if found.best else None) == solve(demands, places, stock, quote, limits)
