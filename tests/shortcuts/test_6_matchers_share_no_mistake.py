"""Shortcut 6, matchers that agree because they share code: a bug put into the reference is noticed too."""

from __future__ import annotations

import pytest

from domain import Truth
from engine.rulebook import index
from engine.rulebook.naive import answers, conditions
from engine.rulebook.tree import Node, Op, Test
from tests.matching.test_agreement import _disagreements

CASES = 400


def test_the_honest_matchers_agree_on_these_cases() -> None:
    assert _disagreements(1, CASES) == []


def test_a_reference_that_reads_missing_as_false_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = conditions.truth

    def careless(node: Node, *rest: object) -> Truth:
        found = honest(node, *rest)  # type: ignore[arg-type]
        return Truth.NO if isinstance(node, Test) and found is Truth.MAYBE else found

    monkeypatch.setattr(conditions, "truth", careless)
    assert _disagreements(1, CASES) != []


def test_a_reference_that_forgets_the_base_of_an_exception_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(conditions, "bases", lambda decision, rule: [])
    assert _disagreements(1, CASES) != []


def test_a_reference_wrong_by_one_at_a_bound_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = answers.answer

    def careless(test: Test, facts: object, zones: object) -> Truth:
        if test.op is Op.AT_LEAST:
            test = Test(test.fact, Op.MORE_THAN, test.operand)
        return honest(test, facts, zones)  # type: ignore[arg-type]

    monkeypatch.setattr(conditions, "answer", careless)
    assert _disagreements(1, CASES * 5) != []


def test_the_two_matchers_share_no_function_that_judges() -> None:
    """Neither takes anything from the modules in which the other judges values and conditions."""
    theirs = {name: getattr(value, "__module__", "") for name, value in vars(index).items()}
    assert not {name for name, home in theirs.items() if str(home).startswith("engine.rulebook.naive")}
    for module in (answers, conditions):
        ours = {name: getattr(value, "__module__", "") for name, value in vars(module).items()}
        assert not {
            name for name, home in ours.items() if home in (index.__name__, "engine.rulebook.literals")
        }
