"""What a commodity code may mean in a tariff on a day, and what duty that is.

A code as long as the tariff's own line gives one candidate. A shorter one gives
every line it may be; the caller then has an interval. A table that is only a
slice of a tariff says so (``complete`` is False).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path

from customs.tariff.expression import Bounded, RateExpression, Sum
from customs.tariff.table import TariffLine, read_lines
from domain import InputError

__all__ = ["Candidate", "NotInTariff", "Tariff", "TariffAnswer"]

GENERAL = "mfn"


@dataclass(frozen=True, slots=True)
class NotInTariff:
    """The table has no line for that code on that day. Never a zero rate."""

    jurisdiction: str
    hs_code: str
    reason: str
    needs: tuple[str, ...]
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """One tariff line the code may be, with every measure on it.

    ``options`` are the total duties possible: one when all is known, two (without
    and with the doubtful measures) when a measure may apply, none when the
    general rate was not established: then ``needs`` says what to look up.
    """

    hs_code: str
    measures: tuple[TariffLine, ...]
    options: tuple[RateExpression, ...]
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TariffAnswer:
    """All candidates. ``exact``: the code settles the line. ``complete``: no line is missing."""

    candidates: tuple[Candidate, ...]
    exact: bool
    complete: bool

    @property
    def options(self) -> tuple[RateExpression, ...]:
        """Every duty the goods may bear, each once; empty where any candidate's rate is unknown."""
        if any(not candidate.options for candidate in self.candidates):
            return ()
        return tuple(dict.fromkeys(option for candidate in self.candidates for option in candidate.options))

    @property
    def needs(self) -> tuple[str, ...]:
        """What would settle the rate: rates to look up, origin, the full code."""
        found = dict.fromkeys(need for candidate in self.candidates for need in candidate.needs)
        if not self.complete or (len(self.candidates) > 1 and len(self.options) != 1):
            found["line.hs_code"] = None
        return tuple(found)

    @property
    def source(self) -> str:
        """The sources of all measures, each once."""
        return "; ".join(dict.fromkeys(line.source for c in self.candidates for line in c.measures))


@dataclass(frozen=True)
class Tariff:
    """A table of tariff lines. ``load()`` gives the packaged slice."""

    by_code: Mapping[str, Mapping[str, tuple[TariffLine, ...]]]
    version: str = ""

    @classmethod
    def load(cls, path: Path | None = None) -> Tariff:
        """The packaged lines, read once, or those of a file in the same layout."""
        if path is None:
            return _packaged()
        lines, version = read_lines(path)
        return cls.of(lines, version)

    @classmethod
    def of(cls, lines: Iterable[TariffLine], version: str = "") -> Tariff:
        """From lines of any source."""
        table: dict[str, dict[str, list[TariffLine]]] = {}
        for line in lines:
            table.setdefault(line.jurisdiction, {}).setdefault(line.hs_code, []).append(line)
        return cls(
            {j: {code: tuple(found) for code, found in codes.items()} for j, codes in table.items()}, version
        )

    def lines(
        self, jurisdiction: str, hs_code: str, origin: str | None, day: date
    ) -> tuple[TariffLine, ...] | NotInTariff:
        """Every measure on every line the code may be; see :meth:`find` for them by candidate."""
        answer = self.find(jurisdiction, hs_code, origin, day)
        if isinstance(answer, NotInTariff):
            return answer
        return tuple(dict.fromkeys(line for candidate in answer.candidates for line in candidate.measures))

    def find(
        self, jurisdiction: str, hs_code: str, origin: str | None, day: date
    ) -> TariffAnswer | NotInTariff:
        """The candidates of a code. Dots and spaces in the code are ignored.

        Beyond six digits a code belongs to one tariff: hand a foreign code in
        with its first six. Raises InputError for a code that is not 2 to 12 digits.
        """
        code = hs_code.replace(".", "").replace(" ", "")
        if not (code.isdigit() and 2 <= len(code) <= 12):
            raise InputError(
                f"{hs_code!r} is not a commodity code",
                code="tariff.bad_code",
                cure="write 4 to 10 digits, such as 610910",
            )
        table = self.by_code.get(jurisdiction)
        if table is None:
            return NotInTariff(jurisdiction, code, "tariff.no_table", (f"tariff.{jurisdiction}",))
        longer = sorted(
            found
            for found in table
            if len(found) > len(code) and found.startswith(code) and _general(table[found], day)
        )
        settled = next(
            (code[:n] for n in range(len(code), 1, -1) if _general(table.get(code[:n], ()), day)), None
        )
        if settled is None and not longer:
            near = tuple(sorted(found for found in table if len(found) > 4 and found[:6] == code[:6]))
            reason = (
                "tariff.not_on_that_day" if any(code.startswith(n) for n in near) else "tariff.unknown_code"
            )
            return NotInTariff(jurisdiction, code, reason, (f"tariff_rate.{jurisdiction}.{code}",), near)
        if longer:
            remainder = () if settled is None else (settled,)
            complete = settled is not None or any(not found[len(code) :].strip("0") for found in longer)
        else:
            remainder, complete = (settled or code,), True
        codes = (*longer, *remainder)
        candidates = tuple(_candidate(table, found, code, origin, day) for found in codes)
        return TariffAnswer(candidates, exact=len(candidates) == 1 and complete, complete=complete)


