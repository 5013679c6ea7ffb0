"""Every way to take one fact away from an order or from the catalog, and what must then be named.

A **fact** is something true of the goods, the place or the people whether anybody
wrote it down or not: without it the decision either stays or asks for it. A field
whose absence is itself an answer is no fact; those stand in ``STATEMENTS``, each
with the answer its absence gives. A **wish** is what the buyer asks for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from domain import Product
from engine.world import World
from tests.shortcuts.demo import Json

__all__ = ["FACTS", "STATEMENTS", "WISHES", "Deletion", "deletions"]

# field of the order (list positions as *) -> the words of ``needs`` that name it
FACTS: dict[str, tuple[str, ...]] = {
    "ship_to.postcode": ("/ship_to/postcode", "destination.territory", "arrival.place", "destination.place"),
    "ship_to.city": ("/ship_to/city", "/ship_to/postcode", "destination.territory"),
    "ship_to.subdivision": ("/ship_to/subdivision", "/ship_to/postcode", "destination.territory"),
    "ship_to.latitude": ("destination.place", "/ship_to/latitude"),
    "ship_to.longitude": ("destination.place", "/ship_to/longitude"),
    "ship_to.lines": ("/ship_to/lines",),
    "buyer.country": ("/buyer/country",),
    "buyer.age": ("/buyer/age", "buyer.age"),
    "buyer.eori": ("/buyer/eori",),
    "buyer.email": ("/buyer/email",),
    "buyer.phone": ("/buyer/phone",),
    "customs.at_risk_of_eu": ("/customs/at_risk_of_eu", "customs.at_risk_of_eu"),
    "customs.declared_on": ("/customs/declared_on", "declaration.acceptance"),
    "lines.*.tax_rate": ("/tax_rate",),
    "lines.*.customs_value": ("/customs_value",),
    "lines.*.attributes": ("/attributes", "goods."),
    "attributes": ("/attributes",),
}

# What is said by saying nothing.
STATEMENTS: dict[str, str] = {
    "parties": "nobody but the buyer takes part",
    "kind": "a consumer's order",
    "buyer.name": "nobody was screened, and the decision says not_screened",
    "channel": "the web shop",
    "comment": "no remark; no decision reads it",
    "history": "no contact before; no decision reads it",
    "seller": "the lines name their sellers, else the order is refused as unreadable",
    "to_location": "no replenishment",
    "ship_to": "collected at a shop, else the order is refused as unreadable",
    "discount": "no discount",
    "freight": "the delivery price is not settled yet: the offer rules settle it",
    "payment_accepted_at": "not paid yet: VAT is dated by the order day, as the vocabulary says",
    "buyer": "a consumer of whom nothing was told",
    "buyer.kind": "a consumer",
    "buyer.vat_number": "no number: the seller charges tax",
    "buyer.vat_number_checked": "nobody confirmed the number, which is a state of its own",
    "buyer.screening": "the caller did not screen: the name is screened here",
    "customs": "nothing declared yet",
    "customs.preference_claimed": "a preference that nobody claims is not claimed",
    "customs.excise_registered_in": "registered nowhere: the goods are held where that matters",
    "lines.*.unit_price": "the catalog's list price",
    "lines.*.tax_included": "a price to consumers includes tax",
    "lines.*.discount": "no discount",
    "lines.*.gift": "goods that are paid for",
    "lines.*.seller": "the order's seller",
    "lines.*.hs_code": "the catalog's code; without that it is a fact, taken away below",
    "lines.*.origin": "the catalog's origin; without that it is a fact, taken away below",
    "lines.*.weight_g": "the catalog's weight",
}

WISHES = frozenset({"delivery", "customs.incoterm"})

# fact of the catalog -> the words of ``needs`` that name it
PRODUCT_FACTS: dict[str, tuple[str, ...]] = {
    "hs_code": ("hs_code",),
    "hs_code, all but four digits": ("hs_code",),
    "origin": ("origin",),
    "vat_category": ("vat_category",),
    "battery.watt_hours": ("goods.battery_wh",),
    "battery.lithium_grams": ("goods.lithium_grams",),
}


@dataclass(frozen=True)
class Deletion:
    """One fact gone: the order and the world without it, and the words one of which must name it."""

    fact: str
    order: Json
    world: World
    names: tuple[str, ...]


def deletions(order: Json, world: World) -> Iterator[Deletion]:
    """Each fact of the order and of its products, taken away alone."""
    for field, path in _fields(order):
        if field in FACTS:
            yield Deletion(".".join(map(str, path)), _without(order, path), world, FACTS[field])
    for sku in dict.fromkeys(str(line["sku"]) for line in order["lines"]):
        for fact, names in PRODUCT_FACTS.items():
            lacking = _lacking(world.retailer.products[sku], fact)
            if lacking is None:
                continue
            products = {**world.retailer.products, sku: lacking}
            changed = replace(world, retailer=replace(world.retailer, products=products))
            field = fact.split(",")[0]
            lines = [_without(line, (field,)) if line["sku"] == sku else line for line in order["lines"]]
            yield Deletion(f"{sku} {fact}", {**order, "lines": lines}, changed, names)


def _fields(order: Json) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """Every field that the order holds, as a pattern and as a path, one level into each object."""
    for key, value in order.items():
        yield key, (key,)
        if isinstance(value, dict):
            yield from ((f"{key}.{inner}", (key, inner)) for inner in value)
        if key == "lines":
            for number, line in enumerate(value):
                yield from ((f"lines.*.{inner}", ("lines", number, inner)) for inner in line)


def _without(order: Json, path: tuple[str | int, ...]) -> Json:
    key, *rest = path
    if not rest:
        return {name: value for name, value in order.items() if name != key}
    inner: Any = order[key]  # type: ignore[index]
    if isinstance(inner, list):
        number = int(rest[0])
        changed: Any = [*inner[:number], _without(inner[number], tuple(rest[1:])), *inner[number + 1 :]]
    else:
        changed = _without(inner, tuple(rest))
    return {**order, str(key): changed}


def _lacking(product: Product, fact: str) -> Product | None:
    """The product without the fact; None where it has none to lose."""
    if fact.startswith("battery."):
        name = fact.removeprefix("battery.")
        if product.battery is None or getattr(product.battery, name) is None:
            return None
        return replace(product, battery=replace(product.battery, **{name: None}))  # type: ignore[arg-type]
    if "," in fact:
        code = product.hs_code or ""
        return replace(product, hs_code=code[:4]) if len(code) > 4 else None
    if getattr(product, fact) is None:
        return None
    return replace(product, **{fact: None})  # type: ignore[arg-type]
