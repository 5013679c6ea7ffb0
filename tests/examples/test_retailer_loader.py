"""The loader, against broken copies of the demo retailer: every mistake, its line, its cure."""

import random
import shutil
from collections.abc import Collection
from datetime import time
from pathlib import Path

import pytest

from domain import UnknownReference, WorldError
from engine.retailer import FILES, Mistake, RetailerError, load_retailer

FOLDER = Path(__file__).parents[2] / "examples" / "retailer"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(FOLDER, tmp_path / "retailer")
    return tmp_path / "retailer"


def change(folder: Path, file: str, old: str, new: str) -> int:
    """Replace the only occurrence and answer the line it stands in."""
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def append(folder: Path, file: str, line: str) -> int:
    """Add a line at the end and answer its number."""
    text = (folder / file).read_text(encoding="utf-8")
    (folder / file).write_text(text + line + "\n", encoding="utf-8")
    return text.count("\n") + 1


def mistakes_of(folder: Path, **known: Collection[str]) -> list[str]:
    with pytest.raises(RetailerError) as caught:
        load_retailer(folder, **known)
    return [str(mistake) for mistake in caught.value.mistakes]


SINGLE_MISTAKES = [
    (
        "entities.yaml",
        "country: DE, number: DE999999911, valid_from: 2016-01-01",
        "country: DE, number: DE999999912, valid_from: 2016-01-01",
        (
            "'DE999999912' is not a valid vat number "
            "(write the number with its country letters and right check digits)"
        ),
    ),
    (
        "entities.yaml",
        "kind: voec",
        "kind: voek",
        "unknown registration kind 'voek' (did you mean voec?)",
    ),
    (
        "entities.yaml",
        "eu_distance_sales_eur: 6400",
        "eu_distance_sales_eur: 6400.50",
        "eu_distance_sales_eur '6400.50' is not a whole number (write whole euros without VAT)",
    ),
    (
        "entities.yaml",
        "valid_until: 2026-10-01",
        "valid_until: 2020-10-01",
        "valid_until 2020-10-01 does not lie after valid_from 2021-01-01 (the end day is not included)",
    ),
    (
        "entities.yaml",
        "marketplace_operator: maison-fr",
        "marketplace_operator: maison-fx",
        "marketplace_operator names unknown entity 'maison-fx' (did you mean maison-fr?)",
    ),
    (
        "locations.yaml",
        "timezone: Europe/Brussels\n    holidays: BE\n    abilities: [ship, collect, receive, age_check]",
        "timezone: Europe/Bruxelles\n    holidays: BE\n    abilities: [ship, collect, receive, age_check]",
        "unknown timezone 'Europe/Bruxelles' (did you mean Europe/Brussels?)",
    ),
    (
        "locations.yaml",
        "holidays: DE-BE",
        "holidays: DE-XX",
        "holiday calendar DE has no part 'XX' (use a known part: Augsburg, BB, BE, BW, BY, HB, HE, HH, ...)",
    ),
    (
        "locations.yaml",
        "entity: maison-it",
        "entity: maison-is",
        "unknown entity 'maison-is' (did you mean maison-it?)",
    ),
    (
        "locations.yaml",
        'cut_offs: {Mo-Fr: "11:30"}',
        'cut_offs: {Mo-Fr: "25:30"}',
        "cut-off '25:30' is no time of day (write local time as 16:00)",
    ),
    (
        "locations.yaml",
        'cut_offs: {Mo-Fr: "11:30"}',
        'cut_offs: {Mo-Fri: "11:30"}',
        "'Mo-Fri' in cut_offs is no weekday (write Mo, Tu ... or Mo-Fr)",
    ),
    (
        "locations.yaml",
        'opening_hours: "Mo-Su 10:00-21:30"',
        'opening_hours: "daily 10-21"',
        "opening_hours 'daily 10-21' is not in OSM form (write as: Mo-Sa 10:00-19:00; Su,PH off)",
    ),
    (
        "locations.yaml",
        "handling_cost: 4.30",
        "handling_cost: 4.305",
        "handling_cost 4.305 has more decimals than EUR allows (2)",
    ),
    (
        "locations.yaml",
        "abilities: [ship, collect, receive, customs_export]",
        "abilities: [ship, collect, receive, custom_export]",
        "unknown ability 'custom_export' (did you mean customs_export?)",
    ),
    (
        "locations.yaml",
        "latitude: 41.9205",
        "latitude: 419.205",
        "latitude 419.205 is out of bounds (between -90 and 90)",
    ),
    (
        "products.csv",
        "fridge-shelf,Glass shelf for refrigerator,84189990",
        "fridge-shelf,Glass shelf for refrigerator,84.18",
        "HS code '84.18' is not 4, 6, 8 or 10 digits (write digits only, such as 61091000)",
    ),
    (
        "products.csv",
        "fridge-shelf,Glass shelf for refrigerator,84189990",
        "fridge-shelf,Glass shelf for refrigerator,841899",
        (
            "tariff_note 'no_rate' does not describe HS code '841899' "
            "(missing where there is none, short below 8 digits)"
        ),
    ),
    (
        "products.csv",
        "no_rate,TR,,620,",
        "no_rate,TR,,-620,",
        "weight_g -620 is out of bounds (between 1 and 2000000)",
    ),
    (
        "products.csv",
        "no_rate,TR,,620,",
        "no_rate,TY,,620,",
        "unknown country 'TY' (write the ISO 3166-1 code of two capital letters)",
    ),
    (
        "stock.csv",
        "wh-lyon,fridge-combi-365,maison-fr,6,1",
        "wh-lyon,fridge-combi-356,maison-fr,6,1",
        "unknown SKU 'fridge-combi-356' (did you mean fridge-combi-365?)",
    ),
    (
        "stock.csv",
        "wh-lyon,fridge-combi-365,maison-fr,6,1",
        "wh-lyon,fridge-combi-365,maison-fr,6,7",
        "7 reserved of 6 on hand and inbound (reservations cannot exceed the stock)",
    ),
    (
        "stock.csv",
        "60,2026-12-04",
        "60,",
        "one of inbound_quantity and inbound_date is missing (give both or neither)",
    ),
    (
        "cartons.csv",
        "m,Carton M,400x300x200,410x",
        "m,Carton M,400x300x200,390x",
        "carton m is larger inside than outside (exchange the figures)",
    ),
    (
        "cartons.csv",
        "l,Carton L,580x380x340,",
        "l,Carton L,580x380,",
        "inner_mm '580x380' is not of the form asked for (write millimetres as 400x300x200)",
    ),
    (
        "zones.yaml",
        "25980-25999",
        "25999-25980",
        "range '25999-25980' has no two ends of one length in rising order (write it as 25980-25999)",
    ),
    (
        "zones.yaml",
        "id: london",
        "id: same-day-lyon",
        "zone 'same-day-lyon' is defined twice (the first is in zones.geojson:25; keep one)",
    ),
    (
        "screening_demo.csv",
        '"demo-0002"',
        '"demo-0001"',
        "listed party 'demo-0001' stands twice (keep one of them)",
    ),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    SINGLE_MISTAKES,
)
def test_one_mistake_is_told_with_its_line_and_cure(copy, file, old, new, message):
    line = change(copy, file, old, new)
    assert mistakes_of(copy) == [f"{file}:{line}: {message}"]


