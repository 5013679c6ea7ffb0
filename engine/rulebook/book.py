"""The rulebook: immutable, versioned, asked one question at a time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from domain import Choice, Interval, Money
from engine.rulebook.defs import Sources
from engine.rulebook.epochs import boundaries, every_test, representative, resolve
from engine.rulebook.index import Drawn
from engine.rulebook.outcome import Answer, Epoch, Narrowed, merge
from engine.rulebook.prove import gap, kinds_of
from engine.rulebook.rows import MISSING
from engine.rulebook.tree import Decision, Rule
from engine.rulebook.vocabulary import Vocabulary
from engine.rulebook.zones import Zone

__all__ = ["Rulebook"]

Facts = Mapping[str, object]
Members = Mapping[str, Sequence[Facts]]
MEMO_LIMIT = 20_000
MAX_WINDOW = 366  # days of an estimated date over which a rate is looked up
# (kind of rate, amount, from, to, day) -> amount, or None where no rate is known
Converter = Callable[[str, Decimal, str, str, date], Decimal | None]


class Question:
    """One decision across time; an index per epoch, made on first use.

    ``before`` are the decisions whose outcome it reads; ``of_members`` those of them that are answered
    for each line, where the question itself is not.
    """

    def __init__(
        self,
        decision: Decision,
        sources: Sources,
        zones: Mapping[str, Zone],
        kinds: Mapping[str, str],
        drawn: Drawn | None,
        others: Mapping[str, Decision],
    ) -> None:
        self.decision = decision
        self.before = tuple(name for name in others if name in self.reads and name != decision.id)
        self.of_members = frozenset(
            name for name in self.before if others[name].per == "line" and decision.per != "line"
        )
        self.cuts = boundaries(decision, sources)
        self._sources = sources
        self._zones = zones
        self._kinds = kinds
        self._drawn = drawn
        self._epochs: dict[int, Epoch] = {}
        self._answers: dict[tuple[object, ...], Answer] = {}

    def remembered(self, key: tuple[object, ...]) -> Answer | None:
        """The answer given before to the same facts, as far as the decision reads them."""
        return self._answers.get(key)

    def remember(self, key: tuple[object, ...], answer: Answer) -> Answer:
        """Keep an answer; the oldest thousands are forgotten together."""
        if len(self._answers) >= MEMO_LIMIT:
            self._answers.clear()
        self._answers[key] = answer
        return answer

    def native(self, facts: Facts, members: Members | None) -> bool:
        """Whether every amount the decision reads is in its own currency, so that no exchange rate comes in."""
        currency = self.decision.currency
        if any(_foreign(facts.get(name), currency) for name in self.money):
            return False
        return not (self.inner and members) or not any(
            _foreign(member.get(name), currency)
            for group in members.values()
            for member in group
            for name in self.money
        )

    def key(self, facts: Facts, members: Members | None) -> tuple[object, ...]:
        """What the decision reads of the facts."""
        get = facts.get
        outer = tuple([get(name, MISSING) for name in self.outer])
        if not self.inner:
            return outer
        if members is None:
            return (*outer, None)
        groups = tuple(
            [
                tuple(
                    [tuple([member.get(name, MISSING) for name in self.inner]) for member in members[scope]]
                )
                for scope in sorted(members)
            ]
        )
        return (*outer, groups)

    def narrowed(self, facts: Facts) -> list[Narrowed]:
        """The question with all matched that is known, save amounts and quantifiers; one for each epoch it
        may lie in. What none of them reads any more cannot change the answer."""
        found = [
            epoch.narrow(facts, None, self.later)
            for epoch in self.spanning(facts.get(self.decision.dated_by))
        ]
        for name in self.before:
            if name in facts:
                self.learn(found, name, facts[name])
        return found

    def learn(self, lefts: Sequence[Narrowed], name: str, value: object) -> None:
        """Go on with the outcome of a decision known; an amount waits until it is in the right currency."""
        if name not in self.money:
            for left in lefts:
                left.learn(name, value)

    @cached_property
    def inner(self) -> tuple[str, ...]:
        """The facts its quantifiers test, of either scope."""
        return tuple(sorted({test.fact for _, test, scope in every_test(self.decision) if scope is not None}))

    @cached_property
    def later(self) -> frozenset[str]:
        """What is not known, or not in its currency, when the question is first looked at."""
        return frozenset((*self.before, *self.money))

    @cached_property
    def outer(self) -> tuple[str, ...]:
        """Every fact it may read of its own scopes."""
        return tuple(sorted(self.reads))

    def epoch(self, number: int) -> Epoch:
        """The indexed epoch of that number."""
        found = self._epochs.get(number)
        if found is None:
            alive = resolve(self.decision, representative(self.cuts, number), self._sources)
            total, _ = gap(alive, self._kinds, budget=2_000)
            start = self.cuts[number - 1] if number else None
            until = self.cuts[number] if number < len(self.cuts) else None
            found = self._epochs[number] = Epoch(alive, self._zones, self._drawn, total, (start, until))
        return found

    def at(self, day: date) -> Epoch:
        """The epoch a day lies in."""
        return self.epoch(bisect_right(self.cuts, day))

    def spanning(self, day: object) -> list[Epoch]:
        """The epochs a date may lie in: one for a day, several for an interval, all when missing."""
        if isinstance(day, date):
            return [self.at(day)]
        if isinstance(day, Interval) and isinstance(day.low, date) and isinstance(day.high, date):
            first, last = bisect_right(self.cuts, day.low), bisect_right(self.cuts, day.high)
            return [self.epoch(number) for number in range(first, last + 1)]
        return [self.epoch(number) for number in range(len(self.cuts) + 1)]

    @cached_property
    def money(self) -> tuple[str, ...]:
        """The money facts its rules test."""
        return tuple(
            sorted(
                {
                    test.fact
                    for _, test, _ in every_test(self.decision)
                    if self._kinds.get(test.fact) == "money"
                }
            )
        )

    @cached_property
    def reads(self) -> frozenset[str]:
        """Every fact its rules test in any epoch, and its date."""
        return frozenset(test.fact for _, test, _ in every_test(self.decision)) | {self.decision.dated_by}


class Rulebook:
    """All decisions, proven. ``ask`` is pure; ``version`` is a hash of the files."""

    def __init__(
        self,
        decisions: Mapping[str, Decision],
        order: tuple[str, ...],
        sources: Sources,
        zones: Mapping[str, Zone],
        vocabulary: Vocabulary,
        version: str,
        drawn: Drawn | None = None,
    ) -> None:
        self.decisions = decisions
        self.order = order
        self.sources = sources
        self.zones = zones
        self.vocabulary = vocabulary
        self.version = version
        self._drawn = drawn
        kinds = kinds_of(vocabulary)
        self._questions = {
            name: Question(decision, sources, zones, kinds, drawn, {name: decisions[name] for name in order})
            for name, decision in decisions.items()
        }
        self.rules: Mapping[str, Rule] = {
            rule.id: rule for decision in decisions.values() for rule in decision.rules
        }

    def without(self, rules: Collection[str]) -> Rulebook:
        """The rulebook with some rules (and the exceptions that rest on them) switched off, for what-ifs."""
        gone = set(rules)
        while more := {r.id for r in self.rules.values() if r.overrides in gone and r.id not in gone}:
            gone |= more
        decisions = {
            name: replace(decision, rules=tuple(rule for rule in decision.rules if rule.id not in gone))
            for name, decision in self.decisions.items()
        }
        version = f"{self.version}-{'-'.join(sorted(gone))}"
        return Rulebook(
            decisions, self.order, self.sources, self.zones, self.vocabulary, version, self._drawn
        )

    def question(self, decision: str) -> Question:
        """The prepared decision; KeyError if the rulebook has none of that name."""
        return self._questions[decision]

    @property
    def drawn(self) -> Drawn | None:
        """Who answers for polygons that people drew."""
        return self._drawn

    def ask(
        self, decision: str, facts: Facts, members: Members | None = None, convert: Converter | None = None
    ) -> Answer:
        """Answer one decision for one fact set.

        The decision's own date fact picks the epoch; a date known only as an
        interval, or missing, is answered over all epochs it may lie in.
        """
        question = self._questions[decision]
        converted = bool(question.money) and not question.native(facts, members)
        if converted:
            facts, members = _in_currency(question, facts, members, convert)
        key = question.key(facts, members)
        known = question.remembered(key)
        if known is None:
            if question.money and not converted:
                facts, members = _in_currency(question, facts, members, convert)
            known = question.remember(key, self._answer(question, facts, members))
        return known

    def _answer(self, question: Question, facts: Facts, members: Members | None) -> Answer:
        epochs = question.spanning(facts.get(question.decision.dated_by))
        if len(epochs) == 1:
            return epochs[0].ask(facts, members)
        return merge([epoch.ask(facts, members) for epoch in epochs], question.decision.hit)


def _foreign(value: object, currency: str | None) -> bool:
    return value is not None and (not isinstance(value, Money) or value.currency != currency)


def _in_currency(
    question: Question, facts: Facts, members: Members | None, convert: Converter | None
) -> tuple[Facts, Members | None]:
    """Money facts as unrounded amounts in the decision's currency; without a rate they are missing."""
    decision = question.decision
    how = decision.convert
    day = facts.get(how.date) if how and how.date else None
    held = dict(facts)
    for name in question.money:
        if name in held:
            _one(held, name, decision.currency or "", how.rate if how else "none", day, convert)
    if members:
        turned = {}
        for scope, group in members.items():
            copies = []
            for member in group:
                copy = dict(member)
                for name in question.money:
                    if name in copy:
                        _one(copy, name, decision.currency or "", how.rate if how else "none", day, convert)
                copies.append(copy)
            turned[scope] = copies
        members = turned
    return held, members


