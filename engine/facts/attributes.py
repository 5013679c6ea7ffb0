"""Retailer facts from the attributes of orders, lines and products."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from engine.rulebook import Fact, Vocabulary

__all__ = ["given"]


def given(facts: dict[str, object], words: Vocabulary, scope: str, *sources: Mapping[str, str]) -> None:
    """Add the retailer facts of a scope; later sources win, what does not fit its type is missing."""
    for fact in words.facts.values():
        if fact.given_by in ("", "input", "decision") or fact.scope != scope:
            continue
        for source in sources:
            text = source.get(fact.given_by)
            if text is not None and (value := _typed(fact, text, words)) is not None:
                facts[fact.name] = value


def _typed(fact: Fact, text: str, words: Vocabulary) -> object | None:
    kind = fact.type.kind
    if kind in ("code", "text", "hs"):
        valid = words.valid_codes(fact.type)
        return text if valid is None or text in valid else None
    if kind == "codes":
        return frozenset(word.strip() for word in text.split(";") if word.strip())
    if kind == "bool":
        return {"yes": True, "no": False}.get(text)
    if kind == "date":
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if kind in ("decimal", "percent") else int(number)