def _general(lines: Iterable[TariffLine], day: date) -> bool:
    return any(line.measure == GENERAL and line.holds(day) for line in lines)


def _candidate(
    table: Mapping[str, tuple[TariffLine, ...]], found: str, asked: str, origin: str | None, day: date
) -> Candidate:
    """Measures on the line itself and on every shorter prefix of the code; the longest prefix wins."""
    full = asked if len(asked) > len(found) else found
    prefixes = [full[:n] for n in range(len(full), -1, -1) if full[:n] in table]
    chosen: dict[str, tuple[TariffLine, bool]] = {}
    needs: dict[str, None] = {}
    for prefix in prefixes:
        here: dict[str, tuple[TariffLine, bool]] = {}
        for line in table[prefix]:
            covered = line.covers(origin) if line.holds(day) else False
            if covered is False or line.measure in chosen:
                continue
            if covered is None:
                needs["line.origin"] = None
            sure = covered is True and line.applies == "yes"
            key = line.measure if covered else f"{line.measure} {sorted(line.origins)}"
            here[key] = (line, sure)
        chosen.update(here)
    kept = [(line, sure) for line, sure in chosen.values() if not _displaced(line, chosen.values())]
    general = [line for line, _ in kept if line.measure == GENERAL]
    unknown = [line for line, _ in kept if line.expression is None]
    for line in unknown:
        needs.update(dict.fromkeys(line.needs))
    measures = tuple(line for line, _ in kept)
    if unknown or not general:
        return Candidate(found, measures, (), tuple(needs))
    low = _total([line for line, sure in kept if sure])
    highs = [_total(list(lines)) for lines in _cases(kept)]
    needs.update(
        dict.fromkeys(
            f"tariff_measure.{line.measure}" for line, sure in kept if not sure and line.applies == "may"
        )
    )
    return Candidate(found, measures, tuple(dict.fromkeys((low, *highs))), tuple(needs))


def _cases(kept: list[tuple[TariffLine, bool]]) -> Iterable[tuple[TariffLine, ...]]:
    """With all doubtful measures: measures add up, lines of one measure are alternatives by origin."""
    by_measure: dict[str, list[TariffLine]] = {}
    for line, _ in kept:
        by_measure.setdefault(line.measure, []).append(line)
    return product(*by_measure.values())


def _displaced(line: TariffLine, others: Iterable[tuple[TariffLine, bool]]) -> bool:
    return any(sure and line.gives_way_to == other.measure for other, sure in others if line.gives_way_to)


def _total(lines: list[TariffLine]) -> RateExpression:
    """General duty, raised to any ``at_least`` measure, plus what adds to it."""
    rated = [(line, line.expression) for line in lines if line.expression is not None]
    base = next(rate for line, rate in rated if line.measure == GENERAL)
    for line, rate in rated:
        if line.effect == "at_least":
            base = Bounded(base, minimum=rate)
    added = [rate for line, rate in rated if line.effect == "adds" and line.measure != GENERAL]
    return Sum((base, *added)) if added else base


@cache
def _packaged() -> Tariff:
    lines, version = read_lines()
    return Tariff.of(lines, version)
