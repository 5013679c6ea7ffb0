"""The command-line contracts of ``vat-number``, ``eori`` and ``ioss-number``: one JSON object in, one out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches

from customs.numbers.eori import eori_number, ioss_number
from customs.numbers.vat import vat_number
from domain import InputError
from domain.asked import day_from, text_from

__all__ = ["answer_eori", "answer_ioss", "answer_vat"]


def answer_vat(query: Mapping[str, object]) -> dict[str, object]:
    """In: ``number``, and ``country`` unless the number has its prefix. Out: see `Verdict.to_json`.

    >>> answer_vat({"number": "NL123456789B13", "country": "NL"})["valid"]
    True
    """
    _known(query, ("number", "country"))
    verdict = vat_number(_number(query), _text(query, "country"))
    return {**verdict.to_json(), "in_vies": verdict.vies}


def answer_eori(query: Mapping[str, object]) -> dict[str, object]:
    """In: ``number``, ``date`` (ISO: national forms change) and, where wanted, ``country``."""
    _known(query, ("number", "country", "date"))
    return eori_number(_number(query), _text(query, "country"), _day(query)).to_json()


def answer_ioss(query: Mapping[str, object]) -> dict[str, object]:
    """In: ``number`` and, where wanted, the ``country`` of identification."""
    _known(query, ("number", "country"))
    return ioss_number(_number(query), _text(query, "country")).to_json()


def _known(query: Mapping[str, object], fields: tuple[str, ...]) -> None:
    unknown = sorted(set(query) - set(fields))
    if unknown:
        near = get_close_matches(unknown[0], fields, 1)
        raise InputError(
            f"unknown field {unknown[0]!r}",
            code="number.unknown_field",
            place=f"/{unknown[0]}",
            cure=f"did you mean {near[0]}?" if near else f"use {', '.join(fields)}",
        )


def _number(query: Mapping[str, object]) -> str:
    text = _text(query, "number")
    if text is None:
        raise InputError(
            "the number is missing",
            code="number.missing",
            place="/number",
            cure='give it as an argument, or as "number" in JSON',
        )
    return text


def _text(query: Mapping[str, object], field: str) -> str | None:
    return text_from(query, field, code="number.bad_field")


def _day(query: Mapping[str, object]) -> date:
    return day_from(
        _text(query, "date"),
        code="number.bad_date",
        cure='give the day as "2026-11-22": the forms of numbers change',
    )
