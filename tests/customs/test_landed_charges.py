"""Fees and levies: percentages, bounds and free units, their part in the VAT base, and what is refused."""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from customs.landed import (
    Assessment,
    AssessmentInput,
    AssessmentLine,
    Bounds,
    Charge,
    Duty,
    Rounding,
    Vat,
    assess,
)
from customs.landed.either import either
from customs.tariff import parse_rate
from domain import InputError

D = Decimal
CLEARANCE = Charge(
    "clearance",
    D("11.50"),
    "consignment",
    True,
    "buyer",
    percent=D(3),
    percent_of="goods_freight_duty",
    maximum=D(70),
    source="postal operator",
)
MORE_NUMBERS = Charge("more_numbers", D(10), "item", True, "buyer", digits=8, free_units=5)


def line(name: str = "1", value: str = "200.00", **more: Any) -> AssessmentLine:
    base = AssessmentLine(name, D(value), hs_code="61091000", vat_percent=D("8.1"), rates=(parse_rate("0%"),))
    return replace(base, **more)


def case(*lines: AssessmentLine, **more: Any) -> AssessmentInput:
    plain = AssessmentInput(lines, "CHF", Duty("tariff"), Vat("at_import"), "to_door", freight=D(20))
    return replace(plain, **more)


def charged(result: Assessment) -> list[str]:
    return [str(charge.amount) for charge in result.charges]


def test_a_clearance_fee_with_a_percentage_enters_the_vat_base() -> None:
    result = assess(case(line(), charges=(CLEARANCE,)))
    assert charged(result) == ["18.10"]  # 11.50 + 3 % of (200 + 20)
    assert str(result.vat_base) == "238.10"
    assert str(result.vat) == "19.29"


@pytest.mark.parametrize(
    ("of", "amount"), [("goods", "17.50"), ("goods_freight", "18.10"), ("goods_freight_duty", "18.85")]
)
def test_the_percentage_is_of_the_goods_the_transport_and_the_duty_as_it_says(of: str, amount: str) -> None:
    dutiable = line(rates=(parse_rate("25.00 CHF / item"),))
    fee = replace(CLEARANCE, percent_of=of)  # type: ignore[arg-type]
    assert charged(assess(case(dutiable, charges=(fee,)))) == [amount]


def test_a_duty_that_is_not_collected_is_not_in_the_percentage() -> None:
    dutiable = line(rates=(parse_rate("5.00 CHF / item"),))
    waived = Duty("tariff", waived_up_to=D(5))
    assert charged(assess(case(dutiable, duty=waived, charges=(CLEARANCE,)))) == ["18.10"]


@pytest.mark.parametrize(
    ("value", "minimum", "maximum", "amount"),
    [
        ("1930.00", None, "70", "70.00"),  # 11.50 + 58.50: exactly the cap
        ("1929.66", None, "70", "69.99"),
        ("5000.00", None, "70", "70.00"),
        ("10.00", "15", "70", "15.00"),
        ("5000.00", "80", "70", None),
    ],
)
def test_bounds_hold_for_the_whole_charge(
    value: str, minimum: str | None, maximum: str, amount: str | None
) -> None:
    fee = replace(CLEARANCE, minimum=None if minimum is None else D(minimum), maximum=D(maximum))
    problem = case(line(value=value), charges=(fee,))
    if amount is None:
        with pytest.raises(InputError, match="at least 80 and at most 70"):
            assess(problem)
    else:
        assert charged(assess(problem)) == [amount]


@pytest.mark.parametrize(("codes", "amount"), [(4, "0.00"), (5, "0.00"), (6, "10.00"), (8, "30.00")])
def test_the_first_units_may_be_free(codes: int, amount: str) -> None:
    lines = [line(str(n), hs_code=f"6109100{n}") for n in range(codes)]
    assert [D(each) for each in charged(assess(case(*lines, charges=(MORE_NUMBERS,))))] == [D(amount)]


def test_a_charge_of_no_units_has_no_minimum() -> None:
    fee = replace(MORE_NUMBERS, minimum=D(4))
    assert [D(each) for each in charged(assess(case(line(), charges=(fee,))))] == [0]


def test_short_codes_around_the_free_units_make_an_interval() -> None:
    lines = [line(str(n), hs_code=f"6109100{n}") for n in range(5)]
    lines.append(line("5", hs_code="6109"))
    (fee,) = assess(case(*lines, charges=(MORE_NUMBERS,))).charges
    assert fee.amount == Bounds(D(0), D(10))


def test_an_open_duty_makes_the_percentage_an_interval() -> None:
    open_line = line(rates=(parse_rate("0%"), parse_rate("100.00 CHF / item")))
    result = assess(case(open_line, charges=(CLEARANCE,)))
    assert result.charges[0].amount == Bounds(D("18.10"), D("21.10"))
    assert result.vat == Bounds(D("19.29"), D("27.63"))


