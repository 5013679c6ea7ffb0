"""Gifts between private persons at their limits, and what crosses the Irish Sea."""

from __future__ import annotations

from typing import Any

import pytest

from tests.law.asking import CH, DE, FR, GB, told

REUNION = {"country": "FR", "postcode": "97400"}
BELFAST = {"country": "GB", "postcode": "BT1 1AA"}


def gift(net: str, currency: str, ship_from: dict[str, str], ship_to: dict[str, str]) -> dict[str, Any]:
    return told(
        kind="private_gift",
        seller={"country": ship_from["country"]},
        buyer=None,
        ship_from=ship_from,
        ship_to=ship_to,
        currency=currency,
        line={"net": net},
    )


@pytest.mark.parametrize(
    ("net", "currency", "way", "free"),
    [
        ("45.00", "EUR", (CH, DE), True),  # Directive 2006/79/EC, Reg. (EC) 1186/2009 art. 25-27
        ("45.01", "EUR", (CH, DE), False),
        ("39.00", "GBP", (FR, GB), True),
        ("39.01", "GBP", (FR, GB), False),
        ("100.00", "CHF", (FR, CH), True),
        ("100.01", "CHF", (FR, CH), False),
        ("400.00", "EUR", (FR, REUNION), True),  # from 205 to 400 on 2023-04-01
        ("400.01", "EUR", (FR, REUNION), False),
    ],
)
def test_a_gift_is_free_up_to_its_limit(
    net: str, currency: str, way: tuple[dict[str, str], dict[str, str]], free: bool
):
    found = gift(net, currency, *way)
    assert found["scheme"] == "outside_scope"
    assert found["items"] is None  # no sale, so never the flat duty
    assert (found["vat_route"] == "none") is free
    if free:
        assert (found["totals"]["duty"], found["totals"]["vat"], found["totals"]["landed_cost"]) == (
            "0.00",
            "0.00",
            net,
        )
    else:
        assert found["vat_route"] == "at_import"
        assert found["totals"]["vat"] != "0.00"


def test_no_gift_goes_by_the_import_one_stop_shop():
    found = told(kind="private_gift", buyer=None, line={"net": "45.01"})
    assert all(route["vat"] != "ioss" for route in found["routes"])
    assert found["duty_method"] == "tariff"


def across(**changes: Any) -> dict[str, Any]:
    seller = {"country": "GB", "vat_registrations": ["GB"], **changes.pop("seller", {})}
    return told(ship_from=GB, ship_to=BELFAST, currency="GBP", seller=seller, **changes)


def test_a_consumer_parcel_across_the_irish_sea_is_a_british_sale_without_declaration():
    found = across()
    assert (found["scheme"], found["declaration"], found["duty_method"]) == ("domestic", "none", "none")
    assert found["totals"]["landed_cost"] == "120.00"


BUSINESS = {"buyer": {"kind": "business"}}
UKIMS = {"registrations": ["ukims"]}


@pytest.mark.parametrize(
    ("changes", "declaration", "duty"),
    [
        ({**BUSINESS, "seller": UKIMS, "at_risk_of_eu": False}, "ni_simplified", "0.00"),
        ({**BUSINESS, "seller": UKIMS, "at_risk_of_eu": True}, "h1", "12.00"),
        ({**BUSINESS, "at_risk_of_eu": False}, "h1", "12.00"),
    ],
)
def test_goods_for_a_business_pay_the_eu_tariff_unless_authorised_and_not_at_risk(
    changes: dict[str, Any], declaration: str, duty: str
):
    found = across(**changes)
    assert (found["declaration"], found["totals"]["duty"]) == (declaration, duty)


def test_an_authorised_trader_is_asked_whether_the_goods_are_at_risk():
    found = across(**BUSINESS, seller=UKIMS)
    assert found["needs"] == [{"facts": ["customs.at_risk_of_eu"], "give": ["/at_risk_of_eu"]}]
    assert found["totals"] is None or found["totals"]["duty"] is None
