"""Shortcut 3, one order = one consignment = one parcel: the refrigerator and its accessory."""

from __future__ import annotations

import json

import pytest

from tests.shortcuts.demo import Json, decided, examples


@pytest.fixture(scope="module")
def order() -> Json:
    name = next(name for name in examples() if name.startswith("01-"))
    body: Json = json.loads(examples()[name].read_text(encoding="utf-8"))
    return body


@pytest.fixture(scope="module")
def decision(order: Json) -> Json:
    return decided(order)


def test_the_order_is_one_consignment_from_one_location(decision: Json) -> None:
    assert decision["status"] == "routed"
    assert decision["split"] is False
    assert [item["source"]["location"] for item in decision["consignments"]] == ["wh-lyon"]


def test_two_services_carry_it_one_of_them_with_two_people(decision: Json) -> None:
    shipments = decision["consignments"][0]["shipments"]
    by_mode = {shipment["mode"]: shipment for shipment in shipments}
    assert set(by_mode) == {"two_person", "home"}
    assert by_mode["two_person"]["service"] != by_mode["home"]["service"]


def test_the_refrigerator_travels_by_two_people_and_nothing_else_does(order: Json, decision: Json) -> None:
    heavy = {line["id"] for line in order["lines"] if line["sku"] == "fridge-combi-365"}
    assert heavy
    assert heavy != {line["id"] for line in order["lines"]}
    for shipment in decision["consignments"][0]["shipments"]:
        carried = {line["line"] for line in shipment["lines"]}
        assert (shipment["mode"] == "two_person") == bool(carried & heavy)
        assert carried <= heavy or not carried & heavy


def test_every_unit_is_in_exactly_one_parcel(order: Json, decision: Json) -> None:
    packed: dict[str, int] = {}
    for shipment in decision["consignments"][0]["shipments"]:
        for parcel in shipment["parcels"]:
            for item in parcel["contents"]:
                packed[item["line"]] = packed.get(item["line"], 0) + item["quantity"]
    assert packed == {line["id"]: line["quantity"] for line in order["lines"]}


def test_both_shipments_share_the_border_treatment_and_the_promise_of_the_later(decision: Json) -> None:
    """One consignment to the law, whichever service carries its parts."""
    consignment = decision["consignments"][0]
    latest = [shipment["promise"]["latest"] for shipment in consignment["shipments"]]
    assert len(latest) == 2
    assert consignment["promise"]["latest"] == max(latest)
    assert consignment["border"]["vat_scheme"] == "domestic"