def test_an_unknown_duty_leaves_the_percentage_open_and_names_the_same_need() -> None:
    unknown = line(rates=(), rate_needs=("tariff_rate.CH.2204",))
    result = assess(case(unknown, charges=(CLEARANCE,)))
    assert result.charges[0].amount is None
    assert result.vat is None
    assert result.needs == ("tariff_rate.CH.2204",)
    assert ("charge clearance", ("tariff_rate.CH.2204",)) in [
        (gap.what, gap.needs) for gap in result.cannot_determine
    ]
    of_goods = replace(CLEARANCE, percent_of="goods")
    assert charged(assess(case(unknown, charges=(of_goods,)))) == ["17.50"]


def test_the_steps_show_fixed_part_percentage_and_total() -> None:
    steps = {step.name: step for step in assess(case(line(), charges=(CLEARANCE,))).steps}
    assert (steps["charge"].formula, str(steps["charge"].amount)) == (
        "consignment count x amount",
        "11.50",
    )
    share = steps["charge_share"]
    assert (share.formula, str(share.base), share.rate) == (
        "share of goods, freight and duty",
        "220.00",
        "3%",
    )
    assert D(str(share.amount)) == D("6.60")
    total = steps["charge_total"]
    assert (total.formula, str(total.amount), total.source) == (
        "amount + share, within bounds",
        "18.10",
        "postal operator",
    )


def test_two_charges_of_one_code_keep_their_own_steps() -> None:
    lines = [line("1"), line("2", hs_code="64")]
    twice = (Charge("tax", D(2), "item", True, "buyer"), Charge("tax", D(1), "item", True, "seller"))
    steps = [step for step in assess(case(*lines, charges=twice)).steps if step.name == "charge"]
    assert [str(step.amount) for step in steps] == ["4.00", "2.00"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"percent": D(-1)}, "landed.bad_percent"),
        ({"percent": D(101)}, "landed.bad_percent"),
        ({"percent": D("NaN")}, "landed.bad_percent"),
        ({"free_units": -1}, "landed.bad_free_units"),
        ({"maximum": D("-70")}, "landed.negative_amount"),
        ({"maximum": D("70.001")}, "landed.too_precise"),
        ({"amount": D("Infinity")}, "landed.not_finite"),
    ],
)
def test_a_charge_that_makes_no_sense_is_refused(changed: dict[str, Any], code: str) -> None:
    with pytest.raises(InputError) as caught:
        assess(case(line(), charges=(replace(CLEARANCE, **changed),)))
    assert caught.value.code == code
    assert caught.value.cure


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"goods_value": D("-0.01")}, "landed.negative_amount"),
        ({"goods_value": D("NaN")}, "landed.not_finite"),
        ({"goods_value": D("1E+15")}, "landed.too_large"),
        ({"sale_price": D("-1")}, "landed.negative_amount"),
        ({"quantity": 0}, "landed.bad_quantity"),
        ({"quantity": -2}, "landed.bad_quantity"),
    ],
)
def test_nonsense_of_a_line_names_the_line_and_what_to_do(changed: dict[str, Any], code: str) -> None:
    with pytest.raises(InputError) as caught:
        assess(case(line("L7", **changed)))
    assert (caught.value.code, caught.value.place) == (code, "line L7")
    assert caught.value.cure


# ------------------------------------------------------------------ goods of value zero


def test_goods_of_value_zero_are_asked_for_their_value_at_import() -> None:
    free = line("2", "0.00", rates=(parse_rate("12%"),))
    result = assess(case(line(), free))
    assert result.duty is None
    assert result.vat is None
    assert result.needs == ("line.2.customs_value",)
    assert [gap.what for gap in result.cannot_determine] == ["duty", "vat"]


def test_a_value_of_zero_is_no_question_where_nothing_depends_on_it() -> None:
    at_sale = assess(case(line("2", "0.00"), duty=Duty("flat_per_item", D(3)), vat=Vat("at_sale")))
    assert at_sale.determined
    free = line("2", "0.00", rates=(parse_rate("Free"),), vat_percent=D(0))
    assert assess(case(free, freight=D(0))).determined


# ------------------------------------------------------------------ several assessments, one answer


def test_an_open_value_basis_spans_every_amount_and_keeps_every_step() -> None:
    dutiable = line(rates=(parse_rate("10%"),))
    both = [assess(case(dutiable, value_basis=basis)) for basis in ("fob", "cif")]
    joined = either(both)
    assert joined.duty == Bounds(D("20.00"), D("22.00"))
    assert {step.rate for step in joined.steps if step.name == "customs_value"} == {"fob", "cif"}
    assert either(both[:1]) is both[0]


def test_steps_asked_for_twice_are_the_same() -> None:
    rule = Rounding(ROUND_HALF_UP, "document")
    result = assess(case(line(), line("2"), charges=(CLEARANCE,), vat_rounding=rule))
    assert result.steps == result.steps
    assert len(result.steps) == 2 * 4 + 3


def test_short_codes_among_the_free_units_leave_nothing_open() -> None:
    lines = [line("1", hs_code="6109"), line("2", hs_code="6109"), line("3", hs_code=None)]
    (fee,) = assess(case(*lines, charges=(MORE_NUMBERS,))).charges
    assert fee.amount == Bounds(D(0), D(0))
