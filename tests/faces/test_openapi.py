"""The API description is true: its examples are accepted, its routes answer as it says."""

from __future__ import annotations

import json

import pytest

from domain import Order
from tests.faces.desk import client
from tests.shortcuts.demo import Json, examples, order_json

PROBLEM = "application/problem+json"
ROUTES = {
    ("/v1/decisions", "post"),
    ("/v1/decisions/batch", "post"),
    ("/v1/options", "post"),
    ("/v1/landed-costs", "post"),
    ("/v1/vat", "post"),
    ("/v1/territories/resolve", "get"),
    ("/v1/rules", "get"),
    ("/v1/rules/{rule}", "get"),
    ("/v1/rules/reload", "post"),
    ("/health", "get"),
}


@pytest.fixture(scope="module")
def description() -> Json:
    found: Json = client().get("/openapi.json").json()
    return found


def _of_decide(description: Json) -> Json:
    found: Json = description["paths"]["/v1/decisions"]["post"]
    return found


def test_every_route_is_described_with_a_summary_and_its_errors(description: Json) -> None:
    found = {(path, method) for path, methods in description["paths"].items() for method in methods}
    assert found == ROUTES
    for methods in description["paths"].values():
        for operation in methods.values():
            assert operation["summary"]
            assert "200" in operation["responses"]
    assert PROBLEM in _of_decide(description)["responses"]["422"]["content"]


@pytest.mark.parametrize("route", ["/v1/decisions", "/v1/options", "/v1/landed-costs", "/v1/vat"])
def test_the_examples_are_accepted_by_the_route_they_stand_at(description: Json, route: str) -> None:
    content = description["paths"][route]["post"]["requestBody"]["content"]["application/json"]
    assert len(content["examples"]) >= 3
    for example in content["examples"].values():
        answer = client().post(route, json=example["value"])
        assert answer.status_code == 200, answer.text


def test_every_reference_of_the_description_leads_somewhere(description: Json) -> None:
    text = json.dumps(description)
    for part in text.split('"$ref": "')[1:]:
        node = description
        for word in part.split('"', 1)[0].removeprefix("#/").split("/"):
            assert word in node, part[:80]
            node = node[word]


def test_the_described_fields_are_the_fields_that_are_read(description: Json) -> None:
    schema = _of_decide(description)["requestBody"]["content"]["application/json"]["schema"]
    if "$ref" in schema:
        schema = description["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    assert set(schema["properties"]) == set(Order.model_fields)
    assert schema["additionalProperties"] is False


def test_the_error_example_is_the_error_that_comes(description: Json) -> None:
    told = description["paths"]["/v1/decisions"]["post"]["responses"]["422"]["content"][
        "application/problem+json"
    ]
    lines = [{"id": "1", "sku": "frige", "quantity": 1}]
    got = client().post("/v1/decisions", json=order_json(lines=lines)).json()
    assert set(got) == set(told["example"])
    assert (got["code"], got["instance"], got["status"]) == ("order.unknown_sku", "/lines/0/sku", 422)


def test_the_batch_route_answers_the_examples_line_by_line() -> None:
    texts = [path.read_text(encoding="utf-8") for path in list(examples().values())[:5]]
    lines = [json.dumps(json.loads(text)) for text in texts]
    answer = client().post("/v1/decisions/batch", content="\n".join(lines))
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    got = [json.loads(line)["order"] for line in answer.text.splitlines()]
    assert got == [json.loads(line)["id"] for line in lines]


def test_health_names_the_versions_that_a_decision_names() -> None:
    health = client().get("/health").json()
    decision = client().post("/v1/decisions", json=order_json()).json()
    assert health["status"] == "ok"
    assert health["versions"].items() <= decision["versions"].items()


def test_the_pages_for_people_are_there() -> None:
    assert client().get("/docs").status_code == 200
