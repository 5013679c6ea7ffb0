"""What the demo retailer promises to example orders, checked against other tables than its own."""

import csv
import pickle
from datetime import date
from decimal import Decimal
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

import pytest
from shapely.geometry import Point, shape
from stdnum.ch import vat as ch_vat
from stdnum.eu import oss as eu_oss
from stdnum.eu import vat as eu_vat
from stdnum.gb import vat as gb_vat

from carriers import Carriers
from domain import Truth
from engine.retailer import Retailer, load_retailer

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "retailer"
TODAY = date(2026, 11, 22)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def retailer() -> Retailer:
    services = {row["id"] for row in table(ROOT / "carriers/data/services.csv")}
    categories = {row["category"] for row in table(ROOT / "customs/data/vat_rates_categories.csv")}
    return load_retailer(FOLDER, services=services, vat_categories=categories)


def places_of(retailer: Retailer, sku: str) -> dict[str, int]:
    held: dict[str, int] = {}
    for row in retailer.stock:
        if row.sku == sku and row.on_hand:
            held[row.location] = held.get(row.location, 0) + row.on_hand
    return held


def kilometres(a: tuple[float, float], b: tuple[float, float]) -> float:
    (lat1, lon1), (lat2, lon2) = ((radians(x), radians(y)) for x, y in (a, b))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371 * asin(sqrt(h))


def test_there_are_three_warehouses_and_twenty_five_shops_in_seven_countries(retailer):
    kinds = [location.kind for location in retailer.locations.values()]
    assert (kinds.count("warehouse"), kinds.count("shop"), len(kinds)) == (3, 25, 28)
    countries = {shop.place.country for shop in retailer.locations.values() if shop.kind == "shop"}
    assert countries == {"FR", "BE", "DE", "ES", "IT", "CH", "GB"}


def test_every_shop_is_supplied_by_a_warehouse_and_no_warehouse_is(retailer):
    for location in retailer.locations.values():
        if location.kind == "shop":
            assert retailer.location(retailer.supplied_by[location.id]).kind == "warehouse"
            assert location.transfer_days is not None
            assert location.transfer_days >= 1
            assert location.opening_hours
        else:
            assert location.id not in retailer.supplied_by


def test_every_location_lies_within_fifteen_kilometres_of_its_postcode(retailer):
    centroids = {
        (row["country"], row["postcode"]): (float(row["latitude"]), float(row["longitude"]))
        for row in table(Path(__file__).with_name("postcode_centroids.csv"))
    }
    far = {}
    for location in retailer.locations.values():
        place = location.place
        outward = place.postcode.split()[0]
        distance = kilometres(place.point, centroids[place.country, outward])
        if distance > 15:
            far[location.id] = round(distance)
    assert far == {}


def test_every_vat_number_has_right_check_digits(retailer):
    checks = {
        "vat": eu_vat,
        "oss": eu_vat,
        "xi": eu_vat,
        "gb_vat": gb_vat,
        "ch_vat": ch_vat,
        "ioss": eu_oss,
    }
    checked = 0
    for entity in retailer.entities.values():
        for registration in entity.registrations:
            if registration.kind in checks:
                assert checks[registration.kind].is_valid(registration.number), registration
                checked += 1
    assert checked >= 20


def test_a_number_belongs_to_one_entity_only(retailer):
    holders: dict[str, set[str]] = {}
    for entity in retailer.entities.values():
        for registration in entity.registrations:
            holders.setdefault(registration.number, set()).add(entity.id)
    assert [number for number, ids in holders.items() if len(ids) > 1] == []


def test_the_swiss_warehouse_holds_one_sku_of_a_seller_with_ioss_and_of_one_without(retailer):
    owners = {
        row.owner for row in retailer.stock if row.location == "wh-pratteln" and row.sku == "cheese-gruyere"
    }
    registered = {owner: bool(retailer.entity(owner).registered("ioss", TODAY)) for owner in owners}
    assert registered == {"maison-ch": True, "partner-alpin": False}
    assert retailer.entity("maison-ch").registered("ioss_intermediary", TODAY, "FR")


def test_the_marketplace_has_a_small_eu_seller_and_a_seller_from_outside_with_french_stock(retailer):
    bikes, shenzhen = retailer.entity("partner-velos"), retailer.entity("partner-shenzhen")
    assert retailer.marketplace_operator == "maison-fr"
    assert bikes.marketplace
    assert shenzhen.marketplace
    assert bikes.establishments == {"FR"}
    assert bikes.eu_distance_sales_eur < 10_000
    assert bikes.registered("oss", TODAY) is None
    assert shenzhen.establishments == {"CN"}
    assert {row.location for row in retailer.stock if row.owner == "partner-shenzhen"} == {"wh-lyon"}


def test_registrations_end_and_begin_on_their_days(retailer):
    german, french = retailer.entity("maison-de"), retailer.entity("maison-fr")
    assert german.registered("gb_vat", date(2026, 9, 30))
    assert german.registered("gb_vat", date(2026, 10, 1)) is None
    assert french.registered("vat", date(2026, 12, 31), "IT") is None
    assert french.registered("vat", date(2027, 1, 1), "IT")


