"""Whatever comes in, ``duty`` answers or refuses: it never breaks, and its amounts add up."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain import InputError
from engine.world import World
from scenarios import open_world
from scenarios.duty import duty
from scenarios.duty_query import FIELDS

DAY = date(2026, 11, 22)
CENT = Decimal("0.01")


@cache
def world() -> World:
    return open_world()[0]


odd = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 10**18),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["12.50", "NaN", "Infinity", "1e400", "-0", "EUR", "UK", "61091000", "2026-11-22"]),
    st.lists(st.text(max_size=3), max_size=2),
    st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=2),
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), odd, max_size=8))
def test_any_value_in_any_field_is_answered_or_refused(fields: dict[str, Any]) -> None:
    whole = {"goods": "100.00", "currency": "EUR", "jurisdiction": "FR", "rate": "12%", **fields}
    with suppress(InputError):
        answer = duty(whole, world(), DAY)
        assert set(answer) >= {"duty", "vat", "total", "steps"}
        assert answer["duty"] is not None or answer["cannot_determine"][0]["needs"]


amounts = st.decimals(0, 99_999, places=2).map(str)
values = st.decimals("0.01", 99_999, places=2).map(str)
rates = st.sampled_from(
    [
        "12%",
        "8.00% + 30.00 EUR / 100 kg MAX 12.50%",
        "4.5% MIN 0.30 EUR / item MAX 0.80 EUR / item",
        "1.75 EUR / % vol/hl + 6.40 EUR / hl",
        "48% UP TO 3 EUR / item; 20% ABOVE",
        "Free",
    ]
)
QUANTITIES = {"kg": "12.5", "pieces": "7", "hl": "0.75", "percent_vol": "40"}


@settings(max_examples=200, deadline=None)
@given(values, amounts, amounts, rates, st.sampled_from(["FR", "UK", "US", "AU", "CA"]), amounts)
def test_the_amounts_of_an_answer_add_up(
    goods: str, freight: str, insurance: str, rate: str, jurisdiction: str, fee: str
) -> None:
    answer = duty(
        {
            "goods": goods,
            "freight": freight,
            "insurance": insurance,
            "currency": "EUR",
            "jurisdiction": jurisdiction,
            "rate": rate,
            "quantities": QUANTITIES,
            "fees": [fee],
            "vat_rate": "20" if jurisdiction != "US" else None,
        },
        world(),
        DAY,
    )
    held = {name: Decimal(answer[name] or 0) for name in ("duty", "vat", "vat_base", "total", "payable")}
    assert held["payable"] == held["duty"] + held["vat"] + Decimal(fee)
    assert held["total"] == held["payable"] + Decimal(goods) + Decimal(freight) + Decimal(insurance)
    outside = Decimal(freight) + Decimal(insurance) if jurisdiction == "CA" else Decimal(0)
    if jurisdiction != "US":
        assert held["vat_base"] == held["total"] - held["vat"] - outside
        assert abs(held["vat"] - held["vat_base"] / 5) <= CENT / 2
