"""Epochs, dates that are not known, law whose later state is not known, and money in other currencies."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import Interval, Money
from engine.rulebook import (
    CANNOT_DETERMINE,
    Fact,
    FactType,
    Rulebook,
    RulebookError,
    Vocabulary,
    load_rulebook,
)
from engine.rulebook.examples import run_examples

WORDS = Vocabulary.of(
    [
        Fact("order.date", "order", FactType("date")),
        Fact("order.paid", "order", FactType("date")),
        Fact("order.value", "order", FactType("money")),
        Fact("order.units", "order", FactType("int")),
        Fact("line.value", "line", FactType("money")),
    ]
)
HEAD = """decision: test.answer
per: order
yields: text
dated_by: order.date
hit: {hit}
{otherwise}
owner: tester
"""


def load(rules: str, hit: str = "unique", more: str = "", **files: str) -> Rulebook:
    otherwise = "otherwise: other" if hit in ("unique", "first") else ""
    head = HEAD.format(hit=hit, otherwise=otherwise)
    texts = {f"{name}.yaml": text for name, text in files.items()}
    return load_rulebook({"a.yaml": f"{head}{more}rules:\n{rules}", **texts}, WORDS)


def rule(ident: str, when: str = "{}", valid: str = "", then: str = "", more: str = "") -> str:
    dates = f"    valid: {valid}\n" if valid else ""
    return f"  - id: {ident}\n    reason: test\n{dates}{more}    when: {when}\n    then: {then or ident}\n"


def said(book: Rulebook, day: object, **facts: object) -> object:
    given_facts = {name.replace("_", ".", 1): value for name, value in facts.items()}
    if day is not None:
        given_facts["order.date"] = day
    answer = book.ask("test.answer", given_facts)
    return answer.value if answer.decided else set(answer.possible)


# ---------------------------------------------------------------- epochs


def test_a_rule_holds_from_its_first_day_and_no_more_on_its_until_day():
    book = load(rule("july", valid="{from: 2026-07-01, until: 2026-08-01}"))
    days = ["2026-06-30", "2026-07-01", "2026-07-31", "2026-08-01"]
    assert [said(book, date.fromisoformat(day)) for day in days] == ["other", "july", "july", "other"]


def test_the_dates_of_params_and_sets_cut_epochs_too():
    named = """params:
  limit: {type: int, values: [{until: 2027-01-01, value: 3}, {from: 2027-01-01, value: 5}]}
sets:
  lucky: {type: int, values: [{until: 2027-06-01, members: [7]}, {from: 2027-06-01, members: [7, 9]}]}
