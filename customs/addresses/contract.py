"""The command-line contract of ``passavant address``: one JSON object in, one out."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from customs.addresses.address import Address, AddressVerdict, judge_address
from customs.addresses.forms import AddressForm, address_form
from domain import InputError

__all__ = ["answer_address"]

_FIELDS = ("country", "lines", "city", "subdivision", "postcode")


def answer_address(query: Mapping[str, object]) -> dict[str, object]:
    """In: ``country``, and what is known of ``lines`` (a list or one text), ``city``, ``subdivision``, ``postcode``.

    Out: ``valid`` and ``reason`` judge the postcode (None: cannot be determined); ``complete`` the whole
    address, with ``missing`` and ``problems``; ``normalised`` is how the country writes it. Raises
    `InputError`.

    >>> answer_address({"country": "NL", "postcode": "1012ab"})["normalised"]
    {'country': 'NL', 'postcode': '1012 AB'}
    """
    _known(query)
    country = (_text(query, "country") or "").strip().upper()
    form = address_form(country)
    if form is None:
        raise InputError(
            f"{country!r} is no country we know the addresses of" if country else "the country is missing",
            code="address.unknown_country" if country else "address.missing_country",
            place="/country",
            cure="give an ISO 3166-1 alpha-2 code",
        )
    address = Address(
        country,
        _lines(query),
        _text(query, "city"),
        _text(query, "subdivision"),
        _text(query, "postcode"),
    )
    return _body(form, judge_address(form, address))


def _body(form: AddressForm, verdict: AddressVerdict) -> dict[str, object]:
    postcode = verdict.postcode
    body: dict[str, object] = {
        "valid": postcode.valid,
        "reason": postcode.reason,
        "complete": not verdict.missing and not verdict.problems,
        "required": list(form.required),
        "missing": list(verdict.missing),
        "problems": [
            {"field": each.field, "reason": each.reason, "expected": each.expected}
            for each in verdict.problems
        ],
        "normalised": _given(verdict.normalised),
        "derived": list(verdict.derived),
        "example": form.example or None,
    }
    if postcode.elsewhere:
        body["elsewhere"] = postcode.elsewhere
    if postcode.since:
        body["withdrawn_since"] = postcode.since
    return body


def _given(address: Address) -> dict[str, object]:
    fields: dict[str, object] = {
        "country": address.country,
        "lines": list(address.lines or ()),
        "city": address.city,
        "subdivision": address.subdivision,
        "postcode": address.postcode,
    }
    return {key: value for key, value in fields.items() if value}


def _known(query: Mapping[str, object]) -> None:
    unknown = sorted(set(query) - set(_FIELDS))
    if unknown:
        near = get_close_matches(unknown[0], _FIELDS, 1)
        raise InputError(
            f"unknown field {unknown[0]!r}",
            code="address.unknown_field",
            place=f"/{unknown[0]}",
            cure=f"did you mean {near[0]}?" if near else f"use {', '.join(_FIELDS)}",
        )


def _lines(query: Mapping[str, object]) -> tuple[str, ...] | None:
    value = query.get("lines")
    if value is None:
        return None
    if isinstance(value, str):
        return tuple(value.splitlines())
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return tuple(value)
    raise _not_text("lines", "a text or a list of texts", value)


def _text(query: Mapping[str, object], field: str) -> str | None:
    value = query.get(field)
    if value is None or isinstance(value, str):
        return value
    raise _not_text(field, "text", value)


def _not_text(field: str, wanted: str, value: object) -> InputError:
    return InputError(
        f"{field} must be {wanted}, not {type(value).__name__}",
        code="address.bad_field",
        place=f"/{field}",
        cure="put it in quotes: a number loses leading zeros",
    )
