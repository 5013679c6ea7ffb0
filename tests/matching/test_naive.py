"""The reference matcher says what the rule language page says."""

from __future__ import annotations

import doctest
from datetime import date
from decimal import Decimal

import pytest

from domain import NOT_APPLICABLE, Choice, InputError, Interval, Prefix, Truth
from engine.rulebook import naive
from engine.rulebook.naive import Verdict, judge
from engine.rulebook.naive.answers import answer, unknown_zones
from engine.rulebook.tree import (
    CANNOT_DETERMINE,
    All,
    Any,
    Decision,
    Hit,
    Node,
    NoneOf,
    Op,
    ParamRef,
    Quantified,
    Rule,
    Test,
    Yields,
)
from tests.matching.generate import (
    Facts,
    Members,
    zones,
)

NO, MAYBE, YES = Truth.NO, Truth.MAYBE, Truth.YES
DAY = date(2026, 7, 1)
OTHER_DAY = date(2026, 7, 2)


def ask(known: object, op: Op, *operand: object) -> Truth:
    facts = {} if known is ... else {"fact": known}
    return answer(Test("fact", op, operand), facts, zones)


def rule(name: str, *parts: Node, then: object = None, overrides: str | None = None) -> Rule:
    return Rule(name, "d", All(parts), name if then is None else then, overrides=overrides)


def decision(*rules: Rule, hit: Hit = Hit.UNIQUE, otherwise: object = "other") -> Decision:
    return Decision("d", "order", Yields("code"), "order.day", hit, otherwise, rules)


def flag(name: str) -> Test:
    return Test(name, Op.IS, (True,))


# ---------------------------------------------------------------- tests on values


@pytest.mark.parametrize(
    ("known", "op", "operand", "expected"),
    [
        ("a", Op.IS, ("a",), YES),
        ("a", Op.IS, ("b",), NO),
        ("a", Op.ONE_OF, ("b", "a"), YES),
        ("a", Op.NOT, ("a",), NO),
        ("a", Op.NOT, ("b",), YES),
        ("a", Op.NOT_ONE_OF, ("b", "c"), YES),
        ("a", Op.NOT_ONE_OF, ("b", "a"), NO),
        (False, Op.IS, (False,), YES),
        (150, Op.AT_LEAST, (150,), YES),
        (149, Op.AT_LEAST, (150,), NO),
        (150, Op.AT_MOST, (150,), YES),
        (151, Op.AT_MOST, (150,), NO),
        (150, Op.MORE_THAN, (150,), NO),
        (150, Op.LESS_THAN, (150,), NO),
        (Decimal("150.00"), Op.AT_MOST, (150,), YES),
        (Decimal("150.005"), Op.AT_MOST, (Decimal(150),), NO),
        (5, Op.BETWEEN, (3, 5), YES),
        (3, Op.BETWEEN, (3, 5), YES),
        (6, Op.BETWEEN, (3, 5), NO),
        (3, Op.FROM_BELOW, (3, 5), YES),
        (5, Op.FROM_BELOW, (3, 5), NO),
        (DAY, Op.BEFORE, (OTHER_DAY,), YES),
        (DAY, Op.BEFORE, (DAY,), NO),
        (DAY, Op.AFTER, (DAY,), NO),
        (OTHER_DAY, Op.AFTER, (DAY,), YES),
        ("841810", Op.STARTS_WITH, ("94", "8418"), YES),
        ("84", Op.STARTS_WITH, ("8418",), NO),
        (frozenset("ab"), Op.CONTAINS_ANY, ("b", "c"), YES),
        (frozenset("ab"), Op.CONTAINS_ALL, ("b", "c"), NO),
        (frozenset("ab"), Op.CONTAINS_ALL, ("b", "a"), YES),
        (frozenset("ab"), Op.CONTAINS_NONE, ("c",), YES),
        (frozenset("ab"), Op.CONTAINS_NONE, ("b",), NO),
        ("p1", Op.IN_ZONE, ("near",), YES),
        ("q1", Op.IN_ZONE, ("near",), NO),
    ],
)
def test_a_known_value_gets_a_plain_answer(known, op, operand, expected):
    assert ask(known, op, *operand) is expected


