"""Proofs agree with trying everything: over tiny domains, with the reference matcher as judge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, permutations, product
from typing import Any as Anything

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain import NOT_APPLICABLE, Interval
from engine.rulebook.naive import judge
from engine.rulebook.prove import boxes, conflicts, gap, kinds_of
from engine.rulebook.rows import RowLimit, rule_rows
from engine.rulebook.tree import All, Any, Decision, Hit, Node, NoneOf, Op, Quantified, Rule, Test, Yields
from engine.rulebook.vocabulary import Fact, FactType, Vocabulary

Facts = Mapping[str, object]
Members = Mapping[str, Sequence[Facts]]
WORDS = Vocabulary.of(
    [
        Fact("a.number", "order", FactType("int")),
        Fact("a.flag", "order", FactType("bool")),
        Fact("a.code", "order", FactType("code", None, ("x", "y", "z"))),
        Fact("a.codes", "order", FactType("codes")),
        Fact("l.number", "line", FactType("int")),
        Fact("l.flag", "line", FactType("bool")),
    ]
)
KINDS = kinds_of(WORDS)
NUMBERS = (*range(-1, 6), NOT_APPLICABLE)
FLAGS = (True, False, NOT_APPLICABLE)
CODES = ("x", "y", "z", NOT_APPLICABLE)
SETS = (*(frozenset(part) for size in range(3) for part in combinations("pq", size)), NOT_APPLICABLE)

SMALL = st.integers(0, 4)


def numbers(fact: str) -> st.SearchStrategy[Test]:
    one = st.sampled_from([Op.IS, Op.NOT, Op.AT_LEAST, Op.AT_MOST, Op.MORE_THAN, Op.LESS_THAN])
    two = st.sampled_from([Op.BETWEEN, Op.FROM_BELOW])
    return st.one_of(
        st.builds(lambda op, v: Test(fact, op, (v,)), one, SMALL),
        st.builds(lambda op, v, w: Test(fact, op, (min(v, w), max(v, w))), two, SMALL, SMALL),
        st.builds(lambda v, w: Test(fact, Op.ONE_OF, tuple({v, w})), SMALL, SMALL),
        st.just(Test(fact, Op.IS_NOT_APPLICABLE)),
    )


def flags(fact: str) -> st.SearchStrategy[Test]:
    return st.builds(lambda op, v: Test(fact, op, (v,)), st.sampled_from([Op.IS, Op.NOT]), st.booleans())


CODED = st.builds(
    lambda op, values: Test("a.code", op, tuple(sorted(values))),
    st.sampled_from([Op.ONE_OF, Op.NOT_ONE_OF]),
    st.sets(st.sampled_from("xyz"), min_size=1, max_size=2),
)
CONTAINED = st.one_of(
    st.builds(
        lambda op, values: Test("a.codes", op, tuple(sorted(values))),
        st.sampled_from([Op.CONTAINS_ANY, Op.CONTAINS_ALL, Op.CONTAINS_NONE]),
        st.sets(st.sampled_from("pq"), min_size=1, max_size=2),
    ),
    st.just(Test("a.codes", Op.IS_NOT_APPLICABLE)),
)
VALUES = st.one_of(numbers("a.number"), flags("a.flag"), CODED)
LINES = st.one_of(numbers("l.number"), flags("l.flag"))


def nodes(tests: st.SearchStrategy[Anything]) -> st.SearchStrategy[Node]:
    return st.recursive(
        tests,
        lambda inner: st.builds(
            lambda kind, parts: kind(tuple(parts)),
            st.sampled_from([All, Any, NoneOf]),
            st.lists(inner, min_size=1, max_size=2),
        ),
        max_leaves=4,
    )


QUANTIFIED = st.builds(
    lambda word, parts: Quantified(word, "line", All(tuple(parts))),
    st.sampled_from(["any", "every", "no"]),
    st.lists(nodes(LINES), min_size=1, max_size=2),
)


def readable(rule: Rule, rules: Sequence[Rule]) -> bool:
    """Whether the condition multiplies out to few enough alternatives; the loader refuses others."""
    try:
        rule_rows(rule, {each.id: each for each in rules}, apart=True)
    except RowLimit:
        return False
    return True


@st.composite
def decisions(draw: st.DrawFn, tests: st.SearchStrategy[Anything], size: int = 3) -> Decision:
    """Rules in any order, some of them exceptions of others, and exceptions of exceptions."""
    rules: list[Rule] = []
    for number in range(size):
        base = draw(st.sampled_from([None, *(rule.id for rule in rules)]))
        parts = draw(st.lists(nodes(tests), min_size=1, max_size=2))
        rules.append(Rule(f"r{number}", "d", All(tuple(parts)), number, overrides=base))
    assume(all(readable(rule, rules) for rule in rules))
    return Decision(
        "d", "order", Yields("int"), "order.day", Hit.UNIQUE, "other", tuple(draw(st.permutations(rules)))
    )


def bases(decision: Decision, ident: str | None) -> set[str]:
    table = {rule.id: rule for rule in decision.rules}
    found: set[str] = set()
    while ident is not None:
        found.add(ident)
        ident = table[ident].overrides
    return found


def holding_together(decision: Decision, cases: Sequence[tuple[Facts, Members]]) -> set[tuple[str, str]]:
    """Pairs of unrelated rules that hold in one case."""
    found = set()
    for facts, members in cases:
        holds = sorted(judge(decision, facts, members).holds)
        found |= {
            (one, other)
            for one, other in combinations(holds, 2)
            if one not in bases(decision, other) and other not in bases(decision, one)
        }
    return found


def reported(decision: Decision) -> set[tuple[str, str]]:
    return {
        (min(pair), max(pair)) for c in conflicts(decision, KINDS) for pair in [(c.first.id, c.second.id)]
    }


PLAIN: list[tuple[Facts, Members]] = [
    ({"a.number": n, "a.flag": f, "a.code": c}, {}) for n, f, c in product(NUMBERS, FLAGS, CODES)
]


@settings(max_examples=150, deadline=None)
@given(decisions(VALUES))
def test_a_conflict_is_told_exactly_when_some_values_make_two_unrelated_rules_hold(decision):
    assert reported(decision) == holding_together(decision, PLAIN)


@settings(max_examples=150, deadline=None)
@given(decisions(VALUES))
def test_a_rule_can_hold_exactly_when_some_values_make_it_hold(decision):
    table = {rule.id: rule for rule in decision.rules}
    held = {name for facts, members in PLAIN for name in judge(decision, facts, members).holds}
    assert {rule.id for rule in decision.rules if boxes(rule, table, KINDS)} == held


@settings(max_examples=100, deadline=None)
@given(decisions(st.one_of(CONTAINED, flags("a.flag"))))
def test_conflicts_through_contained_codes_agree_with_trying_every_set(decision):
    cases: list[tuple[Facts, Members]] = [({"a.codes": s, "a.flag": f}, {}) for s, f in product(SETS, FLAGS)]
    assert reported(decision) == holding_together(decision, cases)


EACH_LINE = [{"l.number": n, "l.flag": f} for n, f in product((0, 1, 2, 5, NOT_APPLICABLE), FLAGS)]
LINE_TESTS = st.one_of(
    st.builds(
        lambda op, v: Test("l.number", op, (v,)),
        st.sampled_from([Op.IS, Op.NOT, Op.AT_LEAST]),
        st.integers(1, 2),
    ),
    flags("l.flag"),
)
SOME_LINES = st.builds(
    lambda word, parts: Quantified(word, "line", All(tuple(parts))),
    st.sampled_from(["any", "every", "no"]),
    st.lists(LINE_TESTS, min_size=1, max_size=2),
)


def orders_of_lines() -> Iterator[tuple[Facts, Members]]:
    for size in range(3):
        for lines in combinations(EACH_LINE, size):
            yield {}, {"line": lines}


ORDERS = list(orders_of_lines())


@settings(max_examples=60, deadline=None)
@given(st.lists(SOME_LINES, min_size=1, max_size=1), st.lists(SOME_LINES, min_size=1, max_size=1))
def test_conflicts_through_quantifiers_agree_with_trying_every_two_lines(one, other):
    rules = tuple(Rule(name, "d", All(tuple(parts)), name) for name, parts in (("r0", one), ("r1", other)))
    decision = Decision("d", "order", Yields("code"), "order.day", Hit.UNIQUE, "other", rules)
    assert reported(decision) == holding_together(decision, ORDERS)


def test_exceptions_of_exceptions_never_conflict_with_what_they_rest_on_wherever_they_stand():
    at_least = [All((Test("a.number", Op.AT_LEAST, (bound,)),)) for bound in (1, 2, 3)]
    chain = [
        Rule("base", "d", at_least[0], 0),
        Rule("middle", "d", at_least[1], 1, overrides="base"),
        Rule("top", "d", at_least[2], 2, overrides="middle"),
    ]
    for order in permutations(chain):
        decision = Decision("d", "order", Yields("int"), "order.day", Hit.UNIQUE, "other", order)
        assert reported(decision) == set()
    beside = Rule("beside", "d", at_least[2], 3, overrides="base")
    decision = Decision("d", "order", Yields("int"), "order.day", Hit.UNIQUE, "other", (*chain, beside))
    assert reported(decision) == {("beside", "middle"), ("beside", "top")}


def any_line(*parts: Node) -> Quantified:
    return Quantified("any", "line", All(parts))


def no_line(*parts: Node) -> Quantified:
    return Quantified("no", "line", All(parts))


def two_rules(one: Sequence[Node], other: Sequence[Node]) -> Decision:
    rules = (Rule("r0", "d", All(tuple(one)), 0), Rule("r1", "d", All(tuple(other)), 1))
    return Decision("d", "order", Yields("int"), "order.day", Hit.UNIQUE, "other", rules)


def test_what_two_barred_bodies_cover_together_cannot_be_wanted():
    wanted = any_line(Test("l.number", Op.BETWEEN, (1, 4)))
    low, high = no_line(Test("l.number", Op.AT_MOST, (2,))), no_line(Test("l.number", Op.AT_LEAST, (3,)))
    assert reported(two_rules([wanted], [low, high])) == set()
    assert reported(two_rules([wanted], [low])) == {("r0", "r1")}


def test_a_fact_of_the_order_inside_a_quantifier_is_the_one_outside():
    inside = any_line(Test("a.flag", Op.IS, (True,)), Test("l.flag", Op.IS, (True,)))
    assert reported(two_rules([inside], [Test("a.flag", Op.IS, (False,))])) == set()
    assert reported(two_rules([inside], [Test("a.flag", Op.IS, (True,))])) == {("r0", "r1")}


STATES = st.one_of(
    st.sampled_from([Test("a.number", Op.IS_KNOWN), Test("a.number", Op.IS_MISSING)]),
    numbers("a.number"),
)


@settings(max_examples=100, deadline=None)
@given(decisions(STATES))
def test_conflicts_about_the_input_agree_with_trying_every_state_of_knowledge(decision):
    values: list[Facts] = [{"a.number": n} for n in NUMBERS]
    partial: list[Facts] = [{"a.number": Interval(v, v)} for v in range(-1, 6)]
    cases: list[tuple[Facts, Members]] = [(facts, {}) for facts in ({}, *values, *partial)]
    assert reported(decision) == holding_together(decision, cases)


def test_a_partly_known_fact_may_pass_a_test_though_it_is_not_known():
    unknown = NoneOf((Test("a.number", Op.IS_KNOWN),))
    assert reported(two_rules([unknown], [Test("a.number", Op.AT_LEAST, (3,))])) == {("r0", "r1")}
    missing = Test("a.number", Op.IS_MISSING)
    assert reported(two_rules([missing], [Test("a.number", Op.AT_LEAST, (3,))])) == set()
    assert reported(two_rules([missing], [Test("a.number", Op.IS_NOT_APPLICABLE)])) == set()


def test_what_is_not_applicable_is_in_no_two_states_at_once():
    absent = Test("a.codes", Op.IS_NOT_APPLICABLE)
    assert reported(two_rules([absent], [Test("a.codes", Op.CONTAINS_ANY, ("p",))])) == set()
    assert reported(two_rules([absent], [NoneOf((Test("a.codes", Op.CONTAINS_ANY, ("p",)),))])) == {
        ("r0", "r1")
    }


def witnessed(text: str, kind: str) -> object:
    if text == "not applicable":
        return NOT_APPLICABLE
    if kind == "int":
        return 99 if text == "any other" else int(text)
    return text == "yes" if kind == "bool" else text


@settings(max_examples=150, deadline=None)
@given(decisions(VALUES))
def test_the_witness_of_a_conflict_makes_both_rules_hold(decision):
    for conflict in conflicts(decision, KINDS):
        facts = {name: witnessed(text, KINDS[name]) for name, text in conflict.witness.items()}
        assert {conflict.first.id, conflict.second.id} <= set(judge(decision, facts, {}).holds)


OPEN: list[tuple[Facts, Members]] = [
    ({"a.number": n, "a.flag": f, "a.code": c}, {})
    for n, f, c in product(NUMBERS, FLAGS, (*CODES, "unheard-of"))
]


@settings(max_examples=150, deadline=None)
@given(decisions(VALUES, size=4))
def test_rules_are_proven_total_exactly_when_every_value_meets_one(decision):
    total, hole = gap(decision, KINDS)
    assert total == all(judge(decision, facts, members).holds for facts, members in OPEN)
    if not total:
        facts = {name: witnessed(text, KINDS[name]) for name, text in hole.items()}
        facts = {name: "unheard-of" if value == "any other" else value for name, value in facts.items()}
        assert not judge(decision, facts, {}).holds


@settings(max_examples=60, deadline=None)
@given(decisions(st.one_of(CONTAINED, flags("a.flag")), size=4))
def test_rules_on_contained_codes_are_proven_total_only_when_they_are(decision):
    total, _ = gap(decision, KINDS)
    every = [judge(decision, {"a.codes": s, "a.flag": f}, {}).holds for s, f in product(SETS, FLAGS)]
    assert not total or all(every)


def test_total_rules_of_each_kind_are_found_total():
    def total(*conditions: Node) -> bool:
        rules = tuple(Rule(f"r{n}", "d", All((each,)), n) for n, each in enumerate(conditions))
        return gap(Decision("d", "order", Yields("int"), "order.day", Hit.UNIQUE, "other", rules), KINDS)[0]

    absent = Test("a.number", Op.IS_NOT_APPLICABLE)
    assert total(Test("a.number", Op.AT_MOST, (3,)), Test("a.number", Op.AT_LEAST, (4,)), absent)
    assert not total(Test("a.number", Op.AT_MOST, (3,)), Test("a.number", Op.AT_LEAST, (5,)), absent)
    assert not total(Test("a.number", Op.AT_MOST, (3,)), Test("a.number", Op.AT_LEAST, (4,)))
    assert total(Test("a.flag", Op.IS, (True,)), NoneOf((Test("a.flag", Op.IS, (True,)),)))
    assert total(any_line(Test("l.flag", Op.IS, (True,))), no_line(Test("l.flag", Op.IS, (True,))))
    each_code = [Test("a.code", Op.IS, (code,)) for code in "xyz"]
    none_of_them = Test("a.code", Op.IS_NOT_APPLICABLE)
    assert not total(*each_code, none_of_them)  # a code that is on no list must not fall through unnoticed
    assert total(*each_code, none_of_them, Test("a.code", Op.NOT_ONE_OF, ("x", "y", "z")))
    assert total(All(()))
    assert not total(Any(()))


def test_the_search_for_a_gap_gives_up_without_a_claim():
    rules = tuple(
        Rule(f"r{n}", "d", All((Test("a.number", Op.IS, (n,)), Test("a.code", Op.IS, ("x",)))), n)
        for n in range(50)
    )
    decision = Decision("d", "order", Yields("int"), "order.day", Hit.UNIQUE, "other", rules)
    assert gap(decision, KINDS, budget=1) == (False, {})
