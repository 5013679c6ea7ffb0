"""The page on the rule language: its files load and hold what they say, its messages are the real ones."""

import re

import pytest

from engine.rulebook import Rulebook, RulebookError, load_rulebook
from engine.rulebook.examples import run_examples
from engine.rulebook.grammar import KEYWORDS
from engine.rulebook.literals import UNITS
from engine.rulebook.read_rules import HEAD, RATES, RULE, SCALAR_YIELDS
from engine.rulebook.tree import Hit
from engine.rulebook.vocabulary import KINDS, SCOPES
from engine.vocabulary import vocabulary
from scenarios.house import retailer_carriers
from tests.docs.reading import ROOT, Block, blocks, rule_files

PAGE = "docs/rule-language.md"
TEXT = (ROOT / PAGE).read_text(encoding="utf-8")
BLOCKS = blocks(PAGE)


def load(block: Block) -> Rulebook:
    carriers = retailer_carriers()
    words = vocabulary((s.id for s in carriers.services), (s.carrier for s in carriers.services))
    return load_rulebook(rule_files(block), words, None, carriers.zones.names)


def those(mark: str):
    found = [block for block in BLOCKS if block.mark == mark]
    return pytest.mark.parametrize("block", found, ids=[block.place for block in found])


def test_every_yaml_block_is_a_file_that_is_tried():
    assert {block.mark for block in BLOCKS if block.language == "yaml"} == {"files", "broken"}


@those("files")
def test_the_files_of_a_block_load_and_their_examples_pass(block: Block):
    book = load(block)
    results = list(run_examples(book))
    assert [f"{r.place}: expected {r.expected}, got {r.got}" for r in results if not r.passed] == []
    assert results or "table:" in block.text


@those("broken")
def test_a_broken_file_is_refused_with_the_message_shown(block: Block):
    with pytest.raises(RulebookError) as caught:
        load(block)
    assert caught.value.report().strip() == block.shown.strip()


@pytest.mark.parametrize("key", [*HEAD, *RULE])
def test_every_key_of_a_file_is_described(key: str):
    assert re.search(rf"^\|[^|]*`{key}`[^|]*\|", TEXT, re.MULTILINE), key


@pytest.mark.parametrize("word", [word for word, _, _ in KEYWORDS])
def test_every_test_is_described(word: str):
    assert re.search(rf"`[^`]*\b{word}\b", TEXT), word


def test_every_type_unit_rate_scope_and_hit_policy_is_described():
    units = [unit for table in UNITS.values() for unit in table]
    words = {*KINDS, *units, *RATES, *SCOPES, *(str(hit) for hit in Hit), *SCALAR_YIELDS}
    assert [
        word for word in sorted(words) if not re.search(rf"`[^`]*(?<!\w){re.escape(word)}(?!\w)", TEXT)
    ] == []
