"""Every command answers: as JSON for machines, and for people in English and French."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faces.desk import ROOT, ask, client, process
from tests.shortcuts.demo import Json, examples, order_json

LANGUAGES = ("en", "fr")
KEYS = [
    *("schema", "order", "status", "split", "currency", "consignments", "unserved"),
    *("delivery_price", "landed_cost", "alternatives", "because", "rejected", "screening", "holds", "needs"),
    *("versions", "lower_bound", "gap"),
]


@pytest.fixture
def order(tmp_path: Path) -> Path:
    path = tmp_path / "order.json"
    path.write_text(json.dumps(order_json()), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def listed() -> list[Json]:
    """``rules list`` as JSON, read once."""
    found: list[Json] = ask("rules", "list", "--json").json
    return found


@pytest.fixture
def swiss(tmp_path: Path) -> Path:
    """An order that crosses a border."""
    body = order_json(ship_to={"country": "CH", "postcode": "8001", "city": "Zürich"})
    path = tmp_path / "swiss.json"
    path.write_text(json.dumps(body), encoding="utf-8")
    return path


def test_decide_prints_one_decision_with_the_keys_of_the_design(order: Path) -> None:
    said = ask("decide", order, "--json")
    assert said.code == 0
    assert list(said.json) == KEYS
    assert said.json["status"] == "routed"


def test_decide_gives_the_same_text_on_both_faces(order: Path) -> None:
    answer = client().post("/v1/decisions", content=order.read_bytes())
    assert answer.status_code == 200
    assert ask("decide", order, "--json").out == answer.text + "\n"


@pytest.mark.parametrize("detail", ["none", "summary", "full"])
def test_decide_shows_as_much_of_the_rejected_as_asked_on_both_faces(order: Path, detail: str) -> None:
    said = ask("decide", order, "--json", "--detail", detail)
    answer = client().post(f"/v1/decisions?detail={detail}", content=order.read_bytes())
    assert said.out == answer.text + "\n"
    assert (said.json["rejected"] == []) == (detail == "none")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("command", ["decide", "options", "explain"])
def test_the_order_commands_speak_to_people(command: str, lang: str, swiss: Path) -> None:
    said = ask(command, swiss, "--lang", lang)
    assert said.code == 0
    assert len(said.out.splitlines()) > 5
    assert "Traceback" not in said.out


@pytest.mark.parametrize("command", ["decide", "options", "explain"])
def test_english_and_french_differ(command: str, swiss: Path) -> None:
    assert ask(command, swiss, "--lang", "en").out != ask(command, swiss, "--lang", "fr").out


def test_the_text_for_people_cites_the_law(swiss: Path) -> None:
    """Each citation of the JSON stands in the tree of ``explain``."""
    decision = ask("explain", swiss, "--json").json
    acts = {cite["act"] for entry in decision["because"] for cite in entry.get("cite", ())}
    assert acts
    shown = " ".join(ask("explain", swiss, "--lang", "en").out.split())
    assert any(act.split(",")[0] in shown for act in acts)


def test_options_lists_offers_with_price_promise_and_an_id(order: Path) -> None:
    said = ask("options", order, "--json")
    assert said.code == 0
    assert len(said.json["options"]) > 3
    for offer in said.json["options"]:
        assert offer["offer_id"]
        assert offer["price"]["currency"] == "EUR"
        assert offer["promise"]["earliest"] <= offer["promise"]["latest"]
    assert said.json == client().post("/v1/options", content=order.read_bytes()).json()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_explain_why_not_says_what_would_have_to_change(order: Path, lang: str) -> None:
    said = ask("explain", order, "--why-not", "chronopost-13", "--json")
    assert said.code == 0
    assert said.json["outcome"] in ("would_win", "wins_already", "not_possible")
    shown = ask("explain", order, "--why-not", "chronopost-13", "--lang", lang)
    assert shown.code == 0
    assert "chronopost-13" in shown.out


def test_explain_why_not_of_an_unknown_service_offers_the_nearest(order: Path) -> None:
    said = ask("explain", order, "--why-not", "chronopst-13")
    assert said.code == 2
    assert said.error is not None
    assert said.error.code == "service.unknown"
    assert "chronopost-13" in said.error.cure


@pytest.mark.parametrize("lang", LANGUAGES)
def test_territory_answers_a_single_query(lang: str) -> None:
    asked = ("territory", "--country", "ES", "--postcode", "35001", "--date", "2026-11-22")
    body = ask(*asked, "--json").json
    assert (body["territory"], body["eu_customs"], body["eu_vat"]) == ("ES-CN", True, False)
    there = client().get(
        "/v1/territories/resolve", params={"country": "ES", "postcode": "35001", "date": "2026-11-22"}
    )
    assert there.json() == body
    shown = ask(*asked, "--lang", lang)
    assert shown.code == 0
    assert "ES-CN" in shown.out


def test_territory_answers_json_lines_in_their_order() -> None:
    queries = [("ES", "35001"), ("FR", "20000"), ("DE", "78266"), ("GB", "BT1 5GS")]
    lines = [
        json.dumps({"country": c, "postcode": p, "city": None, "subdivision": None, "date": "2026-11-22"})
        for c, p in queries
    ]
    said = ask("territory", "--jsonl", stdin="\n".join(lines))
    assert [json.loads(line)["territory"] for line in said.out.splitlines()] == [
        "ES-CN",
        "FR-COR",
        "DE-BUSINGEN",
        "XI",
    ]


def test_an_unknown_language_is_refused_by_every_command_that_speaks(order: Path) -> None:
    for asked in (
        ("decide", order),
        ("options", order),
        ("explain", order),
        ("territory", "--country", "FR"),
        ("demo",),
    ):
        said = ask(*asked, "--lang", "de")
        assert said.code == 2
        assert said.error is not None
        assert said.error.code == "language.unknown"


def test_rules_check_counts_rules_and_decisions() -> None:
    said = ask("rules", "check", "--json")
    assert said.code == 0
    assert said.json["valid"] is True
    assert said.json["rules"] >= 60
    assert str(said.json["rules"]) in ask("rules", "check").out


def test_rules_test_passes_every_example_of_the_shipped_rules() -> None:
    said = ask("rules", "test", "--json")
    assert said.json["failed"] == []
    assert said.code == 0
    assert said.json["examples"] > 100
    assert ask("rules", "test").code == 0


def test_rules_list_shows_every_rule(listed: list[Json]) -> None:
    assert len(listed) >= 60
    assert {"rule", "decision", "title", "valid"} <= set(listed[0])
    assert client().get("/v1/rules").json()["rules"] == listed


def test_rules_list_speaks_to_people_in_french() -> None:
    said = ask("rules", "list", "--lang", "fr")
    assert said.code == 0
    assert said.out.startswith("Règles")


def test_rules_show_prints_a_rule_as_written() -> None:
    said = ask("rules", "show", "validity-consumer")
    assert said.code == 0
    assert "then: 30 min" in said.out
    body = ask("rules", "show", "validity-consumer", "--json").json
    assert body["overridden_by"] == ["validity-same-day"]
    assert client().get("/v1/rules/validity-consumer").json()["rule"] == body["rule"] == "validity-consumer"


def test_rules_show_prints_a_row_of_a_table_with_its_header() -> None:
    rows = [
        rule["rule"] for rule in ask("rules", "list", "--json").json if rule["decision"] == "stock.buffer"
    ]
    body = ask("rules", "show", rows[0], "--json").json
    assert rows[0] in body["text"]
    assert len(body["text"].splitlines()) >= 2


def test_rules_show_of_an_unknown_rule_offers_the_nearest() -> None:
    said = ask("rules", "show", "validity-customer")
    assert said.error is not None
    assert (said.code, said.error.code) == (2, "rules.unknown")
    assert "validity-consumer" in said.error.cure


def test_rules_vocabulary_lists_facts_with_scope_and_type() -> None:
    body = ask("rules", "vocabulary", "--json").json
    facts = {item["fact"]: item for item in body}
    assert facts["goods.hs_code"]["scope"] == "line"
    assert "loyalty" in str(sorted(facts))
    assert "goods.hs_code" in ask("rules", "vocabulary").out.replace("\n", "")


@pytest.mark.slow
def test_rules_verify_agrees_through_all_matchers() -> None:
    said = ask("rules", "verify", "--json")
    assert said.code == 0
    assert said.json["disagreements"] == []
    assert said.json["agreed"] == said.json["cases"] > 0


def test_serve_says_how_it_is_used() -> None:
    said = ask("serve", "--help")
    assert said.code == 0
    for word in ("--host", "--port", "--rules"):
        assert word in said.out


@pytest.mark.parametrize("lang", LANGUAGES)
def test_demo_decides_the_refrigerator_with_reasons(lang: str) -> None:
    said = ask("demo", "--lang", lang)
    assert said.code == 0
    assert "wh-lyon" in said.out
    assert len(said.out.splitlines()) > 20


@pytest.mark.parametrize(
    "command", [(), ("rules",), ("--help",), ("decide", "--help"), ("scenario", "--help")]
)
def test_help_is_help(command: tuple[str, ...]) -> None:
    said = ask(*command)
    assert "Usage" in said.out + said.err


def test_the_process_exits_with_0_for_a_decision_even_a_refusal(tmp_path: Path) -> None:
    name = next(name for name in examples() if "embargo" in name)
    said = process("decide", examples()[name], "--json")
    assert said.code == 0
    assert said.json["status"] == "refused"
    assert said.err == ""


@pytest.mark.parametrize(
    "arguments", [("no-such-command",), ("decide", "--no-such-option"), ("serve", "--port", "0")]
)
def test_a_usage_error_exits_with_2_and_without_a_traceback(arguments: tuple[str, ...]) -> None:
    said = process(*arguments)
    assert said.code == 2
    assert said.err
    assert "Traceback" not in said.err


def test_a_reader_that_stops_early_is_no_error() -> None:
    """``passavant rules list --json | head -1``: a closed pipe ends quietly."""
    command = [sys.executable, "-c", "from cli import main; main()", "rules", "list", "--json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        said = running.stderr.read()
        assert running.wait(60) in (0, 1, 120)  # click's own answer to a closed pipe is 1
    assert b"Traceback" not in said
