"""Cases that other projects wrote: their facts must come out of the command-line contract.

Two are answered otherwise on purpose:

``TERR-0096`` (driesvints/vat-calculator) gives Spain and a postcode of random letters, and expects
the Spanish mainland: that library falls back to the country's standard rate. Spain holds three
territories outside EU VAT (Dir 2006/112/EC art 6(1)(b), 6(2)(c) and (d)), and a code that cannot
be read cannot exclude them. The right answer is to say that the postcode is wrong.

A country alone is answered for its main territory and says that it is assumed: GB without a
postcode is Great Britain, with Northern Ireland listed as still possible (Windsor Framework art 8).
"""

import json
from pathlib import Path
from typing import Any

import pytest

from customs.territories import answer
from domain import InputError

FILE = Path(__file__).parent.parent / "cases" / "territories.jsonl"
CASES: list[dict[str, Any]] = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
ARGUED = {"TERR-0096"}


def _query(case_id: str) -> dict[str, Any]:
    (case,) = [case for case in CASES if case["id"] == case_id]
    query: dict[str, Any] = case["in"]
    return query


@pytest.mark.parametrize(
    "case", [case for case in CASES if case["id"] not in ARGUED], ids=lambda case: str(case["id"])
)
def test_the_answer_agrees_with_the_independent_case(case: dict[str, Any]) -> None:
    found = answer(case["in"])
    assert {key: found.get(key) for key in case["expect"]} == case["expect"], found.get("basis")


def test_an_unreadable_spanish_postcode_is_not_the_mainland() -> None:
    with pytest.raises(InputError) as caught:
        answer(_query("TERR-0096"))
    assert caught.value.code == "territory.bad_postcode"
    assert "28001" in caught.value.cure


def test_a_country_alone_is_answered_for_its_main_territory_and_says_so() -> None:
    query = _query("TERR-0338")
    found = answer(query)
    assert found["territory"] == "GB"
    assert found["assumed"] is True
    assert found["candidates"] == ["GB", "XI"]
    assert "XI remain possible" in str(found["basis"])
    assert "assumed" not in answer({**query, "postcode": "SW1A 1AA"})
