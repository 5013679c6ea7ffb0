"""Goods that may not go there: refused, held with the reason, or asked about by the attribute that is missing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain import Battery
from tests.compliance.conftest import documents, needed, rules_of

PARIS = {"country": "FR", "postcode": "75011", "city": "Paris"}
BERLIN = {"country": "DE", "postcode": "10115", "city": "Berlin"}
LONDON = {"country": "GB", "postcode": "SW1A 1AA", "city": "London"}
ZURICH = {"country": "CH", "postcode": "8001", "city": "Zurich"}
STOCKHOLM = {"country": "SE", "postcode": "11120", "city": "Stockholm"}
NEW_YORK = {"country": "US", "postcode": "10001", "city": "New York", "subdivision": "NY"}


def test_swiss_honey_enters_freely_and_british_honey_up_to_two_kilograms(shop):
    swiss = shop("honey-500", PARIS, at="wh-pratteln", seller="maison-ch", quantity=5)
    assert swiss["status"] == "routed"
    british = {"at": "shop-london", "seller": "maison-uk"}
    assert shop("honey-500", PARIS, quantity=2, **british)["status"] == "routed"
    much = shop("honey-500", PARIS, quantity=3, **british)
    assert much["status"] == "refused"
    assert "goods-honey-above-allowance" in rules_of(much)


def test_british_cheese_may_not_enter_but_infant_food_may(shop):
    british = {"at": "shop-london", "seller": "maison-uk"}
    assert "goods-meat-dairy-into-eu" in rules_of(shop("cheese-brie", PARIS, **british))
    infant = {"classes": frozenset({"dairy", "infant_food", "food"})}
    assert "goods-meat-dairy-into-eu" not in rules_of(shop("cheese-brie", PARIS, product=infant, **british))


def test_animal_products_to_a_country_whose_rules_were_not_read_are_held(shop):
    body = shop("honey-500", NEW_YORK)
    assert body["status"] == "held"
    assert "goods-food-and-plants-elsewhere" in rules_of(body)


@pytest.mark.parametrize(
    ("named", "status", "rule"),
    [
        (None, "needs_information", None),
        ("none", "held", "responsible-person-cosmetics-great-britain"),
        ("Somebody Ltd, London", "routed", None),
    ],
)
def test_cosmetics_to_great_britain_need_a_british_person(shop, named, status, rule):
    body = shop("face-cream-50", LONDON, product={"responsible_person_uk": named})
    assert body["status"] == status
    assert needed(body) == ({"goods.uk_responsible_person"} if named is None else set())
    assert rule is None or rule in rules_of(body)
    assert documents(body)["cosmetic_notification_gb"]


def test_chocolate_needs_a_deforestation_statement_from_its_first_day(shop):
    swiss = {"at": "wh-pratteln", "seller": "maison-ch"}
    assert shop("chocolate-bar", PARIS, on="2026-12-20", **swiss)["status"] == "routed"
    held = shop("chocolate-bar", PARIS, on="2026-12-31", **swiss)
    assert held["status"] == "held"
    assert "goods-deforestation-statement" in rules_of(held)
    told = shop(
        "chocolate-bar", PARIS, on="2026-12-31", attributes={"due_diligence_reference": "26DEMO1"}, **swiss
    )
    assert told["status"] == "routed"
    assert documents(told)["due_diligence_reference"]


def test_a_vague_description_is_held_at_the_border_and_nowhere_else(shop):
    vague = {"description": "Clothes"}
    held = shop("blouse-silk", ZURICH, product=vague)
    assert held["status"] == "held"
    assert "goods-vague-description" in rules_of(held)
    assert shop("blouse-silk", BERLIN, product=vague)["status"] == "routed"
    mended = shop("blouse-silk", ZURICH, product=vague, attributes={"description": "Blouse, woven silk"})
    assert mended["status"] == "routed"


def test_e_cigarettes_abroad_are_closed_unless_the_destination_is_open(shop):
    assert "goods-tobacco-not-open" in rules_of(shop("e-cigarette-kit", BERLIN))
    open_ = shop("e-cigarette-kit", BERLIN, customs={"excise_registered_in": ["DE"]})
    assert open_["status"] == "held"
    helsinki = {"country": "FI", "postcode": "00100", "city": "Helsinki"}
    banned = shop("e-cigarette-kit", helsinki, customs={"excise_registered_in": ["FI"]})
    assert banned["status"] == "refused"
    assert "goods-tobacco-banned" in rules_of(banned)


def test_wine_to_sweden_asks_for_the_age_of_the_buyer(shop):
    registered = {"customs": {"excise_registered_in": ["SE"]}}
    assert "buyer.age" in needed(shop("wine-red-bordeaux", STOCKHOLM, **registered))
    young = shop("wine-red-bordeaux", STOCKHOLM, buyer={"age": 19}, **registered)
    assert young["status"] == "refused"
    assert "goods-alcohol-sweden-age" in rules_of(young)
    of_age = shop("wine-red-bordeaux", STOCKHOLM, buyer={"age": 20}, **registered)
    assert of_age["status"] == "routed"


def test_a_find_needs_its_age_to_be_known(shop):
    find = {"classes": frozenset({"archaeological"}), "origin": "EG"}
    swiss = {"at": "wh-pratteln", "seller": "maison-ch"}
    assert "goods.age_years" in needed(shop("porcelain-set-12", PARIS, product=find, **swiss))
    old = shop("porcelain-set-12", PARIS, product=find | {"age_years": 251}, **swiss)
    assert "goods-cultural-licence" in rules_of(old)
    assert documents(old)["cultural_goods_licence"]
    young = shop("porcelain-set-12", PARIS, product=find | {"age_years": 250}, **swiss)
    assert "goods-cultural-licence" not in rules_of(young)


def test_a_power_bank_declared_as_equipment_is_held(shop):
    wrong = Battery("lithium_ion", "in_equipment", watt_hours=Decimal(37), batteries=1)
    body = shop("power-bank-10000", PARIS, product={"battery": wrong})
    assert "goods-power-bank-misdeclared" in rules_of(body)


def test_corrosives_do_not_go_to_a_british_home(shop):
    drain = {"classes": frozenset({"corrosive"})}
    body = shop("shampoo-250", LONDON, product=drain, delivery={"mode": "home"})
    assert body["status"] == "refused"
    assert "goods-corrosives-great-britain" in rules_of(body)


def test_protected_leather_leaves_with_its_permits_only(shop):
    body = shop("belt-python", NEW_YORK)
    assert body["status"] == "held"
    assert documents(body)["cites_permit"]
    assert documents(body)["export_declaration"], "a permit excludes the oral declaration"
