"""Legal forms, honorifics, particles and spellings of sounds: tables that people may edit."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from domain import WorldError

__all__ = ["Words", "is_abjad", "load_words", "rows", "spelled_out"]

SPELLED = 6
"""Legal forms shorter than this are also known as single letters."""

_KINDS = {
    "legal_form": ("start", "end", "both", "inside"),
    "honorific": ("start", "end", "both", "inside"),
    "particle": ("any",),
}

# Han, Hangul: one character, one syllable, so each becomes a word of its own.
_SYLLABLES = re.compile("[\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]")
_ARTICLE = re.compile(r"(?<!\w)\u0627\u0644(?=\w{3})")
_SILENT = re.compile("['`\u2019\u02bc\u02b9\u02ba\"]")
_WORD = re.compile("[a-z0-9]+")
_ABJAD = re.compile("[\u0590-\u06ff\u0700-\u074f\u0750-\u077f\ufb1d-\ufdff\ufe70-\ufeff]")


@dataclass(frozen=True, slots=True)
class Words:
    """What a name may shed. ``start`` and ``end`` are runs of words, longest first; ``inside`` is text as written."""

    start: tuple[tuple[str, ...], ...]
    end: tuple[tuple[str, ...], ...]
    inside: tuple[str, ...]
    particles: frozenset[str]
    sounds: tuple[tuple[str, str], ...]


def rows(name: str) -> list[Mapping[str, str]]:
    """The rows of ``customs/data/<name>``; a short or long row is a `WorldError`."""
    text = files("customs").joinpath("data", name).read_text(encoding="utf-8")
    found: list[Mapping[str, str]] = []
    reader = csv.DictReader(text.splitlines(), strict=True)
    for row in reader:
        if None in row or None in row.values():
            raise WorldError(
                "the row has not as many fields as the header",
                code="screening.bad_table",
                place=f"{name}:{reader.line_num}",
                cure="quote fields that hold commas",
            )
        found.append(row)
    return found


def is_abjad(text: str) -> bool:
    """Whether the text is in a script that leaves vowels out (Arabic, Hebrew, Syriac)."""
    return _ABJAD.search(text) is not None


def spelled_out(text: str) -> list[str]:
    """The words of a name in small Latin letters and digits, whatever its script.

    >>> spelled_out("Łukasz  ŻÓŁĆ-O’Brien"), spelled_out("习近平")
    (['lukasz', 'zolc', 'obrien'], ['xi', 'jin', 'ping'])
    """
    from anyascii import anyascii

    if not text.isascii():
        text = _ARTICLE.sub("", text)
        text = _SYLLABLES.sub(lambda found: f" {anyascii(found[0])} ", text)
        text = anyascii(_SILENT.sub("", text))
    return _WORD.findall(_SILENT.sub("", text).lower())


@cache
def load_words() -> Words:
    """The packaged tables; a row of unknown kind or place is a `WorldError`."""
    start, end, inside, particles = set(), set(), set(), set()
    for number, row in enumerate(rows("screening_words.csv"), start=2):
        if row["where"] not in _KINDS.get(row["kind"], ()):
            raise WorldError(
                f"{row['kind']!r} at {row['where']!r} has no meaning",
                code="screening.bad_table",
                place=f"screening_words.csv:{number}",
                cure="kind legal_form or honorific with start, end, both or inside; particle with any",
            )
        if row["where"] == "inside":
            inside.add(row["word"])
            continue
        run = tuple(spelled_out(row["word"]))
        forms = {run, ("".join(run),)} if row["kind"] == "legal_form" else {run}
        if row["where"] in ("start", "both"):
            start |= forms
        if row["where"] in ("end", "both"):
            end |= forms
            if row["kind"] == "legal_form" and len("".join(run)) < SPELLED:
                end.add(tuple("".join(run)))  # S.A.R.L. falls into letters, SARL does not
        if row["where"] == "any":
            particles |= set(run)
    return Words(
        tuple(sorted(start, key=_longest)),
        tuple(sorted(end, key=_longest)),
        tuple(sorted(inside, key=lambda word: (-len(word), word))),
        frozenset(particles),
        tuple((row["written"], row["sounds_as"]) for row in rows("screening_sounds.csv")),
    )


def _longest(run: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    return -len(run), run