def _one(
    held: dict[str, object], name: str, currency: str, rate: str, day: object, convert: Converter | None
) -> None:
    value = held[name]
    if isinstance(value, Money):
        amount = _amount(value, currency, rate, day, convert)
        if amount is None:
            del held[name]
        else:
            held[name] = amount
    elif isinstance(value, Interval):
        low = _amount(value.low, currency, rate, day, convert) if isinstance(value.low, Money) else value.low
        high = (
            _amount(value.high, currency, rate, day, convert) if isinstance(value.high, Money) else value.high
        )
        held[name] = Interval(_end(low, "low"), _end(high, "high"))
    elif isinstance(value, Choice):
        amounts = [
            _amount(item, currency, rate, day, convert) if isinstance(item, Money) else item
            for item in value.values
        ]
        if any(amount is None for amount in amounts):
            del held[name]
        elif any(isinstance(amount, Interval) for amount in amounts):
            ends = [(_end(amount, "low"), _end(amount, "high")) for amount in amounts]
            held[name] = Interval(min(low for low, _ in ends), max(high for _, high in ends))  # type: ignore[type-var]
        else:
            held[name] = Choice(frozenset(amounts))


def _end(value: object, which: str) -> object:
    return getattr(value, which) if isinstance(value, Interval) else value


def _amount(
    value: Money, currency: str, rate: str, day: object, convert: Converter | None
) -> Decimal | Interval | None:
    """The amount in another currency; an interval where the rate's day is one and the rate changes within it."""
    if value.currency == currency:
        return value.amount
    if rate == "none" or convert is None:
        return None
    if isinstance(day, date):
        return convert(rate, value.amount, value.currency, currency, day)
    if not (isinstance(day, Interval) and isinstance(day.low, date) and isinstance(day.high, date)):
        return None
    if (day.high - day.low).days > MAX_WINDOW:
        return None
    days = [day.low + timedelta(days=number) for number in range((day.high - day.low).days + 1)]
    amounts = [convert(rate, value.amount, value.currency, currency, each) for each in days]
    known = [amount for amount in amounts if amount is not None]
    if len(known) < len(amounts):
        return None
    return known[0] if min(known) == max(known) else Interval(min(known), max(known))
