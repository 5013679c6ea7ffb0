"""Postcodes that other projects collected: our answer must be theirs.

Three are answered otherwise on purpose:

``POST-0528`` (validator.js) takes "022 93" for a Greek postcode; its list is any five digits. The Hellenic
Post numbers its regions from 1 to 8: nothing begins with 0 or 9 (ELTA, table of postcodes;
``territory_formats.csv``), and an address with such a code cannot be delivered.

``POST-0718`` (validator.js) takes the six digits "339012" for a Korean postcode. Korea Post replaced
them on 2015-08-01 by five digits of other districts; they name no place any more. The right
answer says so, with the day.

``POST-0692`` (validator.js) refuses " AZ0100" for the blank before it. A blank around a field is no part
of the code; what is written inside it is right, so that the code is accepted and returned as "AZ 0100".
"""

import json
from pathlib import Path
from typing import Any

import pytest

from customs.addresses import answer_address

FILE = Path(__file__).parent.parent / "cases" / "address.jsonl"
CASES: list[dict[str, Any]] = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
ARGUED = {"POST-0528", "POST-0692", "POST-0718"}


def _answer(case_id: str) -> dict[str, Any]:
    (case,) = [case for case in CASES if case["id"] == case_id]
    return answer_address(case["in"])


@pytest.mark.parametrize(
    "case", [case for case in CASES if case["id"] not in ARGUED], ids=lambda case: str(case["id"])
)
def test_the_answer_agrees_with_the_independent_case(case: dict[str, Any]) -> None:
    found = answer_address(case["in"])
    assert {key: found.get(key) for key in case["expect"]} == case["expect"], found["reason"]


def test_no_greek_postcode_begins_with_a_zero() -> None:
    assert _answer("POST-0528")["valid"] is False
    assert answer_address({"country": "GR", "postcode": "122 93"})["valid"] is True


def test_korean_postcodes_of_six_digits_are_given_up() -> None:
    found = _answer("POST-0718")
    assert (found["valid"], found["reason"]) == (False, "withdrawn_form")
    assert found["withdrawn_since"] == "2015-08-01"


def test_a_blank_around_a_postcode_is_taken_away() -> None:
    found = _answer("POST-0692")
    assert found["valid"] is True
    assert found["normalised"] == {"country": "AZ", "postcode": "AZ 0100"}
