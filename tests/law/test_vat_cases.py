"""What VAT law makes of a sale: cases of other projects, and our own argued from the articles.

``tests/cases/vat.jsonl`` restates tests of tax libraries and invoicing software. ``sales.jsonl``
beside this file holds our own of the same kinds; ``law`` names the article that settles each.
No independent case is answered otherwise on purpose; an exception is argued here, in ``ARGUED``.
"""

import json
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from engine.world import World
from scenarios import open_world
from scenarios.law import vat as asked
from tests.law.asking import SALE

HERE = Path(__file__).parent
ARGUED: dict[str, str] = {}


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


INDEPENDENT = _read(HERE.parent / "cases" / "vat.jsonl")
OURS = _read(HERE / "sales.jsonl")


@lru_cache(maxsize=1)
def world() -> World:
    return open_world()[0]


def vat(query: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = asked(query, world())
    return found


def _answer(case: dict[str, Any]) -> dict[str, Any]:
    found = vat(case["in"])
    return {key: found[key] for key in case["expect"]}


def test_no_case_is_lost():
    ids = Counter(case["id"] for case in (*INDEPENDENT, *OURS))
    assert [name for name, count in ids.items() if count > 1] == []
    assert len(INDEPENDENT) == 10
    assert len(OURS) > 100
    assert set(ARGUED) <= set(ids)


@pytest.mark.parametrize(
    "case", [case for case in INDEPENDENT if case["id"] not in ARGUED], ids=lambda case: str(case["id"])
)
def test_the_answer_agrees_with_the_independent_case(case: dict[str, Any]):
    assert _answer(case) == case["expect"]


@pytest.mark.parametrize("case", OURS, ids=lambda case: f"{case['id']} {case['note']}")
def test_the_answer_agrees_with_the_law(case: dict[str, Any]):
    assert _answer(case) == case["expect"], case["law"]


@pytest.mark.parametrize("case", [*INDEPENDENT, *OURS], ids=lambda case: str(case["id"]))
def test_an_answer_holds_together(case: dict[str, Any]):
    """Whatever the case: both sides are told, an amount has a rate, and a scheme has a cited rule."""
    found = vat(case["in"])
    if found["scheme"] is None:
        assert found["vat"] is None
        assert found["needs"] or found["cannot_determine"]
        return
    assert [side["role"] for side in found["sides"]] == ["dispatch", "arrival"]
    assert all(side["treatment"] for side in found["sides"])
    assert found["vat"] is None or found["rate"] is not None
    assert any(entry["decision"] == "vat.scheme" and entry["cite"] for entry in found["because"])
    assert found["reverse_charge"] is (found["charged_by"] == "buyer")


def test_nothing_optional_has_to_be_there():
    bare = vat(SALE)
    nulls = {
        **SALE,
        "seller": {
            "country": "FR",
            "postcode": None,
            "establishments": None,
            "vat_registrations": None,
            "oss": None,
            "ioss": None,
            "deemed_supplier": None,
            "eori": None,
        },
        "category": None,
        "eu_distance_sales_eur": None,
    }
    assert bare["scheme"] == "domestic"
    assert bare["vat"] == "20.00"
    assert {"what": "seller.establishments", "value": "FR"} in bare["assumed"]
    assert vat(nulls) == bare