"""
    rules = rule("many", '{order.units: ["at least param limit", "not one of set lucky"]}')
    book = load(rules, named=named)
    cuts = [date(2027, 1, 1), date(2027, 6, 1)]
    assert list(book.question("test.answer").cuts) == cuts
    table = {
        date(2026, 12, 31): ["other", "many", "many", "other", "many"],
        date(2027, 1, 1): ["other", "other", "many", "other", "many"],
        date(2027, 6, 1): ["other", "other", "many", "other", "other"],
    }
    for day, expected in table.items():
        assert [said(book, day, order_units=units) for units in (2, 3, 5, 7, 9)] == expected


def test_a_date_known_as_an_interval_or_not_at_all_gives_every_outcome_it_may_have():
    book = load(
        rule("early", valid="{until: 2026-07-01}")
        + rule("late", valid="{from: 2026-07-01, until: 2027-07-01}")
    )
    window = Interval(date(2026, 6, 20), date(2026, 7, 2))
    assert said(book, window) == {"early", "late"}
    assert said(book, Interval(date(2026, 6, 20), date(2026, 6, 30))) == "early"
    assert said(book, Interval(date(2026, 7, 1), date(2027, 6, 30))) == "late"
    assert said(book, None) == {"early", "late", "other"}


def test_beyond_what_is_known_the_answer_is_not_yesterdays_law():
    book = load(rule("rate", more="    known_until: 2027-01-01\n"))
    assert said(book, date(2026, 12, 31)) == "rate"
    assert said(book, date(2027, 1, 1)) == {CANNOT_DETERMINE}
    assert said(book, Interval(date(2026, 12, 31), date(2027, 1, 1))) == {CANNOT_DETERMINE, "rate"}


def test_an_exception_ends_with_its_base():
    base = rule("base", valid="{from: 2026-01-01, until: 2027-01-01}")
    exception = rule("special", "{order.units: 1}", more="    overrides: base\n")
    book = load(base + exception)
    assert said(book, date(2026, 12, 31), order_units=1) == "special"
    assert said(book, date(2027, 1, 1), order_units=1) == "other"
    assert said(book, date(2026, 12, 31), order_units=2) == "base"


START = date(2026, 1, 1)
SPANS = st.tuples(st.one_of(st.none(), st.integers(0, 8)), st.one_of(st.none(), st.integers(1, 9))).filter(
    lambda span: span[0] is None or span[1] is None or span[0] < span[1]
)


def written(span: tuple[int | None, int | None]) -> str:
    low, high = span
    words = [] if low is None else [f"from: {START + timedelta(days=low)}"]
    words += [] if high is None else [f"until: {START + timedelta(days=high)}"]
    return "{" + ", ".join(words) + "}"


def lives(span: tuple[int | None, int | None], day: int) -> bool:
    return (span[0] is None or span[0] <= day) and (span[1] is None or day < span[1])


@settings(deadline=None)
@given(SPANS, SPANS)
def test_two_rules_conflict_exactly_when_they_live_on_one_day_and_that_day_is_named(one, other):
    both = [day for day in range(-2, 12) if lives(one, day) and lives(other, day)]
    text = rule("one", valid=written(one)) + rule("other-one", valid=written(other))
    if not both:
        assert load(text).rules.keys() == {"one", "other-one"}
        return
    with pytest.raises(RulebookError) as caught:
        load(text)
    (problem,) = caught.value.problems
    assert problem.code == "rule.conflict"
    day = problem.what.partition(" on ")[2]
    assert not day or (date.fromisoformat(day) - START).days in both


@settings(deadline=None)
@given(st.lists(SPANS, min_size=1, max_size=4), st.integers(-2, 11))
def test_collected_rules_are_those_that_live_on_the_day(spans, day):
    text = "".join(rule(f"r{number}", valid=written(span)) for number, span in enumerate(spans))
    book = load(text, hit="collect")
    answer = book.ask("test.answer", {"order.date": START + timedelta(days=day)})
    assert set(answer.certain) == {f"r{number}" for number, span in enumerate(spans) if lives(span, day)}


# ---------------------------------------------------------------- money

CONVERT = "convert: {rate: ecb_day, date: order.paid}\n"
TODAY = date(2026, 7, 1)
RATES = {date(2026, 7, 1): Decimal(11), date(2026, 7, 2): Decimal(10)}  # SEK for a euro


def convert(rate: str, amount: Decimal, source: str, target: str, day: date) -> Decimal | None:
    assert (rate, target) == ("ecb_day", "EUR")
    return amount / RATES[day] if source == "SEK" and day in RATES else None


def in_euro(book: Rulebook, value: object, paid: object = TODAY, with_rates: bool = True) -> object:
    facts = {"order.date": TODAY, "order.paid": paid, "order.value": value}
    answer = book.ask("test.answer", facts, None, convert if with_rates else None)
    return answer.value if answer.decided else set(answer.possible)


@pytest.fixture
def limit() -> Rulebook:
    return load(rule("low", "{order.value: at most 150 EUR}"), more=CONVERT)


def test_money_is_compared_to_the_cent(limit):
    values = [Money.of(text, "EUR") for text in ("149.99", "150.00", "150.01")]
    assert [in_euro(limit, value) for value in values] == ["low", "low", "other"]


def test_another_currency_is_converted_at_the_rate_of_its_day_and_compared_unrounded(limit):
    assert in_euro(limit, Money.of("1650.00", "SEK")) == "low"
    assert in_euro(limit, Money.of("1650.01", "SEK")) == "other"  # 150.0009 EUR, which rounds to 150.00
    assert in_euro(limit, Money.of("1650.00", "SEK"), paid=date(2026, 7, 2)) == "other"


def test_an_amount_without_a_rate_is_a_missing_amount(limit):
    either = {"low", "other"}
    assert in_euro(limit, Money.of("1", "USD")) == either
    assert in_euro(limit, Money.of("1", "SEK"), paid=date(2026, 7, 5)) == either
    assert in_euro(limit, Money.of("1", "SEK"), with_rates=False) == either
    assert in_euro(limit, Money.of("1", "EUR"), with_rates=False) == "low"


def test_a_day_of_payment_that_is_an_interval_counts_only_where_the_rates_part_ways(limit):
    window = Interval(date(2026, 7, 1), date(2026, 7, 2))
    assert in_euro(limit, Money.of("1400", "SEK"), paid=window) == "low"
    assert in_euro(limit, Money.of("1600", "SEK"), paid=window) == {"low", "other"}
    assert in_euro(limit, Money.of("1700", "SEK"), paid=window) == "other"


def test_an_amount_between_two_bounds_is_converted_at_both(limit):
    def between(low: str, high: str) -> Interval:
        return Interval(Money.of(low, "SEK"), Money.of(high, "SEK"))

    assert in_euro(limit, between("100", "1650")) == "low"
    assert in_euro(limit, between("1600", "1700")) == {"low", "other"}
    assert in_euro(limit, between("1651", "1700")) == "other"


def test_without_conversion_other_currencies_are_missing():
    book = load(rule("low", "{order.value: at most 150 EUR}"), more="convert: none\n")
    assert in_euro(book, Money.of("1650.00", "SEK")) == {"low", "other"}
    assert in_euro(book, Money.of("1.00", "EUR")) == "low"


def test_money_of_lines_is_converted_line_by_line():
    book = load(rule("dear", "{any line: {line.value: more than 100 EUR}}"), more=CONVERT)

    def with_lines(*values: Money) -> object:
        facts = {"order.date": TODAY, "order.paid": TODAY}
        answer = book.ask(
            "test.answer", facts, {"line": [{"line.value": value} for value in values]}, convert
        )
        return answer.value if answer.decided else set(answer.possible)

    assert with_lines(Money.of("1100", "SEK"), Money.of("100", "EUR")) == "other"
    assert with_lines(Money.of("1101", "SEK"), Money.of("100", "EUR")) == "dear"
    assert with_lines(Money.of("1101", "USD"), Money.of("100", "EUR")) == {"dear", "other"}


def test_asking_leaves_the_facts_of_the_asker_alone(limit):
    facts = {"order.date": TODAY, "order.paid": TODAY, "order.value": Money.of("1", "SEK")}
    before = dict(facts)
    limit.ask("test.answer", facts, None, convert)
    assert facts == before


# ---------------------------------------------------------------- examples


def results(book: Rulebook) -> list[bool]:
    return [result.passed for result in run_examples(book)]


EXAMPLES = """    examples:
      - {given: {order.units: 1}, expect: GIVEN}
