"""Finds the few listed names worth comparing, out of tens of thousands.

Words are found through their consonants, every form of these with one left out, and four letters at
either end, so a name with a wrong letter is met without looking at the whole list; then each name's
share of words found decides.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat

from customs.screening.fold import Folded, bones, folded, sound
from customs.screening.likeness import alike, turns, weight
from customs.screening.model import ListedName, ListedParty

__all__ = ["Candidate", "NameIndex"]

ENOUGH = 0.8  # share of either name's letters whose words were found
REMEMBERED = 20_000
_LIKE = 2  # consonants from which one may be left out
_PIECE = 4  # letters of a beginning or end


@dataclass(frozen=True, slots=True)
class Candidate:
    """A listed name with whose it is: ``order`` is the place of its list."""

    name: ListedName
    party: ListedParty
    order: int
    folded: Folded


def _traces(word: str) -> set[str]:
    """What a word is found by: its consonants, these with any one left out, and its beginning and end."""
    heard = sound(word)
    found = "".join(letter for letter in heard if letter not in "aeiou") or heard
    traces = {found}
    if len(found) >= _LIKE:
        traces.update(found[:at] + found[at + 1 :] for at in range(len(found)))
    if len(heard) > _PIECE:
        traces.update((f"{heard[:_PIECE]}-", f"-{heard[-_PIECE:]}"))
    return traces


class NameIndex:
    """All names of some lists, made once; asking changes nothing but what it remembers."""

    __slots__ = ("_bare", "_by_trace", "_by_whole", "_holding", "_known", "_names", "_similar", "_weights")

    def __init__(self, lists: Sequence[Iterable[ListedParty]]) -> None:
        self._names: list[Candidate] = []
        self._weights: list[float] = []
        self._holding: dict[str, list[int]] = {}
        self._by_whole: dict[str, list[int]] = {}
        self._by_trace: dict[str, list[str]] = {}
        self._bare = False
        for order, parties in enumerate(lists):
            for party in parties:
                for name in party.names:
                    self._add(Candidate(name, party, order, folded(name.text)))
        for word, numbers in self._holding.items():
            numbers.sort(key=self._weights.__getitem__)
            for trace in _traces(word):
                self._by_trace.setdefault(trace, []).append(word)
        self._similar: dict[tuple[str, bool], tuple[tuple[str, float], ...]] = {}
        self._known = len(self._names)

    def __len__(self) -> int:
        return self._known

    def _add(self, candidate: Candidate) -> None:
        core = candidate.folded.core
        if not core:
            return
        number = len(self._names)
        self._names.append(candidate)
        self._weights.append(sum(map(weight, core)))
        self._bare = self._bare or candidate.folded.bare
        for word in dict.fromkeys(core):
            self._holding.setdefault(word, []).append(number)
        self._by_whole.setdefault(bones("".join(core)), []).append(number)

    def _like(self, word: str, bare: bool) -> tuple[tuple[str, float], ...]:
        """Words of the lists like this one, each with its weight times the likeness."""
        known = self._similar.get((word, bare))
        if known is None:
            near = {other for trace in _traces(word) for other in self._by_trace.get(trace, ())}
            found = ((other, alike(word, other, bare)) for other in sorted(near))
            known = tuple((other, likeness) for other, likeness in found if likeness)
            if len(self._similar) >= REMEMBERED:
                self._similar.clear()
            self._similar[word, bare] = known
        return known

    def near(self, name: Folded) -> list[Candidate]:
        """Names that may resemble this one, in the order of the lists."""
        found = self._shares(name)
        own, weights = sum(map(weight, dict.fromkeys(name.core))), self._weights
        chosen = {
            number
            for number, share in found.items()
            if share >= ENOUGH * own or share >= ENOUGH * weights[number]
        }
        for piece in turns(name.core):
            chosen.update(self._by_whole.get(bones(piece), ()))
        return [self._names[number] for number in sorted(chosen)]

    def _shares(self, name: Folded) -> dict[int, float]:
        """Names that hold words like these, with the weight of what they hold; rare words are looked up first.

        A name that lacks the rare ones can only matter if it is short, so of a common word's names,
        sorted by weight, the first few are enough.
        """
        asked = [(word, self._like(word, name.bare or self._bare)) for word in dict.fromkeys(name.core)]
        asked.sort(key=lambda each: sum(len(self._holding[other]) for other, _ in each[1]))
        own = rest = sum(weight(word) for word, _ in asked)
        found: dict[int, float] = {}
        for word, like in asked:
            heavy, likes = weight(word), dict(like)
            for number in found:
                best = max(map(likes.get, self._names[number].folded.core, repeat(0.0)))
                found[number] += heavy * best
            fresh: dict[int, float] = {}
            for other, likeness in like:
                share = heavy * likeness
                for number in self._short(other, None if rest >= ENOUGH * own else rest / ENOUGH):
                    if number not in found and share > fresh.get(number, 0.0):
                        fresh[number] = share
            found.update(fresh)
            rest -= heavy
        return found

    def _short(self, word: str, limit: float | None) -> Sequence[int]:
        """The names that hold a word, those of at most that weight."""
        holding = self._holding[word]
        if limit is None:
            return holding
        return holding[: bisect_right(holding, limit, key=self._weights.__getitem__)]
