"""Exchange rates: dated, by series, unrounded, and never guessed."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customs.rates import ExchangeRate, Rates, read_ecb_csv, read_ecb_xml
from domain import InputError, WorldError

D = Decimal
DEMO = Rates.load()
DAY = date(2026, 11, 20)


def test_the_packaged_figures_say_that_they_are_for_demonstration() -> None:
    found = [rate for series in DEMO.table.values() for rate in series]
    assert {rate.currency for rate in found} >= {
        "GBP",
        "CHF",
        "NOK",
        "SEK",
        "PLN",
        "USD",
        "DKK",
        "CZK",
        "HUF",
        "RON",
    }
    assert {rate.source for rate in found} == {"demo figure, replace by the official series"}


def test_an_amount_converts_into_and_out_of_the_base_unrounded() -> None:
    assert DEMO.convert("ecb_day", D(100), "EUR", "GBP", DAY) == D("87.0000")
    back = DEMO.convert("ecb_day", D(1), "GBP", "EUR", DAY)
    assert back is not None
    assert abs(back * D("0.87") - 1) < D("1e-27")


def test_two_quoted_currencies_convert_through_their_base() -> None:
    assert DEMO.convert("ecb_day", D("9.40"), "CHF", "NOK", DAY) == D("116")


def test_each_series_answers_for_itself() -> None:
    assert DEMO.convert("hmrc_period", D(1), "GBP", "EUR", DAY) == D("1.15")
    assert DEMO.convert("eu_national_year", D(1), "EUR", "CHF", DAY) is None
    assert DEMO.convert("no_such_kind", D(1), "EUR", "GBP", DAY) is None


def test_outside_its_days_a_rate_is_not_known() -> None:
    assert DEMO.convert("ecb_day", D(1), "EUR", "GBP", date(2025, 12, 31)) is None
    assert DEMO.convert("ecb_day", D(1), "EUR", "GBP", date(2027, 1, 1)) is None


def test_the_same_currency_needs_no_rate() -> None:
    assert DEMO.convert("ecb_day", D("1.23"), "JPY", "JPY", date(1999, 1, 1)) == D("1.23")


@given(st.decimals(0, 1_000_000, places=2), st.sampled_from(["GBP", "CHF", "HUF", "SEK"]))
def test_there_and_back_is_the_same_amount_to_the_minor_unit(amount: Decimal, currency: str) -> None:
    there = DEMO.convert("ecb_day", amount, "EUR", currency, DAY)
    assert there is not None
    back = DEMO.convert("ecb_day", there, currency, "EUR", DAY)
    assert back is not None
    assert round(back, 2) == amount


CSV = """Date, USD, JPY, BGN,
2026-11-20, 1.1512, 171.30, N/A,
2026-11-19, 1.1498, 170.95, 1.9558,
"""
DAILY = "Date, USD, GBP, \n20 November 2026, 1.1512, 0.8701, \n"
XML = """<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"
 xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref"><Cube><Cube time="2026-11-20">
<Cube currency="USD" rate="1.1512"/><Cube currency="GBP" rate="0.8701"/></Cube></Cube></gesmes:Envelope>"""


def test_a_published_rate_holds_until_the_next_publication() -> None:
    rates = Rates.of(read_ecb_csv(CSV))
    assert rates.convert("ecb_day", D(1), "EUR", "USD", date(2026, 11, 19)) == D("1.1498")
    assert rates.convert("ecb_day", D(1), "EUR", "USD", date(2026, 11, 20)) == D("1.1512")


def test_the_newest_rate_carries_over_a_weekend_and_then_stops() -> None:
    rates = Rates.of(read_ecb_csv(CSV))
    assert rates.convert("ecb_day", D(1), "EUR", "USD", date(2026, 11, 22)) == D("1.1512")
    assert rates.convert("ecb_day", D(1), "EUR", "USD", date(2026, 11, 24)) is None


def test_a_currency_without_a_quote_that_day_has_no_new_rate() -> None:
    found = [rate for rate in read_ecb_csv(CSV) if rate.currency == "BGN"]
    assert [rate.valid_from for rate in found] == [date(2026, 11, 19)]


def test_daily_csv_and_xml_give_the_same_rates() -> None:
    assert read_ecb_csv(DAILY) == read_ecb_xml(XML)


@pytest.mark.parametrize("text", ["<!DOCTYPE a><a/>", "<a>", "<a/>"])
def test_xml_that_is_no_rate_file_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        read_ecb_xml(text)


def test_csv_that_is_no_rate_file_is_refused() -> None:
    with pytest.raises(InputError, match="no ECB rate file"):
        read_ecb_csv("a,b\n1,2\n")
    with pytest.raises(InputError, match="not a day"):
        read_ecb_csv("Date, USD\nsoon, 1.1\n")
    with pytest.raises(InputError, match="not a rate"):
        read_ecb_csv("Date, USD\n2026-11-20, much\n")


def test_two_rates_of_a_series_on_one_day_are_refused() -> None:
    one = ExchangeRate("ecb_day", "USD", "EUR", D("1.1"), date(2026, 1, 1), None, "s")
    two = ExchangeRate("ecb_day", "USD", "EUR", D("1.2"), date(2026, 2, 1), None, "s")
    with pytest.raises(WorldError, match="two rates on 2026-02-01"):
        Rates.of([one, two])


@pytest.mark.parametrize("value", ["0", "-1", "NaN", "x"])
def test_a_rate_that_is_no_positive_number_is_refused(tmp_path: Path, value: str) -> None:
    file = tmp_path / "fx.csv"
    file.write_text(
        f"kind,currency,base,rate,valid_from,valid_until,source\necb_day,USD,EUR,{value},2026-01-01,,s\n",
        encoding="utf-8",
    )
    with pytest.raises(WorldError) as caught:
        Rates.load(file)
    assert caught.value.place == "fx.csv:2"
