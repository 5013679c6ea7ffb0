"""Every mistake in a rule file is told at its place, with its cause and its cure.

A folder of ``tests/bad`` is a rule folder with one mistake (a few hold several,
to show that all are told at once) and ``expected.txt``, the whole report as a
person reads it. After a change of wording::

    REGENERATE=1 pytest tests/rulebook/test_bad_rules.py

writes the reports anew; read the difference before you keep it.
"""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path

import pytest

import engine.rulebook
from engine.rulebook import RulebookError, Vocabulary, load_rulebook, read_folder
from engine.vocabulary import vocabulary

BAD = Path(__file__).parents[1] / "bad"
CASES = sorted(folder.name for folder in BAD.iterdir() if folder.is_dir())
POLYGONS = ("ile-d-yeu", "ile-de-sein")
# Codes that are put together from a word of the file.
BUILT = {
    "{key}.absent": {"per.absent", "hit.absent"},
    "{key}.unknown": {
        "per.unknown",
        "hit.unknown",
        "about_input.unknown",
        "overrides.unknown",
        "replaces.unknown",
    },
    "{what}.off": {"param.off", "set.off"},
    "{what}.unknown": {"param.unknown", "set.unknown"},
}
# A file of 4 MB is not kept in the repository: test_nodes_of_rule_files.py makes one.
COVERED_ELSEWHERE = {"file.too_large"}


@pytest.fixture(scope="module")
def words() -> Vocabulary:
    return vocabulary(services=["parcel_home", "parcel_shop", "two_person"], carriers=["colis", "paket"])


def refusal(name: str, words: Vocabulary) -> RulebookError:
    with pytest.raises(RulebookError) as caught:
        load_rulebook(read_folder(BAD / name), words, polygons=POLYGONS)
    return caught.value


@pytest.mark.parametrize("name", CASES)
def test_the_report_reads_exactly_as_expected(name, words):
    report = refusal(name, words).report() + "\n"
    expected = BAD / name / "expected.txt"
    if os.environ.get("REGENERATE"):
        expected.write_text(report, encoding="utf-8")
    assert report == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CASES)
def test_every_problem_stands_at_a_place_that_exists_and_says_what_to_do(name, words):
    error = refusal(name, words)
    for problem in error.problems:
        lines = error.sources[problem.place.file].splitlines()
        assert 1 <= problem.place.line <= len(lines), problem
        assert 1 <= problem.place.column <= len(lines[problem.place.line - 1]) + 1, problem
        assert problem.what, problem
        assert problem.cure, problem


@pytest.mark.parametrize("name", CASES)
def test_the_same_folder_gives_the_same_report_in_any_order_of_files(name, words):
    texts = read_folder(BAD / name)
    turned = {file: texts[file] for file in reversed(texts)}
    with pytest.raises(RulebookError) as caught:
        load_rulebook(turned, words, polygons=POLYGONS)
    assert caught.value.report() == refusal(name, words).report()


def emitted() -> set[str]:
    """Every code that the loader can give a problem."""
    codes: set[str] = set()
    for file in Path(engine.rulebook.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr != "add" or "problems" not in ast.unparse(node.func.value):
                continue
            code = node.args[0]
            if isinstance(code, ast.JoinedStr):
                codes |= BUILT[ast.unparse(code)[2:-1]]
            else:
                assert isinstance(code, ast.Constant), f"{file.name}:{node.lineno}: write the code out"
                codes.add(str(code.value))
    return codes


def test_every_code_the_loader_can_give_is_shown_by_some_bad_folder():
    shown: set[str] = set()
    for name in CASES:
        report = (BAD / name / "expected.txt").read_text(encoding="utf-8")
        shown |= set(re.findall(r" \[([a-z_]+\.[a-z_]+)\]$", report, flags=re.MULTILINE))
    assert emitted() - shown - COVERED_ELSEWHERE == set()
    assert shown - emitted() == set()


def test_there_is_a_bad_folder_for_each_way_to_go_wrong():
    assert len(CASES) >= 55


def test_a_broken_file_leaves_the_rulebook_in_force_untouched(words):
    good = read_folder(BAD.parent / "good")
    book = load_rulebook(good, words)
    before = (book.version, book.order, dict(book.rules), dict(book.zones), dict(book.sources.params))
    answer = book.ask("good.speed", {"order.channel": "web", "order.units": 1})

    broken = {**good, "offers/broken.yaml": "decision: offers.broken\nrules: [{id: x"}
    with pytest.raises(RulebookError) as caught:
        load_rulebook(broken, words)

    assert {problem.place.file for problem in caught.value.problems} == {"offers/broken.yaml"}
    after = (book.version, book.order, dict(book.rules), dict(book.zones), dict(book.sources.params))
    assert after == before
    assert book.ask("good.speed", {"order.channel": "web", "order.units": 1}) == answer
    assert load_rulebook(good, words).version == book.version
    assert "mend them and check again; nothing was changed" in str(caught.value)


def test_problems_in_machine_form_say_the_same_as_the_report(words):
    error = refusal("several-mistakes-at-once", words)
    for problem in error.problems:
        form = problem.to_json()
        assert (
            f"{form['file']}:{form['line']}:{form['column']}: {form['what']} [{form['code']}]"
            in error.report()
        )
        assert str(form["cure"]) in error.report()
