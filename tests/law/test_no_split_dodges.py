"""Splitting one order over two stocks never changes whether it is of low value (Reg. 2015/2446 art. 1(48)).

Two articles lie in two places, so that the order must be split; or both lie in one place. Prices are
drawn around EUR 150 and GBP 135. Whatever the split, scheme and duty method of every parcel are those
of the whole order, and they turn exactly above the limit.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engine.supply import OWN, Supply
from fulfilment import Stock, StockView
from tests.shortcuts.demo import Json, decided, house, order_json

MAKER, SHIRT = "coffee-maker", "tshirt-cotton-white"
FEW = settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
EUROPE = ("maison-ch", "EUR", ("FR", "67000", "Strasbourg"), ("wh-pratteln", "shop-zurich"))
BRITAIN = ("maison-fr", "GBP", ("GB", "SW1A 2AA", "London"), ("wh-lyon", "wh-karlsruhe"))


def _supply(maker: str, shirt: str) -> Supply:
    held = {(maker, MAKER): Stock(20), (shirt, SHIRT): Stock(20)}
    return Supply({OWN: StockView.of(held)})


def _order(seller: str, currency: str, to: tuple[str, str, str], prices: tuple[Decimal, Decimal]) -> Json:
    return order_json(
        seller=seller,
        currency=currency,
        ship_to=dict(zip(("country", "postcode", "city"), to, strict=True)),
        customs={"declared_on": "2026-11-23"},
        freight={"amount": "5.00", "tax_included": False},
        delivery={"accepts_split": True, "mode": "home"},
        lines=[
            {"id": str(number), "sku": sku, "quantity": 1, "unit_price": str(price), "tax_included": False}
            for number, (sku, price) in enumerate(zip((MAKER, SHIRT), prices, strict=True), start=1)
        ],
    )


def _treated(order: Json, supply: Supply) -> list[tuple[str, ...]]:
    """Scheme, duty method and tested value of each parcel."""
    decision = decided(order, house()[0], supply)
    assert decision["status"] == "routed"
    borders = [parcel["border"] for parcel in decision["consignments"]]
    return [
        (border["vat_scheme"], border["duty_method"], border["intrinsic_value"]["amount"])
        for border in borders
    ]


@st.composite
def around(draw: st.DrawFn, limit: int) -> tuple[Decimal, Decimal]:
    """Two prices whose sum lies within three units of the limit, often on it or a cent beside."""
    total = limit * 100 + draw(st.sampled_from([-1, 0, 1, -300, 300]) | st.integers(-300, 300))
    first = draw(st.integers(100, total - 100))
    return Decimal(first).scaleb(-2), Decimal(total - first).scaleb(-2)


Corridor = tuple[str, str, tuple[str, str, str], tuple[str, str]]
Pair = tuple[str, str]


def _same_whole_or_split(corridor: Corridor, prices: tuple[Decimal, Decimal], within: Pair, above: Pair):
    seller, currency, to, (one, other) = corridor
    order = _order(seller, currency, to, prices)
    whole = _treated(order, _supply(one, one))
    split = _treated(order, _supply(one, other))
    assert (len(whole), len(split)) == (1, 2)
    assert set(split) == set(whole)
    limit = Decimal(150 if currency == "EUR" else 135)
    assert whole[0][:2] == (within if sum(prices) <= limit else above)
    assert Decimal(whole[0][2]) == sum(prices)


@FEW
@given(around(150))
@example((Decimal("100.00"), Decimal("50.00")))
@example((Decimal("100.00"), Decimal("50.01")))
def test_no_split_passes_under_150_euro(prices: tuple[Decimal, Decimal]):
    _same_whole_or_split(EUROPE, prices, ("ioss", "flat_per_item"), ("export", "tariff"))


@FEW
@given(around(135))
@example((Decimal("100.00"), Decimal("35.00")))
@example((Decimal("100.00"), Decimal("35.01")))
def test_no_split_passes_under_135_pounds(prices: tuple[Decimal, Decimal]):
    _same_whole_or_split(BRITAIN, prices, ("uk_supply", "relief"), ("export", "tariff"))


@pytest.mark.parametrize(("price", "said"), [("50.00", False), ("50.01", True)])
def test_a_split_above_the_limit_is_noted_as_one_that_saves_nothing(price: str, said: bool):
    seller, currency, to, (one, other) = EUROPE
    order = _order(seller, currency, to, (Decimal("100.00"), Decimal(price)))
    decision = decided(order, house()[0], _supply(one, other))
    assert ("threshold_split" in {entry["code"] for entry in decision["rejected"]}) is said
