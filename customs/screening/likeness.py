"""How much two names resemble each other: 0 to 1, the same whichever comes first.

Words are paired, the likeliest first, each likeness by Jaro-Winkler (rapidfuzz) on the letters and on the
sounds; the share of the letters that found a partner is the score. So order does not count, a word
that one name lacks counts little, and names written as one word or as two are compared in one piece.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler

from customs.screening.fold import Folded, bones, sound
from customs.screening.words import load_words

__all__ = ["Likeness", "alike", "compare", "turns", "weight"]

STEEP, STEEPER = 1.5, 2.5  # how much worse a word gets than its Jaro-Winkler says; a short word
FLOOR = 0.8  # Jaro-Winkler below which two words are different words
BY_SOUND, BY_BONES, BY_INITIAL, BY_PIECE = 0.98, 0.95, 0.75, 0.97
BY_VOWELS = 0.9  # four consonants or more are the same (Mohamed, Muhammad)
MOST = 0.99  # only the same words make 1
LIGHT = 0.25  # weight of a particle (von, al, of)
ABSENT = 0.2  # weight of a word that the shorter name lacks
SHORT = 3  # letters up to which a word must be the same, but for its sound
FEW = 4  # letters up to which a word is short
PARTED = 0.8  # how far the lengths of one name in one piece and of the other may lie apart
MANY = 6  # words up to which a name may begin with any of them
SOLID = 2  # words that must be found for a name to be more than one word
_REMEMBERED = 262_144


@dataclass(frozen=True, slots=True)
class Likeness:
    """``score`` 0 to 1; ``thin``: only one word, or an initial, was found of the other name."""

    score: float
    thin: bool


NOTHING = Likeness(0.0, True)


@lru_cache(maxsize=_REMEMBERED)
def weight(word: str) -> float:
    """How much a word counts: its letters, a particle a quarter of them."""
    return len(word) * (LIGHT if word in load_words().particles else 1.0)


@lru_cache(maxsize=_REMEMBERED)
def alike(one: str, other: str, bare: bool = False) -> float:
    """The likeness of two words, 0 where they are different ones. ``bare``: compare consonants."""
    if one == other:
        return 1.0
    if one > other:
        one, other = other, one
    if len(one) == 1 or len(other) == 1:
        return BY_INITIAL if one[0] == other[0] and len(one) != len(other) else 0.0
    one_sound, other_sound = sound(one), sound(other)
    if one_sound == other_sound:
        best = BY_SOUND
    elif min(len(one), len(other)) <= SHORT:
        best = 0.0
    else:
        best = max(
            JaroWinkler.similarity(one, other), BY_SOUND * JaroWinkler.similarity(one_sound, other_sound)
        )
        if min(len(one), len(other)) <= FEW:
            best = 1 - (1 - best) * STEEPER / STEEP
    if bare or best < BY_VOWELS:
        best = max(best, _by_bones(bones(one), bones(other), bare))
    return 0.0 if best < FLOOR else 1 - STEEP * (1 - best)


def _by_bones(one: str, other: str, bare: bool) -> float:
    shorter = min(len(one), len(other))
    if one == other:
        return BY_BONES if bare and shorter > 1 else BY_VOWELS if shorter > SHORT else 0.0
    return BY_BONES * JaroWinkler.similarity(one, other) if bare and shorter > SHORT else 0.0


def compare(one: Folded, other: Folded) -> Likeness:
    """The likeness of two names."""
    if one > other:
        one, other = other, one
    if not one.core or not other.core:
        return NOTHING
    if sorted(one.full) == sorted(other.full):
        return Likeness(1.0, _alone(one.full))
    if sorted(one.core) == sorted(other.core):
        return Likeness(1.0, _alone(one.core))
    bare = one.bare or other.bare
    paired = _paired(one.core, other.core, bare)
    if len(one.core) == len(other.core) and not bare:
        return paired
    piece = _in_one_piece(one.core, other.core, bare)
    if piece > paired.score:
        return Likeness(piece, _alone(max(one.core, other.core, key=len)))
    return paired


def turns(words: tuple[str, ...]) -> list[str]:
    """The name in one piece, beginning with each of its words; a very long one as it is."""
    count = len(words) if len(words) <= MANY else 1
    return ["".join(words[shift:] + words[:shift]) for shift in range(count)]


def _alone(words: tuple[str, ...]) -> bool:
    particles = load_words().particles
    return sum(len(word) > 1 and word not in particles for word in words) < SOLID


def _paired(one: tuple[str, ...], other: tuple[str, ...], bare: bool) -> Likeness:
    found = sorted(
        (-likeness, first, second)
        for first, a in enumerate(one)
        for second, b in enumerate(other)
        if (likeness := alike(a, b, bare))
    )
    left, right = set(range(len(one))), set(range(len(other)))
    matched = total = 0.0
    solid = 0
    particles = load_words().particles
    for likeness, first, second in found:
        if first not in left or second not in right:
            continue
        left.discard(first)
        right.discard(second)
        a, b = one[first], other[second]
        initial = min(len(a), len(b)) == 1
        both = 2.0 if initial else weight(a) + weight(b)
        matched -= likeness * both
        total += both
        solid += not initial and a not in particles
    if not found:
        return NOTHING
    lost, added = sorted((sum(weight(one[i]) for i in left), sum(weight(other[i]) for i in right)))
    # Words that only the longer name has say little, if the shorter one was found whole.
    total += lost + added * (ABSENT if lost <= LIGHT * min(map(len, (one, other))) else 1.0)
    return Likeness(min(matched / total, MOST), solid < SOLID)


def _in_one_piece(one: tuple[str, ...], other: tuple[str, ...], bare: bool) -> float:
    """Names parted differently: ``Al Qaida`` and ``Alqaida``, ``Jinping Xi`` and ``Xi Jin Ping``."""
    fewer, more = sorted((one, other), key=len)
    whole = "".join(more)
    if not bare and not PARTED < sum(map(len, fewer)) / len(whole) < 1 / PARTED:
        return 0.0
    turned = set(turns(fewer))
    best = max(OSA.normalized_similarity(piece, whole) for piece in turned)
    heard = bones if bare else sound
    sounded = max(OSA.normalized_similarity(heard(piece), heard(whole)) for piece in turned)
    return BY_PIECE * max(best, (BY_BONES if bare else BY_SOUND) * sounded)
