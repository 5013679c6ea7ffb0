"""What one service carries: parcels, pickup point, promise, preparation, carrier's price."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wording.reading import Body, bodies, part, values
from wording.reasons import coded
from wording.show import DIM, branch
from wording.words import Wording

if TYPE_CHECKING:
    from rich.tree import Tree

__all__ = ["add_shipment", "promise_text", "service_text"]


def service_text(words: Wording, body: Body) -> str:
    """Carrier and service, or that the goods are collected on the spot."""
    if not body.get("service"):
        return words.say("collected")
    return " ".join(str(body[key]) for key in ("carrier", "service") if body.get(key))


def promise_text(words: Wording, body: Body) -> str:
    """Earliest and latest day with the time of day and the step that decides."""
    earliest, latest = words.day(body.get("earliest")), words.day(body.get("latest"))
    if earliest == latest:
        text = words.say("label.promise_on", day=latest)
    else:
        text = words.say("label.promise_between", earliest=earliest, latest=latest)
    if body.get("by"):
        text = f"{text} {words.say('label.promise_by', time=str(body['by'])[:5])}"
    if body.get("binding"):
        text = f"{text}, {words.say('label.binding', step=words.name('binding', body['binding']))}"
    return text


def add_shipment(tree: Tree, words: Wording, body: Body, arrival: Body, expanded: bool) -> None:
    """The shipment's branch; ``expanded`` lists parcels, preparation times and price lines."""
    mode = words.name("mode", body.get("mode"))
    if body.get("service"):
        mode = f"{mode}, {words.name('speed', body.get('speed'))} - {service_text(words, body)}"
    else:
        mode = words.say("collected")
    node = branch(tree, words.labelled("shipment", mode))
    _parcels(node, words, body, expanded)
    if body.get("pickup_point"):
        point = part(arrival, "pickup_point")
        name = point.get("name") if point.get("id") == body["pickup_point"] else None
        text = f"{name} ({body['pickup_point']})" if name else str(body["pickup_point"])
        branch(node, words.labelled("pickup_point", text))
    _promise(node, words, part(body, "promise"), expanded)
    _preparation(node, words, part(body, "preparation"), expanded)
    if body.get("carrier_cost") and body.get("service"):
        _price(node, words, body, expanded)


def _parcels(node: Tree, words: Wording, body: Body, expanded: bool) -> None:
    parcels = bodies(body, "parcels")
    if not parcels:
        return
    grams = sum(weight for item in parcels if isinstance(weight := item.get("weight_g"), int))
    here = branch(node, words.say("label.parcels", count=len(parcels), weight=words.weight(grams)))
    if not expanded and len(parcels) > 1:
        branch(here, ", ".join(words.weight(item.get("weight_g")) for item in parcels))
    for item in parcels if expanded else ():
        size = words.size(values(item, "box_mm"))
        text = words.say("label.parcel_sized", weight=words.weight(item.get("weight_g")), size=size)
        goods = [
            words.say("label.line_bare", quantity=held.get("quantity"), line=held.get("line"))
            for held in bodies(item, "contents")
        ]
        branch(here, f"{text}, {words.say('label.holding', goods=', '.join(goods))}" if goods else text)


def _promise(node: Tree, words: Wording, body: Body, expanded: bool) -> None:
    if not body:
        return
    if "cannot_determine" in body:
        why = coded(words, part(body, "cannot_determine"))
        branch(node, words.labelled("promise", words.pair(words.say("label.cannot_determine"), why)))
        return
    text = promise_text(words, body)
    if expanded and body.get("confidence"):
        level = words.name("confidence", body["confidence"])
        text = f"{text}, {words.say('label.confidence', level=level)}"
    branch(node, words.labelled("promise", text))


def _preparation(node: Tree, words: Wording, body: Body, expanded: bool) -> None:
    if not body:
        return
    here = branch(node, words.labelled("preparation", words.name("method", body.get("method"))))
    steps = values(body, "steps")
    codes = [step.get("code") if isinstance(step, dict) else step for step in steps]
    if expanded:
        for step in bodies(body, "steps"):
            times = {key: words.instant(step.get(key)) for key in ("start", "end")}
            branch(here, words.say("label.step_between", step=words.name("step", step.get("code")), **times))
    elif codes:
        branch(here, ", ".join(words.name("step", code) for code in codes))
    if part(body, "cannot"):
        branch(here, coded(words, part(body, "cannot")))
    if body.get("start_by") and expanded:
        branch(here, words.labelled("start_by", words.instant(body["start_by"])))
    if body.get("deadline"):
        text = words.labelled("deadline", words.instant(body["deadline"]))
        if body.get("binding"):
            decider = words.first(f"binding.{body['binding']}", f"step.{body['binding']}")
            text = f"{text}, {words.say('label.binding', step=decider)}"
        branch(here, text)
    if body.get("leaves") and (expanded or body.get("leaves") != body.get("deadline")):
        branch(here, words.labelled("leaves", words.instant(body["leaves"])))


def _price(node: Tree, words: Wording, body: Body, expanded: bool) -> None:
    text = words.labelled("carrier_cost", words.money(body["carrier_cost"]))
    here = branch(node, f"{text} ({words.say('label.demo_rates')})" if body.get("demo_rates") else text)
    for item in bodies(body, "carrier_cost_lines") if expanded else ():
        branch(here, words.pair(words.name("cost", item.get("code")), words.money(item.get("amount"))), DIM)
