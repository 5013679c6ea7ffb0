"""Competing demand: who gets the units, and who never gets those promised to others."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import InputError
from fulfilment import Request, Stock, StockView, release, reserve, ship

KEY = ("LYON", "LAMP")
VIEW = StockView.of({KEY: Stock(on_hand=10)})


def consumer(name, quantity, priority=0, **more):
    return Request(name, "consumer", *KEY, quantity, priority, draws_protected=True, **more)


def replenishment(name, quantity, priority=5, **more):
    return Request(name, "replenishment", *KEY, quantity, priority, **more)


def test_a_replenishment_takes_what_is_left_and_no_promised_unit():
    found = reserve([replenishment("r", 10)], VIEW, {KEY: 7})
    assert (found.results[0].granted, found.results[0].short) == (3, 7)
    assert found.results[0].reason is not None
    assert found.results[0].reason.code == "reservation.protected"


def test_a_consumer_draws_on_the_promised_units_and_lowers_them():
    found = reserve([consumer("c", 4), replenishment("r", 10)], VIEW, {KEY: 7})
    assert [result.granted for result in found.results] == [4, 3]
    assert found.protected == {KEY: 3}


def test_priority_goes_before_the_order_of_arrival():
    found = reserve([replenishment("r", 8), consumer("c", 8)], VIEW)
    assert [result.granted for result in found.results] == [2, 8]


def test_of_equal_priority_the_first_comes_first():
    found = reserve([consumer("a", 8), consumer("b", 8)], VIEW)
    assert [result.granted for result in found.results] == [8, 2]


def test_a_request_for_all_or_nothing_leaves_the_units_to_the_next():
    found = reserve([consumer("a", 12, whole=True), consumer("b", 8)], VIEW)
    assert [result.granted for result in found.results] == [0, 8]


def test_a_buffer_is_given_to_nobody():
    found = reserve([consumer("a", 10)], VIEW, buffers={KEY: 4})
    assert found.results[0].granted == 6


def test_the_new_stock_holds_the_reservations_and_the_old_does_not():
    found = reserve([consumer("a", 4)], VIEW)
    assert (found.stock.available(*KEY), VIEW.available(*KEY)) == (6, 10)
    assert found.stock.version != VIEW.version


def test_released_units_are_free_again_and_shipped_ones_are_gone():
    held = reserve([consumer("a", 4)], VIEW).stock
    assert release(held, [(*KEY, 4)]) == VIEW
    assert ship(held, [(*KEY, 3), (*KEY, 1)]).stock(*KEY) == Stock(on_hand=6)


def test_more_than_is_reserved_can_neither_be_shipped_nor_released():
    held = reserve([consumer("a", 4)], VIEW).stock
    with pytest.raises(InputError, match="of which 4 are reserved"):
        ship(held, [(*KEY, 5)])
    with pytest.raises(InputError, match="of which 1 are reserved"):
        release(held, [(*KEY, 3), (*KEY, 2)])


def test_a_repeated_request_is_refused():
    with pytest.raises(InputError, match="'a' is given twice"):
        reserve([consumer("a", 1), consumer("a", 1)], VIEW)


KINDS = st.lists(
    st.tuples(st.booleans(), st.integers(1, 8), st.integers(0, 3), st.booleans()), min_size=1, max_size=8
)


@given(KINDS, st.integers(0, 12), st.integers(0, 12), st.integers(0, 3))
def test_no_unit_is_given_twice_and_promised_units_stay_until_a_consumer_comes(
    kinds, on_hand, promised, buffer
):
    requests = [
        (consumer if is_consumer else replenishment)(f"r{n}", quantity, priority, whole=whole)
        for n, (is_consumer, quantity, priority, whole) in enumerate(kinds)
    ]
    view = StockView.of({KEY: Stock(on_hand)})
    found = reserve(requests, view, {KEY: promised}, {KEY: buffer})
    free = max(0, on_hand - buffer)
    granted = sum(result.granted for result in found.results)
    to_shops = sum(
        result.granted
        for result, request in zip(found.results, requests, strict=True)
        if not request.draws_protected
    )
    pairs = list(zip(found.results, requests, strict=True))
    assert granted <= free
    assert to_shops <= max(0, free - min(promised, free))
    assert found.stock.stock(*KEY).reserved == granted
    for result, request in pairs:
        assert result.granted + result.short == request.quantity
        assert not request.whole or result.granted in (0, request.quantity)
    # However much the shops ask for, the consumers among them get what was promised to them.
    alone = reserve([r for r in requests if r.draws_protected], view, {KEY: promised}, {KEY: buffer})
    if promised >= free:
        with_shops = [r for r, q in pairs if q.draws_protected]
        assert [r.granted for r in with_shops] == [r.granted for r in alone.results]


def test_shops_that_ask_first_still_leave_the_promised_units():
    eager = replace(replenishment("r", 10), priority=-1)
    found = reserve([eager, consumer("c", 6)], VIEW, {KEY: 6})
    assert [result.granted for result in found.results] == [4, 6]
