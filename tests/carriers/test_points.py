"""Pickup points near a place: the right ones, in the right order, from the grid."""

from __future__ import annotations

from pathlib import Path

import pytest
from geopy.distance import geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from carriers import Carriers, PickupPoint, Points, load_points, locate, locate_with_level
from carriers.demo_points import generate, write
from carriers.limits import Limits
from carriers.opening import parse_weekdays
from carriers.points import LOCAL_ERROR, LOCAL_MOST_M, _local_m
from carriers.tables import packaged
from domain import Parcel, Place, UnknownReference, WorldError

POINTS = Carriers.load().points
NETWORKS = frozenset({"pickup", "dpd-pickup", "dhl-packstation", "ups-access-point"})


def point(name: str, latitude: float, longitude: float, limits: Limits | None = None) -> PickupPoint:
    return PickupPoint(
        id=name,
        network="n",
        kind="locker",
        name=name,
        place=Place("FR", None, None, None, "FR", latitude, longitude),
        territory="FR",
        limits=limits or Limits(),
        opening_hours="24/7",
        weekdays=frozenset(range(7)),
        services=frozenset(),
        demo=True,
        source="test",
    )


def at(latitude: float, longitude: float) -> Place:
    return Place("FR", None, None, None, "FR", latitude, longitude)


@settings(max_examples=60, deadline=None)
@given(st.floats(36, 59), st.floats(-8, 18), st.sampled_from([5, 30, 120]))
def test_the_grid_finds_what_a_search_of_all_points_finds(latitude, longitude, max_km):
    # More degrees away than any distance asked for is surely farther.
    measured = sorted(
        (geodesic((latitude, longitude), p.place.point).km, p.id) for p in POINTS.all if p.network in NETWORKS
    )
    # A sphere and the ellipsoid may disagree about the rim: leave such cases out.
    if any(abs(km / max_km - 1) < 0.006 for km, _ in measured):
        return
    wanted = [name for km, name in measured if km <= max_km][:10]
    found = [p.id for p in POINTS.near(at(latitude, longitude), NETWORKS, 10, max_km)]
    spots = {p.id: p.place.point for p in POINTS.all}
    assert [round(geodesic((latitude, longitude), spots[n]).m) for n in found] == [
        round(geodesic((latitude, longitude), spots[n]).m) for n in wanted
    ]


@settings(max_examples=200, deadline=None)
@given(st.floats(-65, 65), st.floats(-180, 180), st.floats(-0.5, 0.5), st.floats(-0.6, 0.6))
def test_the_short_formula_is_good_to_a_ten_thousandth(latitude, longitude, north, east):
    one, two = (latitude, longitude), (max(-65.0, min(65.0, latitude + north)), longitude + east)
    true = geodesic(one, two).m
    if 10 < true < LOCAL_MOST_M:
        assert abs(_local_m(one, two) / true - 1) < LOCAL_ERROR


def test_the_grid_runs_round_the_date_line():
    points = Points([point("east", -17.0, 179.99), point("west", -17.0, -179.99)])
    assert {p.id for p in points.near(at(-17.0, 179.999), {"n"}, 5, 10)} == {"east", "west"}


def test_points_at_the_same_distance_come_in_the_order_of_their_ids():
    points = Points([point("b", 45.1, 5.0), point("a", 45.1, 5.0), point("c", 45.05, 5.0)])
    assert [p.id for p in points.near(at(45.0, 5.0), {"n"}, 5)] == ["c", "a", "b"]


def test_no_points_are_asked_for_and_none_are_given():
    assert POINTS.near(Place("FR", "75011", territory="FR"), NETWORKS, 0) == ()


def test_only_the_networks_asked_for_are_given():
    found = POINTS.near(Place("FR", "75011", territory="FR"), {"mondial-relay"}, 10)
    assert found
    assert {p.network for p in found} == {"mondial-relay"}


def test_a_place_without_coordinates_stands_at_its_postcode():
    assert POINTS.near(Place("FR", "69002", territory="FR"), NETWORKS)


def test_a_place_nobody_can_locate_has_no_point_near():
    assert POINTS.near(Place("FR", territory="FR"), NETWORKS) == ()


def test_a_point_that_the_parcel_does_not_fit_is_left_out():
    points = Points(
        [point("small", 45.0, 5.0, limits=Limits(box_mm=(400, 300, 200))), point("big", 45.1, 5.0)]
    )
    parcel = Parcel((("a", 1),), 1000, (401, 300, 200))
    assert [p.id for p in points.near(at(45.0, 5.0), {"n"}, 5, 30, (parcel,))] == ["big"]
    assert len(points.near(at(45.0, 5.0), {"n"}, 5, 30)) == 2


