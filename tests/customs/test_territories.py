"""Fiscal territories: which law an address is under, and what is said when it cannot be told."""

from datetime import date
from typing import Any

import pytest

from customs.territories import Finding, Territories, answer
from domain import InputError, UnknownReference

TODAY = date(2026, 11, 22)
TERRITORIES = Territories.load()


def resolve(country: str, postcode: str | None = None, **more: Any) -> Finding:
    day = more.pop("day", TODAY)
    return TERRITORIES.resolve(country, postcode, **more, day=day)


def code_of(country: str, postcode: str | None = None, **more: Any) -> str | None:
    found = resolve(country, postcode, **more)
    return None if found.territory is None else found.territory.code


# ------------------------------------------------------------------ the three-way split

SPLIT = [
    ("FI-AX", True, False, False),
    ("ES-CN", True, False, False),
    ("FR-GP", True, False, False),
    ("FR-MF", True, False, False),
    ("GR-ATHOS", True, False, True),
    ("IT-CAMPIONE", True, False, True),
    ("SM", True, False, True),
    ("IT-LIVIGNO", False, False, False),
    ("DE-BUSINGEN", False, False, False),
    ("DE-HELGOLAND", False, False, False),
    ("ES-CE", False, False, False),
    ("FR-BL", False, False, False),
    ("DK-FO", False, False, False),
    ("GI", False, False, False),
    ("IM", False, False, False),
    ("GB", False, False, False),
    ("XI", True, True, True),
    ("MC", True, True, True),
    ("CY-SBA", True, True, True),
    ("PT-20", True, True, True),
    ("AT-JUNGHOLZ", True, True, True),
    ("FR-COR", True, True, True),
]


@pytest.mark.parametrize(("code", "customs", "vat", "excise"), SPLIT)
def test_customs_vat_and_excise_borders_are_three(code: str, customs: bool, vat: bool, excise: bool) -> None:
    territory = TERRITORIES.get(code, TODAY)
    assert (territory.eu_customs, territory.eu_vat, territory.eu_excise) == (customs, vat, excise)


def test_switzerland_liechtenstein_and_busingen_are_one_customs_union() -> None:
    unions = {TERRITORIES.get(code).customs_union for code in ("CH", "LI", "DE-BUSINGEN")}
    assert unions == {"CH"}
    assert TERRITORIES.get("DE-BUSINGEN").vat_area == TERRITORIES.get("CH").vat_area


def test_norway_is_in_the_security_area_and_great_britain_is_not() -> None:
    area = TERRITORIES.get("FR").security_area
    assert {TERRITORIES.get(code).security_area for code in ("CH", "LI", "NO", "XI")} == {area}
    assert TERRITORIES.get("GB").security_area != area


def test_rates_of_monaco_are_french_and_of_northern_ireland_british() -> None:
    assert [TERRITORIES.get(code).vat_country for code in ("MC", "IM", "XI", "FI-AX", "FR-RE")] == [
        "FR",
        "GB",
        "GB",
        "FI",
        "FR-RE",
    ]


# ------------------------------------------------------------------ postcodes

