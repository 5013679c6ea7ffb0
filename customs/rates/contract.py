"""The command-line contract of ``passavant rates show``: one JSON object in, one out."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from datetime import date

from customs.rates.vat import RateUnknown, VatRate, VatRates
from customs.territories import Territories
from domain import InputError

__all__ = ["answer", "listing"]

_FIELDS = ("territory", "category", "date", "located_there")
STANDARD = "standard"


def answer(query: Mapping[str, object], rates: VatRates | None = None) -> dict[str, object]:
    """The rate of one territory and category on one day, or why there is none.

    In: ``territory`` (``FR``, ``FR-COR``), ``date`` (ISO) and where known ``category`` (without one:
    the standard rate) and ``located_there`` (true where the supply is located in a region with rates
    of its own). Out: ``rate`` with percentage, tax, basis, first and last day, source and
    confidence; or ``rate`` None with ``unknown``: reason, candidates, what would settle it.
    Raises `InputError`.

    >>> answer({"territory": "FR", "category": "books", "date": "2026-11-22"})["rate"]["percent"]
    '5.5'
    """
    table = rates or VatRates.load()
    unknown = [field for field in query if field not in _FIELDS]
    if unknown:
        raise InputError(
            f"unknown field {unknown[0]!r}",
            code="rates.unknown_field",
            place=f"/{unknown[0]}",
            cure=_nearest(unknown[0], _FIELDS),
        )
    day = _day(query.get("date"))
    territory = _territory(query.get("territory"), day, table)
    category = _category(query.get("category"), table)
    located = query.get("located_there")
    if located is not None and not isinstance(located, bool):
        raise InputError(
            f"located_there cannot be {located!r}",
            code="rates.bad_field",
            place="/located_there",
            cure="use true, false or null",
        )
    return _body(table.rate(territory, category, day, located_there=located), territory, category, day)


def listing(
    territory: str | None,
    category: str | None,
    day: date,
    *,
    located_there: bool | None = None,
    rates: VatRates | None = None,
) -> list[dict[str, object]]:
    """Many answers: every category that a territory has a rate of its own for, every territory, or both named.

    Without a territory and a category: the standard rate of every territory.
    """
    table = rates or VatRates.load()
    wanted = _category(category, table)
    pairs: list[tuple[str, str | None]]
    if territory is None:
        pairs = [(place, wanted) for place in sorted(table.rows)]
    else:
        asked = _territory(territory, day, table)
        pairs = [(asked, code) for code in ([wanted] if category else [None, *_codes(asked, table)])]
    return [
        _body(table.rate(place, code, day, located_there=located_there), place, code, day)
        for place, code in pairs
    ]


def _codes(territory: str, table: VatRates) -> list[str]:
    held = {
        code for place in (territory, table.follow.get(territory, "")) for code in table.rows.get(place, {})
    }
    return sorted(held - {STANDARD})


def _body(found: VatRate | RateUnknown, territory: str, category: str | None, day: date) -> dict[str, object]:
    body: dict[str, object] = {
        "territory": territory,
        "category": category or STANDARD,
        "date": day.isoformat(),
        "rate": None,
    }
    if isinstance(found, VatRate):
        body["rate"] = {
            "percent": f"{found.percent:f}",
            "tax": found.tax,
            "basis": found.basis,
            "rate_of": {"territory": found.territory, "category": found.category},
            "valid_from": found.valid_from.isoformat() if found.valid_from else None,
            "valid_until": found.valid_until.isoformat() if found.valid_until else None,
            "confidence": found.confidence,
            "source": found.source,
            "checked": found.checked.isoformat() if found.checked else None,
            "after_check": found.checked is not None and day > found.checked,
            "note": found.note,
        }
        return body
    body["unknown"] = {
        "reason": found.reason,
        "candidates": [f"{percent:f}" for percent in found.candidates],
        "needs": list(found.needs),
        "note": found.note,
    }
    return body


def _territory(given: object, day: date, table: VatRates) -> str:
    """A code of the rate table, or of a territory it says nothing about."""
    if not isinstance(given, str) or not given.strip():
        raise InputError(
            "the territory is missing",
            code="rates.missing_territory",
            place="/territory",
            cure="give a code such as FR or FR-COR",
        )
    code = given.strip().upper()
    known = {*table.rows, *table.follow}
    if code not in known and all(code != place.code for place in Territories.load().all(day)):
        raise InputError(
            f"there is no territory {given!r}",
            code="rates.unknown_territory",
            place="/territory",
            cure=_nearest(code, sorted(known)),
        )
    return code


def _category(given: object, table: VatRates) -> str | None:
    if given is None or given == STANDARD:
        return None
    if not isinstance(given, str) or given not in table.categories:
        raise InputError(
            f"there is no category of goods {given!r}",
            code="rates.unknown_category",
            place="/category",
            cure=_nearest(str(given), [STANDARD, *table.categories]),
        )
    return given


def _day(given: object) -> date:
    try:
        return date.fromisoformat(given if isinstance(given, str) else "")
    except ValueError:
        raise InputError(
            "the date is missing" if given is None else f"{given!r} is not a date",
            code="rates.bad_date",
            place="/date",
            cure='give the local day as "2026-11-22": the law depends on it',
        ) from None


def _nearest(word: str, known: Iterable[str]) -> str:
    words = list(known)
    near = difflib.get_close_matches(word, words, 1)
    return f"did you mean {near[0]}?" if near else f"use one of {', '.join(words[:8])} ..."
