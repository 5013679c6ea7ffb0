"""Customs value, duty, VAT and charges: exact, adding up, and open where something is open."""

from dataclasses import replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal

import pytest
from hypothesis import given
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
    count_items,
)
from customs.tariff import parse_rate
from domain import InputError

D = Decimal
TARIFF = Duty("tariff", source="tariff")
IMPORT = Vat("at_import")
SALE = Vat("at_sale")


def line(name: str = "1", value: str = "100.00", **more: object) -> AssessmentLine:
    base = AssessmentLine(name, D(value), hs_code="610910", vat_percent=D(20), rates=(parse_rate("12%"),))
    return replace(base, **more)  # type: ignore[arg-type]


def case(*lines: AssessmentLine, **more: object) -> AssessmentInput:
    return replace(AssessmentInput(lines, "EUR", TARIFF, IMPORT), **more)  # type: ignore[arg-type]


def exact(amount: Bounds | None) -> Decimal:
    assert amount is not None
    assert amount.exact is not None
    return amount.exact


def test_import_vat_falls_on_value_duty_charges_and_transport() -> None:
    fee = Charge("clearance", D("6.00"), "parcel", True, "buyer")
    levy = Charge("levy", D("2.00"), "consignment", False, "seller")
    result = assess(case(line(), freight=D(10), freight_share=D("0.4"), charges=(fee, levy), parcels=2))
    assert exact(result.customs_value) == D("104.00")
    assert exact(result.duty) == D("12.48")
    assert exact(result.vat_base) == D("134.48")  # 104 + 12.48 + 12 + the other 6 of the freight
    assert exact(result.vat) == D("26.90")
    assert [(c.code, exact(c.amount), c.payer) for c in result.charges] == [
        ("clearance", D(12), "buyer"),
        ("levy", D(2), "seller"),
    ]


@pytest.mark.parametrize(
    ("basis", "value", "vat_base"),
    [("cif", "107.00", "112.00"), ("fob", "100.00", "112.00"), ("to_door", "112.00", "112.00")],
)
def test_the_value_basis_decides_what_of_the_transport_is_dutiable(
    basis: str, value: str, vat_base: str
) -> None:
    free = line(rates=(parse_rate("Free"),))
    result = assess(case(free, value_basis=basis, freight=D(10), insurance=D(2), freight_share=D("0.5")))
    assert exact(result.customs_value) == D(value)
    assert exact(result.vat_base) == D(vat_base)


def test_transport_after_the_border_can_stay_out_of_the_vat_base() -> None:
    vat = Vat("at_import", transport_in_base=False)
    result = assess(case(line(rates=(parse_rate("Free"),)), vat=vat, freight=D(10), freight_share=D("0.5")))
    assert exact(result.vat_base) == D("105.00")


def test_vat_at_sale_falls_on_price_and_delivery_and_not_on_duty() -> None:
    result = assess(case(line(), vat=SALE, freight=D(10), delivery_price=D("4.90")))
    assert exact(result.customs_value) == D("110.00")
    assert exact(result.duty) == D("13.20")
    assert exact(result.vat_base) == D("104.90")
    assert exact(result.vat) == D("20.98")


def test_a_gift_has_a_customs_value_and_no_sale_price() -> None:
    gift = line("2", "8.00", sale_price=D(0), hs_code="950300")
    result = assess(case(line(), gift, vat=SALE))
    assert exact(result.customs_value) == D("108.00")
    assert exact(result.vat_base) == D("100.00")


def test_methods_none_and_relief_charge_nothing_and_say_why() -> None:
    for method in ("none", "relief"):
        result = assess(case(line(rates=()), duty=Duty(method, source="law"), vat=Vat("none")))
        assert exact(result.duty) == exact(result.vat) == 0
        assert result.determined
        assert next(step for step in result.steps if step.name == "duty").formula == method


def test_a_small_total_is_not_collected_up_to_the_limit_itself() -> None:
    duty = Duty("none")
    at = assess(case(line(value="25.00"), duty=duty, vat=Vat("at_import", waived_up_to=D(5))))
    above = assess(case(line(value="25.05"), duty=duty, vat=Vat("at_import", waived_up_to=D(5))))
    assert exact(at.vat) == 0
    assert exact(above.vat) == D("5.01")
    assert "vat_waived" in [step.name for step in at.steps]


