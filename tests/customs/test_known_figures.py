"""Known figures that no decision applies: read strictly, shown in both languages."""

import csv
import io
import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from commands import rates as command
from customs.rates.known import COLUMNS, UNITS, read_known
from domain import WorldError
from wording import LANGUAGES, Wording

DAY = date(2026, 11, 22)
FIGURES = {figure.id: figure for figure in read_known()}
GOOD = dict(
    zip(
        COLUMNS,
        (
            *("a-figure", "what", "quoi", "12.5", "percent", "FR", "2026-01-01", "2027-01-01"),
            *("an act", "high", "2026-11-22", "because", "parce que"),
        ),
        strict=True,
    )
)


def written(path: Path, *rows: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> Path:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([row[column] for column in columns if column in row] for row in rows)
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def test_a_row_is_read_as_it_is_written(tmp_path: Path) -> None:
    (figure,) = read_known(written(tmp_path / "known.csv", GOOD))
    assert (figure.value, figure.unit, figure.territory) == (Decimal("12.5"), "percent", "FR")
    assert (figure.valid_from, figure.valid_until) == (date(2026, 1, 1), date(2027, 1, 1))
    assert (figure.source, figure.confidence, figure.checked) == ("an act", "high", DAY)
    assert figure.what == {"en": "what", "fr": "quoi"}
    assert figure.not_applied_because == {"en": "because", "fr": "parce que"}
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1)]
    assert [figure.status(day) for day in days] == ["later", "in_force", "in_force", "ended"]


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"confidence": "low"}, "confidence 'low' is not one of high, medium"),
        ({"confidence": "unverified"}, "confidence 'unverified'"),
        ({"value": "many"}, "cannot read the row"),
        ({"value": "NaN"}, "not a figure"),
        ({"value": "-1"}, "not a figure"),
        ({"value": "12", "unit": "date"}, "12"),
        ({"unit": "furlongs"}, "unit 'furlongs' is not one of"),
        ({"source": ""}, "source is ''"),
        ({"checked": ""}, "checked is ''"),
        ({"checked": "yesterday"}, "yesterday"),
        ({"what_fr": ""}, "what_fr is ''"),
        ({"not_applied_because": " "}, "not_applied_because is ' '"),
        ({"not_applied_because_fr": ""}, "not_applied_because_fr is ''"),
        ({"territory": "France"}, "territory 'France' is not a code"),
        ({"id": "A figure"}, "not words with hyphens"),
        ({"valid_from": "2026-13-01"}, "2026-13-01|month"),
        ({"valid_until": "2026-01-01"}, "before it begins"),
        ({"id": "another-one"}, "another-one stands twice"),
    ],
    ids=str,
)
def test_a_broken_row_is_refused_with_its_line(fault: dict[str, str], told: str, tmp_path: Path) -> None:
    path = written(tmp_path / "known.csv", GOOD | {"id": "another-one"}, GOOD | fault)
    with pytest.raises(WorldError, match=told) as caught:
        read_known(path)
    assert caught.value.code == "rates.bad_known_figure"
    assert caught.value.place == "known.csv:3"


def test_missing_and_further_cells_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "known.csv", GOOD)
    whole = path.read_text(encoding="utf-8").rstrip("\r\n")
    path.write_text(whole + ",more\n", encoding="utf-8")
    with pytest.raises(WorldError, match="14 cells instead of 13"):
        read_known(path)
    path.write_text(whole.rpartition(",")[0] + "\n", encoding="utf-8")
    with pytest.raises(WorldError, match="12 cells instead of 13"):
        read_known(path)
    path.write_text(whole + '\nb,"open', encoding="utf-8")
    with pytest.raises(WorldError, match="cannot read the row") as caught:
        read_known(path)
    assert caught.value.place == "known.csv:3"


@pytest.mark.parametrize("columns", [COLUMNS[:-1], (*COLUMNS, "note"), ()], ids=len)
def test_other_columns_are_refused(columns: tuple[str, ...], tmp_path: Path) -> None:
    path = written(tmp_path / "known.csv", GOOD, columns=columns)
    with pytest.raises(WorldError, match="the columns are id, what") as caught:
        read_known(path)
    assert caught.value.place == "known.csv:1"


def test_the_packaged_figures_say_what_they_are_and_why_nothing_applies_them() -> None:
    assert len(FIGURES) > 90
    for figure in FIGURES.values():
        assert figure.checked <= DAY
        assert figure.status(DAY) != "ended", figure.id
        for words in (figure.what, figure.not_applied_because):
            assert words["en"] != words["fr"], figure.id
            assert all(len(text.split()) >= 2 for text in words.values()), figure.id
    assert {figure.unit for figure in FIGURES.values()} == UNITS
    assert FIGURES["us-232-cabinets-next"].status(DAY) == "later"
    assert FIGURES["us-232-cabinets-next"].status(date(2027, 1, 1)) == "in_force"
    assert FIGURES["li-old-mark-end"].status(date(2027, 1, 1)) == "ended"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_unit_that_is_a_word_has_one(language: str) -> None:
    symbols = {"EUR", "GBP", "USD", "g", "kg", "ml", "l", "mm", "m", "kWh", "count", "score", "date"}
    words = Wording(language)
    assert [u for u in UNITS - symbols if not words.has(f"known_unit.{u.replace(' ', '_')}")] == []


def run(*arguments: str) -> str:
    app = typer.Typer()
    command.add(app)
    done = CliRunner().invoke(app, ["rates", "limits", "--known", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_they_are_listed_with_their_status_on_the_day() -> None:
    found = {entry["id"]: entry for entry in json.loads(run("--date", "2026-12-31", "--json"))}
    assert set(found) == set(FIGURES)
    cabinets = found["us-232-cabinets-next"]
    assert (cabinets["value"], cabinets["unit"], cabinets["status"]) == ("50", "percent", "later")
    assert (cabinets["valid_from"], cabinets["valid_until"]) == ("2027-01-01", None)
    assert set(cabinets["not_applied_because"]) == {"en", "fr"}
    after = {entry["id"]: entry for entry in json.loads(run("--date", "2027-01-01", "--json"))}
    assert after["us-232-cabinets-next"]["status"] == "in_force"
    assert found["vida-oss-energy"]["value"] == "2027-01-01"


def test_the_table_for_people_is_in_their_language() -> None:
    french = re.sub(r"\s+", " ", run("--date", "2026-11-22", "--lang", "fr"))
    assert "Chiffres connus qu'aucune décision n'applique" in french
    assert "Non appliqué" in french
    assert "0,83687 GBP par EUR" in french
    english = re.sub(r"\s+", " ", run("--date", "2026-11-22", "--lang", "en"))
    assert "Known figures that no decision applies" in english
    assert "12 months" in english
    assert "not yet in force" in english
    assert "not yet in force" not in french
