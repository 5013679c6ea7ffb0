"""The search finds the optimum, whatever the quotes: compared with plain enumeration."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fulfilment import Demand, Limits, Site, search
from tests.fulfilment.bruteforce import Instance, optimum, shares


def bundles_of(demands):
    """Every bundle of lines, by units."""
    choices = [[(demand.line, n) for n in range(demand.quantity + 1)] for demand in demands]
    found = [tuple(sorted(pair for pair in choice if pair[1])) for choice in product(*choices)]
    return [bundle for bundle in found if bundle != ()]


@st.composite
def instances(draw, max_lines=3, max_sites=4, max_quantity=2):
    """Small problems with arbitrary, non-monotone quotes, some refused."""
    skus = st.sampled_from("ABC")
    demands = tuple(
        Demand(f"l{n}", draw(skus), draw(st.integers(1, max_quantity)), draw(st.booleans()))
        for n in range(draw(st.integers(1, max_lines)))
    )
    sites = tuple(
        Site(f"s{n}", draw(st.sampled_from("PQ")), draw(st.integers(0, 3)), (draw(st.integers(0, 1)),))
        for n in range(draw(st.integers(1, max_sites)))
    )
    available = {(site.id, sku): draw(st.integers(0, 3)) for site in sites for sku in "ABC"}
    keys = [(profile, bundle) for profile in "PQ" for bundle in bundles_of(demands)]
    costs = draw(st.lists(st.integers(-3, 20), min_size=len(keys), max_size=len(keys)))
    prices: dict[tuple[object, Any], int] = {
        key: cost for key, cost in zip(keys, costs, strict=True) if cost >= 0
    }
    limits = Limits(
        max_consignments=draw(st.integers(1, 4)),
        consignment_penalty=draw(st.integers(0, 3)),
        allow_partial=draw(st.booleans()),
        unserved_penalty=draw(st.sampled_from([0, 4, 1000])),
        division=draw(st.sampled_from(["never", "forced", "free"])),
    )
    return Instance(demands, sites, available, prices, limits)


def run(instance, **changes):
    limits = replace(instance.limits, **changes)
    return search(instance.demands, instance.sites, instance.available, instance.quote, limits)


def assert_sound(instance, plan):
    """The plan is one that could be carried out, and costs what it says."""
    sites = {site.id: site for site in instance.sites}
    skus = {demand.line: demand.sku for demand in instance.demands}
    served = dict(plan.unserved)
    assert len({a.site for a in plan.allocations}) == len(plan.allocations)
    assert len(plan.allocations) <= instance.limits.max_consignments
    total = instance.limits.unserved_penalty * sum(served.values())
    total += instance.limits.consignment_penalty * max(len(plan.allocations) - 1, 0)
    for allocation in plan.allocations:
        taken: dict[str, int] = {}
        for line, units in allocation.lines:
            assert units > 0
            served[line] = served.get(line, 0) + units
            taken[skus[line]] = taken.get(skus[line], 0) + units
        for sku, units in taken.items():
            assert units <= instance.available.get((allocation.site, sku), 0)
        site = sites[allocation.site]
        assert allocation.quoted.cost == instance.prices[site.profile, allocation.lines]
        assert allocation.site_cost == site.cost
        total += allocation.quoted.cost + site.cost
    assert served == {demand.line: demand.quantity for demand in instance.demands}
    assert plan.cost == total


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(instances())
def test_the_best_plan_costs_what_enumeration_finds(instance):
    found = run(instance)
    assert found.exact
    assert (found.best.cost if found.best else None) == optimum(instance)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(instances())
def test_every_plan_can_be_carried_out_and_costs_what_it_says(instance):
    found = run(instance)
    for plan in found.plans:
        assert_sound(instance, plan)
        assert plan.cost >= found.best.cost
    assert len({plan.allocations for plan in found.plans}) == len(found.plans)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(instances(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(instance, random):
    demands, sites = list(instance.demands), list(instance.sites)
    stock = list(instance.available.items())
    random.shuffle(demands)
    random.shuffle(sites)
    random.shuffle(stock)
    shuffled = search(demands, sites, dict(stock), instance.quote, instance.limits)
    assert shuffled == run(instance)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(instances(), st.integers(0, 5))
def test_a_floor_saves_quotes_and_never_the_optimum(instance, slack):
    def floor(profile, lines):
        return max(0, instance.prices.get((profile, lines), 0) - slack)

    found = search(
        instance.demands, instance.sites, instance.available, instance.quote, instance.limits, floor=floor
    )
    assert found.exact
    assert (found.best.cost if found.best else None) == optimum(instance)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(instances(), st.integers(0, 6), st.integers(0, 4), st.sampled_from([6, 200_000]))
def test_floors_of_units_save_quotes_and_never_the_optimum(instance, each, quote_floor, budget):
    prices = {
        (profile, lines): cost + quote_floor + sum(units * each for _, units in lines)
        for (profile, lines), cost in instance.prices.items()
    }
    floored = tuple(replace(demand, floor=each) for demand in instance.demands)
    limits = replace(instance.limits, quote_floor=quote_floor, budget=budget)
    raised = replace(instance, demands=floored, prices=prices, limits=limits)
    plain = replace(raised, demands=instance.demands)
    found, without = run(raised), run(plain)
    best = optimum(raised)
    if budget > 6:
        assert found.exact
        assert (found.best.cost if found.best else None) == best
        assert found.quoted <= without.quoted
    elif found.best is not None:
        assert best is not None
        assert found.lower_bound <= best <= found.best.cost


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(instances(), st.integers(1, 12))
def test_a_small_budget_gives_a_bound_that_holds(instance, budget):
    found = run(instance, budget=budget)
    best = optimum(instance)
    assert found.quoted <= budget
    if found.best is not None:
        assert_sound(instance, found.best)
        assert best is not None
        assert found.lower_bound <= best <= found.best.cost
        assert found.exact == (found.gap == 0)
    elif found.exact:
        assert best is None


@pytest.mark.slow
@settings(max_examples=3000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(instances(max_lines=4, max_sites=4, max_quantity=3))
def test_larger_problems_agree_with_enumeration_too(instance):
    ways = 1
    for demand in instance.demands:
        ways *= len(list(shares(demand.quantity, len(instance.sites) + 1)))
    if ways <= 50_000:
        found = run(instance)
        assert (found.best.cost if found.best else None) == optimum(instance)
