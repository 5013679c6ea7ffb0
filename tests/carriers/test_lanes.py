"""Which services go from where to where, on which day."""

from __future__ import annotations

from datetime import date

import pytest

from carriers import Carriers, Lane
from carriers.reach import Postcodes, parse_codes, parse_postcodes
from domain import InputError, Place, Reason, Truth, WorldError

DAY = date(2026, 11, 24)


def place(territory: str, postcode: str | None = None) -> Place:
    return Place(territory[:2], postcode, territory=territory)


def ids(carriers: Carriers, origin: str, destination: Place, day: date = DAY) -> set[str]:
    return {service.id for service in carriers.of_bits(carriers.lane_bits(origin, destination, day))}


def test_a_relay_network_without_islands_does_not_go_to_the_canaries(carriers):
    assert "mondial-relay-point" in ids(carriers, "FR", place("ES", "28001"))
    assert "mondial-relay-point" not in ids(carriers, "FR", place("ES-CN", "35001"))


def test_from_the_spanish_mainland_the_canaries_are_inland_post(carriers):
    assert "correos-paq" in ids(carriers, "ES", place("ES-CN", "35001"))
    assert "correos-paq" not in ids(carriers, "FR", place("ES-CN", "35001"))


def test_overseas_departments_have_their_own_service(carriers):
    reunion = ids(carriers, "FR", place("FR-RE", "97400"))
    assert "colissimo-overseas" in reunion
    assert "colissimo-home" not in reunion


def test_business_parcels_to_the_united_states_close_on_their_day_with_a_reason(carriers):
    service = carriers.get("colissimo-world")
    new_york = place("US", "10001")
    assert "colissimo-world" in ids(carriers, "FR", new_york, date(2025, 8, 24))
    assert "colissimo-world" not in ids(carriers, "FR", new_york, date(2025, 8, 25))
    assert "colissimo-world" in ids(carriers, "FR", place("AU", "2000"), date(2025, 8, 25))
    reason = carriers.lane(service, "FR", new_york, DAY)
    assert reason.code == "lane_closed"
    assert "suspended" in str(reason.arguments["because"])
    assert reason.arguments["since"] == "2025-08-25"


def test_chronopost_carries_on_to_the_united_states(carriers):
    assert "chronopost-express-international" in ids(carriers, "FR", place("US", "10001"))


def test_a_trip_nobody_wrote_down_has_no_lane(carriers):
    reason = carriers.lane(carriers.get("bpost-24h"), "FR", place("FR", "75011"), DAY)
    assert reason.code == "lane_none"


def test_a_town_round_goes_only_where_its_postcodes_say(carriers):
    assert "same-day-courier" in ids(carriers, "FR", place("FR", "75011"))
    assert "same-day-courier" not in ids(carriers, "FR", place("FR", "29200"))


def test_a_missing_postcode_leaves_the_round_unsettled_and_not_refused(carriers):
    nowhere = place("FR")
    answer = carriers.lanes("FR", nowhere, DAY)
    courier = carriers.get("same-day-courier")
    assert answer.unsettled >> courier.index & 1
    assert not answer.open >> courier.index & 1
    assert carriers.lane(courier, "FR", nowhere, DAY).code == "lane_postcode_missing"
    assert answer.open >> carriers.get("colissimo-home").index & 1


def test_scottish_islands_are_excluded_by_postcode(carriers):
    assert "two-person-gb" in ids(carriers, "GB", place("GB", "EC1A 1BB"))
    assert "two-person-gb" not in ids(carriers, "GB", place("GB", "ZE1 0AA"))


def test_an_unsettled_territory_is_an_error_and_never_a_country(carriers):
    with pytest.raises(InputError) as caught:
        carriers.lane_bits("FR", Place("ES", None), DAY)
    assert caught.value.code == "carriers.territory_missing"


def test_a_village_inside_a_postal_network_travels_with_its_country(carriers):
    assert "dpd-classic" in ids(carriers, "DE", place("AT-JUNGHOLZ", "6691"))
    assert "dpd-classic" not in ids(carriers, "DE", place("DE-BUSINGEN", "78266"))
    assert "dhl-paket" in ids(carriers, "DE", place("DE-BUSINGEN", "78266"))


def test_a_same_day_round_does_not_cross_the_country(carriers):
    courier = carriers.get("same-day-courier")
    lyon, paris = place("FR", "69002"), place("FR", "75011")
    reason = carriers.out_of_range(courier, lyon, paris)
    assert reason is not None
    assert reason.code == "range_exceeded"
    assert carriers.out_of_range(courier, place("FR", "75001"), paris) is None
    assert not carriers.range_bits(lyon, paris) >> courier.index & 1
    assert carriers.range_bits(lyon, paris) >> carriers.get("colissimo-home").index & 1
    unknown = carriers.out_of_range(courier, lyon, place("FR"))
    assert unknown is not None
    assert unknown.code == "range_unknown"