@pytest.mark.parametrize(
    ("known", "op", "operand", "expected"),
    [
        (Prefix("8418"), Op.STARTS_WITH, ("84",), YES),
        (Prefix("8418"), Op.STARTS_WITH, ("8418",), YES),
        (Prefix("8418"), Op.STARTS_WITH, ("841810",), MAYBE),
        (Prefix("8418"), Op.STARTS_WITH, ("94", "61"), NO),
        (Prefix("8418"), Op.IS, ("8418",), MAYBE),
        (Prefix("8418"), Op.IS, ("84",), NO),
        (Prefix("8418"), Op.NOT, ("841810",), MAYBE),
        (Prefix("8418"), Op.NOT, ("9401",), YES),
        (Choice(frozenset({1, 2})), Op.AT_LEAST, (1,), YES),
        (Choice(frozenset({1, 2})), Op.AT_LEAST, (2,), MAYBE),
        (Choice(frozenset({1, 2})), Op.AT_LEAST, (3,), NO),
        (Choice(frozenset({"a", "b"})), Op.ONE_OF, ("b", "a", "c"), YES),
        (Choice(frozenset({"p1", "q1"})), Op.IN_ZONE, ("near",), MAYBE),
        (Choice(frozenset({"p1", "p2"})), Op.IN_ZONE, ("near",), YES),
        (Choice(frozenset({frozenset("a"), frozenset("ab")})), Op.CONTAINS_ANY, ("a",), YES),
        (Choice(frozenset({frozenset("a"), frozenset("ab")})), Op.CONTAINS_NONE, ("b",), MAYBE),
        (Interval(100, 150), Op.AT_MOST, (150,), YES),
        (Interval(100, 151), Op.AT_MOST, (150,), MAYBE),
        (Interval(151, None), Op.AT_MOST, (150,), NO),
        (Interval(150, 200), Op.MORE_THAN, (150,), MAYBE),
        (Interval(150, 200), Op.LESS_THAN, (150,), NO),
        (Interval(None, 3), Op.AT_LEAST, (4,), NO),
        (Interval(None, None), Op.AT_LEAST, (4,), MAYBE),
        (Interval(3, 4), Op.BETWEEN, (3, 5), YES),
        (Interval(3, 5), Op.FROM_BELOW, (3, 5), MAYBE),
        (Interval(1, 9), Op.BETWEEN, (3, 5), MAYBE),
        (Interval(6, 9), Op.BETWEEN, (3, 5), NO),
        (Interval(1, 9), Op.BETWEEN, (5, 3), NO),
        (Interval(1, 9), Op.FROM_BELOW, (3, 3), NO),
        (Interval(1, 2), Op.IS, (1,), MAYBE),
        (Interval(1, 2), Op.NOT_ONE_OF, (1, 2), MAYBE),
        (Interval(1, 2), Op.NOT, (3,), YES),
        (Interval(7, 7), Op.IS, (7,), YES),
        (Interval(DAY, OTHER_DAY), Op.BEFORE, (OTHER_DAY,), MAYBE),
        (Interval(DAY, OTHER_DAY), Op.AFTER, (OTHER_DAY,), NO),
    ],
)
def test_a_partly_known_fact_is_maybe_while_both_answers_remain(known, op, operand, expected):
    assert ask(known, op, *operand) is expected


VALUE_TESTS = [
    (Op.IS, ("a",)),
    (Op.ONE_OF, ("a",)),
    (Op.NOT, ("a",)),
    (Op.NOT_ONE_OF, ("a",)),
    (Op.AT_LEAST, (1,)),
    (Op.AT_MOST, (1,)),
    (Op.MORE_THAN, (1,)),
    (Op.LESS_THAN, (1,)),
    (Op.BETWEEN, (1, 2)),
    (Op.FROM_BELOW, (1, 2)),
    (Op.BEFORE, (DAY,)),
    (Op.AFTER, (DAY,)),
    (Op.STARTS_WITH, ("a",)),
    (Op.CONTAINS_ANY, ("a",)),
    (Op.CONTAINS_ALL, ("a",)),
    (Op.CONTAINS_NONE, ("a",)),
    (Op.IN_ZONE, ("near",)),
]
KNOWLEDGE_TESTS = (Op.IS_KNOWN, Op.IS_MISSING, Op.IS_NOT_APPLICABLE)


