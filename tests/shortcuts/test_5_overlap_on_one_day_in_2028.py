"""Shortcut 5, uniqueness by sampling or for today only: two rules that meet on one day in 2028."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine.rulebook import RulebookError
from scenarios import folder
from scenarios.rulebooks import open_rulebook

RULES = """# Two prices of one thing, written by two people; each is right on its own.
decision: offers.gift_note
title: {en: Price of a gift note, fr: Prix d'un mot cadeau}
per: order
yields: {enum: [free, paid]}
dated_by: order.date
hit: unique
otherwise: cannot_determine
owner: omnichannel
rules:
  - id: note-free-for-dear-orders
    title: {en: Free from 30 units, fr: Gratuit dès 30 unités}
    reason: the campaign
    valid: {until: %(until)s}
    when: {order.kind: consumer, order.units: at least 30}
    then: free
  - id: note-paid
    title: {en: Otherwise paid, fr: Payant sinon}
    reason: paper costs
    valid: {from: 2028-02-29}
    when: {order.kind: consumer, order.weight: at least 2 kg}
    then: paid
"""


def _rules_with(path: Path, until: str) -> Path:
    rules = path / "rules"
    shutil.copytree(folder("rules"), rules)
    (rules / "offers" / "gift_note.yaml").write_text(RULES % {"until": until}, encoding="utf-8")
    return rules


def _problems(rules: Path) -> list[str]:
    with pytest.raises(RulebookError) as caught:
        open_rulebook(rules)
    return [str(problem.to_json()) for problem in caught.value.problems]


def test_an_overlap_of_one_day_in_2028_is_reported_at_load(tmp_path: Path) -> None:
    """Validity is half-open: the leap day is shared, the first of March is not."""
    problems = _problems(_rules_with(tmp_path, "2028-03-01"))
    assert len(problems) == 1
    for word in ("note-free-for-dear-orders", "note-paid", "2028-02-29"):
        assert word in problems[0]


def test_the_witness_holds_both_rules(tmp_path: Path) -> None:
    """The concrete order that the message shows satisfies each condition of both rules."""
    said = _problems(_rules_with(tmp_path, "2028-03-01"))[0]
    for word in ("order.kind", "consumer", "order.units", "30", "order.weight"):
        assert word in said


def test_the_same_rules_that_meet_on_no_day_load(tmp_path: Path) -> None:
    """Until the 29th exclusive, from the 29th: no day belongs to both."""
    book = open_rulebook(_rules_with(tmp_path, "2028-02-29"))
    assert {"note-free-for-dear-orders", "note-paid"} <= set(book.rules)
