"""A postal address: what is missing, what contradicts what, and how the country writes it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches

from customs.addresses.forms import AddressForm, Subdivision
from customs.addresses.postcode import PostcodeVerdict, judge_postcode, subdivisions_of

__all__ = ["Address", "AddressVerdict", "Problem", "judge_address"]


@dataclass(frozen=True, slots=True)
class Address:
    """As given; None is not given."""

    country: str
    lines: tuple[str, ...] | None = None
    city: str | None = None
    subdivision: str | None = None
    postcode: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A field and a code; ``expected`` what would fit, where that is known."""

    field: str
    reason: str
    expected: str = ""


@dataclass(frozen=True, slots=True)
class AddressVerdict:
    """``normalised`` has the fields that are given or follow from others; ``derived`` names the latter."""

    postcode: PostcodeVerdict
    missing: tuple[str, ...]
    problems: tuple[Problem, ...]
    normalised: Address
    derived: tuple[str, ...]


def judge_address(form: AddressForm, address: Address) -> AddressVerdict:
    """Judge an address by the form of its country."""
    verdict = judge_postcode(form, address.country, address.postcode)
    problems = []
    if verdict.valid is False and verdict.reason != "missing":
        expected = verdict.elsewhere or verdict.written or form.example
        problems.append(Problem("postcode", verdict.reason, expected))
    given, named = _subdivision(form, address.subdivision)
    if given and named is None and form.subdivisions:
        problems.append(Problem("subdivision", "unknown", _meant(form.subdivisions, given)))
    owners = subdivisions_of(form, verdict.code) if verdict.valid else ()
    if named is not None and owners and named.beginning is not None and named not in owners:
        problems.append(Problem("postcode", "other_subdivision", ", ".join(each.key for each in owners)))
    derived: tuple[str, ...] = ()
    if not given and len(owners) == 1 and "subdivision" in form.used:
        named, derived = owners[0], ("subdivision",)
    normalised = Address(
        country=address.country,
        lines=tuple(filter(None, map(_tidy, address.lines or ()))),
        city=_capital(form, "city", address.city),
        subdivision=_shown(form, given, named),
        postcode=verdict.written,
    )
    return AddressVerdict(verdict, _missing(form, address, normalised), tuple(problems), normalised, derived)


def _missing(form: AddressForm, address: Address, normalised: Address) -> tuple[str, ...]:
    there = {
        "lines": normalised.lines,
        "city": normalised.city,
        "subdivision": normalised.subdivision,
        "postcode": (address.postcode or "").strip(),
    }
    return tuple(field for field in form.required if not there[field])


def _subdivision(form: AddressForm, text: str | None) -> tuple[str, Subdivision | None]:
    """By key, by ISO 3166-2 code with or without the country, or by name in any of its languages."""
    given = _tidy(text or "")
    wanted = given.casefold().removeprefix(f"{form.area.casefold()}-")
    for each in form.subdivisions:
        if wanted == each.iso.casefold() or wanted in each.names or _plain(wanted) in map(_plain, each.names):
            return given, each
    return given, None


def _shown(form: AddressForm, given: str, named: Subdivision | None) -> str | None:
    """The post's own key; what was given in Latin letters is not turned into another script."""
    if named is None:
        return given or None
    return named.key if named.key.isascii() else given or f"{form.area}-{named.iso}"


def _meant(subdivisions: tuple[Subdivision, ...], given: str) -> str:
    """The one whose name is nearest, else the first few."""
    names = {name: each.key for each in subdivisions for name in each.names}
    near = get_close_matches(given.casefold(), names, 1, cutoff=0.75)
    keys = [names[near[0]]] if near else [each.key for each in subdivisions]
    return ", ".join(keys[:5]) + (", ..." if len(keys) > 5 else "")


def _capital(form: AddressForm, field: str, text: str | None) -> str | None:
    tidy = _tidy(text or "")
    return (tidy.upper() if field in form.capitals else tidy) or None


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
