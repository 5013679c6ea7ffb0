"""Where rules and the demo retailer live: beside the code in a checkout, packaged in a wheel."""

from __future__ import annotations

import gc
import os
from functools import lru_cache
from pathlib import Path

from carriers import Carriers
from domain import WorldError
from engine.supply import Supply
from engine.world import World, load_world

__all__ = ["folder", "open_world", "retailer_carriers", "settle_memory"]


def folder(name: str) -> Path:
    """``rules`` or ``examples``: ``PASSAVANT_<NAME>`` if set, the checkout's folder, or the packaged one."""
    chosen = os.environ.get(f"PASSAVANT_{name.upper()}")
    here = Path(__file__).resolve().parent.parent
    for candidate in (Path(chosen) if chosen else None, here / name, here / "passavant_data" / name):
        if candidate is not None and candidate.is_dir():
            return candidate
    raise WorldError(
        f"there is no folder of {name}",
        code="world.no_folder",
        cure=f"set PASSAVANT_{name.upper()} to a folder, or reinstall",
    )


@lru_cache(maxsize=1)
def retailer_carriers() -> Carriers:
    """The demo retailer's carriers, for commands that need no more of the world."""
    return Carriers.load(folder("examples") / "retailer")


def settle_memory() -> None:
    """Keep what was loaded out of later garbage collections: it lives as long as the process."""
    gc.collect()
    gc.freeze()


@lru_cache(maxsize=4)
def open_world(
    rules: Path | None = None, retailer: Path | None = None, overlay: Path | None = None
) -> tuple[World, Supply]:
    """The world and its stock, read once per process."""
    world = load_world(retailer or folder("examples") / "retailer", rules or folder("rules"), overlay)
    settle_memory()
    return world, Supply.of(world.retailer.stock, world.retailer.entities)
