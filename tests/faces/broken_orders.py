"""Orders that cannot be read, each with the code and the place that both faces must answer with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.shortcuts.demo import Json, order_json

__all__ = ["BODIES", "FIELDS", "body_of"]


def _line(**changes: object) -> list[Json]:
    return [{"id": "1", "sku": "fridge-filter", "quantity": 1, **changes}]


# fmt: off - a table, a row a mistake
# What is sent as text: name -> (bytes, code)
BODIES: Mapping[str, tuple[bytes, str]] = {
    "nothing": (b"", "json.malformed"),
    "blanks only": (b"  \n ", "json.malformed"),
    "no JSON": (b"{not json", "json.malformed"),
    "cut off": (json.dumps(order_json()).encode()[:-20], "json.malformed"),
    "a trailing comma": (b'{"id": "T-1",}', "json.malformed"),
    "two documents": (b"{} {}", "json.malformed"),
    "a list": (b"[]", "order.not_object"),
    "a number": (b"12", "order.not_object"),
    "null": (b"null", "order.not_object"),
    "an empty object": (b"{}", "order.missing_field"),
    "no UTF-8": (b'{"id": "\xff\xfe"}', "order.encoding"),
    "a lone surrogate": (b'{"id": "\\ud800"}', "order.invalid"),
    "a NUL": (b'{"id": "\\u0000"}', "order.invalid"),
    "NaN": (b'{"id": NaN}', "json.not_a_number"),
    "Infinity": (b'{"id": -Infinity}', "json.not_a_number"),
    "a key twice": (b'{"id": "a", "id": "b"}', "json.duplicate_key"),
    "nested deeply": (b'{"lines": ' + b"[" * 5000 + b"]" * 5000 + b"}", "json.too_deep"),
    "nested and never closed": (b"[" * 100_000, "json.too_deep"),
    "a huge number": (
        json.dumps(order_json()).encode()[:-1] + b', "discount": ' + b"9" * 5000 + b"}",
        "json.malformed",
    ),
    "three megabytes": (b'{"comment": "' + b"x" * 3_000_000 + b'"}', "order.too_large"),
}

# What is sent as an order with changed fields: name -> (changes, code, place)
FIELDS: Mapping[str, tuple[Mapping[str, Any], str, str]] = {
    "unknown field": ({"colour": "red"}, "order.unknown_field", "/colour"),
    "unknown field of a line": ({"lines": _line(price="1")}, "order.unknown_field", "/lines/0/price"),
    "no line": ({"lines": []}, "order.invalid", "/lines"),
    "10,000 lines": (
        {"lines": [{"id": str(n), "sku": "fridge-filter", "quantity": 1} for n in range(10_000)]},
        "order.invalid",
        "/lines",
    ),
    "line ids twice": ({"lines": _line() + _line()}, "order.invalid", ""),
    "1 MB string": ({"comment": "x" * 1_000_000}, "order.invalid", "/comment"),
    "1 MB id": ({"id": "x" * 1_000_000}, "order.invalid", "/id"),
    "negative quantity": ({"lines": _line(quantity=-1)}, "order.invalid", "/lines/0/quantity"),
    "no quantity": ({"lines": _line(quantity=0)}, "order.invalid", "/lines/0/quantity"),
    "half a piece": ({"lines": _line(quantity=1.5)}, "order.invalid", "/lines/0/quantity"),
    "quantity as text": ({"lines": _line(quantity="2")}, "order.invalid", "/lines/0/quantity"),
    "quantity as truth": ({"lines": _line(quantity=True)}, "order.invalid", "/lines/0/quantity"),
    "an amount as a float": ({"lines": _line(unit_price=12.5)}, "order.invalid", "/lines/0/unit_price"),
    "an amount as NaN text": ({"lines": _line(unit_price="NaN")}, "order.invalid", "/lines/0/unit_price"),
    "an infinite amount": ({"lines": _line(unit_price="Infinity")}, "order.invalid", "/lines/0/unit_price"),
    "a negative amount": ({"lines": _line(unit_price="-1.00")}, "order.invalid", "/lines/0/unit_price"),
    "an amount with a comma": ({"lines": _line(unit_price="12,50")}, "order.invalid", "/lines/0/unit_price"),
    "more decimals than a cent": ({"freight": {"amount": "4.905"}}, "money.too_precise", "/freight/amount"),
    "tax above the whole": (
        {"lines": _line(unit_price="1", tax_rate="101")},
        "order.invalid",
        "/lines/0/tax_rate",
    ),
    "31 February": ({"placed_at": "2026-02-31T10:00:00+01:00"}, "order.invalid", "/placed_at"),
    "no time zone": ({"placed_at": "2026-11-20T10:00:00"}, "order.invalid", "/placed_at"),
    "an instant as a number": ({"placed_at": 1763629200}, "order.invalid", "/placed_at"),
    "paid before it was placed": ({"payment_accepted_at": "2026-11-19T10:00:00+01:00"}, "order.invalid", ""),
    "declared on no day": (
        {"customs": {"declared_on": "2026-13-01"}},
        "order.invalid",
        "/customs/declared_on",
    ),
    "unknown currency": ({"currency": "XQQ"}, "money.unknown_currency", "/currency"),
    "currency in small letters": ({"currency": "eur"}, "order.invalid", "/currency"),
    "unknown country": ({"ship_to": {"country": "QQ"}}, "territory.unknown_country", "/ship_to/country"),
    "country by name": ({"ship_to": {"country": "France"}}, "order.invalid", "/ship_to/country"),
    "a postcode of no format": (
        {"ship_to": {"country": "FR", "postcode": "ABCDE"}},
        "territory.bad_postcode",
        "/ship_to/postcode",
    ),
    "nowhere to go": ({"ship_to": None}, "order.invalid", ""),
    "unknown SKU": ({"lines": _line(sku="fridge-filtre")}, "order.unknown_sku", "/lines/0/sku"),
    "unknown seller": ({"seller": "maison-xx"}, "order.unknown_seller", "/seller"),
    "unknown seller of a line": (
        {"lines": _line(seller="maison-xx")},
        "order.unknown_seller",
        "/lines/0/seller",
    ),
    "no seller": ({"seller": None}, "order.unknown_seller", "/seller"),
    "unknown shop": (
        {"delivery": {"collect_at": "shop-lion"}},
        "input.unknown_reference",
        "/delivery/collect_at",
    ),
    "unknown service": (
        {"delivery": {"service": "chronopost-99"}},
        "input.unknown_reference",
        "/delivery/service",
    ),
    "unknown pickup point": (
        {"delivery": {"pickup_point": "nowhere-1"}},
        "input.unknown_reference",
        "/delivery/pickup_point",
    ),
    "unknown mode": ({"delivery": {"mode": "drone"}}, "order.invalid", "/delivery/mode"),
    "replenishment to nowhere": ({"kind": "replenishment"}, "order.invalid", ""),
    "replenishment of an unknown shop": (
        {"kind": "replenishment", "to_location": "shop-lion"},
        "input.unknown_reference",
        "/to_location",
    ),
    "line discount above the price": ({"lines": _line(unit_price="5", discount="6")}, "order.invalid", ""),
    "discount above the list price": (
        {"lines": _line(discount="600")},
        "order.discount",
        "/lines/0/discount",
    ),
    "order discount above the goods": (
        {"discount": {"amount": "5000"}},
        "order.discount",
        "/discount/amount",
    ),
    "no price anywhere": ({"currency": "SEK"}, "order.no_price", "/lines/0/unit_price"),
    "an offer that nobody made": ({"delivery": {"offer_id": "AAAA"}}, "offer.unknown", "/delivery/offer_id"),
    "an offer that is no base64": ({"delivery": {"offer_id": "é!"}}, "offer.unknown", "/delivery/offer_id"),
}
# fmt: on


def body_of(changes: Mapping[str, Any]) -> bytes:
    """The plain order with the changes, as UTF-8 JSON."""
    return json.dumps(order_json(**changes)).encode()
