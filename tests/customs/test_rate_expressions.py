"""Duty rates in the tariffs' own notation: read exactly, printed back, evaluated exactly."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customs.tariff import (
    AdValorem,
    Band,
    Banded,
    Bounded,
    Case,
    Free,
    Limit,
    Missing,
    RateExpression,
    Recipe,
    Specific,
    Sum,
    explain,
    parse_rate,
    value_edges,
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
    "8.00 % + 30.00 EUR / 100 kg MAX 12.50 %": "8.00% + 30.00 EUR / 100 kg MAX 12.50%",
    "0.00 GBP / % vol / hl + 5.00 GBP / hl": "0.00 GBP / % vol/hl + 5.00 GBP / hl",
    "0.500 EUR ASV X + 6.400 EUR HLT": "0.500 EUR / % vol/hl + 6.400 EUR / hl",
    "10.200 % MIN 1.600 EUR DTN": "10.200% MIN 1.600 EUR / 100 kg",
    "9.00% + AC (reduced) MAX 18.70% + SD (reduced)": "9.00% + AC (reduced) MAX 18.70% + SD (reduced)",
    "18.40 EUR / 100 kg / net drained wt": "18.40 EUR / 100 kg net drained",
    "1.00 EUR / 100 kg / net / % sacchar.": "1.00 EUR / 100 kg/net/%sacchar.",
    "1,105.50 GBP / tonne": "1105.50 GBP / tonne",
    "2.00 GBP / 1,000 items": "2.00 GBP / 1000 items",
    "0.10 GBP / Number of items": "0.10 GBP / item",
    "NIHIL": "Free",
    "2.5¢/kg + 4%": "0.025 USD / kg + 4%",
    "40¢ each + 8.5% on the case + 5.3% on battery": "0.40 USD / item + 8.5% on the case + 5.3% on the battery",
    "$1.00/pr. + 37.5%": "1.00 USD / pair + 37.5%",
    "6.3¢/pf. liter": "0.063 USD / proof liter",
    "12¢/doz. prs.": "0.12 USD / dozen pairs",
    "1.5¢/kg on the lead content": "0.015 USD / kg on the lead content",
    "Fr. 50.00 per 100 kg gross": "50.00 CHF / 100 kg gross",
    "CHF 50.00 per 100 kg brutto": "50.00 CHF / 100 kg gross",
    "4.500 % + EAR MAX 9.300 % +ADSZR MAX 35.150 EUR DTN": (
        "(4.500% + EAR MAX 9.300% + ADSZR) MAX 35.150 EUR / 100 kg"
    ),
    "7.600 % + EA(1)": "7.600% + EA",
    "15.000 % + 1,554.300 EUR TNE": "15.000% + 1554.300 EUR / tonne",
    "34.000 EUC DTN": "34.000 EUR / 100 kg",
    "0.230 EUR KGM P + 5.500 EUR DTN": "0.230 EUR / kg / lactic matter + 5.500 EUR / 100 kg",
    "10.400 % MIN 1.300 EUR DTN G": "10.400% MIN 1.300 EUR / 100 kg gross",
    "8.000 % MAX 2.800 EUR MTK": "8.000% MAX 2.800 EUR / m2",
    "0.320 EUR ASV X MIN 1.800 EUR HLT": "0.320 EUR / % vol/hl MIN 1.800 EUR / hl",
    "Cond:  V 52.600 EUR/DTN(01):12.000 % ; V 51.500 EUR/DTN(01):12.000 % + 1.100 EUR DTN ; "
    "V 0.000 EUR/DTN(01):12.000 % + 29.800 EUR DTN ": (
        "12.000% + 29.800 EUR / 100 kg BELOW 51.500 EUR / 100 kg; "
        "12.000% + 1.100 EUR / 100 kg BELOW 52.600 EUR / 100 kg; 12.000% ABOVE"
    ),
    "7.5% ad valorem": "7.5%",
    "12 per cent of the customs value": "12%",
    "5%, minimum 2 EUR/kg": "5% MIN 2 EUR / kg",
    "4.5% but not less than 0.30 EUR per item and not more than 0.80 EUR per item": (
        "4.5% MIN 0.30 EUR / item MAX 0.80 EUR / item"
    ),
    "5% min. 2 EUR/kg max. 3 EUR/kg": "5% MIN 2 EUR / kg MAX 3 EUR / kg",
    "249% but not less than $3.78/kg": "249% MIN 3.78 USD / kg",
    "3.5¢ each but not more than 12.5%": "0.035 USD / item MAX 12.5%",
    "15% or 40 yen/kg, whichever is the greater": "15% MIN 40 JPY / kg",
    "15% or 40 yen/kg, whichever is lower": "15% MAX 40 JPY / kg",
    "48% up to $3/pair; 20% above": "48% UP TO 3 USD / pair; 20% ABOVE",
    "5% UP TO 100 EUR; 3% + 2 EUR / item UP TO 500 EUR; Free ABOVE": (
        "5% UP TO 100 EUR; 3% + 2 EUR / item UP TO 500 EUR; Free ABOVE"
    ),
    "valued not over $3/pair: 48%; valued over $3/pair but not over $6.50/pair: 37.5% + 90¢/pr.; "
    "valued over $6.50/pair: 20%": (
        "48% UP TO 3 USD / pair; 37.5% + 0.90 USD / pair UP TO 6.50 USD / pair; 20% ABOVE"
    ),
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
    ("15% or 40 JPY/kg", 17, "whichever is"),
    ("15% or 40 JPY/kg, whichever is nicer", 32, "whichever is"),
    ("Cond: B cert: Y-155 (01):50.000 %", 7, "V and an entry price"),
    ("Cond: V 52.6 EUR/DTN(01):12 %", 30, "a last entry price of zero"),
    ("13,100 EUR/hl", 3, '"%" or a currency'),
    ("5% UP TO 100 EUR", 17, '";" and the next band'),
    ("5% UP TO 100 EUR; 3%", 21, "UP TO a value or ABOVE"),
    ("5% UP TO; 3% ABOVE", 9, "a number"),
    ("valued under 3 USD: 5%", 8, '"over" or "not over" a value'),
    ("valued not over 3 USD: 5%; valued over 4 USD: 3%", 45, "a band that begins where"),
    ("valued not over 3 USD 5%", 23, '":" and the rate'),
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


def test_bands_that_do_not_rise_or_mix_their_units_are_refused() -> None:
    for text in (
        "5% UP TO 100 EUR; 3% UP TO 50 EUR; 2% ABOVE",
        "5% UP TO 100 EUR; 3% UP TO 200 EUR / item; 2% ABOVE",
    ):
        with pytest.raises(InputError, match="do not rise"):
            parse_rate(text)


def test_a_band_holds_up_to_and_including_its_limit() -> None:
    shoes = parse_rate("48% UP TO 3 USD / pair; 37.5% + 0.90 USD / pair UP TO 6.50 USD / pair; 20% ABOVE")
    ten = {"pairs": D(10)}
    assert shoes.duty(D(30), ten) == D("14.40")
    assert shoes.duty(D("30.01"), ten) == D("20.25375")
    assert shoes.duty(D(65), ten) == D("33.375")
    assert shoes.duty(D("65.01"), ten) == D("13.002")
    assert value_edges(shoes, ten) == (D(30), D(65))
    assert shoes.duty(D(30)) == Missing(("quantity.pairs",))
    assert not shoes.is_ad_valorem
    assert parse_rate("5% UP TO 100 EUR; 3% ABOVE").is_ad_valorem


def test_an_entry_price_holds_from_its_own_value_on() -> None:
    fruit = parse_rate("Cond: V 52.6 EUR/DTN(01):12 %; V 0 EUR/DTN(01):12 % + 29.8 EUR DTN")
    assert fruit.duty(D("52.6"), {"kg": D(100)}) == D("6.312")
    assert fruit.duty(D("52.59"), {"kg": D(100)}) == D("36.1108")


def test_a_limit_in_another_currency_needs_an_exchange_rate() -> None:
    rate = parse_rate("5% UP TO 100 EUR; 3% ABOVE")
    assert rate.duty(D(100), currency="GBP") == Missing(("exchange_rate.EUR.GBP",))
    half = lambda amount, _from, _to: amount / 2  # noqa: E731
    assert rate.duty(D(50), currency="GBP", convert=half) == D("2.5")
    assert rate.duty(D(51), currency="GBP", convert=half) == D("1.53")


def test_a_dollar_is_that_of_the_tariff_it_stands_in() -> None:
    assert str(parse_rate("249% but not less than $3.78/kg", "CAD")) == "249% MIN 3.78 CAD / kg"
    assert str(parse_rate("5¢ each", "AUD")) == "0.05 AUD / item"
    assert str(parse_rate("$1/kg", "EUR")) == "1 USD / kg"
    assert str(parse_rate("US$1/kg", "CAD")) == "1 USD / kg"
    assert str(parse_rate("5 kr / kg", "SEK")) == "5 SEK / kg"


def test_a_proof_liter_is_a_liter_at_fifty_per_cent() -> None:
    assert parse_rate("10¢/pf. liter").duty(D(1), {"hl": D(1), "percent_vol": D(40)}) == D(8)


def test_a_specific_duty_on_a_part_counts_that_part() -> None:
    rate = parse_rate("1.5¢/kg on the lead content")
    assert rate.duty(D(1), {"kg": D(100)}) == Missing(("quantity.kg.lead_content",))
    assert rate.duty(D(1), {"kg": D(100), "kg.lead_content": D(20)}) == D("0.3")


def test_an_explanation_shows_every_component_and_which_bound_applies() -> None:
    rate = parse_rate("4.5% MIN 0.30 EUR / item MAX 0.80 EUR / item")
    rows = explain(rate, Case(D(4), {"pieces": D(1)}, "EUR"))
    assert [(row.formula, row.base, row.amount) for row in rows] == [
        ("value x rate", D(4), D("0.180")),
        ("units x amount", D(1), D("0.30")),
        ("minimum applies", None, D("0.30")),
    ]
    assert explain(rate, Case(D(10), {"pieces": D(1)}, "EUR"))[-1].formula == "within the bounds"
    assert explain(rate, Case(D(400), {"pieces": D(1)}, "EUR"))[-1].formula == "maximum applies"
    assert explain(rate, Case(D(4), {}, "EUR")) == ()


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


def _banded(inner: st.SearchStrategy[RateExpression]) -> st.SearchStrategy[RateExpression]:
    """Bands by the value of the whole or of a kilogram, perhaps inside a sum."""

    def bands(rates: list[RateExpression], limits: list[Decimal], unit: str | None, inside: bool) -> Banded:
        edges = [Limit(amount, "EUR", unit, inside) for amount in sorted(limits)]
        return Banded(tuple(Band(rate, edge) for rate, edge in zip(rates, [*edges, None], strict=True)))

    limits = st.lists(st.decimals(1, 50_000, places=2), min_size=2, max_size=2, unique=True)
    three = st.lists(inner, min_size=3, max_size=3)
    found = st.builds(bands, three, limits, st.sampled_from([None, "kg"]), st.booleans())
    return found | st.builds(lambda a, b: Sum((a, b)), found, inner)


trees = _nest(leaves)
value_only = _nest(ad_valorem | st.just(Free()))
values = st.decimals(0, 100_000, places=2)
everything = {name: D("1.5") for unit in units().values() for name in unit.quantities}
everything |= {"value.case": D(5), "value.battery": D(1)}
everything |= {component.quantity: D(2) for component in components().values()}


@given(trees)
def test_printing_then_parsing_gives_the_same_tree(tree: RateExpression) -> None:
    assert parse_rate(str(tree)) == tree


@given(_banded(trees))
def test_printing_then_parsing_bands_gives_the_same_tree(tree: RateExpression) -> None:
    assert parse_rate(str(tree)) == tree


@settings(max_examples=200)
@given(_banded(_nest(leaves)), values, values)
def test_a_duty_falls_only_at_a_declared_edge(tree: RateExpression, a: Decimal, b: Decimal) -> None:
    def same(amount: Decimal, _from: str, _to: str) -> Decimal:
        return amount

    low, high = min(a, b), max(a, b)
    edges = value_edges(tree, everything, currency="EUR", convert=same)
    first = tree.duty(low, everything, currency="EUR", convert=same)
    last = tree.duty(high, everything, currency="EUR", convert=same)
    assert isinstance(first, Decimal)
    assert isinstance(last, Decimal)
    crossed = [edge for edge in edges if isinstance(edge, Decimal) and low <= edge <= high]
    assert len(edges) >= 2
    assert first <= last or crossed


@given(trees, values)
def test_an_explanation_ends_in_the_duty_itself(tree: RateExpression, value: Decimal) -> None:
    case = Case(value, everything, "EUR", lambda amount, _f, _t: amount)
    duty = tree.duty(value, everything, currency="EUR", convert=case.convert)
    assert explain(tree, case)[-1].amount == duty


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


WORDS = """12% 3 EUR / kg hl item MIN MAX + ( ) Free EA on the case UP TO BELOW ABOVE ; Cond: V valued over not
$ ¢ each or whichever is greater , 0.5 .5 1,000.5 per DTN ASV X (01) : £ é \x00 ٣"""


@settings(max_examples=200)
@given(st.lists(st.sampled_from(WORDS.split()), max_size=14).map(" ".join) | st.text(max_size=30))
def test_any_text_is_a_rate_that_prints_as_itself_or_an_error_of_input(text: str) -> None:
    with suppress(InputError):
        rate = parse_rate(text)
        assert parse_rate(str(rate)) == rate
