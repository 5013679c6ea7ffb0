"""Rate cards and surcharges: exact, on the bound, in order."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from carriers import Carriers, Price
from carriers.windows import parse_window
from domain import Money, Parcel, Place, Reason, WorldError

DAY = date(2026, 10, 6)
BRUSSELS = Place("BE", "1000", territory="BE")
GHENT = Place("BE", "9000", territory="BE")
ZONES = (
    "service,zone,origins,destinations,postcodes,currency,bound,basis,valid_from,valid_until,demo,source\n"
)
RATES = "service,zone,max_weight_g,base,then_per_kg,minimum,maximum,demo,source\n"
EXTRAS = (
    "id,title,services,origins,destinations,postcodes,remote_list,bands,over_g,up_to_g,window,"
    "valid_from,valid_until,flag,kind,amount,minimum,currency,basis,base,order,tax_class,demo,source\n"
)


def box(weight: int, *sides: int) -> Parcel:
    return Parcel((("a", 1),), weight, sides or (300, 200, 100))  # type: ignore[arg-type]


class World:
    """A folder with the Belgian post's tariff alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.zones = ["bpost-24h,all,BE,BE,,EUR,inclusive,parcel,,,no,test"]
        self.rates = [
            "bpost-24h,all,1000,4.00,,,,no,test",
            "bpost-24h,all,5000,5.00,,,,no,test",
            "bpost-24h,all,30000,6.00,0.50,,,no,test",
        ]
        self.extras: list[str] = []
        self.lists: list[str] = []

    def load(self) -> Carriers:
        (self.folder / "rate_zones.csv").write_text(ZONES + "\n".join(self.zones) + "\n")
        (self.folder / "rates.csv").write_text(RATES + "\n".join(self.rates) + "\n")
        (self.folder / "surcharges.csv").write_text(EXTRAS + "\n".join(self.extras) + "\n")
        (self.folder / "remote_areas.csv").write_text(
            "list,territories,postcodes\n" + "\n".join(self.lists) + "\n"
        )
        return Carriers.load(self.folder)

    def add_surcharge(self, name: str, **cells: str) -> None:
        known = dict.fromkeys(EXTRAS.strip().split(","), "")
        known |= {"id": name, "title": name, "services": "bpost-24h", "origins": "world"}
        known |= {"destinations": "world", "kind": "fixed", "currency": "EUR", "basis": "parcel"}
        known |= {"order": "10", "tax_class": "standard", "source": "test"}
        self.extras.append(",".join((known | cells).values()))

    def price(self, *parcels: Parcel, to: Place = GHENT, day: date = DAY, flags=()) -> Price | Reason:
        carriers = self.load()
        return carriers.price(carriers.get("bpost-24h"), BRUSSELS, to, parcels, day, flags)


@pytest.fixture
def world(tmp_path) -> World:
    return World(tmp_path)


def minor(answer: Price | Reason) -> int:
    assert isinstance(answer, Price), answer
    assert answer.total.minor == sum(line.amount.minor for line in answer.lines)
    return answer.total.minor


@pytest.mark.parametrize(
    ("grams", "cents"),
    [(1, 400), (999, 400), (1000, 400), (1001, 500), (5000, 500), (5001, 650), (30_000, 1850)],
)
def test_a_bracket_says_up_to(world, grams, cents):
    assert minor(world.price(box(grams))) == cents


def test_above_the_last_bracket_there_is_no_price(world):
    answer = world.price(box(30_001))
    assert isinstance(answer, Reason)
    assert answer.code == "rate_weight"
    assert answer.arguments["value"] == 30_001


@pytest.mark.parametrize(("grams", "cents"), [(999, 400), (1000, 500), (4999, 500), (5000, 600)])
def test_a_tariff_may_say_below_instead(world, grams, cents):
    world.zones[0] = world.zones[0].replace("inclusive", "exclusive")
    assert minor(world.price(box(grams))) == cents


def test_started_kilograms_count_above_the_bracket_before(world):
    assert minor(world.price(box(6000))) == 650
    assert minor(world.price(box(6001))) == 700


def test_a_bracket_without_end_goes_on_and_keeps_its_cap(world):
    world.rates[2] = "bpost-24h,all,,6.00,0.50,6.60,9.00,no,test"
    assert minor(world.price(box(5001))) == 660
    assert minor(world.price(box(30_000))) == 900


def test_parcels_are_priced_one_by_one_or_as_a_shipment(world):
    assert minor(world.price(box(1000), box(1000))) == 800
    world.zones[0] = world.zones[0].replace("parcel,,,", "shipment,,,")
    assert minor(world.price(box(1000), box(1000))) == 500


