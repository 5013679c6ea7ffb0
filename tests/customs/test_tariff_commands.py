"""``passavant duty`` and ``passavant tariff``: what they print, and that every mistake has a name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from commands import tariff as module
from domain import PassavantError

SAMPLES = Path(__file__).parent / "test_tariff_samples"
APP = typer.Typer()
module.add(APP)


def run(*arguments: str, given: str = "") -> Result:
    return CliRunner().invoke(APP, list(arguments), input=given)


def printed(*arguments: str, given: str = "") -> str:
    result = run(*arguments, given=given)
    assert result.exit_code == 0, result.output + repr(result.exception)
    return result.output


def body(*arguments: str) -> Any:
    return json.loads(printed(*arguments, "--json"))


def mistake(*arguments: str) -> PassavantError:
    error = run(*arguments).exception
    assert isinstance(error, PassavantError)
    return error


def imported(into: Path) -> Any:
    sample = str(SAMPLES / "uk-measures.csv")
    return body("tariff", "import", sample, "--from", "uk", "--into", str(into), "--as-at", "2026-11-01")


def test_duty_answers_line_by_line_and_goes_on_after_a_bad_one() -> None:
    question = {"goods": "100", "currency": "EUR", "jurisdiction": "FR", "rate": "12%"}
    text = printed("duty", "--jsonl", given=f"{json.dumps(question)}\nno json\n{json.dumps(question)}\n")
    answers = [json.loads(line) for line in text.splitlines()]
    assert [answer.get("duty") for answer in answers] == ["12.00", None, "12.00"]
    assert answers[1]["error"]["code"] == "json.malformed"


def test_duty_from_options_prints_steps_and_amounts() -> None:
    arguments = ["duty", "--goods", "1000", "--currency", "GBP", "--jurisdiction", "UK", "--vat-rate", "20"]
    arguments += ["--rate", "4% + 2 GBP / 100 kg", "--quantity", "kg=250", "--fee", "10"]
    assert body(*arguments)["vat_base"] == "1055.00"
    shown = printed(*arguments)
    assert "duty: 45.00" in shown
    assert "4% + 2 GBP / 100 kg" in " ".join(shown.split())
    open_ = printed(*arguments[:-4], "--fee", "10")
    assert "cannot determine duty: duty.missing_quantity (needs quantity.kg)" in open_


def test_a_bad_option_is_named() -> None:
    base = ("duty", "--goods", "1", "--currency", "EUR", "--jurisdiction", "FR", "--rate", "1%")
    assert mistake(*base, "--quantity", "kg250").code == "option.bad_quantity"
    assert mistake(*base, "--date", "soon").code == "option.bad_date"
    sample = str(SAMPLES / "uk-measures.csv")
    call = ("tariff", "import", sample, "--from", "uk", "--into", "x", "--as-at")
    assert mistake(*call, "2026").code == "option.bad_date"
    for limit in ("101", "-1", "few", "NaN"):
        assert mistake(*call, "2026-11-01", f"--refused-limit={limit}").code == "option.bad_limit"


def test_import_status_show_and_duty_with_an_imported_tariff(tmp_path: Path) -> None:
    assert imported(tmp_path)["rows"]["kept"] == 9
    held = body("tariff", "status", "--tariff", str(tmp_path))
    assert [snapshot["folder"] for snapshot in held["snapshots"]] == ["uk-2026-11-01"]
    assert "UK Tariff" in printed("tariff", "status", "--tariff", str(tmp_path))
    call = ("tariff", "show", "8712003010", "--jurisdiction", "uk", "--tariff", str(tmp_path))
    shown = body(*call, "--origin", "cn", "--date", "2026-11-22")
    assert shown["duty"] == ["9.00% + 41.00%"]
    assert shown["as_at"] == "2026-11-01"
    assert "anti_dumping" in printed(*call, "--origin", "CN")
    goods = ("duty", "--goods", "100", "--currency", "GBP", "--jurisdiction", "UK", "--code", "8712003010")
    assert body(*goods, "--origin", "CN", "--tariff", str(tmp_path))["duty"] == "50.00"
    shipped = body(*goods, "--origin", "CN")
    assert shipped["duty"] == "14.00"
    assert shipped["tariff"][0]["as_at"] == "2021-01-01"


def test_an_import_tells_people_what_it_did(tmp_path: Path) -> None:
    spoilt = tmp_path / "uk.csv"
    text = (SAMPLES / "uk-measures.csv").read_text(encoding="utf-8")
    spoilt.write_text(text.replace("11.00%", "see note 4", 1), encoding="utf-8")
    call = ("tariff", "import", str(spoilt), "--from", "uk", "--into", str(tmp_path / "into"))
    told = printed(*call, "--as-at", "2026-11-01", "--refused-limit", "20")
    assert "10 rows read, 1 no duty, 1 refused" in " ".join(told.split())
    assert "refused.csv" in told


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("851712", "tariff.code_replaced"),
        ("77010000", "tariff.not_in_nomenclature"),
        ("61091090", "61091000"),
    ],
)
def test_show_says_why_there_is_no_rate(code: str, words: str) -> None:
    assert words in printed("tariff", "show", code, "--jurisdiction", "EU")


def test_show_says_since_when_rates_are_known() -> None:
    call = ("tariff", "show", "61091000", "--jurisdiction", "EU", "--date", "2020-12-31")
    assert "known_from: 2021-01-01" in printed(*call)
    assert body(*call)["reason"] == "tariff.before_first_rate"


def test_show_claims_a_preference_and_names_its_proof() -> None:
    call = ("tariff", "show", "61091000", "--jurisdiction", "EU", "--origin", "GB")
    assert body(*call)["duty"] == ["12%"]
    assert body(*call, "--claim", "preference")["duty"] == ["Free"]
    instead = body(*call)["candidates"][0]["instead"]
    assert [line["needs"] for line in instead] == [["origin_proof.statement_on_origin"]]


@pytest.mark.parametrize(
    ("place", "tariff"), [("EU", "EU"), ("fr", "EU"), ("MC", "EU"), ("GB", "UK"), ("LI", "CH"), ("JP", "JP")]
)
def test_show_takes_a_country_for_the_customs_territory_it_lies_in(place: str, tariff: str) -> None:
    assert body("tariff", "show", "61091000", "--jurisdiction", place)["jurisdiction"] == tariff


def test_show_refuses_a_place_that_does_not_exist() -> None:
    assert (
        mistake("tariff", "show", "61091000", "--jurisdiction", "Atlantis").code
        == "duty.unknown_jurisdiction"
    )