def test_a_negative_count_is_told_and_makes_no_second_mistake_of_its_reservation(copy):
    line = change(
        copy, "stock.csv", "wh-lyon,fridge-combi-365,maison-fr,6,1", "wh-lyon,fridge-combi-365,maison-fr,-6,1"
    )
    assert mistakes_of(copy) == [f"stock.csv:{line}: on_hand -6 is out of bounds (between 0 and 1000000000)"]


def test_battery_facts_without_a_chemistry_are_all_told(copy):
    line = change(copy, "products.csv", "lithium_ion,alone,12.6,", ",alone,12.6,")
    assert mistakes_of(copy) == [
        f"products.csv:{line}: {column} is given without battery_chemistry (name the chemistry)"
        for column in ("battery_packing", "watt_hours", "cells", "battery_weight_g", "state_of_charge")
    ]


def test_a_sku_given_twice_names_the_line_of_the_first(copy):
    rows = (copy / "products.csv").read_text(encoding="utf-8").splitlines()
    line = append(copy, "products.csv", rows[4])
    sku = rows[4].split(",")[0]
    assert mistakes_of(copy) == [
        f"products.csv:{line}: SKU {sku!r} is defined twice (the first is in line 5; keep one)"
    ]


def test_one_owner_counted_twice_at_one_place_is_a_mistake_and_two_owners_are_not(copy):
    line = append(copy, "stock.csv", "wh-lyon,fridge-combi-365,maison-fr,1,0,,,demo")
    append(copy, "stock.csv", "wh-lyon,fridge-combi-365,maison-de,1,0,,,demo")
    assert mistakes_of(copy) == [
        f"stock.csv:{line}: fridge-combi-365 of maison-fr at wh-lyon is counted twice (add the rows up)"
    ]


