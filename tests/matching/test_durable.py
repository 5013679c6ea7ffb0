"""The second opinion agrees with the reference matcher, and its failures are told and stop nobody."""

from __future__ import annotations

import ast
import importlib.util
import sys
import time
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from domain import NOT_APPLICABLE, InputError, Interval, Prefix
from engine.rulebook import durable_terms
from engine.rulebook.durable import (
    Case,
    Coverage,
    NotExpressed,
    SecondOpinion,
    VerifyUnavailable,
    coverage,
)
from engine.rulebook.durable_terms import CannotSay, scaled
from engine.rulebook.naive import judge
from engine.rulebook.tree import All, Any, Decision, Hit, Node, NoneOf, Op, Quantified, Rule, Test, Yields
from tests.matching.generate import KNOWN, PLAIN, Shape, generate, zones

needs_durable = pytest.mark.skipif(
    importlib.util.find_spec("durable") is None,
    reason="durable-rules is not installed (the verify extra; it needs a C compiler)",
)
ODD = Shape(nested_quantifiers=True, about_input=40, partial=0, missing=25, not_applicable=15)


def decision(*conditions: Node) -> Decision:
    rules = tuple(Rule(f"r{number}", "d", All((each,)), number) for number, each in enumerate(conditions))
    return Decision("d", "order", Yields("int"), "order.day", Hit.COLLECT, (), rules)


def asks(op: Op, *operand: object, fact: str = "a") -> Test:
    return Test(fact, op, operand)


def opinion(asked: Decision, facts: Mapping[str, object]) -> frozenset[str] | NotExpressed:
    return SecondOpinion([asked]).judge_many([(asked, facts, {})], zones)[0]


def disagreements(cases: list[Case]) -> tuple[int, Coverage]:
    """How often the two differ on a rule that durable-rules could judge, and how much that is."""
    opinions = SecondOpinion([asked for asked, _, _ in cases]).judge_many(cases, zones)
    differ = 0
    for (asked, facts, members), said in zip(cases, opinions, strict=True):
        holds = judge(asked, facts, members, zones).holds
        if isinstance(said, NotExpressed):
            differ += said.holds != holds - said.unsaid.keys()
        else:
            differ += said != holds
    return differ, coverage(cases, opinions)


# ---------------------------------------------------------------- agreement


@needs_durable
@pytest.mark.parametrize(
    ("shape", "share"), [(KNOWN, 95), (PLAIN, 45), (ODD, 95)], ids=["all known", "everyday", "odd"]
)
def test_durable_rules_and_naive_agree_on_every_generated_case_it_can_express(shape, share):
    differ, tally = disagreements(list(generate(21, 1200, shape)))
    assert differ == 0
    assert tally.rules > 3000
    assert tally.said * 100 >= share * tally.rules, tally


@needs_durable
def test_a_mistake_in_one_of_them_shows(monkeypatch):
    monkeypatch.setitem(durable_terms._COMPARE, Op.AT_LEAST, ("$gt", "$lt"))
    differ, _ = disagreements(list(generate(21, 400, KNOWN)))
    assert differ > 0


def test_the_matchers_share_the_tree_and_the_domain_and_nothing_else():
    folder = Path(durable_terms.__file__).parent
    allowed = {
        "naive": {"engine.rulebook.tree", "engine.rulebook.naive"},
        "durable": {"engine.rulebook.tree", "engine.rulebook.durable"},
    }
    seen = 0
    for name, own in allowed.items():
        for path in [*folder.glob(f"{name}*.py"), *folder.glob(f"{name}/*.py")]:
            seen += 1
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                modules += [each.name for each in node.names] if isinstance(node, ast.Import) else []
                for module in modules:
                    if module.startswith("engine"):
                        assert any(module == each or module.startswith(each) for each in own), (path, module)
    assert seen >= 9


# ---------------------------------------------------------------- what it says


