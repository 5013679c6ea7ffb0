"""Delete any file under rules/: the rulebook no longer stands, or a golden decision changes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from domain import WorldError
from engine.decide import decide
from engine.rulebook import Rulebook, RulebookError, load_rulebook, read_folder
from engine.vocabulary import vocabulary
from engine.world import World, drawn_by
from scenarios import read_order
from scenarios.serving import dump
from tests.golden.reading import ORDERS, ROOT

TEXTS = read_folder(ROOT / "rules")

SILENT = {
    "compliance/zones.yaml": "zones, read by compliance/destination.yaml",
    "compliance/named.yaml": "sets and params",
    "customs/named.yaml": "sets and params",
    "vat/named.yaml": "sets and params",
    "zones.yaml": "zones, read by delivery and offers",
    "vocabulary.yaml": "words of the retailer",
    "customs/low_value_au.yaml": "no example order goes to Australia",
    "customs/low_value_ca.yaml": "no example order goes to Canada",
    "customs/low_value_jp.yaml": "no example order goes to Japan",
    "preparation/declaration_window.yaml": "gives the estimated day of the declaration, unseen",
    **dict.fromkeys(
        ("customs/gift_eu.yaml", "customs/gift_uk.yaml", "customs/gift_ch.yaml"),
        "no private gifts among the orders",
    ),
    **dict.fromkeys(
        (
            *(f"customs/low_value_{name}.yaml" for name in ("nz", "sg", "je", "fo")),
            "vat/low_value_nz.yaml",
            "vat/low_value_sg.yaml",
        ),
        "no example order goes there",
    ),
    **dict.fromkeys(
        (
            *(f"customs/routes_{name}.yaml" for name in ("asia", "australia_new_zealand", "canada")),
            *(f"customs/routes_{name}.yaml" for name in ("jersey_faroe", "elsewhere")),
        ),
        "no example order goes there",
    ),
    "customs/routes_gifts.yaml": "no private gifts among the orders",
    "vat/domestic_reverse_charge.yaml": "from 2028-07-01",
    "customs/clearance_fees.yaml": "no example order goes to Switzerland by post, cleared by the buyer",
    "compliance/luxury_uk.yaml": "no example order sends British luxury to Russia",
    "vat/registration_needed.yaml": "every seller of the examples is registered where it has to be",
    "vat/import_base_rounding.yaml": "only an order in francs has its base rounded",
    "offers/incoterm.yaml": "asked of a movement without an order",
    "offers/validity.yaml": "asked at checkout only",
    "stock/priority.yaml": "asked where orders compete in one wave",
    "offers/delivery_price.yaml": "its rules stand in delivery_price.csv as well",
}
"""Files none of whose rules need speak in an example decision, and why."""


def without(file: str, world: World) -> Rulebook:
    services = world.carriers.services
    words = vocabulary((s.id for s in services), (s.carrier for s in services))
    texts = {name: text for name, text in TEXTS.items() if name != file}
    return load_rulebook(texts, words, drawn_by(world.carriers), world.carriers.zones.names)


def decided(world: World, supply) -> list[str]:
    bodies = []
    for path in ORDERS:
        body = decide(read_order(path), world, supply)
        del body["versions"]
        bodies.append(dump(body))
    return bodies


@pytest.fixture(scope="module")
def goldens(shipped) -> list[str]:
    return decided(*shipped)


@pytest.mark.parametrize("file", sorted(TEXTS))
def test_a_missing_rule_file_is_noticed(file: str, shipped, goldens):
    world, supply = shipped
    try:
        book = without(file, world)
        changed = decided(replace(world, rulebook=book), supply) != goldens
    except (RulebookError, WorldError):
        changed = True
    assert changed


def test_the_rules_of_nearly_every_file_speak_in_some_example(shipped):
    world, supply = shipped
    spoke: Counter[str] = Counter()
    for path in ORDERS:
        for entry in decide(read_order(path), world, supply, detail="full")["because"]:  # type: ignore[attr-defined]
            place = world.rulebook.rules[entry["rule"]].place
            assert place is not None
            spoke[place.file] += 1
        for entry in decide(read_order(path), world, supply, detail="full")["rejected"]:  # type: ignore[attr-defined]
            rule = world.rulebook.rules.get(entry.get("rule", ""))
            if rule is not None and rule.place is not None:
                spoke[rule.place.file] += 1
    assert set(TEXTS) - set(spoke) - set(SILENT) == set()
