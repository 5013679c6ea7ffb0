"""Denied-party screening of an order: who is asked about, by which likeness, what goes into the decision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from customs.screening import Party, Policy, Screened
from domain import Order, WorldError
from engine.rulebook import Rulebook
from engine.world import World

__all__ = ["PartyScreened", "policy_on", "screen_order", "screening_detail", "worst"]

PARAMS = {
    "hit": "screening-hit-likeness",
    "possible": "screening-possible-likeness",
    "possible_identified": "screening-possible-likeness-identified",
    "years": "screening-birth-year-tolerance",
}
WORST_FIRST = ("hit", "possible", "not_screened", "clear")


@dataclass(frozen=True, slots=True)
class PartyScreened:
    """Who of the order was asked about (``buyer``, or the role of another party), and the answer."""

    who: str
    screened: Screened


def policy_on(book: Rulebook, day: date) -> Policy:
    """The likenesses in force on that day, from the rule files. Raises `WorldError` where one is missing."""
    values: dict[str, Decimal] = {}
    for field, name in PARAMS.items():
        param = book.sources.params.get(name)
        value = param.at(day) if param is not None and param.status == "on" else None
        if not isinstance(value, int | Decimal):
            raise WorldError(
                f"the rule files give no param {name!r} on {day}",
                code="rules.param_missing",
                cure="restore it in compliance/screening.yaml",
            )
        values[field] = Decimal(value)
    return Policy.of(**values)


def screen_order(order: Order, world: World, day: date) -> tuple[PartyScreened, ...]:
    """Every named party of the order against the retailer's lists; nobody where no list names anybody."""
    screener = world.retailer.screening.screener
    wanted = list(_parties(order, day)) if len(screener) else []
    if not wanted:
        return ()
    policy = policy_on(world.rulebook, day)
    return tuple(PartyScreened(who, screener.screen(party, policy)) for who, party in wanted)


def _parties(order: Order, day: date) -> Iterator[tuple[str, Party]]:
    buyer = order.buyer
    if buyer.name and buyer.screening is None:
        country = buyer.country or (order.ship_to.country if order.ship_to else None)
        born = None if buyer.age is None else day.year - buyer.age
        yield "buyer", Party(buyer.name, country, born, "person" if buyer.kind == "consumer" else None)
    for party in order.parties:
        yield party.role, Party(party.name, party.country, None, party.kind)


def worst(order: Order, found: Sequence[PartyScreened]) -> str:
    """The worst of ``hit``, ``possible``, ``not_screened`` and ``clear`` among all parties of the order.

    What the order itself says of its buyer (``buyer.screening``) counts beside what was found of the others.
    """
    statuses = {each.screened.status for each in found}
    if order.buyer.screening is not None:
        statuses.add(order.buyer.screening)
    elif all(each.who != "buyer" for each in found):
        statuses.add("not_screened")
    return next(status for status in WORST_FIRST if status in statuses)


def screening_detail(found: Sequence[PartyScreened]) -> dict[str, object]:
    """The key ``screening_detail`` of a decision, where a listed name resembles one of the order."""
    told = [{"who": each.who, **each.screened.to_json()} for each in found if each.screened.matches]
    return {"screening_detail": told} if told else {}
