"""L's and T's workloads repeat with their seed, and the contenders answer alike. Nothing is timed."""

from __future__ import annotations

import pytest

from benchmarks import l, t
from customs.landed import Bounds, assess


def test_consignments_are_the_same_for_the_same_seed_and_have_five_lines() -> None:
    assert l.draw_cases(5) == l.draw_cases(5) != l.draw_cases(5, seed=9)
    assert {len(case.lines) for case in l.draw_cases(20)} == {5}


def test_plain_decimal_arithmetic_comes_to_the_same_duty_and_tax() -> None:
    l.compare([*l.draw_cases(60), *l.draw_cases(60, seed=4, mixed=False)])


def test_a_difference_of_a_cent_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    real = l.in_decimals
    monkeypatch.setattr(l, "in_decimals", lambda case: (real(case)[0] + l.CENT, real(case)[1]))
    with pytest.raises(AssertionError):
        l.compare(l.draw_cases(1))


def test_an_opened_consignment_is_an_interval() -> None:
    found = [assess(l.opened(case)).vat for case in l.draw_cases(10)]
    assert all(isinstance(vat, Bounds) and vat.exact is None for vat in found)


def test_addresses_are_distinct_and_both_ways_lead_to_the_same_territory() -> None:
    addresses = t.draw_addresses(400)
    assert addresses == t.draw_addresses(400)
    assert len(set(addresses)) == 400
    t.compare(addresses)


def test_a_naive_resolver_that_knows_less_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    addresses = t.draw_addresses(200)
    monkeypatch.setattr(t.Naive, "territory", lambda self, country, postcode: country)
    with pytest.raises(AssertionError):
        t.compare(addresses)


def test_the_tables_are_written() -> None:
    assert "| assess: totals and charges" in l.run(count=3, rounds=1)
    assert "| an address never seen before" in t.run(count=120, recurring=20)