def test_every_test_of_the_language_is_in_the_tables():
    assert {op for op, _ in VALUE_TESTS} | set(KNOWLEDGE_TESTS) == set(Op)


@pytest.mark.parametrize(("op", "operand"), VALUE_TESTS)
def test_a_missing_fact_makes_every_test_of_its_value_maybe(op, operand):
    assert ask(..., op, *operand) is MAYBE


@pytest.mark.parametrize(("op", "operand"), VALUE_TESTS)
def test_where_a_fact_does_not_apply_every_test_of_its_value_is_no(op, operand):
    assert ask(NOT_APPLICABLE, op, *operand) is NO


@pytest.mark.parametrize(
    ("known", "is_known", "is_missing", "is_not_applicable"),
    [
        ("a", YES, NO, NO),
        (..., NO, YES, MAYBE),
        (NOT_APPLICABLE, YES, NO, YES),
        (Prefix("8"), NO, NO, NO),
        (Choice(frozenset({1, 2})), NO, NO, NO),
        (Interval(1, None), NO, NO, NO),
    ],
)
def test_what_is_known_of_a_fact_can_itself_be_asked(known, is_known, is_missing, is_not_applicable):
    assert [ask(known, op) for op in KNOWLEDGE_TESTS] == [is_known, is_missing, is_not_applicable]


def test_without_a_map_every_zone_is_unknown():
    assert answer(Test("fact", Op.IN_ZONE, ("near",)), {"fact": "p1"}, unknown_zones) is MAYBE


@pytest.mark.parametrize(
    ("known", "op", "operand"),
    [
        ("a", Op.AT_LEAST, (1,)),
        (True, Op.IS, (1,)),
        (1, Op.AT_LEAST, (True,)),
        (DAY, Op.AT_LEAST, (1,)),
        (1, Op.STARTS_WITH, ("1",)),
        ("a", Op.CONTAINS_ANY, ("a",)),
        (Prefix("8"), Op.AT_LEAST, (1,)),
        (Prefix("8"), Op.IS, (8,)),
        (Interval(1, 2), Op.CONTAINS_ANY, ("a",)),
        (Interval(2, 1), Op.IS, (1,)),
        (Choice(frozenset()), Op.IS, (1,)),
        (Choice(frozenset({NOT_APPLICABLE})), Op.IS, (1,)),
        (1.5, Op.AT_LEAST, (1,)),
        (None, Op.IS, (1,)),
        (1, Op.AT_LEAST, (ParamRef("limit"),)),
    ],
)
def test_a_value_that_cannot_be_what_the_test_asks_for_is_an_error_and_not_an_answer(known, op, operand):
    with pytest.raises(InputError):
        ask(known, op, *operand)


# ---------------------------------------------------------------- blocks and quantifiers


def holds(node: Node, facts: Facts, members: Members | None = None) -> Truth:
    verdict = judge(decision(rule("r", node)), facts, members or {}, zones)
    return YES if "r" in verdict.holds else MAYBE if "r" in verdict.may else NO


def test_empty_blocks_all_holds_any_does_not_none_holds():
    assert [holds(All(()), {}), holds(Any(()), {}), holds(NoneOf(()), {})] == [YES, NO, YES]


def test_blocks_follow_kleene():
    a, b = flag("a"), flag("b")
    assert holds(All((a, b)), {"a": False}) is NO
    assert holds(All((a, b)), {"a": True}) is MAYBE
    assert holds(Any((a, b)), {"a": True}) is YES
    assert holds(Any((a, b)), {"a": False}) is MAYBE
    assert holds(NoneOf((a, b)), {"a": True}) is NO
    assert holds(NoneOf((a, b)), {"a": False}) is MAYBE
    assert holds(NoneOf((a, b)), {"a": False, "b": False}) is YES


def test_none_around_a_test_of_what_does_not_apply_holds_where_not_does_not():
    facts: Facts = {"spirit": NOT_APPLICABLE}
    assert holds(Test("spirit", Op.NOT, (40,)), facts) is NO
    assert holds(NoneOf((Test("spirit", Op.IS, (40,)),)), facts) is YES


def quantified(quantifier: str, *parts: Node) -> Quantified:
    return Quantified(quantifier, "line", All(parts))


GIFT, HEAVY = flag("line.gift"), Test("line.weight", Op.MORE_THAN, (2,))


