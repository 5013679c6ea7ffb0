"""Decisions that another reads are asked only where they can change its answer, and the answer is the same."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain import Money
from engine.asking import Asker
from engine.rulebook import Rulebook, load_rulebook
from engine.vocabulary import vocabulary
from engine.world import World
from scenarios import open_world

DAY = date(2026, 11, 22)
HEAD = "per: order\ndated_by: order.date\nhit: unique\nowner: me\n"
FILES = {
    "a.yaml": f"""decision: test.fee
{HEAD}yields: money
otherwise: 0 GBP
rules:
  - id: fee-on-the-web
    reason: for the test
    when: {{order.channel: web}}
    then: 10 GBP
""",
    "b.yaml": f"""decision: test.class
{HEAD}yields: {{enum: [big, small]}}
otherwise: small
rules:
  - id: big-orders
    reason: for the test
    when: {{order.units: more than 9}}
    then: big
""",
    "c.yaml": f"""decision: test.way
{HEAD}yields: {{enum: [dear, bulky, other]}}
otherwise: other
convert: {{rate: ecb_day, date: order.date}}
rules:
  - id: dear-where-the-fee-is
    reason: for the test
    when: {{order.kind: consumer, test.fee: more than 11 EUR}}
    then: dear
  - id: bulky-business
    reason: for the test
    when: {{order.kind: business, test.class: big}}
    then: bulky
""",
}


@pytest.fixture(scope="module")
def world() -> World:
    return open_world()[0]


def ask(world: World, **facts: object) -> tuple[Any, set[str]]:
    """The answer to test.way, and which of the two decisions before it were asked."""
    asker = Asker(world, "EUR", DAY)
    asker.book = load_rulebook(FILES, vocabulary())
    known: dict[str, object] = {"order.date": DAY, **{name.replace("_", "."): v for name, v in facts.items()}}
    said = asker.ask("test.way", known)
    return said.answer.value, {each.answer.decision for each in said.via}


def test_an_amount_in_another_currency_is_converted_before_it_counts(world):
    # 10 GBP are more than 11 EUR at the demo rates
    assert world.rates.convert("ecb_day", Money.of("10", "GBP").amount, "GBP", "EUR", DAY) > 11
    answer, _ = ask(world, order_kind="consumer", order_channel="web", order_units=1)
    assert answer == "dear"
    answer, _ = ask(world, order_kind="consumer", order_channel="app", order_units=1)
    assert answer == "other"


def test_what_no_living_rule_reads_is_not_asked(world):
    assert ask(world, order_kind="business", order_channel="web", order_units=12) == ("bulky", {"test.class"})
    assert ask(world, order_kind="consumer", order_channel="web", order_units=12) == ("dear", {"test.fee"})
    assert ask(world, order_kind="replenishment", order_channel="web", order_units=12) == ("other", set())


def test_an_unknown_fact_keeps_both_questions_open(world):
    _, asked = ask(world, order_channel="web", order_units=12)
    assert asked == {"test.fee", "test.class"}


def test_the_book_answers_the_same_when_all_is_asked_first(world):
    book: Rulebook = load_rulebook(FILES, vocabulary())
    convert = Asker(world, "EUR", DAY).convert
    for kind in ("consumer", "business", "replenishment"):
        for channel in ("web", "app"):
            for units in (1, 12):
                facts: dict[str, object] = {
                    "order.date": DAY,
                    "order.kind": kind,
                    "order.channel": channel,
                    "order.units": units,
                }
                for name in ("test.fee", "test.class"):
                    facts[name] = book.ask(name, facts, None, convert).value
                whole = book.ask("test.way", facts, None, convert).value
                assert ask(world, order_kind=kind, order_channel=channel, order_units=units)[0] == whole
