"""A rule folder with one broken file: the last good rulebook stays in force and says so."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api import create_app
from scenarios import folder
from tests.faces.desk import process
from tests.shortcuts.demo import order_json

BROKEN = """decision: offers.validity_too
per: order
yields: minuets
dated_by: order.date
hit: unique
rules: []
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    held = tmp_path / "rules"
    shutil.copytree(folder("rules"), held)
    return held


@pytest.fixture
def desk(rules: Path) -> TestClient:
    return TestClient(create_app(rules), raise_server_exceptions=False)


def _break(rules: Path) -> Path:
    path = rules / "offers" / "broken.yaml"
    path.write_text(BROKEN, encoding="utf-8")
    return path


def test_a_broken_file_is_refused_with_its_place_and_changes_nothing(desk: TestClient, rules: Path) -> None:
    order = json.dumps(order_json())
    before, version = desk.post("/v1/decisions", content=order).text, desk.get("/health").json()["versions"]
    _break(rules)
    refused = desk.post("/v1/rules/reload")
    assert 400 <= refused.status_code < 500
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["problems"]
    assert all("offers/broken.yaml" in json.dumps(problem) for problem in refused.json()["problems"])
    assert desk.post("/v1/decisions", content=order).text == before
    health = desk.get("/health").json()
    assert health["versions"] == version


def test_health_says_degraded_and_why_until_the_file_is_mended(desk: TestClient, rules: Path) -> None:
    assert desk.get("/health").json()["status"] == "ok"
    path = _break(rules)
    desk.post("/v1/rules/reload")
    health = desk.get("/health").json()
    assert health["status"] == "degraded"
    assert health["last_good_rulebook_in_force"] is True
    assert "broken.yaml" in json.dumps(health["broken"])
    path.unlink()
    assert desk.post("/v1/rules/reload").json()["status"] == "ok"
    assert desk.get("/health").json()["status"] == "ok"


def test_a_good_change_comes_into_force_by_reloading(desk: TestClient, rules: Path) -> None:
    path = rules / "offers" / "validity.yaml"
    path.write_text(
        path.read_text(encoding="utf-8")
        .replace("then: 30 min", "then: 45 min")
        .replace("expect: 30 min", "expect: 45 min"),
        encoding="utf-8",
    )
    order = json.dumps(order_json())
    assert "T10:30:00" in desk.post("/v1/options", content=order).json()["expires"]
    old = desk.get("/health").json()["versions"]["rules"]
    assert desk.post("/v1/rules/reload").status_code == 200
    assert desk.get("/health").json()["versions"]["rules"] != old
    assert "T10:45:00" in desk.post("/v1/options", content=order).json()["expires"]


def test_a_folder_that_vanished_keeps_the_last_good_rulebook(desk: TestClient, rules: Path) -> None:
    shutil.rmtree(rules)
    answer = desk.post("/v1/rules/reload")
    assert answer.status_code >= 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert desk.get("/health").json()["status"] == "degraded"
    assert desk.post("/v1/decisions", content=json.dumps(order_json())).status_code == 200


def test_the_command_line_reports_a_broken_file_and_exits_with_2(rules: Path) -> None:
    _break(rules)
    for arguments in (("rules", "check", rules), ("rules", "list", "--rules", rules)):
        said = process(*arguments)
        assert said.code == 2
        assert "offers/broken.yaml:3" in said.err
        assert "minutes" in said.err  # the nearest valid word
        assert "Traceback" not in said.err


def test_rules_check_as_json_lists_every_problem(rules: Path) -> None:
    _break(rules)
    (rules / "offers" / "second.yaml").write_text("decision: [", encoding="utf-8")
    said = process("rules", "check", rules, "--json")
    assert said.code == 2
    body = said.json
    assert body["valid"] is False
    files = {problem["file"] for problem in body["problems"]}
    assert {"offers/broken.yaml", "offers/second.yaml"} <= files
    assert all(problem["code"] and problem["what"] and problem["line"] for problem in body["problems"])
