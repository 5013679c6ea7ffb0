"""Orders of the demo retailer as hypothesis strategies: real SKUs, real postcodes, every kind of wish."""

from __future__ import annotations

from collections import Counter

from hypothesis import strategies as st

from engine.supply import OWN as POOL
from tests.shortcuts.demo import Json, house, order_json

__all__ = ["PLACES", "orders"]

PLACES = (
    *(("FR", code, city) for code, city in (("69003", "Lyon"), ("75011", "Paris"), ("20000", "Ajaccio"))),
    *(
        ("DE", code, city)
        for code, city in (("10117", "Berlin"), ("78266", "Büsingen"), ("27498", "Helgoland"))
    ),
    *(
        ("ES", code, city)
        for code, city in (("28013", "Madrid"), ("35001", "Las Palmas"), ("51001", "Ceuta"))
    ),
    *(
        ("IT", "20121", "Milano"),
        ("IT", "23041", "Livigno"),
        ("CH", "8001", "Zürich"),
        ("CH", "7563", "Samnaun"),
    ),
    *(
        ("GB", "SW1A 2AA", "London"),
        ("GB", "BT1 5GS", "Belfast"),
        ("NO", "0150", "Oslo"),
        ("BE", "1000", "Bruxelles"),
    ),
    *(("US", "10001", "New York"), ("SE", "111 22", "Stockholm"), ("PL", "00-001", "Warszawa")),
    *(
        ("IE", "D02 X285", "Dublin"),
        ("AT", "1010", "Wien"),
        ("CA", "M5V 3L9", "Toronto"),
        ("JP", "100-0001", "Tokyo"),
    ),
    *(("AU", "2000", "Sydney"), ("FI", "22100", "Mariehamn"), ("FR", "97400", "Saint-Denis")),
    *(("FR", None, None), ("ES", None, None), ("GB", None, None)),
)
MODES = (*[None] * 6, "home", "home", "parcel_shop", "locker", "two_person")
SPEEDS = (*[None] * 6, "standard", "express", "same_day")
OWN = (*["maison-fr"] * 5, "maison-de", "maison-de", "maison-ch", "maison-uk")
SELLERS = (*OWN, "partner-velos", "partner-shenzhen", "partner-alpin")
FREIGHTS = (None, None, {"amount": "4.90"}, {"amount": "9.90", "shown_separately": False})
DAYS = ("2026-06-30", "2026-07-01", "2026-11-20", "2026-11-22")


def _skus() -> list[str]:
    """Every SKU once, and three times those that many places hold, so that most orders can be served."""
    world, supply = house()
    held = Counter(sku for (_, sku), stock in supply.views[POOL].records.items() if stock.on_hand > 1)
    return [*sorted(world.retailer.products), *sorted(sku for sku in held if held[sku] > 3) * 3]


@st.composite
def orders(draw: st.DrawFn) -> Json:
    """An order as JSON: consumer, business, click and collect or replenishment."""
    world = house()[0]
    skus = _skus()
    shops = sorted(name for name, place in world.retailer.locations.items() if place.kind == "shop")
    country, postcode, city = draw(st.sampled_from(PLACES))
    kind = draw(st.sampled_from((*["consumer"] * 6, "business", "replenishment")))
    lines = [_line(draw, number, skus) for number in range(1, draw(st.integers(1, 3)) + 1)]
    delivery: Json = {
        "mode": draw(st.sampled_from(MODES)),
        "speed": draw(st.sampled_from(SPEEDS)),
        "accepts_split": draw(st.booleans()),
        "accepts_partial": draw(st.booleans()),
    }
    if kind != "replenishment" and draw(st.integers(0, 7)) == 7:
        delivery |= {"mode": None, "speed": None, "collect_at": draw(st.sampled_from(shops))}
    day = draw(st.sampled_from(DAYS))
    buyer = "business" if kind == "business" else "consumer"
    address = {"country": country, "postcode": postcode, "city": city}
    return order_json(
        kind=kind,
        placed_at=f"{day}T10:00:00+02:00",
        payment_accepted_at=draw(st.sampled_from((None, f"{day}T10:05:00+02:00"))),
        currency=draw(st.sampled_from((*["EUR"] * 5, "SEK", "CHF", "GBP"))),
        seller=draw(st.sampled_from(SELLERS)) if kind != "replenishment" else None,
        ship_to=address if kind != "replenishment" else None,
        to_location=draw(st.sampled_from(shops)) if kind == "replenishment" else None,
        buyer={"kind": buyer, "age": draw(st.sampled_from((None, 17, 40)))},
        delivery=delivery,
        lines=lines,
        discount=draw(st.sampled_from((None, {"amount": "0.50"}))),
        freight=draw(st.sampled_from(FREIGHTS)),
    )  # fmt: skip


def _line(draw: st.DrawFn, number: int, skus: list[str]) -> Json:
    found: Json = {
        "id": str(number),
        "sku": draw(st.sampled_from(skus)),
        "quantity": draw(st.sampled_from((1, 1, 1, 1, 2, 2, 3, 8, 60))),
        "unit_price": draw(st.sampled_from(("1.00", "29.90", "74.99", "150.00", "150.01", "899.00"))),
        "tax_included": draw(st.booleans()),
    }
    if draw(st.integers(0, 9)) == 9:
        found["seller"] = draw(st.sampled_from(SELLERS))
    return found
