"""Zones drawn on a map."""

from __future__ import annotations

import json

import pytest

from carriers import load_zones
from domain import Place, WorldError


def write(tmp_path, *features):
    path = tmp_path / "zones.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}))
    return path


def square(name, west, south, east, north):
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "properties": {"id": name},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def at(latitude, longitude):
    return Place("FR", None, None, None, "FR", latitude, longitude)


def inside(zones, latitude, longitude):
    found = zones.containing(at(latitude, longitude))
    assert found is not None
    return set(found)


def test_a_place_may_lie_in_several_zones_or_in_none(tmp_path):
    zones = load_zones(write(tmp_path, square("a", 0, 40, 2, 42), square("b", 1, 41, 3, 43)))
    assert inside(zones, 41.5, 1.5) == {"a", "b"}
    assert inside(zones, 40.5, 0.5) == {"a"}
    assert inside(zones, 50, 10) == set()
    assert zones.names == {"a", "b"}


def test_longitude_comes_first_in_the_file_and_latitude_in_the_place(tmp_path):
    zones = load_zones(write(tmp_path, square("a", 5, 45, 6, 46)))
    assert inside(zones, 45.5, 5.5) == {"a"}
    assert inside(zones, 5.5, 45.5) == set()


def test_the_border_belongs_to_the_zone(tmp_path):
    assert inside(load_zones(write(tmp_path, square("a", 0, 40, 2, 42))), 42, 1) == {"a"}


def test_several_polygons_may_share_an_id(tmp_path):
    zones = load_zones(write(tmp_path, square("a", 0, 40, 1, 41), square("a", 5, 45, 6, 46)))
    assert inside(zones, 45.5, 5.5) == inside(zones, 40.5, 0.5) == {"a"}


def test_a_place_that_cannot_be_located_is_unknown_and_not_outside(carriers):
    assert carriers.zones.containing(Place("FR", territory="FR")) is None


def test_a_postcode_stands_at_its_centroid(carriers):
    assert carriers.zones.containing(Place("FR", "75011", territory="FR")) == frozenset({"paris-evening"})
    assert carriers.zones.containing(Place("FR", "29200", territory="FR")) == frozenset()


@pytest.mark.parametrize(
    ("feature", "message"),
    [
        ({"type": "Feature", "properties": {}, "geometry": {}}, "no id"),
        (
            {
                "type": "Feature",
                "properties": {"id": "p"},
                "geometry": {"type": "Point", "coordinates": [1, 2]},
            },
            "not a polygon",
        ),
        (
            {
                "type": "Feature",
                "properties": {"id": "bow"},
                "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]},
            },
            "not a valid polygon",
        ),
        (
            {
                "type": "Feature",
                "properties": {"id": "x"},
                "geometry": {"type": "Polygon", "coordinates": "here"},
            },
            "cannot be drawn",
        ),
    ],
)
def test_a_broken_zone_is_refused_with_its_number(tmp_path, feature, message):
    with pytest.raises(WorldError, match=message) as caught:
        load_zones(write(tmp_path, square("fine", 0, 0, 1, 1), feature))
    assert caught.value.place == "zones.geojson:features/1"


def test_a_file_that_is_no_feature_collection_is_refused(tmp_path):
    (tmp_path / "z.geojson").write_text("[]")
    with pytest.raises(WorldError, match="FeatureCollection"):
        load_zones(tmp_path / "z.geojson")
    (tmp_path / "z.geojson").write_text("{")
    with pytest.raises(WorldError, match="cannot be read"):
        load_zones(tmp_path / "z.geojson")
