"""Screens one party against lists: who resembles it, how sure that is, and whether somebody cleared it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from customs.screening.fold import folded, name_key
from customs.screening.index import Candidate, NameIndex
from customs.screening.likeness import Likeness, compare
from customs.screening.model import Clearance, Match, Party, PartyList, Policy, Screened

__all__ = ["Screener"]

RANK = {"hit": 2, "possible": 1, "clear": 0}


class Screener:
    """Lists made ready to be asked, with what was cleared before. Answers depend on nothing else."""

    __slots__ = ("_cleared", "_index", "lists")

    def __init__(self, lists: Sequence[PartyList], clearances: Iterable[Clearance] = ()) -> None:
        self.lists = tuple(each.settled() for each in lists)
        self._index = NameIndex([each.parties for each in self.lists])
        self._cleared = {clearance.key: clearance for clearance in clearances}

    @property
    def versions(self) -> Mapping[str, str]:
        """The version of each list."""
        return {each.id: each.version for each in self.lists}

    def __len__(self) -> int:
        return len(self._index)

    def screen(self, party: Party, policy: Policy) -> Screened:
        """One party against all lists: each listed party once, by its name that fits best."""
        name = folded(party.name)
        nearest = 0.0
        best: dict[tuple[int, str], Match] = {}
        for candidate in self._index.near(name):
            likeness = compare(name, candidate.folded)
            nearest = max(nearest, likeness.score)
            match = self._judge(party, candidate, likeness, policy)
            if match is None:
                continue
            key = (candidate.order, candidate.party.id)
            if key not in best or _rank(match) > _rank(best[key]):
                best[key] = match
        key_of_name = name_key(party.name) if best else ""
        found = [self._settled(match, key_of_name) for match in best.values()]
        found.sort(key=lambda match: (_order(match), match.list_id, match.party.id))
        return self._answer(found, nearest)

    def resembling(self, name: str, list_id: str, entry: str) -> Match | None:
        """That entry by the name that fits best, whatever follows from it; None where no name is near."""
        asked = folded(name)
        best: Match | None = None
        for candidate in self._index.near(asked):
            source, score = self.lists[candidate.order], compare(asked, candidate.folded).score
            if (source.id, candidate.party.id) == (list_id, entry) and (best is None or score > best.score):
                best = Match(
                    "possible", "like_name", score, candidate.name, candidate.party, list_id, source.version
                )
        return best

    def _answer(self, found: list[Match], nearest: float) -> Screened:
        if not found:
            return Screened("clear", "nothing_alike", nearest, (), self.versions)
        first = found[0]
        return Screened(first.status, first.reason, first.score, tuple(found), self.versions)

    def _judge(self, party: Party, candidate: Candidate, likeness: Likeness, policy: Policy) -> Match | None:
        listed = candidate.party
        agree, differ = _identifiers(party, candidate, policy.years)
        weak = candidate.name.weak
        said = verdict(likeness, weak, listed.kind, agree, differ, policy)
        if said is None:
            return None
        source = self.lists[candidate.order]
        return Match(
            said[0], said[1], likeness.score, candidate.name, listed, source.id, source.version, agree, differ
        )

    def _settled(self, match: Match, key: str) -> Match:
        clearance = self._cleared.get((key, match.list_id, match.party.id, match.list_version))
        if clearance is None:
            return match
        return Match(
            "clear",
            "cleared",
            match.score,
            match.name,
            match.party,
            match.list_id,
            match.list_version,
            match.agree,
            match.differ,
            clearance,
        )


def verdict(
    likeness: Likeness,
    weak: bool,
    kind: str,
    agree: Sequence[str],
    differ: Sequence[str],
    policy: Policy,
) -> tuple[str, str] | None:
    """(status, reason) of one comparison, None where it means nothing.

    The same name is a hit by itself, a likely one with another identifier that agrees. A weak alias and
    a single word need such an identifier; only the one word that is the whole name of a company or ship
    does not. An identifier that contradicts takes a step back: hit to possible, possible to clear.
    """
    score, same = likeness.score, likeness.score == 1.0
    identified = bool(agree) and not differ
    if differ:
        sure = score >= policy.hit and not weak and not likeness.thin
        return ("possible", f"differs_in_{differ[0]}") if sure else None
    if weak or likeness.thin:
        if identified and score >= policy.possible_identified:
            return "possible", "weak_alias_identified" if weak else "one_word_identified"
        whole = same and not weak and kind != "person"
        return ("possible", "same_word") if whole else None
    if same:
        return "hit", "same_name_identified" if identified else "same_name"
    if identified and score >= policy.hit:
        return "hit", "likely_name_identified"
    if identified and score >= policy.possible_identified:
        return "possible", "like_name_identified"
    return ("possible", "like_name") if score >= policy.possible else None


def _identifiers(party: Party, candidate: Candidate, years: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Which other identifiers agree and which contradict. Living elsewhere contradicts nothing."""
    listed = candidate.party
    agree, differ = list[str](), list[str]()
    if party.birth_year is not None and listed.birth_years:
        near = any(abs(party.birth_year - year) <= years for year in listed.birth_years)
        (agree if near else differ).append("birth_year")
    if party.kind is not None and party.kind != listed.kind:
        differ.append("kind")
    if party.country is not None and party.country in listed.countries:
        agree.append("country")
    return tuple(agree), tuple(differ)


def _rank(match: Match) -> tuple[int, float]:
    return RANK[match.status], match.score


def _order(match: Match) -> tuple[int, float]:
    return -RANK[match.status], -match.score