def test_the_zone_with_the_postcode_wins_and_a_missing_postcode_is_a_reason(world):
    world.zones.append("bpost-24h,coast,BE,BE,84*,EUR,inclusive,parcel,,,no,test")
    world.rates.append("bpost-24h,coast,30000,9.00,,,,no,test")
    assert minor(world.price(box(500), to=Place("BE", "8400", territory="BE"))) == 900
    assert minor(world.price(box(500))) == 400
    answer = world.price(box(500), to=Place("BE", territory="BE"))
    assert isinstance(answer, Reason)
    assert answer.code == "rate_postcode_missing"


def test_a_postcode_zone_does_not_reach_into_another_country(world):
    world.zones.append("bpost-24h,coast,BE,BE,84*,EUR,inclusive,parcel,,,no,test")
    world.rates.append("bpost-24h,coast,30000,9.00,,,,no,test")
    answer = world.price(box(500), to=Place("FR", "84000", territory="FR"))
    assert isinstance(answer, Reason)
    assert answer.code == "rate_missing"


def test_a_tariff_changes_on_its_day(world):
    world.zones = [
        "bpost-24h,all,BE,BE,,EUR,inclusive,parcel,,2027-01-01,no,test",
        "bpost-24h,next,BE,BE,,EUR,inclusive,parcel,2027-01-01,,no,test",
    ]
    world.rates.append("bpost-24h,next,30000,7.00,,,,no,test")
    assert minor(world.price(box(500), day=date(2026, 12, 31))) == 400
    assert minor(world.price(box(500), day=date(2027, 1, 1))) == 700


def test_two_zones_for_one_trip_and_day_are_refused(world):
    world.zones.append("bpost-24h,again,BE,BE,,EUR,inclusive,parcel,2027-01-01,,no,test")
    world.rates.append("bpost-24h,again,30000,7.00,,,,no,test")
    with pytest.raises(WorldError, match="claim the same trip"):
        world.load()


def test_a_percentage_is_taken_on_transport_alone_and_rounds_half_up(world):
    world.add_surcharge("options", amount="10.00", order="5")
    world.add_surcharge("fuel", kind="percent", amount="12.625", base="transport", order="90")
    answer = world.price(box(500))
    assert minor(answer) == 400 + 1000 + 51
    assert [line.code for line in answer.lines] == ["transport", "options", "fuel"]


def test_a_percentage_may_stack_on_an_earlier_surcharge(world):
    world.add_surcharge("size", amount="10.00", order="5")
    world.add_surcharge("fuel", kind="percent", amount="10", base="transport size", order="90")
    assert minor(world.price(box(500))) == 400 + 1000 + 140


def test_a_percentage_cannot_stand_on_what_comes_later(world):
    world.add_surcharge("fuel", kind="percent", amount="10", base="transport size", order="5")
    world.add_surcharge("size", amount="10.00", order="90")
    with pytest.raises(WorldError, match="not earlier in the stack"):
        world.load()


@pytest.mark.parametrize(("grams", "cents"), [(1000, 2220), (29_000, 2220), (30_000, 2220 + 30)])
def test_a_rate_per_kilogram_has_a_minimum(world, grams, cents):
    world.rates = ["bpost-24h,all,30000,0.00,,,,no,test"]
    world.add_surcharge("remote", kind="per_kg", amount="0.75", minimum="22.20")
    assert minor(world.price(box(grams))) == cents


def test_a_shipment_surcharge_is_paid_once(world):
    world.add_surcharge("duty-paid", amount="15.00", basis="shipment", flag="ddp", tax_class="clearance")
    two = (box(500), box(500))
    assert minor(world.price(*two)) == 800
    answer = world.price(*two, flags={"ddp"})
    assert minor(answer) == 2300
    assert answer.lines[1].tax_class == "clearance"


def test_weight_and_size_class_select_the_parcels_that_bear_a_surcharge(world):
    world.add_surcharge("heavy", amount="2.00", over_g="20000")
    assert minor(world.price(box(20_000))) == 1350
    assert minor(world.price(box(20_001))) == 1400 + 200


def test_a_remote_list_speaks_of_its_own_country_only(world):
    world.lists = ["far,BE,90*", "far,NL,10*"]
    world.add_surcharge("remote", amount="5.00", remote_list="far")
    assert minor(world.price(box(500))) == 900
    assert minor(world.price(box(500), to=BRUSSELS)) == 400


