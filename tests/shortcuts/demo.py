"""The demo retailer's world, orders made from a plain basket, and the substance of a decision."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from engine.decide import decide
from engine.supply import Supply
from engine.world import World
from scenarios import folder, open_world, order_from_text
from scenarios.serving import dump

__all__ = ["decided", "examples", "house", "needed", "order_json", "substance"]

Json = dict[str, Any]

_BASKET: Json = {
    "id": "T-1",
    "placed_at": "2026-11-20T10:00:00+01:00",
    "payment_accepted_at": "2026-11-20T10:05:00+01:00",
    "currency": "EUR",
    "seller": "maison-fr",
    "ship_to": {"country": "FR", "postcode": "69003", "city": "Lyon"},
    "lines": [{"id": "1", "sku": "fridge-filter", "quantity": 1}],
}


def house() -> tuple[World, Supply]:
    """The shipped rules and the demo retailer."""
    world, supply = open_world()
    return world, supply


def order_json(**changes: object) -> Json:
    """A small order of the demo retailer as JSON data, with the given fields set; None takes a field away."""
    body: Json = json.loads(json.dumps({**_BASKET, **changes}))
    return {key: value for key, value in body.items() if value is not None or key not in changes}


def decided(body: Mapping[str, object], world: World | None = None, supply: Supply | None = None) -> Json:
    """The decision as a caller gets it: order and decision both pass through JSON text."""
    there = house()
    order = order_from_text(json.dumps(body))
    found: Json = json.loads(dump(decide(order, world or there[0], supply or there[1])))
    return found


@lru_cache(maxsize=1)
def examples() -> dict[str, Path]:
    """The example orders by name."""
    return {path.stem: path for path in sorted((folder("examples") / "orders").glob("*.json"))}


def substance(decision: Json) -> Json:
    """What a merchant would call the same answer: status, sources, services, scheme, border, duty."""
    return {
        "status": decision["status"],
        "consignments": [
            {
                "source": item["source"]["location"],
                "lines": [(line["line"], line["quantity"]) for line in item["lines"]],
                "services": [shipment["service"] for shipment in item["shipments"]],
                "scheme": item["border"]["vat_scheme"],
                "declaration": item["border"]["declaration"],
                "duty_method": item["border"]["duty_method"],
                "duty": (item["border"].get("assessment") or {}).get("duty"),
            }
            for item in decision["consignments"]
        ],
    }


def needed(decision: Json) -> str:
    """All that the decision names as missing or open, as one text to look words up in."""
    gaps = [item["border"].get("cannot_determine", ()) for item in decision["consignments"]]
    landed = decision["landed_cost"] or {}
    return json.dumps([decision["needs"], gaps, landed.get("cannot_determine", [])])
