"""Rule files that use all of the language load, and their examples come out as they say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain import Prefix
from engine.rulebook import Rulebook, load_rulebook, read_folder
from engine.rulebook.epochs import every_test as every_test_of
from engine.rulebook.examples import run_examples
from engine.rulebook.tree import All, Any, Hit, Node, NoneOf, Op, Quantified
from engine.vocabulary import vocabulary

GOOD = Path(__file__).parents[1] / "good"


@pytest.fixture(scope="module")
def book() -> Rulebook:
    words = vocabulary(services=["parcel_home", "parcel_shop", "two_person"], carriers=["colis"])
    return load_rulebook(read_folder(GOOD), words, polygons=["ile-d-yeu"])


def test_every_example_of_the_good_files_holds(book):
    results = list(run_examples(book))
    assert [result for result in results if not result.passed] == []
    assert len(results) == sum(len(rule.examples) for rule in book.rules.values()) > 40


def test_the_good_files_use_every_test_of_the_language(book):
    used = {test.op for decision in book.decisions.values() for _, test, _ in every_test_of(decision)}
    assert set(Op) - used == set()


def test_the_good_files_use_every_hit_policy_and_scope_but_option(book):
    assert {decision.hit for decision in book.decisions.values()} == set(Hit)
    assert {decision.per for decision in book.decisions.values()} == {"order", "consignment", "line"}


def blocks(node: Node) -> Iterator[str]:
    if isinstance(node, Quantified):
        yield node.quantifier
        yield from blocks(node.body)
    elif isinstance(node, All | Any | NoneOf):
        yield type(node).__name__
        for part in node.parts:
            yield from blocks(part)


def test_the_good_files_use_every_block_and_quantifier(book):
    used = {name for rule in book.rules.values() for name in blocks(rule.when)}
    assert used == {"All", "Any", "NoneOf", "any", "every", "no"}


def test_norway_is_not_false_and_codes_keep_their_zeros(book):
    rule = book.rules["quarantine-by-code"]
    origin = next(part for part in rule.when.parts if getattr(part, "fact", "") == "goods.origin")
    assert origin.operand == ("NO",)
    members = book.sources.sets["quarantine-codes"].values[0][1]
    assert members == ("0101", "240210", "040690")
    assert book.sources.sets["nordic-countries"].values[0][1] == ("NO", "SE")
    assert rule.examples[0].given["goods.hs_code"] == "0101210000"
    assert rule.examples[3].given["goods.hs_code"] == Prefix("24021")


def test_a_decision_comes_after_those_it_reads(book):
    assert book.order.index("good.first") > book.order.index("good.speed")


def test_a_table_row_is_a_rule_like_any_other(book):
    rule = book.rules["charge-phone"]
    assert rule.title == {"en": "Phone", "fr": "Téléphone"}
    assert rule.reason == 'somebody "types" it in'
    assert str(book.rules["charge-heavy"].validity.start) == "2026-01-01"
    assert book.rules["charge-heavy"].when.parts[0].operand == (30_000,)


def test_the_version_names_the_text_of_all_files(book):
    words = vocabulary(services=["parcel_home", "parcel_shop", "two_person"])
    texts = read_folder(GOOD)
    again = load_rulebook(dict(reversed(texts.items())), words)
    assert again.version == book.version
    texts["zones.yaml"] += "# a remark\n"
    assert load_rulebook(texts, words).version != book.version


def test_a_table_saved_by_a_spreadsheet_with_a_byte_order_mark_is_read(book, tmp_path):
    for file, text in read_folder(GOOD).items():
        path = tmp_path / file
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text, encoding="utf-8-sig")
    words = vocabulary(services=["parcel_home", "parcel_shop", "two_person"])
    assert load_rulebook(read_folder(tmp_path), words).version == book.version
