"""D1's world and orders are the same every time, and its clocks leave no trace. Nothing is timed."""

from __future__ import annotations

import json

import pytest

import engine.decide
from benchmarks.d1_stages import Clock, watched
from benchmarks.d1_workload import build, orders
from engine.decide import decide
from engine.supply import Supply
from engine.world import World
from scenarios.reading import order_from_text


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Supply]:
    return build(tmp_path_factory.mktemp("d1"), points=200, rules=900)


def test_the_world_has_the_rules_and_points_asked_for(built: tuple[World, Supply]) -> None:
    world, _ = built
    made_up = [name for name in world.rulebook.rules if name.startswith("bench-")]
    assert len(world.rulebook.rules) == 900
    homes = {world.rulebook.rules[name].decision for name in made_up}
    assert homes == {"delivery.forbidden", "delivery.preference"}
    assert 150 <= len(world.carriers.points.all) <= 250


def test_orders_are_valid_have_three_lines_and_repeat_with_the_seed(built: tuple[World, Supply]) -> None:
    world, _ = built
    texts = orders(world, 12)
    assert texts == orders(world, 12) != orders(world, 12, seed=5)
    assert all(len(order_from_text(text).lines) == 3 for text in texts)


def test_the_clocks_change_no_decision_and_are_taken_off(built: tuple[World, Supply]) -> None:
    world, supply = built
    order = order_from_text(orders(world, 1)[0])
    plain, untouched = decide(order, world, supply), vars(engine.decide)["take_in"]
    clock = Clock()
    with watched(clock):
        assert vars(engine.decide)["take_in"] is not untouched
        seen = decide(order, world, supply)
    assert vars(engine.decide)["take_in"] is untouched
    assert json.dumps(seen, sort_keys=True) == json.dumps(plain, sort_keys=True)
    assert clock.entered["take-in"] == clock.entered["conclude"] == 1
    assert clock.spent["search"] > 0
