"""The command-line contract of ``passavant screen``: one JSON object in, one out."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from customs.screening.fold import folded
from customs.screening.lists.reading import country_code
from customs.screening.model import Party, Policy
from customs.screening.screener import Screener
from domain import InputError

__all__ = ["KINDS", "answer", "party_of"]

FIELDS = ("name", "country", "birth_year", "kind")
KINDS = ("person", "entity", "vessel", "aircraft")
LONGEST = 500
FIRST_YEAR, LAST_YEAR = 1800, 2100


def answer(query: Mapping[str, object], screener: Screener, policy: Policy) -> dict[str, object]:
    """Screen one party.

    In: ``name``, and where known ``country`` (ISO 3166-1 alpha-2), ``birth_year`` and ``kind``. Out:
    ``status`` (``clear``, ``possible``, ``hit``), ``score`` of the best match or of the nearest name,
    ``matches``, ``because`` (a code) and the versions of the ``lists``. Raises `InputError`; no
    message repeats the name.
    """
    return screener.screen(party_of(query), policy).to_json()


def party_of(query: Mapping[str, object]) -> Party:
    """The party a query asks about. Raises `InputError`."""
    unknown = sorted(set(query) - set(FIELDS))
    if unknown:
        near = get_close_matches(unknown[0], FIELDS, n=1, cutoff=0.6)
        raise InputError(
            f"unknown field {unknown[0]!r}",
            code="screening.unknown_field",
            place=f"/{unknown[0]}",
            cure=f"did you mean {near[0]}?" if near else f"use {', '.join(FIELDS)}",
        )
    name = query.get("name")
    if not isinstance(name, str) or not name.strip():
        raise _bad("name", "the name is missing", "give the name as text")
    if len(name) > LONGEST:
        raise _bad("name", f"the name is longer than {LONGEST} characters", "one name at a time")
    if not folded(name).full:
        raise _bad("name", "the name holds no letter that can be compared", "give the name as it is written")
    return Party(
        name, _country(query.get("country")), _year(query.get("birth_year")), _kind(query.get("kind"))
    )


def _country(value: object) -> str | None:
    if value is None or value == "":
        return None
    code = country_code(value) if isinstance(value, str) else None
    if code is None:
        raise _bad("country", "the country is not known", "give an ISO 3166-1 code")
    return code


def _year(value: object) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not FIRST_YEAR <= value <= LAST_YEAR:
        raise _bad("birth_year", "the year of birth is no year", "give four digits as a number")
    return value


def _kind(value: object) -> str | None:
    if value is None:
        return None
    if value not in KINDS:
        raise _bad("kind", "the kind is not known", f"use {', '.join(KINDS)}, or leave it out")
    return str(value)


def _bad(field: str, cause: str, cure: str) -> InputError:
    return InputError(cause, code=f"screening.bad_{field}", place=f"/{field}", cure=cure)
