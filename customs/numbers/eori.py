"""EORI numbers of customs, and numbers of the import one-stop shop: structure only, no register asked."""

from __future__ import annotations

import re
from datetime import date

from customs.numbers.clean import LONGEST, bare, plain
from customs.numbers.countries import is_country, read_country
from customs.numbers.tables import EoriShape, eori_shapes
from customs.numbers.verdict import Verdict

__all__ = ["eori_number", "ioss_number"]

_LONGEST_EORI = 17
_WORDS = {"EL": "GR", "UK": "GB"}
_BRITISH = ("GB", "XI")


def eori_number(number: str, country: str | None, day: date) -> Verdict:
    """Judge an EORI number on a day; ``basis`` says whether the national form is known.

    A prefix names the customs administration that gave the number, not where the business is.

    >>> eori_number("NL 000123456", None, date(2026, 11, 22)).basis
    'national form'
    """
    text = bare(number)
    asked = read_country(country)
    asked = _WORDS.get(asked, asked) if asked else None
    if not text:
        return Verdict(False, "empty", "", asked, "eori")
    if text[:2] in _WORDS:
        text = _WORDS[text[:2]] + text[2:]
    if not plain(text) or not text.isalnum():
        return Verdict(False, "bad_format", text[:LONGEST], asked, "eori")
    prefix = text[:2] if text[:2] in eori_shapes() else None
    if asked is None:
        return _without_country(text, prefix, day)
    if asked not in eori_shapes():
        return _unknown(text, asked)
    if prefix is None:
        return _judge(asked, text, day)
    if prefix != asked and not (asked == "GB" and prefix in _BRITISH):
        return Verdict(False, "wrong_country", text, prefix, "eori")
    return _judge(prefix, text[2:], day)


def _without_country(text: str, prefix: str | None, day: date) -> Verdict:
    if prefix is not None:
        return _judge(prefix, text[2:], day)
    if text[:2].isalpha():
        return _unknown(text, text[:2])
    return Verdict(None, "missing_country", text, None, "eori")


def _unknown(text: str, country: str) -> Verdict:
    """Another country: its customs may give numbers of the same name, which no form here describes."""
    if is_country(country):
        return Verdict(None, "no_check", text, country, "eori")
    return Verdict(False, "unknown_country", text, country, "eori")


def _judge(prefix: str, rest: str, day: date) -> Verdict:
    compact = prefix + rest
    if len(compact) > _LONGEST_EORI or not rest:
        return Verdict(False, "bad_length", compact[:LONGEST], prefix, "eori")
    fitting = [form for form in eori_shapes()[prefix] if form.shape.fullmatch(rest)]
    if not fitting:
        return Verdict(False, _why_not(eori_shapes()[prefix], rest), compact, prefix, "eori", "national form")
    current = next((form for form in fitting if form.holds(day)), None)
    basis = "national form" if fitting[0].national else "structure"
    if current is None:
        return Verdict(False, "withdrawn_form", compact, prefix, "eori", basis)
    return Verdict(True, "ok", compact, prefix, "eori", basis)


def _why_not(forms: tuple[EoriShape, ...], rest: str) -> str:
    """Digits where digits belong, but not so many of them: the length is wrong."""
    digits = any("[A-Z" not in form.shape.pattern for form in forms)
    return "bad_length" if digits and rest.isdecimal() else "bad_format"


def ioss_number(number: str, country: str | None = None) -> Verdict:
    """Judge a number of the import scheme: IM, the member state's three digits, six more, a check digit.

    How the check digit is made is not published, so that it is not checked.

    >>> ioss_number("im 372 000 022 4").country, ioss_number("IN3720000224").reason
    ('IE', 'intermediary')
    """
    text = bare(number)
    asked = read_country(country)
    asked = _WORDS.get(asked, asked) if asked else None
    reason, state = _import_scheme(text)
    if reason == "ok" and asked and state != asked:
        reason = "wrong_country"
    basis = "structure" if text else ""
    return Verdict(reason == "ok", reason, text[:LONGEST], state, "ioss", basis)


def _import_scheme(text: str) -> tuple[str, str | None]:
    if not text:
        return "empty", None
    if re.fullmatch(r"IN\d{10}", text, re.ASCII):
        return "intermediary", _state(text[2:5])
    if re.fullmatch(r"\d{10}", text, re.ASCII):
        return "missing_prefix", _state(text[:3])
    from stdnum import exceptions
    from stdnum.eu import oss

    if not text.startswith("IM"):
        return "bad_format", None
    try:
        oss.validate(text)
    except exceptions.InvalidLength:
        return "bad_length", None
    except exceptions.InvalidComponent:
        return "bad_component", None
    except exceptions.ValidationError:
        return "bad_format", None
    return "ok", _state(text[2:5])


def _state(digits: str) -> str | None:
    """The member state of identification by its ISO 3166-1 number; 900 is Northern Ireland."""
    from stdnum.eu.oss import ISO_3166_1_MEMBER_STATES

    if digits not in ISO_3166_1_MEMBER_STATES:
        return None
    if digits == "900":
        return "XI"
    import pycountry

    found = pycountry.countries.get(numeric=digits)
    return str(found.alpha_2) if found is not None else None
