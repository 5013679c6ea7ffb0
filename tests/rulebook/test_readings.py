"""The register of second readings: every rule of law shipped was compared with its act as it stands."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from domain import InputError, UnknownReference
from engine.rulebook.load import READINGS
from scenarios.house import folder
from scenarios.readings import Reading, fingerprints, record, register, standings
from scenarios.rulebooks import open_rulebook

DAY = date(2026, 11, 23)
RULE = "uk-value-within-limit"
FILE = "customs/low_value_uk.yaml"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the shipped rules, register included."""
    return Path(shutil.copytree(folder("rules"), tmp_path / "rules"))


def edit(rules: Path, old: str, new: str) -> None:
    path = rules / FILE
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def state(rules: Path, rule: str = RULE) -> str:
    return next(each.state for each in standings(open_rulebook(rules), rules) if each.rule == rule)


def test_every_shipped_rule_of_law_was_read_as_it_stands():
    found = standings(open_rulebook(None), None)
    assert [(each.rule, each.state) for each in found if each.state != "read"] == []
    doubtful = [
        each.rule for each in found if each.reading and each.reading.verdict not in ("supported", "policy")
    ]
    assert doubtful == []
    assert register(None).keys() == {each.rule for each in found}


def test_every_reading_names_what_was_looked_at():
    assert [r.rule for r in register(None).values() if len(r.compared_with.split()) < 2] == []


def test_a_rule_whose_meaning_changes_is_to_be_read_again(rules):
    assert state(rules) == "read"
    edit(rules, "at most", "less than")
    assert state(rules) == "changed"


def test_words_examples_and_addresses_are_not_the_meaning(rules):
    before = fingerprints(open_rulebook(rules), rules)
    edit(rules, "title:", "note: a word more\ntitle:")
    text = (rules / FILE).read_text(encoding="utf-8")
    (rules / FILE).write_text(text.replace("checked: 2026-11-22", "checked: 2026-11-21"), encoding="utf-8")
    assert fingerprints(open_rulebook(rules), rules) == before


def test_signing_renews_the_reading_and_keeps_the_others(rules):
    edit(rules, "at most", "less than")
    others = {name: each for name, each in register(rules).items() if name != RULE}
    book = open_rulebook(rules)
    record(book, rules, [Reading(RULE, "", DAY, "in_part", "SI 2019/1 reg. 3", "only for parcels, by post")])
    assert state(rules) == "read"
    held = register(rules)
    assert held[RULE].note == "only for parcels, by post"
    assert {name: each for name, each in held.items() if name != RULE} == others


@pytest.mark.parametrize(
    ("reading", "code"),
    [
        (Reading("no-such-rule", "", DAY, "supported", "an act"), "rules.unknown"),
        (Reading("prefer-locker-for-small", "", DAY, "supported", "an act"), "rules.unknown"),
        (Reading(RULE, "", DAY, "suported", "an act"), "readings.verdict"),
        (Reading(RULE, "", DAY, "supported", "  "), "readings.nothing_compared"),
    ],
)
def test_a_reading_that_cannot_be_is_refused_and_nothing_written(rules, reading, code):
    before = (rules / READINGS).read_bytes()
    with pytest.raises((InputError, UnknownReference)) as caught:
        record(open_rulebook(rules), rules, [reading])
    assert caught.value.code == code
    assert (rules / READINGS).read_bytes() == before
    assert sorted(path.name for path in rules.glob("readings*")) == [READINGS]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (f"{RULE},abc,yesterday,supported,act 1,", "'yesterday' is not a date"),
        (f"{RULE},abc,2026-11-23,maybe,act 1,", "there is no verdict 'maybe'"),
        (f"{RULE},abc,2026-11-23,supported,act 1", "another number of cells"),
        (f"{RULE},abc,2026-11-23,supported,act 1,,more", "another number of cells"),
    ],
)
def test_a_broken_row_is_named_with_its_line(rules, row, said):
    header = (rules / READINGS).read_text(encoding="utf-8").splitlines()[0]
    (rules / READINGS).write_text(f"{header}\n{row}\n", encoding="utf-8")
    with pytest.raises(InputError, match=said) as caught:
        register(rules)
    assert caught.value.place == f"{READINGS}:2"


def test_a_register_that_is_no_text_is_refused_by_name(rules):
    (rules / READINGS).write_bytes(b"rule,\xff\xfe")
    with pytest.raises(InputError, match="UTF-8") as caught:
        register(rules)
    assert caught.value.place == f"{READINGS}:1"


def test_a_folder_without_a_register_has_no_readings(rules):
    (rules / READINGS).unlink()
    assert register(rules) == {}
    assert {each.state for each in standings(open_rulebook(rules), rules)} == {"unread"}


def test_the_command_lists_what_is_to_be_read_and_ends_with_one(rules):
    edit(rules, "at most", "less than")
    run = CliRunner().invoke(app, ["rules", "readings", "--rules", str(rules), "--lang", "fr"])
    assert run.exit_code == 1
    assert RULE in run.stdout
    assert "modifiée depuis sa lecture" in run.stdout
    signed = CliRunner().invoke(
        app,
        [
            "rules",
            "sign",
            RULE,
            "--verdict",
            "supported",
            "--compared",
            "SI 2019/1 reg. 3",
            "--rules",
            str(rules),
        ],
    )
    assert signed.exit_code == 0
    again = CliRunner().invoke(app, ["rules", "readings", "--json", "--rules", str(rules)])
    assert again.exit_code == 0
    body = next(each for each in json.loads(again.stdout) if each["rule"] == RULE)
    assert (body["state"], body["compared_with"]) == ("read", "SI 2019/1 reg. 3")
