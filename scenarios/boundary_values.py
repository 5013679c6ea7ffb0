"""Values of one fact at the edges of the tests that read it: at each cut, beside it, and less than known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from domain import NOT_APPLICABLE, Choice, Interval, Place, Prefix
from engine.rulebook.tree import Op, Test
from engine.rulebook.vocabulary import Fact, Vocabulary
from engine.rulebook.zones import Zone, ZonePart

__all__ = ["ABSENT", "ALL_OPERANDS", "MOST_OPERANDS", "boundary_values", "spread"]

ABSENT: Final = object()
"""Stands for a fact that is left out of the case."""
MOST_OPERANDS: Final = 6
"""Operands of one fact taken to vary it."""
ALL_OPERANDS: Final = 10_000
"""Operands taken where the one that makes a rule hold must be among them."""
WHOLE: Final = frozenset({"int", "weight", "length", "volume", "minutes", "days"})
NUMBERS: Final = WHOLE | {"decimal", "percent", "money"}
NOWHERE: Final = "~"  # no code, postcode or HS code holds one


def boundary_values(
    fact: Fact,
    tests: Sequence[Test],
    vocabulary: Vocabulary,
    zones: Mapping[str, Zone],
    most: int = MOST_OPERANDS,
) -> tuple[object, ...]:
    """Values that tell the tests apart: known ones first, then partly known, not applicable, absent.

    ``tests`` are all tests of one decision on the fact, sets and params
    replaced by values. Numbers are met at each cut and one step to both
    sides; of codes there is always one outside, if the type has one. Of many
    operands ``most`` are taken, evenly.
    """
    operands = [item for test in tests if test.op is not Op.IN_ZONE for item in test.operand]
    kind = fact.type.kind
    if kind == "bool":
        known, partly = _yes_or_no()
    elif kind in NUMBERS or kind == "date":
        known, partly = _ordered(operands, kind, most)
    elif kind == "place":
        known, partly = _places([zones[str(t.operand[0])] for t in tests if t.op is Op.IN_ZONE])
    elif kind == "codes":
        known, partly = _sets(tests, _outside(fact, operands, vocabulary), most)
    elif kind in ("hs", "text") and any(test.op is Op.STARTS_WITH for test in tests):
        known, partly = _texts(operands, most)
    else:
        known, partly = _codes(operands, _outside(fact, operands, vocabulary), most)
    return (*dict.fromkeys([*known, *partly]), NOT_APPLICABLE, ABSENT)


def spread(items: Iterable[object], most: int) -> list[object]:
    """At most so many of the items, evenly over their order, the first and the last included."""
    every = list(items)
    if len(every) <= most:
        return every
    return [every[number * (len(every) - 1) // (most - 1)] for number in range(most)]


def _outside(fact: Fact, operands: Sequence[object], vocabulary: Vocabulary) -> list[object]:
    """A code that no test names; none where the tests name all there are."""
    valid = vocabulary.valid_codes(fact.type)
    if valid is None:
        return [f"other{NOWHERE}"]
    return list(sorted(valid - set(map(str, operands)))[:1])


def _yes_or_no() -> tuple[list[object], list[object]]:
    return [True, False], [Choice(frozenset({True, False}))]


def _codes(operands: Sequence[object], outside: list[object], most: int) -> tuple[list[object], list[object]]:
    inside = spread(dict.fromkeys(operands), most)
    known = [*inside, *outside]
    pairs = [frozenset(known[:2]), frozenset({*inside[-1:], *outside})]
    return known, [Choice(pair) for pair in pairs if len(pair) > 1]


def _sets(tests: Sequence[Test], outside: list[object], most: int) -> tuple[list[object], list[object]]:
    codes = list(dict.fromkeys(code for test in tests for code in test.operand))
    inside = spread(codes, most)
    known: list[object] = [frozenset({code}) for code in inside]
    known += [frozenset(), frozenset(outside), frozenset(codes), frozenset({*codes[:1], *outside})]
    known += [frozenset({codes[0], code}) for code in inside[1:]]
    known += spread([frozenset(test.operand) for test in tests if len(test.operand) > 1], most)
    known += [frozenset(codes) - {code} for code in inside[:2]]
    return known, [Choice(frozenset({frozenset(inside[:1]), frozenset()}))]


def _texts(operands: Sequence[object], most: int) -> tuple[list[object], list[object]]:
    heads = [str(item) for item in spread(dict.fromkeys(operands), most)]
    known = [text for head in heads for text in (head, head + "00", head[:-1] or NOWHERE, head[:-1] + "9")]
    partly = [Prefix(text) for head in heads for text in (head, head[:-1], head[:2], head + "1") if text]
    return [*known, NOWHERE], list(partly)


def _ordered(operands: Sequence[object], kind: str, most: int) -> tuple[list[object], list[object]]:
    """Each cut, one step below and above, and intervals that end at, begin at, hold or miss the cuts."""
    cuts: list[Decimal | int | date] = sorted({*operands} or {_some(kind)})  # type: ignore[arg-type]
    chosen: list[Decimal | int | date] = spread(cuts, most)  # type: ignore[assignment]
    known: list[object] = []
    partly: list[object] = []
    for cut in chosen:
        below, above = _step(cut, kind, -1), _step(cut, kind, 1)
        known += [cut, below, above]
        partly += [Interval(below, cut), Interval(cut, above), Interval(above, None), Interval(None, below)]
    partly += [Interval(chosen[0], chosen[0]), Interval(_step(cuts[0], kind, -1), _step(cuts[-1], kind, 1))]
    return known, [*partly, Interval(None, None), Choice(frozenset(known[:2]))]


def _some(kind: str) -> object:
    return date(2026, 1, 1) if kind == "date" else 1 if kind in WHOLE else Decimal(1)


def _step(value: object, kind: str, way: int) -> object:
    if isinstance(value, date):
        return value + timedelta(days=way)
    return value + (way if kind in WHOLE else way * Decimal("0.01"))  # type: ignore[operator]


def _places(zones: Sequence[Zone]) -> tuple[list[object], list[object]]:
    """Places in and out of each zone as far as its text says; vague ones are known to be vague."""
    parts = [part for zone in zones for part in zone.parts]
    known: list[object] = [place for part in parts for place in _in(part)]
    known.append(Place(NOWHERE, NOWHERE, territory=NOWHERE))
    return known, [Choice(frozenset(known[:1] + known[-1:]))]


def _in(part: ZonePart) -> list[Place]:
    country = part.country or NOWHERE
    territories = sorted(part.territories)[:1] or [country]
    home = territories[0]
    found = [Place(country)]
    found += [Place(country, NOWHERE, territory=territory) for territory in (home, NOWHERE)]
    for pattern in (*part.postcodes[:3], *part.postcodes[-1:], *part.excluded[:2]):
        last = pattern.low if pattern.prefix else pattern.high
        codes = dict.fromkeys((pattern.low, last, last + "0"))
        found += [Place(country, code, territory=home) for code in codes]
    return found
