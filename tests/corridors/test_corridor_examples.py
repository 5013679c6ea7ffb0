"""Every VAT and customs rule shows itself: an example, and one on the day before each of its dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("rules/vat", "rules/customs")
ELSEWHERE = {"documents.yaml", "export_declaration.yaml", "postal_form.yaml"}
"""Tested with the documents, in tests/compliance."""


def _rules() -> Iterator[tuple[str, dict[str, Any]]]:
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).glob("*.yaml")):
            if file.name not in ELSEWHERE:
                body = yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - text only
                yield from ((file.name, {**rule, "head": body}) for rule in body.get("rules", ()))


RULES = list(_rules())


def _unshown(rule: dict[str, Any]) -> list[str]:
    """The days a rule changes on without an example in the file that looks at the day before."""
    seen = {example.get("on") for each in rule["head"]["rules"] for example in each.get("examples", ())}
    days = [rule.get("valid", {}).get(name) for name in ("from", "until")]
    return [day for day in days if day and str(date.fromisoformat(day) - timedelta(days=1)) not in seen]


@pytest.mark.parametrize(("file", "rule"), RULES, ids=[rule["id"] for _, rule in RULES])
def test_a_rule_has_examples_and_shows_its_dates(file: str, rule: dict[str, Any]):
    assert rule.get("examples"), f"{file}: {rule['id']} has no example"
    assert _unshown(rule) == []


@pytest.mark.parametrize(("file", "rule"), RULES, ids=[rule["id"] for _, rule in RULES])
def test_a_rule_says_how_sure_its_source_is(file: str, rule: dict[str, Any]):
    cited = rule.get("cite") or rule["head"].get("cite")
    assert cited, f"{file}: {rule['id']} cites nothing"
    assert {entry.get("confidence") for entry in cited} <= {"high", "medium"}
    assert all(entry.get("checked") for entry in cited)


def test_a_rule_without_its_dates_shown_is_noticed():
    bare = {"id": "x", "valid": {"from": "2026-07-01"}, "head": {"rules": [{"examples": [{"given": {}}]}]}}
    assert _unshown(bare) == ["2026-07-01"]
