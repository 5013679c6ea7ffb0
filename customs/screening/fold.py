"""The form in which names are compared: script, accents, order, titles and legal forms taken away."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from customs.screening.words import is_abjad, load_words, spelled_out

__all__ = ["Folded", "bones", "fold", "folded", "name_key", "sound"]

_VOWELS = frozenset("aeiou")
_REMEMBERED = 65_536


@dataclass(frozen=True, slots=True, order=True)
class Folded:
    """A name as words. ``core`` has shed titles and legal forms, ``full`` has not.

    ``bare``: from a script without vowels, so that only consonants can be compared.
    """

    core: tuple[str, ...]
    full: tuple[str, ...]
    bare: bool


def folded(text: str) -> Folded:
    """A name as words, in the order written.

    >>> folded("Dr. Ottilie von Nirgendwo").core, folded("ООО «Ромашка»").core
    (('ottilie', 'von', 'nirgendwo'), ('romashka',))
    """
    words = load_words()
    full = tuple(spelled_out(text))
    shorter = text
    if not text.isascii():
        for word in words.inside:
            shorter = shorter.replace(word, " ")
    core = tuple(spelled_out(shorter)) or full
    while (cut := _shed(core)) != core:
        core = cut
    return Folded(core, full, not text.isascii() and is_abjad(text))


def _shed(run: tuple[str, ...]) -> tuple[str, ...]:
    """Without one title or legal form at either end; never without everything."""
    starts, ends, longest = _ends()
    for size in range(min(longest, len(run) - 1), 0, -1):
        if run[-size:] in ends:
            return run[:-size]
        if run[:size] in starts:
            return run[size:]
    return run


@lru_cache(maxsize=1)
def _ends() -> tuple[frozenset[tuple[str, ...]], frozenset[tuple[str, ...]], int]:
    words = load_words()
    return frozenset(words.start), frozenset(words.end), max(map(len, (*words.start, *words.end)))


def fold(text: str) -> str:
    """A name normalised, as text; folding again changes nothing.

    >>> fold("Société d'Étude S.A.R.L.")
    'detude'
    """
    return " ".join(folded(text).core)


def name_key(text: str) -> str:
    """What a clearance remembers a name by: the folded words, sorted.

    >>> name_key("NIRGENDWO, Ottilie von")
    'nirgendwo ottilie von'
    """
    return " ".join(sorted(folded(text).core))


@lru_cache(maxsize=_REMEMBERED)
def sound(word: str) -> str:
    """A word with the spellings of one sound made one, and no letter doubled.

    >>> sound("yusuf") == sound("jousouf"), sound("mueller") == sound("muller")
    (True, True)
    """
    for written, heard in load_words().sounds:
        word = word.replace(written, heard)
    plain: list[str] = []
    for letter in word:
        if not plain or plain[-1] != letter:
            plain.append(letter)
    if len(plain) > 2 and plain[-1] == "h" and plain[-2] in _VOWELS:
        plain.pop()
    return "".join(plain)


@lru_cache(maxsize=_REMEMBERED)
def bones(word: str) -> str:
    """The consonants one hears; the word's sound where there are none.

    >>> bones("hussein"), bones("hsyn"), bones("mohammed"), bones("mhmd")
    ('hsn', 'hsn', 'mhmd', 'mhmd')
    """
    heard = sound(word)
    return "".join(letter for letter in heard if letter not in _VOWELS and letter != "v") or heard
