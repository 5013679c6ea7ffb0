"""Laws of the landed cost: it adds up, it does not fall when values rise, intervals hold every answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
    round_to,
)
from customs.tariff import parse_rate

D = Decimal
CENT = D("0.01")
LEVELS = ("line", "rate_group", "document")
MODES = (ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN, ROUND_UP)
RATES = {
    text: parse_rate(text)
    for text in (
        "Free",
        "1.7%",
        "12%",
        "4.5% MIN 0.30 EUR / item MAX 0.80 EUR / item",
        "9% + 2.00 EUR / item",
    )
}
FIGURES = ("customs_value", "duty", "vat_base", "vat")

money = st.decimals("0.01", 2500, places=2)
shares = st.decimals(0, 1, places=2)
brief = settings(max_examples=150, deadline=None)


def line(name: str, value: Decimal, **more: Any) -> AssessmentLine:
    plain = AssessmentLine(name, value, 1, gross_weight_g=100, hs_code="610910", vat_percent=D(20))
    return replace(plain, **{"rates": (RATES["12%"],), **more})


@st.composite
def lines(draw: st.DrawFn) -> tuple[AssessmentLine, ...]:
    return tuple(
        line(
            str(number),
            draw(money),
            quantity=draw(st.integers(1, 5)),
            gross_weight_g=draw(st.integers(1, 9000)),
            hs_code=draw(st.sampled_from(["610910", "610990", "640391"])),
            vat_percent=draw(st.sampled_from([D(20), D("5.5"), D("8.1"), D(0)])),
            rates=(draw(st.sampled_from(list(RATES.values()))),),
        )
        for number in range(draw(st.integers(1, 6)))
    )


@st.composite
def charges(draw: st.DrawFn) -> tuple[Charge, ...]:
    fee = Charge(
        "fee",
        draw(money),
        draw(st.sampled_from(["line", "item", "parcel", "consignment"])),
        draw(st.booleans()),
        "buyer",
        percent=draw(st.sampled_from([None, D(3), D("0.21")])),
        percent_of=draw(st.sampled_from(["goods", "goods_freight", "goods_freight_duty"])),
        maximum=draw(st.sampled_from([None, D(70)])),
        free_units=draw(st.integers(0, 2)),
    )
    return (fee,) * draw(st.integers(0, 2))


@st.composite
def cases(draw: st.DrawFn) -> AssessmentInput:
    rounding = st.builds(Rounding, st.sampled_from(MODES), st.sampled_from(LEVELS))
    return AssessmentInput(
        draw(lines()),
        "EUR",
        draw(st.sampled_from([Duty("tariff"), Duty("flat_per_item", D(3)), Duty("none")])),
        draw(st.sampled_from([Vat("at_import"), Vat("at_import", False), Vat("at_sale")])),
        draw(st.sampled_from(["cif", "fob", "to_door"])),
        draw(money),
        draw(money),
        draw(shares),
        draw(st.sampled_from(["value", "weight"])),
        charges=draw(charges()),
        parcels=draw(st.integers(1, 3)),
        duty_rounding=draw(rounding),
        vat_rounding=draw(rounding),
        customs_value_rounding=draw(st.none() | rounding),
        vat_base_rounding=draw(st.none() | rounding),
    )


def exact(amount: Bounds | None) -> Decimal:
    assert amount is not None
    assert amount.exact is not None
    return amount.exact


def total(result: Assessment, name: str) -> Decimal:
    return exact(getattr(result, name))


def parts(result: Assessment, name: str) -> list[Decimal]:
    return [exact(getattr(each, name)) for each in result.lines]


def due(result: Assessment, name: str) -> list[tuple[Decimal, str, Decimal]]:
    """(base, rate, amount) of every step of that name."""
    return [(exact(step.base), step.rate, exact(step.amount)) for step in result.steps if step.name == name]


# ------------------------------------------------------------------ amounts add up


@brief
@given(cases())
def test_lines_add_up_to_every_total_to_the_minor_unit(case: AssessmentInput) -> None:
    result = assess(case)
    for name in FIGURES:
        assert sum(parts(result, name)) == total(result, name), name
        assert all(amount == amount.quantize(CENT) for amount in parts(result, name))
    in_base = [exact(each.amount) for each in result.charges if each.in_vat_base]
    assert sum(parts(result, "charges")) == sum(in_base)


@brief
@given(cases())
def test_a_group_is_rounded_once_and_its_lines_share_that_sum(case: AssessmentInput) -> None:
    """Per group the rounded amounts add up to the rounded sum of the exact ones."""
    result = assess(case)
    bases = [exact(step.base) for step in result.steps if step.name == "vat"]
    settled = [exact(step.amount) for step in result.steps if step.name == "vat"]
    unrounded = [
        base * percent / 100
        for base, each in zip(bases, case.lines, strict=True)
        if isinstance(percent := each.vat_percent, Decimal)
    ]
    rule = case.vat_rounding
    keys = {
        "line": [each.id for each in case.lines],
        "rate_group": [str(each.vat_percent) for each in case.lines],
        "document": ["" for _ in case.lines],
    }[rule.level]
    for key in set(keys):
        members = [index for index, other in enumerate(keys) if other == key]
        wanted = round_to(sum((unrounded[i] for i in members), D(0)), CENT, rule.mode)
        assert sum(settled[i] for i in members) == wanted
        assert all(abs(settled[i] - unrounded[i]) < CENT for i in members)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("mode", MODES)
def test_every_level_and_mode_adds_up_on_a_grid_of_cents(level: Any, mode: str) -> None:
    rule = Rounding(mode, level)
    for cents in product((1, 33, 34, 50), repeat=3):
        goods = tuple(line(str(n), D(each) / 100) for n, each in enumerate(cents))
        problem = AssessmentInput(
            goods, "EUR", Duty("tariff"), Vat("at_import"), duty_rounding=rule, vat_rounding=rule
        )
        result = assess(problem)
        for name in FIGURES:
            assert sum(parts(result, name)) == total(result, name)
        if level != "line":
            worth = D(sum(cents)) / 100
            assert total(result, "duty") == round_to(worth * 12 / 100, CENT, mode)


# ------------------------------------------------------------------ freight


@brief
@given(lines(), money, money, st.sampled_from(["value", "weight"]), shares)
def test_freight_and_insurance_are_shared_out_in_full(
    goods: tuple[AssessmentLine, ...], freight: Decimal, insurance: Decimal, key: Any, share: Decimal
) -> None:
    problem = AssessmentInput(
        goods,
        "EUR",
        Duty("none"),
        Vat("at_import"),
        freight=freight,
        insurance=insurance,
        freight_share=share,
        freight_key=key,
    )
    result = assess(problem)
    worth = sum(each.goods_value for each in goods)
    values = [exact(step.amount) for step in result.steps if step.name == "customs_value"]
    assert sum(values) == worth + freight * share + insurance
    assert total(result, "vat_base") == worth + freight + insurance
    whole = assess(replace(problem, freight_share=D(1), insurance=D(0)))
    weights = [D(each.gross_weight_g or 0) if key == "weight" else each.goods_value for each in goods]
    for each, value, weight in zip(goods, parts(whole, "customs_value"), weights, strict=True):
        assert abs(value - each.goods_value - freight * weight / sum(weights)) < CENT


# ------------------------------------------------------------------ more value, never less to pay


def raised(case: AssessmentInput, more: Decimal) -> AssessmentInput:
    first, *others = case.lines
    return replace(case, lines=(replace(first, goods_value=first.goods_value + more), *others))


@brief
@given(cases(), money)
def test_duty_and_tax_do_not_fall_when_a_value_rises(case: AssessmentInput, more: Decimal) -> None:
    """Freight by weight: by value, a dearer line takes freight away from lines of higher rates."""
    plain = replace(case, freight_key="weight", charges=(), duty=Duty("tariff"))
    if plain.vat.method == "at_sale":
        plain = replace(plain, freight=D(0))
    before, after = assess(plain), assess(raised(plain, more))
    assert total(before, "duty") <= total(after, "duty")
    assert total(before, "vat") <= total(after, "vat")


@brief
@given(cases(), money, st.sampled_from(list(RATES)))
def test_one_rate_for_all_lines_does_not_fall_however_freight_and_charges_are_shared(
    case: AssessmentInput, more: Decimal, rate: str
) -> None:
    whole = Rounding(ROUND_HALF_UP, "document")
    same = tuple(
        replace(each, rates=(RATES["1.7%"],), vat_percent=D("8.1"), quantity=1) for each in case.lines
    )
    plain = replace(
        case,
        lines=same,
        duty_rounding=whole,
        vat_rounding=whole,
        customs_value_rounding=None,
        vat_base_rounding=None,
    )
    before, after = assess(plain), assess(raised(plain, more))
    assert total(before, "duty") <= total(after, "duty")
    assert total(before, "vat") <= total(after, "vat")


EDGES = {
    "import tax up to 5 is not collected": (
        {"vat": Vat("at_import", waived_up_to=D(5)), "duty": Duty("none")},
        "vat",
        D("61.80"),  # at 8.1 %: 5.01 is owed from here on
    ),
    "duty up to 5 is not collected": (
        {"vat": Vat("none"), "duty": Duty("tariff", waived_up_to=D(5))},
        "duty",
        D("41.71"),  # at 12 %: 5.01 is owed from here on
    ),
    "lowest duty per piece": (
        {"vat": Vat("none"), "duty": Duty("tariff"), "rate": "4.5% MIN 0.30 EUR / item MAX 0.80 EUR / item"},
        "duty",
        None,  # a bound bends the line and never breaks it
    ),
}
"""Where the amount may jump: what, the law as input, the figure, and the first value beyond the edge."""


@pytest.mark.parametrize("what", EDGES)
def test_amounts_jump_only_at_the_edges_that_are_listed(what: str) -> None:
    changed, figure, edge = EDGES[what]
    law = dict(changed)
    rate = RATES[str(law.pop("rate", "12%"))]
    jumps, last = [], D(0)
    for cents in range(1, 20_000):
        value = D(cents).scaleb(-2)
        goods = line("1", value, vat_percent=D("8.1"), rates=(rate,))
        problem = AssessmentInput((goods,), "EUR", **law)  # type: ignore[arg-type]
        amount = total(assess(problem), figure)
        assert amount >= last, value
        if amount - last > CENT and cents > 1:
            jumps.append(value)
        last = amount
    assert jumps == ([] if edge is None else [edge])


# ------------------------------------------------------------------ intervals

OPEN_CODES = {"6109": ("610910", "610990", "610999"), "": ("610910", "640391", "999999")}
"""What a short code may turn out to be: a code that another line has, or one of its own."""

PERCENTS: tuple[Decimal | Bounds, ...] = (D(20), D("5.5"), Bounds(D("2.6"), D("8.1")))


@st.composite
def open_cases(draw: st.DrawFn) -> AssessmentInput:
    case = draw(cases())
    few = case.lines[:3]
    opened = [
        replace(
            each,
            rates=tuple(
                RATES[rate] for rate in draw(st.lists(st.sampled_from(list(RATES)), min_size=1, max_size=2))
            ),
            vat_percent=draw(st.sampled_from(PERCENTS)),
            hs_code=draw(st.sampled_from(["610910", "640391", "6109", ""])),
        )
        for each in few
    ]
    return replace(case, lines=tuple(opened))


def resolutions(case: AssessmentInput) -> Iterator[AssessmentInput]:
    """Every way the open questions may be settled."""
    choices = []
    for each in case.lines:
        percent = each.vat_percent
        percents: list[Decimal | None]
        percents = [percent.low, percent.high] if isinstance(percent, Bounds) else [percent]
        codes = OPEN_CODES.get(each.hs_code or "", (each.hs_code,))
        choices.append(
            [
                replace(each, rates=(rate,), vat_percent=one, hs_code=code)
                for rate in each.rates
                for one in percents
                for code in codes
            ]
        )
    for settled in product(*choices):
        yield replace(case, lines=settled)


@settings(max_examples=40, deadline=None)
@given(open_cases())
def test_the_answer_of_every_resolution_lies_inside_the_interval(case: AssessmentInput) -> None:
    open_result = assess(case)
    slack = CENT * (len(case.lines) - 1)  # other groups of rates: each is rounded for itself
    for name in FIGURES:
        bounds = getattr(open_result, name)
        assert bounds.low <= bounds.high
    for number, settled in enumerate(resolutions(case)):
        if number > 150:
            break
        result = assess(settled)
        for name in FIGURES:
            bounds = getattr(open_result, name)
            assert bounds.low - slack <= total(result, name) <= bounds.high + slack, (name, settled)
        for fee, wide in zip(result.charges, open_result.charges, strict=True):
            assert wide.amount is not None
            assert wide.amount.low <= exact(fee.amount) <= wide.amount.high


def test_an_open_item_may_put_the_flat_duty_on_the_line_of_the_lowest_rate() -> None:
    """Two lines at 20 % and one at 5.5 %: which two share an item decides the tax."""
    goods = (
        line("1", D("10.00"), hs_code="610910"),
        line("2", D("10.00"), hs_code="640391", vat_percent=D("5.5")),
        line("3", D("10.00"), hs_code=""),
    )
    flat = Duty("flat_per_item", D(3))
    case = AssessmentInput(goods, "EUR", flat, Vat("at_import"))
    found = assess(case).vat
    assert found is not None
    answers = [total(assess(settled), "vat") for settled in resolutions(case)]
    assert len(set(answers)) == 3
    assert found.low <= min(answers) < max(answers) <= found.high


def test_both_ends_of_an_interval_are_reached() -> None:
    """The interval is not wider than it must be: some resolution gives each end."""
    goods = (
        line("1", D("100.00"), rates=(RATES["12%"], RATES["1.7%"])),
        line("2", D("50.00"), hs_code="6109", vat_percent=Bounds(D("2.6"), D("8.1"))),
    )
    fee = Charge("fee", D(2), "item", True, "buyer")
    case = AssessmentInput(goods, "EUR", Duty("tariff"), Vat("at_import"), charges=(fee,))
    found = assess(case)
    for name in ("duty", "vat", "vat_base"):
        answers = {total(assess(settled), name) for settled in resolutions(case)}
        bounds = getattr(found, name)
        assert {min(answers), max(answers)} == {bounds.low, bounds.high}, name
