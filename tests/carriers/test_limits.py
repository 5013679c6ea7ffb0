"""Four kinds of size limits, exactly on the bound and one beyond."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carriers import Carriers, Limits, fits
from domain import Money, Parcel

CARRIERS = Carriers.load()


def parcel(weight: int, *box: int) -> Parcel:
    return Parcel((("a", 1),), weight, box)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("service", "inside", "outside", "code"),
    [
        ("dpd-pickup", parcel(20_000, 400, 300, 200), parcel(20_001, 400, 300, 200), "limit_weight"),
        ("colissimo-point", parcel(5000, 1000, 250, 250), parcel(5000, 1001, 100, 100), "limit_longest"),
        ("colissimo-point", parcel(5000, 600, 500, 400), parcel(5000, 600, 500, 401), "limit_sum"),
        ("chronopost-13", parcel(5000, 1400, 400, 400), parcel(5000, 1401, 400, 400), "limit_girth"),
        ("bpost-locker", parcel(5000, 580, 420, 310), parcel(5000, 580, 420, 311), "limit_box"),
    ],
)
def test_a_bound_is_inclusive_and_one_more_is_refused(service, inside, outside, code):
    assert fits(CARRIERS.get(service), inside) is None
    reason = fits(CARRIERS.get(service), outside)
    assert reason is not None
    assert reason.code == code
    assert reason.arguments["value"] - reason.arguments["maximum"] == 1  # type: ignore[operator]


def test_a_locker_compares_sorted_sides_and_not_their_sum():
    locker = CARRIERS.get("bpost-locker")
    flat = parcel(1000, 581, 100, 100)
    assert flat.sum_mm < 580 + 420 + 310
    reason = fits(locker, flat)
    assert reason is not None
    assert reason.code == "limit_box"


def test_a_parcel_written_with_its_short_side_first_is_turned():
    assert fits(CARRIERS.get("bpost-locker"), parcel(1000, 310, 580, 420)) is None
    assert Limits(longest_mm=500).excess(parcel(1, 100, 501, 100)) is not None
    assert Limits(girth_mm=901).excess(parcel(1, 100, 501, 100)) is None
    assert Limits(girth_mm=900).excess(parcel(1, 100, 501, 100)) is not None


def test_beyond_the_normal_size_a_band_accepts_and_says_so():
    home = CARRIERS.get("colissimo-home")
    assert home.band(parcel(5000, 1000, 250, 250)) == "standard"
    assert home.band(parcel(5000, 1500, 250, 250)) == "bulky"
    assert fits(home, parcel(5000, 1500, 250, 250)) is None
    assert home.band(parcel(5000, 2001, 100, 100)) is None
    assert fits(home, parcel(5000, 2001, 100, 100)) is not None


def test_a_large_package_is_billed_at_its_least_weight():
    ups = CARRIERS.get("ups-standard")
    assert ups.band(parcel(5000, 1500, 450, 450)) == "large"
    assert ups.billable_g(parcel(5000, 1500, 450, 450)) == max(40_000, 1500 * 450 * 450 // 5000)
    assert ups.billable_g(parcel(5000, 2000, 300, 250)) == 40_000


def test_volumetric_weight_counts_where_it_is_more():
    ups = CARRIERS.get("ups-standard")
    assert ups.billable_g(parcel(1000, 500, 400, 300)) == 12_000
    assert ups.billable_g(parcel(13_000, 500, 400, 300)) == 13_000
    # 401 x 300 x 200 / 5000 is 4812 g exactly; one more side millimetre is not a whole gram.
    assert ups.billable_g(parcel(1, 401, 301, 200)) == -(-401 * 301 * 200 // 5000)


def test_a_carrier_that_rounds_sides_up_bills_the_rounded_box():
    dhl = CARRIERS.get("dhl-express-worldwide")
    assert dhl.rounding_mm == 10
    assert dhl.billable_g(parcel(100, 401, 300, 200)) == 410 * 300 * 200 // 5000


def test_a_value_limit_asks_for_its_own_currency():
    point = CARRIERS.get("ups-access-point")
    small = parcel(1000, 300, 200, 100)
    assert fits(point, small, Money.of("5000.00", "USD")) is None
    over = fits(point, small, Money.of("5000.01", "USD"))
    assert over is not None
    assert over.code == "limit_value"
    other = fits(point, small, Money.of("10.00", "EUR"))
    assert other is not None
    assert other.code == "limit_unknown"


BOXES = st.tuples(*[st.integers(1, 3200)] * 3)


@settings(max_examples=300, deadline=None)
@given(weight=st.integers(1, 320_000), box=BOXES)
def test_the_bitset_says_what_each_service_says(weight, box):
    asked = parcel(weight, *box)
    bits = CARRIERS.limit_bits(asked)
    for service in CARRIERS.services:
        assert bool(bits >> service.index & 1) == (fits(service, asked) is None), service.id


def test_the_bitset_agrees_on_every_bound_of_every_service():
    for service in CARRIERS.services:
        limits = service.widest
        if service.unknown or limits.weight_g is None:
            continue
        for extra in (0, 1):
            asked = parcel(limits.weight_g + extra, 100, 50, 20)
            assert (CARRIERS.limit_bits(asked) >> service.index & 1) == 1 - extra, service.id
            if limits.longest_mm is not None and (limits.sum_mm or 9999) > limits.longest_mm + 40:
                long = parcel(100, limits.longest_mm + extra, 10, 10)
                assert (CARRIERS.limit_bits(long) >> service.index & 1) == 1 - extra, service.id


def test_a_shipment_needs_a_service_that_takes_each_parcel():
    light, heavy = parcel(1000, 300, 200, 100), parcel(150_000, 1000, 700, 700)
    both = CARRIERS.limit_bits_all([light, heavy])
    assert both == CARRIERS.limit_bits(light) & CARRIERS.limit_bits(heavy)
    assert CARRIERS.get("two-person-fr") in CARRIERS.of_bits(both)
    assert CARRIERS.get("colissimo-home") not in CARRIERS.of_bits(both)
