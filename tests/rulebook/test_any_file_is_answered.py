"""Whatever stands in a rule file, the loader answers with a rulebook or with problems at real places."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.rulebook import RulebookError, load_rulebook, read_folder
from engine.vocabulary import vocabulary

GOOD = read_folder(Path(__file__).parents[1] / "good")
BAD = Path(__file__).parents[1] / "bad"
FILES = sorted(GOOD)
SNIPPETS = (
    "", "-", "{}", "[]", "{", "]", ":", "'", "\"", "&a", "*a", "!!str", "<<", "|", ">", "#", "?", "\t",
    "\u0000", "\ufeff", "no", "NO", "0101", "9999-12-31", "0001-01-01", "2026-02-30", "1e9",
    "999999999999999999999999999999 kg", "-1 EUR", "0.000000000001 EUR", "param x", "set x", "any line",
    "every option", "at least", "between 1 and", "is missing", "is known", "in zone corsica", "one of []",
    "contains all", "not", "this", "cannot_determine", "not applicable", "order.units", "goods.origin",
    "service.id", "arrival.place", "good.speed", "declaration.acceptance", "overrides", "replaces",
    "examples", "given", "expect", "then", "when", "id", "table", "charge.csv", "per", "line", "sum",
    "first",
)  # fmt: skip


@cache
def words():
    return vocabulary(services=["parcel_home", "parcel_shop", "two_person"], carriers=["colis"])


def refusal(texts: dict[str, str]) -> RulebookError | None:
    try:
        load_rulebook(texts, words())
    except RulebookError as error:
        return error
    return None


def answered(texts: dict[str, str]) -> None:
    error = refusal(texts)
    if error is None:
        return
    assert error.problems
    assert error.report()
    for problem in error.problems:
        lines = error.sources[problem.place.file].splitlines() or [""]
        assert 1 <= problem.place.line <= len(lines) + 1, problem
        assert problem.what, problem


@st.composite
def changed(draw: st.DrawFn) -> dict[str, str]:
    """The good files with a few words, lines or signs replaced, dropped, doubled or swapped."""
    texts = dict(GOOD)
    for _ in range(draw(st.integers(1, 3))):
        file = draw(st.sampled_from(FILES))
        pieces = re.findall(r"\n *|[\w.§-]+|\W", texts[file])
        if not pieces:
            continue
        at = draw(st.integers(0, len(pieces) - 1))
        match draw(st.sampled_from(["replace", "drop", "double", "swap", "cut"])):
            case "replace":
                pieces[at] = draw(st.one_of(st.sampled_from(SNIPPETS), st.text(max_size=4)))
            case "drop":
                del pieces[at]
            case "double":
                pieces.insert(at, pieces[at])
            case "swap":
                other = draw(st.integers(0, len(pieces) - 1))
                pieces[at], pieces[other] = pieces[other], pieces[at]
            case "cut":
                del pieces[at:]
        texts[file] = "".join(pieces)
    return texts


@settings(max_examples=200, deadline=None)
@given(changed())
def test_a_changed_good_file_is_loaded_or_refused_but_never_breaks_the_loader(texts):
    answered(texts)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80), st.sampled_from(["a.yaml", "customs/a.yaml", "offers/charge.csv"]))
def test_any_text_at_all_is_loaded_or_refused(text, file):
    answered({**GOOD, file: text})


def test_the_bad_folders_all_together_are_refused_and_not_more():
    texts = {}
    for folder in sorted(BAD.iterdir()):
        for file, text in read_folder(folder).items():
            texts[f"{file.split('/')[0] if '/' in file else 'other'}/{folder.name}/{file.split('/')[-1]}"] = (
                text
            )
    answered(texts)
