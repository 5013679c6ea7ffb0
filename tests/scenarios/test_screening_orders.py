"""Screening inside a decision: what is held, what the decision shows, what a clearance changes."""

import json
import pickle
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from customs.screening.clearances import COLUMNS
from domain import WorldError
from engine.decide import decide
from engine.retailer import RetailerError, load_retailer
from engine.screening import policy_on
from engine.supply import Supply
from engine.world import World, load_world
from scenarios import order_from
from scenarios.house import folder
from scenarios.screening import clear

EXAMPLES = Path(__file__).parents[2] / "examples"
ORDER: dict[str, Any] = json.loads((EXAMPLES / "orders" / "52-denied-party.json").read_text(encoding="utf-8"))
HEAD = (EXAMPLES / "retailer" / "screening_demo.csv").read_text(encoding="utf-8").partition("\n")[0]
Json = dict[str, Any]


@pytest.fixture(scope="module")
def world() -> World:
    return load_world(EXAMPLES / "retailer", folder("rules"))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(EXAMPLES / "retailer", tmp_path / "retailer")
    return tmp_path / "retailer"


def decided(world: World, **buyer: object) -> Json:
    order = order_from({**ORDER, "buyer": buyer})
    supply = Supply.of(world.retailer.stock, world.retailer.entities)
    return decide(order, world, supply)


def of(place: Path, world: World) -> Callable[..., Json]:
    """Decides with the retailer of that folder, all else being as it is."""
    opened = replace(world, retailer=load_retailer(place))
    return lambda **buyer: decided(opened, **buyer)


def test_a_hit_holds_the_order_and_shows_list_entry_version_and_score(world):
    body = decided(world, name="NIRGENDWO, Ottilie von")
    assert (body["status"], body["screening"]) == ("held", "hit")
    assert body["holds"] == [{"code": "compliance.screening", "rule": "screening-hit-held"}]
    (detail,) = body["screening_detail"]
    (match,) = detail["matches"]
    (source,) = world.retailer.screening.lists
    assert (detail["who"], detail["status"], detail["because"]) == ("buyer", "hit", "same_name")
    assert (match["id"], match["list"], match["list_version"]) == ("demo-0002", source.id, source.version)
    assert match["score"] == "1.0000"
    assert detail["lists"] == {"screening_demo": source.version}


def test_a_name_that_resembles_one_holds_the_order_for_another_reason(world):
    body = decided(world, name="Ivan Wymyschlenow")
    assert (body["status"], body["screening"]) == ("held", "possible")
    assert body["holds"] == [{"code": "compliance.screening", "rule": "screening-possible-held"}]
    assert body["screening_detail"][0]["because"] == "like_name"


def test_an_ordinary_name_is_clear_and_the_decision_shows_no_detail(world):
    body = decided(world, name="Jo Demo")
    assert (body["status"], body["screening"]) == ("routed", "clear")
    assert "screening_detail" not in body


def test_a_buyer_without_a_name_was_not_screened(world):
    assert decided(world)["screening"] == "not_screened"


def test_an_age_far_from_the_listed_birth_year_takes_a_step_back(world):
    assert decided(world, name="Ivan Vymyshlennov")["screening"] == "hit"
    assert decided(world, name="Ivan Vymyshlennov", age=30)["screening"] == "possible"
    assert decided(world, name="Ivan Wymyschlenov", age=30)["screening"] == "possible"


def test_a_company_that_buys_is_no_person_and_may_be_either(world):
    private, business = (
        decided(world, name="Phantasma Export Kontor", kind=kind) for kind in ("consumer", "business")
    )
    assert (private["screening"], business["screening"]) == ("possible", "hit")
    assert private["screening_detail"][0]["because"] == "differs_in_kind"


@pytest.mark.parametrize(("given", "status"), [("hit", "held"), ("clear", "routed")])
def test_what_the_caller_found_himself_counts(world, given, status):
    body = decided(world, name="NIRGENDWO, Ottilie von", screening=given)
    assert (body["screening"], body["status"]) == (given, status)
    assert "screening_detail" not in body


def test_a_clearance_lets_the_order_go_and_shows_itself(copy, world):
    clear(
        copy,
        "Ottilie von Nirgendwo",
        "screening_demo",
        "demo-0002",
        "J. Doe",
        "passport seen, born 1988",
        date(2026, 11, 20),
    )
    body = of(copy, world)(name="NIRGENDWO, Ottilie von")
    assert (body["status"], body["screening"], body["holds"]) == ("routed", "clear", [])
    (detail,) = body["screening_detail"]
    assert (detail["status"], detail["because"]) == ("clear", "cleared")
    assert detail["matches"][0]["cleared"]["by"] == "J. Doe"


def test_a_newer_list_asks_again_and_is_another_version_of_the_retailer(copy, world):
    clear(copy, "Ottilie von Nirgendwo", "screening_demo", "demo-0002", "J. Doe", "seen", date(2026, 11, 20))
    path = copy / "screening_demo.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("2026-11-01T", "2026-11-21T"), encoding="utf-8")
    body = of(copy, world)(name="NIRGENDWO, Ottilie von")
    assert (body["status"], body["screening"]) == ("held", "hit")
    assert body["versions"]["retailer"] != world.versions["retailer"]


