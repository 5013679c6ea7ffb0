"""VAT numbers as people write them, and the code of each reason why one is none."""

import csv
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import customs
from customs.numbers import REASONS, answer_vat, vat_number
from customs.numbers.clean import bare
from customs.numbers.tables import prefixes
from domain import InputError
from engine.facts.order import vat_number_status

DATA = Path(customs.__file__).parent / "data"


@pytest.mark.parametrize(
    ("number", "country", "compact"),
    [
        ("fr 40 303.265-045", "FR", "FR40303265045"),
        ("40303265045", "FR", "FR40303265045"),
        ("ＦＲ４０３０３２６５０４５", "FR", "FR40303265045"),
        ("٤٠٣٠٣٢٦٥٠٤٥", "FR", "FR40303265045"),
        ("FR\u00a040\u2009303\u202f265\u200b045", None, "FR40303265045"),
        ("DE \u2013 136 695 976", "DE", "DE136695976"),
        ("K7399859412", "FR", "FRK7399859412"),
        ("BE 403.019.261", "BE", "BE0403019261"),
        ("gr 094259216", "GR", "EL094259216"),
        ("EL094259216", "GR", "EL094259216"),
        ("094259216", "EL", "EL094259216"),
        ("GB980780684", "GB", "GB980780684"),
        ("980780684", "UK", "GB980780684"),
        ("980780684", "gbr", "GB980780684"),
        ("GB980780684001", "GB", "GB980780684001"),
        ("GD001", "GB", "GBGD001"),
        ("GBHA599", None, "GBHA599"),
        ("XI 980 7806 84", "XI", "XI980780684"),
        ("XI980780684", "GB", "XI980780684"),
        ("980780684", "XI", "XI980780684"),
        ("GB980780684", "IM", "GB980780684"),
        ("CHE-107.787.577 IVA", "CH", "CHE107787577IVA"),
        ("107.787.577 mwst", "CH", "CHE107787577MWST"),
        ("NO 995 525 828 MVA", "NO", "NO995525828MVA"),
        ("995525828mva", "NO", "NO995525828MVA"),
        ("12345", "LI", "12345"),
        ("B58378431", "ES", "ESB58378431"),
        ("X-5253868-R", "ES", "ESX5253868R"),
        ("54362315K", "ES", "ES54362315K"),
        ("M-1234567-L", "ES", "ESM1234567L"),
        ("B58378431", "IC", "ESB58378431"),
        ("NL123456789B13", None, "NL123456789B13"),
        ("NL4495445B01", "NL", "NL004495445B01"),
        ("IE 8Z49289F", "IE", "IE8Z49289F"),
        ("IE 6433435OA", "IE", "IE6433435OA"),
        ("100001919017", "LT", "LT100001919017"),
        ("40303265045", "RE", "FR40303265045"),
        ("40303265045", "MC", "FR40303265045"),
        ("51 824 753 556", "AU", "51824753556"),
        ("RS101134702", "RS", "101134702"),
    ],
)
def test_a_number_is_read_however_it_is_written(number: str, country: str | None, compact: str) -> None:
    found = vat_number(number, country)
    assert (found.valid, found.reason, found.compact) == (True, "ok", compact)


@pytest.mark.parametrize(
    ("number", "country", "valid", "reason"),
    [
        ("", "FR", False, "empty"),
        (" - ", "FR", False, "empty"),
        ("FR4030326504", "FR", False, "bad_length"),
        ("FR" + "4" * 60, "FR", False, "bad_length"),
        ("FR IO303265045", "FR", False, "bad_format"),
        ("FR40303265045?", "FR", False, "bad_format"),
        ("FR40303265045ß", "FR", False, "bad_format"),
        ("BE2403019261", "BE", False, "bad_component"),
        ("FR40303265046", "FR", False, "bad_checksum"),
        ("CY12259033P", "CY", False, "bad_component"),
        ("FRFR40303265045", "FR", False, "bad_length"),
        ("DE136695976", "FR", False, "wrong_country"),
        ("DE136695977", "FR", False, "wrong_country"),
        ("IM3720000224", "IM", False, "wrong_country"),
        ("GB980780684", "XI", False, "wrong_country"),
        ("GB999999973", "GB", False, "not_allocated"),
        ("GB100000034", "GB", False, "not_allocated"),
        ("GB000000000", "GB", False, "not_allocated"),
        ("FI00000000", "FI", False, "not_allocated"),
        ("CHE-107.787.577", "CH", False, "missing_suffix"),
        ("995525828", "NO", False, "missing_suffix"),
        ("995525829", "NO", False, "bad_checksum"),
        ("123456", "QQ", False, "unknown_country"),
        ("12-3456789", "US", None, "no_check"),
        ("995525828", None, None, "missing_country"),
    ],
)
def test_each_reason_has_its_code(number: str, country: str | None, valid: bool | None, reason: str) -> None:
    found = vat_number(number, country)
    assert (found.valid, found.reason) == (valid, reason)
    assert reason in REASONS


