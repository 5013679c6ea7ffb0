"""Computes the facts of an order."""

from __future__ import annotations

import re
from decimal import Decimal

from domain import NOT_APPLICABLE, Choice, Money
from engine.case import Case
from engine.facts.attributes import given
from engine.rulebook import Vocabulary
from engine.screening import worst

__all__ = ["order_facts", "vat_number_status"]


def order_facts(case: Case, words: Vocabulary) -> dict[str, object]:
    """Facts of the order scope; what is not known is absent."""
    order, lines = case.order, case.lines
    currency = order.currency
    net = sum((line.sale_net for line in lines), Decimal(0))
    facts: dict[str, object] = {
        "order.kind": order.kind,
        "order.channel": order.channel,
        "order.date": case.day,
        "order.weekday": case.day.isoweekday(),
        "order.currency": currency,
        "order.goods_gross": Money.rounded(sum((line.gross for line in lines), Decimal(0)), currency),
        "order.lines": len(lines),
        "order.units": sum(line.quantity for line in lines),
        "order.weight": sum(line.product.weight_g * line.quantity for line in lines),
        "order.mode_wish": order.delivery.mode or ("shop" if order.delivery.collect_at else NOT_APPLICABLE),
        "order.speed_wish": order.delivery.speed or NOT_APPLICABLE,
        "order.accepts_split": order.delivery.accepts_split,
        "order.accepts_partial": order.delivery.accepts_partial,
        "buyer.kind": NOT_APPLICABLE if order.kind == "replenishment" else order.buyer.kind,
        "destination.country": case.destination.country,
        "destination.place": case.destination,
    }
    if all(line.net_known for line in lines):
        facts["order.goods_net"] = Money.rounded(net, currency)
    paid = order.payment_accepted_at
    if paid is not None:
        facts["payment.accepted"] = paid.date()
    facts["chargeable.event"] = paid.date() if paid is not None else case.day
    if case.destination.territory is not None:
        facts["destination.territory"] = case.destination.territory
    elif case.finding.candidates:
        facts["destination.territory"] = Choice(frozenset(case.finding.candidates))
    if case.destination.postcode:
        facts["destination.postcode"] = re.sub(r"[\s-]", "", case.destination.postcode).upper()
    _buyer(case, facts)
    given(facts, words, "order", order.attributes)
    return facts


def _buyer(case: Case, facts: dict[str, object]) -> None:
    buyer = case.order.buyer
    facts["buyer.vat_number_status"], country = vat_number_status(
        buyer.vat_number, buyer.country or case.destination.country
    )
    if buyer.vat_number_checked is not None and facts["buyer.vat_number_status"] == "well_formed":
        facts["buyer.vat_number_status"] = "confirmed"
        facts["buyer.vat_number_check_age"] = (case.day - buyer.vat_number_checked.date()).days
    else:
        facts["buyer.vat_number_check_age"] = NOT_APPLICABLE
    facts["buyer.vat_number_country"] = country or NOT_APPLICABLE
    if buyer.age is not None:
        facts["buyer.age"] = buyer.age
    facts["buyer.screening"] = worst(case.order, case.screening)


def vat_number_status(number: str | None, country: str) -> tuple[str, str | None]:
    """(status, country of the number): structure and check digits only; a prefix says whose it is."""
    if not number:
        return "none", None
    from customs.numbers import vat_number

    found = vat_number(number, country)
    if found.reason == "wrong_country":
        found = vat_number(number)
    if found.valid and found.country is not None:
        return "well_formed", found.country
    return "invalid", found.country or country