POSTCODES = [
    ("ES", "35001", "ES-CN"),
    ("es", " 35-001 ", "ES-CN"),
    ("ES", "E-38700", "ES-CN"),
    ("ES", "51001", "ES-CE"),
    ("ES", "28001", "ES"),
    ("FI", "22100", "FI-AX"),
    ("FI", "AX-22100", "FI-AX"),
    ("AX", "AX-22100", "FI-AX"),
    ("FR", "F-20090", "FR-COR"),
    ("FR", "97133", "FR-BL"),
    ("FR", "97150", "FR-MF"),
    ("GP", "97150", "FR-MF"),
    ("FR", "97110", "FR-GP"),
    ("FR", "98000", "MC"),
    ("MC", "MC-98000", "MC"),
    ("IT", "47890", "SM"),
    ("IT", "00120", "VA"),
    ("VA", "00120", "VA"),
    ("IT", "23041", "IT-LIVIGNO"),
    ("IT", "22061", "IT-CAMPIONE"),
    ("DE", "78266", "DE-BUSINGEN"),
    ("CH", "8238", "DE-BUSINGEN"),
    ("DE", "CH-8238", "DE-BUSINGEN"),
    ("DE", "D-27498", "DE-HELGOLAND"),
    ("DE", "87491", "AT-JUNGHOLZ"),
    ("AT", "6992", "AT-MITTELBERG"),
    ("GB", "BT1 1AA", "XI"),
    ("gb", "bt11aa", "XI"),
    ("UK", "BT7", "XI"),
    ("IE", "BT1 1AA", "XI"),
    ("GB", "B1 1AA", "GB"),
    ("GB", "JE2 3AB", "JE"),
    ("GB", "GY9 3AA", "GG"),
    ("GB", "IM1 1AA", "IM"),
    ("GB", "GX11 1AA", "GI"),
    ("GB", "BFPO 57", "CY-SBA"),
    ("GB", "BF1 2AU", "CY-SBA"),
    ("GB", "KY1-1001", "KY"),
    ("GB", "KY1 1AA", "GB"),
    ("BM", "CR 04", "BM"),
    ("DK", "3900", "DK-GL"),
    ("DK", "100", "DK-FO"),
    ("FO", "FO-100", "DK-FO"),
    ("FO", "0100", "DK-FO"),
    ("DK", "3800", "DK-FO"),
    ("AD", "25700", "ES"),
    ("LI", "6971", "AT"),
    ("LI", "7208", "CH"),
    ("KR", "96218", "US"),
    ("DK", "1000", "DK"),
    ("GR", "630 86", "GR-ATHOS"),
    ("EL", "63086", "GR-ATHOS"),
    ("GR", "81100", "GR-ISLANDS-REDUCED"),
    ("PT", "9500-321", "PT-20"),
    ("PT", "9000", "PT-30"),
    ("PT", "1250-096", "PT"),
    ("NO", "9170", "NO-SJ"),
    ("US", "00901", "PR"),
    ("US", "20500-0001", "US"),
    ("LI", "9490", "LI"),
    ("CH", "9490", "LI"),
    ("IE", "D6W", "IE"),
    ("NL", "1012", "NL"),
    ("LV", "1001", "LV"),
    ("LU", "L-1248", "LU"),
    ("HK", "999077", "HK"),
    ("ES", "٣٥٠٠١", "ES-CN"),
]


@pytest.mark.parametrize(("country", "postcode", "expected"), POSTCODES)
def test_a_postcode_leads_to_its_territory(country: str, postcode: str, expected: str) -> None:
    assert code_of(country, postcode) == expected


def test_a_postcode_that_leads_out_of_the_country_says_so() -> None:
    assert resolve("AX", "00100").basis == "postcode 00100, outside the country code AX"


@pytest.mark.parametrize(
    ("country", "postcode"),
    [
        ("DE", "123"),
        ("DE", "00123"),
        ("ES", "53001"),
        ("FR", "2A004"),
        ("BE", "20000"),
        ("GB", "XXXX"),
        ("AT", "D-10115"),
    ],
)
def test_a_postcode_of_another_form_is_an_error_that_names_the_form(country: str, postcode: str) -> None:
    with pytest.raises(InputError) as caught:
        resolve(country, postcode)
    assert caught.value.code == "territory.bad_postcode"
    assert caught.value.place == "/postcode"
    assert "expected" in caught.value.cure


def test_a_letter_of_another_script_is_not_dropped_from_a_postcode() -> None:
    with pytest.raises(InputError):
        resolve("FR", "75001é")


def test_northern_irish_code_without_digits_is_no_postcode() -> None:
    with pytest.raises(InputError):
        resolve("GB", "BTXXX")


def test_an_overseas_french_code_that_nobody_has_is_not_the_mainland() -> None:
    found = resolve("FR", "97999")
    assert found.territory is None
    assert "FR" not in found.candidates


# ------------------------------------------------------------------ what is missing is missing


@pytest.mark.parametrize(
    "country", ["AT", "CY", "DE", "DK", "ES", "FI", "FR", "GB", "GR", "IT", "NO", "PT", "UK", "EL"]
)
def test_a_country_with_special_territories_is_never_silently_its_mainland(country: str) -> None:
    found = resolve(country)
    assert found.territory is None
    assert len(found.candidates) > 1
    assert list(found.candidates) == sorted(found.candidates)
    assert "postcode" in found.basis


def test_a_country_of_one_territory_needs_no_postcode() -> None:
    assert resolve("BE") == Finding(TERRITORIES.get("BE"), ("BE",), "country")


def test_an_unknown_city_is_not_evidence_for_the_mainland() -> None:
    found = resolve("DE", city="Kleinkleckersdorf")
    assert found.territory is None
    assert "Kleinkleckersdorf" in found.basis


def test_blank_parts_count_as_absent() -> None:
    assert resolve("ES", " - ", city="  ", subdivision="") == resolve("ES")


