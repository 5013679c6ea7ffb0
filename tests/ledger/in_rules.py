"""Thresholds, dates and open questions of the ledger in the rule files."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

from domain import Money
from engine.rulebook.defs import Named
from engine.rulebook.tree import Rule
from scenarios.rulebooks import show_rule
from tests.ledger.rows import DAY, Row, World

SCALE = {"kg": 1000, "t": 1_000_000, "l": 1000, "cm": 10}


def entry(world: World, ident: str, table: str = "params") -> Named:
    held = getattr(world.book.sources, table)
    if ident not in held:
        raise KeyError(f"{table.removesuffix('s')} {ident}")
    found: Named = held[ident]
    return found


def plain(named: Named, day: date) -> tuple[Decimal | None, str]:
    value = named.at(day)
    if isinstance(value, Money):
        return value.amount, value.currency
    return (None, "") if value is None else (Decimal(str(value)), "")


def _wanted(row: Row) -> Decimal:
    return Decimal(row.value) * SCALE.get(row.unit, 1)


def param(row: Row, ref: str, world: World) -> str | None:
    named = entry(world, ref)
    if named.status != "on":
        return f"param {ref} is {named.status}"
    if not named.cite or not all(c.checked and c.confidence in ("high", "medium") for c in named.cite):
        return f"param {ref} lacks a citation with a day and a confidence"
    for day in row.days:
        value, currency = plain(named, day)
        if value != _wanted(row) or currency not in ("", row.unit):
            return f"param {ref} on {day} is {value} {currency}, not {row.value} {row.unit}"
    for edge in (row.valid_from and row.valid_from - timedelta(1), row.valid_until):
        if edge and plain(named, edge)[0] == _wanted(row):
            return f"param {ref} is {row.value} on {edge} too"
    return None


def param_date(row: Row, ref: str, world: World) -> str | None:
    days = {day for validity, _ in entry(world, ref).values for day in (validity.start, validity.until)}
    return None if date.fromisoformat(row.value) in days else f"param {ref} does not change on {row.value}"


def readers(world: World, ident: str) -> list[str]:
    return [
        rule.id
        for rule in world.book.rules.values()
        if re.search(rf"'{ident}'", repr((rule.when, rule.then)))
    ]


def off(row: Row, ref: str, world: World) -> str | None:
    if entry(world, ref).status == "on":
        return f"param {ref} is on"
    read = readers(world, ref)
    return f"param {ref} is read by {', '.join(read)}" if read else None


def not_returned(row: Row, ref: str, world: World) -> str | None:
    value, _ = plain(entry(world, ref), DAY)
    return f"param {ref} is the unconfirmed {row.value}" if value == _wanted(row) else None


def in_set(row: Row, ref: str, world: World) -> str | None:
    ident, _, member = ref.partition("#")
    named = entry(world, ident, "sets")
    members = named.at(DAY)
    held = isinstance(members, tuple) and member in members and named.cite
    return None if held else f"set {ident} does not hold {member} with a citation"


def ruled(world: World, ident: str) -> Rule:
    if ident not in world.book.rules:
        raise KeyError(f"rule {ident}")
    return world.book.rules[ident]


def rule(row: Row, ref: str, world: World) -> str | None:
    """A date the rule begins or ends on, or a figure its text holds; text alone for a figure of nought."""
    rule = ruled(world, ref)
    if not rule.cite:
        return f"rule {ref} cites nothing"
    if row.unit == "date":
        days = {rule.validity.start, rule.validity.until, rule.known_until}
        return None if date.fromisoformat(row.value) in days else f"rule {ref} does not turn on {row.value}"
    figure = re.escape(row.value.rstrip("0").rstrip(".") if "." in row.value else row.value)
    text = str(show_rule(world.book, ref, None)["text"])
    held = row.value == "0" or re.search(rf"(?<![\d.]){figure}(?:\.0+)?(?![\d.]*\d)", text)
    return None if held else f"rule {ref} does not hold {row.value}"


def mentions(row: Row, ref: str, world: World) -> str | None:
    """A measure without a figure of its own: the rule exists, is cited and says what is done."""
    return None if ruled(world, ref).cite else f"rule {ref} cites nothing"


def known_until(row: Row, ref: str, world: World) -> str | None:
    day = ruled(world, ref).known_until
    return None if day == date.fromisoformat(row.value) else f"rule {ref} answers until {day}"


def untabled(row: Row, ref: str, world: World) -> str | None:
    rule = ruled(world, ref)
    return (
        None if rule.decision == "customs.untabled_levies" else f"rule {ref} does not name an untabled levy"
    )


def undecided(row: Row, ref: str, world: World) -> str | None:
    """An open question of law: asked about such a case, the decision gives no answer."""
    decision, _, given = ref.partition("?")
    facts: dict[str, object] = {"declaration.acceptance": DAY}
    for part in given.split("&"):
        name, _, value = part.partition("=")
        facts[name] = {"yes": True, "no": False}.get(value, value)
    answer = world.book.ask(decision, facts, {"line": [{"goods.classes": ("clothing",)}]})
    settled = answer.value not in (None, "cannot_determine")
    return f"{decision} answers {answer.value} for {row.territory}" if settled else None
