"""A decision matched in two steps answers as in one, and long columns read by sorted cuts as one by one."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from domain import NOT_APPLICABLE, Choice, Interval
from engine.rulebook.naive import judge
from engine.rulebook.outcome import Epoch
from engine.rulebook.rows import RowLimit
from engine.rulebook.tree import All, Decision, Hit, Op, Rule, Test, Yields
from tests.matching.generate import generate
from tests.matching.test_agreement import _Zones


@pytest.mark.parametrize("seed", [11, 12])
def test_matching_some_facts_later_changes_no_answer(seed: int) -> None:
    rng, tried = random.Random(seed), 0
    before: dict[str, object] = {}
    for decision, facts, members in generate(seed, 1_500):
        try:
            epoch = Epoch(decision, _Zones())  # type: ignore[arg-type]
        except RowLimit:
            continue
        later = frozenset(rng.sample(sorted(epoch.index.facts), len(epoch.index.facts) // 2))
        begun_with = {**facts, **{name: before[name] for name in later if name in before}}
        narrowed = epoch.narrow(begun_with, members, later)
        assert narrowed.ask(facts) == epoch.ask(facts, members)
        tried += bool(later)
        before = {**before, **facts}
    assert tried > 500


def test_an_answer_that_is_remembered_is_the_answer_given_first() -> None:
    rule = Rule("heavy", "demo", All((Test("weight", Op.MORE_THAN, (10,)),)), "two_person")
    epoch = Epoch(Decision("demo", "order", Yields("code"), "day", Hit.UNIQUE, "home", (rule,)), {})
    assert epoch.ask({"weight": 11}) is epoch.ask({"weight": 12})
    assert epoch.ask({"weight": 9}).value == "home"
    assert epoch.ask({}).possible == ("home", "two_person")


OPERATORS = (Op.AT_LEAST, Op.MORE_THAN, Op.AT_MOST, Op.LESS_THAN, Op.IS, Op.NOT)


def _long_decision(rng: random.Random) -> Decision:
    rules = []
    for number in range(60):
        low = rng.randrange(40)
        tests = [Test("amount", rng.choice(OPERATORS), (Decimal(low),))]
        if number % 3 == 0:  # a second test on the same column
            tests.append(Test("amount", Op.BETWEEN, (Decimal(low - 5), Decimal(low + 5))))
        rules.append(Rule(f"r{number}", "demo", All(tuple(tests)), f"r{number}"))
    return Decision("demo", "order", Yields("code"), "day", Hit.COLLECT, (), tuple(rules))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_many_numbers_on_one_column_read_as_the_reference_reads_them(seed: int) -> None:
    decision = _long_decision(random.Random(seed))
    epoch = Epoch(decision, {})
    values: list[object] = [Decimal(number) / 2 for number in range(-4, 90)]
    values += [NOT_APPLICABLE, Interval(Decimal(3), Decimal(9)), Choice(frozenset({Decimal(1), Decimal(30)}))]
    for facts in ({}, *({"amount": value} for value in values)):
        answer, verdict = epoch.ask(facts), judge(decision, facts)
        assert (frozenset(answer.holds), frozenset(answer.may)) == (verdict.holds, verdict.may), facts
