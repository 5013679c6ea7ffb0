"""The same basket from three stocks to ten destinations: one reviewed file each, with every citation.

``REVIEW.md`` argues each answer from the law. After a wanted change:
``REGENERATE=1 pytest tests/corridors/test_corridor_goldens.py``, and read the difference.
"""

from __future__ import annotations

import difflib
import json
import os
import re
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pytest

from engine.world import World
from scenarios import open_world
from scenarios.law import landed_cost
from scenarios.serving import dump

HERE = Path(__file__).parent
GOLDENS = HERE / "goldens"
BASKET: dict[str, Any] = json.loads((HERE / "basket.json").read_text(encoding="utf-8"))
CORRIDORS = [f"{stock}--{to}" for stock in BASKET["stocks"] for to in BASKET["destinations"]]


@lru_cache(maxsize=1)
def world() -> World:
    return open_world()[0]


@cache
def answer(corridor: str) -> str:
    stock, _, destination = corridor.partition("--")
    query = {
        **BASKET["query"],
        "id": corridor,
        "ship_from": BASKET["stocks"][stock],
        "ship_to": BASKET["destinations"][destination],
    }
    return dump(landed_cost(query, world())) + "\n"


def found(corridor: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(answer(corridor))
    return said


def test_three_stocks_and_ten_destinations_have_a_golden_each_and_none_is_left_over():
    assert len(CORRIDORS) == 30
    left = {path.stem for path in GOLDENS.glob("*.json")} ^ set(CORRIDORS)
    assert not left or os.environ.get("REGENERATE")


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_no_corridor_changes_unseen(corridor: str):
    golden = GOLDENS / f"{corridor}.json"
    if os.environ.get("REGENERATE"):
        golden.write_text(answer(corridor), encoding="utf-8")
    before, now = golden.read_text(encoding="utf-8"), answer(corridor)
    if before != now:  # pytest's own comparison of two long texts takes minutes
        changed = difflib.unified_diff(
            before.splitlines(), now.splitlines(), "golden", "now", lineterm="", n=1
        )
        pytest.fail("\n".join(list(changed)[:60]), pytrace=False)


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_every_rule_behind_an_answer_cites_an_act(corridor: str):
    steps = found(corridor)["because"]
    assert steps
    assert [step["rule"] for step in steps if not any(cite["act"] for cite in step["cite"])] == []


def _sum(parts: list[Decimal | None]) -> Decimal:
    return sum((part for part in parts if part is not None), Decimal(0))


def _only(amount: object) -> Decimal | None:
    """The figure, None where it is a range or unknown."""
    return Decimal(amount) if isinstance(amount, str) else None


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_totals_are_the_sums_of_their_parts(corridor: str):
    said = found(corridor)
    totals, assessment = said["totals"], said["assessment"]
    if totals is None or assessment is None:
        assert said["needs"] or said["cannot_determine"]
        return
    for tax in ("duty", "vat"):
        parts = [_only(line[tax]) for line in assessment["lines"]]
        if _only(totals[tax]) is not None and None not in parts:
            assert _sum(parts) == _only(totals[tax])
    charges = [_only(charge["amount"]) for charge in said["charges"]]
    if _only(totals["charges"]) is not None and None not in charges:
        assert _sum(charges) == _only(totals["charges"])
    counted = ["goods", "freight", "insurance", "duty", "charges"]
    if not totals["vat_recoverable"]:
        counted.append("vat")
    amounts = [_only(totals[name]) for name in counted]
    if None not in amounts and _only(totals["landed_cost"]) is not None:
        assert _sum(amounts) == _only(totals["landed_cost"])


def _figure(amount: object) -> str:
    if isinstance(amount, dict):
        return f"{amount['low']} to {amount['high'] or 'open'}"
    return "open" if amount is None else str(amount)


def _row(corridor: str) -> str:
    said = found(corridor)
    stock, _, destination = corridor.partition("--")
    totals = said["totals"] or {}
    cells = (
        stock,
        destination,
        said["scheme"] or "none",
        said["declaration"] or "none",
        _figure(totals.get("duty")),
        _figure(totals.get("vat")),
        ", ".join(paper["code"] for paper in said["documents"] if paper["certain"]) or "none",
    )
    return f"| {' | '.join(cells)} |"


@pytest.mark.parametrize("corridor", CORRIDORS)
def test_the_review_speaks_of_what_is_answered(corridor: str):
    """A review that argues about another answer than the golden's is out of date."""
    review = (HERE / "REVIEW.md").read_text(encoding="utf-8")
    (judgement,) = re.findall(rf"^{re.escape(_row(corridor))} (\w+): .+ \|$", review, re.MULTILINE)
    assert judgement in ("right", "open")
