"""Allocation by the classical policies of order management systems."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import InputError
from fulfilment import answer

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "cases" / "allocate.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_answer_is_what_the_source_of_the_case_expects(case):
    given_answer = answer(case["in"])
    assert {key: given_answer[key] for key in case["expect"]} == case["expect"]


def node(name, priority=0, stock=None, backorderable=(), enabled=True):
    return {
        "id": name,
        "priority": priority,
        "enabled": enabled,
        "stock": stock or {},
        "backorderable": list(backorderable),
    }


def ask(nodes, lines, policy="priority", allow_partial=True):
    listed = [{"sku": sku, "quantity": quantity} for sku, quantity in lines]
    return answer({"nodes": nodes, "lines": listed, "policy": policy, "allow_partial": allow_partial})


def test_parts_of_a_unit_are_counted_exactly():
    found = ask([node("a", 1, {"X": 5.5}), node("b", 2, {"X": 3})], [("X", 7)])
    assert found["allocation"] == {"a": {"X": 5.5}, "b": {"X": 1.5}}
    assert found["fully_sourced"] is True


def test_what_nobody_has_is_missing():
    found = ask([node("a", 1, {"X": 5.5}), node("b", 2, {"X": 3})], [("X", 15)])
    assert found["allocation"] == {"a": {"X": 5.5}, "b": {"X": 3}}
    assert (found["fully_sourced"], found["missing"]) == (False, {"X": 6.5})


def test_without_partial_an_order_that_lacks_a_unit_gets_none():
    found = ask([node("a", 1, {"X": 4})], [("X", 5)], allow_partial=False)
    assert (found["allocation"], found["fully_sourced"], found["missing"]) == ({}, False, {"X": 5})


def test_units_on_hand_anywhere_go_before_a_backorder():
    nodes = [node("own", 1, {"V": 10}), node("drop", 2, {"V": 2}, ["V"])]
    found = ask(nodes, [("V", 15)])
    assert found["allocation"] == {"own": {"V": 10}, "drop": {"V": 2}}
    assert (found["backordered"], found["fully_sourced"]) == ({"drop": {"V": 3}}, True)


def test_a_disabled_node_gives_nothing_and_takes_no_backorder():
    found = ask([node("off", 0, {"X": 9}, ["X"], enabled=False)], [("X", 1)])
    assert (found["allocation"], found["backordered"], found["fully_sourced"]) == ({}, {}, False)


def test_priority_splits_where_fewest_splits_does_not():
    nodes = [node("near", 0, {"A": 2}), node("far", 1, {"A": 10})]
    assert ask(nodes, [("A", 5)])["allocation"] == {"near": {"A": 2}, "far": {"A": 3}}
    assert ask(nodes, [("A", 5)], "fewest_splits")["allocation"] == {"far": {"A": 5}}


def test_fewest_splits_takes_the_earlier_of_two_sets_of_the_same_size():
    nodes = [node("c", 3, {"A": 1, "B": 1}), node("a", 1, {"A": 1, "B": 1})]
    assert ask(nodes, [("A", 1), ("B", 1)], "fewest_splits")["allocation"] == {"a": {"A": 1, "B": 1}}


def test_fewest_splits_finds_two_nodes_where_a_greedy_choice_takes_three():
    stock = {"most": "ABCD", "left": "ABE", "right": "CDF"}
    nodes = [node(name, n, dict.fromkeys(skus, 1)) for n, (name, skus) in enumerate(stock.items())]
    found = ask(nodes, [(sku, 1) for sku in "ABCDEF"], "fewest_splits")
    assert set(found["allocation"]) == {"left", "right"}


def test_two_lines_of_one_sku_share_its_stock():
    found = ask([node("a", 1, {"X": 3})], [("X", 2), ("X", 2)])
    assert (found["allocation"], found["missing"]) == ({"a": {"X": 3}}, {"X": 1})


def test_a_backorder_joins_the_node_that_sends_something_anyway():
    nodes = [node("first", 1, {}, ["B"]), node("second", 2, {"A": 1}, ["B"])]
    found = ask(nodes, [("A", 1), ("B", 1)], "fewest_splits")
    assert (found["backordered"], found["splits"]) == ({"second": {"B": 1}}, 0)


def test_a_hundred_small_nodes_are_still_answered():
    nodes = [node(f"n{n:03}", n, {f"S{n}": 1}) for n in range(100)]
    found = ask(nodes, [(f"S{n}", 1) for n in range(100)], "fewest_splits")
    assert (len(found["allocation"]), found["fully_sourced"]) == (100, True)


def test_an_unknown_policy_is_refused_with_those_there_are():
    with pytest.raises(InputError, match=r"unknown policy 'nearest' \(use priority or fewest_splits\)"):
        ask([node("a")], [("X", 1)], "nearest")


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"nodes": [], "lines": "X"},
        {"nodes": ["a"], "lines": []},
        {"nodes": [{"id": "a", "stock": {"X": "three"}}], "lines": []},
        {"nodes": [{"id": "a"}, {"id": "a"}], "lines": []},
        {"nodes": [], "lines": [{"sku": "X", "quantity": -1}]},
    ],
)
def test_a_malformed_query_is_an_input_error_with_a_place(query):
    with pytest.raises(InputError) as raised:
        answer(query)
    assert raised.value.place.startswith("/")


STOCKS = st.lists(st.dictionaries(st.sampled_from("AB"), st.integers(0, 4)), min_size=1, max_size=4)


@given(STOCKS, st.integers(1, 6), st.integers(1, 6))
def test_fewest_splits_sources_as_much_as_priority_from_no_more_nodes_than_needed(stocks, a, b):
    nodes = [node(f"n{n}", n, stock) for n, stock in enumerate(stocks)]
    lines = [("A", a), ("B", b)]

    def units(found):
        return sum(sum(held.values()) for held in found["allocation"].values())

    few, all_in_turn = ask(nodes, lines, "fewest_splits"), ask(nodes, lines)
    assert units(few) == units(all_in_turn)
    smaller = combinations(nodes, max(len(few["allocation"]) - 1, 0))
    assert not few["allocation"] or all(units(ask(list(some), lines)) < units(few) for some in smaller)
