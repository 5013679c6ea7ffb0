"""Shortcut 7, canned explanations: what ``why_not`` says would help is done, and it helps."""

from __future__ import annotations

import json
import random
from datetime import date
from typing import Any

import pytest

from domain import Money
from engine.case import take_in
from engine.decide import decide
from scenarios import order_from_text
from scenarios.serving import dump
from scenarios.why_not import Change, apply, why_not
from tests.shortcuts.demo import Json, decided, house, order_json

PLACES = (
    {"country": "FR", "postcode": "69003", "city": "Lyon"},
    {"country": "DE", "postcode": "10117", "city": "Berlin"},
    {"country": "CH", "postcode": "8001", "city": "Zürich"},
    {"country": "ES", "postcode": "35001", "city": "Las Palmas"},
)
SKUS = ("fridge-filter", "coffee-maker", "umbrella-telescopic", "chocolate-bar", "fridge-combi-365")
SAMPLES = 24
DAY = date(2026, 11, 20)


def _sampled() -> list[tuple[Json, str]]:
    """Orders and services, the same in every run: three of four services reach the place from somewhere."""
    dice = random.Random(20261122)
    carriers = house()[0].carriers
    every = sorted(service.id for service in carriers.services)
    found = []
    for number in range(SAMPLES):
        place, sku = dice.choice(PLACES), dice.choice(SKUS)
        seller = "maison-ch" if place["country"] == "CH" else "maison-fr"
        lines = [{"id": "1", "sku": sku, "quantity": dice.choice((1, 2)), "unit_price": "49.00"}]
        mode = dice.choice((None, None, {"mode": "home"}))
        body = order_json(id=f"W-{number}", ship_to=place, seller=seller, lines=lines, delivery=mode)
        target = take_in(order_from_text(json.dumps(body)), house()[0]).destination
        bits = carriers.lane_bits("CH" if seller == "maison-ch" else "FR", target, DAY)
        there = sorted(service.id for service in carriers.of_bits(bits))
        found.append((body, dice.choice(every if number % 4 == 0 else there)))
    return found


def _rebuilt(change: Json) -> Change:
    """A change as a reader of the JSON would understand it."""
    by = Money.of(change["by"]["amount"], change["by"]["currency"]).minor if "by" in change else 0
    return Change(change["kind"], change["target"], by, change.get("fields", {}))


def _answer(body: Json, service: str) -> Json:
    found: Json = json.loads(dump(why_not(order_from_text(json.dumps(body)), *house(), service)))
    return found


def _services(decision: Any) -> set[str]:
    return {shipment["service"] for item in decision["consignments"] for shipment in item["shipments"]}


@pytest.fixture(scope="module")
def answers() -> list[tuple[Json, str, Json]]:
    return [(body, service, _answer(body, service)) for body, service in _sampled()]


def test_every_change_said_to_help_helps(answers: list[tuple[Json, str, Json]]) -> None:
    helped = 0
    for body, service, answer in answers:
        if not answer["possible"]:
            continue
        changes = [_rebuilt(each) for each in answer["changes"]]
        order, world = apply(changes, order_from_text(json.dumps(body)), house()[0])
        assert service in _services(decide(order, world, house()[1])), (body, service, answer)
        helped += bool(answer["changes"])
    assert helped >= SAMPLES // 4  # a sample in which nothing had to change would prove nothing


def test_without_the_change_the_service_does_not_win(answers: list[tuple[Json, str, Json]]) -> None:
    for body, service, answer in answers:
        wins = service in _services(decided(body))
        assert wins == (answer["outcome"] == "wins_already")
        if answer["outcome"] != "would_win":
            assert answer["changes"] == [] or not answer["possible"]


def test_a_price_named_is_the_smallest_that_wins(answers: list[tuple[Json, str, Json]]) -> None:
    """A cent less of a reduction, and the service loses again."""
    tried = 0
    for body, service, answer in answers:
        changes = [_rebuilt(each) for each in answer["changes"]]
        if not answer["possible"] or not changes or changes[-1].kind != "price":
            continue
        nearly = Change("price", changes[-1].target, changes[-1].by + 1)
        order, world = apply([*changes[:-1], nearly], order_from_text(json.dumps(body)), house()[0])
        assert service not in _services(decide(order, world, house()[1])), (body, service, answer)
        tried += 1
    assert tried


def test_what_cannot_win_says_what_stands_in_the_way(answers: list[tuple[Json, str, Json]]) -> None:
    hopeless = [answer for _, _, answer in answers if not answer["possible"]]
    assert hopeless
    assert all(answer["blocked_by"] for answer in hopeless)
