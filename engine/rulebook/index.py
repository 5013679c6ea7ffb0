"""The bitset index: one bit per row, one table per column, an AND over columns.

A table maps a value straight to the rows that accept it, as one integer that
carries two masks: the low half says which rows *may* accept, the high half
which *surely* do. So known and unknown facts take the same path, and a match
is a dictionary look-up and an AND per column, stopping at nothing left.

Values are remembered as they come; what a value was not seen before is
computed from the distinct literals, by sorted cuts where there are many.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from domain import NOT_APPLICABLE, Choice, Interval, Prefix, Truth
from engine.rulebook.rows import MISSING, Literal, Row, SetTest, truth
from engine.rulebook.zones import Zone

__all__ = ["RowIndex"]

MEMO_LIMIT = 20_000
MEMO_BYTES = 32_000_000  # of masks remembered on one column
CUT_TABLE_FROM = 24  # distinct literals on a column from which sorted cuts pay

_NOT_ONE_VALUE = frozenset({type(MISSING), type(NOT_APPLICABLE), Choice, Interval, Prefix})

Facts = Mapping[str, object]
Members = Mapping[str, Sequence[Facts]]
Drawn = Callable[..., Truth]


class _Table(dict[object, int]):
    """Value of one fact -> doubled mask of accepting rows; unseen values are computed once."""

    def __init__(
        self,
        literals: Sequence[tuple[Literal, int]],
        size: int,
        zones: Mapping[str, Zone],
        drawn: Drawn | None,
    ) -> None:
        super().__init__()
        self._literals = literals
        self._size = size
        self._zones = zones
        self._drawn = drawn
        self._low = (1 << size) - 1
        self._limit = max(1, min(MEMO_LIMIT, MEMO_BYTES // (size // 4 + 28)))
        self._cuts: list[Any] | None = None
        self._segments: list[int] = []
        if len(literals) >= CUT_TABLE_FROM and all(literal.column[0] == "value" for literal, _ in literals):
            self._cut_table()

    @property
    def touched(self) -> int:
        """The rows that have a literal here."""
        found = 0
        for _, rows in self._literals:
            found |= rows
        return found

    def _cut_table(self) -> None:
        """Accepting rows below, at and between the cut values, by one sweep that flips only what changes."""
        flips: dict[Any, tuple[list[int], list[int]]] = {}
        refused: dict[int, int] = {}
        for number, (literal, _) in enumerate(self._literals):
            accepts = literal.accepts
            if isinstance(accepts, SetTest):  # no order among sets of codes, so no cuts
                return
            refused[number] = 0 if accepts.starts_in else 1
            for value, bias in accepts.cuts:
                flips.setdefault(value, ([], []))[bias > 0].append(number)
        failing: dict[int, int] = {}  # row bit -> how many of its literals refuse here
        mask = self._low
        for number, (_, rows) in enumerate(self._literals):
            if refused[number]:
                for bit in _each(rows):
                    failing[bit] = failing.get(bit, 0) + 1
                mask &= ~rows
        self._cuts = sorted(flips)
        self._segments = [mask]
        for value in self._cuts:
            for side in flips[value]:
                for number in side:
                    refused[number] ^= 1
                    step = 1 if refused[number] else -1
                    for bit in _each(self._literals[number][1]):
                        count = failing[bit] = failing.get(bit, 0) + step
                        mask = mask & ~bit if count else mask | bit
                self._segments.append(mask)

    def __missing__(self, value: object) -> int:
        cuts = self._cuts
        if cuts is not None and type(value) not in _NOT_ONE_VALUE:
            place = bisect_left(cuts, value)
            at = place < len(cuts) and cuts[place] == value
            half = self._segments[2 * place + at]
            mask = half | half << self._size
        else:
            mask = self._try_each(value)
        if len(self) >= self._limit:
            self.clear()
        self[value] = mask
        return mask

    def _try_each(self, value: object) -> int:
        no, unsure = 0, 0
        for literal, rows in self._literals:
            answer = truth(literal, value, self._zones, self._drawn)
            if answer is Truth.NO:
                no |= rows
            elif answer is Truth.MAYBE:
                unsure |= rows
        return self._low & ~no | (self._low & ~(no | unsure)) << self._size


def _each(mask: int) -> Iterable[int]:
    while mask:
        bit = mask & -mask
        yield bit
        mask ^= bit


class RowIndex:
    """All rows of a decision in one epoch, ready to be matched against fact sets."""

    def __init__(self, rows: Sequence[Row], zones: Mapping[str, Zone], drawn: Drawn | None = None) -> None:
        self.size = size = len(rows)
        self.low = (1 << size) - 1
        self.full = (1 << (2 * size)) - 1
        grouped: dict[str, dict[Literal, int]] = {}
        quantified: dict[str, dict[Literal, int]] = {}
        for number, row in enumerate(rows):
            for literal in row:
                # one table a fact: values, elements, zones and status of it are read from the same value
                home = quantified if literal.column[0] == "any" else grouped
                bucket = home.setdefault(str(literal.column[1]), {})
                bucket[literal] = bucket.get(literal, 0) | (1 << number)
        self.columns: tuple[tuple[str, _Table], ...] = tuple(
            (name, _Table(tuple(bucket.items()), size, zones, drawn))
            for name, bucket in sorted(
                grouped.items(), key=lambda item: -sum(rows.bit_count() for rows in item[1].values())
            )
        )
        self.scopes = tuple(_Scope(name, bucket, size, zones, drawn) for name, bucket in quantified.items())
        self._tables = dict(self.columns)
        self._touching: dict[str, int] = {}
        self._parts: dict[frozenset[str], tuple[_Part, _Part]] = {}

    @cached_property
    def facts(self) -> frozenset[str]:
        """The facts the rows read, inner ones included."""
        inner = (name for scope in self.scopes for name in scope.index.facts)
        return frozenset(name for name, _ in self.columns) | frozenset(inner)

    def touching(self, fact: str) -> int:
        """The rows that test a fact, inside quantifiers too, as a mask of rows that may hold."""
        found = self._touching.get(fact)
        if found is None:
            table = self._tables.get(fact)
            found = table.touched if table is not None else 0
            for scope in self.scopes:
                if fact in scope.index.facts:
                    found |= scope.touched
            self._touching[fact] = found
        return found

    def accepting(self, fact: str, value: object) -> int:
        """The doubled mask of the rows that a value of one fact leaves standing."""
        table = self._tables.get(fact)
        return self.full if table is None else table[value]

    def match(self, facts: Facts, members: Members | None = None) -> int:
        """The doubled mask of one fact set: rows that may hold in its low half, sure ones in its high."""
        mask = self.full
        get = facts.get
        for name, table in self.columns:
            mask &= table[get(name, MISSING)]
            if not mask:
                return 0
        for scope in self.scopes:
            if mask & scope.touched:
                mask = scope.narrow(mask, facts, members)
        return mask

    def begin(self, facts: Facts, members: Members | None, later: frozenset[str]) -> int:
        """The doubled mask by all columns but those of the ``later`` facts, for :meth:`finish`."""
        mask = self.full
        get = facts.get
        columns, scopes = self._parted(later)[0]
        for name, table in columns:
            mask &= table[get(name, MISSING)]
            if not mask:
                return 0
        for scope in scopes:
            if mask & scope.touched:
                mask = scope.narrow(mask, facts, members)
        return mask

    def finish(self, mask: int, facts: Facts, members: Members | None, later: frozenset[str]) -> int:
        """The doubled mask of a fact set that differs from the one begun with in ``later`` facts only."""
        columns, scopes = self._parted(later)[1]
        get = facts.get
        for name, table in columns:
            if not mask:
                return 0
            mask &= table[get(name, MISSING)]
        for scope in scopes:
            if mask & scope.touched:
                mask = scope.narrow(mask, facts, members)
        return mask

    def _parted(self, later: frozenset[str]) -> tuple[_Part, _Part]:
        """Columns and quantifiers that do not wait for the ``later`` facts, and those that do."""
        found = self._parts.get(later)
        if found is None:
            now = tuple((name, table) for name, table in self.columns if name not in later)
            then = tuple((name, table) for name, table in self.columns if name in later)
            ready = tuple(scope for scope in self.scopes if not scope.index.facts & later)
            waiting = tuple(scope for scope in self.scopes if scope.index.facts & later)
            found = self._parts[later] = (now, ready), (then, waiting)
        return found

    def member(self, facts: Facts, member: Facts) -> int:
        """As :meth:`match` for one member; its own facts hide those around it."""
        mask = self.full
        own, around = member.get, facts.get
        for name, table in self.columns:
            value = own(name, _ABSENT)
            mask &= table[around(name, MISSING) if value is _ABSENT else value]
            if not mask:
                return 0
        for scope in self.scopes:
            mask = scope.narrow(mask, {**facts, **member}, None)
        return mask


_ABSENT = object()


class _Scope:
    """Every quantifier over one inner scope: all bodies in one index, so each member is matched once."""

    def __init__(
        self,
        name: str,
        literals: Mapping[Literal, int],
        size: int,
        zones: Mapping[str, Zone],
        drawn: Drawn | None,
    ) -> None:
        self.name = name
        bodies: dict[tuple[Row, ...], tuple[int, int]] = {}
        touched = 0
        for literal, rows in literals.items():
            body: tuple[Row, ...] = literal.column[2]  # type: ignore[assignment]
            yes, no = bodies.get(body, (0, 0))
            yes |= 0 if literal.accepts.holds(True) else rows
            no |= 0 if literal.accepts.holds(False) else rows
            bodies[body] = yes, no
            touched |= rows
        pooled: list[Row] = []
        # rows of the body; what falls if a member satisfies it, if one may, if none does
        self._bodies: list[tuple[int, int, int, int]] = []
        for body, (yes, no) in bodies.items():
            own = ((1 << len(body)) - 1) << len(pooled)
            pooled += body
            self._bodies.append((own, yes | yes << size, (yes | no) << size, no | no << size))
        self.touched = touched
        self._sure = touched << size
        self.index = RowIndex(pooled, zones, drawn)

    def narrow(self, mask: int, facts: Facts, members: Members | None) -> int:
        """The mask less the rows that the scope's members refuse; unknown members take certainty only."""
        group = None if members is None else members.get(self.name)
        if group is None:
            return mask & ~self._sure
        index = self.index
        found = 0
        for member in group:
            found |= index.member(facts, member)
        may, must = found & index.low, found >> index.size
        for own, yes, maybe, no in self._bodies:
            mask &= ~(yes if must & own else maybe if may & own else no)
        return mask


_Part = tuple[tuple[tuple[str, _Table], ...], tuple[_Scope, ...]]
