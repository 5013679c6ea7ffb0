"""A small shop for compliance: any goods, from any place, to anywhere, on any day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from domain import Entity
from engine.decide import decide
from engine.supply import OWN, Supply
from fulfilment import Stock, StockView
from scenarios import open_world, order_from

Shop = Callable[..., dict[str, Any]]

AMERICAN = Entity("maison-us", "Maison Passavant Inc. (demo)", "US", frozenset({"US"}))


@pytest.fixture(scope="session")
def shop() -> Shop:
    """``shop(sku, to, ...)`` decides an order for one product that lies in one place."""
    world, _ = open_world()
    retailer = replace(world.retailer, entities={**world.retailer.entities, AMERICAN.id: AMERICAN})

    def sold(
        sku: str,
        to: dict[str, str],
        *,
        seller: str = "maison-fr",
        at: str = "wh-lyon",
        on: str = "2026-11-17",
        quantity: int = 1,
        price: str = "60.00",
        product: dict[str, Any] | None = None,
        attributes: dict[str, str] | None = None,
        bound_by: frozenset[str] | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        changed = retailer
        if product:
            goods = replace(retailer.products[sku], **product)
            changed = replace(retailer, products={**retailer.products, sku: goods})
        if bound_by is not None:
            changed = replace(changed, jurisdictions={**changed.jurisdictions, seller: bound_by})
        order = {
            "id": "test",
            "placed_at": f"{on}T10:00:00+01:00",
            "payment_accepted_at": f"{on}T10:01:00+01:00",
            "currency": "EUR",
            "seller": seller,
            "ship_to": to,
            "freight": {"amount": "5.00"},
            "lines": [
                {
                    "id": "1",
                    "sku": sku,
                    "quantity": quantity,
                    "unit_price": price,
                    "tax_included": False,
                    "attributes": attributes or {},
                }
            ],
            **more,
        }
        supply = Supply({OWN: StockView.of({(at, sku): Stock(100)})})
        return decide(order_from(order), replace(world, retailer=changed), supply)

    return sold


def rules_of(body: dict[str, Any]) -> set[str]:
    """Ids of the rules that refused or held."""
    refused = {str(group.get("rule")) for group in body["rejected"]}
    return refused | {str(group.get("rule")) for group in body["holds"]}


def needed(body: dict[str, Any]) -> set[str]:
    """Names of the facts asked for."""
    return {name for need in body["needs"] for name in need["facts"]}


def documents(body: dict[str, Any]) -> dict[str, bool]:
    """Codes of the documents of all consignments, with whether they are certain."""
    return {paper["code"]: paper["certain"] for one in body["consignments"] for paper in one["documents"]}
