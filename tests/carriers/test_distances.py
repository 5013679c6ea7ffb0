"""``passavant distance`` and ``passavant allocate``: the contracts, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from carriers.distances import answer
from cli import app
from domain import InputError

CASES = Path(__file__).parents[1] / "cases"
LYON = {"latitude": 45.75, "longitude": 4.85}


def cases(name: str) -> list[Any]:
    found = [json.loads(line) for line in (CASES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    return [pytest.param(case, id=case["id"]) for case in found]


@pytest.mark.parametrize("case", cases("distance"))
def test_the_distance_agrees_with_the_geodesic_sets(case):
    body: dict[str, Any] = answer(case["in"])
    assert body["distance_m"] == pytest.approx(case["expect"]["distance_m"], abs=case["tolerance"])


def test_a_whole_turn_changes_nothing():
    far = {"latitude": 47.37, "longitude": 8.54}
    turned = {"latitude": 47.37, "longitude": 8.54 + 360}
    assert answer({"from": LYON, "to": turned})["distance_m"] == pytest.approx(
        answer({"from": LYON, "to": far})["distance_m"], abs=0.001
    )


def test_a_postcode_stands_for_its_centre_and_the_answer_says_where():
    body: dict[str, Any] = answer({"from": {"country": "FR", "postcode": "69002"}, "to": LYON})
    assert 0 < body["distance_m"] < 5_000
    assert set(body["located"]) == {"from"}
    assert body["located"]["from"]["latitude"] == pytest.approx(45.75, abs=0.05)


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ({"from": LYON}, "/to"),
        ({"from": LYON, "to": {"latitude": 1}}, "/to"),
        ({"from": LYON, "to": {"latitude": 91, "longitude": 0}}, "/to/latitude"),
        ({"from": LYON, "to": {"latitude": "45", "longitude": 0}}, "/to/latitude"),
        ({"from": LYON, "to": {"latitude": True, "longitude": 0}}, "/to/latitude"),
        ({"from": LYON, "to": {"latitude": 0, "longitude": float("nan")}}, "/to/longitude"),
        ({"from": LYON, "to": {"country": "FR", "postcode": "ABCDE"}}, "/to/postcode"),
        ({"from": LYON, "to": LYON, "via": LYON}, "/via"),
    ],
)
def test_a_place_that_is_none_is_named(query, place):
    with pytest.raises(InputError) as caught:
        answer(query)
    assert (caught.value.code, caught.value.place) == ("distance.bad_place", place)


@pytest.mark.parametrize("name", ["distance", "allocate"])
def test_the_command_answers_line_by_line(name):
    held = [case.values[0] for case in cases(name)]
    text = "".join(json.dumps(case["in"]) + "\n" for case in held) + "no JSON\n"
    run = CliRunner().invoke(app, [name, "--jsonl"], input=text)
    assert run.exit_code == 0
    *bodies, broken = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(bodies) == len(held)
    assert broken["error"]["code"]
    for case, body in zip(held, bodies, strict=True):
        for key, value in case["expect"].items():
            wanted = pytest.approx(value, abs=case.get("tolerance", 0)) if isinstance(value, float) else value
            assert body[key] == wanted, case["id"]


def test_both_are_shown_to_people(tmp_path):
    far = CliRunner().invoke(app, ["distance", "45.75,4.85", "CH-8001", "--lang", "fr"])
    assert far.exit_code == 0
    assert "m le long de l'ellipsoïde" in far.stdout
    question = {
        "nodes": [{"id": "a", "priority": 1, "stock": {"X": 2}}],
        "lines": [{"sku": "X", "quantity": 3}],
    }
    file = tmp_path / "question.json"
    file.write_text(json.dumps(question), encoding="utf-8")
    shown = CliRunner().invoke(app, ["allocate", str(file)])
    assert shown.exit_code == 0
    assert "on hand" in shown.stdout
    assert "nobody has it" in shown.stdout


@pytest.mark.parametrize(
    "arguments", [["distance", "Lyon", "45,4"], ["distance"], ["allocate"], ["allocate", "none.json"]]
)
def test_a_question_that_cannot_be_read_says_what_to_write(arguments):
    run = CliRunner().invoke(app, arguments)
    assert run.exit_code != 0
    assert isinstance(run.exception, InputError)
    assert run.exception.cure


@pytest.mark.parametrize(("content", "said"), [(b"[1, 2]", "object"), (b"\xff\xfe", "UTF-8"), (b"{", "JSON")])
def test_a_file_that_is_no_question_is_told_by_name(tmp_path, content, said):
    file = tmp_path / "question.json"
    file.write_bytes(content)
    run = CliRunner().invoke(app, ["allocate", str(file)])
    assert isinstance(run.exception, InputError)
    assert file.name in run.exception.place
    assert said in str(run.exception)
