"""The page on the JSON: every field, code and example in it is the real one."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from domain import Order
from engine.decide import decide
from scenarios import open_world, order_from, read_order
from tests.docs.reading import ROOT, blocks

PAGE = "docs/api.md"
TEXT = (ROOT / PAGE).read_text(encoding="utf-8")
SAID = set(re.findall(r"`([^`\n]+)`", TEXT))
# Whose keys are rules' and facts' own words.
OPEN = {"facts", "title", "outcome", "arguments", "versions"}
CODE = re.compile(r'code="([a-z]+\.[a-z_0-9]+)"')
SOURCES = (
    "api.py",
    "cli.py",
    "commands/*.py",
    "scenarios/*.py",
    "engine/case.py",
    "engine/asking.py",
    "engine/supply.py",
    "domain/*.py",
)


def block(mark: str) -> object:
    return json.loads(next(block for block in blocks(PAGE) if block.mark == mark).text)


def fields(schema: Mapping[str, object]) -> Iterator[str]:
    yield from schema.get("properties", {})  # type: ignore[misc]
    for inner in schema.get("$defs", {}).values():  # type: ignore[attr-defined]
        yield from fields(inner)


def keys(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield key
            if key not in OPEN:
                yield from keys(inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            yield from keys(inner)


def inside(part: object, whole: object) -> bool:
    """Whether an abridged answer says nothing that the whole does not."""
    if isinstance(part, Mapping):
        return isinstance(whole, Mapping) and all(
            key in whole and inside(value, whole[key]) for key, value in part.items()
        )
    if isinstance(part, list):
        return isinstance(whole, list) and len(part) == len(whole) and all(map(inside, part, whole))
    return part == whole


def test_every_field_of_an_order_is_described():
    assert sorted(set(fields(Order.model_json_schema())) - SAID) == []


@pytest.mark.parametrize("number", ["01", "06", "08", "17", "22", "25", "30", "34"])
def test_every_field_of_a_decision_is_described(number: str):
    (path,) = (ROOT / "examples" / "orders").glob(f"{number}-*.json")
    found = decide(read_order(path), *open_world(), detail="full")
    assert sorted(set(keys(found)) - SAID - {"amount", "currency"}) == []


def test_the_example_order_is_decided_as_the_page_says():
    found = json.loads(json.dumps(decide(order_from(block("order")), *open_world())))
    assert inside(block("decision"), found), json.dumps(found, indent=1)


def test_every_code_of_a_problem_is_listed():
    files: list[Path] = [path for pattern in SOURCES for path in ROOT.glob(pattern)]
    used = {code for path in files for code in CODE.findall(path.read_text(encoding="utf-8"))}
    assert len(used) > 20
    assert sorted(used - SAID) == []
