"""Dangerous goods by mode: batteries, limited quantities, the post."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain import Battery
from tests.compliance.conftest import documents, needed, rules_of

PARIS = {"country": "FR", "postcode": "75011", "city": "Paris"}
BERLIN = {"country": "DE", "postcode": "10115", "city": "Berlin"}
ZURICH = {"country": "CH", "postcode": "8001", "city": "Zurich"}
NEW_YORK = {"country": "US", "postcode": "10001", "city": "New York", "subdivision": "NY"}
BY_AIR = {"delivery": {"service": "dhl-express-worldwide"}}
BY_POST = {"delivery": {"service": "colissimo-international"}}


def in_device(batteries: int | None = 1, cells: int | None = None, grams: int | None = None) -> Battery:
    return Battery(
        "lithium_ion",
        "in_equipment",
        watt_hours=Decimal("17.3"),
        batteries=batteries,
        cells=cells,
        net_weight_g=grams,
    )


def test_a_power_bank_never_flies_with_a_parcel_network(shop):
    body = shop("power-bank-10000", NEW_YORK, **BY_AIR)
    assert body["status"] == "refused"
    assert "transport-lithium-alone-by-air" in rules_of(body)


@pytest.mark.parametrize(
    ("on", "charge", "flies"),
    [
        ("2026-11-17", "30", True),
        ("2026-11-17", "30.5", False),
        ("2025-11-17", "100", True),
    ],
)
def test_a_camera_with_its_battery_beside_it_flies_at_thirty_percent(shop, on, charge, flies):
    body = shop(
        "camera-mirrorless",
        NEW_YORK,
        on=on,
        product={"hs_code": "8525890000"},
        attributes={"state_of_charge": charge},
        **BY_AIR,
    )
    assert ("transport-lithium-packed-with-charged" not in rules_of(body)) is flies
    assert bool(body["consignments"]) is flies


def test_the_charge_is_asked_for_where_it_matters_and_nowhere_else(shop):
    unknown = {
        "hs_code": "8525890000",
        "battery": Battery("lithium_ion", "packed_with", watt_hours=Decimal("14.4"), batteries=1),
    }
    asked = shop("camera-mirrorless", NEW_YORK, product=unknown, **BY_AIR)
    assert "goods.state_of_charge" in needed(asked)
    phone = {"hs_code": "8517130000", "battery": in_device()}
    assert "goods.state_of_charge" not in needed(shop("smartphone-a5", NEW_YORK, product=phone, **BY_AIR))


def test_heavy_batteries_in_equipment_need_their_net_weight_by_air_only(shop):
    heavy = {"hs_code": "8508110000", "weight_g": 9000}
    asked = shop("robot-vacuum", NEW_YORK, product=heavy | {"battery": in_device()}, **BY_AIR)
    assert "goods.battery_weight" in needed(asked)
    told = shop("robot-vacuum", NEW_YORK, product=heavy | {"battery": in_device(grams=5000)}, **BY_AIR)
    assert "transport-lithium-beside-equipment-net-weight" not in rules_of(told)
    much = shop("robot-vacuum", NEW_YORK, product=heavy | {"battery": in_device(grams=5001)}, **BY_AIR)
    assert "transport-lithium-beside-equipment-net-weight" in rules_of(much)
    road = shop("robot-vacuum", BERLIN, product=heavy | {"battery": in_device()})
    assert "goods.battery_weight" not in needed(road)


@pytest.mark.parametrize(
    ("battery", "admitted"),
    [
        (in_device(batteries=2), True),
        (in_device(batteries=3), False),
        (in_device(batteries=None, cells=4), True),
        (in_device(batteries=None, cells=5), False),
    ],
)
def test_the_post_counts_batteries_and_cells(shop, battery, admitted):
    body = shop("smartphone-a5", ZURICH, product={"battery": battery}, **BY_POST)
    assert ("transport-lithium-too-many-by-post" not in rules_of(body)) is admitted


def test_perfume_goes_by_road_with_its_mark_and_never_by_international_post(shop):
    post = shop("perfume-50", ZURICH, **BY_POST)
    assert not post["consignments"]
    assert "transport-dangerous-by-international-post" in rules_of(post)
    shuttle = shop("perfume-50", PARIS, delivery={"collect_at": "shop-paris-rivoli"})
    assert documents(shuttle)["limited_quantity_mark"]
    assert "dangerous_goods_declaration" not in documents(shuttle)


def test_perfume_by_air_carries_a_declaration(shop):
    body = shop("perfume-50", ZURICH, **BY_AIR)
    assert documents(body)["dangerous_goods_declaration"]


def test_a_large_bottle_is_no_limited_quantity_and_an_unknown_one_is_asked_about(shop):
    large = shop("perfume-50", ZURICH, product={"volume_ml": 5001}, **BY_AIR)
    assert "transport-limited-quantity-inner-large" in rules_of(large)
    assert "goods.volume" in needed(shop("perfume-50", ZURICH, product={"volume_ml": None}, **BY_AIR))


def test_nail_polish_does_not_fly_while_its_limits_were_not_read(shop):
    body = shop("nail-polish-red", ZURICH, **BY_AIR)
    assert "transport-limits-by-air-not-read" in rules_of(body)


def test_loose_batteries_by_road_bear_their_mark(shop):
    body = shop("power-bank-10000", PARIS, delivery={"collect_at": "shop-paris-rivoli"})
    assert documents(body)["battery_mark"]
    assert "dangerous_goods_declaration" not in documents(body)


def test_a_phone_in_its_box_needs_no_mark(shop):
    assert "battery_mark" not in documents(shop("smartphone-a5", BERLIN))
