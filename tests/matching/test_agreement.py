"""The bitset index and the reference matcher give the same answer, rule by rule and outcome by outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from domain import Truth
from engine.rulebook.naive import judge
from engine.rulebook.outcome import Epoch
from engine.rulebook.rows import RowLimit
from engine.rulebook.tree import Hit
from tests.matching.generate import generate, zones

CASES = 10_000


class _Zones(dict[str, object]):
    """The generator's made-up zones, in the shape the index asks."""

    def get(self, name: object, default: object = None) -> object:
        return _Zone(str(name))


class _Zone:
    def __init__(self, name: str) -> None:
        self.name = name

    def contains(self, place: object, drawn: object = None) -> Truth:
        return zones(self.name, place)


def _disagreements(seed: int, count: int) -> list[str]:
    found = []
    made: dict[int, Epoch | None] = {}
    keep = []  # decisions stay alive, so that their ids stay theirs
    for decision, facts, members in generate(seed, count):
        if id(decision) not in made:
            keep.append(decision)
            try:
                made[id(decision)] = Epoch(decision, _Zones())  # type: ignore[arg-type]
            except RowLimit:
                made[id(decision)] = None
        epoch = made[id(decision)]
        if epoch is None:
            continue
        answer = epoch.ask(facts, members)
        verdict = judge(decision, facts, members, zones)
        if (frozenset(answer.holds), frozenset(answer.may)) != (verdict.holds, verdict.may):
            found.append(
                f"{decision.id}: rules {answer.holds} {answer.may} against {verdict.holds} {verdict.may}"
            )
        elif _shown(answer.decided, answer.certain, answer.possible, decision.hit) != _shown(
            verdict.decided, verdict.certain, verdict.possible, decision.hit
        ):
            found.append(f"{decision.id} {decision.hit}: {answer} against {verdict}")
        elif answer.by != verdict.by:
            found.append(f"{decision.id} {decision.hit}: by {answer.by} against {verdict.by}")
    return found


def _shown(
    decided: bool, certain: tuple[object, ...], possible: tuple[object, ...], hit: Hit
) -> tuple[object, ...]:
    """The two write an undecided sum differently: the reference repeats the lower end as certain."""
    return decided, () if hit is Hit.SUM and not decided else certain, tuple(map(repr, possible))


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_the_index_agrees_with_the_reference_on_generated_cases(seed: int) -> None:
    assert _disagreements(seed, CASES // 4) == []


def test_a_bug_put_into_one_matcher_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    from engine.rulebook import index, rows

    honest = rows.truth

    def careless(literal: object, value: object, zones: Mapping[str, object], drawn: object = None) -> Truth:
        answer = honest(literal, value, zones, drawn)  # type: ignore[arg-type]
        return Truth.NO if answer is Truth.MAYBE else answer  # the classic: missing read as false

    monkeypatch.setattr(index, "truth", careless)
    assert _disagreements(1, 400) != []


def test_totality_only_ever_removes_otherwise() -> None:
    for decision, facts, members in generate(5, 500):
        try:
            plain = Epoch(decision, _Zones())  # type: ignore[arg-type]
            total = Epoch(replace(decision), _Zones(), total=True)  # type: ignore[arg-type]
        except RowLimit:
            continue
        first, second = plain.ask(facts, members), total.ask(facts, members)
        assert set(second.possible) | set(second.certain) <= set(first.possible) | set(first.certain)