def test_a_flat_duty_counts_classifications_and_not_pieces_or_lines() -> None:
    flat = Duty("flat_per_item", D(3), 6)
    same = [line(str(n), hs_code="61091000", quantity=5) for n in range(3)]
    result = assess(case(*same, line("4", hs_code="64039100"), duty=flat))
    assert exact(result.duty) == D(6)
    assert [exact(found.duty) for found in result.lines] == [D(1), D(1), D(1), D(3)]


def test_finer_codes_make_more_items_than_six_digits() -> None:
    lines = [line("1", hs_code="6109100010"), line("2", hs_code="6109100090")]
    assert count_items(lines, 6) == (1, 1)
    assert count_items(lines, 10) == (2, 2)


@pytest.mark.parametrize(
    ("codes", "few", "most"),
    [
        (["610910", "6109"], 1, 2),
        (["610910", None], 1, 2),
        ([None, None], 1, 2),
        (["6109", "6109"], 1, 2),
        (["6109", "6403"], 2, 2),
        (["6109", "61", "6403"], 2, 3),
        (["610910", "610990", "6109"], 2, 3),
        (["6109.10", "61091000"], 1, 1),
    ],
)
def test_a_short_code_makes_the_number_of_items_an_interval(
    codes: list[str | None], few: int, most: int
) -> None:
    lines = [line(str(n), hs_code=code) for n, code in enumerate(codes)]
    assert count_items(lines, 6) == (few, most)
    result = assess(case(*lines, duty=Duty("flat_per_item", D(3), 6)))
    assert result.duty == Bounds(D(3) * few, D(3) * most)


def test_lines_of_one_product_are_one_item_even_without_a_code() -> None:
    lines = [line("1", hs_code=None, product="A"), line("2", hs_code=None, product="A")]
    assert count_items(lines, 6) == (1, 1)


def test_a_charge_per_item_follows_the_item_count_and_its_interval() -> None:
    tax = Charge("small parcel tax", D(2), "item", True, "importer")
    lines = (line("1"), line("2", hs_code="6403"), line("3", hs_code="64"))
    rule = Rounding(ROUND_HALF_UP, "document")
    result = assess(case(*lines, charges=(tax,), duty=Duty("none"), vat_rounding=rule))
    assert result.charges[0].amount == Bounds(D(4), D(6))
    assert result.vat == Bounds(D("60.80"), D("61.20"))


def test_several_possible_rates_give_an_interval_that_reaches_the_vat() -> None:
    open_line = line(rates=(parse_rate("8%"), parse_rate("17%"), parse_rate("10%")))
    result = assess(case(open_line))
    assert result.duty == Bounds(D("8.00"), D("17.00"))
    assert result.vat == Bounds(D("21.60"), D("23.40"))
    assert result.determined


def test_rates_that_come_to_the_same_duty_are_exact() -> None:
    result = assess(case(line(rates=(parse_rate("10%"), parse_rate("10.00 EUR / item")))))
    assert exact(result.duty) == D(10)


def test_one_of_two_vat_rates_is_an_interval() -> None:
    result = assess(case(line(vat_percent=Bounds(D("2.6"), D("8.1"))), duty=Duty("none")))
    assert result.vat == Bounds(D("2.60"), D("8.10"))


def test_an_unknown_duty_rate_leaves_the_customs_value_and_names_the_need() -> None:
    result = assess(case(line(), line("2", rates=(), rate_needs=("tariff_rate.CH.2204",))))
    assert exact(result.customs_value) == D(200)
    assert result.duty is None
    assert result.vat is None
    assert exact(result.lines[0].duty) == D(12)
    assert {(gap.what, gap.line, gap.needs) for gap in result.cannot_determine} == {
        ("duty", "2", ("tariff_rate.CH.2204",)),
        ("vat", "2", ("tariff_rate.CH.2204",)),
    }
    assert result.needs == ("tariff_rate.CH.2204",)


