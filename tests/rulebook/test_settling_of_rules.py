"""The facts named as missing are enough, whatever they turn out to be, and none of them is needless."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from domain import Choice, Interval, Prefix
from engine.rulebook import Fact, FactType, Rulebook, Vocabulary
from engine.rulebook.defs import Sources
from engine.rulebook.settle import settling
from engine.rulebook.tree import (
    All,
    Any,
    Decision,
    Hit,
    Node,
    NoneOf,
    Op,
    Quantified,
    Rule,
    Test,
    Validity,
    Yields,
)

WORDS = Vocabulary.of(
    [
        Fact("order.date", "order", FactType("date")),
        Fact("a.number", "order", FactType("int")),
        Fact("a.flag", "order", FactType("bool")),
        Fact("a.code", "order", FactType("code", None, ("x", "y", "z"))),
        Fact("a.codes", "order", FactType("codes")),
        Fact("a.hs", "order", FactType("hs")),
        Fact("l.flag", "line", FactType("bool")),
    ]
)
DOMAINS: Mapping[str, Sequence[object]] = {
    "a.number": range(-1, 6),
    "a.flag": (True, False),
    "a.code": ("x", "y", "z"),
    "a.codes": tuple(frozenset(part) for size in range(3) for part in combinations("pq", size)),
}
TODAY = date(2026, 7, 1)
SMALL = st.integers(0, 4)
TESTS = st.one_of(
    st.builds(
        lambda op, v: Test("a.number", op, (v,)),
        st.sampled_from([Op.IS, Op.NOT, Op.AT_LEAST, Op.LESS_THAN]),
        SMALL,
    ),
    st.builds(lambda v: Test("a.flag", Op.IS, (v,)), st.booleans()),
    st.builds(
        lambda op, v: Test("a.code", op, (v,)), st.sampled_from([Op.IS, Op.NOT]), st.sampled_from("xyz")
    ),
    st.builds(
        lambda op, v: Test("a.codes", op, (v,)),
        st.sampled_from([Op.CONTAINS_ANY, Op.CONTAINS_NONE]),
        st.sampled_from("pq"),
    ),
)


def nodes() -> st.SearchStrategy[Node]:
    return st.recursive(
        TESTS,
        lambda inner: st.builds(
            lambda kind, parts: kind(tuple(parts)),
            st.sampled_from([All, Any, NoneOf]),
            st.lists(inner, min_size=1, max_size=2),
        ),
        max_leaves=3,
    )


def book_of(*rules: Rule, hit: Hit = Hit.FIRST) -> Rulebook:
    decision = Decision("test.answer", "order", Yields("int"), "order.date", hit, 99, rules)
    return Rulebook({"test.answer": decision}, ("test.answer",), Sources({}, {}), {}, WORDS, "1")


def rule(number: int, *parts: Node, valid: Validity | None = None, then: int | None = None) -> Rule:
    outcome = number if then is None else then
    return Rule(f"r{number}", "test.answer", All(parts), outcome, valid or Validity())


@st.composite
def cases(draw: st.DrawFn) -> tuple[Rulebook, dict[str, object]]:
    rules = [
        rule(number, *draw(st.lists(nodes(), min_size=1, max_size=2)), then=draw(st.sampled_from([0, 1, 99])))
        for number in range(3)
    ]
    facts: dict[str, object] = {"order.date": TODAY}
    for name, values in DOMAINS.items():
        if draw(st.booleans()):
            facts[name] = draw(st.sampled_from(list(values)))
    return book_of(*rules, hit=draw(st.sampled_from([Hit.FIRST, Hit.COLLECT]))), facts


def settles(book: Rulebook, facts: Mapping[str, object], names: Sequence[str]) -> bool:
    """Whether knowing the names decides, tried with every value they can have."""
    every = product(*(DOMAINS[name] for name in names))
    return all(
        book.ask("test.answer", {**facts, **dict(zip(names, combo, strict=True))}).decided for combo in every
    )


@settings(max_examples=150, deadline=None)
@given(cases())
def test_the_sets_named_are_exactly_the_smallest_that_settle_whatever_the_values(case):
    book, facts = case
    if book.ask("test.answer", facts).decided:
        return
    missing = sorted(DOMAINS.keys() - facts.keys())
    named = settling(book, "test.answer", facts)
    size = len(named[0])
    assert all(len(names) == size for names in named)
    for smaller in range(1, size):
        assert not any(settles(book, facts, names) for names in combinations(missing, smaller))
    if size <= 3:
        assert {tuple(names) for names in named} == {
            names for names in combinations(missing, size) if settles(book, facts, names)
        }


def test_a_fact_that_no_rule_looks_at_is_never_asked_for():
    book = book_of(rule(0, Test("a.number", Op.AT_LEAST, (3,))))
    assert settling(book, "test.answer", {"order.date": TODAY}) == (("a.number",),)


def test_either_of_two_facts_may_settle_and_both_are_named():
    book = book_of(rule(0, Test("a.flag", Op.IS, (True,))), rule(0, Test("a.code", Op.IS, ("x",))))
    facts: dict[str, object] = {"order.date": TODAY}
    both = settling(book, "test.answer", facts)
    assert both == (("a.code", "a.flag"),)
    assert settling(book, "test.answer", {**facts, "a.flag": False}) == (("a.code",),)


def test_a_fact_that_changes_nothing_is_not_asked_for_beside_those_that_do():
    book = book_of(
        rule(0, Test("a.flag", Op.IS, (True,))),
        rule(1, Test("a.code", Op.IS, ("x",))),
        rule(2, Test("a.number", Op.AT_LEAST, (3,)), then=99),  # what holds otherwise, too
    )
    assert settling(book, "test.answer", {"order.date": TODAY}) == (("a.code", "a.flag"),)


def test_a_partly_known_fact_is_asked_for_only_if_its_rest_matters():
    number = book_of(rule(0, Test("a.number", Op.AT_LEAST, (3,)), Test("a.flag", Op.IS, (True,))))
    facts: dict[str, object] = {"order.date": TODAY}
    assert settling(number, "test.answer", {**facts, "a.number": Interval(3, 9)}) == (("a.flag",),)
    assert settling(number, "test.answer", {**facts, "a.number": Interval(2, 9), "a.flag": True}) == (
        ("a.number",),
    )
    code = book_of(rule(0, Test("a.hs", Op.STARTS_WITH, ("2204",))))
    assert settling(code, "test.answer", {**facts, "a.hs": Prefix("22")}) == (("a.hs",),)
    choice = book_of(rule(0, Test("a.code", Op.IS, ("x",))))
    assert settling(choice, "test.answer", {**facts, "a.code": Choice(frozenset({"x", "y"}))}) == (
        ("a.code",),
    )


def test_the_date_is_asked_for_where_it_decides():
    book = book_of(rule(0, valid=Validity(until=TODAY)), rule(1, valid=Validity(start=TODAY)))
    assert settling(book, "test.answer", {}) == (("order.date",),)
    window = Interval(date(2026, 6, 1), date(2026, 8, 1))
    assert settling(book, "test.answer", {"order.date": window}) == (("order.date",),)


def test_a_fact_of_lines_is_asked_for_once_for_all_of_them():
    book = book_of(rule(0, Quantified("every", "line", All((Test("l.flag", Op.IS, (True,)),)))))
    facts: dict[str, object] = {"order.date": TODAY}
    assert settling(book, "test.answer", facts, {"line": [{}, {"l.flag": True}, {}]}) == (("l.flag",),)
