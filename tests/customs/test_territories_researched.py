"""Every territory that was researched, held against the tables: borders, regime, codes and aliases.

``tests/cases/fiscal_territories.csv`` has a row for each. ``pattern`` is written without separators.
``answer`` says what its codes come to: ``decided``, ``off`` (the whole territory is not verified: the
country, with a note), ``listed`` (no address leads there), ``main`` (the country but for its special
places), ``subdivision`` (no postcodes).
``elsewhere`` lists codes under which the place is written too, ``country:postcode+city``.
"""

import csv
import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from customs.territories import Territories
from customs.territories.load import load_world
from domain import InputError

TODAY = date(2026, 11, 22)
TERRITORIES = Territories.load()
FILE = Path(__file__).parent.parent / "cases" / "fiscal_territories.csv"
ROWS = list(csv.DictReader(FILE.read_text(encoding="utf-8").splitlines()))
FLAGS = {"yes": True, "no": False}
DIGITS = {"AT": 4, "DE": 5, "IT": 5, "GR": 5, "ES": 5, "FI": 5, "FR": 5, "PT": 4, "DK": 4, "NO": 4, "CH": 4}
"""Countries whose codes are digits only, and how many: all their codes are tried."""

each = pytest.mark.parametrize("row", ROWS, ids=lambda row: row["code"])
dated = pytest.mark.parametrize(
    "row", [row for row in ROWS if row["valid_from"]], ids=lambda row: row["code"]
)
coded = pytest.mark.parametrize(
    "row", [row for row in ROWS if row["country"] in DIGITS and row["pattern"]], ids=lambda row: row["code"]
)


def test_forty_seven_researched_rows_are_here_and_each_once() -> None:
    """Two of the 47 speak of four territories of the Dutch Caribbean between them."""
    codes = [row["code"] for row in ROWS]
    assert len(set(codes)) == len(codes) == 47 - 2 + 4
    assert {"AW", "CW", "SX", "BQ"} < set(codes)


def test_every_special_territory_of_the_tables_was_researched() -> None:
    researched = {row["code"] for row in ROWS}
    special = {code for code, periods in load_world().periods.items() if periods[0].country != code}
    assert special - researched == set()


@each
def test_the_three_borders_are_as_researched(row: dict[str, str]) -> None:
    found = TERRITORIES.get(row["code"], TODAY)
    wanted = (FLAGS[row["customs"]], FLAGS[row["vat"]], FLAGS[row["excise"]])
    assert (found.eu_customs, found.eu_vat, found.eu_excise) == wanted


@each
def test_the_regime_and_the_rate_table_are_as_researched(row: dict[str, str]) -> None:
    found = TERRITORIES.get(row["code"], TODAY)
    assert found.vat_country == row["rates_of"]
    assert row["says"] in found.vat_system


@each
def test_the_table_is_no_surer_than_the_research(row: dict[str, str]) -> None:
    order = ("UNVERIFIED", "low", "medium", "high")
    found = TERRITORIES.get(row["code"], TODAY)
    assert order.index(found.confidence) <= order.index(row["confidence"])
    assert found.source


@dated
def test_a_territory_with_a_first_day_is_something_else_the_day_before(row: dict[str, str]) -> None:
    first = date.fromisoformat(row["valid_from"])
    before = _states(row["code"], first - timedelta(days=1))
    assert before != _states(row["code"], first) or row["code"] == "GR-ISLANDS-REDUCED"
    assert _states(row["code"], first) == _states(row["code"], TODAY)


def _states(code: str, day: date) -> tuple[bool, ...] | None:
    found = load_world().at(code, day)
    return None if found is None else (found.eu_customs, found.eu_vat, found.eu_excise)


@cache
def _answers(country: str, size: int) -> dict[str, tuple[str, ...]]:
    """What every code of that many digits comes to; codes the country cannot have are left out."""
    found = {}
    for number in range(10**size):
        # All codes of every hundred that a pattern may claim, and each seventh of the others.
        if size == 5 and number % 7 and not _claimed(country, f"{number:05d}"[:3]):
            continue
        code = f"{number:0{size}d}"
        try:
            found[code] = TERRITORIES.resolve(country, code, day=TODAY).candidates
        except InputError:
            continue
    return found


@cache
def _claimed(country: str, start: str) -> bool:
    patterns = [re.compile(row["pattern"]) for row in ROWS if row["country"] == country and row["pattern"]]
    return any(pattern.fullmatch(f"{start}{rest:02d}") for pattern in patterns for rest in range(100))


@coded
def test_all_codes_of_the_pattern_and_no_others_lead_there(row: dict[str, str]) -> None:
    sizes = {DIGITS[row["country"]], 3} if row["code"] == "DK-FO" else {DIGITS[row["country"]]}
    pattern = re.compile(row["pattern"])
    answers = {code: each for size in sizes for code, each in _answers(row["country"], size).items()}
    inside = {code for code in answers if pattern.fullmatch(code)}
    alone = {code for code, candidates in answers.items() if candidates == (row["code"],)}
    if row["answer"] == "off":
        assert alone == set()
        assert {answers[code] for code in inside} == {(row["country"],)}
        return
    assert inside - alone == set()
    assert alone - inside == BEYOND.get(row["code"], set()) & set(answers)


BEYOND = {
    "GR-ISLANDS-REDUCED": {f"854{rest:02d}" for rest in range(100)},  # Leros, AADE E.2113/2025
    "DK-GL": {"2412"},  # Father Christmas's post office
    "DK-FO": {f"38{rest:02d}" for rest in range(100)},  # before the Faroe Islands had codes of their own
}
"""Codes the tables know beyond the researched pattern."""


@each
def test_the_place_is_found_by_its_other_codes_too(row: dict[str, str]) -> None:
    for country, postcode, city in _elsewhere(row["elsewhere"]):
        found = TERRITORIES.resolve(country, postcode, city, day=TODAY)
        assert found.territory is not None, (country, postcode, city, found.basis)
        assert found.territory.code == row["code"], (country, postcode, city)
        assert "postcode" in found.basis or "city" in found.basis


def _elsewhere(text: str) -> Iterator[tuple[str, str, str]]:
    for country, rest in re.findall(r"([A-Z]{2}):(.*?)(?= [A-Z]{2}:|$)", text):
        postcode, _, city = rest.partition("+")
        yield country, postcode, city


@each
def test_subdivision_and_own_country_code_lead_there_or_leave_it_possible(row: dict[str, str]) -> None:
    if row["subdivision"] and row["answer"] != "off":
        found = TERRITORIES.resolve(row["country"], subdivision=row["subdivision"], day=TODAY)
        assert row["code"] in found.candidates
    if row["own_code"]:
        found = TERRITORIES.resolve(row["own_code"], day=TODAY)
        assert row["code"] in found.candidates
        assert found.territory is not None or row["own_code"] == "EA"


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row["answer"] in ("off", "listed")], ids=lambda row: row["code"]
)
def test_what_is_not_verified_or_has_no_address_is_no_candidate(row: dict[str, str]) -> None:
    assert row["code"] not in TERRITORIES.resolve(row["country"], day=TODAY).candidates
    if row["answer"] == "off":
        found = TERRITORIES.resolve(row["country"], row["pattern"].replace("[23]", "2"), day=TODAY)
        assert found.candidates == (row["country"],)
        assert "not verified" in found.basis
