"""Broken tables are refused with file, line, column and a cure."""

from __future__ import annotations

import csv

import pytest

from carriers import Carriers
from carriers.tables import packaged
from domain import WorldError


def broken(tmp_path, table: str, key: str, column: str, value: str) -> WorldError:
    """The complaint after one cell of the packaged table was changed."""
    with (packaged() / table).open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    row = next(row for row in rows if key in row.values())
    row[column] = value
    with (tmp_path / table).open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(WorldError) as caught:
        Carriers.load(tmp_path)
    return caught.value


@pytest.mark.parametrize(
    ("table", "key", "column", "value", "cause"),
    [
        ("services.csv", "dhl-paket", "mode", "pigeon", "'pigeon' is not known here"),
        ("services.csv", "dhl-paket", "weight_g", "31.5", "not a whole number"),
        ("services.csv", "dhl-paket", "weight_g", "", "neither given nor called unknown"),
        ("services.csv", "dhl-paket", "box_mm", "1200x600", "not a box"),
        ("services.csv", "dhl-paket", "accepts", "gold", "unknown goods code 'gold'"),
        ("services.csv", "chronopost-13", "by_time", "1 pm", "not a time"),
        ("services.csv", "dhl-paket", "id", "chronopost-13", "used twice"),
        ("lanes.csv", "bpost-24h", "destinations", "@BENELUX", "unknown group @BENELUX"),
        ("lanes.csv", "bpost-24h", "days_max", "0", "fewest and the most days"),
        ("lanes.csv", "bpost-24h", "valid_from", "25/08/2025", "not a date"),
        ("lanes.csv", "bpost-24h", "service", "bpost-48h", "do not exist: bpost-48h"),
        ("size_bands.csv", "dpd-classic", "weight_g", "20000", "narrower than the one before"),
        ("contract_demo.csv", "dhl-packstation", "field", "colour", "'colour' is not known here"),
        ("surcharges_demo.csv", "colissimo-bulky", "services", "colissimo-moon", "unknown service"),
        ("surcharges_demo.csv", "bpost-year-end", "window", "easter..12-24", "easter"),
        ("surcharges_demo.csv", "dhl-remote", "remote_list", "nowhere", "unknown list 'nowhere'"),
        ("cartons_demo.csv", "xl", "inner_mm", "900x400x400", "inner box is larger"),
        ("calendars.csv", "57*", "subdivision", "999", "no holidays are known"),
    ],
)
def test_a_broken_cell_is_named(tmp_path, table, key, column, value, cause):
    problem = broken(tmp_path, table, key, column, value)
    assert cause in str(problem)
    assert problem.place.startswith(table.removesuffix(".csv").removesuffix("_demo")), problem.place


def test_a_row_with_a_stray_comma_is_refused(tmp_path):
    text = (packaged() / "carried_as.csv").read_text() + "SM,IT,inland, post\n"
    (tmp_path / "carried_as.csv").write_text(text)
    with pytest.raises(WorldError, match="4 cells under 3 headings"):
        Carriers.load(tmp_path)


def test_contract_days_for_a_lane_that_does_not_exist_are_refused(tmp_path):
    problem = broken(tmp_path, "contract_demo.csv", "CH GB", "destinations", "CH")
    assert "no lane with these destinations" in str(problem)


def test_every_data_row_names_its_source():
    for path in sorted(packaged().glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle):
                if path.name != "cartons_demo.csv":
                    assert row["source"], (path.name, row)
                if path.stem.endswith("_demo"):
                    assert row["demo"] == "yes", (path.name, row)


def test_the_notice_of_the_centroids_travels_with_them():
    text = (packaged() / "NOTICE").read_text()
    assert "GeoNames" in text
    assert "creativecommons.org/licenses/by/4.0" in text
