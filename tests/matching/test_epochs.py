"""A date known only as a span of days: the answer is what all days of the span make of it together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import Choice, Interval, Money
from engine.rulebook import Answer, Fact, FactType, Rulebook, Vocabulary
from engine.rulebook.defs import Sources
from engine.rulebook.epochs import walk
from engine.rulebook.naive import Verdict, judge
from engine.rulebook.outcome import merge
from engine.rulebook.settle import MAX_SIZE, settling
from engine.rulebook.tree import (
    CANNOT_DETERMINE,
    All,
    Decision,
    Hit,
    Op,
    Quantified,
    Rule,
    Test,
    Validity,
    Yields,
)
from tests.matching.generate import (
    KINDS,
    TINY,
    Case,
    Members,
    Seeded,
    Shape,
    build_case,
    build_decision,
    domain_of,
)

DAYS = tuple(date(2026, 1, 1) + timedelta(days=number) for number in range(24))
SMALL = Shape(rules=(1, 6), parts=2, depth=2, quantifiers=False, tiny=True, missing=25, partial=10)
SINGLE = (Hit.UNIQUE, Hit.FIRST)
TYPES = {"set": "codes", "text": "hs"}


def book_of(decision: Decision) -> Rulebook:
    def scope(name: str) -> str:
        return "line" if name.startswith(("line.", "parcel.")) else "order"

    words = Vocabulary.of(
        Fact(name, scope(name), FactType(TYPES.get(kind, kind))) for name, kind in KINDS.items()
    )
    return Rulebook({decision.id: decision}, (decision.id,), Sources({}, {}), {}, words, "made up")


def dated(decision: Decision, dice: Seeded) -> Decision:
    """The same rules, each valid in a span of its own, some known only to a day."""
    rules = [
        replace(rule, validity=_span(dice), known_until=_known(decision, dice)) for rule in decision.rules
    ]
    return replace(decision, rules=tuple(rules), dated_by="order.day")


def _span(dice: Seeded) -> Validity:
    low, high = sorted((dice.number(1, 20), dice.number(1, 20)))
    return Validity(
        None if dice.chance(25) else DAYS[low], None if dice.chance(25) else DAYS[high] + timedelta(days=1)
    )


def _known(decision: Decision, dice: Seeded) -> date | None:
    return DAYS[dice.number(2, 20)] if decision.hit in SINGLE and dice.chance(15) else None


def on(decision: Decision, day: date) -> Decision:
    """The rules of one day, found by looking at each rule and all those it overrides."""
    table = {rule.id: rule for rule in decision.rules}

    def lives(rule: Rule) -> bool:
        return rule.validity.holds(day) and (rule.overrides is None or lives(table[rule.overrides]))

    def says(rule: Rule) -> Rule:
        past = rule.known_until is not None and day >= rule.known_until
        return replace(rule, then=CANNOT_DETERMINE) if past else rule

    return replace(decision, rules=tuple(says(rule) for rule in decision.rules if lives(rule)))


def outcomes(verdict: Verdict | Answer) -> set[object]:
    return {*verdict.certain, *verdict.possible}


def cases(seed: int, count: int, hits: Sequence[Hit] = tuple(Hit)) -> Iterator[Case]:
    dice = Seeded(seed)
    for _ in range(count):
        decision = dated(build_decision(dice, replace(SMALL, hits=tuple(hits))), dice)
        facts, members = build_case(dice, SMALL)
        yield decision, facts, members


def owed(case: Case, book: Rulebook, day: date) -> tuple[Verdict, set[object]]:
    """The reference's verdict of a day and its outcomes, without an otherwise that is proven out of reach."""
    decision, facts, members = case
    verdict = judge(on(decision, day), facts, members)
    total = book.question(decision.id).at(day).total and decision.hit in SINGLE and not verdict.holds
    said = {rule.then for rule in on(decision, day).rules if rule.id in verdict.by}
    return verdict, outcomes(verdict) & said if total and said else outcomes(verdict)


def spans(dice: Seeded) -> Iterator[tuple[object, Sequence[date]]]:
    for _ in range(3):
        low, high = sorted((dice.number(0, 23), dice.number(0, 23)))
        yield Interval(DAYS[low], DAYS[high]), DAYS[low : high + 1]
    yield DAYS[5], DAYS[5:6]
    yield None, DAYS


# ---------------------------------------------------------------- against every single day


