"""Embargoes: whose law binds decides, and no order is refused on a law that does not bind its seller."""

from __future__ import annotations

import pytest

from tests.compliance.conftest import documents, needed, rules_of

CUBA = {"country": "CU", "postcode": "10400", "city": "La Habana"}
MOSCOW = {"country": "RU", "postcode": "101000", "city": "Moscow"}


def ukraine(postcode: str | None) -> dict[str, str]:
    return {"country": "UA", "city": "somewhere"} | ({"postcode": postcode} if postcode else {})


def test_cuba_is_refused_to_an_american_seller_only(shop):
    american = shop("blouse-silk", CUBA, seller="maison-us")
    assert american["status"] == "refused"
    assert "embargo-cuba-us" in rules_of(american)

    european = shop("blouse-silk", CUBA)
    assert european["status"] != "refused"
    assert not any(rule.startswith("embargo") for rule in rules_of(european))
    assert european["consignments"]


def test_a_european_company_that_is_a_us_person_is_held_between_the_two_laws(shop):
    body = shop("blouse-silk", CUBA, bound_by=frozenset({"EU", "US"}))
    assert body["status"] == "held"
    assert {rule for rule in rules_of(body) if rule.startswith("embargo")} == {"embargo-blocked-conflict"}


def test_iran_holds_a_european_seller_and_refuses_an_american_one(shop):
    tehran = {"country": "IR", "city": "Tehran"}
    assert "embargo-iran" in rules_of(shop("blouse-silk", tehran))
    american = shop("blouse-silk", tehran, seller="maison-us")
    assert american["status"] == "refused"
    assert {"embargo-iran-us"} == {rule for rule in rules_of(american) if rule.startswith("embargo")}


def test_a_luxury_watch_to_russia_is_refused_as_luxury_and_as_destination(shop):
    dear = shop("watch-automatic", MOSCOW, at="shop-paris-haussmann", price="300.01")
    assert dear["status"] == "refused"
    assert {"goods-luxury-eu", "embargo-russia-eu"} <= rules_of(dear)
    cheap = shop("watch-automatic", MOSCOW, at="shop-paris-haussmann", price="300.00")
    assert cheap["status"] == "refused"
    assert "goods-luxury-eu" not in rules_of(cheap)


def test_swiss_stock_binds_nobody_but_a_european_seller_is_bound_anywhere(shop):
    assert "embargo-russia-eu" in rules_of(shop("watch-quartz", MOSCOW, at="wh-pratteln"))
    swiss = shop("watch-quartz", MOSCOW, at="wh-pratteln", seller="maison-ch")
    assert swiss["status"] == "held"
    assert "embargo-russia-other-seller" in rules_of(swiss)


@pytest.mark.parametrize(
    ("postcode", "status", "rule"),
    [
        ("95000", "refused", "embargo-crimea"),
        ("83001", "refused", "embargo-donetsk-luhansk-held"),
        ("84300", "held", "embargo-donetsk-luhansk"),
        ("72300", "refused", "embargo-kherson-zaporizhzhia-held"),
        ("69001", "held", "embargo-kherson-zaporizhzhia"),
    ],
)
def test_areas_outside_government_control_by_postcode(shop, postcode, status, rule):
    body = shop("blouse-silk", ukraine(postcode))
    assert body["status"] == status
    assert rule in rules_of(body)


def test_crimea_written_as_russia_names_both_reasons(shop):
    body = shop("blouse-silk", {"country": "RU", "postcode": "295000", "city": "Simferopol"})
    assert {"embargo-crimea", "embargo-russia-eu"} <= rules_of(body)


def test_kyiv_is_free_and_a_missing_postcode_is_asked_for(shop):
    free = shop("blouse-silk", ukraine("01001"))
    assert free["consignments"]
    assert not any(rule.startswith("embargo") for rule in rules_of(free))
    open_ = shop("blouse-silk", ukraine(None))
    assert open_["status"] == "needs_information"
    assert "arrival.place" in needed(open_)


def test_syria_asks_for_screening_since_the_measures_were_lifted(shop):
    damascus = {"country": "SY", "city": "Damascus"}
    assert "embargo-listings-unscreened" in rules_of(shop("blouse-silk", damascus))
    clear = shop("blouse-silk", damascus, buyer={"name": "Nobody Listed", "screening": "clear"})
    assert not any(rule.startswith("embargo") for rule in rules_of(clear))
    before = shop(
        "blouse-silk", damascus, buyer={"name": "Nobody Listed", "screening": "clear"}, on="2025-05-26"
    )
    assert "embargo-syria-sectoral" in rules_of(before)


def test_an_ordinary_parcel_meets_no_restriction(shop):
    body = shop("tshirt-cotton-white", {"country": "DE", "postcode": "10115", "city": "Berlin"})
    assert body["status"] == "routed"
    assert documents(body) == {}


def test_british_luxury_is_counted_in_sterling(shop):
    british = {"at": "shop-london", "seller": "maison-uk"}
    dear = shop("watch-automatic", MOSCOW, price="400.00", **british)
    assert {"embargo-russia-uk", "embargo-russia-luxury-uk"} <= rules_of(dear)
    cheap = shop("watch-automatic", MOSCOW, price="200.00", **british)
    assert "embargo-russia-luxury-uk" not in rules_of(cheap)


def test_a_missing_postcode_is_asked_for_on_days_without_exchange_rates_too(shop):
    assert "arrival.place" in needed(shop("blouse-silk", ukraine(None), on="2025-05-26"))
