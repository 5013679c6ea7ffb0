"""The command-line contract of ``passavant territory``: one JSON object in, one out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from customs.territories.model import Finding, Territory
from customs.territories.resolve import Territories
from domain import InputError
from domain.asked import day_from, text_from

__all__ = ["answer"]

_FIELDS = ("country", "postcode", "city", "subdivision", "date")
_FLAGS = ("eu_customs", "eu_vat", "eu_excise")


def answer(query: Mapping[str, object]) -> dict[str, object]:
    """Resolve one query to a plain mapping.

    In: ``country`` and ``date`` (ISO), and where known ``postcode``, ``city``, ``subdivision``.
    Out where settled: the territory's fields and the ``basis``. Where not: ``territory`` None,
    ``candidates``, ``cannot_determine``, and each ``eu_*`` flag only if all candidates agree
    (else None). Raises `InputError`.

    >>> found = answer({"country": "es", "postcode": "35001", "date": "2026-11-22"})
    >>> found["territory"], found["eu_customs"], found["eu_vat"], found["basis"]
    ('ES-CN', True, False, 'postcode 35xxx')
    """
    unknown = sorted(set(query) - set(_FIELDS))
    if unknown:
        raise InputError(
            f"unknown field {unknown[0]!r}", code="territory.unknown_field", cure=f"use {', '.join(_FIELDS)}"
        )
    country = _text(query, "country")
    if not country:
        raise InputError(
            "the country is missing",
            code="territory.missing_country",
            place="/country",
            cure="give an ISO 3166-1 alpha-2 code",
        )
    day = _day(query)
    territories = Territories.load()
    finding = territories.resolve(
        country, _text(query, "postcode"), _text(query, "city"), _text(query, "subdivision"), day=day
    )
    if finding.territory is not None:
        return _settled(finding.territory, finding.basis)
    asked = country.strip().upper()
    if not any(_text(query, field) for field in ("postcode", "city", "subdivision")):
        main = next(
            (t for t in territories.all(day) if t.code == asked and t.code in finding.candidates), None
        )
        if main is not None:
            return _assumed(main, finding)
    return _open(finding, asked, day, territories)


def _assumed(main: Territory, finding: Finding) -> dict[str, object]:
    """A question about a country alone is answered for its main territory, and says that it assumes so.

    A decision about an order never assumes: it asks for the postcode.
    """
    others = ", ".join(code for code in finding.candidates if code != main.code)
    basis = f"country only: its main territory is assumed; without a postcode {others} remain possible"
    return {**_settled(main, basis), "assumed": True, "candidates": list(finding.candidates)}


def _settled(territory: Territory, basis: str) -> dict[str, object]:
    return {
        "territory": territory.code,
        "name": territory.name,
        "country": territory.country,
        "eu_customs": territory.eu_customs,
        "eu_vat": territory.eu_vat,
        "eu_excise": territory.eu_excise,
        "vat_system": territory.vat_system,
        "basis": basis,
        "customs_union": territory.customs_union,
        "vat_area": territory.vat_area,
        "excise_area": territory.excise_area,
        "security_area": territory.security_area,
        "vat_country": territory.vat_country,
        "note": territory.note,
        "confidence": territory.confidence,
        "source": territory.source,
    }


def _open(finding: Finding, country: str, day: date, territories: Territories) -> dict[str, object]:
    body: dict[str, object] = {
        "territory": None,
        "candidates": list(finding.candidates),
        "cannot_determine": finding.basis,
        "country": country,
    }
    possible = [territory for territory in territories.all(day) if territory.code in finding.candidates]
    known = bool(possible) and len(possible) == len(finding.candidates) and territories.covers(day)
    for flag in _FLAGS:
        values = {getattr(territory, flag) for territory in possible}
        body[flag] = values.pop() if known and len(values) == 1 else None
    return body


def _text(query: Mapping[str, object], field: str) -> str | None:
    return text_from(query, field, code="territory.bad_field")


def _day(query: Mapping[str, object]) -> date:
    return day_from(
        _text(query, "date"),
        code="territory.bad_date",
        cure='give the local day as "2026-11-22": the law depends on it',
    )
