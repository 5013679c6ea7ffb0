"""Documents and data of each corridor, and what the sale owes in the State of arrival."""

from __future__ import annotations

from tests.compliance.conftest import documents

PARIS = {"country": "FR", "postcode": "75011", "city": "Paris"}
BERLIN = {"country": "DE", "postcode": "10115", "city": "Berlin"}
ZURICH = {"country": "CH", "postcode": "8001", "city": "Zurich"}
LONDON = {"country": "GB", "postcode": "SW1A 1AA", "city": "London"}
NEW_YORK = {"country": "US", "postcode": "10001", "city": "New York", "subdivision": "NY"}
LAS_PALMAS = {"country": "ES", "postcode": "35001", "city": "Las Palmas"}


def test_the_post_fills_its_form_and_couriers_do_not(shop):
    posted = documents(shop("blouse-silk", ZURICH, delivery={"service": "colissimo-international"}))
    assert posted["cn23"]
    assert posted["hs_six_digits"]
    couriered = documents(shop("blouse-silk", ZURICH, delivery={"service": "ups-standard"}))
    assert "cn23" not in couriered
    assert couriered["commercial_invoice"]


def test_the_american_post_wants_ten_digits_since_july_2026(shop):
    posted = {
        "at": "wh-pratteln",
        "seller": "maison-ch",
        "delivery": {"service": "swisspost-us-ddp"},
        "product": {"hs_code": "9102210000"},
    }
    assert documents(shop("watch-automatic", NEW_YORK, **posted))["hts_ten_digits"]
    before = shop("watch-automatic", NEW_YORK, on="2026-07-20", **posted)
    assert "hts_ten_digits" not in documents(before)
    assert documents(before)["cn23"]


def test_export_is_declared_by_presentation_up_to_a_thousand_euro(shop):
    at = documents(shop("blouse-silk", ZURICH, price="1000.00"))
    assert "export_declaration" not in at
    above = documents(shop("blouse-silk", ZURICH, price="1000.01"))
    assert above["export_declaration"]
    assert above["eori_exporter"]


def test_union_status_is_proven_on_the_invoice_up_to_fifteen_thousand_euro(shop):
    at = documents(shop("blouse-silk", LAS_PALMAS, price="15000.00"))
    assert at["t2lf"]
    assert "t2lf_electronic_proof" not in at
    above = documents(shop("blouse-silk", LAS_PALMAS, price="15000.01"))
    assert above["t2lf_electronic_proof"]
    assert "t2lf" not in above


def test_safety_data_are_due_between_security_areas_only(shop):
    assert documents(shop("blouse-silk", LONDON))["entry_summary_data"]
    assert "entry_summary_data" not in documents(shop("blouse-silk", ZURICH))
    entering = shop("blouse-silk", PARIS, at="shop-london", seller="maison-uk")
    assert documents(entering)["entry_summary_data"]


def test_origin_up_to_six_thousand_euro_needs_no_certificate(shop):
    claimed = {"customs": {"preference_claimed": True}}
    at = documents(
        shop("scarf-silk", ZURICH, price="6000.00", product={"preference_statement": True}, **claimed)
    )
    assert at["origin_statement"]
    assert "eur1_or_approved_exporter" not in at
    above = shop("scarf-silk", ZURICH, price="6000.01", product={"preference_statement": True}, **claimed)
    assert documents(above)["eur1_or_approved_exporter"]
    british = shop("scarf-silk", LONDON, price="6000.01", product={"preference_statement": True}, **claimed)
    assert documents(british)["rex_number"]


def test_the_one_stop_shop_number_travels_as_data(shop):
    body = shop("tshirt-cotton-white", PARIS, at="wh-pratteln", seller="maison-ch", price="20.00")
    assert documents(body)["ioss_number"]
    assert documents(body)["product_identifiers"]


def test_an_importing_business_has_an_eori_number_and_a_consumer_has_none(shop):
    swiss = {"at": "wh-pratteln", "seller": "maison-ch", "price": "20.00"}
    assert "eori_importer" not in documents(shop("tshirt-cotton-white", PARIS, **swiss))
    business = shop("tshirt-cotton-white", PARIS, kind="business", buyer={"kind": "business"}, **swiss)
    assert "eori_importer" in documents(business)


def test_a_refrigerator_takes_the_old_one_back(shop):
    french = documents(shop("fridge-combi-365", PARIS, price="749.00"))
    assert french["old_appliance_collected_at_delivery"]
    assert french["eco_contribution_shown"]
    german = documents(
        shop("fridge-combi-365", BERLIN, at="wh-karlsruhe", seller="maison-de", price="749.00")
    )
    assert german["old_appliance_collected_at_delivery"]
    assert german["old_appliance_asked_at_checkout"]
    assert "weee_number_germany" not in german  # a German retailer of a registered maker shows none
    foreign = documents(
        shop("fridge-combi-365", BERLIN, at="wh-karlsruhe", seller="maison-fr", price="749.00")
    )
    assert foreign["weee_number_germany"]


def test_a_headphone_is_taken_back_but_not_fetched(shop):
    french = documents(shop("headphones-wireless", PARIS))
    assert french["take_back_offer"]
    assert "old_appliance_collected_at_delivery" not in french


def test_electrical_goods_abroad_need_a_representative_there(shop):
    german = documents(shop("headphones-wireless", BERLIN))
    assert german["weee_authorised_representative"]
    assert german["battery_producer_registration"]
    assert "weee_authorised_representative" not in documents(shop("headphones-wireless", PARIS))
    assert "battery_producer_registration" not in documents(shop("usb-stick-64", BERLIN))
