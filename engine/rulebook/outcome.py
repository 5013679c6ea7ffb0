"""From rows that hold to an outcome: exceptions, hit policies, three-valued results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain import Money
from engine.rulebook.epochs import chain
from engine.rulebook.index import Drawn, RowIndex
from engine.rulebook.rows import Row, rule_rows
from engine.rulebook.tree import CANNOT_DETERMINE, Decision, Hit, Rule
from engine.rulebook.zones import Zone

__all__ = ["Answer", "Epoch", "Narrowed", "merge"]

ANSWERS = 4096  # remembered per epoch: an answer depends on nothing but the rows that hold

Facts = Mapping[str, object]
Members = Mapping[str, Sequence[Facts]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a decision came to.

    ``certain`` holds the outcome (``unique``, ``first``, ``sum``) or the members
    that surely belong (``collect``); ``possible`` what else may be. ``by`` names
    the rules behind both, ``holds`` and ``may`` all rules that surely or possibly hold.
    """

    decision: str
    decided: bool
    certain: tuple[object, ...]
    possible: tuple[object, ...]
    by: tuple[str, ...]
    holds: tuple[str, ...]
    may: tuple[str, ...]
    sure_by: tuple[str, ...] = ()

    @property
    def value(self) -> object | None:
        """The one outcome, None while it is not determined."""
        return self.certain[0] if self.decided and self.certain else None


class Epoch:
    """A decision in one epoch, indexed. ``total`` says its rules are proven to leave no gap."""

    def __init__(
        self,
        decision: Decision,
        zones: Mapping[str, Zone],
        drawn: Drawn | None = None,
        total: bool = False,
        span: tuple[date | None, date | None] = (None, None),
    ) -> None:
        self.decision = decision
        self.total = total
        self.span = span
        rules = decision.rules
        table = {rule.id: rule for rule in rules}
        rows: list[Row] = []
        self._owner: list[int] = []
        for number, rule in enumerate(rules):
            for row in rule_rows(rule, table):
                rows.append(row)
                self._owner.append(number)
        self.rows = tuple(rows)
        self.index = RowIndex(rows, zones, drawn)
        self._straight = self._owner == list(range(len(rules)))
        position = {rule.id: number for number, rule in enumerate(rules)}
        defeaters = [0] * len(rules)
        for number, rule in enumerate(rules):
            for base in chain(rule, table)[1:]:
                defeaters[position[base.id]] |= 1 << number
        self._defeaters = defeaters
        self._any_exception = any(defeaters)
        self._ids = tuple(rule.id for rule in rules)
        self._answers: dict[int, Answer] = {}

    # -- matching -------------------------------------------------------------------------------

    def match(self, facts: Facts, members: Members | None = None) -> tuple[int, int]:
        """Masks over rules: (surely hold, may hold); *may* includes *surely*."""
        return self._halves(self.index.match(facts, members))

    def _halves(self, mask: int) -> tuple[int, int]:
        must, may = mask >> self.index.size, mask & self.index.low
        if self._straight:
            return must, may
        return self._by_rule(must), self._by_rule(may)

    def _by_rule(self, rows: int) -> int:
        mask = 0
        while rows:
            bit = rows & -rows
            mask |= 1 << self._owner[bit.bit_length() - 1]
            rows ^= bit
        return mask

    def ask(self, facts: Facts, members: Members | None = None) -> Answer:
        """The decision's answer for one fact set."""
        return self._answer(self.index.match(facts, members))

    def narrow(self, facts: Facts, members: Members | None, later: frozenset[str]) -> Narrowed:
        """The decision with all facts but the ``later`` ones already matched.

        For many fact sets that differ in those facts only, as the services of one
        consignment do: ``narrow(facts, members, later).ask(each)`` is ``ask(each, members)``.
        """
        return Narrowed(self, self.index.begin(facts, members, later), members, later)

    def _answer(self, mask: int) -> Answer:
        answer = self._answers.get(mask)
        if answer is None:
            if len(self._answers) >= ANSWERS:
                self._answers.clear()
            answer = self._answers[mask] = self.conclude(*self._halves(mask))
        return answer

    def conclude(self, must: int, may: int) -> Answer:
        """From masks over rules to an answer."""
        hit = self.decision.hit
        if hit is Hit.COLLECT or hit is Hit.SUM:
            return self._gather(must, may, add=hit is Hit.SUM)
        return self._single(must, may, first=hit is Hit.FIRST)

    def _standing(self, must: int, may: int) -> list[int]:
        """Rules that hold or may hold and are not surely defeated, in file order."""
        found = []
        rest = may
        while rest:
            bit = rest & -rest
            rest ^= bit
            number = bit.bit_length() - 1
            if not (self._any_exception and self._defeaters[number] & must):
                found.append(number)
        return found

    def _single(self, must: int, may: int, first: bool) -> Answer:
        decision = self.decision
        standing = self._standing(must, may)
        if first:
            # a rule that holds but may yet be defeated does not end the search
            sure = next(
                (i for i, n in enumerate(standing) if must >> n & 1 and not self._defeaters[n] & may), None
            )
            if sure is not None:
                standing = standing[: sure + 1]
        by = [self._ids[number] for number in standing]
        outcomes = list(dict.fromkeys(decision.rules[number].then for number in standing))
        if not must and not self.total and decision.otherwise not in outcomes:
            outcomes.append(decision.otherwise)
        holds, maybe = self._names(must), self._names(may & ~must)
        decided = len(outcomes) == 1 and outcomes[0] != CANNOT_DETERMINE
        certain = tuple(outcomes) if decided else ()
        possible = () if decided else tuple(sorted(outcomes, key=repr))
        return Answer(
            decision.id,
            decided,
            certain,
            possible,
            tuple(by),
            holds,
            maybe,
            tuple(n for n in by if n in holds),
        )

    def _gather(self, must: int, may: int, add: bool) -> Answer:
        decision = self.decision
        standing = self._standing(must, may)
        sure = [
            n for n in standing if must >> n & 1 and not (self._any_exception and self._defeaters[n] & may)
        ]
        # law past the day until which it is known is never certain
        sure = [n for n in sure if decision.rules[n].then != CANNOT_DETERMINE]
        unsure = [n for n in standing if n not in sure] if len(sure) < len(standing) else []
        by = tuple(self._ids[n] for n in standing)
        holds, maybe = self._names(must), self._names(may & ~must)
        names = tuple(self._ids[n] for n in sure)
        if add and any(decision.rules[n].then == CANNOT_DETERMINE for n in unsure):
            return Answer(decision.id, False, (), (CANNOT_DETERMINE,), by, holds, maybe, names)
        if add:
            low, high = self._total_of(sure, unsure)
            decided = low == high
            return Answer(
                decision.id,
                decided,
                (low,) if decided else (),
                () if decided else (low, high),
                by,
                holds,
                maybe,
                names,
            )
        certain = tuple(dict.fromkeys(decision.rules[n].then for n in sure))
        possible = tuple(
            then for then in dict.fromkeys(decision.rules[n].then for n in unsure) if then not in certain
        )
        return Answer(decision.id, not possible, certain, possible, by, holds, maybe, names)

    def _total_of(self, sure: list[int], unsure: list[int]) -> tuple[object, object]:
        rules = self.decision.rules
        thens = [rules[n].then for n in (*sure, *unsure)]
        currency = next((then.currency for then in thens if isinstance(then, Money)), None)

        def plain(then: object) -> Decimal | int:
            return then.minor if isinstance(then, Money) else then  # type: ignore[return-value]

        low = high = sum(plain(rules[n].then) for n in sure)
        for n in unsure:
            step = plain(rules[n].then)
            low, high = (low + step, high) if step < 0 else (low, high + step)
        if currency is not None:
            return Money(int(low), currency), Money(int(high), currency)
        return low, high

    def _names(self, mask: int) -> tuple[str, ...]:
        found = []
        while mask:
            bit = mask & -mask
            found.append(self._ids[bit.bit_length() - 1])
            mask ^= bit
        return tuple(found)

    def rule(self, ident: str) -> Rule:
        """A living rule by id."""
        return next(rule for rule in self.decision.rules if rule.id == ident)


