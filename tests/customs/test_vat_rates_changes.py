"""Every dated change in the table: the day before and the day after give the two different answers."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customs.rates import RateUnknown, VatRate, VatRates
from customs.rates.table import RateRow

RATES = VatRates.load()
ONE = timedelta(1)


def series() -> Iterator[tuple[str, str, tuple[RateRow, ...]]]:
    for territory, codes in sorted(RATES.rows.items()):
        for category, rows in sorted(codes.items()):
            yield territory, category, rows


def ask(row: RateRow, day: date) -> VatRate | RateUnknown:
    category = None if row.category == "standard" else row.category
    return RATES.rate(row.territory, category, day, located_there=True if row.condition else None)


def told(answer: VatRate | RateUnknown) -> tuple[object, ...]:
    if isinstance(answer, VatRate):
        return (answer.percent,)
    return (answer.reason, answer.candidates, answer.note)


CHANGES = [(a, b) for _, _, rows in series() for a, b in pairwise(rows)]


@pytest.mark.parametrize(
    ("before", "after"), CHANGES, ids=[f"{b.territory}-{b.category}-{b.valid_from}" for _, b in CHANGES]
)
def test_the_day_before_and_after_a_change_give_the_two_answers(before: RateRow, after: RateRow) -> None:
    assert before.valid_until == after.valid_from, "a day between the two rows has no answer"
    old, new = ask(before, after.valid_from - ONE), ask(after, after.valid_from)
    assert told(old) != told(new)
    for row, answer in ((before, old), (after, new)):
        if row.percent is not None:
            assert isinstance(answer, VatRate), answer
            assert (answer.percent, answer.source) == (row.percent, row.source)
        else:
            assert isinstance(answer, RateUnknown), answer
            assert row.note in answer.note


def test_all_changes_of_law_are_among_them() -> None:
    assert len(CHANGES) > 120
    days = {after.valid_from for _, after in CHANGES}
    for text in (
        "2021-01-01", "2022-04-01", "2024-01-01", "2024-09-01", "2024-10-01", "2025-01-01", "2025-07-01",
        "2025-08-01", "2026-01-01", "2026-04-01", "2026-07-01", "2027-07-01", "2028-01-01",
    ):  # fmt: skip
        assert date.fromisoformat(text) in days


FIRSTS = [rows[0] for _, _, rows in series()]


def test_before_the_first_known_rate_there_is_a_named_reason() -> None:
    for row in FIRSTS:
        answer = ask(row, row.valid_from - ONE)
        if isinstance(answer, VatRate):  # answered by law of its own, such as a territory without tax
            assert answer.basis == "no_vat"
            continue
        assert answer.reason == "vat.before_first_known_rate"
        assert answer.note == f"known from {row.valid_from}"
        assert answer.needs == (f"vat_rate.{row.territory}.{row.category}",)


def made(*rows: tuple[str, str | None]) -> VatRates:
    return VatRates.of(
        [
            RateRow(
                "FR", "standard", Decimal(20 + n), "VAT", "", (), date.fromisoformat(start),
                date.fromisoformat(until) if until else None, "s", "high", None, "",
            )
            for n, (start, until) in enumerate(rows)
        ],
        {},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("day", "reason", "note"),
    [
        ("2019-12-31", "vat.before_first_known_rate", "known from 2020-01-01"),
        ("2021-06-01", "vat.no_rate_on_that_day", ""),
        ("2023-01-01", "vat.after_last_known_rate", "known until 2022-12-31"),
        ("2040-01-01", "vat.after_last_known_rate", "known until 2022-12-31"),
    ],
)
def test_days_outside_what_is_known_are_told_apart(day: str, reason: str, note: str) -> None:
    table = made(("2020-01-01", "2021-01-01"), ("2022-01-01", "2023-01-01"))
    answer = table.rate("FR", None, date.fromisoformat(day))
    assert isinstance(answer, RateUnknown)
    assert (answer.reason, answer.note) == (reason, note)


PLACES = sorted({*RATES.rows, *RATES.follow})
EDGES = {
    territory: {day for rows in codes.values() for row in rows for day in (row.valid_from, row.valid_until)}
    for territory, codes in RATES.rows.items()
}


@settings(max_examples=200)
@given(
    st.sampled_from(PLACES),
    st.sampled_from([None, *sorted(RATES.categories)]),
    st.dates(date(2015, 1, 1), date(2030, 1, 1)),
)
def test_an_answer_changes_only_on_a_day_the_table_names(
    territory: str, category: str | None, day: date
) -> None:
    before, after = (RATES.rate(territory, category, each, located_there=True) for each in (day, day + ONE))
    if told(before) != told(after):
        base = RATES.follow.get(territory, territory)
        named = (
            EDGES.get(territory, set())
            | EDGES.get(base, set())
            | EDGES.get(RATES.follow.get(base, ""), set())
        )
        assert day + ONE in named


def test_a_rate_says_when_it_was_last_looked_at() -> None:
    answer = RATES.rate("FR", "books", date(2030, 1, 1))
    assert isinstance(answer, VatRate)
    assert answer.checked == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("territory", "category", "day", "percent"),
    [
        ("HR", "firewood", "2022-03-31", "25"),
        ("HR", "firewood", "2022-04-01", "13"),
        ("HR", "butter", "2022-03-31", "25"),
        ("CY", "bread", "2023-05-04", "5"),
        ("CY", "bread", "2023-05-05", "0"),
        ("CY", "bread", "2024-10-01", "5"),
        ("CY", "fruit", "2025-12-31", "0"),
        ("AT", "fruit", "2026-06-30", "10"),
        ("AT", "livestock", "2026-11-22", "13"),
        ("LU", "solid_fuels", "2026-11-22", "14"),
        ("RO", "plant_protection", "2025-08-01", "11"),
        ("CH", "books", "2026-11-22", "2.6"),
        ("LI", "food", "2024-01-01", "2.6"),
        ("CH", "wine", "2026-11-22", "8.1"),
        ("CH", "menstrual", "2024-12-31", "8.1"),
        ("CH", "menstrual", "2025-01-01", "2.6"),
        ("SG", None, "2022-12-31", "7"),
        ("SG", None, "2023-12-31", "8"),
        ("SG", None, "2024-01-01", "9"),
        ("FR-COR", "livestock_to_non_taxable", "2026-11-22", "0.9"),
        ("GB", "mobility_aids_over_60", "2026-11-22", "5"),
    ],
)
def test_goods_with_a_rate_by_their_condition(
    territory: str, category: str | None, day: str, percent: str
) -> None:
    answer = RATES.rate(territory, category, date.fromisoformat(day))
    assert isinstance(answer, VatRate), answer
    assert answer.percent == Decimal(percent)


@pytest.mark.parametrize(
    ("territory", "category", "day", "candidates"),
    [
        ("AT", "fruit", "2026-07-01", "4.9 10"),
        ("CY", "fruit", "2026-01-01", "0 5"),
        ("CY", "diapers", "2024-10-15", "0 5 19"),
        ("IT", "medical_aids", "2026-11-22", "4 5 22"),
        ("FR-GP", "livestock", "2026-11-22", "1.75 8.5"),
        ("IT-CAMPIONE", "food", "2026-11-22", "2.6 3.8 8.1"),
        ("AT", "dairy", "2026-07-01", "4.9 10"),
        ("ES", "butter", "2026-11-22", "4 10"),
        ("IT", "eggs", "2026-11-22", "4 10"),
        ("SK", "milk", "2026-11-22", "5 19"),
        ("HR", "flour", "2026-11-22", "5 13"),
    ],
)
def test_goods_only_partly_covered_are_told_with_the_alternatives(
    territory: str, category: str, day: str, candidates: str
) -> None:
    answer = RATES.rate(territory, category, date.fromisoformat(day))
    assert isinstance(answer, RateUnknown)
    assert answer.candidates == tuple(Decimal(text) for text in candidates.split())