@pytest.mark.parametrize("hit", Hit)
def test_the_answer_over_a_span_is_that_of_all_its_days_together(hit):
    dice = Seeded(1)
    straddled = 0
    for decision, facts, members in cases(17, 250, (hit,)):
        book = book_of(decision)
        for when, days in spans(dice):
            known = facts if when is None else {**facts, "order.day": when}
            answer = book.ask(decision.id, known, members)
            each = [owed((decision, facts, members), book, day) for day in days]
            straddled += len({frozenset(held) for _, held in each}) > 1
            _assert_together(hit, answer, each)
            assert set(answer.holds) == frozenset.intersection(*(verdict.holds for verdict, _ in each))
            assert {*answer.holds, *answer.may} == {
                rule for verdict, _ in each for rule in verdict.holds | verdict.may
            }
    assert straddled > 100


def _assert_together(hit: Hit, answer: Answer, each: Sequence[tuple[Verdict, set[object]]]) -> None:
    union = set().union(*(held for _, held in each))
    if hit is Hit.COLLECT:
        sure = set.intersection(*(set(verdict.certain) for verdict, _ in each))
        assert set(answer.certain) == sure
        assert outcomes(answer) == union
        assert answer.decided == (sure == union)
    elif hit is Hit.SUM:
        assert (min(outcomes(answer)), max(outcomes(answer))) == (min(union), max(union))  # type: ignore[type-var]
        assert answer.decided == (len(union) == 1)
    else:
        assert outcomes(answer) == union
        assert answer.decided == (len(union) == 1 and CANNOT_DETERMINE not in union)


def test_a_date_open_to_one_side_or_one_of_some_days_never_misses_an_outcome():
    for decision, facts, members in cases(18, 300):
        book = book_of(decision)
        open_dates: Mapping[object, Sequence[date]] = {
            Interval(None, DAYS[9]): DAYS[:10],
            Interval(DAYS[9], None): DAYS[9:],
            Choice(frozenset({DAYS[3], DAYS[15]})): (DAYS[3], DAYS[15]),
        }
        for when, days in open_dates.items():
            answer = book.ask(decision.id, {**facts, "order.day": when}, members)
            for day in days:
                then = book.ask(decision.id, {**facts, "order.day": day}, members)
                assert not answer.decided or (then.decided and set(then.certain) == set(answer.certain))
                if decision.hit is not Hit.SUM:
                    assert outcomes(then) <= outcomes(answer)


def test_a_rule_that_tests_the_date_it_is_dated_by_is_not_decided_too_soon():
    dice = Seeded(2)
    for _ in range(400):
        made = dated(build_decision(dice, replace(SMALL, tiny=False)), dice)
        decision = replace(made, dated_by="ship.day")
        facts, members = build_case(dice, SMALL)
        book, span = book_of(decision), (date(2026, 6, 29), date(2026, 7, 3))
        answer = book.ask(decision.id, {**facts, "ship.day": Interval(*span)}, members)
        for number in range(5):
            day = span[0] + timedelta(days=number)
            then = book.ask(decision.id, {**facts, "ship.day": day}, members)
            assert not answer.decided or (then.decided and set(then.certain) == set(answer.certain))


# ---------------------------------------------------------------- merge alone

NUMBERS = st.integers(-3, 3)
NAMES = st.sampled_from(("home", "shop", CANNOT_DETERMINE))


def _answer(hit: Hit, sure: Sequence[object], open_: Sequence[object]) -> Answer:
    if hit is Hit.COLLECT:
        possible = tuple(item for item in dict.fromkeys(open_) if item not in sure)
        return Answer("d", not possible, tuple(dict.fromkeys(sure)), possible, (), (), ())
    ends = sorted({*sure, *open_}, key=repr)
    if hit is Hit.SUM:
        ends = sorted({min(ends), max(ends)})  # type: ignore[type-var]
    decided = len(ends) == 1 and ends[0] != CANNOT_DETERMINE
    return Answer("d", decided, tuple(ends) if decided else (), () if decided else tuple(ends), (), (), ())


@st.composite
def answers(draw: st.DrawFn) -> tuple[Hit, list[Answer]]:
    hit = draw(st.sampled_from(list(Hit)))
    values = NUMBERS if hit is Hit.SUM else st.sampled_from(("home", "shop")) if hit is Hit.COLLECT else NAMES
    few = st.lists(values, min_size=0 if hit is Hit.COLLECT else 1, max_size=3)
    return hit, draw(
        st.lists(st.builds(lambda one, two: _answer(hit, one, two), few, few), min_size=1, max_size=4)
    )