class Narrowed:
    """A decision that waits for its last facts."""

    __slots__ = ("_epoch", "_later", "_mask", "_members")

    def __init__(self, epoch: Epoch, mask: int, members: Members | None, later: frozenset[str]) -> None:
        self._epoch = epoch
        self._mask = mask
        self._members = members
        self._later = later

    def ask(self, facts: Facts) -> Answer:
        """The answer for a fact set that differs from the first in the later facts only."""
        epoch = self._epoch
        return epoch._answer(epoch.index.finish(self._mask, facts, self._members, self._later))

    def rows(self) -> Iterator[Row]:
        """The rows that may still hold."""
        return (row for number, row in enumerate(self._epoch.rows) if self._mask >> number & 1)

    def reads(self, fact: str) -> bool:
        """Whether a rule that may still hold tests that fact; if none does, the fact changes nothing."""
        return bool(self._mask & self._epoch.index.touching(fact))

    def learn(self, fact: str, value: object) -> None:
        """Go on with one of the later facts known."""
        self._mask &= self._epoch.index.accepting(fact, value)


def merge(answers: Sequence[Answer], hit: Hit) -> Answer:
    """One answer for several epochs that may each apply: decided only if all agree."""
    first = answers[0]
    if len(answers) == 1 or all(answer == first for answer in answers[1:]):
        return first
    by = tuple(dict.fromkeys(name for answer in answers for name in answer.by))
    holds = tuple(name for name in first.holds if all(name in answer.holds for answer in answers))
    may = tuple(
        dict.fromkeys(n for answer in answers for n in (*answer.holds, *answer.may) if n not in holds)
    )
    sure = tuple(name for name in first.sure_by if all(name in answer.sure_by for answer in answers))
    if hit is Hit.COLLECT:
        certain = tuple(item for item in first.certain if all(item in answer.certain for answer in answers))
        every = dict.fromkeys(item for answer in answers for item in (*answer.certain, *answer.possible))
        possible = tuple(item for item in every if item not in certain)
        return Answer(first.decision, not possible, certain, possible, by, holds, may, sure)
    outcomes = tuple(
        dict.fromkeys(item for answer in answers for item in (*answer.certain, *answer.possible))
    )
    if CANNOT_DETERMINE in outcomes and hit is Hit.SUM:
        return Answer(first.decision, False, (), (CANNOT_DETERMINE,), by, holds, may, sure)
    if hit is Hit.SUM:
        currency = next((item.currency for item in outcomes if isinstance(item, Money)), None)
        if currency is not None:
            outcomes = tuple(
                dict.fromkeys(item if isinstance(item, Money) else Money(0, currency) for item in outcomes)
            )
        ordered = sorted(outcomes)  # type: ignore[type-var]
        outcomes = (ordered[0], ordered[-1]) if ordered[0] != ordered[-1] else (ordered[0],)
    decided = len(outcomes) == 1 and outcomes[0] != CANNOT_DETERMINE
    return Answer(
        first.decision,
        decided,
        outcomes if decided else (),
        () if decided else tuple(sorted(outcomes, key=repr)),
        by,
        holds,
        may,
        sure,
    )