def test_mistakes_of_all_files_come_in_one_error_in_reading_order(copy):
    one = change(copy, "entities.yaml", "country: BE\n    jurisdictions", "country: BX\n    jurisdictions")
    two = change(copy, "products.csv", "no_rate,TR,,620,", "no_rate,TR,,heavy,")
    three = change(copy, "contracts.yaml", "locations: [shop-antwerpen]", "locations: [shop-antwerp]")
    with pytest.raises(WorldError) as caught:
        load_retailer(copy)
    assert str(caught.value) == (
        "3 mistakes in the retailer's files\n"
        f"  entities.yaml:{one}: unknown country 'BX' (write the ISO 3166-1 code of two capital letters)\n"
        f"  products.csv:{two}: weight_g 'heavy' is not a whole number (write grams)\n"
        f"  contracts.yaml:{three}: unknown location 'shop-antwerp' (did you mean shop-antwerpen?)"
    )
    assert caught.value.code == "world.retailer"
    assert caught.value.place == f"entities.yaml:{one}"


def test_a_missing_file_is_one_mistake_and_not_one_for_each_reference_into_it(copy):
    (copy / "products.csv").unlink()
    assert mistakes_of(copy) == [
        "products.csv: the file is missing (add products.csv; a header alone will do for an empty table)"
    ]


def test_a_misspelt_column_is_told_and_ends_the_reading_of_that_table(copy):
    change(copy, "products.csv", "hs_code,tariff_note", "hscode,tariff_note")
    assert mistakes_of(copy) == [
        "products.csv:1: unknown column 'hscode' (did you mean hs_code?)",
        "products.csv:1: column 'hs_code' is missing (add it; its cells may be empty)",
    ]


def test_an_unquoted_comma_is_told_with_its_line(copy):
    line = append(copy, "cartons.csv", "xxl,Carton XXL, extra,900x600x500,910x610x520,1500,30000,80,yes,demo")
    assert mistakes_of(copy) == [
        f"cartons.csv:{line}: 10 cells where the header has 9 (quote a cell that holds a comma)"
    ]


def test_an_empty_table_is_allowed_and_references_into_it_are_told(copy):
    header = (copy / "cartons.csv").read_text(encoding="utf-8").splitlines()[0]
    (copy / "cartons.csv").write_text(header + "\n", encoding="utf-8")
    assert load_retailer(copy).cartons == ()
    header = (copy / "products.csv").read_text(encoding="utf-8").splitlines()[0]
    (copy / "products.csv").write_text(header + "\n", encoding="utf-8")
    assert mistakes_of(copy)[0] == "stock.csv:2: unknown SKU 'fridge-combi-365' (no SKU is defined)"


def test_a_misspelt_field_is_not_read_as_absent(copy):
    line = change(copy, "entities.yaml", "eu_distance_sales_eur: 6400", "eu_distance_sale_eur: 6400")
    assert mistakes_of(copy) == [
        f"entities.yaml:{line}: unknown field 'eu_distance_sale_eur' (did you mean eu_distance_sales_eur?)"
    ]


def test_a_key_given_twice_is_told(copy):
    line = change(
        copy, "entities.yaml", "eu_distance_sales_eur: 6400", "eu_distance_sales_eur: 6400\n    country: FR"
    )
    assert mistakes_of(copy) == [f"entities.yaml:{line + 1}: 'country' is given twice (keep one)"]


def test_yaml_aliases_are_refused_so_that_nothing_unfolds(copy):
    (copy / "zones.yaml").write_text("zones: &all []\nagain: [*all, *all]\n", encoding="utf-8")
    cure = "(write the value out where it holds)"
    assert mistakes_of(copy) == [
        f"zones.yaml:2: an alias (*all) is used {cure}",
        f"zones.yaml:2: an alias (*all) is used {cure}",
        "zones.yaml:2: unknown field 'again' (use a known field: zones)",
    ]


