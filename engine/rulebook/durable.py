"""The second opinion: which rules hold, by code we did not write.

durable-rules (a Rete network in C) gets the same typed rules as the other
matchers and judges the same cases, in short-lived processes of its own. It
checks what it can express and says what it cannot; that it crashes, hangs or is
not installed never stops anybody from deciding.
"""

from __future__ import annotations

import importlib.util
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain import InputError, Truth
from engine.rulebook.durable_cases import Body, Context, Translation, Zones, fold, places, translate
from engine.rulebook.durable_runs import WORKER, Answer, Runner, Unit, VerifyUnavailable, unavailable
from engine.rulebook.tree import Decision

__all__ = ["Case", "Coverage", "NotExpressed", "SecondOpinion", "VerifyUnavailable", "coverage"]

Case = tuple[Decision, Mapping[str, object], Mapping[str, Sequence[Mapping[str, object]]]]


@dataclass(frozen=True, slots=True)
class NotExpressed:
    """Not the whole answer: of the rules that are not ``unsaid`` (rule id to reason), ``holds`` hold."""

    reason: str
    unsaid: Mapping[str, str]
    holds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much was checked: whole cases, and answers about one rule in one case."""

    cases: int
    whole: int
    rules: int
    said: int
    reasons: Mapping[str, int]


def coverage(cases: Sequence[Case], opinions: Sequence[frozenset[str] | NotExpressed]) -> Coverage:
    """The tally of a run; ``reasons`` counts the rules left unsaid, fact names taken off."""
    reasons: Counter[str] = Counter()
    for opinion in opinions:
        if isinstance(opinion, NotExpressed):
            reasons.update(reason.partition(" (")[0] for reason in opinion.unsaid.values())
    rules = sum(len(decision.rules) for decision, _, _ in cases)
    whole = sum(isinstance(opinion, frozenset) for opinion in opinions)
    return Coverage(len(cases), whole, rules, rules - reasons.total(), dict(reasons.most_common()))


def _no_map(zone: str, value: object) -> Truth:  # noqa: ARG001 - the shape of every zone test
    return Truth.MAYBE


class SecondOpinion:
    """durable-rules' view of some resolved decisions.

    ``seconds`` and ``megabytes`` limit each of its processes. Raises
    ``VerifyUnavailable`` where the package is not installed.
    """

    def __init__(
        self,
        decisions: Sequence[Decision],
        *,
        seconds: int = 60,
        megabytes: int = 2048,
        worker: Sequence[str] = WORKER,
    ) -> None:
        if worker is WORKER and importlib.util.find_spec("durable") is None:
            raise unavailable("durable-rules is not installed")
        self._seconds, self._megabytes, self._worker = seconds, megabytes, tuple(worker)
        self._translations: list[Translation] = []
        self._gates: dict[int, int] = {}
        for decision in decisions:
            if id(decision) not in self._gates:
                self._gates[id(decision)] = len(self._translations)
                self._translations.append(translate(decision))

    def judge_many(
        self, cases: Sequence[Case], zones: Zones = _no_map
    ) -> list[frozenset[str] | NotExpressed]:
        """For each case the ids of the rules that surely hold, on their effective condition.

        Where not all could be said: ``NotExpressed`` with what could. The
        answers of ``zones`` are taken as given. ``InputError`` for a decision
        that was not named at the beginning.
        """
        rooted: list[tuple[int, Context]] = []
        for decision, facts, members in cases:
            gate = self._gates.get(id(decision))
            if gate is None:
                raise InputError(
                    f"{decision.id!r} is not among the decisions of this second opinion",
                    code="verify.unknown_decision",
                )
            rooted.append((gate, Context.read(facts, members, self._translations[gate].names, zones)))
        runner = Runner(self._worker, self._seconds, self._megabytes)
        self._quantifiers(runner, rooted, zones)
        units = [
            Unit(gate, rule, each)
            for gate, translation in enumerate(self._translations)
            for rule, each in translation.rules.items()
        ]
        answers = runner.ask(units, rooted)
        return [self._opinion(gate, root, answers) for gate, root in rooted]

    def _quantifiers(self, runner: Runner, rooted: Sequence[tuple[int, Context]], zones: Zones) -> None:
        """Answer the quantifiers, the innermost first, into the fields of the contexts around them."""
        asked: list[tuple[int, Context, Body, list[Context] | None]] = []
        for gate, root in rooted:
            translation = self._translations[gate]
            asked += [(gate, *place) for place in places(root, translation.outer, translation, zones)]
        for height in sorted({body.height for _, _, body, _ in asked}):
            here = [each for each in asked if each[2].height == height]
            bodies = {(gate, body.field): body for gate, _, body, _ in here}
            units = [
                Unit(gate, name + end, each)
                for (gate, name), body in bodies.items()
                for end, each in (("y", body.yes), ("n", body.no))
            ]
            members = {id(one): (gate, one) for gate, _, _, within in here for one in within or ()}
            answers = runner.ask(units, list(members.values()))
            for gate, around, body, within in here:
                self._settle(self._translations[gate], around, body, within, answers)

    def _settle(
        self,
        translation: Translation,
        around: Context,
        body: Body,
        within: list[Context] | None,
        answers: Mapping[tuple[int, str], Answer],
    ) -> None:
        if within is None:
            return
        owners = translation.owners(body.yes, body.no)
        for member in within:
            for end in "yn":
                failure = answers[id(member), body.field + end].failure
                if reason := failure or next((member.blocked[o] for o in owners if o in member.blocked), ""):
                    around.blocked[body.field] = reason
                    return
        yes, no = (
            [body.field + end in answers[id(one), body.field + end].holds for one in within] for end in "yn"
        )
        answer = fold(body.node.quantifier, yes, no)
        if answer is not None:
            around.fields[body.field] = answer

    def _opinion(
        self, gate: int, root: Context, answers: Mapping[tuple[int, str], Answer]
    ) -> frozenset[str] | NotExpressed:
        translation = self._translations[gate]
        unsaid, holds = dict(translation.unsaid), set()
        for rule, each in translation.rules.items():
            answer = answers[id(root), rule]
            blocked = [root.blocked[owner] for owner in translation.owners(each) if owner in root.blocked]
            if blocked or answer.failure:
                unsaid[rule] = min(blocked, default=answer.failure)
            elif rule in answer.holds:
                holds.add(rule)
        if not unsaid:
            return frozenset(holds)
        return NotExpressed("; ".join(sorted(set(unsaid.values()))), unsaid, frozenset(holds))
