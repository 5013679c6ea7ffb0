"""Reasons: the rules behind a decision, with their source and the facts they read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.asking import Said
from engine.plain import plain
from engine.rulebook import Rule, Rulebook
from engine.rulebook.epochs import chain, walk

__all__ = ["because", "rule_json"]

ROUTES = "customs.routes"


def rule_json(rule: Rule) -> dict[str, object]:
    """A rule's identity: title in every language, citation, validity, owner."""
    body: dict[str, object] = {"rule": rule.id, "decision": rule.decision, "title": dict(rule.title)}
    if rule.cite:
        body["cite"] = [
            {
                key: plain(getattr(item, key))
                for key in ("act", "article", "url", "checked", "confidence")
                if getattr(item, key)
            }
            for item in rule.cite
        ]
    if rule.owner:
        body["owner"] = rule.owner
    if rule.reason:
        body["reason"] = rule.reason
    body["valid"] = {"from": plain(rule.validity.start), "until": plain(rule.validity.until)}
    if rule.known_until is not None:
        body["known_until"] = plain(rule.known_until)
    return body


def because(
    book: Rulebook, said: Iterable[Said], consignment: int | None, routes: frozenset[str] = frozenset()
) -> list[dict[str, object]]:
    """Each rule that surely spoke, once, with its outcome and the facts it read.

    Of the decisions that another reads only those are shown which a speaking rule
    tests; of the admitted customs routes only the chosen ones (``routes``).
    """
    found: dict[str, dict[str, object]] = {}
    for item in (each for top in said for each in _relevant(book, top)):
        decision = book.decisions[item.answer.decision]
        table = {rule.id: rule for rule in decision.rules}
        for name in item.answer.sure_by:
            if decision.id == ROUTES and name not in routes:
                continue
            rule = table[name]
            facts, lines = _facts(rule, table, item)
            entry = found.get(name)
            if entry is None:
                entry = found[name] = {
                    **rule_json(rule),
                    "outcome": plain(_outcome(book, rule, item)),
                    "facts": facts,
                }
                if consignment is not None:
                    entry["consignment"] = consignment
            if lines:
                seen = entry.setdefault("lines", [])
                assert isinstance(seen, list)
                seen += [line for line in lines if line not in seen]
    return list(found.values())


def _relevant(book: Rulebook, top: Said) -> list[Said]:
    """The decisions whose outcome a speaking rule tested, and the decision itself."""
    table = {rule.id: rule for rule in book.decisions[top.answer.decision].rules}
    tested = {
        test.fact
        for name in top.answer.sure_by
        for link in chain(table[name], table)
        for test, _ in walk(link.when)
    }
    below = [each for item in top.via if item.answer.decision in tested for each in _relevant(book, item)]
    return [*below, top]


def _outcome(book: Rulebook, rule: Rule, item: Said) -> object:
    day = item.facts.get(book.decisions[rule.decision].dated_by)
    epochs = book.question(rule.decision).spanning(day)
    return next(
        (alive.then for epoch in epochs for alive in epoch.decision.rules if alive.id == rule.id), rule.then
    )


def _facts(rule: Rule, table: Mapping[str, Rule], item: Said) -> tuple[dict[str, object], list[str]]:
    """Facts of the rule's own scope, and the lines its quantifiers (or it) spoke of."""
    facts: dict[str, object] = {}
    lines: list[str] = []
    for link in chain(rule, table):
        for test, scope in walk(link.when):
            if scope is None and test.fact in item.facts:
                facts[test.fact] = plain(item.facts[test.fact])
            elif scope == "line":
                for member in (item.members or {}).get("line", ()):
                    if test.fact in member and str(member.get("line.id")) not in lines:
                        lines.append(str(member.get("line.id")))
    if "line.id" in item.facts:
        lines.append(str(item.facts["line.id"]))
    return dict(sorted(facts.items())), sorted(set(lines))
