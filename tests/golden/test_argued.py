"""Every example order is decided as its comment argues, and no decision changes unseen.

``expected/`` is written by hand from the comments. ``full/`` holds whole decisions but for the
versions of rules and stock; after a wanted change: ``REGENERATE=1 pytest tests/golden``, and read
the difference before it is committed.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from engine.decide import decide
from scenarios import read_order
from scenarios.serving import dump
from tests.golden.reading import EXPECTED, FULL, ORDERS, differences, expectation

REQUIRED = (
    "refrigerator-and-accessory",
    "click-and-collect-from-shop-stock",
    "click-and-collect-by-transfer",
    "express",
    "parcel-shop",
    "forced-split",
    "split-that-would-dodge-150",
    "france-to-canary-islands",
    "france-to-reunion",
    "france-to-corsica",
    "france-to-buesingen",
    "france-to-northern-ireland",
    "france-to-switzerland",
    "france-to-norway",
    "france-to-united-states",
    "low-value-one-subheading",
    "low-value-two-subheadings",
    "paid-30-june-declared-2-july",
    "swiss-buyer-collects-in-germany",
    "business-with-confirmed-number",
    "wine-without-excise-registration",
    "wine-with-excise-registration",
    "loose-batteries-by-air",
    "loose-batteries-by-road",
    "embargoed-destination",
    "missing-code-that-matters",
    "missing-code-that-does-not",
    "replenishment-waits-for-customers",
    "marketplace-line-beside-own-line",
    "free-gift",
    "net-of-179-99",
    "free-delivery-at-149",
)


def test_every_situation_the_project_promises_has_an_order():
    names = {path.stem.partition("-")[2] for path in ORDERS}
    assert [name for name in REQUIRED if name not in names] == []


def test_every_order_has_a_hand_written_golden_and_no_golden_is_left_over():
    orders = {path.stem for path in ORDERS}
    assert {path.stem for path in EXPECTED.glob("*.yaml")} == orders
    assert {path.stem for path in FULL.glob("*.json")} == orders or os.environ.get("REGENERATE")


@pytest.mark.parametrize("path", ORDERS, ids=lambda path: path.stem)
def test_the_comment_argues_in_two_to_six_sentences(path: Path):
    order = json.loads(path.read_text(encoding="utf-8"))
    assert order["id"] == path.stem
    sentences = re.findall(r"[.:?!](?=\s+[A-Z]|$)", order["comment"])
    assert 2 <= len(sentences) <= 6


@pytest.mark.parametrize("path", ORDERS, ids=lambda path: path.stem)
def test_an_order_is_decided_as_argued(path: Path, shipped):
    world, supply = shipped
    decision = json.loads(json.dumps(decide(read_order(path), world, supply)))
    assert differences(expectation(path.stem), decision) == []


@pytest.mark.parametrize("path", ORDERS, ids=lambda path: path.stem)
def test_no_decision_changes_unseen(path: Path, shipped):
    world, supply = shipped
    decision = decide(read_order(path), world, supply)
    del decision["versions"]
    text = dump(decision) + "\n"
    golden = FULL / f"{path.stem}.json"
    if os.environ.get("REGENERATE"):
        golden.write_text(text, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == text


def test_a_golden_that_says_otherwise_is_noticed(shipped):
    world, supply = shipped
    path = next(path for path in ORDERS if "two-subheadings" in path.stem)
    decision = json.loads(json.dumps(decide(read_order(path), world, supply)))
    wrong = expectation(path.stem)
    wrong["consignments"][0]["duty"] = "3.00"
    wrong["because"] = [*wrong["because"], "duty-no-customs-border"]
    assert differences(wrong, decision) == [
        "consignments[0].duty: argued 3.00, decided 6.00",
        "because: no duty-no-customs-border",
    ]