def test_every_tariff_code_is_in_the_packaged_tariff_or_says_why_not(retailer):
    lines = table(ROOT / "customs/data/tariff.csv")
    known = {row["hs_code"] for row in lines if len(row["hs_code"]) >= 6 and row["expression"]}
    wrong = {}
    for row in table(FOLDER / "products.csv"):
        code = row["hs_code"]
        held = any(code.startswith(other) or other.startswith(code) for other in known)
        right = "missing" if not code else "short" if len(code) < 8 else "in_tariff" if held else "no_rate"
        if row["tariff_note"] != right:
            wrong[row["sku"]] = (row["tariff_note"], right)
    assert wrong == {}
    notes = [row["tariff_note"] for row in table(FOLDER / "products.csv")]
    assert notes.count("in_tariff") >= 60
    assert notes.count("missing") == 1
    lengths = {len(product.hs_code) for product in retailer.products.values() if product.hs_code}
    assert lengths == {4, 6, 8, 10}


def test_the_catalog_holds_the_goods_that_law_and_carriers_ask_about(retailer):
    classes = frozenset().union(*(product.classes for product in retailer.products.values()))
    assert len(retailer.products) >= 60
    assert classes >= {
        "large_appliance", "furniture", "bicycle", "e_bike", "lithium", "drone", "watch", "perfume",
        "nail_polish", "aerosol", "wine", "sparkling_wine", "spirits", "beer", "cheese", "ham", "chocolate",
        "coffee", "honey", "oil", "footwear", "clothing", "leather", "cites", "toy", "medicine_otc",
        "medicine_rx", "food_supplement", "bladed", "fireworks", "live_plant", "solar", "childcare",
        "cosmetics", "jewellery", "musical_instrument", "sample", "medical_device",
    }  # fmt: skip


def test_subheadings_meet_and_part_as_the_flat_duty_needs(retailer):
    def six(sku: str) -> str:
        return str(retailer.product(sku).hs_code)[:6]

    assert six("tshirt-cotton-white") == six("tshirt-cotton-print") == "610910"
    assert six("tshirt-merino") == "610990"
    assert six("jumper-cotton-men")[:4] == six("jumper-knit-women")[:4] == "6110"
    assert six("jumper-cotton-men") != six("jumper-knit-women")


def test_books_lie_on_both_sides_of_the_french_delivery_fee_threshold(retailer):
    prices = [p.list_price[0] for p in retailer.products.values() if p.vat_category == "books"]
    assert min(prices) < Decimal(35) < max(prices)


def test_every_lithium_battery_has_a_un_number_unless_it_is_a_fitted_button_cell(retailer):
    for product in retailer.products.values():
        battery = product.battery
        if battery and battery.chemistry.startswith("lithium"):
            spared = battery.button_cell and battery.packing == "in_equipment"
            assert spared or product.un_number in {"UN3480", "UN3481", "UN3556"}, product.sku
            assert battery.watt_hours or battery.lithium_grams, product.sku
    packings = {p.battery.packing for p in retailer.products.values() if p.battery}
    assert packings == {"alone", "packed_with", "in_equipment"}
    spare = retailer.product("e-bike-battery-500")
    assert spare.battery.packing == "alone"
    assert spare.battery.watt_hours > 100


def test_drinks_have_strength_volume_and_an_age(retailer):
    drinks = [product for product in retailer.products.values() if "alcohol" in product.classes]
    assert len(drinks) >= 5
    assert [d.sku for d in drinks if not (d.alcohol_percent and d.volume_ml and d.minimum_age)] == []


def test_the_refrigerator_waits_in_warehouses_with_its_shelf_beside_it(retailer):
    fridge = retailer.product("fridge-combi-365")
    held = places_of(retailer, fridge.sku)
    assert fridge.hs_code.startswith("8418")
    assert (fridge.weight_g, fridge.own_box, fridge.ships_alone) == (70_000, True, True)
    assert set(held) == {"wh-lyon", "wh-karlsruhe", "wh-pratteln"}
    assert set(places_of(retailer, "fridge-shelf")) & set(held) == {"wh-lyon", "wh-karlsruhe"}
    assert all("two_person" in retailer.location(place).abilities for place in held)


@pytest.mark.parametrize("sku", ["porcelain-set-12", "guitar-acoustic"])
def test_five_pieces_can_only_come_from_two_shops(retailer, sku):
    held = places_of(retailer, sku)
    assert sorted(held.values()) == [2, 3]
    assert all(retailer.location(place).kind == "shop" for place in held)


def test_wine_lies_in_france_cheese_and_tshirts_on_both_sides_of_the_swiss_border(retailer):
    def lands(sku: str) -> set[str]:
        return {retailer.location(place).place.country for place in places_of(retailer, sku)}

    assert lands("wine-red-bordeaux") == {"FR"}
    assert lands("cheese-gruyere") == {"FR", "CH"}
    assert lands("tshirt-cotton-white") >= {"FR", "DE", "CH"}


