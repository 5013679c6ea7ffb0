"""``rules verify``: what it puts to the matchers, and that a matcher gone wrong does not pass."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from decimal import Decimal

import pytest
from typer.testing import CliRunner

from cli import app
from domain import NOT_APPLICABLE, Choice, Interval, Place, Prefix, Truth
from engine.rulebook import Fact, FactType, Rulebook, Vocabulary, durable_terms, index, load_rulebook, rows
from engine.rulebook.tree import Op, Test
from engine.rulebook.zones import Zone, ZonePart, parse_pattern
from scenarios.boundary_values import ABSENT, boundary_values, spread
from scenarios.rulebooks import open_rulebook
from scenarios.verify import epoch_count, verify

needs_durable = pytest.mark.skipif(
    importlib.util.find_spec("durable") is None,
    reason="durable-rules is not installed (the verify extra; it needs a C compiler)",
)
WORDS = Vocabulary.of(
    [
        Fact("order.day", "order", FactType("date")),
        Fact("order.kind", "order", FactType("code", None, ("consumer", "business", "own"))),
        Fact("order.value", "order", FactType("money")),
        Fact("order.place", "order", FactType("place")),
        Fact("order.gift", "order", FactType("bool")),
        Fact("line.hs", "line", FactType("hs")),
        Fact("line.weight", "line", FactType("weight")),
        Fact("line.classes", "line", FactType("codes")),
    ]
)
WAYS = """
decision: demo.way
per: order
yields: {enum: [van, post, shop]}
dated_by: order.day
hit: unique
convert: none
otherwise: cannot_determine
rules:
  - id: dear-by-van
    title: {en: Dear goods by van}
    owner: nobody
    reason: insurance
    valid: {from: 2026-07-01}
    when:
      order.kind: one of [consumer, business]
      order.value: more than param limit
      any line: {line.hs: starts with 8418, line.weight: at least 30 kg}
    then: van
    examples:
      - given:
          order.kind: consumer
          order.value: 150.01 EUR
          line: [{line.hs: "841810", line.weight: 30 kg}]
        expect: van
  - id: dear-abroad-by-post
    title: {en: But by post to the north}
    owner: nobody
    reason: no van goes there
    overrides: dear-by-van
    when: {order.place: in zone north}
    then: post
  - id: no-loose-goods
    title: {en: All safe goods of our own go to the shop}
    owner: nobody
    reason: safety
    when:
      order.kind: own
      every line:
        line.classes: contains none [loose, leaking]
    then: shop
"""
NAMED = """
params:
  limit:
    type: money
    owner: nobody
    reason: demo
    values:
      - {from: 2026-01-01, until: 2027-01-01, value: 150 EUR}
      - {from: 2027-01-01, value: 200 EUR}
zones:
  north: {country: FR, postcodes: ["59*"]}
