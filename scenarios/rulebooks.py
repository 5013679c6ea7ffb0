"""Reading rule folders for the rule commands: the rulebook alone, one rule's text, the vocabulary."""

from __future__ import annotations

from pathlib import Path

from carriers import Carriers
from domain import UnknownReference
from engine.because import rule_json
from engine.rulebook import Rulebook, load_rulebook, read_folder
from engine.rulebook.problems import nearest
from engine.vocabulary import vocabulary
from engine.world import drawn_by
from scenarios.house import folder, retailer_carriers

__all__ = ["open_rulebook", "show_rule", "vocabulary_json"]


def open_rulebook(rules: Path | None) -> Rulebook:
    """The rulebook of a folder, with the demo retailer's carriers for service codes and drawn zones."""
    carriers: Carriers = retailer_carriers()
    words = vocabulary((s.id for s in carriers.services), (s.carrier for s in carriers.services))
    return load_rulebook(
        read_folder(rules or folder("rules")), words, drawn_by(carriers), carriers.zones.names
    )


def show_rule(book: Rulebook, ident: str, rules: Path | None) -> dict[str, object]:
    """A rule's identity, place and text as written."""
    rule = book.rules.get(ident)
    if rule is None:
        raise UnknownReference(
            f"there is no rule {ident!r}",
            code="rules.unknown",
            place="/rule",
            cure=nearest(ident, book.rules, "passavant rules list"),
        )
    body = rule_json(rule)
    place = rule.place
    if place is not None:
        lines = read_folder(rules or folder("rules"))[place.file].splitlines()
        body["place"] = str(place)
        body["text"] = (
            "\n".join(_block(lines, place.line - 1))
            if place.file.endswith((".yaml", ".yml"))
            else f"{lines_header(lines)}\n{lines[place.line - 1]}"
        )
    if rule.overrides:
        body["overrides"] = rule.overrides
    body["overridden_by"] = sorted(other.id for other in book.rules.values() if other.overrides == ident)
    body["examples"] = len(rule.examples)
    return body


def lines_header(lines: list[str]) -> str:
    """The header of a table: its first line that is no comment."""
    return next((line for line in lines if line.strip() and not line.lstrip().startswith("#")), "")


def _block(lines: list[str], start: int) -> list[str]:
    """The lines of one list item: until the next line indented no deeper."""
    indent = len(lines[start]) - len(lines[start].lstrip())
    end = start + 1
    while end < len(lines) and (
        not lines[end].strip()
        or (
            len(lines[end]) - len(lines[end].lstrip()) > indent - 1
            and not lines[end].lstrip().startswith("- id:")
        )
    ):
        end += 1
    return [line[max(0, indent - 2) :] for line in lines[start:end]]


def vocabulary_json(book: Rulebook) -> list[dict[str, object]]:
    """Every word, sorted: scope, type, codes, meaning."""
    words = book.vocabulary
    found: list[dict[str, object]] = []
    for name in sorted(words.facts):
        fact = words.facts[name]
        body: dict[str, object] = {
            "fact": name,
            "scope": fact.scope,
            "type": fact.type.domain or fact.type.kind,
            "title": fact.title,
        }
        if fact.type.codes:
            body["codes"] = list(fact.type.codes)
        if fact.basis:
            body["basis"] = fact.basis
        if fact.given_by:
            body["given_by"] = fact.given_by
        found.append(body)
    return found
