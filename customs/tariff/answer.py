"""What a lookup in a tariff answers: the lines a code may be and the duties they bear, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from customs.tariff.expression import RateExpression
from customs.tariff.table import TariffLine

__all__ = ["Candidate", "NotInTariff", "TariffAnswer"]


@dataclass(frozen=True, slots=True)
class NotInTariff:
    """There is no rate for that code on that day. Never a zero rate.

    ``reason`` is one of tariff.no_table, tariff.unknown_code, tariff.before_first_rate,
    tariff.after_last_rate, tariff.bad_length, tariff.not_in_nomenclature, tariff.special_chapter,
    tariff.code_replaced and tariff.code_not_yet. ``nearest`` are codes of the table, or the
    successors (predecessors) of a code that was replaced. ``known_from`` and ``known_until`` (half-open)
    are the days for which rates are known, where the day is the trouble.
    """

    jurisdiction: str
    hs_code: str
    reason: str
    needs: tuple[str, ...]
    nearest: tuple[str, ...] = ()
    known_from: date | None = None
    known_until: date | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One tariff line the code may be, with every measure on it.

    ``options`` are the total duties possible: one when all is known, several when a measure may
    apply, none when the general rate was not established: then ``needs`` says what to look up.
    ``alternatives`` may be claimed instead of the general rate, each under its own conditions.
    ``unverified`` are duties of which only the existence is known: they are in no total.
    """

    hs_code: str
    measures: tuple[TariffLine, ...]
    options: tuple[RateExpression, ...]
    needs: tuple[str, ...]
    alternatives: tuple[TariffLine, ...] = ()
    unverified: tuple[TariffLine, ...] = ()


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

    @property
    def as_at(self) -> date | None:
        """The day the oldest of the general rates was published for."""
        return min(
            (line.as_at for c in self.candidates for line in c.measures if line.as_at is not None),
            default=None,
        )

    @property
    def alternatives(self) -> tuple[TariffLine, ...]:
        """What may be claimed instead, over all candidates."""
        return tuple(dict.fromkeys(line for c in self.candidates for line in c.alternatives))

    @property
    def unverified(self) -> tuple[TariffLine, ...]:
        """Duties of which only the existence is known, over all candidates."""
        return tuple(dict.fromkeys(line for c in self.candidates for line in c.unverified))
