"""The tables behind the notation: every word once, every quantity known, every row with its source."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from customs.tariff import fault_of, parse_rate
from customs.tariff.importing import READERS, sources
from customs.tariff.nomenclature import plain_code
from customs.tariff.rows import areas, measure_types
from customs.tariff.table import EFFECTS
from customs.tariff.units import components, money_marks, read_table, units
from domain import InputError, minor_digits

TABLES = (
    "nomenclature_changes.csv",
    "nomenclature_chapters.csv",
    "tariff_areas.csv",
    "tariff_components.csv",
    "tariff_measure_types.csv",
    "tariff_money.csv",
    "tariff_units.csv",
    "tariff_us_programs.csv",
)


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_a_source_and_a_key_of_its_own(name: str) -> None:
    rows = read_table(name)
    assert rows
    assert all(row["source"] for row in rows)
    key = {"tariff_units.csv": ("notation",), "tariff_money.csv": ("notation", "position")}.get(name)
    columns = key or (next(iter(rows[0])),)
    keys = [tuple(row[column].casefold() for column in columns) for row in rows]
    assert len(keys) == len(set(keys)), sorted({k for k in keys if keys.count(k) > 1})


def test_every_unit_counts_quantities_that_have_a_name() -> None:
    named = {row["quantity"] for row in read_table("tariff_quantities.csv")}
    for unit in units().values():
        assert set(unit.quantities) <= named, unit
        assert unit.divisor > 0


def test_every_notation_of_a_unit_is_read_as_that_unit() -> None:
    for row in read_table("tariff_units.csv"):
        rate = parse_rate(f"1 EUR / {row['notation']}")
        assert str(rate) == f"1 EUR / {units()[row['unit']].printed}", row


def test_every_alias_of_a_quantity_stands_once_and_its_stand_in_exists() -> None:
    rows = read_table("tariff_quantities.csv")
    aliases = [row["alias"] for row in rows]
    assert len(aliases) == len(set(aliases))
    named = {row["quantity"] for row in rows}
    assert {row["assumed_from"] for row in rows} - {""} <= named
    assert all(Decimal(row["factor"]) > 0 for row in rows)
    first = {row["quantity"]: row["alias"] for row in reversed(rows)}
    assert all(quantity == alias for quantity, alias in first.items())


def test_every_sign_of_money_stands_for_currencies_that_exist() -> None:
    for mark in money_marks():
        for currency in (mark.currency, *mark.homes):
            assert minor_digits(currency) >= 0
        assert mark.currency in mark.homes or not mark.homes


def test_every_component_is_a_rate_that_needs_the_recipe() -> None:
    for code in components():
        assert str(parse_rate(f"9% + {code}")) == f"9% + {code}"


def test_measure_types_areas_and_sources_say_what_the_importer_understands() -> None:
    assert {kind.effect for kind in measure_types().values()} <= set(EFFECTS)
    assert measure_types()["103"].measure == "mfn"
    assert all(
        len(member) == 2 for members in areas().values() for member in members.split() if member != "*"
    )
    assert set(sources()) == set(READERS)
    known = {kind.measure for kind in measure_types().values()}
    for source in sources().values():
        assert set(source.covers) <= known


def test_only_digits_are_a_code() -> None:
    assert plain_code("6109.10 00") == "61091000"
    for text in ("", "6", "61A9", "٦١٠٩", "6109100000123"):
        with pytest.raises(InputError):
            plain_code(text)


def test_every_chapter_of_the_nomenclature_but_the_empty_ones_holds_goods() -> None:

    empty = {row["chapter"] for row in read_table("nomenclature_chapters.csv")}
    assert empty == {"00", "77", "98", "99"}
    for number in range(100):
        fault = fault_of(f"{number:02d}0100", date(2026, 11, 22))
        assert (fault is not None) == (f"{number:02d}" in empty)
