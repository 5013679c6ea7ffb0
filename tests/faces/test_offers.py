"""An offer made at checkout is honoured after payment, or the order is held: nothing changes silently."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from domain import InputError
from engine.supply import OWN, Supply
from engine.world import Adjustments, World
from fulfilment import Stock
from scenarios import order_from
from scenarios.offers import decide_honouring, options
from tests.faces.desk import KEY, ask, client
from tests.shortcuts.demo import Json, house, order_json

SECRET = KEY.encode()


@pytest.fixture(scope="module")
def offers() -> list[Json]:
    found: Any = options(order_from(order_json()), *house(), SECRET)["options"]
    return list(found)


def _accepting(offer: Json, **changes: object) -> Json:
    delivery = {"offer_id": offer["offer_id"], **dict(changes.pop("delivery", {}))}  # type: ignore[call-overload]
    return order_json(delivery=delivery, **changes)


def _decide(
    body: Json, world: World | None = None, supply: Supply | None = None, key: bytes = SECRET
) -> Json:
    there = house()
    found: Json = decide_honouring(order_from(body), world or there[0], supply or there[1], SECRET)
    return found


def _promised(decision: Json) -> str:
    return max(str(item["promise"]["latest"]) for item in decision["consignments"])


def _schemes(decision: Json) -> list[str]:
    return [str(item["border"]["vat_scheme"]) for item in decision["consignments"]]


def test_every_offer_is_honoured_in_price_promise_mode_and_scheme(offers: list[Json]) -> None:
    assert len({(offer["mode"], offer["speed"]) for offer in offers}) == len(offers) >= 4
    for offer in offers:
        decision = _decide(_accepting(offer))
        assert decision["status"] == "routed"
        assert decision["offer_id"] == offer["offer_id"]
        assert decision["delivery_price"] == offer["price"]
        assert _promised(decision) == offer["promise"]["latest"]
        shipped = [shipment for item in decision["consignments"] for shipment in item["shipments"]]
        assert {(each["mode"], each["speed"]) for each in shipped} == {(offer["mode"], offer["speed"])}
        assert sorted({each["service"] for each in shipped}) == offer["services"]
        asked = {"mode": offer["mode"], "speed": offer["speed"]}
        assert _schemes(decision) == _schemes(_decide(order_json(delivery=asked)))


def test_an_offer_made_by_one_face_is_honoured_by_the_other(tmp_path: Path) -> None:
    made = client().post("/v1/options", json=order_json()).json()["options"][0]
    path = tmp_path / "order.json"
    path.write_text(json.dumps(_accepting(made)), encoding="utf-8")
    said = ask("decide", path, "--json")
    assert said.code == 0
    assert said.json["offer_id"] == made["offer_id"]
    assert client().post("/v1/decisions", content=path.read_bytes()).json() == said.json


def test_a_promise_that_would_move_holds_the_order(offers: list[Json]) -> None:
    """The place that the offer counted on has closed: the next one is slower, or there is none."""
    world, supply = house()
    standard = next(offer for offer in offers if (offer["mode"], offer["speed"]) == ("home", "standard"))
    first = _decide(_accepting(standard))
    gone = frozenset(item["source"]["location"] for item in first["consignments"])
    for location in sorted(world.retailer.locations):
        closed = replace(world, adjustments=Adjustments(closed=gone | {location}))
        after = _decide(_accepting(standard), closed, supply)
        if after["status"] in ("routed", "partial"):
            assert _promised(after) <= standard["promise"]["latest"]
            assert after["delivery_price"] == standard["price"]
        else:
            assert after["status"] in ("held", "backordered", "needs_information")


def test_terms_that_changed_are_named_when_the_order_is_held(offers: list[Json]) -> None:
    """Only a Swiss place has it left: the VAT scheme of the offer no longer holds."""
    world, supply = house()
    offer = next(offer for offer in offers if (offer["mode"], offer["speed"]) == ("home", "standard"))
    places = world.retailer.locations
    abroad = [name for name in places if places[name].place.country != "CH"]
    emptied = {(name, "fridge-filter"): Stock(0) for name in abroad}
    after = _decide(_accepting(offer), world, supply.changed(OWN, dict(emptied)))
    assert after["status"] == "held"
    codes = {hold["code"] for hold in after["holds"]}
    assert codes & {"offer_vat_scheme_would_change", "offer_promise_would_move", "offer_price_would_rise"}


def test_a_higher_price_of_the_carrier_never_reaches_the_buyer(offers: list[Json]) -> None:
    world, supply = house()
    dearer = {service.id: 400 for service in world.carriers.services}
    changed = replace(world, adjustments=Adjustments(price_delta=dearer))
    for offer in offers:
        decision = _decide(_accepting(offer), changed, supply)
        assert decision["status"] == "held" or decision["delivery_price"] == offer["price"]


def test_an_offer_holds_until_it_expires_and_not_a_second_longer(offers: list[Json]) -> None:
    offer = offers[0]
    last = datetime.fromisoformat(offer["expires"])
    assert _decide(_accepting(offer, payment_accepted_at=last.isoformat()))["offer_id"] == offer["offer_id"]
    with pytest.raises(InputError) as caught:
        _decide(_accepting(offer, payment_accepted_at=(last + timedelta(seconds=1)).isoformat()))
    assert (caught.value.code, caught.value.place) == ("offer.expired", "/delivery/offer_id")


@pytest.mark.parametrize(
    "changes",
    [
        {"lines": [{"id": "1", "sku": "fridge-filter", "quantity": 2}]},
        {"lines": [{"id": "1", "sku": "phone-case", "quantity": 1}]},
        {"ship_to": {"country": "FR", "postcode": "75011", "city": "Paris"}},
        {"currency": "CHF", "lines": [{"id": "1", "sku": "fridge-filter", "quantity": 1, "unit_price": "1"}]},
        {"id": "T-2"},
    ],
)
def test_an_offer_for_another_basket_place_or_order_is_refused(offers: list[Json], changes: Json) -> None:
    with pytest.raises(InputError) as caught:
        _decide(_accepting(offers[0], **changes))
    assert caught.value.code == "offer.other_order"


def test_an_altered_offer_is_refused_byte_by_byte(offers: list[Json]) -> None:
    raw = base64.urlsafe_b64decode(offers[0]["offer_id"] + "==")
    for at in range(0, len(raw), 7):
        altered = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        forged = base64.urlsafe_b64encode(altered).decode().rstrip("=")
        with pytest.raises(InputError) as caught:
            _decide(_accepting({"offer_id": forged}))
        assert caught.value.code == "offer.unknown"


def test_an_offer_signed_with_another_key_is_refused_on_both_faces(tmp_path: Path) -> None:
    foreign: Any = options(order_from(order_json()), *house(), b"another key, also long enough")["options"]
    body = _accepting(foreign[0])
    path = tmp_path / "order.json"
    path.write_text(json.dumps(body), encoding="utf-8")
    said = ask("decide", path)
    assert said.error is not None
    assert (said.code, said.error.code) == (2, "offer.unknown")
    answer = client().post("/v1/decisions", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "offer.unknown")


def test_charging_more_for_delivery_than_offered_is_refused(offers: list[Json]) -> None:
    with pytest.raises(InputError) as caught:
        _decide(_accepting(offers[0], freight={"amount": "999.00"}))
    assert (caught.value.code, caught.value.place) == ("offer.price", "/freight/amount")


def test_a_wish_beside_the_offer_cannot_make_it_something_else(offers: list[Json]) -> None:
    """Mode and speed are the offer's, whatever else the order asks for."""
    offer = next(offer for offer in offers if offer["mode"] == "home" and offer["speed"] == "standard")
    decision = _decide(_accepting(offer, delivery={"mode": "parcel_shop", "speed": "express"}))
    shipped = [shipment for item in decision["consignments"] for shipment in item["shipments"]]
    assert {(each["mode"], each["speed"]) for each in shipped} == {("home", "standard")}


def test_a_short_key_is_refused_before_anything_is_signed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PASSAVANT_OFFER_KEY", "short")
    path = tmp_path / "order.json"
    path.write_text(json.dumps(order_json()), encoding="utf-8")
    said = ask("options", path)
    assert said.error is not None
    assert (said.code, said.error.code) == (2, "offer.key")
