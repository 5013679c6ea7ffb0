"""What holds for every order, whatever it is: generated orders, shipped rules, demo retailer."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from engine.decide import decide
from engine.supply import OWN
from scenarios import order_from_text
from scenarios.serving import dump
from tests.properties.orders import orders
from tests.shortcuts.demo import Json, decided, house

STATUSES = {"routed", "partial", "backordered", "held", "needs_information", "refused"}
MONEY = re.compile(r"-?\d+(\.\d+)?")
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
SOME = settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=SLOW)


@given(orders())
@SOME
def test_every_readable_order_gets_a_decision(order: Json) -> None:
    decision = decided(order)
    assert decision["status"] in STATUSES
    assert decision["split"] == (len(decision["consignments"]) > 1)
    if decision["status"] == "routed":
        assert decision["consignments"]
        assert not decision["unserved"]
    if decision["status"] == "refused":
        assert not decision["consignments"] or decision["holds"] or decision["rejected"]


@given(orders())
@SOME
def test_the_same_order_gets_the_same_decision(order: Json) -> None:
    text = json.dumps(order)
    first, second = (dump(decide(order_from_text(text), *house())) for _ in range(2))
    assert first == second


@given(orders())
@SOME
def test_every_line_is_served_exactly_once_or_listed_as_unserved(order: Json) -> None:
    decision = decided(order)
    if decision["status"] not in ("routed", "partial"):
        return
    served: Counter[str] = Counter()
    for consignment in decision["consignments"]:
        for line in consignment["lines"]:
            served[line["line"]] += line["quantity"]
    left: Counter[str] = Counter()
    for line in decision["unserved"]:
        left[line["line"]] += line["quantity"]
    assert served + left == Counter({line["id"]: line["quantity"] for line in order["lines"]})


@given(orders())
@SOME
def test_shipments_and_parcels_carry_what_the_consignment_holds(order: Json) -> None:
    for consignment in decided(order)["consignments"]:
        held = Counter({line["line"]: line["quantity"] for line in consignment["lines"]})
        shipped: Counter[str] = Counter()
        for shipment in consignment["shipments"]:
            mine = Counter({line["line"]: line["quantity"] for line in shipment["lines"]})
            shipped += mine
            if shipment["parcels"]:
                packed: Counter[str] = Counter()
                for parcel in shipment["parcels"]:
                    for item in parcel["contents"]:
                        packed[item["line"]] += item["quantity"]
                assert packed == mine
        assert shipped == held


@given(orders())
@SOME
def test_no_place_gives_more_than_its_stock_less_the_buffer(order: Json) -> None:
    world, supply = house()
    decision = decided(order)
    skus = {line["id"]: line["sku"] for line in order["lines"]}
    taken: Counter[tuple[str, str, str]] = Counter()
    for consignment in decision["consignments"]:
        seller = world.retailer.entities[consignment["seller"]]
        pool = seller.id if seller.marketplace else OWN
        for line in consignment["lines"]:
            taken[pool, consignment["source"]["location"], skus[line["line"]]] += line["quantity"]
    buffers = [entry["outcome"] for entry in decision["because"] if entry["decision"] == "stock.buffer"]
    for (pool, location, sku), units in taken.items():
        record = supply.views[pool].records[location, sku]
        assert units <= record.on_hand - record.reserved - min(buffers, default=0), (location, sku, units)


@given(orders())
@SOME
def test_a_consignment_never_mixes_sellers(order: Json) -> None:
    sellers = {line["id"]: line.get("seller") or order.get("seller") for line in order["lines"]}
    for consignment in decided(order)["consignments"]:
        found = {sellers[line["line"]] for line in consignment["lines"]}
        assert len(found) == 1
        if None not in found:
            assert found == {consignment["seller"]}


@given(orders())
@SOME
def test_scheme_duty_and_route_are_each_cited(order: Json) -> None:
    decision = decided(order)
    for consignment in decision["consignments"]:
        border = consignment["border"]
        mine = (None, consignment["number"])
        cited = {entry["decision"] for entry in decision["because"] if entry.get("consignment") in mine}
        expected = {"customs.routes"}
        expected |= {"vat.scheme"} if border["vat_scheme"] is not None else set()
        expected |= {"customs.duty_method"} if border["duty_method"] is not None else set()
        assert expected <= cited, (expected - cited, border)
    for entry in decision["because"]:
        rule = house()[0].rulebook.rules[entry["rule"]]
        assert entry["decision"] == rule.decision
        assert entry["title"]["en"]
        assert entry["title"]["fr"]
        assert ("cite" in entry) == (rule.pack == "law")


@given(orders())
@SOME
def test_every_amount_is_exact_text_in_a_currency(order: Json) -> None:
    decision = decided(order)
    seen = 0
    for node in _objects(decision):
        assert not any(isinstance(value, float) for value in node.values())
        if "amount" in node and "currency" in node:
            assert isinstance(node["amount"], str)
            assert MONEY.fullmatch(node["amount"])
            assert Decimal(node["amount"]).is_finite()
            seen += 1
    assert seen


@given(orders())
@SOME
def test_the_costs_by_payer_add_up_to_those_of_the_consignments(order: Json) -> None:
    decision = decided(order)
    parts: Counter[tuple[str, str]] = Counter()
    for consignment in decision["consignments"]:
        for cost in consignment["costs"]:
            assert cost["amount"]["currency"] == order["currency"]
            parts[cost["payer"], cost["code"]] += Decimal(cost["amount"]["amount"])  # type: ignore[assignment]
    told = {
        (c["payer"], c["code"]): Decimal(c["amount"]["amount"]) for c in decision["landed_cost"]["by_payer"]
    }
    assert told == dict(parts)


@given(orders())
@SOME
def test_an_order_that_is_not_routed_says_why(order: Json) -> None:
    decision = decided(order)
    match decision["status"]:
        case "refused":
            assert any(group["stage"] == "compliance" and group.get("rule") for group in decision["rejected"])
        case "held":
            assert decision["holds"]
        case "needs_information":
            assert decision["needs"]
            assert all(need["facts"] for need in decision["needs"])
        case "backordered" | "partial":
            assert decision["unserved"] or decision["rejected"]


@given(orders())
@SOME
def test_alternatives_cost_more_and_the_bound_does_not(order: Json) -> None:
    decision = decided(order)
    assert all(Decimal(other["costs_more"]["amount"]) >= 0 for other in decision["alternatives"])
    assert Decimal(decision["gap"]) >= 0


@given(orders())
@SOME
def test_what_is_forbidden_is_never_in_the_plan(order: Json) -> None:
    """Goods under a way of delivery that a rule requires travel that way, and no other."""
    decision = decided(order)
    required = {entry["outcome"] for entry in decision["because"] if entry["decision"] == "delivery.required"}
    modes = {shipment["mode"] for item in decision["consignments"] for shipment in item["shipments"]}
    if decision["consignments"] and len(decision["consignments"]) == 1 and required and modes != {"shop"}:
        assert required <= modes


@pytest.mark.slow
@given(orders())
@settings(SOME, max_examples=1500)
def test_no_order_at_all_makes_decide_raise(order: Json) -> None:
    assert decided(order)["status"]


def _objects(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from _objects(value)
    elif isinstance(node, list):
        for value in node:
            yield from _objects(value)
