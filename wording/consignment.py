"""One consignment as a branch: source and arrival, goods, shipments, documents, costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wording.border import add_border
from wording.facts import any_of
from wording.reading import Body, bodies, part, values
from wording.shipment import add_shipment, promise_text
from wording.show import HEAD, branch
from wording.words import Wording

if TYPE_CHECKING:
    from rich.tree import Tree

__all__ = ["add_consignment", "add_costs"]


def add_consignment(tree: Tree, words: Wording, body: Body, currency: str, expanded: bool) -> None:
    """The consignment with everything that was planned for it."""
    number = words.say("label.consignment", number=body.get("number", ""))
    node = branch(tree, words.pair(number, _route(words, body)), HEAD)
    if expanded:
        branch(node, words.labelled("seller", body.get("seller", "")))
        if body.get("sale"):
            branch(node, words.labelled("sale", words.name("sale", body["sale"])))
    branch(
        node, words.labelled("lines", words.listed([_line(words, item) for item in bodies(body, "lines")]))
    )
    shipments = bodies(body, "shipments")
    for shipment in shipments:
        add_shipment(node, words, shipment, part(body, "arrival"), expanded)
    if len(shipments) > 1 and part(body, "promise"):
        branch(node, words.labelled("promise", promise_text(words, part(body, "promise"))))
    add_border(node, words, part(body, "border"), currency, expanded)
    documents = bodies(body, "documents")
    if documents:
        papers = branch(node, words.say("label.documents"))
        for item in documents:
            branch(papers, _document(words, item))
    add_costs(node, words, bodies(body, "costs"))


def add_costs(tree: Tree, words: Wording, costs: Sequence[Body]) -> None:
    """Costs grouped by who pays them."""
    if not costs:
        return
    node = branch(tree, words.say("label.costs"))
    payers: dict[str, list[str]] = {}
    for item in costs:
        text = words.pair(words.name("cost", item.get("code")), words.money(item.get("amount")))
        payers.setdefault(words.name("payer", item.get("payer")), []).append(text)
    for payer, amounts in payers.items():
        branch(node, f"{payer} - {words.listed(amounts)}")


def _route(words: Wording, body: Body) -> str:
    source, arrival = part(body, "source"), part(body, "arrival")
    kind, place = words.name("kind", source.get("kind")), words.territory(source.get("territory"))
    target = str(arrival.get("location") or words.name("arrival", arrival.get("kind")))
    return words.say(
        "label.route",
        source=f"{source.get('location', '')} ({kind}, {place})",
        arrival=f"{target} ({words.territory(arrival.get('territory'))})",
    )


def _line(words: Wording, item: Body) -> str:
    return words.say(
        "label.line", quantity=item.get("quantity", ""), sku=item.get("sku", ""), line=item.get("line", "")
    )


def _document(words: Wording, item: Body) -> str:
    text = f"{words.name('document', item.get('code'))} ({words.name('side', item.get('side'))})"
    if item.get("certain", True):
        return text
    facts = any_of(words, [group if isinstance(group, list) else [group] for group in values(item, "needs")])
    return words.pair(
        text,
        words.say("label.may_be_required", facts=facts) if facts else words.say("label.may_be_required_bare"),
    )
