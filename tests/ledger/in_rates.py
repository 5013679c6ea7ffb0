"""Rates of the ledger in the VAT table."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

from customs.rates import RateUnknown, VatRate
from tests.ledger.in_rules import entry, plain
from tests.ledger.rows import DAY, Row, World


def ask(ref: str, day: date, world: World) -> VatRate | RateUnknown:
    there = ref.endswith("@there") or None
    territory, category = ref.removesuffix("@there").split("/")
    if category != "standard" and category not in world.rates.categories:
        raise KeyError(f"category {category}")
    return world.rates.rate(territory, None if category == "standard" else category, day, located_there=there)


def rate(row: Row, ref: str, world: World) -> str | None:
    """The figure on the first, the last and the current day, and the very days it begins and ends on."""
    for day in row.days:
        answer = ask(ref, day, world)
        if isinstance(answer, RateUnknown):
            return f"{ref} on {day} is unknown: {answer.reason}"
        if answer.percent != Decimal(row.value):
            return f"{ref} on {day} is {answer.percent}, not {row.value}"
        if not answer.source or answer.confidence not in ("high", "medium"):
            return f"{ref} on {day} has no usable source"
        if row.valid_from and day == row.valid_from != answer.valid_from:
            return f"{ref} begins on {answer.valid_from}, not {row.valid_from}"
        if (
            row.valid_until
            and day == row.valid_until - timedelta(1)
            and answer.valid_until != row.valid_until
        ):
            return f"{ref} ends before {answer.valid_until}, not {row.valid_until}"
    return None


def rate_date(row: Row, ref: str, world: World) -> str | None:
    answer = ask(ref, DAY, world)
    first = answer.valid_from if isinstance(answer, VatRate) else None
    return None if first == date.fromisoformat(row.value) else f"{ref} is in force since {first}"


def numbers(text: str) -> set[Decimal]:
    return {Decimal(number) for number in re.findall(r"\d+(?:\.\d+)?", text)}


def candidate(row: Row, ref: str, world: World) -> str | None:
    """A rate whose goods cannot be told apart here: one of several, never given as the answer."""
    for day in row.days:
        answer = ask(ref, day, world)
        if isinstance(answer, VatRate):
            return f"{ref} on {day} is answered with {answer.percent}"
        if not numbers(row.value) <= set(answer.candidates):
            return f"{ref} on {day} offers {answer.candidates}, not {row.value}"
    return None


def unknown(row: Row, ref: str, world: World) -> str | None:
    answer = ask(ref, DAY, world)
    return f"{ref} is answered with {answer.percent}" if isinstance(answer, VatRate) else None


def contradicted(row: Row, ref: str, world: World) -> str | None:
    """An unconfirmed claim against a confirmed rate: the rate stands."""
    answer = ask(ref, DAY, world)
    told = isinstance(answer, VatRate) and answer.percent == Decimal(row.value)
    return f"{ref} is answered with the unconfirmed {row.value}" if told else None


def level(row: Row, ref: str, world: World) -> str | None:
    """A rate level of a territory that some goods bear."""
    held = {r.percent for found in world.rates.rows.get(ref, {}).values() for r in found if r.holds(DAY)}
    return None if Decimal(row.value) in held else f"{ref} has no goods at {row.value}"


def quotient(row: Row, ref: str, world: World) -> str | None:
    name, _, rate = ref.partition("/")
    answer = ask(rate, DAY, world)
    value, _ = plain(entry(world, name), DAY)
    if value is None or not isinstance(answer, VatRate):
        return f"{ref} cannot be worked out"
    found = round(value * 100 / answer.percent)
    return None if found == Decimal(row.value) else f"{ref} makes {found}"
