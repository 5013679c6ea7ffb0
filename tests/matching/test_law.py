"""What holds for every decision and every case: the law, and what completions make of a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import NOT_APPLICABLE, Choice, Interval, Prefix, Truth
from engine.rulebook.naive import Verdict, judge
from engine.rulebook.naive.answers import answer
from engine.rulebook.tree import CANNOT_DETERMINE, Decision, Hit, Op
from tests.matching.generate import (
    KINDS,
    SCOPES,
    SMALL_KINDS,
    TINY,
    Facts,
    Members,
    Seeded,
    Shape,
    build_partial,
    build_test,
    domain_of,
    generate,
    zones,
)
from tests.matching.strategies import cases, decisions, refinements

NO, MAYBE, YES = Truth.NO, Truth.MAYBE, Truth.YES
# Tiny, and more of it open than in everyday cases: what the exhaustive check lives on.
OPEN = replace(TINY, missing=30, partial=30)


def dense(fact: str) -> Sequence[object]:
    """Values of the fact close enough together that any test tells some of them apart."""
    match KINDS[fact]:
        case "int" | "decimal":
            ends = sorted({Decimal(str(value)) for value in domain_of(fact)})
            between = [(low + high) / 2 for low, high in pairwise(ends)]
            return [ends[0] - 1, *ends, *between, ends[-1] + 1]
        case "text":
            stems = (*map(str, domain_of(fact)), "8", "9", "841")
            return [stem + more for stem in stems for more in ("", "x")]
        case _:
            return domain_of(fact)


def completes(value: object, known: object) -> bool:
    if value is NOT_APPLICABLE:
        return known is NOT_APPLICABLE
    match known:
        case Prefix(text):
            return str(value).startswith(text)
        case Choice(values):
            return value in values
        case Interval(low, high):
            return (low is None or value >= low) and (high is None or value <= high)  # type: ignore[operator]
        case _:
            return value == known


@pytest.mark.parametrize("fact", [fact for fact in KINDS if KINDS[fact] != "date"])
def test_a_test_of_a_partly_known_fact_answers_exactly_what_its_completions_agree_on(fact):
    dice = Seeded(1)
    told = set()
    for _ in range(300):
        test, known = build_test(dice, [fact]), build_partial(dice, fact)
        values = {*dense(fact), f"{known.text}~"} if isinstance(known, Prefix) else {*dense(fact)}
        answers = {answer(test, {fact: value}, zones) for value in values if completes(value, known)}
        expected = answers.pop() if len(answers) == 1 else MAYBE
        assert answer(test, {fact: known}, zones) is expected, (test, known)
        told.add(expected)
    assert told == {NO, MAYBE, YES}


# ---------------------------------------------------------------- the law


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_adding_a_fact_never_changes_a_decided_outcome_and_only_narrows_an_open_one(data):
    case = data.draw(decisions())
    facts, members = data.draw(cases(case))
    before = judge(case, facts, members, zones)
    more, more_members = data.draw(refinements(facts, members))
    after = judge(case, more, more_members, zones)
    _assert_narrower(case, before, after)


def test_the_law_holds_on_thousands_of_seeded_cases_with_one_value_completed():
    changed = 0
    for number, (case, facts, members) in enumerate(generate(2, 3000)):
        dice = Seeded(number)
        fact = dice.pick([fact for fact in KINDS if KINDS[fact] not in ("text", "set")])
        if fact.startswith(("line.", "parcel.")) or isinstance(facts.get(fact), bool | int | str):
            continue
        values = [value for value in domain_of(fact) if fact not in facts or completes(value, facts[fact])]
        before = judge(case, facts, members, zones)
        for value in values:
            after = judge(case, {**facts, fact: value}, members, zones)
            _assert_narrower(case, before, after)
            changed += after != before
    assert changed > 100


def outcomes(verdict: Verdict) -> set[object]:
    return {*verdict.certain, *verdict.possible}


def _assert_narrower(case: Decision, before: Verdict, after: Verdict) -> None:
    assert before.holds <= after.holds
    assert after.holds | after.may <= before.holds | before.may
    if before.decided:
        assert after.decided
        assert set(after.certain) == set(before.certain)
    match case.hit:
        case Hit.COLLECT:
            assert set(before.certain) <= set(after.certain)
            assert outcomes(after) <= outcomes(before)
        case Hit.SUM:
            assert _low(before) <= _low(after) <= _high(after) <= _high(before)
        case _:
            assert outcomes(after) <= outcomes(before)


def _low(verdict: Verdict) -> Decimal:
    return min(Decimal(str(bound)) for bound in outcomes(verdict))


def _high(verdict: Verdict) -> Decimal:
    return max(Decimal(str(bound)) for bound in outcomes(verdict))


# ---------------------------------------------------------------- completions


def ways(scope: str, facts: Facts) -> list[Facts]:
    """Every way in which tiny facts may turn out; what is missing may also prove not to apply."""
    names = [fact for fact in SCOPES[scope] if KINDS[fact] in SMALL_KINDS]
    values: list[list[object]] = []
    for fact in names:
        full = [*domain_of(fact), NOT_APPLICABLE]
        values.append([value for value in full if fact not in facts or completes(value, facts[fact])])
    return [dict(zip(names, way, strict=True)) for way in product(*values)]


def line_ways(members: Members) -> list[Members]:
    """Every way for the lines, of which there may also be none or one where they are not known."""
    known = members.get("line")
    if known is None:
        one: list[Members] = [{"line": (line,)} for line in ways("line", {})]
        return [{"line": ()}, *one]
    return [{"line": lines} for lines in product(*(ways("line", line) for line in known))]


def test_a_decided_outcome_is_the_outcome_of_every_completion_and_an_open_one_has_room_for_each():
    seen = {True: 0, False: 0}
    no_parcels: Members = {"parcel": ()}
    for case, facts, drawn in generate(3, 4000, OPEN):
        members = {**drawn, **no_parcels}
        if len(ways("order", facts)) > 60 or len(line_ways(members)) > 30:
            continue
        verdict = judge(case, facts, members, zones)
        if not verdict.may:
            continue
        seen[verdict.decided] += 1
        for way, lines in product(ways("order", facts), line_ways(members)):
            complete = judge(case, way, {**lines, **no_parcels}, zones)
            assert not complete.may
            _assert_narrower(case, verdict, complete)
            if verdict.decided:
                assert complete.decided
    assert min(seen.values()) > 50, seen


def test_an_open_outcome_of_one_unknown_fact_is_really_reached_unless_logic_is_three_valued():
    """Kleene's logic may leave open what no completion reaches (``x`` or not ``x``), but seldom."""
    reached = possible = 0
    members: Members = {"line": (), "parcel": ()}
    for case, facts, _ in generate(4, 3000, OPEN):
        if case.hit is Hit.SUM or len(ways("order", facts)) > 200:
            continue
        verdict = judge(case, facts, members, zones)
        if verdict.decided or not verdict.may:
            continue
        ends: set[object] = set()
        for way in ways("order", facts):
            ends |= outcomes(judge(case, way, members, zones))
        possible += len(outcomes(verdict))
        reached += len(outcomes(verdict) & ends)
    assert possible > 200
    assert reached / possible > 0.9, (reached, possible)


def test_where_all_is_known_only_a_contradiction_or_cannot_determine_stays_open():
    known = Shape(missing=0, partial=0, unknown_members=0)
    for case, facts, members in generate(5, 2000, known):
        verdict = judge(case, facts, members, zones)
        assert not verdict.may
        if not verdict.decided:
            assert case.hit is Hit.UNIQUE or verdict.possible == (CANNOT_DETERMINE,)
            assert len(verdict.possible) > 1 or verdict.possible == (CANNOT_DETERMINE,)


def test_the_same_seed_makes_the_same_cases_and_another_seed_others():
    one, same, other = (list(generate(seed, 40)) for seed in (7, 7, 8))
    assert one == same
    assert one != other


def test_generated_cases_meet_every_hit_policy_operator_and_state_of_knowledge():
    text = "".join(repr(case) for case in generate(9, 800, Shape(about_input=30)))
    for word in (
        "Op.",
        "Prefix(",
        "Choice(",
        "Interval(",
        "NOT_APPLICABLE",
        "Quantified(",
        "NoneOf(",
        "Any(",
    ):
        assert word in text

    assert {op for op in Op if repr(op) not in text} == set()
    assert {hit for hit in Hit if repr(hit) not in text} == set()
