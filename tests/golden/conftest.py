"""The world as shipped, read once."""

from __future__ import annotations

import pytest

from engine.supply import Supply
from engine.world import World
from scenarios import open_world


@pytest.fixture(scope="session")
def shipped() -> tuple[World, Supply]:
    """The shipped rules over the demo retailer, with its stock."""
    return open_world()