def test_the_answer_is_the_same_from_the_cache(carriers):
    fresh = Carriers.load()
    for territory, code in (("FR", "75011"), ("FR", None), ("US", "10001"), ("FR", "29200")):
        first = fresh.lane_bits("FR", place(territory, code), DAY)
        assert fresh.lane_bits("FR", place(territory, code), DAY) == first
        assert carriers.lane_bits("FR", place(territory, code), DAY) == first


def test_postcode_patterns_know_prefixes_ranges_lists_and_exclusions():
    patterns = parse_postcodes(("20*", "90000-94999", "97133", "!20137"))
    for code, inside in (
        ("20000", Truth.YES),
        ("20137", Truth.NO),
        ("89999", Truth.NO),
        ("90000", Truth.YES),
        ("94999", Truth.YES),
        ("95000", Truth.NO),
        ("97133", Truth.YES),
        (None, Truth.MAYBE),
    ):
        assert patterns.has(code) is inside, code
    assert Postcodes().has(None) is Truth.YES


def test_a_range_upside_down_is_refused():
    with pytest.raises(ValueError, match="not a range"):
        parse_postcodes(("95000-90000",))


def test_a_name_is_more_specific_than_a_group_and_a_group_than_the_world():
    groups = {"EU": frozenset({"FR", "BE"})}
    assert parse_codes(("FR",), groups).rank("FR", {}) == 3
    assert parse_codes(("@EU",), groups).rank("FR", {}) == 2
    assert parse_codes(("world",), groups).rank("FR", {}) == 1
    assert parse_codes(("world", "!@EU"), groups).rank("FR", {}) == 0


HEAD = (
    "service,origins,destinations,postcodes,days_min,days_max,weekdays,"
    "valid_from,valid_until,status,reason,source,confidence\n"
)


def lanes(tmp_path, *rows: str) -> Carriers:
    """The packaged world with the Belgian post's lanes replaced."""
    import carriers.tables

    kept = [
        line
        for line in (carriers.tables.packaged() / "lanes.csv").read_text().splitlines()[1:]
        if not line.startswith("bpost-24h,")
    ]
    (tmp_path / "lanes.csv").write_text(HEAD + "\n".join([*kept, *rows]) + "\n")
    return Carriers.load(tmp_path)


def days(world: Carriers, to: Place, day: date) -> tuple[int, int] | None:
    lane = world.lane(world.get("bpost-24h"), "BE", to, day)
    assert isinstance(lane, Lane), lane
    return lane.days


def why(world: Carriers, to: Place, day: date) -> str:
    reason = world.lane(world.get("bpost-24h"), "BE", to, day)
    assert isinstance(reason, Reason), reason
    return reason.code


def test_two_equally_precise_lanes_are_refused_whatever_their_order(tmp_path):
    one = "bpost-24h,BE,BE FR,,1,1,,,,open,,test,high"
    two = "bpost-24h,BE,BE,,2,2,,,,open,,test,high"
    for rows in ((one, two), (two, one)):
        with pytest.raises(WorldError, match="bpost-24h"):
            lanes(tmp_path, *rows)


def test_lanes_parted_by_date_are_two_answers(tmp_path):
    world = lanes(
        tmp_path,
        "bpost-24h,BE,BE,,1,1,,,2027-01-01,open,,test,high",
        "bpost-24h,BE,BE,,2,2,,2027-01-01,,open,,test,high",
    )
    assert days(world, place("BE", "1000"), date(2026, 12, 31)) == (1, 1)
    assert days(world, place("BE", "1000"), date(2027, 1, 1)) == (2, 2)


def test_the_more_precise_lane_speaks(tmp_path):
    world = lanes(
        tmp_path,
        "bpost-24h,BE,@EU,,5,5,,,,open,,test,high",
        "bpost-24h,BE,BE,,2,2,,,,open,,test,high",
        "bpost-24h,BE,BE,10*,1,1,,,,open,,test,high",
    )
    assert days(world, place("BE", "1000"), DAY) == (1, 1)
    assert days(world, place("BE", "4000"), DAY) == (2, 2)
    assert days(world, place("NL", "1011"), DAY) == (5, 5)


def test_a_closure_by_postcode_is_doubtful_without_one(tmp_path):
    world = lanes(
        tmp_path,
        "bpost-24h,BE,BE,,1,1,,,,open,,test,high",
        "bpost-24h,BE,BE,4*,,,,2026-11-01,2026-12-01,closed,floods,test,high",
    )
    assert days(world, place("BE", "1000"), DAY) == (1, 1)
    assert why(world, place("BE", "4000"), DAY) == "lane_closed"
    assert why(world, place("BE"), DAY) == "lane_postcode_missing"
    assert days(world, place("BE", "4000"), date(2026, 12, 1)) == (1, 1)
