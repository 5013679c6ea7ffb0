"""Proofs over a decision in one epoch: no contradiction, no dead rule, no gap.

Rows are boxes: a region for each column. Two rules can both hold when a row of
one meets a row of the other in every column; a value inside each meeting
region is the witness that is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from engine.rulebook.epochs import chain
from engine.rulebook.region import EVERY, Region
from engine.rulebook.rows import FALSE, TRUE, Column, Row, rule_rows
from engine.rulebook.tree import Decision, Rule
from engine.rulebook.vocabulary import Vocabulary

__all__ = ["Box", "Conflict", "Kinds", "Shapes", "boxes", "conflicts", "gap", "kinds_of", "told", "witness"]

Box = Mapping[Column, Region]
UNITS = {"weight": "g", "length": "mm", "volume": "cm3", "minutes": "min", "days": "days", "percent": "%"}
STATES = ("known", "missing", "na", "partial")
DISCRETE = frozenset({"int", "weight", "length", "volume", "minutes", "days", "date"})


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two rules that can both hold though neither is an exception of the other."""

    first: Rule
    second: Rule
    witness: Mapping[str, str]


def _box(row: Row, kinds: Mapping[str, str]) -> Box | None:
    """Literals of one row joined by column; None if they contradict each other."""
    held: dict[Column, Region] = {}
    for literal in row:
        assert isinstance(literal.accepts, Region)  # proofs ask for rows with sets taken apart
        region = held.get(literal.column)
        held[literal.column] = literal.accepts if region is None else region & literal.accepts
    if any(_void(column, region, kinds) for column, region in held.items()) or _torn(held, kinds):
        return None
    return None if _impossible_quantifiers(held, kinds) else held


def _void(column: Column, region: Region, kinds: Mapping[str, str]) -> bool:
    if region.empty:
        return True
    if column[0] == "status":
        return not any(region.holds(state) for state in STATES)
    if column[0] == "any":
        return not (region.holds(True) or region.holds(False))
    if region.na:
        return False
    kind = kinds.get(str(column[1]), "")
    if kind == "bool" or column[0] != "value":
        return not (region.holds(True) or region.holds(False))
    if isinstance(kinds, Kinds) and (codes := kinds.closed.get(str(column[1]))) is not None:
        return not _holds_any(region, codes)
    return kind in DISCRETE and not region.starts_in and _inside(region, kind) is None


@lru_cache(maxsize=20_000)
def _holds_any(region: Region, codes: frozenset[str]) -> bool:
    return any(region.holds(code) for code in codes)


def _torn(held: Mapping[Column, Region], kinds: Mapping[str, str]) -> bool:
    """Whether one fact would have to be in two states at once: missing and 5, or not applicable and a member."""
    if all(column[0] in ("value", "any") for column in held):
        return False
    facts: dict[object, list[Column]] = {}
    for column in held:
        if column[0] != "any":
            facts.setdefault(column[1], []).append(column)
    return any(len(columns) > 1 and not _one_state(columns, held, kinds) for columns in facts.values())


def _one_state(columns: list[Column], held: Mapping[Column, Region], kinds: Mapping[str, str]) -> bool:
    states = next((held[column] for column in columns if column[0] == "status"), None)
    said = [column for column in columns if column[0] != "status"]
    if (states is None or states.holds("na")) and all(held[column].na for column in said):
        return True
    if states is not None and not (states.holds("known") or states.holds("partial")):
        return False
    applicable = ((column, Region(held[column].starts_in, held[column].cuts)) for column in said)
    return not any(_void(column, region, kinds) for column, region in applicable)


def _impossible_quantifiers(held: Mapping[Column, Region], kinds: Mapping[str, str]) -> bool:
    """Some member satisfies A, none satisfies B or C, but whatever satisfies A satisfies B or C."""
    wanted = [column for column, region in held.items() if column[0] == "any" and not region.holds(False)]
    barred = [column for column, region in held.items() if column[0] == "any" and not region.holds(True)]
    own = {column: region for column, region in held.items() if column[0] != "any"}
    return any(
        all(
            _covered(own, box, _rows([b for b in barred if b[1] == a[1]], kinds), kinds)
            for box in _rows([a], kinds)
        )
        for a in wanted
    )


def _rows(columns: Sequence[Column], kinds: Mapping[str, str]) -> list[Box]:
    """The boxes of the bodies of quantifiers."""
    every: list[Row] = [row for column in columns for row in column[2]]  # type: ignore[attr-defined]
    return [box for row in every if (box := _box(row, kinds)) is not None]


def _covered(own: Box, box: Box, others: Sequence[Box], kinds: Mapping[str, str]) -> bool:
    """Whether no member fits the box, beside the facts that are its owner's, without fitting another."""
    cell = dict(own)
    for column, region in box.items():
        cell[column] = cell.get(column, EVERY) & region
        if _void(column, cell[column], kinds):
            return True
    return _torn(cell, kinds) or _inside_some(cell, others, kinds)