def test_yaml_that_asks_for_python_objects_gets_text(copy):
    line = change(
        copy,
        "entities.yaml",
        "marketplace_operator: maison-fr",
        "marketplace_operator: !!python/name:os.system x",
    )
    told = mistakes_of(copy)
    assert len(told) == 1
    assert told[0].startswith(
        f"entities.yaml:{line}: marketplace_operator names unknown entity 'x' (use a known "
    )


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000])
@pytest.mark.parametrize("file", ["entities.yaml", "zones.geojson"])
def test_deep_nesting_is_a_mistake_and_not_a_crash(copy, file, text):
    (copy / file).write_text(text, encoding="utf-8")
    told = mistakes_of(copy)
    assert len(told) == 1
    assert told[0].startswith(f"{file}:1: ")
    assert "nested" in told[0]


def test_broken_yaml_is_told_with_its_line(copy):
    line = append(copy, "zones.yaml", "  - id: [unclosed")
    told = mistakes_of(copy)
    assert len(told) == 1
    assert told[0].startswith(f"zones.yaml:{line + 1}: not readable as YAML: ")


def test_text_that_is_not_utf8_is_told_with_its_line(copy):
    data = (copy / "products.csv").read_bytes()
    (copy / "products.csv").write_bytes(data.replace("Gruyère".encode(), "Gruyère".encode("latin-1")))
    line = data[: data.index("Gruyère".encode())].count(b"\n") + 1
    assert mistakes_of(copy) == [f"products.csv:{line}: the text is not UTF-8 (save the file as UTF-8)"]


def test_a_link_out_of_the_folder_is_refused(copy, tmp_path):
    secret = tmp_path / "elsewhere.csv"
    secret.write_text("secret", encoding="utf-8")
    (copy / "cartons.csv").unlink()
    (copy / "cartons.csv").symlink_to(secret)
    assert mistakes_of(copy) == [
        "cartons.csv: the path leads out of the retailer's folder (keep the file itself there)"
    ]


def test_a_folder_that_is_not_there_is_told_by_name(tmp_path):
    with pytest.raises(WorldError, match="there is no such folder") as caught:
        load_retailer(tmp_path / "nobody")
    assert caught.value.code == "world.no_folder"


def test_an_outline_that_crosses_itself_is_told(copy):
    line = change(
        copy, "zones.geojson", "[-2.405, 46.728], [-2.385, 46.742]", "[-2.28, 46.75], [-2.405, 46.69]"
    )
    told = mistakes_of(copy)
    assert len(told) == 1
    assert "the zone's outline is unusable: Self-intersection" in told[0]
    assert int(told[0].split(":")[1]) <= line


def test_an_outline_in_metres_is_told(copy):
    change(copy, "zones.geojson", "[-2.35, 46.733]", "[-235000, 46.733]")
    assert mistakes_of(copy)[0].endswith("its coordinates are not degrees (longitude first) (draw it again)")


def test_a_service_that_no_carrier_offers_is_told_where_the_carriers_are_known(copy):
    known = {service for contract in load_retailer(copy).contracts for service in contract.services}
    line = change(copy, "contracts.yaml", "services: [fedex-priority]", "services: [fedex-prioritee]")
    assert load_retailer(copy).version
    assert mistakes_of(copy, services=known) == [
        f"contracts.yaml:{line}: unknown service 'fedex-prioritee' (did you mean fedex-priority?)"
    ]


def test_a_vat_category_that_customs_does_not_know_is_told(copy):
    known = {product.vat_category or "" for product in load_retailer(copy).products.values()}
    line = change(
        copy,
        "products.csv",
        ",confectionery,,,,,,,,,,,,,,food,18.50",
        ",confectionary,,,,,,,,,,,,,,food,18.50",
    )
    assert mistakes_of(copy, vat_categories=known) == [
        f"products.csv:{line}: unknown VAT category 'confectionary' (did you mean confectionery?)"
    ]


def test_norway_and_leading_zeros_are_read_as_written(copy):
    retailer = load_retailer(copy)
    assert [r.country for r in retailer.entity("maison-fr").registrations if r.kind == "voec"] == ["NO"]
    change(copy, "entities.yaml", 'country: "NO"', "country: NO")
    change(copy, "locations.yaml", 'postcode: "06000"', "postcode: 06000")
    change(copy, "locations.yaml", 'cut_offs: {Mo-Fr: "11:30"}', "cut_offs: {Mo-Fr: 11:30}")
    again = load_retailer(copy)
    assert [r.country for r in again.entity("maison-fr").registrations if r.kind == "voec"] == ["NO"]
    assert again.location("shop-nice").place.postcode == "06000"
    assert again.location("shop-ajaccio").cut_offs == {day: time(11, 30) for day in range(5)}


