"""The examples inside rule files, run as tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from engine.rulebook.book import Rulebook
from engine.rulebook.outcome import Answer
from engine.rulebook.tree import CANNOT_DETERMINE, Example, Hit, Rule

__all__ = ["ExampleResult", "run_examples"]


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """One example: what was expected, what came out."""

    rule: str
    place: str
    passed: bool
    expected: str
    got: str


def day_of(rule: Rule, example: Example) -> date:
    """The day an example is read on: its own ``on``, else the rule's first (or last) valid day."""
    on = example.given.get("on")
    if isinstance(on, date):
        return on
    if rule.validity.start is not None:
        return rule.validity.start
    if rule.validity.until is not None:
        return rule.validity.until - timedelta(days=1)
    return date(2026, 1, 1)


def run_examples(book: Rulebook) -> Iterator[ExampleResult]:
    """Every example of every rule, in the order of decisions."""
    for decision in book.decisions.values():
        for rule in decision.rules:
            for example in rule.examples:
                facts = {name: value for name, value in example.given.items() if name != "on"}
                facts.setdefault(decision.dated_by, day_of(rule, example))
                members = {"line": (), **example.members} if decision.per != "line" else {}
                answer = book.ask(decision.id, facts, members)
                passed, expected = _met(rule, example, answer, decision.hit)
                got = f"{answer.certain or answer.possible} by {', '.join(answer.by) or 'no rule'}"
                yield ExampleResult(rule.id, str(example.place), passed, expected, got)


def _met(rule: Rule, example: Example, answer: Answer, hit: Hit) -> tuple[bool, str]:
    expect = example.expect
    speaks = rule.id in answer.sure_by
    if expect == "this":
        return speaks, f"{rule.id} speaks"
    if expect == "not this":
        return not speaks and rule.id not in answer.by, f"{rule.id} is silent"
    if expect == CANNOT_DETERMINE:
        return not answer.decided, "not determined"
    if hit is Hit.COLLECT:
        return expect in answer.certain, f"{expect!r} among the answers"
    return answer.decided and answer.value == expect, repr(expect)