def test_official_lists_in_the_folder_screening_are_screened_against_too(copy, world):
    samples = Path(__file__).parents[1] / "customs" / "screening_lists"
    shutil.copytree(samples, copy / "screening")
    ask = of(copy, world)
    for name, ident in (
        ("Balthazar Quandary", "eu_fsf"),
        ("Cosmo Falsename", "ofac_sdn"),
        ("Percival Oswald Zamboni", "uk_sanctions_list"),
        ("Tarquin Mohammed Hussein", "un_sc"),
        ("Wilhelmina von Fabel", "opensanctions"),
    ):
        body = ask(name=name)
        assert body["screening"] == "hit"
        assert body["screening_detail"][0]["matches"][0]["list"] == ident
        assert len(body["screening_detail"][0]["lists"]) == 6


def test_a_list_of_nobody_screens_nobody(copy, world):
    (copy / "screening_demo.csv").write_text(HEAD + "\n", encoding="utf-8")
    assert of(copy, world)(name="NIRGENDWO, Ottilie von")["screening"] == "not_screened"


def test_a_retailer_with_a_broken_list_or_clearance_is_not_loaded(copy):
    samples = Path(__file__).parents[1] / "customs" / "screening_lists"
    (copy / "screening").mkdir()
    text = (samples / "eu.xml").read_text(encoding="utf-8").replace('wholeName="Balty Quan"', "")
    (copy / "screening" / "eu.xml").write_text(text, encoding="utf-8")
    (copy / "clearances.csv").write_text("a,b\n", encoding="utf-8")
    with pytest.raises(RetailerError) as caught:
        load_retailer(copy)
    assert [str(mistake) for mistake in caught.value.mistakes] == [
        "screening/eu.xml:12: the name is empty",
        f"clearances.csv:1: the header is not right (write {','.join(COLUMNS)})",
    ]


def test_a_file_of_no_known_format_and_a_link_out_of_the_folder_are_mistakes(copy, tmp_path):
    (copy / "screening").mkdir()
    (copy / "screening" / "notes.txt").write_text("hello", encoding="utf-8")
    (copy / "screening" / "README.md").write_text("no list", encoding="utf-8")
    (tmp_path / "elsewhere.csv").write_text(HEAD, encoding="utf-8")
    (copy / "screening" / "b.csv").symlink_to(tmp_path / "elsewhere.csv")
    with pytest.raises(RetailerError) as caught:
        load_retailer(copy)
    told = [str(mistake) for mistake in caught.value.mistakes]
    assert told[0].startswith("screening/b.csv: the path leads out")
    assert told[1].startswith("screening/notes.txt: the file looks like no known list")
    assert len(told) == 2


def test_the_prepared_lists_stay_behind_when_a_retailer_travels(world):
    decided(world, name="Jo Demo")
    travelled = pickle.loads(pickle.dumps(world.retailer))  # noqa: S301 - our own bytes
    assert travelled == world.retailer
    assert "screener" not in vars(travelled.screening)


def test_likenesses_come_from_the_rule_files_and_a_missing_one_is_an_error(world):
    policy = policy_on(world.rulebook, date(2026, 11, 22))
    assert (policy.hit, policy.possible, policy.possible_identified, policy.years) == (0.95, 0.9, 0.85, 1)
    book = world.rulebook.without(())
    params = {name: param for name, param in book.sources.params.items() if name != "screening-hit-likeness"}
    book.sources = replace(book.sources, params=params)
    with pytest.raises(WorldError) as caught:
        policy_on(book, date(2026, 11, 22))
    assert caught.value.code == "rules.param_missing"


def test_a_what_if_shares_the_prepared_lists(world):
    from engine.world import Adjustments

    other = world.adjusted(Adjustments(closed=frozenset({"wh-lyon"})))
    assert other.retailer.screening.screener is world.retailer.screening.screener


def with_parties(world: World, parties: list[Json], **buyer: object) -> Json:
    order = order_from({**ORDER, "buyer": buyer, "parties": parties})
    return decide(order, world, Supply.of(world.retailer.stock, world.retailer.entities))


@pytest.mark.parametrize("role", ["consignee", "payer", "collector", "notify"])
def test_whoever_else_takes_part_is_screened_too(world, role):
    body = with_parties(world, [{"role": role, "name": "Ottilie von Nirgendwo"}], name="Jo Demo")
    assert (body["status"], body["screening"]) == ("held", "hit")
    assert [detail["who"] for detail in body["screening_detail"]] == [role]


def test_a_buyer_cleared_by_the_shop_does_not_clear_the_others(world):
    listed = [{"role": "consignee", "name": "Ottilie von Nirgendwo"}]
    body = with_parties(world, listed, name="Jo Demo", screening="clear")
    assert (body["status"], body["screening"]) == ("held", "hit")


def test_a_buyer_told_to_be_listed_stays_so_whoever_else_is_clear(world):
    body = with_parties(world, [{"role": "payer", "name": "Jo Demo"}], name="Jo Demo", screening="hit")
    assert (body["status"], body["screening"]) == ("held", "hit")


def test_a_clear_consignee_does_not_stand_for_a_buyer_without_a_name(world):
    body = with_parties(world, [{"role": "consignee", "name": "Jo Demo"}])
    assert body["screening"] == "not_screened"


def test_every_party_that_resembles_somebody_is_shown(world):
    both = [
        {"role": "payer", "name": "Ivan Wymyschlenow"},
        {"role": "consignee", "name": "Ottilie von Nirgendwo"},
    ]
    body = with_parties(world, both, name="Jo Demo")
    assert body["screening"] == "hit"
    assert [(each["who"], each["status"]) for each in body["screening_detail"]] == [
        ("payer", "possible"),
        ("consignee", "hit"),
    ]
