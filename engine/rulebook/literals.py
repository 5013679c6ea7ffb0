"""Text to typed values. Every scalar is text until a word of the vocabulary says what it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation

from domain import InputError, Money
from engine.rulebook.nodes import Scalar
from engine.rulebook.problems import Problems, nearest
from engine.rulebook.tree import ParamRef, Place
from engine.rulebook.vocabulary import FactType

__all__ = ["KIND_NAMES", "UNITS", "Literals", "parse_date"]

UNITS: dict[str, dict[str, Decimal]] = {
    "weight": {"g": Decimal(1), "kg": Decimal(1000), "t": Decimal(1_000_000)},
    "length": {"mm": Decimal(1), "cm": Decimal(10), "m": Decimal(1000)},
    "volume": {"cm3": Decimal(1), "l": Decimal(1000), "m3": Decimal(1_000_000)},
    "minutes": {"min": Decimal(1), "minutes": Decimal(1), "h": Decimal(60), "hours": Decimal(60)},
    "days": {"days": Decimal(1), "day": Decimal(1), "weeks": Decimal(7)},
    "percent": {"%": Decimal(1), "percent": Decimal(1)},
}
_QUANTITY = re.compile(r"^(-?\d[\d ]*(?:\.\d+)?) ?([A-Za-z%]+\d?)?$")
_MONEY = re.compile(r"^(-?\d[\d ]*(?:\.\d+)?) ([A-Z]{3})$")
_NAMES = {
    "bool": "yes or no",
    "int": "a whole number",
    "decimal": "a number such as 12.5",
    "percent": "a percentage such as 22 %",
    "money": "an amount with its currency such as 150 EUR",
    "weight": "a weight with its unit such as 30 kg",
    "length": "a length with its unit such as 120 cm",
    "volume": "a volume with its unit such as 5 l",
    "minutes": "a duration such as 90 min",
    "days": "a number of days such as 14 days",
    "date": "a day such as 2026-07-01",
    "hs": "an HS code of digits such as 2204 or 0406.90",
}
_CURES = {
    "int": "write digits, such as 3",
    "decimal": "write digits, with a decimal point, such as 12.5",
    "percent": "write a number and %, with a decimal point",
    "weight": "write a number and its unit, such as 30 kg",
    "length": "write a number and its unit, such as 120 cm",
    "volume": "write a number and its unit, such as 5 l",
    "minutes": "write a number and its unit, such as 90 min",
    "days": "write a number and its unit, such as 14 days",
    "code": "write a code",
}
# What a fact of each type is called in a message.
KIND_NAMES = {
    "bool": "is yes or no",
    "code": "is a code",
    "codes": "holds several codes",
    "text": "is a text",
    "hs": "is an HS code",
    "int": "is a whole number",
    "decimal": "is a number",
    "percent": "is a percentage",
    "money": "is an amount of money",
    "weight": "is a weight",
    "length": "is a length",
    "volume": "is a volume",
    "minutes": "is a duration",
    "days": "is a number of days",
    "date": "is a date",
    "place": "is a place",
}
FIRST_YEAR, LAST_YEAR = 1900, 2199


def parse_date(text: str) -> date | None:
    """``2026-07-01``, else None. Years beyond 1900 to 2199 are typing errors, not law."""
    try:
        day = date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        return None
    return day if day is not None and FIRST_YEAR <= day.year <= LAST_YEAR else None


class Literals:
    """Converts scalars, noting what does not fit. ``codes_of`` gives the valid codes of a type."""

    def __init__(self, problems: Problems, codes_of: Callable[[FactType], frozenset[str] | None]) -> None:
        self.problems = problems
        self.codes_of = codes_of

    def value(self, text: str, kind: FactType, place: Place, params: bool = True) -> object | None:
        """The typed value, or None with a problem noted. ``params``: whether ``param id`` may stand here."""
        text = text.strip()
        if text.startswith("param "):
            if params:
                return ParamRef(text[6:].strip())
            self.problems.add(
                "value.param",
                place,
                f'"{text}" cannot stand here',
                why="only tests and outcomes name a param",
                cure="write the value itself",
            )
            return None
        name = "code" if kind.kind == "codes" else kind.kind
        converter = getattr(self, f"_{name}", None)
        if converter is None:
            self.problems.add("value.type", place, f"a {kind.kind} fact cannot be compared with a value")
            return None
        result: object | None = converter(text, kind, place)
        return result

    def scalar(self, node: Scalar, kind: FactType, params: bool = True) -> object | None:
        """The typed value of a scalar node."""
        return self.value(node.text, kind, node.place, params)

    def _wrong(self, text: str, kind: FactType, place: Place, cure: str = "") -> None:
        what = f'"{text}" is not {_NAMES.get(kind.kind, "a valid " + kind.kind)}'
        self.problems.add("value.type", place, what, cure=cure or _CURES.get(kind.kind, ""))

    def _bool(self, text: str, kind: FactType, place: Place) -> bool | None:
        if text in ("yes", "no"):
            return text == "yes"
        self._wrong(text, kind, place, nearest(text, ("yes", "no")))
        return None

    def _code(self, text: str, kind: FactType, place: Place) -> str | None:
        valid = self.codes_of(kind)
        if valid is not None and text not in valid:
            what = (kind.domain or "code").replace("_", " ")
            self.problems.add(
                "value.code",
                place,
                f'"{text}" is not a known {what}',
                cure=nearest(text, valid, "passavant rules vocabulary"),
            )
            return None
        if not text:
            self._wrong(text, kind, place)
            return None
        return text

    def _text(self, text: str, _kind: FactType, _place: Place) -> str | None:
        return text

    def _hs(self, text: str, kind: FactType, place: Place) -> str | None:
        digits = re.sub(r"[ .]", "", text)
        if re.fullmatch(r"\d{2,10}", digits):
            return digits
        self._wrong(text, kind, place, "write 2 to 10 digits; dots and spaces are allowed")
        return None

    def _number(self, text: str) -> Decimal | None:
        try:
            return Decimal(text.replace(" ", "")) if re.fullmatch(r"-?\d[\d ]*(\.\d+)?", text) else None
        except InvalidOperation:
            return None

    def _int(self, text: str, kind: FactType, place: Place) -> int | None:
        number = self._number(text)
        if number is None or number != number.to_integral_value():
            self._wrong(text, kind, place)
            return None
        return int(number)

    def _decimal(self, text: str, kind: FactType, place: Place) -> Decimal | None:
        number = self._number(text)
        if number is None:
            self._wrong(text, kind, place)
        return number

    def _percent(self, text: str, kind: FactType, place: Place) -> Decimal | None:
        match = _QUANTITY.match(text)
        if match and (match[2] in (None, "%", "percent")):
            return Decimal(match[1].replace(" ", ""))
        self._wrong(text, kind, place)
        return None

    def _money(self, text: str, kind: FactType, place: Place) -> Money | None:
        match = _MONEY.match(text)
        if not match:
            self._wrong(text, kind, place, "write the amount, a space and the ISO currency code")
            return None
        try:
            return Money.of(match[1].replace(" ", ""), match[2])
        except InputError as error:
            precise = error.code == "money.too_precise"
            cure = "write no more decimals than the currency has" if precise else error.cure
            self.problems.add("value.money", place, error.cause, cure=cure)
            return None

    def _united(self, text: str, kind: FactType, place: Place) -> int | None:
        match = _QUANTITY.match(text)
        units = UNITS[kind.kind]
        if not match:
            self._wrong(text, kind, place)
            return None
        if match[2] is None:
            self._wrong(text, kind, place, f"add the unit: {', '.join(units)}")
            return None
        if match[2] not in units:
            self.problems.add(
                "value.unit",
                place,
                f'"{match[2]}" is not a unit of {kind.kind}',
                cure=nearest(match[2], units),
            )
            return None
        amount = Decimal(match[1].replace(" ", "")) * units[match[2]]
        if amount != amount.to_integral_value():
            smallest = next(iter(units))
            self._wrong(text, kind, place, f"the smallest unit is one {smallest}")
            return None
        return int(amount)

    _weight = _united
    _length = _united
    _volume = _united
    _minutes = _united
    _days = _united

    def _date(self, text: str, kind: FactType, place: Place) -> date | None:
        day = parse_date(text)
        if day is None:
            self._wrong(text, kind, place, "write a calendar day as year-month-day")
            return None
        return day
