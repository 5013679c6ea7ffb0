"""VAT rates by territory, category of goods and day: a rate, or why there is none.

A category that a territory has no rate for falls back to the standard rate only
where that territory's categories were researched and the category is not one
whose treatment is known to vary. Everything else is :class:`RateUnknown`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from customs.rates.table import Category, RateRow, read_categories, read_follow, read_rates, read_researched

__all__ = ["RateUnknown", "VatRate", "VatRates"]

STANDARD = "standard"


@dataclass(frozen=True, slots=True)
class VatRate:
    """A rate in per cent. ``category`` is the row that answered, which may be broader than asked.

    ``basis``: ``category``, ``broader``, ``standard`` (the standard rate was
    asked for), ``standard_default`` (no other rate is established for the
    category) or ``no_vat``. ``tax`` names the levy: VAT, GST, IGIC, none ...
    ``checked`` is the day somebody last looked: what was enacted since is not in it.
    """

    percent: Decimal
    territory: str
    category: str
    basis: str
    tax: str
    source: str
    confidence: str
    valid_from: date | None
    valid_until: date | None
    note: str = ""
    checked: date | None = None


@dataclass(frozen=True, slots=True)
class RateUnknown:
    """No rate can be given. ``reason`` is a code, ``needs`` the facts that would settle it,
    ``candidates`` the percentages it may be where those are known."""

    reason: str
    needs: tuple[str, ...]
    territory: str
    category: str
    candidates: tuple[Decimal, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class VatRates:
    """The rate table. ``load()`` gives the packaged one."""

    rows: Mapping[str, Mapping[str, tuple[RateRow, ...]]]
    categories: Mapping[str, Category]
    follow: Mapping[str, str]
    researched: frozenset[str]
    version: str = field(default="")

    @classmethod
    def load(cls) -> VatRates:
        """The packaged tables, read once."""
        return _packaged()

    @classmethod
    def of(
        cls,
        rows: Iterable[RateRow],
        categories: Mapping[str, Category],
        follow: Mapping[str, str] | None = None,
        researched: Iterable[str] = (),
        version: str = "",
    ) -> VatRates:
        """From rows of any source, such as a fresher table to compare with."""
        table: dict[str, dict[str, list[RateRow]]] = {}
        for row in rows:
            table.setdefault(row.territory, {}).setdefault(row.category, []).append(row)
        ordered = {
            territory: {
                code: tuple(sorted(found, key=lambda row: row.valid_from)) for code, found in by_code.items()
            }
            for territory, by_code in table.items()
        }
        return cls(ordered, categories, dict(follow or {}), frozenset(researched), version)

    def rate(
        self, territory: str, category: str | None, day: date, *, located_there: bool | None = None
    ) -> VatRate | RateUnknown:
        """The rate of a category on a day.

        ``located_there`` matters only for regions whose rates apply to supplies
        located in them (Azores, Madeira, some Greek islands): True takes the
        regional rate, False the mainland's, None is unknown with both candidates.
        ``category`` None asks for the standard rate.
        """
        code = category or STANDARD
        if code != STANDARD and code not in self.categories:
            near = difflib.get_close_matches(code, list(self.categories), 1)
            note = f"did you mean {near[0]}?" if near else "no such category is in vat_rates_categories.csv"
            return RateUnknown("vat.unknown_category", ("product.vat_category",), territory, code, note=note)
        if located_there is False and territory in self.follow and self._conditional(territory):
            return self.rate(self.follow[territory], category, day)
        if territory not in self.rows:
            if territory in self.follow:
                return self.rate(self.follow[territory], category, day)
            return RateUnknown("vat.territory_without_rates", (f"vat_rate.{territory}",), territory, code)
        answer = self._own(territory, code, day)
        if located_there is None and self._conditional(territory):
            return self._either(answer, territory, category, code, day)
        return answer

    def _conditional(self, territory: str) -> bool:
        return any(row.condition for row in self.rows.get(territory, {}).get(STANDARD, ()))

    def _either(
        self, regional: VatRate | RateUnknown, territory: str, category: str | None, code: str, day: date
    ) -> VatRate | RateUnknown:
        mainland = self.rate(self.follow[territory], category, day)
        both = (regional, mainland)
        settled = isinstance(regional, VatRate) and isinstance(mainland, VatRate)
        if settled and _percents(regional) == _percents(mainland):
            return regional
        # Alternatives are told only where both sides know theirs.
        percents = sorted({p for a in both for p in _percents(a)}) if all(map(_percents, both)) else []
        needs = dict.fromkeys(
            ["supply.located_in_territory", *(n for a in both if isinstance(a, RateUnknown) for n in a.needs)]
        )
        return RateUnknown(
            "vat.depends_on_place_of_supply",
            tuple(needs),
            territory,
            code,
            tuple(percents),
            "the regional rate is for supplies located in the region",
        )

    def _own(self, territory: str, code: str, day: date) -> VatRate | RateUnknown:
        standard = self._row(territory, STANDARD, day)
        if isinstance(standard, RateRow) and standard.percent is not None and standard.tax == "none":
            return _answer(standard, standard.percent, "no_vat")
        step: str | None = code
        while step is not None:
            found = self._row(territory, step, day)
            if isinstance(found, RateUnknown):
                return RateUnknown(found.reason, found.needs, territory, code, found.candidates, found.note)
            if found is not None:
                if found.percent is None:
                    return _unknown("vat.not_established", territory, code, found.candidates, found.note)
                basis = STANDARD if code == STANDARD else "category" if step == code else "broader"
                return _answer(found, found.percent, basis)
            step = self.categories[step].broader if step in self.categories else None
        return self._fallback(territory, code, day)

    def _fallback(self, territory: str, code: str, day: date) -> VatRate | RateUnknown:
        base = self.follow.get(territory)
        if base is not None and base in self.rows:
            inherited = self._own(base, code, day)
            defaulted = isinstance(inherited, VatRate) and inherited.basis in ("standard_default", STANDARD)
            if not defaulted and not self._conditional(territory):
                return inherited
            if not defaulted and self._conditional(territory):
                return _unknown("vat.not_established", territory, code, note="the regional rate was not read")
        standard = self._row(territory, STANDARD, day)
        if not isinstance(standard, RateRow) or standard.percent is None:
            unknown = standard if isinstance(standard, RateUnknown) else None
            return _unknown(
                unknown.reason if unknown else "vat.not_established",
                territory,
                code,
                standard.candidates if standard else (),
                standard.note if standard else "",
            )
        when_absent = self.categories[code].when_absent
        researched = territory in self.researched or base in self.researched
        if when_absent == "unknown" or (when_absent == "reduced" and not researched):
            note = f"the standard rate of {standard.percent} is only one of the possible rates"
            return _unknown("vat.category_not_researched", territory, code, note=note)
        return _answer(standard, standard.percent, "standard_default")

    def _row(self, territory: str, code: str, day: date) -> RateRow | RateUnknown | None:
        """The row in force; None where the category has no rows; unknown on days no row covers."""
        rows = self.rows.get(territory, {}).get(code, ())
        for row in rows:
            if row.holds(day):
                return row
        if not rows:
            return None
        first, last = rows[0].valid_from, rows[-1].valid_until
        if day < first:
            return _unknown("vat.before_first_known_rate", territory, code, note=f"known from {first}")
        if last is not None and day >= last:
            note = f"known until {last - timedelta(1)}"
            return _unknown("vat.after_last_known_rate", territory, code, note=note)
        return _unknown("vat.no_rate_on_that_day", territory, code, note="")


def _unknown(
    reason: str, territory: str, code: str, candidates: tuple[Decimal, ...] = (), note: str = ""
) -> RateUnknown:
    """A single candidate is no set of alternatives: it is only told in the note."""
    if len(candidates) == 1:
        note = f"{note} (seen, not confirmed: {candidates[0]})".strip()
        candidates = ()
    return RateUnknown(reason, (f"vat_rate.{territory}.{code}",), territory, code, candidates, note)


def _start(row: RateRow) -> date:
    return row.valid_from


def _percents(answer: VatRate | RateUnknown) -> tuple[Decimal, ...]:
    return (answer.percent,) if isinstance(answer, VatRate) else answer.candidates


def _answer(row: RateRow, percent: Decimal, basis: str) -> VatRate:
    return VatRate(
        percent,
        row.territory,
        row.category,
        basis,
        row.tax,
        row.source,
        row.confidence,
        row.valid_from,
        row.valid_until,
        row.note,
        row.checked,
    )


@cache
def _packaged() -> VatRates:
    rows, version = read_rates()
    return VatRates.of(rows, read_categories(), read_follow(), read_researched(), version)
