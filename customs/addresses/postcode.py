"""Whether a postcode is one of its country, and how it is written there."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from customs.addresses.forms import AddressForm, Subdivision, address_form, neighbours
from customs.territories.postcodes import compact

__all__ = ["PostcodeVerdict", "judge_postcode", "subdivisions_of", "write"]


@dataclass(frozen=True, slots=True)
class PostcodeVerdict:
    """``valid`` None: it cannot be determined. ``written`` is the code as the country writes it.

    ``code`` is compact; ``elsewhere`` the country whose postcode it is instead; ``since`` the day the
    form was given up.
    """

    valid: bool | None
    reason: str
    written: str | None
    code: str = ""
    elsewhere: str | None = None
    since: str = ""


def judge_postcode(form: AddressForm, country: str, text: str | None) -> PostcodeVerdict:
    """Judge a postcode by form and, where provinces own the beginnings of codes, by its beginning.

    The country's letters before a code are no mistake, nor is a blank for a hyphen or none at all. A
    separator where the country writes none often hides a wrong digit: the code is refused, and what
    was probably meant is ``written``.
    """
    code = compact(text or "")
    if not code:
        required = "postcode" in form.required
        return PostcodeVerdict(False if required else None, "missing" if required else "none_given", None)
    if form.pattern is None:
        return PostcodeVerdict(None, "no_check", (text or "").strip(), code)
    bare = _fitting(form, code) if _ordinary(text or "") else None
    if bare is None:
        return _refused(form, country, code)
    if form.by_subdivision and not subdivisions_of(form, bare):
        return PostcodeVerdict(False, "not_allocated", None, bare)
    if not _well_parted(form, text or ""):
        return PostcodeVerdict(False, "separator", write(form, bare), bare)
    return PostcodeVerdict(True, "ok", write(form, bare), bare)


def _fitting(form: AddressForm, code: str) -> str | None:
    """The code itself, or without the country's letters before it."""
    if form.fits(code):
        return code
    for prefix in form.rough.prefixes:
        rest = code.removeprefix(prefix)
        if rest != code and form.fits(rest):
            return rest
    return None


def _refused(form: AddressForm, country: str, code: str) -> PostcodeVerdict:
    if form.withdrawn is not None and form.withdrawn.fullmatch(code):
        return PostcodeVerdict(False, "withdrawn_form", None, code, since=form.withdrawn_since)
    other = _elsewhere(country, code)
    if other is not None:
        return PostcodeVerdict(False, "other_country", write(other, code), code, elsewhere=other.area)
    whole = max(form.lengths, default=0)
    if len(code) < whole and form.rough.fits(code):
        return PostcodeVerdict(False, "incomplete", None, code)
    reason = "bad_format" if len(code) in form.lengths or not form.lengths else "bad_length"
    return PostcodeVerdict(False, reason, None, code)


def _elsewhere(country: str, code: str) -> AddressForm | None:
    """The neighbour whose postcode it is, the one that begins with most fixed signs first."""
    forms = [form for form in map(address_form, neighbours(country)) if form is not None]
    fitting = [form for form in forms if form.area != country and form.fits(code)]
    return max(fitting, key=_fixed, default=None)


def _fixed(form: AddressForm) -> int:
    found = re.match(r"[A-Z0-9]*", form.pattern.pattern) if form.pattern is not None else None
    return len(found.group()) if found else 0


def _ordinary(text: str) -> bool:
    """Letters, digits, blanks, dashes and dots; anything else belongs to no postcode."""
    return all(
        sign.isalnum() or sign.isspace() or sign in ".\u2212" or unicodedata.category(sign) in ("Pd", "Cf")
        for sign in text
    )


def _well_parted(form: AddressForm, text: str) -> bool:
    """Whether blanks and hyphens stand where the country puts one."""
    parts = _parts(form, text)
    if len(parts) <= 1:
        return True
    sizes = [len(part) for part in parts]
    if form.written:
        return any(sizes == _sizes(form, spelling, sum(sizes)) for spelling in form.written)
    return form.spelled is not None and any(form.spelled.fullmatch(sign.join(parts)) for sign in " -")


def _parts(form: AddressForm, text: str) -> list[str]:
    """What separators part, the country's letters in front taken away."""
    parts = [part for part in map(compact, re.split(r"[\W_]+", text)) if part]
    return parts[1:] if len(parts) > 1 and parts[0] in form.rough.prefixes else parts


def _sizes(form: AddressForm, spelling: str, whole: int) -> list[int]:
    sizes = [len(part) for part in _parts(form, spelling.replace("#", "0").replace("*", "0"))]
    return [whole - sizes[1], sizes[1]] if spelling.startswith("*") else sizes


def subdivisions_of(form: AddressForm, code: str) -> tuple[Subdivision, ...]:
    """The states or provinces whose postcodes begin as this one does."""
    return tuple(each for each in form.subdivisions if each.beginning and each.beginning.match(code))


def write(form: AddressForm, code: str) -> str:
    """The code in the country's own spelling: the form of ``#`` and signs that has its length.

    In a form that begins with ``*`` the signs are counted from the end; letters stand for themselves.
    """
    for spelling in form.written:
        fixed = "".join(sign for sign in spelling if sign.isalnum())
        if len(form.written) > 1 and not code.startswith(fixed):
            continue
        rest = code.removeprefix(fixed)
        places = spelling.count("#")
        if spelling.startswith("*") and len(rest) > places:
            return f"{rest[:-places]} {rest[-places:]}"
        if len(rest) == places:
            signs = iter(rest)
            return "".join(next(signs) if sign == "#" else sign for sign in spelling)
    return code
