"""Asking the rulebook: with exchange rates at hand, and with what was said remembered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain import Money, WorldError
from engine.rulebook import Answer, Rulebook
from engine.rulebook.settle import settling
from engine.world import World

__all__ = ["REQUIRED", "Asker", "Said"]

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
    "customs.documents": "consignment",
    "customs.export_declaration": "consignment",
    "customs.declaration_window": "consignment",
    "vat.recoverable": "consignment",
    "compliance.transport": "option",
    "delivery.forbidden": "option",
    "delivery.preference": "option",
    "preparation.method": "option",
    "preparation.steps": "option",
    "offers.delivery_price": "option",
    "offers.minimum_price": "option",
    "customs.duty_method": "option",
    "customs.flat_duty": "option",
    "customs.value_basis": "option",
    "customs.charges": "option",
    "vat.scheme": "option",
    "vat.charged_by": "option",
    "vat.rate_of": "option",
    "vat.dispatch_treatment": "option",
    "vat.arrival_treatment": "option",
}


@dataclass(frozen=True, slots=True)
class Said:
    """An answer with the facts it was given, for reasons and for needs."""

    answer: Answer
    facts: Facts
    members: Members | None


class Asker:
    """One order's questions to one world."""

    def __init__(self, world: World, currency: str, day: date) -> None:
        self.world = world
        self.book: Rulebook = world.rulebook
        self.currency = currency
        self.day = day
        for name, per in REQUIRED.items():
            decision = self.book.decisions.get(name)
            if decision is None:
                raise WorldError(f"the rule files answer no question {name!r}", code="rules.question_missing", cure="restore the file that decides it")
            if decision.per != per:
                raise WorldError(f"{name} is decided per {decision.per}, the engine asks per {per}", code="rules.question_scope", place=str(decision.place))

    def convert(self, kind: str, amount: Decimal, source: str, target: str, day: date) -> Decimal | None:
        """Unrounded conversion by a kind of rate; None where no rate is known."""
        return amount if source == target else self.world.rates.convert(kind, amount, source, target, day)

    def ask(self, decision: str, facts: Facts, members: Members | None = None) -> Said:
        """One question."""
        return Said(self.book.ask(decision, facts, members, self.convert), facts, members)

    def needs(self, said: Said) -> tuple[tuple[str, ...], ...]:
        """The smallest sets of facts that would settle an undetermined answer."""
        return settling(self.book, said.answer.decision, said.facts, said.members, self.convert)

    def minor(self, amount: Decimal, currency: str) -> int | None:
        """An amount as minor units of the order's currency, by the day's rate; None without a rate."""
        turned = self.convert("ecb_day", amount, currency, self.currency, self.day)
        return None if turned is None else Money.rounded(turned, self.currency).minor