def test_many_skus_lie_in_all_three_warehouses_and_some_in_shops_only(retailer):
    warehouses = {"wh-lyon", "wh-karlsruhe", "wh-pratteln"}
    held = {sku: set(places_of(retailer, sku)) for sku in retailer.products}
    assert sum(places >= warehouses for places in held.values()) >= 20
    assert sum(bool(places) and not places & warehouses for places in held.values()) >= 4
    assert {row.sku for row in retailer.stock} == set(retailer.products)


def test_two_large_things_are_contracted_for_two_person_delivery_from_each_warehouse(retailer):
    for warehouse in ("wh-lyon", "wh-karlsruhe", "wh-pratteln"):
        services = retailer.services_at(retailer.location(warehouse), TODAY)
        assert any(service.startswith("two-person") for service in services)


def test_a_contract_that_ran_out_gives_no_service_from_that_day(retailer):
    antwerp = retailer.location("shop-antwerpen")
    assert "postnl-standard" in retailer.services_at(antwerp, date(2026, 6, 30))
    assert "postnl-standard" not in retailer.services_at(antwerp, date(2026, 7, 1))


def test_a_location_narrows_what_is_contracted_for_it(retailer):
    belfast = retailer.location("shop-belfast")
    assert "ups-express-saver" in retailer.services_at(retailer.location("shop-london"), TODAY)
    assert retailer.services_at(belfast, TODAY) == {
        "royalmail-tracked24-small",
        "royalmail-tracked24-medium",
        "royalmail-tracked48-medium",
        "parcelforce-48",
        "ups-standard",
    }


def test_every_location_may_use_some_service(retailer):
    bare = [place.id for place in retailer.locations.values() if not retailer.services_at(place, TODAY)]
    assert bare == []


def test_same_day_zones_hold_the_shops_that_serve_them(retailer):
    served = 0
    for feature in retailer.zones.drawn["features"]:
        for shop in feature["properties"]["locations"]:
            latitude, longitude = retailer.location(shop).place.point
            assert shape(feature["geometry"]).contains(Point(longitude, latitude)), shop
            assert "same_day" in retailer.location(shop).abilities
            served += 1
    assert served >= 3


def test_an_excluded_island_lies_in_its_outline_and_the_mainland_does_not(retailer):
    outlines = {f["properties"]["id"]: shape(f["geometry"]) for f in retailer.zones.drawn["features"]}
    assert outlines["excluded-yeu"].contains(Point(-2.349, 46.725))
    assert outlines["excluded-ouessant"].contains(Point(-5.086, 48.460))
    assert not outlines["excluded-yeu"].contains(Point(-1.553, 47.217))


@pytest.mark.parametrize(
    ("zone", "country", "postcode", "answer"),
    [
        ("corsica", "FR", "20090", Truth.YES),
        ("corsica", "FR", "06000", Truth.NO),
        ("corsica", "IT", "20121", Truth.NO),
        ("corsica", "FR", None, Truth.MAYBE),
        ("corsica", "DE", None, Truth.NO),
        ("fr-islands", "FR", "85 350", Truth.YES),
        ("de-islands", "DE", "25999", Truth.YES),
        ("de-islands", "DE", "26000", Truth.NO),
        ("london", "GB", "w1b 5bt", Truth.YES),
        ("london", "GB", "EH1 1YZ", Truth.NO),
        ("alpine-mountain", "CH", "7563", Truth.YES),
        ("fr-mainland-bulky", "FR", "29200", Truth.YES),
        ("fr-mainland-bulky", "FR", "29242", Truth.NO),
        ("fr-mainland-bulky", "FR", "20090", Truth.NO),
    ],
)
def test_postcode_zones_ask_for_country_and_postcode_together(retailer, zone, country, postcode, answer):
    assert retailer.zones.postcodes[zone].holds(country, postcode) is answer


def test_cartons_are_at_least_eight_and_sorted_longest_side_first(retailer):
    assert len(retailer.cartons) >= 8
    for carton in retailer.cartons:
        assert list(carton.inner_mm) == sorted(carton.inner_mm, reverse=True)
        assert all(i < o for i, o in zip(carton.inner_mm, carton.outer_mm, strict=True))


def test_listed_parties_carry_the_mark_of_the_invented_list(retailer):
    parties = [party for each in retailer.screening.lists for party in each.parties]
    assert len(parties) >= 5
    assert {party.programmes for party in parties} == {("DEMO-FICTION",)}


def test_a_retailer_survives_the_way_to_a_worker_process(retailer):
    assert pickle.loads(pickle.dumps(retailer)) == retailer  # noqa: S301 - our own bytes


def test_the_carriers_read_the_same_cartons_from_the_folder(retailer):
    carriers = Carriers.load(FOLDER)
    ours = {(c.id, c.inner_mm, c.outer_mm, c.tare_g, c.max_g, c.fill_percent) for c in retailer.cartons}
    theirs = {(c.id, c.inner_mm, c.outer_mm, c.tare_g, c.max_g, c.fill_percent) for c in carriers.cartons}
    assert ours == theirs