def test_flags_are_given_where_all_candidates_agree() -> None:
    body = answer({"country": "PT", "city": "Vila Nova de Nenhures", "date": "2026-11-22"})
    assert body["territory"] is None
    assert (body["eu_customs"], body["eu_vat"], body["eu_excise"]) == (True, True, True)
    body = answer({"country": "FI", "city": "Tuntematon", "date": "2026-11-22"})
    assert (body["eu_customs"], body["eu_vat"], body["eu_excise"]) == (True, None, None)


# ------------------------------------------------------------------ names

CITIES = [
    ("DE", "Büsingen", "DE-BUSINGEN"),
    ("DE", "BUESINGEN AM HOCHRHEIN", "DE-BUSINGEN"),
    ("DE", "busingen", "DE-BUSINGEN"),
    ("CH", "Büsingen am Hochrhein", "DE-BUSINGEN"),
    ("DE", "Helgoland", "DE-HELGOLAND"),
    ("IT", "campione d’italia", "IT-CAMPIONE"),
    ("IT", "Livigno", "IT-LIVIGNO"),
    ("ES", "San Sebastian de la Gomera", "ES-CN"),
    ("ES", "Las Palmas", "ES-CN"),
    ("ES", "Ceuta", "ES-CE"),
    ("ES", "Palma de Mallorca", "ES"),
    ("EA", "Melilla", "ES-ML"),
    ("GR", "Agio Oros", "GR-ATHOS"),
    ("GR", "Άγιο Όρος", "GR-ATHOS"),
    ("AT", "Riezlern/Kleinwalsertal", "AT-MITTELBERG"),
    ("PT", "Funchal", "PT-30"),
    ("PT", "Ponta Delgada", "PT-20"),
    ("FI", "Mariehamn", "FI-AX"),
    ("DK", "Tórshavn", "DK-FO"),
    ("GB", "Belfast", "XI"),
    ("GB", "Akrotiri", "CY-SBA"),
    ("CY", "Kyrenia", "CY-NORTH"),
    ("FR", "Monte-Carlo", "MC"),
    ("DE", "Berlin", "DE"),
]


@pytest.mark.parametrize(("country", "city", "expected"), CITIES)
def test_a_city_name_leads_to_its_territory(country: str, city: str, expected: str) -> None:
    assert code_of(country, city=city) == expected


@pytest.mark.parametrize(
    ("country", "postcode", "city", "expected"),
    [
        ("IT", "22060", "Campione d'Italia", "IT-CAMPIONE"),
        ("IT", "22060", "Cantù", "IT"),
        ("IT", "22060", None, None),
        ("IT", "22060", "Campione dItalia", "IT-CAMPIONE"),
        ("IT", "22060", "Campionne d'Italia", None),
        ("IT", "23030", "LIVIGNO", "IT-LIVIGNO"),
        ("IT", "23030", "Valdidentro", "IT"),
        ("DE", "87567", "Riezlern", "AT-MITTELBERG"),
        ("DE", "87568", "Hirschegg", "AT-MITTELBERG"),
        ("DE", "87567", None, None),
        ("CH", "6911", "Campione", "IT-CAMPIONE"),
        ("CH", "6911", None, None),
        ("CH", "3907", "Simplon Dorf", "CH"),
        ("CH", "3907", "Domodossola", "IT"),
        ("GR", "63087", "Karyes", "GR-ATHOS"),
        ("GR", "63087", None, None),
        ("DE", "87568", "Hirschegg im Kleinwalsertal", "AT-MITTELBERG"),
    ],
)
def test_a_shared_postcode_is_settled_by_its_city(
    country: str, postcode: str, city: str | None, expected: str | None
) -> None:
    assert code_of(country, postcode, city=city) == expected


def test_a_postcode_that_is_not_shared_wins_over_the_city_and_says_so() -> None:
    found = resolve("ES", "28001", city="Melilla")
    assert found.territory is not None
    assert found.territory.code == "ES"
    assert "'Melilla' points elsewhere" in found.basis


def test_forces_mail_goes_by_the_united_states_whatever_the_country() -> None:
    assert code_of("DE", "09012", city="APO") == "US"
    assert code_of("TR", "33010", city="Mersin 10") == "CY-NORTH"


