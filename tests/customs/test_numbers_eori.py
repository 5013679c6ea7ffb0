"""EORI and import one-stop shop numbers: structure, national forms and the days they hold."""

from datetime import date

import pytest

from customs.numbers import answer_eori, answer_ioss, eori_number, ioss_number
from domain import InputError

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("number", "country", "compact", "basis"),
    [
        ("FR 552 100 554", None, "FR552100554", "national form"),
        ("552100554", "FR", "FR552100554", "national form"),
        ("FRUS12345", "FR", "FRUS12345", "national form"),
        ("DE1234567", None, "DE1234567", "national form"),
        ("DE123456789012345", None, "DE123456789012345", "national form"),
        ("NL000123456", None, "NL000123456", "national form"),
        ("GB980780684000", None, "GB980780684000", "national form"),
        ("XI980780684000", "GB", "XI980780684000", "national form"),
        ("ATEOS1000000001", None, "ATEOS1000000001", "structure"),
        ("EL123456789", "GR", "GR123456789", "structure"),
    ],
)
def test_a_number_that_can_be_one(number: str, country: str | None, compact: str, basis: str) -> None:
    found = eori_number(number, country, DAY)
    assert (found.valid, found.reason, found.compact, found.basis) == (True, "ok", compact, basis)


@pytest.mark.parametrize(
    ("number", "country", "valid", "reason"),
    [
        ("", "FR", False, "empty"),
        ("DE12345678", None, False, "bad_length"),
        ("NL12345", "NL", False, "bad_length"),
        ("NLABCDEFGHI", "NL", False, "bad_format"),
        ("PL1234567890123456", None, False, "bad_length"),
        ("PL", None, False, "bad_length"),
        ("PL12*4", None, False, "bad_format"),
        ("GB980780684000", "XI", False, "wrong_country"),
        ("DE1234567", "FR", False, "wrong_country"),
        ("QQ12", None, False, "unknown_country"),
        ("TR1234567890", None, None, "no_check"),
        ("CHE123456788", "CH", None, "no_check"),
        ("1234567", None, None, "missing_country"),
    ],
)
def test_each_reason_has_its_code(number: str, country: str | None, valid: bool | None, reason: str) -> None:
    found = eori_number(number, country, DAY)
    assert (found.valid, found.reason) == (valid, reason)


def test_the_french_form_changed_with_the_year_2026() -> None:
    assert eori_number("FR55210055400013", None, date(2025, 12, 31)).valid is True
    assert eori_number("FR55210055400013", None, date(2026, 1, 1)).reason == "withdrawn_form"
    assert eori_number("FR552100554", None, date(2023, 4, 4)).reason == "withdrawn_form"


def test_the_contract_asks_for_the_day() -> None:
    with pytest.raises(InputError) as caught:
        answer_eori({"number": "DE1234567"})
    assert caught.value.code == "number.bad_date"
    assert answer_eori({"number": "DE1234567", "date": "2026-11-22"})["country"] == "DE"


@pytest.mark.parametrize(
    ("number", "country", "reason", "state"),
    [
        ("im 372 000 022 4", None, "ok", "IE"),
        ("IM3720000224", "IE", "ok", "IE"),
        ("IM3720000224", "FR", "wrong_country", "IE"),
        ("IN3720000224", None, "intermediary", "IE"),
        ("3720000224", None, "missing_prefix", "IE"),
        ("IM9001234567", None, "ok", "XI"),
        ("IM7560000224", None, "bad_component", None),
        ("IM372000022", None, "bad_length", None),
        ("IM37200002A4", None, "bad_format", None),
        ("FR40303265045", None, "bad_format", None),
        ("", None, "empty", None),
    ],
)
def test_a_number_of_the_import_scheme(
    number: str, country: str | None, reason: str, state: str | None
) -> None:
    found = ioss_number(number, country)
    assert (found.valid, found.reason, found.country) == (reason == "ok", reason, state)
    assert answer_ioss({"number": number, "country": country})["reason"] == reason
