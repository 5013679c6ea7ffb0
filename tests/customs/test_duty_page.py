"""The page on duty: its example is the real one, and every name in it exists."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

from customs.tariff.importing import sources
from customs.tariff.units import read_table
from scenarios import open_world
from scenarios.duty import duty
from scenarios.duty_answer import REASONS
from scenarios.duty_query import FIELDS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "tariff.md").read_text(encoding="utf-8")


def block(mark: str) -> dict[str, object]:
    found = re.search(rf"```json {mark}\n(.*?)\n```", PAGE)
    assert found
    body: dict[str, object] = json.loads(found[1])
    return body


def test_the_example_answers_as_shown() -> None:
    found = duty(block("in"), open_world()[0], date(2000, 1, 1))
    shown = block("out")
    assert {name: found[name] for name in shown} == shown


def test_every_field_source_and_reason_is_on_the_page() -> None:
    for field in set(FIELDS) - {"id"}:
        assert f"`{field}`" in PAGE, field
    for name in sources():
        assert f"| `{name}` |" in PAGE
    for _, reason in REASONS:
        assert f"`{reason}`" in PAGE, reason
    for file in re.findall(r"`customs/data/(\w+\.csv)`", PAGE):
        assert read_table(file)
