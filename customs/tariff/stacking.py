"""The measures on one line put together: which hold, which displace which, what they come to.

Which measure gives way to which, adds or sets a floor is a matter of the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

from customs.tariff.answer import Candidate
from customs.tariff.expression import Bounded, RateExpression, Sum
from customs.tariff.table import TariffLine

__all__ = ["GENERAL", "candidate"]

GENERAL = "mfn"
ELSEWHERE = "--"
"""An origin that no line names."""


@dataclass(frozen=True, slots=True)
class _Held:
    """A measure in force; ``sure`` unless its origin or its exemptions leave a doubt."""

    line: TariffLine
    sure: bool


def candidate(
    table: Mapping[str, Sequence[TariffLine]],
    found: str,
    asked: str,
    origin: str | None,
    day: date,
    claims: frozenset[str] = frozenset(),
) -> Candidate:
    """Measures on the line itself and on every shorter prefix of the code; the longest prefix wins.

    ``claims`` names the measures claimed instead of the general rate: a line of one of them that
    surely covers the origin takes its place. A line without a rate that only some origin bears leaves
    the answer open where that origin is given; where none is, it is named among the unverified.
    """
    held, needs = _in_force(table, found, asked, origin, day)
    alternatives = tuple(h.line for h in held if h.line.effect == "instead")
    unverified = tuple(h.line for h in held if h.line.applies == "off")
    counted = [h for h in held if h.line.effect != "instead" and h.line.applies != "off"]
    elsewhere = [h for h in counted if h.line.expression is None and h.line.covers(origin) is None]
    unverified += tuple(h.line for h in elsewhere)
    counted = [h for h in counted if h not in elsewhere]
    counted = _claimed(counted, alternatives, claims, origin)
    counted = [h for h in counted if not _displaced(h.line, [o.line for o in counted if o.sure])]
    unknown = [h.line for h in counted if h.line.expression is None]
    for line in unknown:
        needs.update(dict.fromkeys(line.needs))
    measures = tuple(h.line for h in counted)
    alternatives = tuple(line for line in alternatives if line.applies != "off")
    if unknown or not any(line.measure == GENERAL or line.effect == "instead" for line in measures):
        return Candidate(found, measures, (), tuple(needs), alternatives, unverified)
    doubtful = [h.line for h in counted if not h.sure and h.line.applies == "may"]
    needs.update(dict.fromkeys(f"tariff_measure.{line.measure}" for line in doubtful))
    totals = tuple(dict.fromkeys(_total(lines) for lines in _by_origin(counted, origin)))
    return Candidate(found, measures, totals, tuple(needs), alternatives, unverified)


def _in_force(
    table: Mapping[str, Sequence[TariffLine]], found: str, asked: str, origin: str | None, day: date
) -> tuple[list[_Held], dict[str, None]]:
    full = asked if len(asked) > len(found) else found
    chosen: dict[str, _Held] = {}
    needs: dict[str, None] = {}
    for prefix in (full[:n] for n in range(len(full), -1, -1)):
        here: dict[str, _Held] = {}
        for line in table.get(prefix, ()):
            covered = line.covers(origin) if line.holds(day) else False
            if covered is False or line.measure in chosen:
                continue
            if covered is None and line.effect != "instead" and line.applies != "off":
                needs["line.origin"] = None
            plain = covered is True and line.effect != "instead"
            key = line.measure if plain else f"{line.measure} {sorted(line.origins)} {line.note}"
            here[key] = _Held(line, covered is True and line.applies == "yes")
        chosen.update(here)
    return list(chosen.values()), needs


def _claimed(
    counted: list[_Held], alternatives: Iterable[TariffLine], claims: frozenset[str], origin: str | None
) -> list[_Held]:
    line = next(
        (
            line
            for line in alternatives
            if line.measure in claims and line.applies != "off" and origin and line.covers(origin)
        ),
        None,
    )
    if line is None:
        return counted
    return [_Held(line, sure=True), *(h for h in counted if h.line.measure != GENERAL)]


def _displaced(line: TariffLine, others: Iterable[TariffLine]) -> bool:
    gives_way = line.gives_way_to.split()
    return bool(gives_way) and any(other.measure in gives_way for other in others)


def _by_origin(held: Sequence[_Held], origin: str | None) -> Iterator[tuple[TariffLine, ...]]:
    """The sets that may hold together; of an unknown origin, those of each origin that a line names and of
    any other: nothing comes from China and Brazil at once."""
    if origin is not None:
        yield from _cases(held)
        return
    named = {part for h in held for part in (*h.line.origins, *h.line.origins_except)}
    for place in (*sorted(named), ELSEWHERE):
        here = [
            _Held(h.line, h.line.covers(place) is True and h.line.applies == "yes")
            for h in held
            if h.line.covers(place) is not False
        ]
        here = [h for h in here if not _displaced(h.line, [o.line for o in here if o.sure])]
        if any(h.line.measure == GENERAL or h.line.effect == "instead" for h in here):
            yield from _cases(here)


def _cases(held: Sequence[_Held]) -> Iterator[tuple[TariffLine, ...]]:
    """The sets of measures that may hold together: the sure ones alone, and with every doubtful one.

    Lines of one measure are alternatives by origin. Where a doubtful measure displaces another, both
    the set with it and the set without it are there, never the two together.
    """
    sure = [h.line for h in held if h.sure]
    generals = [h.line for h in held if h.line.measure == GENERAL or h.line.effect == "instead"]
    settled = any(line in generals for line in sure)
    others = [line for line in sure if line not in generals]
    for general in [line for line in sure if line in generals] if settled else generals:
        yield (general, *others)
    by_measure: dict[str, list[TariffLine]] = {}
    for h in held:
        by_measure.setdefault(GENERAL if h.line in generals else h.line.measure, []).append(h.line)
    for lines in product(*by_measure.values()):
        yield tuple(line for line in lines if not _displaced(line, lines))
        displacers = {name for line in lines for name in line.gives_way_to.split()}
        yield tuple(line for line in lines if line in sure or line.measure not in displacers)


def _total(lines: Sequence[TariffLine]) -> RateExpression:
    """General duty, raised to any ``at_least`` measure, plus what adds to it."""
    rated = [(line, line.expression) for line in lines if line.expression is not None]
    base = next(rate for line, rate in rated if line.measure == GENERAL or line.effect == "instead")
    for line, rate in rated:
        if line.effect == "at_least":
            base = Bounded(base, minimum=rate)
    added = [rate for line, rate in rated if line.effect == "adds" and line.measure != GENERAL]
    return Sum((base, *added)) if added else base
