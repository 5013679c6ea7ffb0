"""``passavant duty``: one item at a rate in the tariffs' own notation, step by step."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import pytest

from domain import InputError
from engine.world import World
from scenarios import open_world
from scenarios.duty import duty

DAY = date(2026, 11, 22)


@cache
def world() -> World:
    return open_world()[0]


def ask(**query: Any) -> dict[str, Any]:
    base = {"goods": "1000.00", "currency": "GBP", "jurisdiction": "UK"}
    return duty({**base, **query}, world(), DAY)


def test_the_whole_answer_of_a_bounded_rate() -> None:
    found = ask(
        freight="50.00",
        insurance="10.00",
        rate="13.8% MIN 13.00 GBP/100 kg MAX 15.00 GBP/100 kg",
        quantities={"kg": "250"},
        vat_rate="20",
        fees=["12.00", {"code": "storage", "amount": "5.00", "in_vat_base": False}],
    )
    amounts = {name: found[name] for name in ("customs_value", "duty", "vat_base", "vat", "total", "payable")}
    assert amounts == {
        "customs_value": "1060.00",
        "duty": "37.50",
        "vat_base": "1109.50",
        "vat": "221.90",
        "total": "1336.40",
        "payable": "276.40",
    }
    steps = [(step["step"], step["base"], step["rate"], step["amount"]) for step in found["steps"]]
    assert steps == [
        ("customs_value", "1000.00", "cif", "1060.00"),
        ("duty_component", "1060.00", "13.8%", "146.28000"),
        ("duty_component", "2.5", "13.00 GBP / 100 kg", "32.50"),
        ("duty_component", "2.5", "15.00 GBP / 100 kg", "37.50"),
        ("duty_component", None, "15.00 GBP / 100 kg", "37.50"),
        ("duty", "1060.00", "13.8% MIN 13.00 GBP / 100 kg MAX 15.00 GBP / 100 kg", "37.50"),
        ("charge", "1", "fee 1", "12.00"),
        ("charge", "1", "storage", "5.00"),
        ("vat_base", None, "", "1109.50"),
        ("vat", "1109.50", "20%", "221.90"),
    ]
    assert found["because"][0]["rule"] == "value-basis-gb-freight"


@pytest.mark.parametrize(
    ("rate", "quantities", "expected"),
    [
        ("12%", {}, "120.00"),
        ("8.00 % + 30.00 GBP / 100 kg MAX 12.50 %", {"kg": "50"}, "95.00"),
        ("8.00 % + 30.00 GBP / 100 kg MAX 12.50 %", {"kg": "500"}, "125.00"),
        ("4.5% MIN 0.30 GBP / item MAX 0.80 GBP / item", {"pieces": 100}, "45.00"),
        ("4.5% MIN 0.30 GBP / item MAX 0.80 GBP / item", {"pieces": 200}, "60.00"),
        ("4.5% MIN 0.30 GBP / item MAX 0.80 GBP / item", {"pieces": 10}, "8.00"),
        ("0.20 GBP / item", {"pieces": 7}, "1.40"),
        ("10.00 GBP / hl", {"hl": "0.75"}, "7.50"),
        ("10.00 GBP / hl", {"litres": "75"}, "7.50"),
        ("0.50 GBP / % vol / hl + 2.60 GBP / hl", {"hl": "2", "percent_vol": "40"}, "45.20"),
        ("18.00 GBP / 100 kg / net drained wt", {"kg_drained": "250"}, "45.00"),
        ("139.00 GBP / 100 kg", {"kg": "12.5"}, "17.38"),
        ("2.00 GBP DTN G", {"kg_gross": "150"}, "3.00"),
        ("1.30 GBP / pa", {"pairs": 30}, "39.00"),
        ("5.00 GBP / 1,000 items", {"pieces": 2500}, "12.50"),
        ("1.50 GBP / l alc. 100%", {"hl": "1", "percent_vol": "40"}, "60.00"),
        ("NIHIL", {}, "0.00"),
        ("48% UP TO 3 GBP / pair; 37.5% + 0.90 GBP / pair ABOVE", {"pairs": 500}, "480.00"),
        ("48% UP TO 3 GBP / pair; 37.5% + 0.90 GBP / pair ABOVE", {"pairs": 300}, "645.00"),
    ],
)
def test_every_kind_of_rate(rate: str, quantities: dict[str, Any], expected: str) -> None:
    assert ask(rate=rate, quantities=quantities)["duty"] == expected


@pytest.mark.parametrize(
    ("jurisdiction", "currency", "customs_value", "vat_base"),
    [
        ("EU", "EUR", "1060.00", "1166.00"),
        ("DE", "EUR", "1060.00", "1166.00"),
        ("EL", "EUR", "1060.00", "1166.00"),
        ("GB", "GBP", "1060.00", "1166.00"),
        ("US", "USD", "1000.00", None),
        ("AU", "AUD", "1000.00", "1160.00"),
        ("CA", "CAD", "1000.00", "1100.00"),
    ],
)
def test_freight_and_insurance_count_as_the_law_of_the_place_says(
    jurisdiction: str, currency: str, customs_value: str, vat_base: str | None
) -> None:
    vat = {} if vat_base is None else {"vat_rate": "10"}
    found = ask(jurisdiction=jurisdiction, currency=currency, freight="50", insurance="10", rate="10%", **vat)
    assert found["customs_value"] == customs_value
    if vat_base is not None:
        assert found["vat_base"] == vat_base


def test_freight_after_the_border_is_in_the_vat_base_alone() -> None:
    found = ask(freight="50", freight_inland="20", rate="10%", vat_rate="20")
    assert (found["customs_value"], found["vat_base"]) == ("1030.00", "1153.00")
    assert found["total"] == "1383.60"
    with pytest.raises(InputError, match="more than the freight"):
        ask(freight="10", freight_inland="20", rate="10%")


def test_the_swiss_base_of_import_tax_is_rounded_to_the_franc() -> None:
    found = ask(
        jurisdiction="CH", currency="CHF", goods="100.40", freight="9.30", rate="Free", vat_rate="8.1"
    )
    assert (found["vat_base"], found["vat"]) == ("110.00", "8.91")


def test_half_a_minor_unit_is_rounded_up() -> None:
    assert ask(goods="10.50", rate="5%")["duty"] == "0.53"
    assert ask(goods="10.49", rate="5%")["duty"] == "0.52"
    assert ask(goods="150", currency="JPY", jurisdiction="JP", rate="1%")["duty"] == "2"


def open_part(found: dict[str, Any]) -> tuple[str, list[str]]:
    gap = found["cannot_determine"][0]
    return gap["reason"], gap["needs"]


def test_what_is_missing_is_named_and_nothing_that_hangs_on_it_is_given() -> None:
    found = ask(rate="10 GBP / hl", vat_rate="20")
    assert open_part(found) == ("duty.missing_quantity", ["quantity.hl"])
    assert [found[name] for name in ("duty", "vat_base", "vat", "total", "payable")] == [None] * 5
    assert found["customs_value"] == "1000.00"
    assert open_part(ask(rate="1 GBP / item"))[1] == ["quantity.pieces"]
    assert open_part(ask(rate="9% + EA")) == ("duty.missing_recipe", ["product.recipe"])
    assert open_part(ask(rate="6% on the case")) == ("duty.missing_value_of_a_part", ["value.case"])
    where = ask(rate="10%", freight="5", jurisdiction="BR", currency="BRL")
    assert open_part(where) == ("duty.no_value_basis", ["customs.value_basis.BR"])
    assert where["customs_value"] is None
    assert where["value_basis"] is None
    assert where["steps"] == []


def test_goods_worth_nothing_are_asked_for_their_value() -> None:
    assert open_part(ask(goods="0", rate="12%"))[0] == "duty.goods_without_value"
    free = ask(goods="0", rate="Free", vat_rate="20")
    assert free["duty"] == "0.00"
    assert free["vat"] is None
    assert open_part(free)[0] == "duty.goods_without_value"


def test_a_demonstration_figure_is_no_exchange_rate_and_a_given_one_is() -> None:
    found = ask(rate="4% + 20 EUR / 100 kg", quantities={"kg": 100})
    assert open_part(found) == ("duty.missing_exchange_rate", ["exchange_rate.EUR.GBP"])
    assert ask(rate="4% + 20 EUR / 100 kg", quantities={"kg": 100}, exchange_rates={"EUR": "0.85"})[
        "duty"
    ] == ("57.00")


def test_a_net_weight_taken_for_a_drained_one_is_said_and_a_gross_weight_is_never_guessed() -> None:
    found = ask(rate="18 GBP / 100 kg / net drained wt", quantities={"kg": "250"})
    assert (found["duty"], found["assumed"]) == ("45.00", ["kg_drained is taken from kg"])
    gross = ask(rate="18 GBP / 100 kg gross", quantities={"kg": "250"})
    assert open_part(gross) == ("duty.missing_quantity", ["quantity.kg_gross"])


def test_a_dollar_in_a_rate_is_that_of_the_jurisdiction() -> None:
    cheese = {"rate": "245.5% but not less than $4.52/kg", "quantities": {"kg": 1000}}
    assert ask(jurisdiction="CA", currency="CAD", **cheese)["duty"] == "4520.00"
    foreign = ask(jurisdiction="CA", currency="USD", **cheese)
    assert open_part(foreign)[1] == ["exchange_rate.CAD.USD"]


def test_the_amount_of_a_recipe_component_may_be_handed_in() -> None:
    assert ask(rate="9% + EA", quantities={"agricultural.EA": "30"})["duty"] == "120.00"


def test_a_code_of_the_table_answers_with_its_rates_and_the_day_they_are_of() -> None:
    shirt = ask(hs_code="61091000", origin="CN", vat_rate="20")
    assert shirt["duty"] == "120.00"
    assert shirt["tariff"][0]["as_at"] == "2021-01-01"
    wine = ask(jurisdiction="FR", currency="EUR", hs_code="220421", origin="CL", quantities={"hl": "1"})
    assert wine["duty"] is None
    assert wine["between"]["duty"] == ["13.10", "32.00"]
    assert open_part(wine) == ("duty.several_rates", ["line.hs_code"])
    none = ask(jurisdiction="FR", currency="EUR", hs_code="01012100")
    assert open_part(none)[0] == "tariff.unknown_code"


def test_a_preference_is_claimed_for_goods_of_that_origin_and_names_its_proof() -> None:
    shirt = {"jurisdiction": "FR", "currency": "EUR", "hs_code": "61091000", "preference": True}
    british = ask(origin="GB", **shirt)
    assert british["duty"] == "0.00"
    assert british["tariff"][0]["needs"] == ["origin_proof.statement_on_origin"]
    assert ask(origin="CN", **shirt)["duty"] == "120.00"
    assert ask(**shirt)["duty"] == "120.00"


def test_an_open_origin_gives_the_ends_and_asks_for_it() -> None:
    found = ask(jurisdiction="US", currency="USD", hs_code="61091000", date="2026-01-15")
    assert found["between"]["duty"] == ["165.00", "240.00"]
    assert open_part(found) == (
        "duty.unknown_origin",
        ["line.origin", "tariff_measure.section_301"],
    )


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"goods": 10.5, "rate": "12%"}, "duty.bad_amount"),
        ({"goods": True, "rate": "12%"}, "duty.bad_amount"),
        ({"goods": "NaN", "rate": "12%"}, "duty.bad_amount"),
        ({"goods": "-1", "rate": "12%"}, "duty.negative_amount"),
        ({"goods": "1.005", "rate": "12%"}, "duty.too_precise"),
        ({"rate": "12%", "fees": ["1.005"]}, "duty.too_precise"),
        ({"goods": None, "rate": "12%"}, "duty.bad_field"),
        ({}, "duty.rate_or_code"),
        ({"rate": "12%", "hs_code": "6109"}, "duty.rate_or_code"),
        ({"rate": "12 %%"}, "tariff.bad_rate"),
        ({"rate": "12%", "quantity": {}}, "duty.unknown_field"),
        ({"rate": "12%", "quantities": {"kgs": 1}}, "tariff.unknown_quantity"),
        ({"rate": "12%", "quantities": {"kg": 1, "g": 5}}, "tariff.double_quantity"),
        ({"rate": "12%", "jurisdiction": "EUU"}, "duty.unknown_jurisdiction"),
        ({"rate": "12%", "value_basis": "exw"}, "duty.bad_value_basis"),
        ({"rate": "12%", "fees": [{"code": "x"}]}, "duty.bad_fee"),
        ({"rate": "12%", "fees": [{"amount": "1", "vat": True}]}, "duty.bad_fee"),
        ({"rate": "12%", "date": "22/11/2026"}, "duty.bad_date"),
        ({"rate": "12%", "by_post": "yes"}, "duty.bad_field"),
        ({"rate": "12%", "currency": "EURO"}, "money.unknown_currency"),
        ({"rate": "12%", "exchange_rates": {"EUR": "0"}}, "duty.bad_amount"),
    ],
)
def test_a_question_that_cannot_be_read_is_refused(query: dict[str, Any], code: str) -> None:
    with pytest.raises(InputError) as caught:
        ask(**query)
    assert caught.value.code == code


def test_fees_come_as_amounts_as_objects_or_by_code() -> None:
    for fees in (["10", "5"], [{"code": "a", "amount": "10"}, "5"], {"a": "10", "b": "5"}):
        assert ask(rate="Free", fees=fees, vat_rate="20")["vat_base"] == "1015.00"


def test_whole_json_numbers_are_exact_and_accepted() -> None:
    assert ask(goods=1000, rate="12%", vat_rate=20)["vat"] == "224.00"


def test_without_a_vat_rate_the_answer_says_that_vat_is_not_included() -> None:
    found = ask(rate="12%")
    assert (found["vat"], found["total"], found["not_included"]) == (None, "1120.00", ["vat"])