@pytest.mark.parametrize(
    ("country", "subdivision", "expected"),
    [
        ("ES", "ES-CN", "ES-CN"),
        ("ES", "gc", "ES-CN"),
        ("ES", "TF", "ES-CN"),
        ("ES", "PM", "ES"),
        ("FI", "FI-01", "FI-AX"),
        ("FI", "01", "FI-AX"),
        ("PT", "PT-20", "PT-20"),
        ("GB", "GB-NIR", "XI"),
        ("GB", "GB-BFS", "XI"),
        ("GB", "Scotland", "GB"),
        ("FR", "FR-971", "FR-GP"),
        ("FR", "2A", "FR-COR"),
        ("FR", "FR-IDF", "FR"),
        ("FR", "Île-de-France", "FR"),
        ("NL", "NL-AW", "AW"),
        ("US", "PR", "PR"),
        ("DE", "BE", "DE"),
        ("AT", "Mittelberg", "AT-MITTELBERG"),
        ("GB", "Dhekelia", "CY-SBA"),
        ("CY", "United Nations Buffer Zone", "CY-NORTH"),
        ("DE", "DE-BW", None),
        ("IT", "IT-25", None),
        ("IT", "IT-MI", "IT"),
    ],
)
def test_a_subdivision_leads_to_its_territory(country: str, subdivision: str, expected: str | None) -> None:
    assert code_of(country, subdivision=subdivision) == expected


def test_a_region_above_two_special_places_leaves_all_three_open() -> None:
    assert resolve("IT", subdivision="IT-25").candidates == ("IT", "IT-CAMPIONE", "IT-LIVIGNO")


def test_a_city_and_a_subdivision_that_contradict_each_other_settle_nothing() -> None:
    found = resolve("ES", city="Melilla", subdivision="ES-M")
    assert found.territory is None
    assert found.candidates == ("ES", "ES-ML")


# ------------------------------------------------------------------ dates


def test_the_united_kingdom_leaves_with_the_end_of_the_transition() -> None:
    last = resolve("GB", "BT1 1AA", day=date(2020, 12, 31)).territory
    assert last is not None
    assert (last.code, last.eu_customs, last.eu_vat) == ("GB", True, True)
    assert code_of("GB", "BT1 1AA", day=date(2021, 1, 1)) == "XI"
    first = resolve("GB", "SW1A 1AA", day=date(2021, 1, 1)).territory
    assert first is not None
    assert (first.eu_customs, first.eu_vat) == (False, False)
    assert code_of("GB", day=date(2020, 12, 31)) == "GB"
    assert code_of("XI", day=date(2020, 12, 31)) == "GB"
    assert code_of("GB", subdivision="GB-NIR", day=date(2020, 12, 31)) == "GB"


def test_croatia_joins_on_1_july_2013() -> None:
    for day, member in ((date(2013, 6, 30), False), (date(2013, 7, 1), True)):
        territory = resolve("HR", "10000", day=day).territory
        assert territory is not None
        assert territory.eu_vat is member


def test_campione_enters_the_customs_territory_in_2020() -> None:
    before = resolve("IT", "22061", day=date(2019, 12, 31)).territory
    after = resolve("IT", "22061", day=date(2020, 1, 1)).territory
    assert before is not None
    assert after is not None
    assert (before.eu_customs, before.eu_excise, before.eu_vat) == (False, False, False)
    assert (after.eu_customs, after.eu_excise, after.eu_vat) == (True, True, False)


def test_switzerland_and_norway_enter_the_security_area_in_july_2009() -> None:
    before, after = date(2009, 6, 30), date(2009, 7, 1)
    for code in ("CH", "LI", "NO", "DE-BUSINGEN"):
        area = TERRITORIES.get("FR", after).security_area
        assert TERRITORIES.get(code, before).security_area != area
        assert TERRITORIES.get(code, after).security_area == area
    assert TERRITORIES.get("LI", before).security_area == TERRITORIES.get("CH", before).security_area


def test_the_amended_security_agreements_have_a_period_of_their_own() -> None:
    first = date(2021, 3, 15)
    assert {TERRITORIES.get(code, first).valid_from for code in ("CH", "LI", "NO")} == {first}
    assert {TERRITORIES.get(code, date(2021, 3, 14)).confidence for code in ("CH", "NO")} == {"medium"}


def test_the_swiss_code_of_campione_decides_until_it_was_withdrawn() -> None:
    assert code_of("CH", "6911", day=date(2019, 12, 31)) == "IT-CAMPIONE"
    assert resolve("CH", "6911", day=date(2020, 1, 1)).candidates == ("CH", "IT-CAMPIONE")


def test_nothing_is_claimed_before_the_tables_begin() -> None:
    body = answer({"country": "FR", "postcode": "75001", "date": "1999-01-01"})
    assert body["territory"] is None
    assert body["eu_vat"] is None
    assert "2007-01-01" in str(body["cannot_determine"])


# ------------------------------------------------------------------ what is not verified


def test_samnaun_is_switzerland_with_a_note() -> None:
    found = resolve("CH", "7562")
    assert found.territory is not None
    assert found.territory.code == "CH"
    assert "Samnaun" in found.basis


