"""The page on numbers and addresses: every example and every code in it is the real one."""

import json
import re
from typing import Any

import pytest

from customs.addresses import answer_address
from customs.numbers import REASONS, answer_eori, answer_ioss, answer_vat
from tests.docs.reading import ROOT, blocks

PAGE = "docs/numbers.md"
TEXT = (ROOT / PAGE).read_text(encoding="utf-8")
ANSWERS = {
    "vat number": answer_vat,
    "eori": answer_eori,
    "ioss number": answer_ioss,
    "address": answer_address,
}
EXAMPLES = [
    (block.mark, json.loads(asked), json.loads(told))
    for block in blocks(PAGE)
    if block.mark in ANSWERS
    for asked, told in zip(*[iter(block.text.splitlines())] * 2, strict=True)
]


@pytest.mark.parametrize(("command", "asked", "told"), EXAMPLES)
def test_an_example_is_answered_as_shown(command: str, asked: Any, told: Any) -> None:
    found = ANSWERS[command](asked)
    assert {key: found.get(key) for key in told} == told


def test_every_command_has_an_example() -> None:
    assert {command for command, _, _ in EXAMPLES} == set(ANSWERS)


def test_every_reason_is_explained() -> None:
    explained = set(re.findall(r"`([a-z_]+)`", TEXT))
    assert set(REASONS) <= explained
