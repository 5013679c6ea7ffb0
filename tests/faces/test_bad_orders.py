"""An order that cannot be read gets one clear error, the same from both faces, and never a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.faces.broken_orders import BODIES, FIELDS, body_of
from tests.faces.desk import ask, client, process
from tests.shortcuts.demo import order_json

PROBLEM = "application/problem+json"


def _over_http(body: bytes, route: str = "/v1/decisions") -> dict[str, object]:
    answer = client().post(route, content=body, headers={"content-type": "application/json"})
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.headers["content-type"] == PROBLEM
    found: dict[str, object] = answer.json()
    assert found["status"] == answer.status_code
    assert found["detail"]
    return found


def _on_the_command_line(body: bytes, path: Path, command: str = "decide") -> tuple[str, str, str, str]:
    file = path / "order.json"
    file.write_bytes(body)
    said = ask(command, file, "--json")
    assert said.code == 2
    assert said.error is not None
    assert said.out == ""
    assert said.error.cause
    return said.error.code, said.error.place, said.error.cause, said.error.cure


@pytest.mark.parametrize("name", BODIES)
def test_text_that_is_no_order_gets_one_code_from_both_faces(name: str, tmp_path: Path) -> None:
    body, code = BODIES[name]
    assert _over_http(body)["code"] == code
    assert _on_the_command_line(body, tmp_path)[0] == code


@pytest.mark.parametrize("name", FIELDS)
def test_an_order_with_one_mistake_names_it_to_both_faces(name: str, tmp_path: Path) -> None:
    changes, code, place = FIELDS[name]
    problem = _over_http(body_of(changes))
    assert (problem["code"], problem.get("instance", "")) == (code, place)
    told = _on_the_command_line(body_of(changes), tmp_path)
    assert told[0] == code
    assert told[1].endswith(place)
    assert told[2:] == (problem["detail"], problem.get("cure", ""))


@pytest.mark.parametrize("name", ["no JSON", "NaN", "nested deeply", "no UTF-8", "nothing"])
def test_options_answers_bad_text_like_decide(name: str, tmp_path: Path) -> None:
    body, code = BODIES[name]
    assert _over_http(body, "/v1/options")["code"] == code
    assert _on_the_command_line(body, tmp_path, "options")[0] == code


@pytest.mark.parametrize("name", ["unknown SKU", "unknown field", "unknown country", "no time zone"])
def test_options_answers_a_bad_order_like_decide(name: str, tmp_path: Path) -> None:
    changes, code, place = FIELDS[name]
    problem = _over_http(body_of(changes), "/v1/options")
    assert (problem["code"], problem.get("instance", "")) == (code, place)
    assert _on_the_command_line(body_of(changes), tmp_path, "options")[0] == code


def test_several_mistakes_are_counted_in_one_message() -> None:
    problem = _over_http(body_of({"colour": "red", "currency": "euro", "placed_at": "today"}))
    assert "2 more mistakes" in str(problem["detail"])


def test_the_nearest_valid_name_is_offered() -> None:
    assert "fridge-filter" in str(_over_http(body_of(FIELDS["unknown SKU"][0]))["cure"])
    assert "shop-lyon" in str(_over_http(body_of(FIELDS["unknown shop"][0]))["cure"])


def test_no_message_repeats_a_megabyte(tmp_path: Path) -> None:
    for name in ("1 MB string", "1 MB id", "10,000 lines"):
        body = body_of(FIELDS[name][0])
        assert len(json.dumps(_over_http(body))) < 2_000
        assert len("".join(_on_the_command_line(body, tmp_path))) < 2_000


def test_json_lines_go_on_after_a_bad_line_and_keep_their_order() -> None:
    lines = [
        json.dumps(order_json(id="A")),
        "{not json",
        json.dumps(order_json(id="B", colour="red")),
        json.dumps(order_json(id="C", lines=[{"id": "1", "sku": "nothing-such", "quantity": 1}])),
        "[1]",
        "",
        json.dumps(order_json(id="D")),
    ]
    said = ask("decide", "--jsonl", stdin="\n".join(lines) + "\n")
    assert said.code == 0
    answers = [json.loads(line) for line in said.out.splitlines()]
    shown = [answer.get("order") or answer["error"]["code"] for answer in answers]
    assert shown == [
        "A",
        "json.malformed",
        "order.unknown_field",
        "order.unknown_sku",
        "json.not_object",
        "D",
    ]
    batch = client().post("/v1/decisions/batch", content="\n".join(lines))
    assert batch.status_code == 200
    codes = [
        answer.get("order") or answer["error"]["code"] for answer in map(json.loads, batch.text.splitlines())
    ]
    assert codes[:4] + codes[-1:] == shown[:4] + shown[-1:]


def test_a_bad_json_line_says_which_line_it_is() -> None:
    said = ask("decide", "--jsonl", stdin=json.dumps(order_json()) + "\n{oops\n")
    assert "line 2" in json.loads(said.out.splitlines()[1])["error"]["place"]


def test_options_and_territory_go_on_after_a_bad_json_line() -> None:
    said = ask("options", "--jsonl", stdin="{oops\n" + json.dumps(order_json()) + "\n")
    assert [("error" in json.loads(line)) for line in said.out.splitlines()] == [True, False]
    query = '{"country": "ES", "postcode": "35001", "city": null, "subdivision": null, "date": "2026-11-22"}'
    said = ask("territory", "--jsonl", stdin=f'{{"country": "QQ", "date": "2026-11-22"}}\n{query}\n')
    first, second = map(json.loads, said.out.splitlines())
    assert "error" in first
    assert second["territory"] == "ES-CN"


@pytest.mark.parametrize("name", ["no JSON", "no UTF-8", "nested deeply"])
def test_the_process_exits_with_2_and_one_message(name: str, tmp_path: Path) -> None:
    body, code = BODIES[name]
    file = tmp_path / "order.json"
    file.write_bytes(body)
    said = process("decide", file, "--json")
    assert said.code == 2
    assert said.out == ""
    assert "Traceback" not in said.err
    assert said.err.count("\n") == 1
    assert f"[{code}]" in said.err


def test_a_missing_file_a_folder_and_no_argument_are_clear_errors(tmp_path: Path) -> None:
    for arguments in ((tmp_path / "none.json",), (tmp_path,), ()):
        said = ask("decide", *arguments)
        assert said.code == 2
        assert said.error is not None
        assert said.error.code == "order.no_file"


def test_a_route_or_method_that_is_not_there_is_a_problem_too() -> None:
    for answer in (client().get("/v1/nothing"), client().get("/v1/decisions"), client().delete("/health")):
        assert answer.status_code in (404, 405)
        assert answer.headers["content-type"] == PROBLEM
        assert answer.json()["code"] == f"http.{answer.status_code}"


@pytest.mark.parametrize(
    ("route", "status", "code"),
    [
        ("/v1/territories/resolve?country=QQ", 422, "territory.unknown_country"),
        ("/v1/territories/resolve", 422, "request.invalid"),
        ("/v1/territories/resolve?country=FR&date=2026-02-31", 422, "request.invalid"),
        ("/v1/rules/no-such-rule", 404, "rules.unknown"),
        ("/v1/rules?decision=no.such", 404, "rules.unknown"),
    ],
)
def test_a_bad_question_about_law_is_a_problem_with_a_code(route: str, status: int, code: str) -> None:
    answer = client().get(route)
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)
    assert answer.json()["code"] == code


def test_a_wrong_level_of_detail_is_refused_by_both_faces(tmp_path: Path) -> None:
    file = tmp_path / "order.json"
    file.write_text(json.dumps(order_json()), encoding="utf-8")
    said = ask("decide", file, "--detail", "everything")
    assert said.code == 2
    answer = client().post("/v1/decisions?detail=everything", content=file.read_bytes())
    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)
