"""What the search does, case by case."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from domain import InputError
from fulfilment import Demand, Limits, Site, search
from fulfilment.division import Division
from tests.fulfilment.bruteforce import Price


def flat(costs):
    """A quote that depends on the profile only."""
    return lambda profile, lines: Price(costs[profile]) if profile in costs else None


def where(plan):
    return {allocation.site: dict(allocation.lines) for allocation in plan.allocations}


LINES = [Demand("1", "LAMP", 1), Demand("2", "DESK", 1)]
LYON, BASEL = Site("LYON", "FR"), Site("BASEL", "CH")
BOTH = {(site, sku): 5 for site in ("LYON", "BASEL") for sku in ("LAMP", "DESK")}


def test_the_cheaper_profile_sends_everything():
    found = search(LINES, [LYON, BASEL], BOTH, flat({"FR": 900, "CH": 700}))
    assert where(found.plans[0]) == {"BASEL": {"1": 1, "2": 1}}
    assert (found.exact, found.gap, found.lower_bound) == (True, Decimal(0), 700)


def test_a_dearer_source_with_less_stock_wins_where_the_border_makes_it_cheaper():
    """Coverage says nothing across profiles: duty on both lines together is more than two dispatches."""

    def quote(profile, lines):
        if profile == "CH":
            return Price(3000 if len(lines) == 2 else 800)
        return Price(900)

    stock = {("BASEL", "LAMP"): 9, ("BASEL", "DESK"): 9, ("LYON", "LAMP"): 1}
    found = search(LINES, [LYON, BASEL], stock, quote)
    assert where(found.plans[0]) == {"LYON": {"1": 1}, "BASEL": {"2": 1}}
    assert found.plans[0].cost == 1700


def test_one_location_never_sends_two_consignments_to_stay_under_a_threshold():
    def quote(profile, lines):
        return Price(3000 if len(lines) == 2 else 800)

    found = search(LINES, [BASEL], BOTH, quote)
    assert where(found.plans[0]) == {"BASEL": {"1": 1, "2": 1}}
    assert found.plans[0].cost == 3000


def test_two_locations_of_one_profile_are_two_consignments():
    def quote(profile, lines):
        return Price(3000 if len(lines) == 2 else 800)

    zurich = Site("ZURICH", "CH", cost=100)
    found = search(LINES, [BASEL, zurich], {**BOTH, ("ZURICH", "DESK"): 1}, quote)
    assert where(found.plans[0]) == {"BASEL": {"1": 1}, "ZURICH": {"2": 1}}
    assert found.plans[0].cost == 1700


def test_a_penalty_keeps_an_order_together_that_would_be_a_little_cheaper_apart():
    def quote(profile, lines):
        return Price(1000 if len(lines) == 2 else 450)

    together = search(LINES, [LYON, BASEL], BOTH, quote, Limits(consignment_penalty=101))
    apart = search(LINES, [LYON, BASEL], BOTH, quote, Limits(consignment_penalty=99))
    assert [len(found.plans[0].allocations) for found in (together, apart)] == [1, 2]
    assert (together.plans[0].cost, apart.plans[0].cost) == (1000, 999)


def test_of_plans_that_cost_the_same_the_one_with_fewer_consignments_wins():
    found = search(LINES, [LYON, BASEL], BOTH, lambda profile, lines: Price(500 * len(lines)))
    assert len(found.plans[0].allocations) == 1


def test_inside_a_profile_cost_then_rank_then_id_choose_the_location():
    demand = [Demand("1", "LAMP", 1)]
    sites = [Site("c", "P", 5, (1,)), Site("b", "P", 5, (2,)), Site("a", "P", 6, (0,))]
    stock = {(site.id, "LAMP"): 1 for site in sites}
    assert where(search(demand, sites, stock, flat({"P": 100})).plans[0]) == {"c": {"1": 1}}
    even = [Site("y", "P"), Site("x", "P")]
    assert where(search(demand, even, {("x", "LAMP"): 1, ("y", "LAMP"): 1}, flat({"P": 1})).plans[0]) == {
        "x": {"1": 1}
    }


def test_a_line_that_no_location_holds_whole_is_divided():
    stock = {("LYON", "LAMP"): 2, ("BASEL", "LAMP"): 3}
    found = search(
        [Demand("1", "LAMP", 5)], [LYON, BASEL], stock, flat({"FR": 5, "CH": 5}), Limits(division="forced")
    )
    assert where(found.plans[0]) == {"LYON": {"1": 2}, "BASEL": {"1": 3}}


def test_a_line_that_may_not_be_divided_cannot_be_served_then():
    stock = {("LYON", "LAMP"): 2, ("BASEL", "LAMP"): 3}
    demand = [Demand("1", "LAMP", 5, splittable=False)]
    found = search(demand, [LYON, BASEL], stock, flat({"FR": 5, "CH": 5}))
    assert (found.plans, found.best, found.exact) == ((), None, True)


def test_a_line_is_divided_where_that_is_cheaper_and_free():
    def quote(profile, lines):
        return Price({1: 100, 2: 900}[lines[0][1]])

    demand = [Demand("1", "LAMP", 2)]
    assert len(search(demand, [LYON, BASEL], BOTH, quote).plans[0].allocations) == 2
    forced = search(demand, [LYON, BASEL], BOTH, quote, Limits(division="forced"))
    assert forced.plans[0].cost == 900


def test_two_lines_of_one_sku_share_its_stock():
    demand = [Demand("1", "LAMP", 1), Demand("2", "LAMP", 1)]
    found = search(
        demand, [LYON, BASEL], {("LYON", "LAMP"): 1, ("BASEL", "LAMP"): 1}, flat({"FR": 1, "CH": 1})
    )
    assert sorted(where(found.plans[0])) == ["BASEL", "LYON"]


def test_what_cannot_be_served_is_left_where_that_is_allowed():
    stock = {("LYON", "LAMP"): 1}
    found = search(LINES, [LYON], stock, flat({"FR": 5}), Limits(allow_partial=True, unserved_penalty=1000))
    assert where(found.plans[0]) == {"LYON": {"1": 1}}
    assert (found.plans[0].unserved, found.plans[0].cost, found.exact) == ((("2", 1),), 1005, True)


def test_a_line_is_served_as_far_as_stock_goes():
    stock = {("LYON", "LAMP"): 3}
    found = search([Demand("1", "LAMP", 5)], [LYON], stock, flat({"FR": 5}), Limits(allow_partial=True))
    assert (where(found.plans[0]), found.plans[0].unserved) == ({"LYON": {"1": 3}}, (("1", 2),))


def test_nothing_at_all_is_a_plan_where_leaving_is_cheaper_than_sending():
    found = search(LINES, [LYON], BOTH, flat({"FR": 50}), Limits(allow_partial=True, unserved_penalty=20))
    assert (found.plans[0].allocations, found.plans[0].cost) == ((), 40)


def test_more_locations_than_allowed_are_not_used():
    stock = {("LYON", "LAMP"): 1, ("BASEL", "DESK"): 1}
    found = search(LINES, [LYON, BASEL], stock, flat({"FR": 1, "CH": 1}), Limits(max_consignments=1))
    assert found.plans == ()


def test_alternatives_use_other_profiles_and_cost_no_less():
    sites = [Site(f"{profile}{n}", profile) for profile in "PQR" for n in range(3)]
    stock = {(site.id, sku): 1 for site in sites for sku in ("LAMP", "DESK")}
    found = search(LINES, sites, stock, flat({"P": 10, "Q": 20, "R": 30}))
    singles = [where(plan) for plan in found.plans if len(plan.allocations) == 1]
    assert [next(iter(plan)) for plan in singles] == ["P0", "Q0", "R0"]
    assert [plan.cost for plan in found.plans] == sorted(plan.cost for plan in found.plans)
    assert len(found.plans) <= 6


def test_no_alternatives_where_none_are_wanted():
    assert (
        len(search(LINES, [LYON, BASEL], BOTH, flat({"FR": 1, "CH": 2}), Limits(alternatives=0)).plans) == 1
    )


def test_an_order_without_lines_costs_nothing():
    found = search([], [LYON], BOTH, flat({"FR": 1}))
    assert (found.plans[0].allocations, found.plans[0].cost, found.exact) == ((), 0, True)


def test_two_thousand_shops_are_quoted_once_per_profile():
    asked = []

    def quote(profile, lines):
        asked.append((profile, lines))
        return Price(100 * len(lines))

    sites = [Site(f"s{n:04}", n % 4, n % 7) for n in range(2000)]
    stock = {(site.id, sku): 1 for site in sites for sku in ("LAMP", "DESK")}
    found = search(LINES, sites, stock, quote, Limits(consignment_penalty=0))
    assert len(asked) == len(set(asked)) == found.quoted <= 4 * 3
    assert where(found.plans[0]) == {"s0000": {"1": 1, "2": 1}}


def test_a_split_that_cannot_pay_is_not_quoted():
    sites = [LYON, BASEL]
    dear = Limits(consignment_penalty=2000)
    assert search(LINES, sites, BOTH, flat({"FR": 900, "CH": 700}), dear).quoted == 2


def long_order(lines, seed):
    """More lines than can be divided exactly; a consignment pays a base and an amount per unit."""
    chance = random.Random(seed)
    demands = [Demand(f"l{n:03}", f"k{n}", chance.randint(1, 3), floor=40) for n in range(lines)]
    sites = [Site(f"s{n:02}", f"p{n % 4}", chance.randint(0, 50)) for n in range(40)]
    stock = {(s.id, d.sku): chance.randint(1, 4) for s in sites for d in demands if chance.random() < 0.6}
    price = {f"p{n}": chance.randint(40, 60) for n in range(4)}
    return demands, sites, stock, lambda p, lines: Price(300 + price[p] * sum(n for _, n in lines))


@pytest.mark.parametrize("lines", [13, 30, 80])
def test_a_long_order_is_served_within_stock_and_with_a_gap_that_says_how_good_that_is(lines):
    demands, sites, stock, quote = long_order(lines, lines)
    limits = Limits(max_consignments=4, quote_floor=300)
    found = search(demands, sites, stock, quote, limits)
    assert found.best is not None
    served: dict[str, int] = {}
    sku = {demand.line: demand.sku for demand in demands}
    for allocation in found.best.allocations:
        for line, units in allocation.lines:
            served[line] = served.get(line, 0) + units
            assert units <= stock[allocation.site, sku[line]]
    assert served == {demand.line: demand.quantity for demand in demands}
    assert found.lower_bound <= found.best.cost
    assert Decimal(0) <= found.gap < Decimal("0.5")
    assert search(demands[::-1], sites[::-1], stock, quote, limits) == found


def test_a_search_that_runs_out_of_steps_says_so_with_a_bound_that_holds(monkeypatch):
    demands = [Demand(f"l{n}", f"k{n}", 1) for n in range(7)]
    sites = [Site(f"s{n}", f"p{n % 3}", n * 40) for n in range(9)]
    stock = {(site.id, demand.sku): 1 for site in sites for demand in demands}

    def quote(profile, lines):
        return Price(300 + 90 * int(profile[1:]) if len(lines) <= 2 else 3000)

    limits = Limits(max_consignments=4)
    patient = search(demands, sites, stock, quote, limits)
    monkeypatch.setattr(Division, "exhausted", property(lambda division: division.steps > 2))
    hurried = search(demands, sites, stock, quote, limits)
    assert patient.best is not None
    assert hurried.best is not None
    assert (patient.exact, hurried.exact) == (True, False)
    assert hurried.lower_bound <= patient.best.cost < hurried.best.cost
    assert hurried.gap > 0


def test_a_hundred_thousand_units_are_divided_where_stock_runs_out():
    stock = {("LYON", "LAMP"): 60_000, ("BASEL", "LAMP"): 50_000}
    found = search([Demand("1", "LAMP", 100_000)], [LYON, BASEL], stock, flat({"FR": 5, "CH": 5}))
    assert found.best is not None
    assert sum(sum(lines.values()) for lines in where(found.best).values()) == 100_000


@pytest.mark.parametrize(
    ("demands", "sites", "limits", "message"),
    [
        ([LINES[0], LINES[0]], [LYON], Limits(), "line '1' is given twice"),
        (LINES, [LYON, LYON], Limits(), "site 'LYON' is given twice"),
        ([Demand("1", "LAMP", 0)], [LYON], Limits(), "line '1' asks for 0 units"),
        ([Demand("1", "LAMP", 1, floor=-1)], [LYON], Limits(), "line '1' has a floor of -1"),
        (LINES, [LYON], Limits(max_consignments=0), "max_consignments is 0"),
        (LINES, [LYON], Limits(consignment_penalty=-1), "penalties are negative"),
    ],
)
def test_impossible_questions_are_refused(demands, sites, limits, message):
    with pytest.raises(InputError, match=message):
        search(demands, sites, BOTH, flat({"FR": 1}), limits)


def test_a_quote_below_the_declared_floor_is_an_error_and_not_a_wrong_optimum():
    with pytest.raises(InputError, match="below the floor 200"):
        search(LINES, [LYON], BOTH, flat({"FR": 100}), Limits(quote_floor=200))
