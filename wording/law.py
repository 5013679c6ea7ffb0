"""A sale's VAT and a consignment's landed cost as trees for the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from wording.border import CHOSEN, add_assessment
from wording.facts import fact_name
from wording.reading import Body, bodies, part, texts, values
from wording.reasons import add_because, add_needs, rejected_text
from wording.show import DIM, HEAD, branch, trunk
from wording.words import Wording

if TYPE_CHECKING:
    from rich.tree import Tree

__all__ = ["landed_tree", "vat_tree"]

TOTALS = ("goods", "freight", "insurance", "duty", "charges", "vat", "landed_cost")


def vat_tree(answer: Body, language: str | Wording = "en") -> Tree:
    """Scheme and rate first, then both sides, routes, what is assumed or missing, and why."""
    words = language if isinstance(language, Wording) else Wording(language)
    tree = trunk(_headline(words, answer))
    for key in ("vat_country", "rate", "vat"):
        if answer.get(key) is not None:
            text = f"{answer[key]} %" if key == "rate" else str(answer[key])
            if key == "vat":
                text = words.amount(answer[key], str(answer.get("currency") or ""))
            branch(tree, words.labelled(f"law.{key}", text))
    for side in bodies(answer, "sides"):
        _side(tree, words, side)
    _duties(tree, words, answer)
    _routes(tree, words, answer, "")
    _open(tree, words, answer)
    return tree


def landed_tree(answer: Body, language: str | Wording = "en") -> Tree:
    """Totals first, then how each came about, papers, restrictions, other routes, and why."""
    words = language if isinstance(language, Wording) else Wording(language)
    stretches = bodies(answer, "outcomes")
    if not stretches:
        tree = trunk(_headline(words, answer))
        _outcome(tree, words, answer, str(answer.get("currency") or ""))
        return tree
    tree = trunk(words.say("label.law.depends_on_day"))
    for stretch in stretches:
        days = part(stretch, "declared")
        code = "label.law.declared_on" if days["from"] == days["to"] else "label.law.declared"
        text = words.say(code, start=words.day(days["from"]), end=words.day(days["to"]))
        node = branch(tree, f"{text}: {_headline(words, stretch)}", HEAD)
        _outcome(node, words, stretch, str(answer.get("currency") or ""))
    return tree


def _headline(words: Wording, answer: Body) -> str:
    scheme = answer.get("scheme")
    return words.name("scheme", scheme) if scheme else words.say("label.law.undetermined")


def _outcome(tree: Tree, words: Wording, body: Body, currency: str) -> None:
    totals = part(body, "totals")
    node = branch(tree, words.say("label.landed_cost"), HEAD) if totals else tree
    for key in TOTALS:
        if totals.get(key) not in (None, "0", "0.00"):
            branch(node, words.labelled(f"law.{key}", words.amount(totals[key], currency)))
    for side in ("dispatch", "arrival"):
        _side(tree, words, part(body, side))
    for key, family in CHOSEN:
        held = {"vat_scheme": "scheme", "vat_charged_by": "charged_by"}.get(key, key)
        if body.get(held) is not None:
            branch(tree, words.labelled(key, words.name(family, body[held])))
    items = part(body, "items")
    if items:
        text = words.say("label.law.items", count=_span(items.get("count")), digits=items.get("digits"))
        branch(tree, text)
    add_assessment(tree, words, part(body, "assessment"), currency, expanded=True, customs=True)
    for paper in bodies(body, "documents"):
        text = words.name("document", paper.get("code"))
        if not paper.get("certain"):
            text = words.say("label.law.perhaps", what=text)
        branch(tree, words.labelled("law.document", text))
    for limit in bodies(body, "restrictions"):
        text = words.pair(rejected_text(words, "compliance", str(limit.get("code"))), words.title(limit))
        branch(tree, words.labelled("law.restriction", text), "yellow")
    _duties(tree, words, body)
    _routes(tree, words, body, currency)
    _open(tree, words, body)


def _side(tree: Tree, words: Wording, side: Body) -> None:
    if side:
        treatment = words.name("treatment", side["treatment"]) if side.get("treatment") else "?"
        text = f"{words.territory(side.get('territory'))}, {treatment}"
        if side.get("rate") is not None:
            text = f"{text} ({side['rate']} %)"
        branch(tree, words.labelled(str(side.get("role")), text))


def _duties(tree: Tree, words: Wording, body: Body) -> None:
    """What the seller must have or keep: a registration, proof of the exemption."""
    for code in texts(body, "registration_needed"):
        branch(tree, words.labelled("law.registration_needed", words.name("outcome", code)), "yellow")
    for limit in bodies(body, "thresholds"):
        text = words.pair(words.name("outcome", limit.get("code")), words.money(limit.get("limit")))
        branch(tree, words.labelled("law.threshold", text), DIM)
    for proof in texts(body, "proof"):
        branch(tree, words.labelled("law.proof", words.name("outcome", proof)))


def _routes(tree: Tree, words: Wording, body: Body, currency: str) -> None:
    routes = bodies(body, "routes")
    if len(routes) < 2:
        return
    node = branch(tree, words.say("label.law.routes"))
    for route in routes:
        names = [
            words.name("declaration", route.get("declaration")),
            words.name("vat_route", route.get("vat")),
        ]
        text = ", ".join([*names, words.name("incoterm", route.get("incoterm"))])
        if route.get("cost") is not None:
            cost = route["cost"]
            text = words.pair(text, words.amount(cost, currency) if currency else _span(cost))
        if route.get("chosen"):
            text = words.say("label.law.chosen", what=text)
        branch(node, text, "" if route.get("chosen") else DIM)
    if not body.get("cheapest_is_certain"):
        branch(node, words.say("label.law.cheapest_unsure"), "yellow")


def _open(tree: Tree, words: Wording, body: Body) -> None:
    for item in bodies(body, "assumed"):
        what, value = str(item.get("what")), str(item.get("value"))
        told = f"assumed.{what}"
        text = words.say(told, value=value) if words.has(told) else words.pair(fact_name(words, what), value)
        branch(tree, words.labelled("law.assumed", text), DIM)
    add_needs(tree, words, values(body, "needs"))
    gaps = texts(body, "cannot_determine")
    if gaps:
        named = ", ".join(fact_name(words, gap) for gap in gaps)
        branch(tree, words.labelled("cannot_determine", named), "yellow")
    add_because(tree, words, bodies(body, "because"), expanded=False)


def _span(value: object) -> str:
    if isinstance(value, Mapping):
        return f"{value.get('low')} - {value.get('high')}"
    return str(value)
