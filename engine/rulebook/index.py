"""The bitset index: one bit per row, one table per column, an AND over columns.

A table maps a value straight to the rows that accept it, as one integer that
carries two masks: the low half says which rows *may* accept, the high half
which *surely* do. So known and unknown facts take the same path, and a match
is a dictionary look-up and an AND per column, stopping at nothing left.

Values are remembered as they come; what a value was not seen before is
computed from the distinct literals, by sorted cuts where there are many.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence

from domain import NOT_APPLICABLE, Choice, Interval, Prefix, Truth
from engine.rulebook.rows import MISSING, Literal, Row, truth
from engine.rulebook.zones import Zone

__all__ = ["Bits", "RowIndex"]

MEMO_LIMIT = 20_000
CUT_TABLE_FROM = 24  # distinct literals on a column from which sorted cuts pay

Facts = Mapping[str, object]
Members = Mapping[str, Sequence[Facts]]
Drawn = Callable[..., Truth]


class _Table(dict[object, int]):
    """Value of one fact -> doubled mask of accepting rows; unseen values are computed once."""

    def __init__(self, literals: Sequence[tuple[Literal, int]], size: int, zones: Mapping[str, Zone], drawn: Drawn | None) -> None:
        super().__init__()
        self._literals = literals
        self._size = size
        self._zones = zones
        self._drawn = drawn
        self._full = (1 << (2 * size)) - 1
        plain = all(literal.column[0] == "value" for literal, _ in literals)
        self._cuts: list[tuple[object, int]] | None = None
        self._segments: list[int] = []
        if plain and len(literals) >= CUT_TABLE_FROM:
            self._cut_table()

    def _cut_table(self) -> None:
        """Masks between neighbouring cuts, by one sweep that flips only what changes."""
        flips: dict[tuple[object, int], list[int]] = {}
        refused: dict[int, int] = {}
        for number, (literal, _) in enumerate(self._literals):
            refused[number] = 0 if literal.accepts.starts_in else 1
            for cut in literal.accepts.cuts:
                flips.setdefault(cut, []).append(number)
        failing: dict[int, int] = {}  # row bit -> how many of its literals refuse here
        mask = 0
        for number, (_, rows) in enumerate(self._literals):
            if refused[number]:
                for bit in _each(rows):
                    failing[bit] = failing.get(bit, 0) + 1
                mask |= rows
        self._cuts = sorted(flips)  # type: ignore[type-var]
        self._segments = [mask]
        for cut in self._cuts:
            for number in flips[cut]:
                refused[number] ^= 1
                step = 1 if refused[number] else -1
                for bit in _each(self._literals[number][1]):
                    count = failing.get(bit, 0) + step
                    failing[bit] = count
                    mask = mask | bit if count else mask & ~bit
            self._segments.append(mask)

    def __missing__(self, value: object) -> int:
        mask = self._compute(value)
        if len(self) >= MEMO_LIMIT:
            self.clear()
        self[value] = mask
        return mask

    def _compute(self, value: object) -> int:
        known = value is not MISSING and value is not NOT_APPLICABLE and not isinstance(value, Choice | Interval | Prefix)
        if self._cuts is not None and known:
            refused = self._segments[bisect_right(self._cuts, (value, 0))]
            return self._full & ~(refused | (refused << self._size))
        no, unsure = 0, 0
        for literal, rows in self._literals:
            answer = truth(literal, value, self._zones, self._drawn)
            if answer is Truth.NO:
                no |= rows
            elif answer is Truth.MAYBE:
                unsure |= rows
        return self._full & ~(no | ((no | unsure) << self._size))


def _each(mask: int) -> Iterable[int]:
    while mask:
        bit = mask & -mask
        yield bit
        mask ^= bit


class Bits:
    """The bits of one match: rows that surely hold and rows that may."""

    __slots__ = ("may", "must")

    def __init__(self, must: int, may: int) -> None:
        self.must = must
        self.may = may


class RowIndex:
    """All rows of a decision in one epoch, ready to be matched against fact sets."""

    def __init__(self, rows: Sequence[Row], zones: Mapping[str, Zone], drawn: Drawn | None = None) -> None:
        self.size = len(rows)
        self.full = (1 << (2 * self.size)) - 1
        self._low = (1 << self.size) - 1
        grouped: dict[tuple[object, ...], dict[Literal, int]] = {}
        quantified: dict[tuple[object, ...], dict[Literal, int]] = {}
        for number, row in enumerate(rows):
            for literal in row:
                kind, fact = literal.column[0], literal.column[1]
                # one table a fact: values, elements, zones and status of it are read from the same value
                home = quantified if kind == "any" else grouped
                key = literal.column if kind == "any" else (fact,)
                bucket = home.setdefault(key, {})
                bucket[literal] = bucket.get(literal, 0) | (1 << number)
        self.columns: tuple[tuple[str, _Table], ...] = tuple(
            (str(key[0]), _Table(tuple(bucket.items()), self.size, zones, drawn))
            for key, bucket in sorted(grouped.items(), key=lambda item: -sum(rows.bit_count() for rows in item[1].values()))
        )
        self.quantifiers = tuple(
            (str(column[1]), _Quantifier(column[2], zones, drawn), tuple(bucket.items()))  # type: ignore[arg-type]
            for column, bucket in quantified.items()
        )

    @property
    def facts(self) -> frozenset[str]:
        """The facts the rows read, inner ones included."""
        inner = (name for _, quantifier, _ in self.quantifiers for name in quantifier.index.facts)
        return frozenset(name for name, _ in self.columns) | frozenset(inner)

    def match(self, facts: Facts, members: Members | None = None) -> Bits:
        """Which rows surely hold and which may, for one fact set."""
        mask = self.full
        get = facts.get
        for name, table in self.columns:
            mask &= table[get(name, MISSING)]
            if not mask:
                return Bits(0, 0)
        if self.quantifiers:
            mask = self._quantify(mask, facts, members or {})
        low = mask & self._low
        return Bits(mask >> self.size, low)

    def _quantify(self, mask: int, facts: Facts, members: Members) -> int:
        for scope, quantifier, literals in self.quantifiers:
            answer = quantifier.ask(facts, members.get(scope))
            for literal, rows in literals:
                verdict = truth(literal, answer, {})
                if verdict is not Truth.YES:
                    mask &= ~(rows << self.size)
                    if verdict is Truth.NO:
                        mask &= ~rows
        return mask


class _Quantifier:
    """Whether any member satisfies a body."""

    def __init__(self, rows: tuple[Row, ...], zones: Mapping[str, Zone], drawn: Drawn | None) -> None:
        self.index = RowIndex(rows, zones, drawn)

    def ask(self, facts: Facts, members: Sequence[Facts] | None) -> Truth:
        if members is None:
            return Truth.MAYBE
        answer = Truth.NO
        for member in members:
            bits = self.index.match({**facts, **member})
            if bits.must:
                return Truth.YES
            if bits.may:
                answer = Truth.MAYBE
        return answer
