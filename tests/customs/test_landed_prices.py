"""From prices as sold to goods values: to the cent, and nothing lost on the way."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customs.landed import (
    SoldLine,
    apportion,
    apportion_discount,
    goods_values,
    intrinsic_value,
    net_of,
    round_to,
    tax_in,
    with_freight,
)
from customs.landed.apportion import round_shares
from customs.tariff import Missing
from domain import InputError

D = Decimal
CENT = D("0.01")


@pytest.mark.parametrize(
    ("gross", "percent", "currency", "net"),
    [
        ("179.99", "20", "EUR", "149.99"),
        ("180.00", "20", "EUR", "150.00"),
        ("180.01", "20", "EUR", "150.01"),
        ("100.00", "5.5", "EUR", "94.79"),
        ("107.00", "7", "EUR", "100.00"),
        ("1990", "10", "JPY", "1809"),
        ("0", "20", "EUR", "0.00"),
    ],
)
def test_the_net_price_is_exact_to_the_minor_unit(gross: str, percent: str, currency: str, net: str) -> None:
    assert net_of(D(gross), D(percent), currency) == D(net)
    assert net_of(D(gross), D(percent), currency) + tax_in(D(gross), D(percent), currency) == D(gross)


def test_an_order_discount_goes_by_value_and_adds_up() -> None:
    parts = apportion_discount(D("10.00"), [D("19.99"), D("5.01"), D("5.00")], [1, 1, 1], "by_value", "EUR")
    assert parts == (D("6.66"), D("1.67"), D("1.67"))


def test_an_order_discount_by_quantity_never_exceeds_a_line() -> None:
    parts = apportion_discount(D("10.00"), [D("2.00"), D("30.00")], [9, 1], "by_quantity", "EUR")
    assert parts == (D("2.00"), D("8.00"))


def test_gifts_take_no_part_in_a_discount() -> None:
    assert apportion_discount(D(6), [D(0), D(10)], [5, 1], "by_quantity", "EUR") == (D(0), D(6))


def test_a_discount_above_the_lines_is_refused() -> None:
    with pytest.raises(InputError, match="does not fit"):
        apportion_discount(D(11), [D(10)], [1], "by_value", "EUR")


def test_goods_values_take_out_discounts_first_and_then_tax() -> None:
    lines = [
        SoldLine("1", 2, D("60.00"), True, D(20), discount=D("12.00")),
        SoldLine("2", 1, D("50.00"), tax_included=False),
        SoldLine("3", 1, D(0), gift=True, customs_value=D("4.00")),
    ]
    assert goods_values(lines, "EUR") == (D("90.00"), D("50.00"), D("4.00"))
    assert goods_values(lines, "EUR", order_discount=D("15.80")) == (D("81.00"), D("45.00"), D("4.00"))


def test_a_tax_rate_or_a_gift_value_that_is_missing_is_asked_for() -> None:
    lines = [SoldLine("1", 1, D(10)), SoldLine("2", 1, D(0), gift=True)]
    assert goods_values(lines, "EUR") == Missing(("line.1.tax_rate", "line.2.customs_value"))


def test_a_line_discount_above_its_price_is_refused() -> None:
    with pytest.raises(InputError, match="above its price"):
        goods_values([SoldLine("1", 1, D(10), True, D(20), discount=D("10.01"))], "EUR")


def test_freight_not_shown_separately_belongs_to_the_intrinsic_value() -> None:
    goods = [D("100.00"), D("45.00")]
    assert intrinsic_value(goods, D("5.01"), shown_separately=True) == D("145.00")
    assert intrinsic_value(goods, D("5.01"), shown_separately=False) == D("150.01")
    assert sum(with_freight(goods, D("5.01"), False, "EUR")) == D("150.01")
    assert with_freight(goods, D("5.01"), True, "EUR") == tuple(goods)


money = st.decimals(0, 10_000, places=2)


@given(money, st.lists(st.decimals(0, 1000, places=3), min_size=1, max_size=12))
def test_shares_add_up_exactly_and_stay_within_one_step_of_their_quota(
    total: Decimal, weights: list[Decimal]
) -> None:
    shares = apportion(total, weights, CENT)
    assert sum(shares) == total
    whole = sum(weights)
    for share, weight in zip(shares, weights, strict=True):
        quota = total * weight / whole if whole else total / len(weights)
        assert abs(share - quota) < CENT + D("1e-20")


@given(
    st.lists(st.tuples(money, st.integers(0, 3)), min_size=1, max_size=12),
    st.sampled_from(["0.01", "0.05", "1"]),
)
def test_rounded_shares_add_up_to_the_rounded_sum_of_each_group(
    pairs: list[tuple[Decimal, int]], step: str
) -> None:
    amounts = [amount / 7 for amount, _ in pairs]
    groups = [group for _, group in pairs]
    shares = round_shares(amounts, groups, D(step), "ROUND_HALF_UP")
    for group in set(groups):
        members = [i for i, other in enumerate(groups) if other == group]
        assert sum(shares[i] for i in members) == round_to(sum((amounts[i] for i in members), D(0)), D(step))


@given(
    st.lists(st.tuples(money, st.integers(1, 9)), min_size=1, max_size=8),
    st.integers(0, 100),
    st.sampled_from(["by_value", "by_quantity"]),
)
def test_a_discount_adds_up_and_leaves_no_line_below_zero(
    lines: list[tuple[Decimal, int]], percent: int, by: str
) -> None:
    values = [value for value, _ in lines]
    discount = round_to(sum(values, D(0)) * percent / 100, CENT, "ROUND_DOWN")
    parts = apportion_discount(discount, values, [n for _, n in lines], by, "EUR")  # type: ignore[arg-type]
    assert sum(parts) == discount
    assert all(0 <= part <= value for part, value in zip(parts, values, strict=True))


@given(money, st.sampled_from(["0", "5.5", "7", "19", "20", "25.5", "27"]))
def test_net_and_tax_give_back_the_price(gross: Decimal, percent: str) -> None:
    net = net_of(gross, D(percent), "EUR")
    assert abs(net * (100 + D(percent)) / 100 - gross) <= CENT
    assert net + tax_in(gross, D(percent), "EUR") == gross


@pytest.mark.parametrize(("total", "weights"), [(D(1), []), (D(1), [D(-1), D(2)]), (D("0.005"), [D(1)])])
def test_what_cannot_be_shared_is_refused(total: Decimal, weights: list[Decimal]) -> None:
    with pytest.raises(InputError):
        apportion(total, weights, CENT)
