"""What the rules forbid, require and hold, with who said so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.asking import Asker, Said
from engine.rulebook import Record

__all__ = ["Rejections", "Verdict", "judge_goods", "judge_simple"]

LEGAL = "compliance."


@dataclass
class Verdict:
    """The sum of what several decisions said about one candidate."""

    forbids: list[tuple[str, str]] = field(default_factory=list)  # (code, rule)
    holds: list[tuple[str, str]] = field(default_factory=list)
    needs: list[tuple[str, ...]] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)

    def take(self, other: Verdict) -> None:
        """Add another verdict."""
        self.forbids += other.forbids
        self.holds += other.holds
        self.needs += other.needs
        self.said += other.said


def judge_simple(
    asker: Asker,
    decision: str,
    facts: dict[str, object],
    members: Mapping[str, Sequence[Mapping[str, object]]] | None,
    forbidding: frozenset[str],
) -> Verdict:
    """A collect decision of codes: those in ``forbidding`` forbid, ``hold`` holds, open ones need facts."""
    verdict = Verdict()
    said = asker.ask(decision, facts, members)
    answer = said.answer
    if answer.sure_by or answer.possible:
        verdict.said.append(said)
    for rule in answer.sure_by:
        outcome = asker.book.rules[rule].then
        (verdict.forbids if outcome in forbidding else verdict.holds).append((decision, rule))
    if answer.possible:
        verdict.needs += asker.needs(said)
    return verdict


def judge_goods(asker: Asker, facts: dict[str, object]) -> Verdict:
    """``compliance.goods`` for one line: records with effect and code."""
    verdict = Verdict()
    said = asker.ask("compliance.goods", facts)
    if said.answer.sure_by or said.answer.possible:
        verdict.said.append(said)
    for rule in said.answer.sure_by:
        outcome = asker.book.rules[rule].then
        if isinstance(outcome, Record):
            target = verdict.forbids if outcome["effect"] == "forbid" else verdict.holds
            target.append((str(outcome["code"]), rule))
    if said.answer.possible:
        verdict.needs += asker.needs(said)
    return verdict


@dataclass
class _Rejected:
    """Candidates turned away for one reason."""

    count: int = 0
    samples: list[str] = field(default_factory=list)
    arguments: dict[str, object] = field(default_factory=dict)


class Rejections:
    """Why candidates were not taken: grouped by stage, code and rule, with counts and samples."""

    SAMPLES = 5

    def __init__(self) -> None:
        self._groups: dict[tuple[str, str, str], _Rejected] = {}

    def add(self, stage: str, code: str, rule: str = "", sample: str = "", **arguments: object) -> None:
        """Count one rejection."""
        self._add((stage, code, rule), 1, [sample] if sample else [], arguments)

    def take(self, other: Rejections) -> None:
        """Count what another one counted."""
        for key, group in other._groups.items():
            self._add(key, group.count, group.samples, group.arguments)

    def _add(
        self, key: tuple[str, str, str], count: int, samples: Sequence[str], arguments: Mapping[str, object]
    ) -> None:
        held = self._groups.setdefault(key, _Rejected())
        held.count += count
        held.samples += [each for each in samples if each not in held.samples]
        del held.samples[self.SAMPLES :]
        held.arguments.update(arguments)

    def codes(self) -> set[tuple[str, str, str]]:
        """What was rejected, for settling the status."""
        return set(self._groups)

    def legal(self) -> bool:
        """Whether the law refused something."""
        return any(stage == "compliance" for stage, _, _ in self._groups)

    def to_json(self) -> list[dict[str, object]]:
        """Sorted groups."""
        out = []
        for (stage, code, rule), group in sorted(self._groups.items(), key=lambda item: item[0]):
            body: dict[str, object] = {
                "stage": stage,
                "code": code,
                "count": group.count,
                "samples": sorted(group.samples),
            }
            if rule:
                body["rule"] = rule
            if group.arguments:
                body["arguments"] = {key: str(value) for key, value in sorted(group.arguments.items())}
            out.append(body)
        return out
