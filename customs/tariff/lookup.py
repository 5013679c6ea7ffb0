"""What a commodity code may mean in a tariff on a day, and what duty that is.

A code as long as the tariff's own line gives one candidate. A shorter one gives
every line it may be; the caller then has an interval. A table that is only a
slice of a tariff says so (``complete`` is False).
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache
from pathlib import Path

from customs.tariff.answer import NotInTariff, TariffAnswer
from customs.tariff.nomenclature import SUBHEADING, fault_of, plain_code
from customs.tariff.snapshot import Manifest, Snapshot, find_snapshots
from customs.tariff.stacking import GENERAL, candidate
from customs.tariff.stored import StoredLines
from customs.tariff.table import TariffLine, read_lines

__all__ = ["Tariff"]

HEADING = 4
REMEMBERED = 8192


@dataclass(frozen=True)
class Tariff:
    """A table of tariff lines. ``load()`` gives the packaged slice; ``manifests`` are the snapshots in it."""

    by_code: Mapping[str, Mapping[str, tuple[TariffLine, ...]]]
    version: str = ""
    manifests: tuple[Manifest, ...] = ()

    @classmethod
    def load(cls, path: Path | None = None, *, snapshot: Path | None = None) -> Tariff:
        """The packaged lines, read once, or those of a file in the same layout.

        ``snapshot`` is an imported snapshot, or a folder of them: the latest of each jurisdiction takes
        the place of the measures it covers there. Raises WorldError for a broken table or snapshot.
        """
        if snapshot is not None:
            return _with_snapshots(find_snapshots(snapshot), path)
        if path is None:
            return _packaged()
        lines, version = read_lines(path)
        return cls.of(lines, version)

    @classmethod
    def of(
        cls, lines: Iterable[TariffLine], version: str = "", manifests: tuple[Manifest, ...] = ()
    ) -> Tariff:
        """From lines of any source."""
        table: dict[str, dict[str, list[TariffLine]]] = {}
        for line in lines:
            table.setdefault(line.jurisdiction, {}).setdefault(line.hs_code, []).append(line)
        return cls(
            {j: {code: tuple(found) for code, found in codes.items()} for j, codes in table.items()},
            version,
            manifests,
        )

    def __getstate__(self) -> dict[str, object]:
        """Without what was remembered: another process looks up for itself."""
        return {"by_code": self.by_code, "version": self.version, "manifests": self.manifests}

    @cached_property
    def _codes(self) -> dict[str, tuple[str, ...]]:
        return {jurisdiction: tuple(sorted(codes)) for jurisdiction, codes in self.by_code.items()}

    def lines(
        self, jurisdiction: str, hs_code: str, origin: str | None, day: date
    ) -> tuple[TariffLine, ...] | NotInTariff:
        """Every measure on every line the code may be; see :meth:`find` for them by candidate."""
        answer = self.find(jurisdiction, hs_code, origin, day)
        if isinstance(answer, NotInTariff):
            return answer
        return tuple(dict.fromkeys(line for found in answer.candidates for line in found.measures))

    def find(
        self,
        jurisdiction: str,
        hs_code: str,
        origin: str | None,
        day: date,
        *,
        claims: frozenset[str] = frozenset(),
    ) -> TariffAnswer | NotInTariff:
        """The candidates of a code. Dots and spaces in the code are ignored.

        Beyond six digits a code belongs to one tariff: hand a foreign code in
        with its first six. ``claims`` names measures claimed instead of the general rate
        (``preference``). Raises InputError for a code that is not 2 to 12 digits.
        """
        return self._remembered(jurisdiction, plain_code(hs_code), origin, day, claims)

    @cached_property
    def _remembered(self) -> Callable[..., TariffAnswer | NotInTariff]:
        return lru_cache(maxsize=REMEMBERED)(self._find)

    def _find(
        self, jurisdiction: str, code: str, origin: str | None, day: date, claims: frozenset[str]
    ) -> TariffAnswer | NotInTariff:
        if fault := fault_of(code, day):
            return NotInTariff(jurisdiction, code, fault.reason, ("line.hs_code",), fault.codes)
        table = self.by_code.get(jurisdiction)
        if table is None:
            return NotInTariff(jurisdiction, code, "tariff.no_table", (f"tariff.{jurisdiction}",))
        longer = [
            found
            for found in self._below(jurisdiction, code)
            if found != code and _general(table[found], day)
        ]
        settled = next(
            (code[:n] for n in range(len(code), 1, -1) if _general(table.get(code[:n], ()), day)), None
        )
        if settled is None and not longer:
            return self._missing(jurisdiction, code, day)
        if longer:
            remainder = () if settled is None else (settled,)
            complete = settled is not None or any(not found[len(code) :].strip("0") for found in longer)
        else:
            remainder, complete = (settled or code,), True
        candidates = tuple(
            candidate(table, found, code, origin, day, claims) for found in (*longer, *remainder)
        )
        return TariffAnswer(candidates, exact=len(candidates) == 1 and complete, complete=complete)

    def _below(self, jurisdiction: str, prefix: str) -> tuple[str, ...]:
        """Codes that begin with the prefix, in order."""
        codes = self._codes[jurisdiction]
        return codes[bisect_left(codes, prefix) : bisect_left(codes, prefix + ":")]

    def _missing(self, jurisdiction: str, code: str, day: date) -> NotInTariff:
        """No general rate that day: the code is unknown, or its rates begin later or ended before."""
        table = self.by_code[jurisdiction]
        needs = (f"tariff_rate.{jurisdiction}.{code}",)
        above = (code[:n] for n in range(len(code) - 1, 1, -1))
        related = (*self._below(jurisdiction, code), *(found for found in above if found in table))
        rates = [line for found in related for line in table[found] if line.measure == GENERAL]
        starts = [line.valid_from for line in rates]
        if starts and day < min(starts):
            first = min(starts)
            return NotInTariff(
                jurisdiction, code, "tariff.before_first_rate", needs, related, known_from=first
            )
        ends = [
            line.valid_until for line in rates if line.valid_until is not None and line.valid_until <= day
        ]
        if ends:
            last = max(ends)
            return NotInTariff(jurisdiction, code, "tariff.after_last_rate", needs, related, known_until=last)
        near = self._below(jurisdiction, code[:SUBHEADING]) or self._below(jurisdiction, code[:HEADING])
        return NotInTariff(
            jurisdiction, code, "tariff.unknown_code", needs, tuple(c for c in near if len(c) > HEADING)
        )


def _general(lines: Iterable[TariffLine], day: date) -> bool:
    return any(line.measure == GENERAL and line.holds(day) for line in lines)


def _with_snapshots(snapshots: Iterable[Snapshot], path: Path | None) -> Tariff:
    """Of each jurisdiction the last in order, which is the latest day."""
    base = Tariff.load(path)
    latest = {snapshot.manifest.jurisdiction: snapshot for snapshot in snapshots}
    tables = dict(base.by_code)
    for jurisdiction, snapshot in latest.items():
        snapshot.verify()
        covers = snapshot.manifest.covers
        kept = {
            code: tuple(line for line in lines if line.measure not in covers)
            for code, lines in base.by_code.get(jurisdiction, {}).items()
        }
        held = {code: lines for code, lines in kept.items() if lines}
        tables[jurisdiction] = StoredLines(snapshot.lines, held)
    manifests = tuple(snapshot.manifest for snapshot in latest.values())
    versions = "+".join((base.version, *(manifest.result for manifest in manifests)))
    version = hashlib.sha256(versions.encode()).hexdigest()[:16] if latest else base.version
    return Tariff(tables, version, manifests)


@cache
def _packaged() -> Tariff:
    lines, version = read_lines()
    return Tariff.of(lines, version)