@needs_durable
@pytest.mark.parametrize(
    ("condition", "facts"),
    [
        (asks(Op.NOT, "x"), {"a": "y"}),
        (NoneOf((asks(Op.IS, "x"),)), {"a": NOT_APPLICABLE}),
        (NoneOf((asks(Op.STARTS_WITH, "84"),)), {"a": "8"}),
        (NoneOf((asks(Op.CONTAINS_ALL, "x", "y"),)), {"a": frozenset("x")}),
        (Any((asks(Op.IS_MISSING), asks(Op.IS, "x"))), {}),
        (All(()), {}),
        (NoneOf((asks(Op.IN_ZONE, "near"),)), {"a": "q1"}),
        (asks(Op.MORE_THAN, Decimal(150)), {"a": Decimal("150.0000000001")}),
        (asks(Op.LESS_THAN, Decimal(-150)), {"a": Decimal("-150.0000000001")}),
        (asks(Op.NOT, Decimal("0.1")), {"a": Decimal("0.1000000000000000000000000001")}),
    ],
)
def test_what_holds_is_said_to_hold_and_its_opposite_not(condition, facts):
    asked = decision(condition, NoneOf((condition,)))
    assert opinion(asked, facts) == judge(asked, facts, {}, zones).holds == {"r0"}


@needs_durable
def test_a_rule_about_a_missing_fact_does_not_surely_hold_either_way():
    asked = decision(asks(Op.IS, "x"), NoneOf((asks(Op.IS, "x"),)), asks(Op.NOT, "x"))
    assert opinion(asked, {}) == frozenset()


@needs_durable
@pytest.mark.parametrize(
    ("known", "reason"),
    [
        (Prefix("84"), "partly known"),
        (Interval(1, 2), "partly known"),
        ('say "x"', "quotes"),
        ("", "none at all"),
        (10**15, "too large"),
        (15, "another type"),
    ],
)
def test_what_it_cannot_express_is_left_unsaid_with_the_reason_and_the_rest_is_said(known, reason):
    said = opinion(decision(asks(Op.IS, "84"), asks(Op.IS, "y", fact="b")), {"a": known, "b": "y"})
    assert isinstance(said, NotExpressed)
    assert said.holds == {"r1"}
    assert set(said.unsaid) == {"r0"}
    assert reason in said.unsaid["r0"]


@needs_durable
def test_a_quantifier_over_a_partly_known_member_is_left_unsaid():
    some = Quantified("any", "line", All((asks(Op.IS, "x", fact="line.a"),)))
    asked = decision(some, NoneOf((some,)))
    members = {"line": ({"line.a": "x"}, {"line.a": Prefix("y")})}
    [said] = SecondOpinion([asked]).judge_many([(asked, {}, members)])
    assert isinstance(said, NotExpressed)
    assert set(said.unsaid) == {"r0", "r1"}


@needs_durable
def test_an_operand_finer_than_its_numbers_and_a_condition_of_too_many_alternatives_are_left_unsaid():
    fine = asks(Op.AT_LEAST, Decimal("0.0000001"))
    tangled = All(
        tuple(Any(tuple(asks(Op.IS, item, fact=f"f{block}") for item in range(9))) for block in range(4))
    )
    said = opinion(decision(fine, tangled, asks(Op.IS, 1)), {"a": 1})
    assert isinstance(said, NotExpressed)
    assert (set(said.unsaid), said.holds) == ({"r0", "r1"}, frozenset({"r2"}))


def test_numbers_keep_their_order_beside_any_operand_of_six_decimals():
    texts = (
        "-1",
        "-0.0000015",
        "-0.000001",
        "-0.0000001",
        "0",
        "0.0000001",
        "0.000001",
        "150",
        "150.00000001",
    )
    numbers = [scaled(Decimal(text)) for text in texts]
    assert numbers == sorted(set(numbers))
    assert scaled(150) == scaled(Decimal("150.00"))
    with pytest.raises(CannotSay):
        scaled(10**13)


@needs_durable
def test_more_rules_ends_matches_and_fields_than_its_tables_hold_are_asked_in_portions():
    ends = [Any((asks(Op.IS, "x"), asks(Op.IS, str(number), fact="b"))) for number in range(300)]
    matches = [asks(Op.AT_LEAST, number, fact="c") for number in range(130)]
    many_fields = [asks(Op.IS, number % 2 == 0, fact=f"f{number}") for number in range(250)]
    asked = decision(*ends, *matches, *many_fields)
    facts = {"a": "x", "b": "3", "c": 200, **{f"f{number}": True for number in range(250)}}
    said = opinion(asked, facts)
    assert said == judge(asked, facts).holds
    assert len(judge(asked, facts).holds) == 300 + 130 + 125