@pytest.mark.parametrize(
    ("lines", "any_", "every", "no"),
    [
        ((), NO, YES, YES),
        (({"line.gift": True}, {"line.gift": False}), YES, NO, NO),
        (({"line.gift": False}, {"line.gift": False}), NO, NO, YES),
        (({"line.gift": True}, {"line.gift": True}), YES, YES, NO),
        (({"line.gift": False}, {}), MAYBE, NO, MAYBE),
        (({"line.gift": True}, {}), YES, MAYBE, NO),
        (None, MAYBE, MAYBE, MAYBE),
    ],
)
def test_quantifiers_over_members(lines, any_, every, no):
    members: Members = {} if lines is None else {"line": lines}
    said = [holds(quantified(quantifier, GIFT), {}, members) for quantifier in ("any", "every", "no")]
    assert said == [any_, every, no]


def test_all_tests_in_one_quantifier_speak_of_the_same_line():
    lines: tuple[Facts, ...] = ({"line.gift": True, "line.weight": 1}, {"line.gift": False, "line.weight": 3})
    assert holds(quantified("any", GIFT, HEAVY), {}, {"line": lines}) is NO
    assert holds(All((quantified("any", GIFT), quantified("any", HEAVY))), {}, {"line": lines}) is YES


def test_a_quantifier_sees_the_facts_around_it():
    body = quantified("any", GIFT, flag("paid"))
    assert holds(body, {"paid": True}, {"line": ({"line.gift": True},)}) is YES
    assert holds(body, {"paid": False}, {"line": ({"line.gift": True},)}) is NO


def test_a_member_brings_its_own_inner_members():
    node = Quantified("every", "consignment", All((quantified("any", GIFT),)))
    gift: Facts = {"line.gift": True}
    plain: Facts = {"line.gift": False}
    both: tuple[Facts, ...] = ({"line": (gift, plain)}, {"line": (gift,)})
    one: tuple[Facts, ...] = ({"line": (gift, plain)}, {"line": (plain,)})
    assert holds(node, {}, {"consignment": both}) is YES
    assert holds(node, {}, {"consignment": one}) is NO


# ---------------------------------------------------------------- exceptions and outcomes

BASE = rule("base", flag("a"))
EXCEPTION = rule("exception", flag("b"), overrides="base")
FURTHER = rule("further", flag("c"), overrides="exception")
CHAIN = (FURTHER, BASE, EXCEPTION)


def said(hit: Hit, facts: Facts, *rules: Rule, otherwise: object = "other") -> Verdict:
    return judge(decision(*(rules or CHAIN), hit=hit, otherwise=otherwise), facts)


def test_an_exception_holds_only_where_its_base_holds():
    verdict = said(Hit.UNIQUE, {"a": False, "b": True, "c": True})
    assert (verdict.holds, verdict.may, verdict.certain) == (frozenset(), frozenset(), ("other",))


def test_the_furthest_exception_that_holds_speaks():
    assert said(Hit.UNIQUE, {"a": True, "b": False, "c": True}).certain == ("base",)
    assert said(Hit.UNIQUE, {"a": True, "b": True, "c": False}).certain == ("exception",)
    verdict = said(Hit.UNIQUE, {"a": True, "b": True, "c": True})
    assert (verdict.certain, verdict.by) == (("further",), ("further",))
    assert verdict.holds == {"base", "exception", "further"}


def test_a_possible_exception_leaves_both_outcomes_open():
    verdict = said(Hit.UNIQUE, {"a": True, "c": False})
    assert not verdict.decided
    assert (verdict.certain, verdict.possible) == ((), ("base", "exception"))
    assert verdict.holds == {"base"}
    assert verdict.may == {"exception"}


def test_otherwise_is_possible_only_while_nothing_surely_holds():
    assert said(Hit.UNIQUE, {"b": False}).possible == ("base", "other")
    assert said(Hit.UNIQUE, {"a": True, "b": False}).certain == ("base",)
    assert said(Hit.UNIQUE, {"a": False}).certain == ("other",)


def test_one_outcome_left_is_decided_whatever_is_missing():
    same = (rule("x", flag("a"), then="same"), rule("y", then="same"))
    verdict = said(Hit.UNIQUE, {}, *same)
    assert (verdict.decided, verdict.certain, verdict.by) == (True, ("same",), ("x", "y"))
    assert said(Hit.UNIQUE, {}, same[0], otherwise="same").certain == ("same",)