@settings(max_examples=400, deadline=None)
@given(answers())
def test_a_merged_answer_is_decided_only_if_every_epoch_decides_the_same(made):
    hit, each = made
    merged = merge(each, hit)
    same = all(answer.decided and set(answer.certain) == set(each[0].certain) for answer in each)
    assert merged.decided == same
    for answer in each:
        if hit is Hit.SUM:
            ends = sorted(outcomes(merged))  # type: ignore[type-var]
            assert all(ends[0] <= item <= ends[-1] for item in outcomes(answer))  # type: ignore[operator]
        else:
            assert outcomes(answer) <= outcomes(merged)
            assert hit is not Hit.COLLECT or set(merged.certain) <= set(answer.certain)


@settings(max_examples=200, deadline=None)
@given(answers(), st.randoms(use_true_random=False))
def test_merging_knows_no_order_and_no_repetition(made, chance):
    hit, each = made
    merged = merge(each, hit)
    turned = [*each, *each]
    chance.shuffle(turned)
    again = merge(turned, hit)
    assert (again.decided, set(again.certain), set(again.possible)) == (
        merged.decided,
        set(merged.certain),
        set(merged.possible),
    )


def test_a_sum_of_money_and_a_day_on_which_no_rule_adds_anything_merge():
    nothing, five = _answer(Hit.SUM, (0,), ()), Answer("d", True, (Money(500, "EUR"),), (), (), (), ())
    merged = merge([nothing, five], Hit.SUM)
    assert not merged.decided
    assert set(merged.possible) == {Money(0, "EUR"), Money(500, "EUR")}


def test_a_sum_that_cannot_be_determined_on_one_day_is_not_determined():
    unknown = Answer("d", False, (), (CANNOT_DETERMINE,), (), (), ())
    merged = merge([_answer(Hit.SUM, (3,), ()), unknown], Hit.SUM)
    assert not merged.decided
    assert merged.possible == (CANNOT_DETERMINE,)


# ---------------------------------------------------------------- what would settle it


def test_a_set_of_facts_said_to_settle_a_decision_settles_it_whatever_they_are():
    dice = Seeded(3)
    tried = 0
    for _ in range(600):
        decision = build_decision(dice, replace(TINY, quantifiers=False, rules=(1, 4)))
        facts, members = build_case(dice, replace(TINY, missing=50, partial=0))
        if any(test.op is Op.IN_ZONE for rule in decision.rules for test, _ in walk(rule.when)):
            continue  # the made-up zones have no text from which a place could be made
        book = book_of(replace(decision, dated_by="order.day"))
        facts["order.day"] = DAYS[0]
        if book.ask(decision.id, facts, members).decided:
            continue
        claimed = settling(book, decision.id, facts, members)
        least = min(map(len, claimed), default=0)
        for chosen in claimed:
            assert len(chosen) == least
            if len(chosen) > MAX_SIZE:
                continue  # more than are tried: named, not proven
            tried += 1
            for values in product(*(domain_of(name) for name in chosen)):
                known = {**facts, **dict(zip(chosen, values, strict=True))}
                assert book.ask(decision.id, known, members).decided, (decision, facts, chosen, values)
    assert tried > 20


def test_a_fact_open_in_two_lines_settles_nothing_that_a_mixture_of_both_leaves_open():
    def some(value: bool) -> Quantified:
        return Quantified("any", "line", All((Test("line.gift", Op.IS, (value,)),)))

    checked = Test("buyer.checked", Op.IS, (True,))
    rule = Rule("mixed", "d", All((some(True), some(False), checked)), "van")
    book = book_of(Decision("d", "order", Yields("code"), "order.day", Hit.UNIQUE, "post", (rule,)))
    lines: Members = {"line": ({}, {})}
    assert book.ask("d", {"order.day": DAYS[0]}, {"line": ({"line.gift": True},) * 2}).decided
    claimed = settling(book, "d", {"order.day": DAYS[0]}, lines)
    assert claimed == (("buyer.checked", "line.gift"),)


def test_a_set_of_codes_settles_nothing_that_a_pair_of_them_leaves_open():
    labels = Test("goods.labels", Op.CONTAINS_ALL, ("food", "fragile"))
    none = Test("goods.labels", Op.CONTAINS_NONE, ("lithium",))
    rule = Rule("pair", "d", All((labels, none, Test("buyer.checked", Op.IS, (True,)))), "van")
    book = book_of(Decision("d", "order", Yields("code"), "order.day", Hit.UNIQUE, "post", (rule,)))
    assert settling(book, "d", {"order.day": DAYS[0]}) == (("buyer.checked", "goods.labels"),)
