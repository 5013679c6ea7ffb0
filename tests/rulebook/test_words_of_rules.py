"""What stands beside a fact: typed values, and every form of a test."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import Money
from engine.rulebook.grammar import TestReader
from engine.rulebook.literals import Literals, parse_date
from engine.rulebook.nodes import Mapped, NodeT, Scalar, read_yaml
from engine.rulebook.problems import Problems, nearest
from engine.rulebook.tree import Op, ParamRef, Place, SetRef
from engine.rulebook.vocabulary import Fact, FactType, Vocabulary

HERE = Place("a.yaml", 1, 1)
WORDS = Vocabulary({}, {"country": frozenset({"FR", "NO", "MC", "ES"})})


def convert(text: str, kind: str, domain: str | None = None) -> tuple[object, list[str]]:
    problems = Problems()
    value = Literals(problems, WORDS.valid_codes).value(text, FactType(kind, domain), HERE)
    return value, [problem.code for problem in problems.items]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("yes", "bool", True),
        ("no", "bool", False),
        ("0101", "text", "0101"),
        ("2402.10", "hs", "240210"),
        ("0406 90", "hs", "040690"),
        ("0101", "hs", "0101"),
        ("7", "int", 7),
        ("1 200", "int", 1200),
        ("-3", "int", -3),
        ("12.50", "decimal", Decimal("12.50")),
        ("12.5 %", "percent", Decimal("12.5")),
        ("12.5%", "percent", Decimal("12.5")),
        ("22", "percent", Decimal(22)),
        ("150 EUR", "money", Money(15000, "EUR")),
        ("1 000.05 EUR", "money", Money(100005, "EUR")),
        ("700 JPY", "money", Money(700, "JPY")),
        ("-2.50 CHF", "money", Money(-250, "CHF")),
        ("30 kg", "weight", 30_000),
        ("0.5kg", "weight", 500),
        ("1.25 t", "weight", 1_250_000),
        ("1.2 m", "length", 1_200),
        ("5 l", "volume", 5_000),
        ("1.5 h", "minutes", 90),
        ("2 weeks", "days", 14),
        ("1 day", "days", 1),
        ("2026-07-01", "date", date(2026, 7, 1)),
        ("param low-value", "money", ParamRef("low-value")),
    ],
)
def test_a_text_becomes_the_value_of_its_type(text, kind, value):
    assert convert(text, kind) == (value, [])
    assert type(convert(text, kind)[0]) is type(value)


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("true", "bool", "value.type"),
        ("Yes", "bool", "value.type"),
        ("1", "bool", "value.type"),
        ("8", "hs", "value.type"),
        ("12345678901", "hs", "value.type"),
        ("1.5", "int", "value.type"),
        ("1e3", "int", "value.type"),
        ("0x10", "int", "value.type"),
        ("1,5", "decimal", "value.type"),
        ("NaN", "decimal", "value.type"),
        ("Infinity", "decimal", "value.type"),
        ("150", "money", "value.type"),
        ("150 eur", "money", "value.type"),
        ("EUR 150", "money", "value.type"),
        ("1.234 EUR", "money", "value.money"),
        ("1.5 JPY", "money", "value.money"),
        ("1 XXX", "money", "value.money"),
        ("30", "weight", "value.type"),
        ("30 lb", "weight", "value.unit"),
        ("30 cm", "weight", "value.unit"),
        ("0.0005 kg", "weight", "value.type"),
        ("2026-02-29", "date", "value.type"),
        ("1.7.2026", "date", "value.type"),
        ("20260701", "date", "value.type"),
        ("0001-01-01", "date", "value.type"),
        ("9999-12-31", "date", "value.type"),
        ("", "int", "value.type"),
    ],
)
def test_what_is_not_of_the_type_is_refused_with_its_reason(text, kind, code):
    assert convert(text, kind) == (None, [code])


def test_a_code_must_be_on_its_list_where_there_is_one():
    assert convert("NO", "code", "country") == ("NO", [])
    assert convert("no", "code", "country") == (None, ["value.code"])
    assert convert("anything", "code") == ("anything", [])


@given(st.text(max_size=12))
def test_a_date_is_read_only_if_it_is_written_as_one(text):
    day = parse_date(text)
    assert day is None or day.isoformat() == text


@given(
    st.text("0123456789 .,-kgEUR%", max_size=10),
    st.sampled_from(["int", "decimal", "percent", "money", "weight", "hs"]),
)
def test_no_text_breaks_the_reading_and_every_refusal_gives_one_reason(text, kind):
    value, codes = convert(text, kind)
    assert (value is None) == (len(codes) == 1)
    assert len(codes) <= 1


def test_the_nearest_word_is_found_whatever_its_case():
    assert nearest("Franse", ["France", "Spain"]) == 'did you mean "France"?'
    assert nearest("x", ["web", "app"]) == "use one of: app, web"
    assert nearest("x", []) == "nothing of that kind is defined"


# ---------------------------------------------------------------- tests


FACTS = {
    "int": Fact("a.int", "order", FactType("int")),
    "code": Fact("a.code", "order", FactType("code")),
    "country": Fact("a.country", "order", FactType("code", "country")),
    "codes": Fact("a.codes", "order", FactType("codes")),
    "weight": Fact("a.weight", "order", FactType("weight")),
    "money": Fact("a.money", "order", FactType("money")),
    "date": Fact("a.date", "order", FactType("date")),
    "hs": Fact("a.hs", "order", FactType("hs")),
    "bool": Fact("a.bool", "order", FactType("bool")),
    "place": Fact("a.place", "order", FactType("place")),
    "text": Fact("a.text", "order", FactType("text")),
}


def read_tests(text: str, kind: str) -> tuple[list[tuple[Op, tuple[object, ...]]], list[str]]:
    problems = Problems()
    root = read_yaml("a.yaml", f"x: {text}\n", problems)
    assert isinstance(root, Mapped)
    node: NodeT | None = root.get("x")
    assert node is not None
    found = TestReader(problems, Literals(problems, WORDS.valid_codes)).tests(FACTS[kind], node)
    return [(test.op, test.operand) for test in found], [problem.code for problem in problems.items]


DAY = date(2026, 7, 1)


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("3", "int", [(Op.IS, (3,))]),
        ("yes", "bool", [(Op.IS, (True,))]),
        ("NO", "country", [(Op.IS, ("NO",))]),
        ("not NO", "country", [(Op.NOT, ("NO",))]),
        ("one of [FR, NO]", "country", [(Op.ONE_OF, ("FR", "NO"))]),
        ("one of FR, NO", "country", [(Op.ONE_OF, ("FR", "NO"))]),
        ("one of FR", "country", [(Op.ONE_OF, ("FR",))]),
        ("not one of [FR, NO]", "country", [(Op.NOT_ONE_OF, ("FR", "NO"))]),
        ("{one of: [FR, NO]}", "country", [(Op.ONE_OF, ("FR", "NO"))]),
        ("one of set near", "country", [(Op.ONE_OF, (SetRef("near"),))]),
        ("not one of set near", "country", [(Op.NOT_ONE_OF, (SetRef("near"),))]),
        ("at least 3", "int", [(Op.AT_LEAST, (3,))]),
        ("at most 30 kg", "weight", [(Op.AT_MOST, (30_000,))]),
        ("{at most: 30 kg}", "weight", [(Op.AT_MOST, (30_000,))]),
        ("more than 3", "int", [(Op.MORE_THAN, (3,))]),
        ("less than 150 EUR", "money", [(Op.LESS_THAN, (Money(15000, "EUR"),))]),
        ("at most param limit", "money", [(Op.AT_MOST, (ParamRef("limit"),))]),
        ("between 3 and 7", "int", [(Op.BETWEEN, (3, 7))]),
        ("between 3 and 3", "int", [(Op.BETWEEN, (3, 3))]),
        ("between param a and param b", "int", [(Op.BETWEEN, (ParamRef("a"), ParamRef("b")))]),
        ("from 3 to below 7", "int", [(Op.FROM_BELOW, (3, 7))]),
        ("from 0.5 kg to below 2 kg", "weight", [(Op.FROM_BELOW, (500, 2000))]),
        ("before 2026-07-01", "date", [(Op.BEFORE, (DAY,))]),
        ("after 2026-07-01", "date", [(Op.AFTER, (DAY,))]),
        ("starts with 2204", "hs", [(Op.STARTS_WITH, ("2204",))]),
        ("starts with [2204, 2205]", "hs", [(Op.STARTS_WITH, ("2204", "2205"))]),
        ("starts with F", "country", [(Op.STARTS_WITH, ("F",))]),
        ("contains any [a, b]", "codes", [(Op.CONTAINS_ANY, ("a", "b"))]),
        ("contains any of [a, b]", "codes", [(Op.CONTAINS_ANY, ("a", "b"))]),
        ("contains all [a, b]", "codes", [(Op.CONTAINS_ALL, ("a", "b"))]),
        ("contains none set bad", "codes", [(Op.CONTAINS_NONE, (SetRef("bad"),))]),
        ("in zone corsica", "place", [(Op.IN_ZONE, ("corsica",))]),
        ("is known", "place", [(Op.IS_KNOWN, ())]),
        ("is missing", "codes", [(Op.IS_MISSING, ())]),
        ("is not applicable", "bool", [(Op.IS_NOT_APPLICABLE, ())]),
        ("[at least 3, not 5]", "int", [(Op.AT_LEAST, (3,)), (Op.NOT, (5,))]),
        ('["one of [FR, NO]", not NO]', "country", [(Op.ONE_OF, ("FR", "NO")), (Op.NOT, ("NO",))]),
        ("anything goes here", "text", [(Op.IS, ("anything goes here",))]),
        ("notable", "text", [(Op.IS, ("notable",))]),
        ("before-noon", "code", [(Op.IS, ("before-noon",))]),
    ],
)
def test_every_form_of_a_test_is_read_as_it_is_meant(text, kind, expected):
    assert read_tests(text, kind) == (expected, [])


@pytest.mark.parametrize(
    ("text", "kind", "codes"),
    [
        ("at least", "int", ["test.operand"]),
        ("at least few", "int", ["value.type"]),
        ("between 7 and 3", "int", ["test.range"]),
        ("between 3 EUR and 7 CHF", "money", ["test.range"]),
        ("between 3", "int", ["test.operand"]),
        ("from 3 to 7", "int", ["test.operand"]),
        ("one of", "country", ["test.operand"]),
        ("one of FR,", "country", ["test.operand"]),
        ("one of FR, FR", "country", ["test.operand"]),
        ("one of FR, XX, YY", "country", ["value.code", "value.code"]),
        ("{one of: {a: b}}", "country", ["test.operand"]),
        ("{at least: [1, 2]}", "int", ["test.operand"]),
        ("{at lest: 1}", "int", ["test.operator"]),
        ("{is missing: yes}", "int", ["test.operator"]),
        ("is missing really", "int", ["test.operand"]),
        ("set near", "code", ["test.set"]),
        ("one of FR, set near, XX", "country", ["test.set", "value.code"]),
        ("in zone corsica", "country", ["test.type"]),
        ("contains any a", "code", ["test.type"]),
        ("at least FR", "country", ["test.type"]),
        ("before 3", "int", ["test.type"]),
        ("a", "codes", ["test.type"]),
        ("[FR, NO]", "country", ["test.list"]),
        ("atleast 3", "int", ["test.operator"]),
        ("at most of 3", "int", ["value.type"]),
        ("betwen 3 and 7", "int", ["test.operator"]),
        ('"> 3"', "int", ["test.operator"]),
        ("not in FR, NO", "country", ["test.operator"]),
        ('""', "int", ["test.empty"]),
    ],
)
def test_what_is_no_test_is_refused(text, kind, codes):
    found, said = read_tests(text, kind)
    assert sorted(said) == sorted(codes)
    assert found == []


LOOSE = """at least most one of not between and from to below set param in zone is known missing
FR 3 kg EUR [ ] , 2026-07-01 contains any starts with"""


@given(
    st.sampled_from(sorted(FACTS)),
    st.lists(
        st.sampled_from(LOOSE.split()),
        max_size=6,
    ).map(" ".join),
)
def test_any_words_make_tests_or_problems_but_never_neither(kind, text):
    problems = Problems()
    node = Scalar(text, HERE)
    found = TestReader(problems, Literals(problems, WORDS.valid_codes)).tests(FACTS[kind], node)
    assert len(found) + len(problems.items) >= 1
    assert not (found and problems.items)
    assert all(problem.cure for problem in problems.items)
