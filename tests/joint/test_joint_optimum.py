"""Ten baskets where source, carrier and customs chosen together beat any order of choosing them.

The baseline is the better of two sequences: nearest place first, or the place that is cheapest to
prepare in; then its cheapest carrier; then the customs that follows. Both sides are measured by the
engine's own objective: seller's cost, landed cost of the buyer and the declared preferences.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from engine.decide import decide
from scenarios import open_world, read_order
from tests.joint.sequence import Planned, by_handling, by_nearness, in_sequence, jointly

BASKETS = sorted((Path(__file__).parent / "baskets").glob("*.json"))


def shown(name: str, plan: Planned) -> str:
    amount = Decimal(plan.cost).scaleb(-2)
    words = ("+".join(group) for group in (plan.places, plan.services, plan.schemes))
    return f"{name:>9}: {amount:>7}, " + ", ".join(words)


def test_there_are_ten_baskets():
    assert len(BASKETS) >= 10


@pytest.mark.parametrize("path", BASKETS, ids=lambda path: path.stem)
def test_choosing_together_is_cheaper_than_one_after_the_other(path: Path):
    world, supply = open_world()
    order = read_order(path)
    joint = jointly(order, world, supply)
    assert joint is not None
    near = in_sequence(order, world, supply, by_nearness)
    handy = in_sequence(order, world, supply, by_handling)
    print(path.stem, shown("together", joint), shown("nearest", near), shown("cheapest", handy), sep="\n  ")
    assert joint.cost < min(near.cost, handy.cost)


@pytest.mark.parametrize("path", BASKETS, ids=lambda path: path.stem)
def test_what_wins_is_what_is_decided_and_nothing_is_open(path: Path):
    world, supply = open_world()
    order = read_order(path)
    joint = jointly(order, world, supply)
    assert joint is not None
    decision = decide(order, world, supply)
    assert decision["status"] == "routed"
    consignments = decision["consignments"]
    assert isinstance(consignments, list)
    assert tuple(item["source"]["location"] for item in consignments) == joint.places


def test_in_some_baskets_it_is_the_border_that_decides():
    world, supply = open_world()
    across = 0
    for path in BASKETS:
        order = read_order(path)
        joint = jointly(order, world, supply)
        near = in_sequence(order, world, supply, by_nearness)
        assert joint is not None
        across += joint.declarations != near.declarations
    assert across >= 5
