"""A decision as a tree for the terminal: compact, or with everything it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wording.consignment import add_consignment, add_costs
from wording.facts import fact_name
from wording.reading import Body, bodies, part, texts, values
from wording.reasons import add_because, add_holds, add_needs, add_rejected
from wording.show import DIM, HEAD, branch, trunk
from wording.words import Wording

if TYPE_CHECKING:
    from rich.tree import Tree

__all__ = ["decision_tree", "explain_tree"]

STYLES = {"routed": "bold green", "partial": "bold yellow", "refused": "bold red"}
SHORT = 12
COUNTED = {"held": "holds", "needs_information": "needs"}


def decision_tree(decision: Body, language: str | Wording = "en") -> Tree:
    """The plan in full, reasons by title and source, what was not taken as a short list."""
    return _tree(decision, language, expanded=False)


def explain_tree(decision: Body, language: str | Wording = "en") -> Tree:
    """The same with each rule's outcome, law, dates and facts, every parcel, step and rejected group."""
    return _tree(decision, language, expanded=True)


def _tree(decision: Body, language: str | Wording, expanded: bool) -> Tree:
    words = language if isinstance(language, Wording) else Wording(language)
    status = str(decision.get("status"))
    count = len(values(decision, COUNTED.get(status, "consignments")))
    head = words.pair(words.say("label.order", order=decision.get("order", "")), words.name("status", status))
    tree = trunk(f"{head}\n{words.say(f'summary.{status}', count=count)}", STYLES.get(status, "bold yellow"))
    add_holds(tree, words, bodies(decision, "holds"))
    _screening(tree, words, decision)
    add_needs(tree, words, values(decision, "needs"))
    for body in bodies(decision, "consignments"):
        add_consignment(tree, words, body, str(decision.get("currency") or ""), expanded)
    _unserved(tree, words, decision)
    _landed(tree, words, part(decision, "landed_cost"), expanded)
    add_because(tree, words, bodies(decision, "because"), expanded)
    add_rejected(tree, words, bodies(decision, "rejected"), expanded)
    _alternatives(tree, words, decision)
    _footer(tree, words, decision, expanded)
    return tree


def _screening(tree: Tree, words: Wording, decision: Body) -> None:
    """Each listed name that was like one of the order's: whose, score, list, entry, and why it counts or not."""
    for item in bodies(decision, "screening_detail"):
        status = words.say(f"screening.{item.get('status')}")
        said = words.pair(words.name("party", item.get("who") or "buyer"), status)
        node = branch(tree, words.labelled("screening_detail", said))
        for match in bodies(item, "matches"):
            why = words.say(f"screening.{match['reason']}")
            if cleared := part(match, "cleared"):
                why = words.say("screening.cleared_by", **cleared)
            where = f"{match['list']} {match['list_version']}, {match['id']}"
            branch(node, f"{match['name']} ({words.number(str(match['score']))}): {why}; {where}")


def _unserved(tree: Tree, words: Wording, decision: Body) -> None:
    lines = bodies(decision, "unserved")
    if not lines:
        return
    node = branch(tree, words.say("label.unserved"), "yellow")
    for item in lines:
        text = words.say("label.line_bare", quantity=item.get("quantity"), line=item.get("line"))
        if item.get("reason"):
            text = words.pair(text, words.name("reason", item["reason"]))
        if item.get("expected"):
            text = f"{text}, {words.say('label.expected', day=words.day(item['expected']))}"
        branch(node, text)


def _landed(tree: Tree, words: Wording, body: Body, expanded: bool) -> None:
    if not body:
        return
    node = branch(tree, words.say("label.landed_cost"), HEAD)
    goods = "goods_tax_included" if body.get("goods_tax_included") else "goods_net"
    for label, key in ((goods, "goods"), ("delivery", "delivery")):
        branch(node, words.labelled(label, words.money(body.get(key))))
    add_costs(node, words, bodies(body, "by_payer"))
    for key in ("buyer_pays_on_delivery", "buyer_total", "may_be_higher_by"):
        amount = part(body, key)
        if amount and (expanded or key != "buyer_pays_on_delivery" or _some(amount)):
            branch(node, words.labelled(key, words.money(amount)))
    gaps = texts(body, "cannot_determine")
    if gaps:
        named = ", ".join(fact_name(words, gap) for gap in gaps)
        branch(node, words.labelled("cannot_determine", named), "yellow")


def _some(amount: Body) -> bool:
    return bool(str(amount.get("amount") or "").strip("-0."))


def _alternatives(tree: Tree, words: Wording, decision: Body) -> None:
    plans = bodies(decision, "alternatives")
    if not plans:
        return
    node = branch(tree, words.say("label.alternatives"))
    for plan in plans:
        text = " + ".join(_leg(words, body) for body in bodies(plan, "consignments"))
        left = [
            words.say("label.line_bare", quantity=item.get("quantity"), line=item.get("line"))
            for item in bodies(plan, "unserved")
        ]
        if left:
            text = f"{text}, {words.say('label.without_lines', lines=', '.join(left))}"
        more = part(plan, "costs_more")
        if not _some(more):
            code = "label.alternative_same"
        elif str(more.get("amount")).startswith("-"):
            code = "label.alternative_cheaper"
            more = {**more, "amount": str(more["amount"])[1:]}
        else:
            code = "label.alternative"
        branch(node, words.say(code, plan=text, difference=words.money(more)))


def _leg(words: Wording, body: Body) -> str:
    services = [str(name) if name else words.say("collected") for name in values(body, "services")]
    scheme = body.get("vat_scheme")
    services += [words.name("scheme", scheme)] if scheme else []
    code = "label.leg" if services else "label.leg_bare"
    return words.say(code, location=body.get("location", ""), services=", ".join(services))


def _footer(tree: Tree, words: Wording, decision: Body, expanded: bool) -> None:
    if expanded and part(decision, "lower_bound"):
        branch(tree, words.labelled("lower_bound", words.money(decision["lower_bound"])), DIM)
        branch(tree, words.labelled("gap", words.percent(decision.get("gap"))), DIM)
    if expanded and decision.get("offer_id"):
        branch(tree, words.say("label.offer", offer=decision["offer_id"]), DIM)
    versions = part(decision, "versions")
    if versions:
        shown = {name: str(version) for name, version in versions.items() if version}
        if not expanded:
            shown = {name: version.removeprefix("sha256:")[:SHORT] for name, version in shown.items()}
        text = ", ".join(f"{name} {version}" for name, version in shown.items())
        branch(tree, words.labelled("versions", text), DIM)