def test_cannot_determine_is_never_decided():
    verdict = said(Hit.UNIQUE, {"a": False}, otherwise=CANNOT_DETERMINE)
    assert (verdict.decided, verdict.certain, verdict.possible) == (False, (), (CANNOT_DETERMINE,))
    assert said(Hit.UNIQUE, {"a": True, "b": False}, otherwise=CANNOT_DETERMINE).decided


def test_collect_tells_certain_members_from_possible_ones_in_file_order():
    rules = (
        rule("maybe", flag("m"), then="z"),
        rule("sure", then="y"),
        rule("again", flag("m"), then="y"),
        rule("base", then="x"),
        rule("exception", flag("m"), then="w", overrides="base"),
        rule("never", flag("n"), then="v"),
    )
    verdict = said(Hit.COLLECT, {"n": False}, *rules)
    assert (verdict.certain, verdict.possible) == (("y",), ("z", "x", "w"))
    assert not verdict.decided
    assert verdict.by == ("maybe", "sure", "again", "base", "exception")
    settled = said(Hit.COLLECT, {"n": False, "m": True}, *rules)
    assert (settled.certain, settled.possible, settled.decided) == (("z", "y", "w"), (), True)


def test_collect_of_nothing_is_decided_and_empty():
    verdict = said(Hit.COLLECT, {"a": False})
    assert (verdict.certain, verdict.possible, verdict.decided) == ((), (), True)


def test_sum_is_an_interval_that_negative_amounts_open_downwards():
    rules = (
        rule("sure", then=Decimal("4.90")),
        rule("more", flag("m"), then=Decimal("2.10")),
        rule("less", flag("n"), then=Decimal("-1.00")),
    )
    verdict = said(Hit.SUM, {}, *rules)
    assert (verdict.certain, verdict.possible) == ((Decimal("3.90"),), (Decimal("3.90"), Decimal("7.00")))
    settled = said(Hit.SUM, {"m": True, "n": False}, *rules)
    assert (settled.certain, settled.possible, settled.decided) == ((Decimal("7.00"),), (), True)


def test_sum_counts_equal_amounts_twice_and_defeated_ones_not():
    rules = (rule("one", then=3), rule("two", then=3), rule("not", then=5, overrides="one"))
    assert said(Hit.SUM, {}, *rules).certain == (8,)


def test_first_takes_the_first_that_holds_joined_by_what_may_hold_above_it():
    rules = (rule("1", flag("a")), rule("2", flag("b")), rule("3", flag("c")), rule("4"))
    verdict = said(Hit.FIRST, {"a": False, "c": True}, *rules)
    assert (verdict.possible, verdict.by) == (("2", "3"), ("2", "3"))
    assert said(Hit.FIRST, {"b": True, "a": False}, *rules).certain == ("2",)


def test_first_looks_past_a_rule_that_an_exception_below_may_still_defeat():
    rules = (rule("base"), rule("exception", flag("b"), overrides="base"))
    assert said(Hit.FIRST, {}, *rules).possible == ("base", "exception")
    assert said(Hit.FIRST, {"b": True}, *rules).certain == ("exception",)
    assert said(Hit.FIRST, {"b": False}, *rules).certain == ("base",)


@pytest.mark.parametrize("hit", [Hit.UNIQUE, Hit.FIRST])
def test_no_rules_leave_otherwise(hit):
    empty = judge(decision(hit=hit), {})
    assert (empty.certain, empty.decided, empty.by) == (("other",), True, ())


@pytest.mark.parametrize("base", ["nobody", "r"])
def test_an_exception_to_nothing_or_to_itself_is_an_error(base):
    with pytest.raises(InputError, match="overrides"):
        said(Hit.UNIQUE, {}, rule("r", overrides=base))


def test_exceptions_in_a_circle_are_an_error():
    with pytest.raises(InputError, match="in turn"):
        said(Hit.UNIQUE, {}, rule("r", overrides="s"), rule("s", overrides="r"))


def test_the_example_in_the_documentation_runs():

    assert doctest.testmod(naive).attempted >= 5
    assert doctest.testmod(naive).failed == 0