@pytest.mark.parametrize(
    ("changed", "needs"),
    [
        ({"rates": (parse_rate("13.10 EUR / hl"),)}, ("quantity.hl",)),
        ({"rates": (parse_rate("1 EUR / kg"),)}, ("quantity.kg",)),
        ({"rates": (parse_rate("9% + EA"),)}, ("product.recipe",)),
        ({"rates": (parse_rate("0.20 GBP / item"),)}, ("exchange_rate.GBP.EUR",)),
        ({"vat_percent": None, "vat_needs": ("vat_rate.DK.books",)}, ("vat_rate.DK.books",)),
    ],
)
def test_what_is_missing_is_named_and_never_counted_as_zero(
    changed: dict[str, object], needs: tuple[str, ...]
) -> None:
    result = assess(case(line("1", "100.00", **changed)))
    assert result.needs == needs
    assert result.vat is None


def test_weights_and_quantities_of_the_line_reach_the_rate() -> None:
    cheese = line(rates=(parse_rate("167.10 EUR / 100 kg"),), net_weight_g=2500)
    assert exact(assess(case(cheese)).duty) == D("4.18")
    wine = line(rates=(parse_rate("13.10 EUR / hl"),), quantities={"hl": D("0.045")})
    assert exact(assess(case(wine)).duty) == D("0.59")
    watch = line(rates=(parse_rate("0.20 GBP / item"),), quantity=3)
    converted = assess(case(watch, convert=lambda amount, _from, _to: amount * D("1.15")))
    assert exact(converted.duty) == D("0.69")


def test_a_charge_per_parcel_needs_the_number_of_parcels() -> None:
    fee = Charge("clearance", D(6), "parcel", True, "buyer")
    result = assess(case(line(), charges=(fee,)))
    assert result.charges[0].amount is None
    assert result.vat is None
    assert "consignment.parcels" in result.needs


def test_freight_goes_by_value_or_by_weight() -> None:
    lines = (line("1", "90.00", gross_weight_g=100), line("2", "10.00", gross_weight_g=900))
    by_value = assess(case(*lines, freight=D(10)))
    by_weight = assess(case(*lines, freight=D(10), freight_key="weight"))
    assert [exact(found.customs_value) for found in by_value.lines] == [D(99), D(11)]
    assert [exact(found.customs_value) for found in by_weight.lines] == [D(91), D(19)]
    unknown = assess(case(lines[0], line("2"), freight=D(10), freight_key="weight"))
    assert unknown.needs[0] == "line.gross_weight_g"
    assert unknown.duty is None


@pytest.mark.parametrize(("level", "vat"), [("line", "0.60"), ("rate_group", "0.61"), ("document", "0.61")])
def test_the_rounding_level_decides_the_last_cent(level: str, vat: str) -> None:
    lines = [line(str(n), "1.01") for n in range(3)]
    rule = Rounding(ROUND_HALF_UP, level)  # type: ignore[arg-type]
    result = assess(case(*lines, duty=Duty("none"), vat_rounding=rule))
    assert exact(result.vat) == D(vat)


def test_a_base_can_be_rounded_to_the_whole_franc() -> None:
    swiss = line(value="62.40", vat_percent=D("8.1"))
    rule = Rounding(ROUND_HALF_UP, "document", D(1))
    result = assess(case(swiss, currency="CHF", duty=Duty("none"), vat_base_rounding=rule))
    assert exact(result.vat_base) == D(62)
    assert exact(result.vat) == D("5.02")


