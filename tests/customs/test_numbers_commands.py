"""The commands about numbers and addresses: tables for people, JSON for machines, errors for both."""

import json
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from commands import numbers
from domain import InputError


@pytest.fixture
def run() -> Any:
    app = typer.Typer()
    numbers.add(app)

    def invoke(*arguments: str, said: str | None = None) -> Any:
        found = CliRunner().invoke(app, list(arguments), input=said)
        if found.exception is not None and not isinstance(found.exception, SystemExit):
            raise found.exception
        return found.stdout

    return invoke


def test_a_number_is_judged_for_machines(run: Any) -> None:
    body = json.loads(run("vat-number", "fr 40 303 265 045", "--json"))
    assert (body["valid"], body["compact"]) == (True, "FR40303265045")
    body = json.loads(run("ioss-number", "IM3720000224", "--json"))
    assert (body["valid"], body["country"]) == (True, "IE")


def test_an_eori_number_is_judged_on_a_day(run: Any) -> None:
    body = json.loads(run("eori", "FR55210055400013", "--date", "2025-06-01", "--json"))
    assert body["valid"] is True
    body = json.loads(run("eori", "FR55210055400013", "--date", "2026-06-01", "--json"))
    assert body["reason"] == "withdrawn_form"


def test_lines_are_answered_in_order_and_a_bad_one_stops_nothing(run: Any) -> None:
    said = '{"number": "DE136695976"}\nnothing\n{"number": 5}\n{"number": "", "country": "FR"}\n'
    answers = [json.loads(line) for line in run("vat-number", "--jsonl", said=said).splitlines()]
    assert [answer.get("reason") for answer in answers] == ["ok", None, None, "empty"]
    assert answers[2]["error"]["code"] == "number.bad_field"


def test_an_eori_line_may_do_without_its_day(run: Any) -> None:
    (line,) = run("eori", "--jsonl", said='{"number": "NL000123456"}\n').splitlines()
    assert json.loads(line)["valid"] is True


@pytest.mark.parametrize("language", ["en", "fr"])
def test_people_get_a_table(run: Any, language: str) -> None:
    assert "FR40303265045" in run("vat-number", "FR40303265045", "--lang", language)
    table = run(
        "address", "--country", "US", "--postcode", "90210", "--subdivision", "NY", "--lang", language
    )
    assert "90210" in table
    assert "CA" in table


def test_an_address_is_taken_from_options(run: Any) -> None:
    body = json.loads(
        run("address", "--country", "DE", "--line", "Weg 1", "--city", "Ulm", "--postcode", "89073", "--json")
    )
    assert body["complete"] is True


def test_no_number_is_an_error_with_a_cure(run: Any) -> None:
    with pytest.raises(InputError) as caught:
        run("eori")
    assert caught.value.code == "number.missing"


def test_the_register_is_asked_only_when_told_to(run: Any, monkeypatch: Any, tmp_path: Any) -> None:
    from customs.numbers import transport

    asked: list[str] = []

    def post(url: str, body: bytes, timeout_s: float) -> transport.Reply:
        asked.append(url)
        return transport.Reply(200, b'{"valid": true, "requestIdentifier": "W1"}')

    monkeypatch.setattr(transport, "post_json", post)
    assert "vies" not in json.loads(run("vat-number", "DE136695976", "--json"))
    assert asked == []
    told = ("--vies", "--requester", "FR40303265045", "--evidence", str(tmp_path))
    body = json.loads(run("vat-number", "DE136695976", *told, "--json"))
    assert (body["vies"]["outcome"], body["vies"]["consultation"]) == ("valid", "W1")
    assert asked == ["https://ec.europa.eu/taxation_customs/vies/rest-api/check-vat-number"]
    assert "W1" in run("vat-number", "DE136695976", *told)
    assert len(asked) == 1
