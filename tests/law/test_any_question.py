"""Whatever is asked: an answer that holds together, or a named mistake; and both questions agree about one sale."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain import PassavantError
from scenarios.law import landed_cost, vat
from tests.faces.desk import ask, client
from tests.law.asking import SALE, consignment, line, world

SOME = settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
PLACES = [
    {"country": country, "postcode": code}
    for country, code in (
        *(("FR", "69002"), ("FR", "20000"), ("FR", "97400"), ("FR", "97133"), ("MC", "98000")),
        *(("DE", "10115"), ("DE", "78266"), ("DE", "27498"), ("ES", "28001"), ("ES", "35001")),
        *(("ES", "51001"), ("IT", "20121"), ("IT", "23041"), ("SM", "47890"), ("FI", "00100")),
        *(("FI", "22100"), ("GR", "63086"), ("PT", "9500-150"), ("GB", "SW1A 1AA"), ("GB", "BT1 1AA")),
        *(("IM", "IM1 1AA"), ("JE", "JE2 3AB"), ("CH", "8001"), ("CH", "7563"), ("LI", "9490")),
        *(("NO", "0150"), ("SJ", "9170"), ("US", "10001"), ("CA", "M5V 2T6"), ("AU", "2000")),
        *(("NZ", "6011"), ("SG", "018956"), ("JP", "100-0001"), ("TR", "34000"), ("RU", "101000")),
        *(("UA", "95000"), ("GI", "GX11 1AA"), ("AD", "AD500"), ("BR", "01310-100")),
    )
]
STOCKS = [PLACES[n] for n in (22, 18, 5, 27, 0, 9, 19, 25, 2, 14, 12)]
COUNTRIES = ["FR", "DE", "CH", "GB", "XI", "NO", "US", "CN", "AU", "IT"]
DAYS = ["2016-05-01", "2021-06-30", "2021-07-01", "2026-06-30", "2026-07-01", "2026-11-20", "2028-07-01"]
NETS = ["0", "0.01", "20.00", "45.00", "135.00", "135.01", "149.99", "150.00", "150.01", "999.99", "25000.00"]
NUMBERS = [None, "DE136695976", "DE136695977", "FR40303265045", "GB980780684", "XI980780684", "nonsense"]
KINDS = ["sale", "sale", "sale", "own_goods_transfer", "intercompany_supply", "private_gift"]


def sellers() -> st.SearchStrategy[dict[str, Any]]:
    some = st.lists(st.sampled_from(COUNTRIES), max_size=3, unique=True)
    return st.fixed_dictionaries(
        {"country": st.sampled_from(["FR", "DE", "CH", "GB", "US", "CN"]), "vat_registrations": some},
        optional={
            "establishments": some.map(lambda found: [each for each in found if each != "XI"]),
            "oss": st.booleans(),
            "ioss": st.booleans(),
            "deemed_supplier": st.booleans(),
            "registrations": st.lists(st.sampled_from(["voec", "ukims", "rex"]), max_size=2, unique=True),
        },
    )


def movements() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "date": st.sampled_from(DAYS),
            "seller": sellers(),
            "ship_from": st.sampled_from(STOCKS),
            "ship_to": st.sampled_from(PLACES),
            "buyer": st.fixed_dictionaries(
                {"kind": st.sampled_from(["consumer", "business"]), "vat_number": st.sampled_from(NUMBERS)}
            ),
            "currency": st.sampled_from(["EUR", "EUR", "GBP", "CHF", "NOK", "JPY", "THB"]),
            "kind": st.sampled_from(KINDS),
        },
        optional={
            "eu_distance_sales_eur": st.sampled_from(["0", "10000.00", "10000.01"]),
            "platform": sellers(),
        },
    )


def _named(error: PassavantError) -> None:
    said = error.to_json()
    assert said["code"]
    assert said["cause"]


CATEGORIES = st.sampled_from(["standard", "books", "food", "wine", "ebooks"])


@SOME
@given(movements(), st.sampled_from(NETS), CATEGORIES)
def test_a_sale_is_answered_or_its_mistake_is_named(sale: dict[str, Any], net: str, category: str):
    try:
        found: Any = vat({**sale, "net": net, "category": category}, world())
    except PassavantError as error:
        _named(error)
        return
    json.dumps(found)
    if found["scheme"] is None:
        assert (found["rate"], found["vat"], found["territory"]) == (None, None, None)
        assert found["needs"] or found["cannot_determine"]
        return
    assert len(found["sides"]) == 2
    if found["rate"] == "0" or found["reverse_charge"]:
        assert found["vat"] is None or Decimal(found["vat"]) == 0
    if found["vat"] is not None and found["charged_by"] in ("seller", "platform"):
        assert abs(Decimal(found["vat"]) - Decimal(net) * Decimal(found["rate"]) / 100) <= 1
    assert found["reverse_charge"] is (found["charged_by"] == "buyer")


LINES = st.lists(
    st.fixed_dictionaries(
        {"net": st.sampled_from(NETS[1:]), "category": CATEGORIES},
        optional={
            "hs_code": st.sampled_from(["610910", "6109100010", "91021100", "490199", "220421"]),
            "origin": st.sampled_from(["CN", "CH", "FR", "GB"]),
            "quantity": st.integers(1, 5),
            "weight_g": st.integers(1, 5000),
            "preference_statement": st.booleans(),
        },
    ),
    min_size=1,
    max_size=3,
)


def _ends(amount: Any) -> tuple[Decimal, Decimal | None] | None:
    if amount is None:
        return None
    if isinstance(amount, dict):
        return Decimal(amount["low"]), None if amount["high"] is None else Decimal(amount["high"])
    return Decimal(amount), Decimal(amount)


def _adds_up(totals: dict[str, Any]) -> None:
    """The landed cost is the sum of its parts, at both ends; open where a part is."""
    names = ["goods", "freight", "insurance", "duty", "charges"]
    parts = [_ends(totals[name]) for name in (*names, *([] if totals["vat_recoverable"] else ["vat"]))]
    whole = _ends(totals["landed_cost"])
    if whole is None or None in parts:
        assert whole is None
        return
    known = [part for part in parts if part is not None]
    assert sum(low for low, _ in known) == whole[0]
    highs = [high for _, high in known]
    assert whole[1] == (None if None in highs else sum(high for high in highs if high is not None))
    assert all(high is None or low <= high for low, high in known)


@SOME
@given(movements(), LINES, st.sampled_from(["0", "7.00", "12"]), st.sampled_from(["post", "express", None]))
def test_a_consignment_is_answered_or_its_mistake_is_named(
    movement: dict[str, Any], lines: list[dict[str, Any]], freight: str, network: str | None
):
    asked = {**movement, "lines": lines, "freight": freight, "parcels": 1, "route": {"network": network}}
    try:
        found: Any = landed_cost(asked, world())
    except PassavantError as error:
        _named(error)
        return
    json.dumps(found)
    for each in found["outcomes"] or [found]:
        if each["totals"] is None:
            assert each["needs"] or each["cannot_determine"]
        else:
            _adds_up(each["totals"])
            if each["totals"]["landed_cost"] is None or isinstance(each["totals"]["landed_cost"], dict):
                assert each["needs"] or each["cannot_determine"]


@SOME
@given(movements().filter(lambda each: each["kind"] == "sale"), st.sampled_from(NETS[2:]), CATEGORIES)
def test_both_questions_tell_the_same_of_one_sale(sale: dict[str, Any], net: str, category: str):
    day = sale["date"]
    consigned = {**sale, "declared_on": day, "lines": [{"net": net, "category": category}], "parcels": 1}
    try:
        one: Any = vat({**sale, "net": net, "category": category}, world())
        other: Any = landed_cost(consigned, world())
    except PassavantError:
        return
    assert one["scheme"] == other["scheme"]
    assert one["charged_by"] == other["charged_by"]
    assert one["registration_needed"] == other["registration_needed"]
    if one["vat"] is not None and one["charged_by"] in ("seller", "platform") and other["totals"]:
        assert other["totals"]["vat"] in (one["vat"], None)


@pytest.mark.parametrize(
    ("changes", "code", "place"),
    [
        ({"net": "-1"}, "query.invalid", "/net"),
        ({"net": "1.001"}, "money.too_precise", "/net"),
        ({"category": "bookz"}, "query.unknown_category", "/category"),
        ({"eu_distance_sales_eur": "-1"}, "query.invalid", "/eu_distance_sales_eur"),
        ({"eu_distance_sales_eur": "NaN"}, "query.invalid", "/eu_distance_sales_eur"),
        ({"seller": {"country": "ZZ"}}, "territory.unknown_country", "/seller/country"),
        (
            {"seller": {"country": "FR", "establishments": ["QQ"]}},
            "territory.unknown_country",
            "/seller/establishments/0",
        ),
        ({"ship_to": {"country": "DE", "postcode": "1"}}, "territory.bad_postcode", "/ship_to/postcode"),
        ({"buyer": {"kind": "friend"}}, "query.invalid", "/buyer/kind"),
        ({"date": "tomorrow"}, "query.invalid", "/date"),
        ({"nett": "1"}, "query.unknown_field", "/nett"),
    ],
)
def test_a_wrong_sale_is_named_on_every_face(changes: dict[str, Any], code: str, place: str):
    asked = {**SALE, **changes}
    said = json.loads(ask("vat", "--jsonl", stdin=json.dumps(asked)).out)["error"]
    assert (said["code"], said["place"]) == (code, place)
    problem = client().post("/v1/vat", json=asked)
    assert problem.status_code == 422
    assert (problem.json()["code"], problem.json()["instance"]) == (code, place)


def test_the_same_answer_on_every_face(tmp_path: Any):
    path = tmp_path / "asked.json"
    for command, route, asked in (
        ("vat", "/v1/vat", SALE),
        ("landed-cost", "/v1/landed-costs", consignment(lines=[line()])),
    ):
        path.write_text(json.dumps(asked), encoding="utf-8")
        by_file = ask(command, path, "--json").json
        assert json.loads(ask(command, "--jsonl", stdin=json.dumps(asked)).out) == by_file
        assert client().post(route, json=asked).json() == by_file