"""


@pytest.fixture
def book() -> Rulebook:
    return load_rulebook({"delivery/way.yaml": WAYS, "delivery/named.yaml": NAMED}, WORDS)


def values(kind: str, *tests: Test, zones: dict[str, Zone] | None = None) -> tuple[object, ...]:
    fact = next(fact for fact in WORDS.facts.values() if fact.type.kind == kind)
    return boundary_values(fact, tests, WORDS, zones or {})


# ---------------------------------------------------------------- values


def test_an_amount_is_met_at_the_cut_a_cent_below_and_a_cent_above():
    found = values("money", Test("order.value", Op.AT_MOST, (Decimal(150),)))
    assert {Decimal("149.99"), Decimal(150), Decimal("150.01")} <= set(found)
    assert Interval(Decimal("149.99"), Decimal(150)) in found
    assert Interval(Decimal(150), Decimal("150.01")) in found


def test_of_closed_codes_the_one_that_no_test_names_is_met_and_of_all_named_none_is_invented():
    some = values("code", Test("order.kind", Op.ONE_OF, ("consumer", "own")))
    every = values("code", Test("order.kind", Op.ONE_OF, ("consumer", "own", "business")))
    assert "business" in some
    assert {value for value in every if isinstance(value, str)} == {"consumer", "own", "business"}


def test_an_hs_code_is_met_whole_longer_shorter_beside_and_known_in_part():
    found = values("hs", Test("line.hs", Op.STARTS_WITH, ("8418",)))
    assert {"8418", "841800", "841", "8419", Prefix("84"), Prefix("8418"), Prefix("84181")} <= set(found)


def test_a_set_is_met_empty_with_each_code_with_all_and_with_another():
    found = values("codes", Test("line.classes", Op.CONTAINS_ALL, ("a", "b")))
    sets = {value for value in found if isinstance(value, frozenset)}
    assert {frozenset(), frozenset("a"), frozenset("b"), frozenset("ab")} <= sets
    assert any(value - {"a", "b"} for value in sets)


def test_a_place_is_met_in_the_zone_beside_it_and_too_vague_to_tell():
    pattern = parse_pattern("59*")
    assert pattern is not None
    north = Zone("north", (ZonePart(country="FR", postcodes=(pattern,)),))
    found = values("place", Test("order.place", Op.IN_ZONE, ("north",)), zones={"north": north})
    told = {north.contains(value) for value in found if isinstance(value, Place)}
    assert told == set(Truth)


@pytest.mark.parametrize("kind", ["bool", "money", "code", "hs", "weight", "codes", "place", "date"])
def test_every_fact_is_also_absent_not_applicable_and_partly_known(kind):
    found = values(kind, Test("any", Op.IS_KNOWN))
    assert found[-2:] == (NOT_APPLICABLE, ABSENT)
    assert any(isinstance(value, Choice | Interval | Prefix) for value in found) or kind in ("code", "hs")


def test_of_many_the_first_and_the_last_are_among_those_taken():
    assert spread(range(100), 4) == [0, 33, 66, 99]
    assert spread("abc", 4) == ["a", "b", "c"]


# ---------------------------------------------------------------- verify


def test_sound_matchers_agree_on_every_rule_epoch_and_example_of_a_small_rulebook(book):
    body = verify(book)
    assert body["disagreements"] == []
    assert (body["decisions"], body["epochs"], body["rules"], body["examples"]) == (1, 4, 3, 1)
    assert body["agreed"] == body["cases"]
    assert int(str(body["cases"])) > 500


def test_each_rule_is_made_to_hold_in_some_case(book):
    body = verify(book)
    assert body["rules_met"] == 3
    assert body["rules_never_met"] == []


def test_the_same_rules_are_verified_by_the_same_cases(book, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert json.dumps(verify(book)) == json.dumps(verify(book))


def test_progress_is_told_step_by_step_to_the_end(book):
    steps: list[int] = []
    verify(book, steps.append, every=10)
    assert steps == list(range(1, epoch_count(book) + 1))


def _missing_is_no(*asked: object) -> Truth:
    return Truth.NO if (said := rows.truth(*asked)) is Truth.MAYBE else said  # type: ignore[arg-type]


def _not_applicable_is_yes(*asked: object) -> Truth:
    return Truth.YES if asked[1] is NOT_APPLICABLE else rows.truth(*asked)  # type: ignore[arg-type]


def _a_cent_more_is_the_same(*asked: object) -> Truth:
    literal, value, *more = asked
    near = Decimal(150) if value == Decimal("150.01") else value
    return rows.truth(literal, near, *more)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [_missing_is_no, _not_applicable_is_yes, _a_cent_more_is_the_same])
def test_an_index_gone_wrong_is_found_out(book, monkeypatch, wrong: Callable[..., Truth]):
    monkeypatch.setattr(index, "truth", wrong)
    body = verify(book)
    assert body["disagreements"]
    assert int(str(body["agreed"])) < int(str(body["cases"]))


def test_a_matcher_that_raises_is_a_disagreement_that_names_decision_day_and_facts(book, monkeypatch):
    def fall(*asked: object) -> Truth:
        raise RuntimeError("the index fell over")

    monkeypatch.setattr(index, "truth", fall)
    said = verify(book)["disagreements"]
    assert isinstance(said, list)
    assert said[0].startswith("demo.way on 2025-12-31: RuntimeError: the index fell over; given {")
    assert said[-1].startswith("demo.way: and ")


@needs_durable
def test_durable_rules_tells_how_much_it_could_express_and_agrees(book):
    durable = verify(book)["durable"]
    assert isinstance(durable, dict)
    assert durable["available"] is True
    assert durable["disagreements"] == 0
    assert 0 < durable["expressed"] < durable["cases"]
    assert 0 < durable["rules_expressed"] < durable["rules"]
    assert "partly known" in durable["not_expressed"]
    assert f"{durable['expressed']} of {durable['cases']}" in durable["summary"]


@needs_durable
def test_durable_rules_gone_wrong_is_found_out(book, monkeypatch):
    monkeypatch.setitem(durable_terms._COMPARE, Op.MORE_THAN, ("$gte", "$lt"))
    body = verify(book)
    assert body["agreed"] == body["cases"]
    assert all(str(item).startswith(("durable-rules on demo.way", "demo.way: and")) for item in _list(body))
    assert _list(body)


def _list(body: dict[str, object]) -> list[object]:
    found = body["disagreements"]
    assert isinstance(found, list)
    return found


def test_without_durable_rules_the_summary_says_how_to_install_it_and_nothing_fails(book, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    body = verify(book)
    durable = body["durable"]
    assert isinstance(durable, dict)
    assert durable["available"] is False
    assert "pip install 'passavant[verify]'" in durable["summary"]
    assert body["disagreements"] == []


# ---------------------------------------------------------------- the rules that ship


def test_the_matchers_agree_on_the_examples_and_some_boundary_cases_of_the_shipped_rules(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    body = verify(open_rulebook(None), every=12)
    assert body["disagreements"] == []
    assert int(str(body["examples"])) > 300
    assert int(str(body["cases"])) > 2_500


@pytest.mark.slow
def test_the_matchers_agree_on_all_boundary_cases_of_the_shipped_rules_and_each_rule_is_met():
    body = verify(open_rulebook(None))
    assert body["disagreements"] == []
    assert body["rules_never_met"] == []
    assert int(str(body["cases"])) > 20_000


def test_the_command_prints_cases_agreement_and_the_second_opinion(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    folder = tmp_path / "delivery"
    folder.mkdir()
    (folder / "way.yaml").write_text(
        "decision: demo.kind\nper: order\nyields: bool\ndated_by: order.date\nhit: unique\notherwise: no\n"
        "rules:\n  - id: demo-consumer\n    title: {en: A consumer}\n    owner: nobody\n    reason: demo\n"
        "    when: {order.kind: consumer}\n    then: yes\n",
        encoding="utf-8",
    )
    shown = CliRunner().invoke(app, ["rules", "verify", str(tmp_path)])
    assert shown.exit_code == 0, shown.output
    assert "index and reference agree on" in shown.output
    assert "passavant[verify]" in shown.output
    told = json.loads(CliRunner().invoke(app, ["rules", "verify", str(tmp_path), "--json"]).stdout)
    assert told["rules_met"] == told["rules"] == 1
