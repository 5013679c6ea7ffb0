"""Offers, why-not, problems, scenarios, territories and rules in both languages."""

from __future__ import annotations

import pytest

from tests.wording.decisions import Body, euros, law, retailer
from tests.wording.test_decision import shown
from wording import (
    LANGUAGES,
    options_table,
    problem_panel,
    rules_table,
    scenario_table,
    territory_table,
    why_not_tree,
)

BOTH = pytest.mark.parametrize("language", LANGUAGES)

OFFERS: list[Body] = [
    {
        "offer_id": "tok-1",
        "mode": "locker",
        "speed": "same_day",
        "service": "inpost-locker",
        "carrier": "InPost",
        "pickup_point": "P-9",
        "price": euros("4.90"),
        "promise": {"earliest": "2026-11-24", "latest": "2026-11-24"},
    },
    {"mode": "shop", "speed": "standard", "service": None, "price": euros("0.00"), "promise": None},
]


def test_offers_show_mode_promise_and_price():
    text = shown(options_table(OFFERS, "en"))
    for part in (
        "Locker",
        "same day",
        "InPost inpost-locker",
        "Pickup point: P-9",
        "on 24 Nov 2026",
        "€4.90",
        "tok-1",
    ):
        assert part in text
    assert "Collected on the spot" in text
    assert "free" in text
    french = shown(options_table(OFFERS, "fr"))
    for part in ("Consigne", "le jour même", "le 24 nov. 2026", "4,90 €", "gratuite", "Retrait sur place"):
        assert part in french


def test_no_offer_is_said():
    assert "No way to deliver can be offered." in shown(options_table([], "en"))


WHY = {
    "candidate": "chronopost-13",
    "outcome": "would_win",
    "applied": True,
    "changes": [
        {"kind": "rule_off", "target": "no-express"},
        {"kind": "wish", "target": "delivery", "fields": {"mode": "home", "speed": None}},
        {"kind": "price", "target": "chronopost-13", "by": euros("-2.10")},
        {"kind": "moon_phase", "target": "full", "colour": "blue"},
    ],
    "difference": euros("-2.10"),
    "blocked_by": [
        {"code": "wish", "fields": ["mode", "speed"]},
        {**law(), "code": "rule_off", "target": "dispatch-export"},
        {"stage": "service", "code": "lane_none"},
        {"code": "contract", "target": "chronopost-13"},
    ],
}


def test_why_not_names_the_change_and_the_obstacle():
    text = shown(why_not_tree(WHY, "en"))
    for part in (
        "chronopost-13 would be taken after the changes below.",
        "without rule no-express",
        "another wish for the delivery: delivery mode: Home delivery, speed: free to choose",
        "chronopost-13 costs €2.10 less",
        "moon phase: full, colour: blue",
        "what the buyer asked for: delivery mode, speed",
        "a rule: Zero-rated export (Directive 2006/112/EC, 146)",
        "does not go there",
        "no contract for it: chronopost-13",
        "Tried: the changes were applied and decided again",
    ):
        assert part in text, f"{part}\n{text}"
    french = shown(why_not_tree(WHY, "fr"))
    for part in ("serait retenu", "coûte 2,10 € de moins", "une règle : Exportation exonérée", "libre"):
        assert part in french, french


@BOTH
@pytest.mark.parametrize("outcome", ["wins_already", "not_possible", "would_win"])
def test_every_outcome_of_why_not_names_the_candidate(language, outcome):
    assert "ups-standard" in shown(why_not_tree({"candidate": "ups-standard", "outcome": outcome}, language))


def test_a_problem_says_where_what_and_what_to_do():
    error = {
        "code": "order.unknown_sku",
        "place": "/lines/0/sku",
        "cause": "no [red]x\x1b",
        "cure": "write y",
    }
    text = shown(problem_panel(error))
    for part in ("order.unknown_sku", "Where: /lines/0/sku", "Cause: no [red]x", "What to do: write y"):
        assert part in text
    assert "\x1b" not in text
    assert "Que faire : write y" in shown(problem_panel(error, "fr"))


REPORT = {
    "totals": {
        "moved": 1,
        "unchanged": 9,
        "cost_before": "100.00",
        "cost_after": "90.50",
        "tax_before": euros("20.00"),
        "tax_after": euros("25.00"),
        "promise_days_before": 30,
        "promise_days_after": 28,
    },
    "moved": [
        {
            "order": "A-1",
            "before": {"status": "held", "source": "lyon", "service": "dpd-classic", "cost": euros("10.00")},
            "after": {
                "status": "routed",
                "source": "basel",
                "service": "swisspost-priority",
                "cost": euros("0.50"),
                "tax": euros("1.00"),
                "vat_scheme": "ioss + domestic",
                "latest": "2026-11-24",
            },
            "reasons": ["Plain title", {"en": "Zero-rated export", "fr": "Exportation exonérée"}],
        }
    ],
}


def test_a_scenario_shows_totals_and_each_order_that_moves():
    text = shown(scenario_table(REPORT, "en"))
    for part in (
        "€100.00",
        "€90.50",
        "-€9.50",
        "€5.00",
        "-2",
        "A-1",
        "Held: a person must look",
        "basel - swisspost-priority",
    ):
        assert part in text, f"{part}\n{text}"
    assert "IOSS, import one-stop shop + domestic sale" in text
    assert "Plain title" in text
    french = shown(scenario_table(REPORT, "fr"))
    for part in ("Exportation exonérée", "Acheminée", "-9,50 €", "Coût pour le vendeur"):
        assert part in french, french


@BOTH
def test_a_scenario_without_moves_says_so(language):
    assert shown(scenario_table({"totals": {}, "moved": []}, language)).strip()


def test_a_territory_is_named_with_its_areas():
    answer = {
        "territory": {
            "code": "ES-CN",
            "name": "Canary Islands",
            "country": "ES",
            "eu_vat": False,
            "confidence": "high",
        },
        "candidates": [],
        "basis": "postcode 35xxx",
    }
    french = shown(territory_table(answer, "fr"))
    for part in ("Îles Canaries", "Espagne", "Territoire de TVA de l'UE", "non", "élevée", "postcode 35xxx"):
        assert part in french, french
    open_answer = {"territory": None, "candidates": ["ES", "ES-CN"], "basis": "country"}
    text = shown(territory_table(open_answer, "en"))
    assert "The address does not settle the fiscal territory." in text
    assert "Spain (ES), Canary Islands (ES-CN)" in text


def test_rules_are_listed_with_question_validity_and_source():
    text = shown(rules_table([law(), retailer()], "en"))
    for part in (
        "dispatch-export",
        "VAT treatment where transport begins",
        "from 1 Jul 2021 until 1 Jul 2028",
        "no dates",
    ):
        assert part in text, f"{part}\n{text}"
    assert "logistics: two parcels annoy" in text
    plain = [{"rule": "r", "decision": "x.y", "title": "T", "valid": "always", "cite": "an act"}]
    assert "an act" in shown(rules_table(plain, "fr"))