def test_each_step_says_base_rate_source_and_rounding() -> None:
    result = assess(case(line(rate_source="tariff line")))
    duty = next(step for step in result.steps if step.name == "duty")
    assert (duty.line, duty.base, duty.rate, duty.amount) == ("1", Bounds.of(D(100)), "12%", Bounds.of(D(12)))
    assert (duty.source, duty.rounding) == ("tariff line", "ROUND_HALF_UP per line")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"lines": ()}, "without lines"),
        ({"lines": (line("1"), line("1"))}, "not unique"),
        ({"lines": (line(value="-1.00"),)}, "negative"),
        ({"lines": (line(value="1.005"),)}, "more decimals"),
        ({"freight": D("-1")}, "negative"),
        ({"freight_share": D("1.1")}, "between 0 and 1"),
    ],
)
def test_nonsense_is_refused(changed: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        assess(case(line(), **changed))


money = st.decimals(0, 5000, places=2)
worth = st.decimals("0.01", 5000, places=2)
rates = st.sampled_from(["Free", "3.7%", "12%", "16.9%", "4.5% MIN 0.30 EUR / item MAX 0.80 EUR / item"])
codes = st.sampled_from([None, "61", "6109", "610910", "640391", "9503002100"])


@st.composite
def cases(draw: st.DrawFn) -> AssessmentInput:
    size = draw(st.integers(1, 6))
    lines = tuple(
        AssessmentLine(
            str(n),
            draw(worth),
            draw(st.integers(1, 9)),
            gross_weight_g=draw(st.integers(1, 5000)),
            hs_code=draw(codes),
            vat_percent=draw(st.sampled_from([D(20), D("5.5"), D("8.1")])),
            rates=tuple(parse_rate(r) for r in draw(st.lists(rates, min_size=1, max_size=2))),
        )
        for n in range(size)
    )
    rule = st.builds(
        Rounding,
        st.sampled_from([ROUND_HALF_UP, ROUND_DOWN, ROUND_UP]),
        st.sampled_from(["line", "rate_group", "document"]),
    )
    charge = Charge(
        "tax", draw(money), draw(st.sampled_from(["line", "item", "parcel", "consignment"])), True, "buyer"
    )
    return AssessmentInput(
        lines,
        draw(st.sampled_from(["EUR", "GBP", "CHF"])) if draw(st.booleans()) else "EUR",
        draw(st.sampled_from([TARIFF, Duty("flat_per_item", D(3), 6), Duty("none")])),
        draw(st.sampled_from([IMPORT, SALE, Vat("none")])),
        draw(st.sampled_from(["cif", "fob", "to_door"])),
        draw(money),
        draw(money),
        draw(st.decimals(0, 1, places=2)),
        draw(st.sampled_from(["value", "weight"])),
        charges=(charge,) if draw(st.booleans()) else (),
        parcels=draw(st.integers(1, 4)),
        duty_rounding=draw(rule),
        vat_rounding=draw(rule),
        convert=lambda amount, _from, _to: amount,
    )


def fields(result: Assessment) -> list[tuple[Bounds | None, list[Bounds | None]]]:
    return [
        (result.customs_value, [found.customs_value for found in result.lines]),
        (result.duty, [found.duty for found in result.lines]),
        (result.vat_base, [found.vat_base for found in result.lines]),
        (result.vat, [found.vat for found in result.lines]),
    ]


@given(cases())
def test_lines_add_up_to_the_total_to_the_minor_unit(problem: AssessmentInput) -> None:
    for total, parts in fields(assess(problem)):
        assert total is not None
        if total.exact is not None and all(part is not None and part.exact is not None for part in parts):
            assert sum(exact(part) for part in parts) == total.exact
        shares = [part for part in parts if part is not None]
        slack = D("0.01") * len(shares)
        # Where it is open which lines share a flat duty, the total tax reaches further than its lines.
        wider = problem.duty.method == "flat_per_item" and total.exact is None
        assert -slack <= sum(part.low for part in shares) - total.low <= (D(90) if wider else slack)
        assert -slack <= total.high - sum(part.high for part in shares) <= (D(90) if wider else slack)
        assert total.low == round(total.low, 2)


@given(cases())
def test_the_low_end_is_never_above_the_high_end_and_nothing_is_negative(problem: AssessmentInput) -> None:
    for total, parts in fields(assess(problem)):
        for amount in (total, *parts):
            assert amount is not None
            assert 0 <= amount.low <= amount.high


@given(cases(), money, st.sampled_from(["line", "rate_group", "document"]))
def test_duty_and_tax_do_not_fall_when_a_value_rises(
    problem: AssessmentInput, more: Decimal, level: str
) -> None:
    rule = Rounding(ROUND_HALF_UP, level)  # type: ignore[arg-type]
    plain = replace(
        problem,
        duty=TARIFF,
        freight_key="weight",
        charges=(),
        duty_rounding=rule,
        vat_rounding=rule,
        vat=IMPORT,
    )
    first = plain.lines[0]
    raised = replace(plain, lines=(replace(first, goods_value=first.goods_value + more), *plain.lines[1:]))
    before, after = assess(plain), assess(raised)
    for old, new in ((before.duty, after.duty), (before.vat, after.vat)):
        assert old is not None
        assert new is not None
        assert old.low <= new.low
        assert old.high <= new.high
