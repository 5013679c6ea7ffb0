"""Duty rates in the tariffs' own notation: read exactly, printed back, evaluated exactly."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customs.tariff import (
    AdValorem,
    Bounded,
    Free,
    Missing,
    RateExpression,
    Recipe,
    Specific,
    Sum,
    parse_rate,
)
from customs.tariff.units import components, units
from domain import InputError

D = Decimal

NOTATIONS = {
    "12%": "12%",
    "Free": "Free",
    "0.00%": "0.00%",
    "3 EUR / item": "3 EUR / item",
    "EUR 3 per item": "3 EUR / item",
    "13.8% MIN 13.00 GBP/100 kg MAX 15.00 GBP/100 kg": "13.8% MIN 13.00 GBP / 100 kg MAX 15.00 GBP / 100 kg",
    "4.5% MIN 0.30 EUR/p/st MAX 0.80 EUR/p/st": "4.5% MIN 0.30 EUR / item MAX 0.80 EUR / item",
    "13.10 EUR/hl": "13.10 EUR / hl",
    "1.75 EUR/% vol/hl + 6.40 EUR/hl": "1.75 EUR / % vol/hl + 6.40 EUR / hl",
    "8.00% + 20.00 GBP / 100 kg": "8.00% + 20.00 GBP / 100 kg",
    "139.00 GBP/100kg": "139.00 GBP / 100 kg",
    "9 % + EA": "9% + EA",
    "8.30% +  EA MAX 18.70%  + ADSZ": "8.30% + EA MAX 18.70% + ADSZ",
    "1.5 cents/kg": "0.015 USD / kg",
    "19.8¢/liter": "0.198 USD / l",
    "$1.227/kg": "1.227 USD / kg",
    "5¢/kg on contents and container": "0.05 USD / kg gross",
    "51 cents each + 6.25% on case": "0.51 USD / item + 6.25% on the case",
    "20% + 90 cents/pr": "20% + 0.90 USD / pair",
    "(12% MIN 3 EUR/kg) + 7.5%": "(12% MIN 3 EUR / kg) + 7.5%",
}


@pytest.mark.parametrize(("written", "printed"), NOTATIONS.items())
def test_each_notation_is_read_and_printed_in_one_form(written: str, printed: str) -> None:
    assert str(parse_rate(written)) == printed
    assert parse_rate(printed) == parse_rate(written)


WRONG = [
    ("", 1, "a number"),
    ("12", 3, '"%" or a currency'),
    ("12% MIN", 8, "a number"),
    ("3 EUR / parsec", 9, "a unit"),
    ("13,10 EUR/hl", 3, '"%" or a currency'),
    ("3 XQX / kg", 3, "an ISO 4217 currency"),
    ("12% 3", 5, '"+", MIN, MAX or the end'),
    ("12% MIN 1 EUR/kg MIN 2 EUR/kg", 18, '"+", MIN, MAX or the end'),
    ("-3%", 1, "a number"),
    ("(12%", 5, '")"'),
]


@pytest.mark.parametrize(("written", "column", "expected"), WRONG)
def test_an_unreadable_rate_says_the_column_and_what_was_expected(
    written: str, column: int, expected: str
) -> None:
    with pytest.raises(InputError) as caught:
        parse_rate(written)
    assert caught.value.place == f"column {column}"
    assert f"expected {expected}" in caught.value.cause


def test_a_percentage_is_taken_of_the_value() -> None:
    assert parse_rate("16.5%").duty(D("200.00")) == D(33)


def test_a_watch_pays_at_least_thirty_and_at_most_eighty_cents_each() -> None:
    watch = parse_rate("4.5% MIN 0.30 EUR / item MAX 0.80 EUR / item")
    assert watch.duty(D(4), {"pieces": D(1)}) == D("0.30")
    assert watch.duty(D(10), {"pieces": D(1)}) == D("0.45")
    assert watch.duty(D(400), {"pieces": D(2)}) == D("1.60")


def test_wine_by_strength_counts_hectolitres_and_per_cent() -> None:
    rate = parse_rate("1.75 EUR / % vol/hl + 6.40 EUR / hl")
    assert rate.duty(D(50), {"hl": D("0.045"), "percent_vol": D(20)}) == D("1.863")


def test_a_maximum_bounds_the_whole_sum_before_it() -> None:
    biscuits = parse_rate("9% + EA MAX 24.2% + ADSZ")
    amounts = {"agricultural.EA": D(30), "agricultural.ADSZ": D(5)}
    assert biscuits.duty(D(100), amounts) == D("29.2")


def test_litres_are_hectolitres_and_gross_kilograms_are_not_net_ones() -> None:
    assert parse_rate("19.8¢/liter").duty(D(1), {"hl": D("0.75")}) == D("14.85")
    assert parse_rate("5 EUR / kg gross").duty(D(1), {"kg": D(3)}) == Missing(("quantity.kg_gross",))


def test_missing_quantities_are_named_and_never_zero() -> None:
    rate = parse_rate("1.75 EUR/% vol/hl + 6.40 EUR/hl + 2%")
    assert rate.duty(D(10), {}) == Missing(("quantity.percent_vol", "quantity.hl"))


def test_the_agricultural_component_needs_the_recipe() -> None:
    assert parse_rate("9% + EA").duty(D(10)) == Missing(("product.recipe",))


def test_a_rate_on_the_case_needs_the_value_of_the_case() -> None:
    rate = parse_rate("51¢ each + 6.25% on the case and strap, band or bracelet + 5.3% on the battery")
    assert rate.duty(D(100), {"pieces": D(1)}) == Missing(
        ("value.case_and_strap_band_or_bracelet", "value.battery")
    )
    known = {"pieces": D(1), "value.case_and_strap_band_or_bracelet": D(80), "value.battery": D(2)}
    assert rate.duty(D(100), known) == D("0.51") + D("5.00") + D("0.106")


def test_an_amount_in_another_currency_needs_an_exchange_rate() -> None:
    rate = parse_rate("0.20 GBP / item")
    lots = {"pieces": D(5)}
    assert rate.duty(D(10), lots, currency="EUR") == Missing(("exchange_rate.GBP.EUR",))
    assert rate.duty(D(10), lots, currency="EUR", convert=lambda a, _f, _t: a * D("1.2")) == D("1.2")
    assert rate.duty(D(10), lots, currency="GBP") == D("1.00")
    two = parse_rate("1 EUR / item + 1 GBP / item")
    assert two.duty(D(10), lots) == Missing(("value.currency",))


def test_a_negative_value_or_quantity_is_refused() -> None:
    with pytest.raises(InputError, match="negative"):
        parse_rate("12%").duty(D(-1))
    with pytest.raises(InputError, match="negative"):
        parse_rate("1 EUR/kg").duty(D(1), {"kg": D(-1)})


# Trees of any shape the notation has.
percents = st.decimals(0, 200, places=2)
amounts = st.decimals(0, 500, places=3)
ad_valorem = st.builds(AdValorem, percents)
leaves = st.one_of(
    st.just(Free()),
    ad_valorem,
    st.builds(AdValorem, percents, st.sampled_from(["case", "battery"])),
    st.builds(Specific, amounts, st.sampled_from(["EUR", "GBP", "USD"]), st.sampled_from(sorted(units()))),
    st.builds(Recipe, st.sampled_from(sorted(components()))),
)


def _nest(leaf: st.SearchStrategy[RateExpression]) -> st.SearchStrategy[RateExpression]:
    def sums(inner: st.SearchStrategy[RateExpression]) -> st.SearchStrategy[RateExpression]:
        return leaf | st.builds(lambda a, b: Sum((a, b)), inner, inner)

    def bounded(inner: st.SearchStrategy[RateExpression]) -> st.SearchStrategy[RateExpression]:
        low = st.builds(Bounded, inner, inner, st.none())
        return (
            inner
            | low
            | st.builds(Bounded, inner, st.none(), inner)
            | st.builds(Bounded, inner, inner, inner)
        )

    return sums(bounded(sums(leaf)))


trees = _nest(leaves)
value_only = _nest(ad_valorem | st.just(Free()))
values = st.decimals(0, 100_000, places=2)
everything = {name: D("1.5") for unit in units().values() for name in unit.quantities}
everything |= {"value.case": D(5), "value.battery": D(1)}
everything |= {component.quantity: D(2) for component in components().values()}


@given(trees)
def test_printing_then_parsing_gives_the_same_tree(tree: RateExpression) -> None:
    assert parse_rate(str(tree)) == tree


@given(trees, values)
def test_no_duty_is_negative(tree: RateExpression, value: Decimal) -> None:
    duty = tree.duty(value, everything, currency="EUR", convert=lambda amount, _f, _t: amount)
    assert isinstance(duty, Decimal)
    assert duty >= 0


@given(value_only, values, values)
def test_a_duty_by_value_does_not_fall_when_the_value_rises(
    tree: RateExpression, a: Decimal, b: Decimal
) -> None:
    assert tree.is_ad_valorem
    low, high = tree.duty(min(a, b)), tree.duty(max(a, b))
    assert isinstance(low, Decimal)
    assert isinstance(high, Decimal)
    assert low <= high


@given(percents, amounts, amounts, values, st.decimals(0, 1000, places=3))
def test_the_duty_lies_between_minimum_and_maximum(
    percent: Decimal, a: Decimal, b: Decimal, value: Decimal, kg: Decimal
) -> None:
    low, high = min(a, b), max(a, b)
    rate = Bounded(AdValorem(percent), Specific(low, "EUR", "kg"), Specific(high, "EUR", "kg"))
    duty = rate.duty(value, {"kg": kg})
    assert isinstance(duty, Decimal)
    assert low * kg <= duty <= high * kg
