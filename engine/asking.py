"""Asking the rulebook: with exchange rates at hand, and with what was said remembered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain import Choice, Interval, Money, WorldError
from engine.rulebook import CANNOT_DETERMINE, Answer, Rulebook
from engine.rulebook.book import Question
from engine.rulebook.outcome import Narrowed
from engine.rulebook.settle import settling
from engine.rulebook.tree import Hit
from engine.world import World

__all__ = ["REQUIRED", "Asker", "Said"]

LAW = "law."
RATE = "exchange_rate."
SAID = "said of "
"""Prefix under which a fact set carries the answer behind an outcome that was filled in."""

Facts = Mapping[str, object]
Members = Mapping[str, Sequence[Facts]]

# Every question the engine asks. A rulebook without one of them is no rulebook for this engine.
REQUIRED: Mapping[str, str] = {
    "compliance.screening": "order",
    "order.review": "order",
    "sourcing.split": "order",
    "stock.priority": "order",
    "offers.validity": "order",
    "stock.buffer": "line",
    "delivery.required": "line",
    "compliance.goods": "line",
    "compliance.responsible_person": "line",
    "compliance.destination": "consignment",
    "sourcing.forbidden": "consignment",
    "sourcing.penalty": "consignment",
    "customs.routes": "consignment",
    "customs.export_declaration": "consignment",
    "customs.declaration_window": "consignment",
    "customs.untabled_levies": "consignment",
    "vat.recoverable": "consignment",
    "vat.registration_needed": "consignment",
    "vat.thresholds": "consignment",
    "compliance.transport": "option",
    "delivery.forbidden": "option",
    "delivery.preference": "option",
    "preparation.method": "option",
    "preparation.steps": "option",
    "offers.incoterm": "consignment",
    "offers.delivery_price": "option",
    "offers.minimum_price": "option",
    "customs.duty_method": "option",
    "customs.flat_duty": "option",
    "customs.value_basis": "option",
    "customs.charges": "option",
    "customs.clearance_fees": "option",
    "customs.documents": "option",
    "customs.not_collected": "option",
    "vat.scheme": "option",
    "vat.charged_by": "option",
    "vat.rate_of": "option",
    "vat.dispatch_treatment": "option",
    "vat.arrival_treatment": "option",
    "vat.proof": "option",
    "vat.import_base": "option",
    "vat.import_base_rounding": "option",
}


@dataclass(frozen=True, slots=True)
class Said:
    """An answer with the facts it was given, for reasons and for needs. ``via`` are the decisions it read."""

    answer: Answer
    facts: Facts
    members: Members | None
    via: tuple[Said, ...] = ()


def _as_fact(answer: Answer, hit: Hit) -> object | None:
    """An outcome as a fact for later decisions; None while it is wholly open."""
    if hit is Hit.COLLECT:
        return frozenset(answer.certain) if answer.decided else None
    if answer.decided:
        return answer.value
    if CANNOT_DETERMINE in answer.possible:
        return None
    if hit is Hit.SUM:
        return Interval(answer.possible[0], answer.possible[-1])
    return Choice(frozenset(answer.possible))


class Asker:
    """One order's questions to one world."""

    def __init__(self, world: World, currency: str, day: date) -> None:
        self.world = world
        self.book: Rulebook = world.rulebook
        self.currency = currency
        self.day = day
        self._lowest: dict[str, int] = {}
        for name, per in REQUIRED.items():
            decision = self.book.decisions.get(name)
            if decision is None:
                raise WorldError(
                    f"the rule files answer no question {name!r}",
                    code="rules.question_missing",
                    cure="restore the file that decides it",
                )
            if decision.per != per:
                raise WorldError(
                    f"{name} is decided per {decision.per}, the engine asks per {per}",
                    code="rules.question_scope",
                    place=str(decision.place),
                )

    def convert(self, kind: str, amount: Decimal, source: str, target: str, day: date) -> Decimal | None:
        """Unrounded conversion by a kind of rate; None where no rate is known."""
        return amount if source == target else self.world.rates.convert(kind, amount, source, target, day)

    def ask(self, decision: str, facts: dict[str, object], members: Members | None = None) -> Said:
        """One question. Decisions it reads are answered first and added to the facts under their names,
        save those that no rule tests which may still hold."""
        via: list[Said] = []
        question = self.book.question(decision)
        if question.before:
            self._before(question, facts, members, via)
        return Said(self.book.ask(decision, facts, members, self.convert), facts, members, tuple(via))

    def _before(
        self, question: Question, facts: dict[str, object], members: Members | None, via: list[Said]
    ) -> None:
        """Answer the decisions a question reads; of several, only those that can still change its answer."""
        lines = (members or {}).get("line", ()) if question.of_members else ()
        left: list[Narrowed] | None = None
        for name in question.before:
            if name in facts:
                if (before := facts.get(SAID + name)) is not None:
                    via.append(before)  # type: ignore[arg-type]  # answered for an earlier question
            elif name in question.of_members:
                if any(name not in line for line in lines):
                    for line in lines:
                        if name not in line and isinstance(line, dict):
                            self._fill(name, {**facts, **line}, None, line, via)
            else:
                if left is None:
                    left = question.narrowed(facts) if len(question.before) > 1 else []
                if not left or any(each.reads(name) for each in left):
                    self._fill(name, facts, members, facts, via)
                    if name in facts:
                        question.learn(left, name, facts[name])

    def _fill(
        self,
        name: str,
        facts: dict[str, object],
        members: Members | None,
        into: dict[str, object],
        via: list[Said],
    ) -> None:
        said = self.ask(name, facts, members)
        value = _as_fact(said.answer, self.book.decisions[name].hit)
        if value is not None:
            into[name] = value
            into[SAID + name] = said
        via.append(said)

    def speaker(self, said: Said, item: object) -> str:
        """The rule among those that surely spoke whose outcome, parameters read, is ``item``; else nothing."""
        question = self.book.question(said.answer.decision)
        day = said.facts.get(question.decision.dated_by)
        for epoch in question.spanning(day):
            for rule in epoch.decision.rules:
                if rule.id in said.answer.sure_by and rule.then == item:
                    return rule.id
        return ""

    def needs(self, said: Said) -> tuple[tuple[str, ...], ...]:
        """The smallest sets of facts that would settle an undetermined answer.

        A decision among them is replaced by what would settle it in turn.
        """
        rates = self._rates_missing(said)
        if rates:
            return (rates,)
        sets = settling(self.book, said.answer.decision, said.facts, said.members, self.convert)
        return tuple(dict.fromkeys(self._ground(names, said) for names in sets)) or (
            (f"{LAW}{said.answer.decision}",),
        )

    def _rates_missing(self, said: Said) -> tuple[str, ...]:
        """Exchange rates without which an amount cannot be compared: no fact of the order replaces them."""
        question = self.book.question(said.answer.decision)
        how, currency = question.decision.convert, question.decision.currency
        if how is None or currency is None or how.rate == "none":
            return ()
        day = said.facts.get(how.date or "")
        when = day if isinstance(day, date) else getattr(day, "low", None)
        groups = [said.facts, *(member for group in (said.members or {}).values() for member in group)]
        held = {
            value.currency
            for facts in groups
            for name in question.money
            if isinstance(value := facts.get(name), Money)
        }
        lacking = [
            c
            for c in sorted(held - {currency})
            if isinstance(when, date) and self.convert(how.rate, Decimal(1), c, currency, when) is None
        ]
        return tuple(f"{RATE}{how.rate}.{c}.{currency}" for c in lacking)

    def _ground(self, names: tuple[str, ...], said: Said) -> tuple[str, ...]:
        found: list[str] = []
        for name in names:
            if name not in self.book.decisions or self.book.decisions[name].per == "line":
                found.append(name)
                continue
            facts = {key: value for key, value in said.facts.items() if key != name}
            inner = self.needs(self.ask(name, facts, said.members))
            found += inner[0] if inner else (name,)
        return tuple(dict.fromkeys(found))

    def money(self, said: Said) -> tuple[int, bool]:
        """A sum of money as minor units of the order (its lower end), and whether it is open."""
        answer = said.answer
        value = answer.value if answer.decided else (answer.possible[0] if answer.possible else None)
        if isinstance(value, Money):
            return self.minor(value.amount, value.currency) or 0, not answer.decided
        return 0, not answer.decided

    def lowest(self, decision: str) -> int:
        """What a sum of money can at the least come to, in minor units of the order: all its negative outcomes."""
        found = self._lowest.get(decision)
        if found is None:
            thens = [rule.then for rule in self.book.decisions[decision].rules]
            amounts = [
                self.minor(then.amount, then.currency) or 0
                for then in thens
                if isinstance(then, Money) and then.minor < 0
            ]
            found = self._lowest[decision] = sum(amounts)
        return found

    def minor(self, amount: Decimal, currency: str) -> int | None:
        """An amount as minor units of the order's currency, by the day's rate; None without a rate."""
        turned = self.convert("ecb_day", amount, currency, self.currency, self.day)
        return None if turned is None else Money.rounded(turned, self.currency).minor
