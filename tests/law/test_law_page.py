"""The page on the two questions: every field and key in it is the real one, every example is answered as shown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from scenarios.law import landed_cost, vat
from scenarios.queries import LandedQuery, VatQuery
from tests.faces.desk import ask
from tests.law.asking import told, world

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "law.md").read_text(encoding="utf-8")
SAID = set(re.findall(r"`([^`\n]+)`", TEXT))
SHOWN = dict(
    re.findall(r"^`(examples/law/[\w-]+\.json)`\n```json\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
)
# Whose keys are rules' and facts' own words.
OPEN = {"facts", "title", "outcome", "cite", "valid"}
CASES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "examples" / "law").glob("*.json"))


def answer(name: str) -> Any:
    question = json.loads((ROOT / name).read_text(encoding="utf-8"))
    ask = vat if "/vat-" in name else landed_cost
    return json.loads(json.dumps(ask(question, world())))


def inside(part: object, whole: object) -> bool:
    """Whether an abridged answer says nothing that the whole does not."""
    if isinstance(part, Mapping):
        return isinstance(whole, Mapping) and all(
            key in whole and inside(value, whole[key]) for key, value in part.items()
        )
    if isinstance(part, list):
        return isinstance(whole, list) and len(part) == len(whole) and all(map(inside, part, whole))
    return part == whole


def keys(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield key
            if key not in OPEN:
                yield from keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


def fields(schema: Mapping[str, Any]) -> Iterator[str]:
    yield from schema.get("properties", {})
    for inner in schema.get("$defs", {}).values():
        yield from fields(inner)


def test_every_example_is_shown():
    assert sorted(SHOWN) == CASES


@pytest.mark.parametrize("name", CASES)
def test_an_example_is_answered_as_the_page_says(name: str):
    found = answer(name)
    assert inside(json.loads(SHOWN[name]), found), json.dumps(found, indent=1)


@pytest.mark.parametrize("model", [VatQuery, LandedQuery])
def test_every_field_of_a_question_is_described(model: type[VatQuery] | type[LandedQuery]):
    assert sorted(set(fields(model.model_json_schema())) - SAID) == []


@pytest.mark.parametrize("name", CASES)
def test_every_key_of_an_answer_is_described(name: str):
    assert sorted(set(keys(answer(name))) - SAID - {"from", "to", "low", "high"}) == []


def test_restrictions_and_open_figures_are_described_too():
    found = told(line={"hs_code": None, "net": "300.00", "classes": ["ivory"]})
    assert sorted(set(keys(found)) - SAID - {"from", "to", "low", "high"}) == []


def test_every_scheme_of_the_rules_is_named():
    schemes = set(world().rulebook.decisions["vat.scheme"].yields.codes)
    assert sorted(schemes - SAID - {"special_arrangement", "collected_abroad"}) == []


def test_every_code_of_a_problem_is_named():
    code = re.compile(r'"(query\.[a-z_]+)"')
    files = [*(ROOT / "scenarios").glob("quer*.py"), ROOT / "scenarios" / "movements.py"]
    used = {found for path in files for found in code.findall(path.read_text(encoding="utf-8"))}
    assert {"query.no_value", "query.territory"} <= used
    assert sorted(used - SAID) == []


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", CASES)
def test_an_example_is_told_to_people(name: str, language: str):
    command = "vat" if "/vat-" in name else "landed-cost"
    said = ask(command, ROOT / name, "--lang", language)
    assert (said.code, said.err) == (0, "")
    assert len(said.out.splitlines()) > 5
    assert not any(row.rstrip().endswith(("└──", "├──")) for row in said.out.splitlines())