def _inside_some(cell: Box, others: Sequence[Box], kinds: Mapping[str, str]) -> bool:
    if not others:
        return False
    rest = dict(cell)
    for column, region in others[0].items():
        held = rest.get(column, EVERY)
        outside = {**rest, column: held & ~region}
        gone = _void(column, outside[column], kinds) or _torn(outside, kinds)
        if not gone and not _inside_some(outside, others[1:], kinds):
            return False
        rest[column] = held & region
        if _void(column, rest[column], kinds):
            return True
    return True


class Kinds(dict[str, str]):
    """Type of each fact, as the proofs need it; ``closed`` lists the codes of those that have no others."""

    def __init__(self, kinds: Mapping[str, str], closed: Mapping[str, frozenset[str]]) -> None:
        super().__init__(kinds)
        self.closed = closed


def kinds_of(vocabulary: Vocabulary) -> Kinds:
    """The types and closed lists of a vocabulary."""
    closed = {
        name: vocabulary.valid_codes(fact.type)
        for name, fact in vocabulary.facts.items()
        if fact.type.kind == "code"
    }
    kinds = {name: fact.type.kind for name, fact in vocabulary.facts.items()}
    return Kinds(kinds, {name: codes for name, codes in closed.items() if codes})


class Shapes:
    """The boxes of rules, and pairs of rules known to lie apart; kept from day to day where rules stay the same."""

    def __init__(self, kinds: Mapping[str, str]) -> None:
        self.kinds = kinds
        self._boxes: dict[tuple[int, ...], tuple[list[Rule], list[Box]]] = {}
        self._apart: set[tuple[int, int]] = set()

    def of(self, rule: Rule, rules: Mapping[str, Rule]) -> list[Box]:
        """The boxes of a rule's effective condition; none means it can never hold."""
        links = chain(rule, rules)
        key = tuple(map(id, links))
        found = self._boxes.get(key)
        if found is None:
            rows = rule_rows(rule, rules, apart=True)
            made = [box for row in rows if (box := _box(row, self.kinds)) is not None]
            found = self._boxes[key] = (links, made)  # the rules are kept, so that no other gets their ids
        return found[1]

    def meeting(self, mine: list[Box], theirs: list[Box]) -> Box | None:
        """A box inside both shapes, None where they lie apart."""
        pair = (id(mine), id(theirs))
        if pair in self._apart:
            return None
        found = next(
            (box for a in mine for b in theirs if (box := _meet(a, b, self.kinds)) is not None), None
        )
        if found is None:
            self._apart.add(pair)
        return found


def boxes(rule: Rule, rules: Mapping[str, Rule], kinds: Mapping[str, str]) -> list[Box]:
    """The boxes of a rule's effective condition; none means it can never hold."""
    return Shapes(kinds).of(rule, rules)


def _meet(a: Box, b: Box, kinds: Mapping[str, str]) -> Box | None:
    small, large = (a, b) if len(a) <= len(b) else (b, a)
    for column, region in small.items():
        other = large.get(column)
        if other is not None and _void(column, region & other, kinds):
            return None
    held = {**large}
    for column, region in small.items():
        other = large.get(column)
        held[column] = region if other is None else region & other
    if _torn(held, kinds):
        return None
    return None if _impossible_quantifiers(held, kinds) else held


def conflicts(
    decision: Decision, kinds: Mapping[str, str], known: Shapes | None = None
) -> Iterator[Conflict]:
    """Pairs of living rules that can both hold and yield, with a witness."""
    table = {rule.id: rule for rule in decision.rules}
    known = known or Shapes(kinds)
    shapes = [
        (rule, known.of(rule, table), {link.id for link in chain(rule, table)}) for rule in decision.rules
    ]
    for position, (first, mine, first_chain) in enumerate(shapes):
        for second, theirs, second_chain in shapes[position + 1 :]:
            if first.id in second_chain or second.id in first_chain:
                continue
            meeting = known.meeting(mine, theirs)
            if meeting is not None:
                yield Conflict(first, second, witness(meeting, kinds, decision.currency or ""))


def told(shown: Mapping[str, str]) -> str:
    """A witness as a sentence's part: ``order.units is 10 and some line has goods.origin = FR``."""
    said = []
    for name, value in shown.items():
        if " contains " in name or " in zone " in name:
            said.append(name if value == "yes" else f"not {name}")
        elif name.startswith(("some ", "no ")):
            said += [f"{name} has {each}" if each else f"{name} is there" for each in value.split("; ")]
        else:
            said.append(f"{name} is {value}")
    return " and ".join(said)


