"""Orders from outside: JSON text to a validated order, or one clear error."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from domain import InputError, Order
from engine.rulebook.problems import nearest

__all__ = [
    "MAX_BYTES",
    "order_from",
    "order_from_text",
    "parse_json",
    "query_from",
    "read_json",
    "read_order",
]

Query = TypeVar("Query", bound=BaseModel)

MAX_BYTES = 2_000_000
MAX_DEPTH = 30


def read_order(path: Path) -> Order:
    """An order from a file."""
    return order_from_text(_text_of(path), path.name)


def read_json(path: Path) -> object:
    """JSON from a file."""
    return parse_json(_text_of(path), path.name)


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _too_large(path.name)
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError(f"there is no file {path}", code="order.no_file", cure="check the path") from None
    except UnicodeDecodeError:
        raise InputError(
            "the file is not UTF-8 text", code="order.encoding", place=path.name, cure="save it as UTF-8"
        ) from None
    except OSError as error:
        raise InputError(
            f"the file cannot be read: {error.strerror}", code="order.no_file", place=path.name
        ) from None


def order_from_text(text: str, place: str = "") -> Order:
    """An order from JSON text."""
    return order_from(parse_json(text, place), place)


def parse_json(text: str, place: str = "") -> object:
    """JSON as the standard has it: no NaN, no repeated keys, not too deep, not too large."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise _too_large(place)
    if _depth(text) > MAX_DEPTH:
        raise InputError(
            f"the JSON is nested deeper than {MAX_DEPTH} levels",
            code="json.too_deep",
            place=place,
            cure="an order has at most 6 levels",
        )
    try:
        return json.loads(text, parse_constant=_no_constant, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        at = f"{place}:{error.lineno}:{error.colno}" if place else f"{error.lineno}:{error.colno}"
        raise InputError(
            f"this is not JSON: {error.msg}",
            code="json.malformed",
            place=at,
            cure="check commas, quotes and brackets there",
        ) from None
    except ValueError:  # an integer of thousands of digits
        raise InputError(
            "a number is too long to be one",
            code="json.malformed",
            place=place,
            cure="amounts are decimal strings",
        ) from None


def order_from(data: object, place: str = "") -> Order:
    """An order from parsed JSON; the first mistakes are named with their pointers."""
    if not isinstance(data, Mapping):
        raise InputError(
            "an order is a JSON object", code="order.not_object", place=place, cure="see examples/orders"
        )
    try:
        return Order.model_validate(data)
    except ValidationError as error:
        raise _invalid(error, place) from None
    except InputError:
        raise
    except RecursionError:
        raise InputError("the order is nested too deeply", code="json.too_deep", place=place) from None


SAID: Mapping[str, str] = {
    "extra_forbidden": "there is no such field",
    "missing": "this field is missing",
}
FORMS: Mapping[str, str] = {
    "hs_code": "a tariff code of 4, 6, 8 or 10 digits without dots",
    "country": "an ISO 3166-1 code of two capital letters",
    "origin": "an ISO 3166-1 code of two capital letters",
    "currency": "an ISO 4217 code of three capital letters",
    "establishments": "ISO 3166-1 codes of two letters",
    "vat_registrations": "ISO 3166-1 codes of two letters, or XI",
    "excise_registered_in": "ISO 3166-1 codes of two capital letters",
    "classes": "small letters, digits and underscores",
    "un_number": "UN and four digits",
    "id": "letters, digits and . _ : / -, not beginning with a sign",
    "sku": "letters, digits and . _ : / -, not beginning with a sign",
}
"""What a field should look like, by its name, in words."""


def query_from(model: type[Query], data: object) -> Query:
    """A validated question about the law; the first mistakes are named with their pointers."""
    if not isinstance(data, Mapping):
        raise InputError("a question is a JSON object", code="query.not_object", cure="see docs/law.md")
    try:
        return model.model_validate(data)
    except ValidationError as error:
        found = _invalid(error, "", sorted(model.model_fields))
        found.code = {
            "order.unknown_field": "query.unknown_field",
            "order.missing_field": "query.missing_field",
        }.get(found.code, "query.invalid")
        raise found from None


def _invalid(error: ValidationError, place: str, fields: Sequence[str] = ()) -> InputError:
    every = error.errors(include_url=False, include_context=False, include_input=False)
    # a list whose only item is wrong is also called too short: that is one mistake
    inner = {each["loc"][:depth] for each in every for depth in range(len(each["loc"]))}
    found = [each for each in every if not (each["type"] == "too_short" and each["loc"] in inner)]
    if fields:  # a misspelt field is also a missing one: the spelling is the mistake
        found.sort(key=lambda each: each["type"] != "extra_forbidden")
    first = found[0]
    pointer = "/" + "/".join(str(part) for part in first["loc"]) if first["loc"] else ""
    count = len(found) - 1
    more = f" (and {count} more {'mistake' if count == 1 else 'mistakes'})" if count else ""
    message = SAID.get(first["type"], first["msg"].removeprefix("Value error, "))
    if first["type"] == "string_pattern_mismatch" and first["loc"]:
        message = (
            f"this should be {FORMS.get(str(first['loc'][-1]), FORMS.get(str(first['loc'][0]), message))}"
        )
    kind = {"extra_forbidden": "order.unknown_field", "missing": "order.missing_field"}.get(
        first["type"], "order.invalid"
    )
    cure = "correct it and send it again"
    if kind == "order.unknown_field":
        near = nearest(str(first["loc"][-1]), fields) if len(first["loc"]) == 1 and fields else ""
        cure = near or "remove it; the fields are listed in the API description"
    return InputError(
        f"{message}{more}", code=kind, place=f"{place}{'#' if place and pointer else ''}{pointer}", cure=cure
    )


def _no_constant(word: str) -> object:
    raise InputError(
        f"{word} is not a JSON number", code="json.not_a_number", cure="amounts are finite decimal strings"
    )


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    held: dict[str, object] = {}
    for key, value in pairs:
        if key in held:
            raise InputError(
                f"the key {key[:60]!r} stands twice in one object", code="json.duplicate_key", cure="keep one"
            )
        held[key] = value
    return held


def _depth(text: str) -> int:
    depth = deepest = 0
    quoted = escaped = False
    for letter in text:
        if quoted:
            if escaped:
                escaped = False
            elif letter == "\\":
                escaped = True
            elif letter == '"':
                quoted = False
        elif letter == '"':
            quoted = True
        elif letter in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif letter in "]}":
            depth -= 1
    return deepest


def _too_large(place: str) -> InputError:
    return InputError(
        f"more than {MAX_BYTES} bytes",
        code="order.too_large",
        place=place,
        cure="an order has at most 500 lines; send several",
    )
