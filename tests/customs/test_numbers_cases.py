"""VAT numbers that other projects collected: our answer must be theirs."""

import json
from pathlib import Path
from typing import Any

import pytest

from customs.numbers import answer_vat

FILE = Path(__file__).parent.parent / "cases" / "vat-number.jsonl"
CASES: list[dict[str, Any]] = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["id"]))
def test_the_answer_agrees_with_the_independent_case(case: dict[str, Any]) -> None:
    found = answer_vat(case["in"])
    assert {key: found.get(key) for key in case["expect"]} == case["expect"], found["reason"]


def test_there_are_cases_of_both_kinds() -> None:
    assert {case["expect"]["valid"] for case in CASES} == {True, False}
    assert len(CASES) >= 64
