"""The VAT and customs rules on every corridor: routes, scheme, both sides, duty, proof, missing registrations."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.asking import Asker
from engine.movement import Lawful, law_of
from engine.rulebook import Record
from engine.world import World
from scenarios import open_world
from scenarios.movements import movement_of
from scenarios.queries import LandedQuery
from scenarios.reading import query_from

HERE = Path(__file__).parent
TEXT = yaml.safe_load((HERE / "rules_cases.yaml").read_text(encoding="utf-8"))
CASES: list[dict[str, Any]] = TEXT["cases"]
OUTCOMES = {
    "scheme": "vat.scheme",
    "charged_by": "vat.charged_by",
    "dispatch": "vat.dispatch_treatment",
    "arrival": "vat.arrival_treatment",
    "duty": "customs.duty_method",
}
UNKNOWN = "?"


@pytest.fixture(scope="module")
def world() -> World:
    return open_world()[0]


def _query(changes: dict[str, Any]) -> LandedQuery:
    body = {name: value for name, value in {**TEXT["base"], **changes}.items() if value is not None}
    for name in ("date", "declared_on"):
        body[name] = str(body[name])
    if (buyer := body.get("buyer")) and "vat_number_checked" in buyer:
        body["buyer"] = {**buyer, "vat_number_checked": str(buyer["vat_number_checked"])}
    return query_from(LandedQuery, body)


def _law(case: dict[str, Any], world: World) -> Lawful:
    query = _query(case["in"])
    movement = movement_of(query, world)[0]
    declared = query.declared_on
    assert isinstance(declared, date)
    stated = {**movement.stated, **case.get("facts", {})}
    return law_of(replace(movement, declared=declared, stated=stated), world)


def _name(treatment: Any) -> str:
    route = treatment.route
    return f"{route.declaration}/{route.vat}/{route.incoterm}"


def _watched(found: Lawful, world: World) -> list[str]:
    asker = Asker(world, found.movement.case.order.currency, found.movement.case.day)
    said = asker.ask("vat.thresholds", dict(found.facts), {"line": []}).answer
    assert not said.possible, f"open: {said.possible}"
    return sorted(str(item["code"]) for item in said.certain if isinstance(item, Record))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_law_of_each_corridor(case: dict[str, Any], world: World):
    found = _law(case, world)
    every = [each for each in (found.chosen, *found.others) if each is not None]
    if "routes" in case:
        assert sorted(_name(each) for each in every if each.route.certain) == case["routes"]
    chosen = found.chosen
    if "chosen" in case:
        assert chosen is not None
        assert _name(chosen) == case["chosen"]
    for key, decision in OUTCOMES.items():
        if key in case:
            assert chosen is not None, "no route"
            assert chosen.outcomes.get(decision, UNKNOWN) == case[key]
    if "needs" in case:
        assert case["needs"] in {name for names in found.needs for name in names}
    if "proof" in case:
        assert sorted(found.proofs) == case["proof"]
    if "register" in case:
        assert sorted(found.lacking) == case["register"]
    assert sorted(found.unregistered) == case.get("as_if", [])
    if "watch" in case:
        assert _watched(found, world) == case["watch"]


def test_the_cases_reach_most_rules_of_the_corridors(world: World, record_property):
    """Counts the routes and schemes that no case reaches; each rule has its own examples besides."""
    spoke: Counter[str] = Counter()
    for case in CASES:
        found = _law(case, world)
        treated = [each for each in (found.chosen, *found.others) if each is not None]
        for said in (*found.said, *(item for each in treated for item in each.said)):
            spoke.update(said.answer.sure_by)
    wanted = {
        name
        for name, rule in world.rulebook.rules.items()
        if rule.decision in ("customs.routes", "vat.scheme")
    }
    silent = sorted(wanted - set(spoke))
    record_property("said", f"{len(wanted) - len(silent)} of {len(wanted)} rules of routes and schemes spoke")
    assert len(silent) <= len(wanted) * 0.3, silent


def test_a_case_that_expects_something_else_is_noticed(world: World):
    wrong = {**CASES[0], "scheme": "export"}
    with pytest.raises(AssertionError):
        test_the_law_of_each_corridor(wrong, world)