"""


@pytest.mark.parametrize(
    ("expect", "passes"),
    [("few", True), ("this", True), ("other", False), ("not this", False), ("cannot_determine", False)],
)
def test_an_example_passes_exactly_when_the_outcome_is_what_it_expects(expect, passes):
    text = rule("few", "{order.units: at most 2}") + EXAMPLES.replace("GIVEN", expect)
    assert results(load(text)) == [passes]


def test_an_example_that_leaves_something_open_passes_only_as_open():
    for expect, passes in (("cannot_determine", True), ("few", False), ("this", False), ("not this", False)):
        text = rule("few", "{order.units: at most 2}") + EXAMPLES.replace("GIVEN", expect).replace(
            "order.units: 1", ""
        )
        assert results(load(text)) == [passes]


def test_an_example_is_read_on_its_own_day_or_on_the_first_day_of_its_rule():
    text = (
        rule("few", "{order.units: 1}", valid="{from: 2026-07-01}")
        + """    examples:
      - {given: {order.units: 1}, expect: few}
      - {given: {order.units: 1}, on: 2026-06-30, expect: other}
"""
    )
    assert results(load(text)) == [True, True]
    text = rule("few", "{order.units: 1}", valid="{until: 2026-07-01}") + EXAMPLES.replace("GIVEN", "few")
    assert results(load(text)) == [True]


def test_a_failing_example_says_where_what_was_expected_and_what_came_out():
    text = rule("few", "{order.units: 1}") + EXAMPLES.replace("GIVEN", "other")
    (result,) = run_examples(load(text))
    assert (result.rule, result.place, result.expected, result.got) == (
        "few",
        "a.yaml:14:9",
        "'other'",
        "('few',) by few",
    )