def witness(box: Box, kinds: Mapping[str, str], currency: str = "") -> dict[str, str]:
    """A value inside each region, as text."""
    shown: dict[str, str] = {}
    for column, region in box.items():
        if column[0] == "any":
            scope = str(column[1])
            inner = next((b for row in column[2] if (b := _box(row, kinds)) is not None), {})  # type: ignore[attr-defined]
            said = ", ".join(f"{name} = {value}" for name, value in witness(inner, kinds, currency).items())
            key = f"{'some' if region.holds(True) else 'no'} {scope}"
            shown[key] = f"{shown[key]}; {said}" if key in shown else said
        elif column[0] == "has":
            shown[f"{column[1]} contains {column[2]}"] = "yes" if region.holds(True) else "no"
        elif column[0] == "zone":
            shown[f"{column[1]} in zone {column[2]}"] = "yes" if region.holds(True) else "no"
        elif column[0] == "status":
            shown[str(column[1])] = next((word for word in STATES if region.holds(word)), "?")
        else:
            shown[str(column[1])] = _shown(str(column[1]), region, kinds, currency)
    return dict(sorted(shown.items()))


def _shown(fact: str, region: Region, kinds: Mapping[str, str], currency: str) -> str:
    kind = kinds.get(fact, "")
    codes = kinds.closed.get(fact) if isinstance(kinds, Kinds) else None
    if codes is not None:
        value: object | None = next((code for code in sorted(codes) if region.holds(code)), None)
    else:
        value = _inside(region, kind)
    if value is None:
        return "not applicable"
    if kind == "bool":
        return "yes" if value else "no"
    unit = currency if kind == "money" else UNITS.get(kind, "")
    return f"{value} {unit}".strip() if value != "any other" else str(value)


def _inside(region: Region, kind: str) -> object | None:
    """Some value of the region, the simplest at hand; None if there is only *not applicable*."""
    if kind == "bool":
        return next((value for value in (True, False) if region.holds(value)), None)
    for value, _ in region.cuts:
        if region.holds(value):
            return value  # type: ignore[no-any-return]
    near = [shifted for value, _ in region.cuts for shifted in _beside(value, kind)]
    found = next((value for value in near if region.holds(value)), None)
    if found is not None:
        return found
    return "any other" if region.starts_in or (region.cuts and kind not in DISCRETE) else None


def _beside(value: object, kind: str) -> Iterator[object]:
    if isinstance(value, bool):
        return
    if isinstance(value, int):
        yield from (value + 1, value - 1)
    elif isinstance(value, Decimal):
        yield from (value + Decimal("0.01"), value - Decimal("0.01"), value + 1, value - 1)
    elif isinstance(value, date):
        yield from (value + timedelta(days=1), value - timedelta(days=1))
    elif isinstance(value, str) and kind in ("hs", "text"):
        yield value + "0"


def gap(decision: Decision, kinds: Mapping[str, str], budget: int = 20_000) -> tuple[bool, dict[str, str]]:
    """(proven total, a witness of a gap). Neither within the budget: (False, {})."""
    kinds = dict(kinds)  # a code outside the closed list must not fall into a gap that was thought closed
    table = {rule.id: rule for rule in decision.rules}
    every = [box for rule in decision.rules for box in boxes(rule, table, kinds)]
    search = _Gap(every, kinds, budget)
    try:
        hole = search.hole({}, 0, list(range(len(every))))
    except _Exhausted:
        return False, {}
    return (True, {}) if hole is None else (False, witness(hole, kinds))


class _Exhausted(Exception):
    pass


class _Gap:
    """Looks for a cell no box covers, splitting column by column."""

    def __init__(self, every: list[Box], kinds: Mapping[str, str], budget: int) -> None:
        self.every = every
        self.kinds = kinds
        self.left = budget
        self.columns = sorted({column for box in every for column in box}, key=repr)

    def hole(
        self, cell: dict[Column, Region], depth: int, covering: list[int]
    ) -> dict[Column, Region] | None:
        self.left -= 1
        if self.left < 0:
            raise _Exhausted
        if not covering:
            return cell
        if any(all(column in cell for column in self.every[n]) for n in covering):
            return None  # a box with no constraint left covers the whole cell
        column = self.columns[depth]
        regions = {self.every[n][column] for n in covering if column in self.every[n]}
        if not regions:
            return self.hole(cell, depth + 1, covering)
        for part in self._parts(column, regions):
            inside = [
                n for n in covering if column not in self.every[n] or part.within(self.every[n][column])
            ]
            found = self.hole({**cell, column: part}, depth + 1, inside)
            if found is not None:
                return found
        return None

    def _parts(self, column: Column, regions: set[Region]) -> Iterator[Region]:
        domain = (TRUE | FALSE) if column[0] in ("has", "zone", "any") else EVERY
        if column[0] in ("has", "zone"):
            domain = Region(domain.starts_in, domain.cuts, na=True)
        if column[0] == "value" and self.kinds.get(str(column[1])) == "bool":
            domain = Region(False, (TRUE | FALSE).cuts, na=True)
        parts = [domain]
        for region in sorted(regions, key=repr):
            parts = [piece for part in parts for piece in (part & region, part & ~region) if not piece.empty]
        for part in parts:
            if not _void(column, part, self.kinds):
                yield part
