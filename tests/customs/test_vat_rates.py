"""VAT rates: what is known on a day, and what is said not to be known."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customs.rates import RateUnknown, VatRate, VatRates, drift
from customs.rates.table import read_categories, read_follow, read_rates, read_researched
from domain import WorldError

DAY = date(2026, 11, 22)
RATES = VatRates.load()
D = Decimal


def percent(
    territory: str, category: str | None = None, day: date = DAY, located_there: bool | None = None
) -> Decimal:
    answer = RATES.rate(territory, category, day, located_there=located_there)
    assert isinstance(answer, VatRate), answer
    return answer.percent


def unknown(
    territory: str, category: str | None = None, day: date = DAY, located_there: bool | None = None
) -> RateUnknown:
    answer = RATES.rate(territory, category, day, located_there=located_there)
    assert isinstance(answer, RateUnknown), answer
    return answer


STANDARD = {
    "AT": "20", "BE": "21", "BG": "20", "CY": "19", "CZ": "21", "DE": "19", "DK": "25", "EE": "24",
    "GR": "24", "ES": "21", "FI": "25.5", "FR": "20", "HR": "25", "HU": "27", "IE": "23", "IT": "22",
    "LT": "21", "LU": "17", "LV": "21", "MT": "18", "NL": "21", "PL": "23", "PT": "23", "RO": "21",
    "SE": "25", "SI": "22", "SK": "23", "GB": "20", "CH": "8.1", "NO": "25", "IS": "24", "TR": "20",
}  # fmt: skip


@pytest.mark.parametrize(("territory", "rate"), STANDARD.items())
def test_the_standard_rate_in_november_2026(territory: str, rate: str) -> None:
    assert percent(territory) == D(rate)
    assert percent(territory, "toys") == D(rate)


@pytest.mark.parametrize(
    ("territory", "category", "last_day", "before", "after"),
    [
        ("EE", None, "2025-06-30", "22", "24"),
        ("RO", None, "2025-07-31", "19", "21"),
        ("SK", None, "2024-12-31", "20", "23"),
        ("FI", None, "2024-08-31", "24", "25.5"),
        ("LU", None, "2023-12-31", "16", "17"),
        ("DE", None, "2020-12-31", "16", "19"),
        ("FI", "books", "2025-12-31", "14", "13.5"),
        ("LT", "books", "2025-12-31", "9", "5"),
        ("AT", "menstrual", "2025-12-31", "10", "0"),
        ("AT", "basic_food", "2026-06-30", "10", "4.9"),
        ("SE", "food", "2026-03-31", "12", "6"),
        ("SE", "food", "2027-12-31", "6", "12"),
        ("SK", "confectionery", "2025-12-31", "19", "23"),
        ("LV", "bread", "2026-06-30", "21", "12"),
        ("LV", "bread", "2027-06-30", "12", "21"),
        ("EE", "newspapers", "2024-12-31", "5", "9"),
        ("GB", "menstrual", "2020-12-31", "5", "0"),
    ],
)
def test_a_change_takes_effect_on_the_day_after_the_old_rate_ends(
    territory: str, category: str | None, last_day: str, before: str, after: str
) -> None:
    day = date.fromisoformat(last_day)
    assert percent(territory, category, day) == D(before)
    assert percent(territory, category, day + timedelta(days=1)) == D(after)


@pytest.mark.parametrize(
    ("territory", "category", "rate"),
    [
        ("FR", "books", "5.5"), ("FR", "newspapers", "2.1"), ("DE", "books", "7"),
        ("DE", "medicines", "19"), ("CZ", "ebooks", "0"), ("HU", "ebooks", "27"),
        ("IE", "children_clothing", "0"), ("LU", "children_clothing", "3"),
        ("GB", "children_clothing", "0"), ("GB", "children_car_seats", "5"), ("NO", "food", "15"),
        ("PT", "wine", "13"), ("IT", "plants", "10"), ("RO", "food_supplements", "21"),
        ("MT", "medicines", "0"),
    ],
)  # fmt: skip
def test_a_category_has_its_own_rate(territory: str, category: str, rate: str) -> None:
    assert percent(territory, category) == D(rate)


@pytest.mark.parametrize(
    ("territory", "category"),
    [
        ("DK", "books"), ("SK", "ebooks"), ("CY", "books"), ("BE", "newspapers"),
        ("IT", "menstrual"), ("CZ", "menstrual"), ("LT", "menstrual"), ("PT", "bicycles"),
        ("RO", "ebooks"), ("NL", "solar_panels"), ("FR-COR", "books"), ("GB", "medicines"),
        ("HU", "food"), ("LV", "books"), ("CY", "menstrual"),
    ],
)  # fmt: skip
def test_a_category_not_confirmed_is_unknown_and_never_the_standard_rate(
    territory: str, category: str
) -> None:
    answer = unknown(territory, category)
    assert answer.needs == (f"vat_rate.{territory}.{category}",)
    assert answer.note


def test_alternatives_are_told_and_a_single_guess_is_not_one() -> None:
    assert unknown("DK", "books").candidates == (D(0), D(25))
    assert unknown("IN").candidates == ()


def test_an_unconfirmed_zero_rate_leaves_earlier_days_alone() -> None:
    assert percent("DK", "books", date(2025, 12, 31)) == D(25)


def test_a_category_without_a_rate_of_its_own_takes_the_broader_one() -> None:
    answer = RATES.rate("ES", "bread", DAY)
    assert isinstance(answer, VatRate)
    assert (answer.percent, answer.category, answer.basis) == (D(4), "basic_food", "broader")


def test_the_standard_rate_by_default_says_that_it_is_one() -> None:
    answer = RATES.rate("IT", "wine", DAY)
    assert isinstance(answer, VatRate)
    assert (answer.percent, answer.basis) == (D(22), "standard_default")


def test_a_category_that_is_often_reduced_is_unknown_where_nobody_looked() -> None:
    assert percent("RS", "toys") == D(20)
    assert unknown("RS", "books").reason == "vat.category_not_researched"
    assert unknown("FR", "soft_drinks").reason == "vat.category_not_researched"


def test_an_unknown_category_code_is_not_the_standard_rate() -> None:
    answer = unknown("FR", "boks")
    assert answer.reason == "vat.unknown_category"
    assert answer.note == "did you mean books?"


def test_a_territory_without_rates_is_unknown() -> None:
    assert unknown("ZZ").reason == "vat.territory_without_rates"
    assert unknown("ES-CE").candidates == (D("0.5"), D(10))


def test_a_day_before_the_first_known_rate_is_unknown() -> None:
    assert unknown("DE", None, date(2020, 6, 30)).reason == "vat.before_first_known_rate"
    assert unknown("DE", "books", date(2021, 9, 29)).reason == "vat.before_first_known_rate"
    assert percent("DE", "books", date(2021, 9, 30)) == D(7)


@pytest.mark.parametrize(
    ("territory", "category", "rate"),
    [
        ("AT-JUNGHOLZ", None, "19"), ("AT-MITTELBERG", "toys", "19"), ("AT-JUNGHOLZ", "books", "10"),
        ("FR-GP", None, "8.5"), ("FR-MQ", "books", "2.1"), ("FR-RE", "newspapers", "1.05"),
        ("RE", None, "8.5"), ("FR-GF", "books", "0"), ("FR-COR", "toys", "20"), ("MC", "books", "5.5"),
        ("XI", "books", "0"), ("IM", None, "20"), ("LI", None, "8.1"), ("DE-BUSINGEN", None, "8.1"),
        ("FI-AX", "books", "13.5"), ("ES-CN", None, "7"), ("IT-CAMPIONE", None, "8.1"),
        ("IT-LIVIGNO", "books", "0"), ("US", "food", "0"),
    ],
)  # fmt: skip
def test_a_special_territory_has_its_own_law(territory: str, category: str | None, rate: str) -> None:
    assert percent(territory, category) == D(rate)


@pytest.mark.parametrize(
    ("territory", "regional", "mainland"), [("PT-20", "16", "23"), ("PT-30", "22", "23")]
)
def test_a_regional_rate_needs_the_supply_to_be_located_there(
    territory: str, regional: str, mainland: str
) -> None:
    assert percent(territory, located_there=True) == D(regional)
    assert percent(territory, located_there=False) == D(mainland)
    open_question = unknown(territory)
    assert open_question.needs == ("supply.located_in_territory",)
    assert open_question.candidates == (D(regional), D(mainland))


def test_a_regional_rate_not_yet_known_leaves_no_single_alternative() -> None:
    early = unknown("GR-ISLANDS-REDUCED", None, date(2017, 1, 1))
    assert early.candidates == ()
    assert early.needs == ("supply.located_in_territory", "vat_rate.GR-ISLANDS-REDUCED.standard")


def test_greek_islands_are_cut_only_for_goods_on_the_island() -> None:
    assert percent("GR-ISLANDS-REDUCED", "food", located_there=True) == D(9)
    assert percent("GR-ISLANDS-REDUCED", "food", located_there=False) == D(13)


def test_goods_without_vat_say_so() -> None:
    answer = RATES.rate("US", "books", DAY)
    assert isinstance(answer, VatRate)
    assert (answer.basis, answer.tax) == ("no_vat", "none")


TERRITORIES = sorted({*RATES.rows, *RATES.follow})


@given(
    st.sampled_from(TERRITORIES),
    st.sampled_from([None, *sorted(RATES.categories)]),
    st.dates(date(2010, 1, 1), date(2032, 1, 1)),
    st.sampled_from([None, True, False]),
)
def test_every_answer_is_a_sourced_rate_in_force_or_names_what_is_missing(
    territory: str, category: str | None, day: date, located_there: bool | None
) -> None:
    answer = RATES.rate(territory, category, day, located_there=located_there)
    if isinstance(answer, VatRate):
        assert answer.source
        assert answer.confidence in ("high", "medium")
        assert answer.valid_from is not None
        assert answer.valid_from <= day
        assert answer.valid_until is None or day < answer.valid_until
    else:
        assert answer.needs
        assert answer.reason.startswith("vat.")
        assert len(answer.candidates) != 1


def test_every_row_uses_a_category_of_the_vocabulary_and_a_territory_that_can_be_asked() -> None:
    rows, version = read_rates()
    categories = read_categories()
    assert len(version) == 16
    assert {row.category for row in rows} - set(categories) == {"standard"}
    assert set(read_follow().values()) <= {row.territory for row in rows}
    assert read_researched() <= {row.territory for row in rows}
    assert all(row.checked == DAY and row.source for row in rows)


HEAD = (
    "territory,category,percent,tax,condition,candidates,valid_from,valid_until,"
    "source,confidence,checked,note\n"
)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("FR,standard,20,VAT,,,2016-01-01,,,high,,", "needs a source"),
        ("FR,standard,20,VAT,,,2016-01-01,,s,low,,", "high or medium confidence"),
        ("FR,standard,twenty,VAT,,,2016-01-01,,s,high,,", "cannot read"),
        (
            "FR,standard,20,VAT,,,2016-01-01,,s,high,,\nFR,standard,21,VAT,,,2027-01-01,,s,high,,",
            "two rates on 2027-01-01",
        ),
    ],
)
def test_a_broken_table_is_refused(tmp_path: Path, body: str, message: str) -> None:
    file = tmp_path / "vat.csv"
    file.write_text(HEAD + body + "\n", encoding="utf-8")
    with pytest.raises(WorldError, match=message):
        read_rates(file)


def test_a_fresher_table_shows_where_it_differs(tmp_path: Path) -> None:
    file = tmp_path / "vat.csv"
    file.write_text(
        HEAD + "FR,standard,21,VAT,,,2016-01-01,,s,high,,\nFR,books,5.5,VAT,,,2016-01-01,,s,high,,\n",
        encoding="utf-8",
    )
    fresh = VatRates.of(read_rates(file)[0], read_categories())
    ours = VatRates.of([row for row in read_rates()[0] if row.territory == "FR"], read_categories())
    found = {(d.category): (d.ours, d.theirs) for d in drift(ours, fresh, DAY)}
    assert found["standard"] == (D(20), D(21))
    assert "books" not in found
    assert drift(ours, ours, DAY) == ()
