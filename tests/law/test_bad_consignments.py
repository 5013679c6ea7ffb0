"""A wrong question is answered by a named reason, with its place, on the command line, in a stream and over HTTP."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from domain import InputError
from tests.law.asking import CH, FACES, FR, consignment, line, told

BAD: dict[str, tuple[dict[str, Any], str, str]] = {
    # codes of the wrong length or form
    **{
        f"code {code!r}": ({"line": {"hs_code": code}}, "query.invalid", "/lines/0/hs_code")
        for code in ("61", "6109100", "610910001", "61091000101", "6109.10", "ABCDEF", "")
    },
    # codes that name no goods on the day: smartphones left 8517.12 with HS 2022, chapter 77 is empty
    **{
        f"code {code} of {net}": ({"line": {"hs_code": code, "net": net}}, reason, "/lines/0/hs_code")
        for net in ("100.00", "300.00")
        for code, reason in (
            ("851712", "tariff.code_replaced"),
            ("85171200", "tariff.code_replaced"),
            ("770100", "tariff.not_in_nomenclature"),
            ("999999", "tariff.special_chapter"),
        )
    },
    "code of a later nomenclature": (
        {"line": {"hs_code": "851713"}, "date": "2021-12-30", "declared_on": "2021-12-31"},
        "tariff.code_not_yet",
        "/lines/0/hs_code",
    ),
    # origins that are no country
    **{
        f"origin {code}": ({"line": {"origin": code}}, "territory.unknown_country", "/lines/0/origin")
        for code in ("XX", "ZZ", "SU", "EU")
    },
    "origin in words": ({"line": {"origin": "China"}}, "query.invalid", "/lines/0/origin"),
    # values
    **{
        f"value {net!r}": ({"line": {"net": net}}, code, "/lines/0/net")
        for net, code in (
            ("0", "query.no_value"),
            ("0.00", "query.no_value"),
            ("-0.01", "query.invalid"),
            ("-100", "query.invalid"),
            ("NaN", "query.invalid"),
            ("Infinity", "query.invalid"),
            ("100.001", "money.too_precise"),
            (100.5, "query.invalid"),
            ("a hundred", "query.invalid"),
            ("", "query.invalid"),
            (None, "query.invalid"),
            ("99999999999999999999", "query.invalid"),
        )
    },
    "value missing": (
        {"lines": [{"id": "a", "hs_code": "610910"}]},
        "query.missing_field",
        "/lines/0/net",
    ),
    "freight below zero": ({"freight": "-1"}, "query.invalid", "/freight"),
    "freight too precise": ({"freight": "1.001"}, "money.too_precise", "/freight"),
    "insurance below zero": ({"insurance": "-1"}, "query.invalid", "/insurance"),
    "no pieces": ({"line": {"quantity": 0}}, "query.invalid", "/lines/0/quantity"),
    "pieces in words": ({"line": {"quantity": "2"}}, "query.invalid", "/lines/0/quantity"),
    "no weight": ({"line": {"weight_g": 0}}, "query.invalid", "/lines/0/weight_g"),
    # currencies
    "unknown currency": ({"currency": "XXX"}, "money.unknown_currency", "/currency"),
    "currency in words": ({"currency": "EURO"}, "query.invalid", "/currency"),
    # days
    **{
        f"day {day!r}": ({"date": day}, "query.invalid", "/date")
        for day in ("2026-13-01", "20261120", "yesterday", "", 0, "2026-11-20T00:00")
    },
    "before the tables begin": (
        {"date": "1999-01-01", "declared_on": None},
        "query.territory",
        "/ship_from",
    ),
    "paid before the order": ({"paid_on": "2026-11-19"}, "query.invalid", "/paid_on"),
    "declared before the order": ({"declared_on": "2026-11-18"}, "query.invalid", ""),
    "sent before the order": ({"dispatched_on": "2026-11-19"}, "query.invalid", ""),
    "a window that ends first": ({"declared_on": ["2026-12-02", "2026-12-01"]}, "query.invalid", ""),
    "a window of months": ({"declared_on": ["2026-12-01", "2027-03-01"]}, "query.invalid", ""),
    # places and words
    "no such country": ({"ship_to": {"country": "ZZ"}}, "territory.unknown_country", "/ship_to/country"),
    "no such postcode": (
        {"ship_to": {"country": "DE", "postcode": "1"}},
        "territory.bad_postcode",
        "/ship_to/postcode",
    ),
    "no such category": ({"line": {"category": "bookz"}}, "query.unknown_category", "/lines/0/category"),
    "no such declaration": ({"route": {"declaration": "h9"}}, "query.unknown_route", "/route/declaration"),
    "no such field": ({"line": {"hscode": "610910"}}, "query.unknown_field", "/lines/0/hscode"),
    "a seller from nowhere": ({"seller": {"country": "ZZ"}}, "territory.unknown_country", "/seller/country"),
    "a sale without buyer": ({"buyer": None}, "query.invalid", ""),
    "two lines of one name": ({"lines": [line(), line()]}, "query.invalid", ""),
}


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("name", BAD)
def test_a_wrong_question_is_named_and_placed(name: str, face: str, tmp_path: Path):
    changes, code, place = BAD[name]
    assert FACES[face](consignment(**changes), tmp_path) == {"code": code, "at": place}


@pytest.mark.parametrize("face", FACES)
def test_what_is_no_object_is_named(face: str, tmp_path: Path):
    found = FACES[face]([1], tmp_path)
    assert found["code"] in ("query.not_object", "json.not_object")


@pytest.mark.parametrize("face", FACES)
def test_no_lines_at_all(face: str, tmp_path: Path):
    empty = {**consignment(), "lines": []}
    assert FACES[face](empty, tmp_path) == {"code": "query.invalid", "at": "/lines"}


def test_a_bad_line_of_a_stream_stops_nothing(tmp_path: Path):
    import json

    from tests.faces.desk import ask

    good, bad = json.dumps(consignment()), json.dumps(consignment(line={"net": "-1"}))
    said = ask("landed-cost", "--jsonl", stdin=f"{bad}\nnonsense\n\n{good}\n")
    first, second, third = (json.loads(each) for each in said.out.splitlines())
    assert said.code == 0
    assert first["error"]["code"] == "query.invalid"
    assert second["error"]["code"] == "json.malformed"
    assert third["scheme"] == "ioss"


def test_a_dropped_code_names_its_successors():
    with pytest.raises(InputError) as caught:
        told(line={"hs_code": "851712"})
    assert caught.value.cure == "use 851713 or 851714"


def test_a_missing_origin_matters_only_where_the_duty_hangs_on_it():
    to_america = {
        "seller": {"country": "FR", "vat_registrations": ["FR"]},
        "ship_from": FR,
        "ship_to": {"country": "US", "postcode": "10001"},
    }
    europe = told(line={"origin": None, "net": "300.00"})
    america = told(line={"origin": None, "net": "300.00"}, **to_america)
    assert europe["needs"] == []
    assert europe["totals"]["duty"] == "36.00"
    assert america["needs"] == [{"facts": ["lines.shirts.origin"], "give": ["/lines/0/origin"]}]
    assert Decimal(america["totals"]["duty"]["low"]) < Decimal(america["totals"]["duty"]["high"])


def test_a_missing_code_matters_only_where_the_duty_hangs_on_it():
    assert told(line={"hs_code": None, "net": "300.00"})["totals"]["duty"] is None
    one_line = told(line={"hs_code": None})
    assert one_line["totals"]["duty"] == "3.00"  # one line is one item, whatever its code
    assert one_line["items"] == {"count": "1", "digits": 6}


NO_RATE = {
    "a currency without rates": {"currency": "THB"},
    "the day before the first rate": {
        "currency": "CHF",
        "date": "2025-12-31",
        "declared_on": "2025-12-31",
    },
    "the day after the last rate": {
        "currency": "CHF",
        "date": "2027-01-01",
        "declared_on": "2027-01-01",
    },
}


@pytest.mark.parametrize("name", NO_RATE)
@pytest.mark.parametrize("face", FACES)
def test_without_an_exchange_rate_the_value_is_not_tested(name: str, face: str, tmp_path: Path):
    """Whether 100 of that money are within EUR 150 is unknown: no scheme, no duty, and the rate is named."""
    found = FACES[face](consignment(**NO_RATE[name]), tmp_path)
    money = NO_RATE[name]["currency"]
    named = [*found["cannot_determine"], *(fact for need in found["needs"] for fact in need["facts"])]
    assert any(word.startswith("exchange_rate.") and money in word for word in named)
    assert found["scheme"] is None
    assert found["totals"] is None or found["totals"]["landed_cost"] is None


@pytest.mark.parametrize("day", ["2026-01-01", "2026-12-31"])
def test_on_the_first_and_the_last_day_of_a_rate_it_holds(day: str):
    found = told(currency="CHF", date=day, declared_on=day)
    assert found["scheme"] == "ioss"
    assert found["cannot_determine"] == []
    assert found["totals"]["duty"] == ("0.00" if day < "2026-07-01" else "2.82")


def test_where_no_test_of_value_is_made_no_rate_is_missed():
    """Thai baht inside Switzerland: nothing is converted, so nothing is open."""
    found = told(currency="THB", ship_to={"country": "CH", "postcode": "3011"}, ship_from=CH)
    assert found["scheme"] == "domestic"
    assert found["needs"] == []
    assert found["totals"]["vat"] == "8.10"