def test_a_code_of_the_district_of_kyrenia_leaves_both_parts_of_cyprus_open() -> None:
    assert resolve("CY", "9300").candidates == ("CY", "CY-NORTH")
    assert code_of("CY", "9300", city="Kyrenia") == "CY-NORTH"
    assert code_of("CY", "99300") == code_of("TR", "99300") == "CY-NORTH"


def test_kosovo_under_the_serbian_code_is_settled_by_the_city_or_stays_open() -> None:
    assert code_of("RS", "38000", city="Priština") == "XK"
    assert resolve("RS", "38000").candidates == ("RS", "XK")
    assert resolve("RS", subdivision="RS-KM").candidates == ("RS", "XK")
    assert code_of("RS", "11000", city="Beograd") == "RS"


@pytest.mark.parametrize("day", [date(2010, 1, 1), date(2020, 6, 1), TODAY, date(2030, 1, 1)])
def test_gibraltar_is_outside_the_union_on_any_day(day: date) -> None:
    territory = resolve("GI", "GX11 1AA", day=day).territory
    assert territory is not None
    assert (territory.eu_customs, territory.eu_vat, territory.eu_excise) == (False, False, False)


def test_aegean_islands_without_a_verified_code_stay_open_but_in_eu_vat() -> None:
    body = answer({"country": "GR", "postcode": "85600", "date": "2026-11-22"})
    assert body["candidates"] == ["GR", "GR-ISLANDS-REDUCED"]
    assert body["eu_vat"] is True


# ------------------------------------------------------------------ codes and errors


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Suisse", "CH (Switzerland)"),
        ("Deutschland", "DE (Germany)"),
        ("Österreich", "AT (Austria)"),
        ("Royaume-Uni", "GB (United Kingdom)"),
        ("Ελλάδα", "GR (Greece)"),
        ("DEU", "DE (Germany)"),
    ],
)
def test_a_country_written_out_is_refused_and_its_code_named(written: str, meant: str) -> None:
    with pytest.raises(InputError) as caught:
        resolve(written)
    assert caught.value.code == "territory.unknown_country"
    assert meant in caught.value.cure


def test_country_codes_of_their_own_mean_their_territory() -> None:
    codes = {
        "AX": "FI-AX",
        "IC": "ES-CN",
        "GP": "FR-GP",
        "FO": "DK-FO",
        "SJ": "NO-SJ",
        "XU": "GB",
        "XK": "XK",
    }
    assert {code: code_of(code) for code in codes} == codes
    assert resolve("EA").candidates == ("ES-CE", "ES-ML")


def test_a_territory_is_found_by_its_own_code_or_its_country_code() -> None:
    assert TERRITORIES.get("gp") is TERRITORIES.get("FR-GP")
    assert [TERRITORIES.get(code).code for code in ("EL", "UK")] == ["GR", "GB"]
    with pytest.raises(UnknownReference) as caught:
        TERRITORIES.get("ES-CM")
    assert "ES-" in caught.value.cure


@pytest.mark.parametrize(
    ("country", "nearest"),
    [("FRA", "FR"), ("DEU", "DE"), ("Germany", "DE"), ("Swizerland", "CH"), ("QQ", "QA")],
)
def test_an_unknown_country_names_the_nearest_code(country: str, nearest: str) -> None:
    with pytest.raises(InputError) as caught:
        resolve(country)
    assert caught.value.code == "territory.unknown_country"
    assert f"nearest is {nearest} " in caught.value.cure


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"date": "2026-11-22"}, "territory.missing_country"),
        ({"country": "FR"}, "territory.bad_date"),
        ({"country": "FR", "date": "tomorrow"}, "territory.bad_date"),
        ({"country": "AT", "postcode": 1010, "date": "2026-11-22"}, "territory.bad_field"),
        ({"country": "AT", "zip": "1010", "date": "2026-11-22"}, "territory.unknown_field"),
    ],
)
def test_a_query_that_cannot_be_read_is_refused_with_its_code(query: dict[str, object], code: str) -> None:
    with pytest.raises(InputError) as caught:
        answer(query)
    assert caught.value.code == code


def test_the_answer_has_the_fields_of_the_contract() -> None:
    body = answer(
        {"country": "ES", "postcode": "35001", "city": None, "subdivision": None, "date": "2026-11-22"}
    )
    assert body["territory"] == "ES-CN"
    assert body["name"] == "Canary Islands"
    assert body["country"] == "ES"
    assert body["basis"] == "postcode 35xxx"
    assert body["vat_system"] == "IGIC and AIEM"
    fields = {"customs_union", "vat_area", "security_area", "note", "eu_customs", "eu_vat", "eu_excise"}
    assert fields <= set(body)
