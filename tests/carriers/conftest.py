from __future__ import annotations

import pytest

from carriers import Carriers


@pytest.fixture(scope="session")
def carriers() -> Carriers:
    return Carriers.load()


@pytest.fixture(scope="session")
def bare() -> Carriers:
    """Without any demo file: what is known of carriers, and nothing a retailer would supply."""
    return Carriers.load(demo=False)
