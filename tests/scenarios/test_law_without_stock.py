"""No backorder is promised for what the law refuses however much stock arrives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.decide import decide
from engine.supply import Supply
from scenarios import open_world, read_order

ORDERS = Path(__file__).parents[2] / "examples" / "orders"


@pytest.fixture(scope="module")
def world():
    return open_world(None, None, None)[0]


def decided(name: str, world) -> dict[str, Any]:
    return decide(read_order(ORDERS / f"{name}.json"), world, Supply.of((), world.retailer.entities))


@pytest.mark.parametrize("name", ["29-embargoed-destination", "56-crimea"])
def test_an_embargoed_order_is_refused_with_empty_shelves_too(name, world):
    supply = Supply.of(world.retailer.stock, world.retailer.entities)
    stocked: dict[str, Any] = decide(read_order(ORDERS / f"{name}.json"), world, supply)
    assert stocked["status"] == "refused"
    empty = decided(name, world)
    assert empty["status"] == "refused"
    rules = {each.get("rule") for each in stocked["rejected"] if each["stage"] == "compliance"}
    assert rules & {each.get("rule") for each in empty["rejected"]}


@pytest.mark.parametrize(
    "name", ["01-refrigerator-and-accessory", "16-france-to-united-states", "11-france-to-corsica"]
)
def test_a_lawful_order_waits_for_stock(name, world):
    assert decided(name, world)["status"] == "backordered"