def test_an_amount_finer_than_the_currency_is_refused_with_its_line(world):
    world.rates[0] = "bpost-24h,all,1000,4.005,,,,no,test"
    with pytest.raises(WorldError, match=r"rates.csv:2:base"):
        world.load()


def test_rates_for_a_zone_that_does_not_exist_are_refused(world):
    world.rates.append("bpost-24h,moon,1000,4.00,,,,no,test")
    with pytest.raises(WorldError, match="moon"):
        world.load()


def test_own_rates_are_no_demo_and_demo_rates_say_so(world, carriers):
    answer = world.price(box(500))
    assert isinstance(answer, Price)
    assert not answer.demo
    demo = carriers.price(carriers.get("bpost-24h"), BRUSSELS, GHENT, [box(500)], DAY)
    assert isinstance(demo, Price)
    assert demo.demo


def test_without_rates_there_is_a_reason_and_no_price_of_zero(bare):
    answer = bare.price(bare.get("bpost-24h"), BRUSSELS, GHENT, [box(500)], DAY)
    assert isinstance(answer, Reason)
    assert answer.code == "rate_missing"


def test_corsica_costs_more_by_its_postcode(carriers):
    lyon = Place("FR", "69002", territory="FR")
    express = carriers.get("chronopost-13")
    paris = carriers.price(express, lyon, Place("FR", "75011", territory="FR"), [box(1000)], DAY)
    ajaccio = carriers.price(express, lyon, Place("FR", "20000", territory="FR-COR"), [box(1000)], DAY)
    assert minor(ajaccio) == minor(paris) + 2000


@pytest.mark.parametrize(
    ("day", "inside"),
    [
        (date(2026, 11, 26), False),
        (date(2026, 11, 27), True),
        (date(2026, 12, 24), True),
        (date(2026, 12, 25), False),
        (date(2024, 11, 28), False),
        (date(2024, 11, 29), True),
    ],
)
def test_black_friday_is_the_day_after_the_fourth_thursday_of_november(day, inside):
    assert parse_window("black-friday..12-24").holds(day) is inside


def test_a_window_may_run_over_new_year():
    window = parse_window("11-15..01-15")
    assert [window.holds(date(2026, month, 10)) for month in (1, 2, 11, 12)] == [True, False, False, True]


def test_the_year_end_peak_of_the_belgian_post_is_charged_in_its_window(carriers):
    service = carriers.get("bpost-24h")
    before = carriers.price(service, BRUSSELS, GHENT, [box(500)], date(2026, 11, 26))
    during = carriers.price(service, BRUSSELS, GHENT, [box(500)], date(2026, 11, 27))
    assert minor(during) - minor(before) == 100


def test_the_short_way_gives_the_total_of_the_long_way_for_every_service(carriers):
    lyon = Place("FR", "69002", territory="FR")
    places = [
        Place("FR", "75011", territory="FR"),
        Place("CH", "4001", territory="CH"),
        Place("ES", "35001", territory="ES-CN"),
        Place("IT", "22061", territory="IT-CAMPIONE"),
    ]
    parcels = [box(1000), box(9000, 1100, 300, 300)]
    for service in carriers.services:
        for to in places:
            answer = carriers.price(service, lyon, to, parcels, DAY)
            short = carriers.cost_minor(service, lyon, to, parcels, DAY)
            assert short == (minor(answer) if isinstance(answer, Price) else None), service.id


def test_every_open_lane_between_known_territories_has_a_price(carriers):
    """A lane nobody can price would silently vanish from every choice."""
    known = {"FR": "75011", "FR-COR": "20000", "BE": "1000", "DE": "10115", "ES": "28001", "ES-CN": "35001"}
    known |= {"IT": "20121", "CH": "8001", "GB": "EC1A 1BB", "XI": "BT1 1AA", "US": "10001", "FR-RE": "97400"}
    small = box(1000)
    for origin in known:
        start = Place(origin[:2], known[origin], territory=origin)
        for territory, code in known.items():
            to = Place(territory[:2], code, territory=territory)
            for service in carriers.of_bits(carriers.lane_bits(origin, to, DAY)):
                answer = carriers.price(service, start, to, [small], DAY)
                assert isinstance(answer, Price), (origin, territory, service.id, answer)


def test_money_is_in_the_tariffs_currency(carriers):
    basel = Place("CH", "4001", territory="CH")
    answer = carriers.price(carriers.get("swisspost-economy"), basel, basel, [box(2000)], DAY)
    assert isinstance(answer, Price)
    assert answer.total == Money.of("5.80", "CHF")
