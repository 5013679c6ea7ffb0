"""Index, reference and durable-rules on 10,000 generated cases: no rule and no outcome judged differently."""

from __future__ import annotations

import importlib.util
from dataclasses import replace

import pytest

from domain import Truth
from engine.rulebook import index, rows
from engine.rulebook.durable import NotExpressed, SecondOpinion, coverage
from engine.rulebook.naive import judge
from engine.rulebook.outcome import Epoch
from engine.rulebook.rows import RowLimit
from engine.rulebook.tree import Hit
from tests.matching.generate import KNOWN, PLAIN, Case, Seeded, Shape, generate, zones

ODD = Shape(about_input=40, missing=25, not_applicable=15)
SHAPES = ((101, PLAIN, 5_000), (102, KNOWN, 2_500), (103, ODD, 2_500))
needs_durable = pytest.mark.skipif(
    importlib.util.find_spec("durable") is None,
    reason="durable-rules is not installed (the verify extra; it needs a C compiler)",
)


class _Zone:
    """A made-up zone in the shape the index asks; one object for each, as in a rulebook."""

    def __init__(self, name: str) -> None:
        self.name = name

    def contains(self, place: object, drawn: object = None) -> Truth:
        return zones(self.name, place)


ZONES = {name: _Zone(name) for name in ("near", "far", "empty")}


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    """More than 10,000 cases of everyday, fully known and odd shapes, all within the row limit."""
    found = [case for seed, shape, count in SHAPES for case in generate(seed, count + count // 50, shape)]
    return [case for case in found if _epoch(case) is not None]


_made: dict[int, tuple[object, Epoch | None]] = {}


def _epoch(case: Case) -> Epoch | None:
    decision = case[0]
    if id(decision) not in _made:
        try:
            _made[id(decision)] = decision, Epoch(decision, ZONES)  # type: ignore[arg-type]
        except RowLimit:
            _made[id(decision)] = decision, None
    return _made[id(decision)][1]


def _differences(cases: list[Case]) -> list[str]:
    """Where index and reference differ on rules, outcome or speakers."""
    found = []
    for number, case in enumerate(cases):
        decision, facts, members = case
        epoch = _epoch(case)
        assert epoch is not None
        verdict = judge(decision, facts, members, zones)
        later = frozenset(name for turn, name in enumerate(sorted(facts)) if (turn + number) % 2)
        early = {name: value for name, value in facts.items() if name not in later}
        answers = {
            "at once": epoch.ask(facts, members),
            "in two steps": epoch.narrow(early, members, later).ask(facts),
        }
        for way, answer in answers.items():
            unsure_sum = decision.hit is Hit.SUM and not verdict.decided
            certain = () if unsure_sum else verdict.certain
            rules = frozenset(answer.holds), frozenset(answer.may), answer.by
            outcome = answer.decided, answer.certain, answer.possible
            if rules != (verdict.holds, verdict.may, verdict.by) or outcome != (
                verdict.decided,
                certain,
                verdict.possible,
            ):
                found.append(f"case {number}, {way}: {answer} against {verdict}")
    return found


def test_there_are_ten_thousand_cases_of_every_hit_policy(cases):
    assert len(cases) >= 10_000
    assert {decision.hit for decision, _, _ in cases} == set(Hit)


def test_index_and_reference_agree_on_every_case_asked_at_once_and_in_two_steps(cases):
    assert _differences(cases) == []


@needs_durable
def test_durable_rules_agrees_on_all_it_can_express_of_ten_thousand_cases(cases, record_property):
    opinions = SecondOpinion([decision for decision, _, _ in cases]).judge_many(cases, zones)
    differ = []
    for (decision, facts, members), said in zip(cases, opinions, strict=True):
        unsaid = said.unsaid.keys() if isinstance(said, NotExpressed) else set()
        holds = said.holds if isinstance(said, NotExpressed) else said
        if holds != judge(decision, facts, members, zones).holds - unsaid:
            differ.append((decision.id, facts, members, holds))
    tally = coverage(cases, opinions)
    told = (
        f"durable-rules expressed {tally.whole} of {tally.cases} generated cases whole "
        f"and {tally.said} of {tally.rules} answers about a rule"
    )
    record_property("said", told)
    assert differ == []
    assert tally.said * 2 > tally.rules, tally
    assert tally.whole * 4 > tally.cases, tally


@pytest.mark.parametrize("wrong", [Truth.MAYBE, Truth.NO, Truth.YES])
def test_an_index_that_reads_one_truth_for_another_is_found_out(monkeypatch, wrong):
    turned = {Truth.MAYBE: Truth.NO, Truth.NO: Truth.MAYBE, Truth.YES: Truth.NO}

    def careless(*asked):
        said = rows.truth(*asked)
        return turned[wrong] if said is wrong else said

    monkeypatch.setattr(index, "truth", careless)
    some = [(replace(decision), facts, members) for decision, facts, members in generate(104, 300)]
    assert _differences([case for case in some if _epoch(case) is not None]) != []


def test_a_case_is_the_same_whatever_order_its_facts_are_given_in(cases):
    dice = Seeded(1)
    for case in cases[::50]:
        _, facts, members = case
        names = sorted(facts, key=lambda _: dice.number(0, 10**6))
        epoch = _epoch(case)
        assert epoch is not None
        assert epoch.ask({name: facts[name] for name in names}, members) == epoch.ask(facts, members)
