"""The commands of screening, as a person and as a machine use them."""

import json
import re
import shutil
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from commands import screening
from domain import InputError

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "customs" / "screening_lists"


def ask(*arguments: str | Path, stdin: str = "") -> tuple[int, str]:
    app = typer.Typer(pretty_exceptions_enable=False)
    screening.add(app)
    result = CliRunner().invoke(app, [str(each) for each in arguments], input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout


@pytest.fixture
def retailer(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "examples" / "retailer", tmp_path / "retailer")
    return tmp_path / "retailer"


def test_a_line_in_is_a_line_out_and_a_bad_one_stops_nothing():
    lines = [
        '{"name": "Ottilie Nirgendwo", "birth_year": 1902, "kind": "person"}',
        '{"name": "Secretname", "birth": 1}',
        '{"name": "Jo Demo", "country": "FR"}',
    ]
    code, out = ask("screen", "--jsonl", stdin="\n".join(lines))
    hit, wrong, clear = map(json.loads, out.splitlines())
    assert code == 0
    assert (hit["status"], hit["score"], hit["because"]) == ("hit", "1.0000", "same_name_identified")
    assert wrong["error"]["code"] == "screening.unknown_field"
    assert "Secretname" not in out
    assert (clear["status"], clear["matches"]) == ("clear", [])


def test_named_lists_take_the_place_of_the_retailers():
    code, out = ask("screen", "Cosmo Falsename", "--list", SAMPLES / "SDN.CSV", "--json")
    body = json.loads(out)
    assert (code, body["status"], list(body["lists"])) == (0, "hit", ["ofac_sdn"])
    _, out = ask("screen", "Ottilie Nirgendwo", "--list", SAMPLES / "eu.xml", "--json")
    assert json.loads(out)["status"] == "clear"


def test_a_person_reads_a_table():
    code, out = ask("screen", "Ottilie Nirgendwo")
    assert code == 0
    for text in ("Ottilie Nirgendwo", "demo-0002", "screening_demo"):
        assert text in out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("screen",), "screening.bad_name"),
        (("screen", "x", "--list", "nowhere.csv"), "screening.no_file"),
        (("screen", "x", "--format", "pdf", "--list", str(SAMPLES / "eu.xml")), "screening.unknown_format"),
        (("screen", "x", "--date", "tomorrow"), "screening.bad_date"),
        (("screen", "x", "--lang", "tlh"), "language.unknown"),
    ],
)
def test_a_wrong_question_is_told(arguments, code):
    with pytest.raises(InputError) as caught:
        ask(*arguments)
    assert caught.value.code == code


def test_an_empty_list_cannot_clear_anybody(tmp_path):
    head = (SAMPLES / "opensanctions.csv").read_text(encoding="utf-8").partition("\n")[0]
    (tmp_path / "empty.csv").write_text(head + "\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        ask("screen", "Jo Demo", "--list", tmp_path / "empty.csv")
    assert caught.value.code == "screening.no_list"


def test_checking_names_every_broken_row_and_fails(tmp_path):
    text = (SAMPLES / "opensanctions.csv").read_text(encoding="utf-8").replace('"fic-2"', '""')
    (tmp_path / "list.csv").write_text(text, encoding="utf-8")
    code, out = ask("screening", "check", tmp_path / "list.csv")
    assert code == 1
    assert "list.csv:3 (id): the entry has no id" in out
    code, out = ask("screening", "check", tmp_path / "list.csv", "--json")
    (found,) = json.loads(out)["lists"]
    assert (code, found["parties"], found["broken"][0]["line"]) == (1, 2, 3)


def test_checking_a_good_list_succeeds():
    code, out = ask("screening", "check", SAMPLES / "SDN.CSV", SAMPLES / "un.xml", "--json")
    assert code == 0
    assert [each["list"] for each in json.loads(out)["lists"]] == ["un_sc", "ofac_sdn"]


def clearing(retailer: Path, name: str = "Ottilie Nirgendwo", **more: str) -> tuple[int, str]:
    given = {"list": "screening_demo", "entry": "demo-0002", "by": "J. Doe", "reason": "seen", **more}
    options = [part for key, value in given.items() for part in (f"--{key}", value)]
    return ask("screening", "clear", name, *options, "--retailer", retailer, "--date", "2026-11-22", "--json")


def test_clearing_is_remembered_and_twice_is_told(retailer):
    code, out = clearing(retailer)
    assert (code, json.loads(out)["cleared_on"]) == (0, "2026-11-22")
    _, out = ask("screen", "Ottilie Nirgendwo", "--retailer", retailer, "--json")
    assert (json.loads(out)["status"], json.loads(out)["because"]) == ("clear", "cleared")
    with pytest.raises(InputError) as caught:
        clearing(retailer, "NIRGENDWO Ottilie")
    assert caught.value.code == "screening.cleared_twice"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"list": "eu_fsf"}, "screening.unknown_list"),
        ({"entry": "demo-9999"}, "screening.unknown_entry"),
        ({"entry": "demo-0001"}, "screening.unknown_entry"),
        ({"by": " "}, "screening.unsigned"),
        ({"reason": ""}, "screening.unsigned"),
    ],
)
def test_what_cannot_be_cleared_is_told_and_nothing_is_written(retailer, change, code):
    with pytest.raises(InputError) as caught:
        clearing(retailer, **change)
    assert caught.value.code == code
    assert not (retailer / "clearances.csv").exists()
    assert "Nirgendwo" not in str(caught.value)


# -- what docs/screening.md shows ------------------------------------------------------------------

PAGE = (ROOT / "docs" / "screening.md").read_text(encoding="utf-8")


def test_the_page_shows_the_answer_that_is_given():
    shown = json.loads(PAGE.partition("```json\n")[2].partition("```")[0])
    _, out = ask("screen", "Ottilie Nirgendwo", "--birth-year", "1902", "--json")
    assert json.loads(out) == shown


def test_the_page_names_every_param_with_its_value():
    text = (ROOT / "rules" / "compliance" / "screening.yaml").read_text(encoding="utf-8")
    values = re.findall(r"^  (screening-[a-z-]+):$.*?value: ([0-9.]+)", text, re.MULTILINE | re.DOTALL)
    assert len(values) == 4
    for name, value in values:
        (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{name}` |")]
        assert float(row.split("|")[2]) == float(value)


def test_the_page_names_every_reason():
    text = (ROOT / "customs" / "screening" / "screener.py").read_text(encoding="utf-8")
    reasons = set(re.findall(r'"([a-z_]+_(?:alike|name|word|identified))"', text)) | {"cleared"}
    reasons |= {f"differs_in_{field}" for field in re.findall(r'differ\)?\.append\("([a-z_]+)"', text)}
    assert len(reasons) == 12
    assert {reason for reason in reasons if f"`{reason}`" not in PAGE} == set()