def test_letters_that_look_like_another_countrys_prefix_are_no_contradiction() -> None:
    found = vat_number("DE303265219", "FR")
    assert (found.valid, found.compact) == (True, "FRDE303265219")
    assert vat_number("DE303265219", "DE").valid is False


def test_numbers_of_the_one_stop_shops_are_no_customers_number() -> None:
    assert (vat_number("EU372022452").valid, vat_number("EU372022452").scheme) == (True, "oss_non_union")
    assert (vat_number("IM3720000224").valid, vat_number("IM3720000224").scheme) == (True, "ioss")
    assert vat_number("IM3720000224").country is None
    assert vat_number_status("IM3720000224", "FR") == ("invalid", "FR")


def test_only_numbers_of_the_union_and_northern_ireland_are_asked_in_vies() -> None:
    assert vat_number("XI980780684").vies
    assert vat_number("EL094259216").vies
    assert not vat_number("GB980780684").vies
    assert not vat_number("CHE107787577IVA").vies
    assert not vat_number("FR40303265046").vies


@pytest.mark.parametrize(
    ("number", "country", "status"),
    [
        (None, "FR", ("none", None)),
        ("", "FR", ("none", None)),
        ("DE136695976", "FR", ("well_formed", "DE")),
        ("DE136695977", "FR", ("invalid", "DE")),
        ("EL094259216", "GR", ("well_formed", "GR")),
        ("XI980780684", "GB", ("well_formed", "XI")),
        ("GB980780684", "XI", ("well_formed", "GB")),
        ("40303265045", "FR", ("well_formed", "FR")),
        ("12-3456789", "US", ("invalid", "US")),
    ],
)
def test_the_fact_of_an_order_follows_the_prefix(
    number: str | None, country: str, status: tuple[str, str | None]
) -> None:
    assert vat_number_status(number, country) == status


@pytest.mark.parametrize(
    ("query", "code", "cure"),
    [
        ({}, "number.missing", "argument"),
        ({"number": 123}, "number.bad_field", "quotes"),
        ({"number": "1", "contry": "FR"}, "number.unknown_field", "country"),
    ],
)
def test_a_question_that_cannot_be_read_is_refused(query: dict[str, Any], code: str, cure: str) -> None:
    with pytest.raises(InputError) as caught:
        answer_vat(query)
    assert caught.value.code == code
    assert cure in caught.value.cure


def test_the_answer_has_stable_keys() -> None:
    assert list(answer_vat({"number": "DE136695976"})) == [
        "valid",
        "reason",
        "compact",
        "country",
        "scheme",
        "basis",
        "in_vies",
    ]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=20), st.sampled_from(["FR", "GB", "CH", "NO", "MX", "AR", "KR", "XI", None]))
def test_no_text_breaks_it(text: str, country: str | None) -> None:
    found = vat_number(text, country)
    assert found.reason in REASONS
    assert (found.valid is True) == (found.reason == "ok")


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["DE136695976", "ESB58378431", "CHE107787577IVA", "NO995525828MVA"]), st.data())
def test_separators_and_case_never_change_the_answer(number: str, data: st.DataObject) -> None:
    signs = st.sampled_from(["", " ", "-", ".", "\u00a0", "\u2013", "/"])
    written = "".join(data.draw(signs) + letter.lower() for letter in number)
    assert vat_number(written).compact == number


def test_cleaning_keeps_what_is_no_separator() -> None:
    assert bare("N° 12") == "N°12"
    assert bare("8*79739J") == "8*79739J"


@pytest.mark.parametrize(
    "name",
    ["vat_number_prefixes", "vat_number_countries", "vat_number_blocks", "eori_shapes", "postcode_forms"],
)
def test_every_row_says_where_it_comes_from(name: str) -> None:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert row["source"], row
            assert row["confidence"] in ("high", "medium"), row
            assert row["checked"] >= "2026-01-01", row


def test_every_prefix_leads_to_a_check_or_a_shape() -> None:
    for row in prefixes().values():
        assert vat_number(row.prefix + "1").reason != "ok" or row.home == "SM"
        assert row.scheme in ("national", "oss_non_union", "ioss")
