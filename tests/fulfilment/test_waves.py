"""Which consignments are picked together."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import InputError
from fulfilment import Pick, Task, WaveLimits, plan_waves

LIMITS = WaveLimits(batch_units=100, cart_slots=12, cart_units=60, shop_tasks=20, window_minutes=120)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def task(name, style="batch", picks=(("LAMP", 1, "A"),), minutes=0, location="LYON"):
    return Task(
        name, location, style, tuple(Pick(*pick) for pick in picks), NOON + timedelta(minutes=minutes)
    )


def names(waves):
    return [[task.consignment for task in wave.tasks] for wave in waves]


def test_single_items_of_one_zone_are_one_batch_with_a_stop_per_sku():
    waves = plan_waves([task("1"), task("2", picks=[("DESK", 2, "A")]), task("3")], LIMITS)
    assert names(waves) == [["1", "2", "3"]]
    assert waves[0].stops == (("A", "DESK", 2), ("A", "LAMP", 2))


def test_another_zone_is_another_batch():
    waves = plan_waves([task("1"), task("2", picks=[("LAMP", 1, "B")])], LIMITS)
    assert names(waves) == [["1"], ["2"]]


def test_a_full_batch_is_cut_between_skus_where_that_is_possible():
    tasks = [task(str(n), picks=[("LAMP" if n % 2 else "DESK", 1, "A")]) for n in range(4)]
    waves = plan_waves(tasks, replace(LIMITS, batch_units=2))
    assert [wave.stops for wave in waves] == [(("A", "DESK", 2),), (("A", "LAMP", 2),)]


def test_an_order_due_much_later_waits_for_another_wave():
    waves = plan_waves([task("1"), task("2", minutes=121)], LIMITS)
    assert names(waves) == [["1"], ["2"]]


def test_a_cart_gathers_orders_that_share_zones():
    tasks = [
        task("1", "cart", [("LAMP", 1, "A"), ("DESK", 1, "B")]),
        task("2", "cart", [("SOFA", 1, "Z"), ("LAMP", 1, "Y")], 1),
        task("3", "cart", [("LAMP", 1, "A"), ("RUG", 1, "B")], 2),
    ]
    assert names(plan_waves(tasks, replace(LIMITS, cart_slots=2))) == [["1", "3"], ["2"]]


def test_a_cart_is_never_overloaded():
    tasks = [task(str(n), "cart", [("LAMP", 4, "A")]) for n in range(5)]
    waves = plan_waves(tasks, replace(LIMITS, cart_units=9))
    assert [sum(t.units for t in wave.tasks) for wave in waves] == [8, 8, 4]


def test_an_order_larger_than_a_cart_goes_alone():
    tasks = [task("big", "cart", [("LAMP", 99, "A")]), task("small", "cart")]
    assert names(plan_waves(tasks, LIMITS)) == [["big"], ["small"]]


def test_each_shop_has_a_list_of_its_own():
    tasks = [
        task("1", "shop", location="NICE"),
        task("2", "shop", location="BREST"),
        task("3", "shop", location="NICE"),
    ]
    waves = plan_waves(tasks, LIMITS)
    assert [(wave.location, names([wave])[0]) for wave in waves] == [("BREST", ["2"]), ("NICE", ["1", "3"])]


def test_a_batch_order_of_two_skus_is_refused():
    with pytest.raises(InputError, match=r"several SKUs \(pick it with style cart\)"):
        plan_waves([task("1", picks=[("LAMP", 1, "A"), ("DESK", 1, "A")])], LIMITS)


TASKS = st.lists(
    st.tuples(
        st.sampled_from(["batch", "cart", "shop"]),
        st.sampled_from(["LYON", "NICE"]),
        st.sampled_from("ABC"),
        st.integers(1, 9),
        st.integers(0, 600),
    ),
    max_size=25,
)


@given(TASKS, st.randoms(use_true_random=False))
def test_every_order_is_in_one_wave_within_limits_whatever_the_order_of_the_input(listed, random):
    limits = replace(LIMITS, batch_units=12, cart_slots=3, cart_units=12, shop_tasks=2)
    tasks = [
        task(f"c{n}", style, [(f"SKU{zone}", units, zone)], minutes, location)
        for n, (style, location, zone, units, minutes) in enumerate(listed)
    ]
    waves = plan_waves(tasks, limits)
    assert sorted(name for wave in names(waves) for name in wave) == sorted(t.consignment for t in tasks)
    for wave in waves:
        assert {(t.location, t.style) for t in wave.tasks} == {(wave.location, wave.style)}
        units = sum(t.units for t in wave.tasks)
        assert wave.style != "batch" or units <= limits.batch_units
        assert wave.style != "cart" or (units <= limits.cart_units and len(wave.tasks) <= limits.cart_slots)
        assert wave.style != "shop" or len(wave.tasks) <= limits.shop_tasks
    shuffled = tasks[:]
    random.shuffle(shuffled)
    assert plan_waves(shuffled, limits) == waves