def test_a_decision_it_was_not_given_is_an_error():
    known, other = decision(All(())), decision(All(()))
    with pytest.raises(InputError, match="not among"):
        SecondOpinion([known], worker=["unused"]).judge_many([(other, {}, {})])


# ---------------------------------------------------------------- failures of the worker


def stand_in(code: str, seconds: int = 20) -> list[frozenset[str] | NotExpressed]:
    """What comes of a worker that does this, asked for two cases of one rule."""
    asked = decision(asks(Op.IS, "x"))
    second = SecondOpinion([asked], worker=(sys.executable, "-c", code), seconds=seconds)
    return second.judge_many([(asked, {"a": "x"}, {}), (asked, {"a": "x"}, {})])


READ = "import sys, os, time; sys.stdin.readline(); "


def test_a_worker_that_hangs_is_killed_in_time_and_told():
    begin = time.monotonic()
    said = stand_in(READ + "time.sleep(60)", seconds=1)
    assert time.monotonic() - begin < 20
    assert [each.reason for each in said if isinstance(each, NotExpressed)] == [
        "durable-rules was stopped after 1 seconds"
    ] * 2


def test_after_a_hang_no_other_worker_is_started(tmp_path):
    mark = tmp_path / "starts"
    some = Quantified("any", "line", All((asks(Op.IS, "x", fact="line.a"),)))
    asked = decision(some, asks(Op.IS, "x"))
    code = f"import time; open({str(mark)!r}, 'a').write('.'); time.sleep(60)"
    second = SecondOpinion([asked], worker=(sys.executable, "-c", code), seconds=2)
    [said] = second.judge_many([(asked, {"a": "x"}, {"line": ({"line.a": "x"},)})])
    assert isinstance(said, NotExpressed)
    assert set(said.unsaid) == {"r0", "r1"}
    assert mark.read_text() == "."


def test_a_worker_that_crashes_is_told_and_what_it_had_said_counts():
    answers = """print('{"ready": 0}'); print('{"holds": ["r0"]}', flush=True); """
    first, second = stand_in(READ + answers + "os.abort()")
    assert first == frozenset({"r0"})
    assert isinstance(second, NotExpressed)
    assert "crashed (signal 6)" in second.reason


def test_a_worker_that_ends_at_once_is_told():
    for said in stand_in("raise SystemExit(9)"):
        assert isinstance(said, NotExpressed)
        assert "exit code 9" in said.reason


def test_a_worker_that_refuses_the_rules_is_asked_in_smaller_portions_and_then_told():
    asked = decision(*(asks(Op.IS, number) for number in range(5)))
    code = READ + """print('{"failed": "error code: 106"}')"""
    second = SecondOpinion([asked], worker=(sys.executable, "-c", code))
    [said] = second.judge_many([(asked, {"a": 1}, {})])
    assert isinstance(said, NotExpressed)
    assert said.unsaid == {f"r{number}": "error code: 106" for number in range(5)}


@needs_durable
def test_a_worker_without_memory_fails_and_is_told():
    asked = decision(*(asks(Op.IS, f"{number}" * 200) for number in range(200)))
    begin = time.monotonic()
    [said] = SecondOpinion([asked], megabytes=8).judge_many([(asked, {"a": "x"}, {})])
    assert isinstance(said, NotExpressed)
    assert said.holds == frozenset()
    assert len(said.unsaid) == 200
    assert time.monotonic() - begin < 20


def test_without_the_package_the_error_names_the_cure(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(VerifyUnavailable, match="verify"):
        SecondOpinion([])


def test_a_worker_that_lacks_the_package_raises_the_same_error():
    with pytest.raises(VerifyUnavailable, match="verify"):
        stand_in(READ + """print('{"absent": "No module named durable"}')""")