def test_the_version_follows_contents_and_not_line_ends_or_other_files(copy):
    before = load_retailer(copy).version
    (copy / "README.md").write_text("changed", encoding="utf-8")
    products = (copy / "products.csv").read_bytes()
    (copy / "products.csv").write_bytes(products.replace(b"\n", b"\r\n"))
    assert load_retailer(copy).version == before
    change(
        copy, "stock.csv", "wh-lyon,fridge-combi-365,maison-fr,6,1", "wh-lyon,fridge-combi-365,maison-fr,5,1"
    )
    assert load_retailer(copy).version != before


@pytest.mark.parametrize("file", FILES)
def test_an_empty_file_is_a_mistake_of_that_file(copy, file):
    (copy / file).write_text("", encoding="utf-8")
    assert all(message.startswith(file) for message in mistakes_of(copy))


def test_an_unknown_name_gets_the_nearest_one():
    retailer = load_retailer(FOLDER)
    with pytest.raises(
        UnknownReference, match=r"unknown SKU 'fridge-combi-356' \(did you mean fridge-combi-365\?\)"
    ):
        retailer.product("fridge-combi-356")


def test_a_row_that_could_not_be_read_is_one_mistake_and_not_one_for_each_reference_to_it(copy):
    line = change(copy, "products.csv", "Refrigerator-freezer 365 l", "Refrigerator-freezer, 365 l")
    assert mistakes_of(copy) == [
        f"products.csv:{line}: 37 cells where the header has 36 (quote a cell that holds a comma)"
    ]


def test_an_open_quote_is_one_mistake(copy):
    change(copy, "products.csv", "Refrigerator-freezer 365 l", '"Refrigerator-freezer 365 l')
    told = mistakes_of(copy)
    assert len(told) == 1
    assert "not readable as CSV" in told[0]


@pytest.mark.parametrize("seed", range(30))
def test_damage_at_random_ends_in_a_list_of_mistakes_and_in_nothing_else(copy, seed):
    luck = random.Random(seed)
    file = luck.choice(FILES)
    text = (copy / file).read_text(encoding="utf-8")
    for _ in range(luck.randint(1, 4)):
        start = luck.randrange(len(text))
        rubbish = luck.choice(
            ["[", "{", ":", '"', "*x", "&x", "-1", "9" * 40, "\0", "\t", "٣", ",", ";", "\n"]
        )
        text = text[:start] + rubbish + text[start + luck.choice([0, 0, 1, 8]) :]
    (copy / file).write_text(text, encoding="utf-8")
    told: tuple[Mistake, ...] = ()
    try:
        assert load_retailer(copy).version != load_retailer(FOLDER).version
    except RetailerError as error:
        told = error.mistakes
    assert all(mistake.place.startswith(FILES) and mistake.cause for mistake in told)


def test_stock_is_told_apart_by_owner(copy):
    retailer = load_retailer(copy)
    rows = retailer.stock_of({"partner-alpin"})
    assert {row.owner for row in rows} == {"partner-alpin"}
    assert len(rows) + len(retailer.stock_of(set(retailer.entities) - {"partner-alpin"})) == len(
        retailer.stock
    )


def test_an_entity_with_an_unusable_id_is_one_mistake(copy):
    line = change(copy, "entities.yaml", "- id: maison-es", "- id: maison es")
    cure = "(letters, digits and . _ : / - only, at most 64)"
    assert mistakes_of(copy) == [f"entities.yaml:{line}: id 'maison es' is not of the form asked for {cure}"]


def test_a_misspelt_list_is_not_read_as_an_empty_one(copy):
    line = change(copy, "entities.yaml", "entities:\n  - id: maison-fr", "entitys:\n  - id: maison-fr")
    first = line - 2  # the file's mapping begins with marketplace_operator
    assert mistakes_of(copy) == [
        f"entities.yaml:{line}: unknown field 'entitys' (did you mean entities?)",
        f"entities.yaml:{first}: the list entities is missing (write entities: [] where there are none)",
    ]