def test_an_unknown_point_is_named_in_the_error():
    with pytest.raises(UnknownReference, match="atlantis"):
        POINTS.get("atlantis")


def test_a_swiss_buyer_near_the_border_finds_german_points():
    rafz = Place("CH", "8197", territory="CH")
    found = POINTS.near(rafz, {"dhl-packstation", "dpd-pickup"}, 20, 15)
    assert {p.territory for p in found} == {"DE"}
    assert any(p.place.city == "Jestetten" for p in found)


def test_demo_points_cover_the_territories_and_call_themselves_demo():
    assert 1300 <= len(POINTS) <= 1700
    territories = {p.territory for p in POINTS.all}
    assert {"FR", "FR-COR", "BE", "DE", "ES", "ES-CN", "IT", "CH", "GB", "XI", "NL"} <= territories
    assert {"Jestetten", "Konstanz", "Weil am Rhein"} <= {p.place.city for p in POINTS.all}
    assert all(p.demo and p.id.startswith("demo-") and p.name.startswith("Demo ") for p in POINTS.all)


def test_no_relay_of_a_network_without_islands_stands_on_the_canaries():
    assert {p.network for p in POINTS.all if p.territory == "ES-CN"} == {"correos-office"}


def test_the_packaged_points_are_what_the_generator_writes(tmp_path):
    again = tmp_path / "points.csv"
    write(generate(1500), again)
    assert again.read_text() == (packaged() / "points_demo.csv").read_text()


def test_a_benchmark_may_have_five_thousand_points_and_another_seed():
    assert 4800 <= len(generate(5000)) <= 5200
    assert [p.place for p in generate(100, 2).all] != [p.place for p in generate(100).all]


def test_points_survive_the_file(tmp_path):
    write(generate(60), tmp_path / "p.csv")
    assert load_points(tmp_path / "p.csv").all == generate(60).all


def test_a_point_off_the_globe_is_refused_with_its_line(tmp_path):
    lines = (packaged() / "points_demo.csv").read_text().splitlines()[:3]
    cells = lines[2].split(",")
    cells[8] = "146.3610"
    Path(tmp_path / "p.csv").write_text("\n".join([*lines[:2], ",".join(cells)]) + "\n")
    with pytest.raises(WorldError, match=r"p.csv:3:latitude"):
        load_points(tmp_path / "p.csv")


@pytest.mark.parametrize(
    ("hours", "days"),
    [
        ("24/7", {0, 1, 2, 3, 4, 5, 6}),
        ("Mo-Sa 09:00-19:00", {0, 1, 2, 3, 4, 5}),
        ("Mo,We,Fr 09:00-12:00,14:00-18:00", {0, 2, 4}),
        ("Sa-Mo 10:00-12:00", {5, 6, 0}),
        ("Mo-Su 08:00-20:00; Su off; PH off", {0, 1, 2, 3, 4, 5}),
    ],
)
def test_opening_hours_say_the_weekdays(hours, days):
    assert parse_weekdays(hours) == days


@pytest.mark.parametrize(
    "hours", ["whenever", "Mo-Fr", "Mo-Fr sunrise-sunset", "Mo off", "", "Jan Mo 09:00-10:00"]
)
def test_hours_that_are_not_understood_are_refused_and_not_guessed(hours):
    with pytest.raises(ValueError, match=r".+"):
        parse_weekdays(hours)


@pytest.mark.parametrize(
    ("country", "postcode", "near"),
    [
        ("FR", "75011", (48.86, 2.38)),
        ("FR", "97400", (-20.9, 55.5)),
        ("GB", "BT1 1AA", (54.6, -5.9)),
        ("GB", "bt11aa", (54.6, -5.9)),
        ("NL", "1012 AB", (52.4, 4.9)),
        ("CH", "9490", (47.1, 9.5)),
        ("DE", "78266", (47.7, 8.68)),
        ("JE", "JE2 3AB", (49.2, -2.1)),
    ],
)
def test_postcodes_are_found_where_they_lie(country, postcode, near):
    found = locate(country, postcode)
    assert found is not None
    assert geodesic(found, near).km < 12


def test_a_code_the_table_lacks_stands_among_its_neighbours_and_says_so():
    exact, rough = locate_with_level("FR", "69002"), locate_with_level("FR", "69099")
    assert exact is not None
    assert rough is not None
    assert (exact.level, rough.level) == ("postcode", "area")
    assert geodesic((exact.latitude, exact.longitude), (rough.latitude, rough.longitude)).km < 60
    assert locate("GR", "10431") is None
    assert locate("FR", "!!") is None
