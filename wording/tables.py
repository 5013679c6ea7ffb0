"""Tables for the terminal: delivery options, a fiscal territory, rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from wording.facts import fact_name, value_text
from wording.reading import Body, part, texts
from wording.reasons import cite_text, validity
from wording.shipment import promise_text, service_text
from wording.show import leaf
from wording.words import Wording

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["columns", "options_table", "rules_table", "territory_table"]


def columns(words: Wording, title: str, *names: str) -> Table:
    """A table with the language's column heads."""
    from rich.table import Table

    table = Table(title=words.say(f"title.{title}"), title_justify="left")
    for name in names:
        table.add_column(words.say(f"column.{name}"), overflow="fold")
    return table


def options_table(options: Iterable[Body], language: str | Wording = "en") -> Table:
    """One row an offer: mode, speed, service, promise, price, offer id."""
    words = language if isinstance(language, Wording) else Wording(language)
    table = columns(words, "options", "mode", "speed", "service", "promise", "price", "offer_id")
    for option in options:
        service = service_text(words, option)
        if option.get("pickup_point"):
            service = f"{service}\n{words.labelled('pickup_point', option['pickup_point'])}"
        promise = part(option, "promise")
        row = (
            words.name("mode", option.get("mode")),
            words.name("speed", option.get("speed")),
            service,
            promise_text(words, promise) if promise else words.say("label.unknown"),
            _price(words, option.get("price")),
            str(option.get("offer_id") or ""),
        )
        table.add_row(*(leaf(cell) for cell in row))
    if not table.row_count:
        table.caption = words.say("label.no_options")
    return table


def _price(words: Wording, price: object) -> str:
    free = isinstance(price, Mapping) and not str(price.get("amount") or "").strip("0.")
    return words.say("title.free") if free else words.money(price)


def territory_table(answer: Body, language: str | Wording = "en") -> Table:
    """A finding: the territory's areas, or the candidates and what would settle it.

    ``territory`` is an object with the territory's fields, or its code beside them.
    """
    words = language if isinstance(language, Wording) else Wording(language)
    table = columns(words, "territory", "field", "value")
    fields = {**part(answer, "territory")}
    if isinstance(answer.get("territory"), str):
        fields["code"] = answer["territory"]
    fields |= {key: value for key, value in answer.items() if key != "territory"}
    if answer.get("territory") is None and not fields.get("code"):
        table.caption = words.say("territory_unsettled")
    for key, value in fields.items():
        if value not in (None, "", [], ()):
            name = words.first(f"territory_field.{key}", f"territory_field.{key}")
            table.add_row(leaf(name), leaf(_territory_value(words, key, value, fields)))
    return table


def _territory_value(words: Wording, key: str, value: object, fields: Body) -> str:
    if key == "name" and fields.get("code"):
        return words.territory(fields["code"])
    if key in ("country", "vat_country"):
        return words.territory(value)
    if key == "candidates":
        return ", ".join(f"{words.territory(code)} ({code})" for code in texts(fields, key))
    if key == "confidence":
        return words.name("confidence", str(value).lower())
    return value_text(words, value)


def rules_table(rules: Iterable[Body], language: str | Wording = "en") -> Table:
    """One row a rule: id, question, title, validity, source."""
    words = language if isinstance(language, Wording) else Wording(language)
    table = columns(words, "rules", "rule", "decision", "title", "valid", "cite")
    for rule in rules:
        valid = rule.get("valid")
        row = (
            str(rule.get("rule") or ""),
            fact_name(words, str(rule.get("decision") or "")),
            words.title(rule),
            validity(words, valid) if isinstance(valid, Mapping) else str(valid or ""),
            cite_text(words, rule),
        )
        table.add_row(*(leaf(cell) for cell in row))
    return table
