"""One record of a retailer's file and its fields, read as what they must be.

A getter that meets a mistake notes it with its line and answers a harmless
stand-in, so that one reading finds every mistake; nothing read is used before
``Mistakes.settle`` has passed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache

import pycountry

from domain import InputError, minor_digits
from engine.retailer_mistakes import Mistakes, nearest
from engine.retailer_nodes import Items, Node, Scalar, Table

__all__ = ["Record", "countries"]

IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}")
CODE = re.compile(r"[a-z][a-z0-9_]*(-[a-z0-9_]+)*")
FLAGS = {"yes": True, "true": True, "no": False, "false": False}


@cache
def countries() -> frozenset[str]:
    """ISO 3166-1 alpha-2 codes (pycountry)."""
    return frozenset(country.alpha_2 for country in pycountry.countries)


@dataclass(frozen=True, slots=True)
class Record:
    """A row or mapping with the name of its file and the collector of mistakes."""

    file: str
    table: Table
    mistakes: Mistakes

    @property
    def place(self) -> str:
        """``file:line`` of the record."""
        return f"{self.file}:{self.table.line}"

    def wrong(self, key: str, cause: str, cure: str = "") -> None:
        """Note a mistake at the line of a field (of the record, where the field is absent)."""
        node = self.table.entries.get(key)
        self.mistakes.add(f"{self.file}:{(node or self.table).line}", cause, cure)

    def only(self, *known: str) -> Record:
        """Refuse every other field: a misspelt name must not be read as an absent value."""
        for key in self.table.entries:
            if key not in known:
                self.wrong(key, f"unknown field {key!r}", nearest(key, known, "field"))
        return self

    def has(self, key: str) -> bool:
        """Whether the field holds anything."""
        node = self.table.entries.get(key)
        return node is not None and node != Scalar("", node.line)

    def maybe(self, key: str) -> str | None:
        """Text, or None where absent or empty."""
        node = self.table.entries.get(key)
        if node is None:
            return None
        if not isinstance(node, Scalar):
            self.wrong(key, f"{key} must be a single value", "write it on one line")
            return None
        return node.text or None

    def text(self, key: str) -> str:
        """Text that must be there."""
        if not self.has(key):
            self.wrong(key, f"{key} is missing")
        return self.maybe(key) or ""

    def matching(self, key: str, pattern: re.Pattern[str], cure: str) -> str | None:
        """Text of a form, or None where absent."""
        text = self.maybe(key)
        if text is not None and not pattern.fullmatch(text):
            self.wrong(key, f"{key} {text!r} is not of the form asked for", cure)
        return text

    def identifier(self, key: str) -> str:
        """An id that orders and other files may quote."""
        text = self.text(key)
        if not IDENTIFIER.fullmatch(text):
            self.mistakes.incomplete.add(self.file)
            if text:
                cause = f"{key} {text!r} is not of the form asked for"
                self.wrong(key, cause, "letters, digits and . _ : / - only, at most 64")
        return text

    def choice(self, key: str, allowed: Collection[str] | None, what: str) -> str:
        """One of a list of names; any name where the list itself could not be read."""
        text = self.text(key)
        if text and allowed is not None and text not in allowed:
            self.wrong(key, f"unknown {what} {text!r}", nearest(text, allowed, what))
        return text

    def maybe_choice(self, key: str, allowed: Collection[str], what: str) -> str | None:
        """One of a list of names, or None where absent."""
        return self.choice(key, allowed, what) if self.has(key) else None

    def names(self, key: str) -> tuple[str, ...]:
        """Several names: a YAML list, or text parted by semicolons."""
        node = self.table.entries.get(key)
        if node is None:
            return ()
        if isinstance(node, Scalar):
            return tuple(part.strip() for part in node.text.split(";") if part.strip())
        texts = (
            [item.text for item in node.items if isinstance(item, Scalar)] if isinstance(node, Items) else []
        )
        if not isinstance(node, Items) or len(texts) != len(node.items):
            self.wrong(key, f"{key} must be a list of names", "write [one, two]")
        return tuple(texts)

    def codes(self, key: str, allowed: Collection[str] | None = None, what: str = "code") -> frozenset[str]:
        """Several codes, open ones where no list is given."""
        codes = self.names(key)
        for code in codes:
            if allowed is None and not CODE.fullmatch(code):
                self.wrong(key, f"{code!r} in {key} is not a code", "lower-case letters, digits and _ - only")
            elif allowed is not None and code not in allowed:
                self.wrong(key, f"unknown {what} {code!r}", nearest(code, allowed, what))
        return frozenset(codes)

    def maybe_whole(self, key: str, low: int = 0, high: int = 10**9, unit: str = "") -> int | None:
        """A whole number within bounds, or None where absent."""
        text = self.maybe(key)
        if text is None:
            return None
        if not re.fullmatch(r"-?[0-9]{1,15}", text):
            self.wrong(key, f"{key} {text!r} is not a whole number", f"write {unit}" if unit else "")
            return None
        number = int(text)
        if not low <= number <= high:
            self.wrong(key, f"{key} {number} is out of bounds", f"between {low} and {high}")
        return number

    def whole(self, key: str, low: int = 0, high: int = 10**9, unit: str = "") -> int:
        """A whole number that must be there."""
        if not self.has(key):
            self.wrong(key, f"{key} is missing", f"write {unit}" if unit else "")
        return self.maybe_whole(key, low, high, unit) or 0

    def maybe_decimal(self, key: str, low: int = 0, high: int = 10**9) -> Decimal | None:
        """An exact decimal within bounds, or None where absent."""
        text = self.maybe(key)
        if text is None:
            return None
        try:
            number = Decimal(text) if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) else Decimal("NaN")
        except InvalidOperation:  # pragma: no cover - the pattern admits nothing Decimal refuses
            number = Decimal("NaN")
        if number.is_nan():
            self.wrong(
                key, f"{key} {text!r} is not a decimal number", "write digits and a point, such as 12.50"
            )
            return None
        if not low <= number <= high:
            self.wrong(key, f"{key} {text} is out of bounds", f"between {low} and {high}")
        return number

    def amount(self, key: str, currency: str) -> Decimal | None:
        """Money in major units with no more decimals than its currency has, or None where absent."""
        number = self.maybe_decimal(key)
        if number is None:
            return None
        try:
            digits = minor_digits(currency)
        except InputError as error:
            self.wrong(key, error.cause, error.cure)
            return None
        if number.scaleb(digits) != number.scaleb(digits).to_integral_value():
            self.wrong(key, f"{key} {number} has more decimals than {currency} allows ({digits})")
        return number

    def day(self, key: str) -> date | None:
        """A date, or None where absent."""
        text = self.maybe(key)
        if text is None:
            return None
        try:
            return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a local day has no offset
        except ValueError:
            self.wrong(key, f"{key} {text!r} is not a date", "write it as 2026-11-22")
            return None

    def period(self, first: str, until: str) -> tuple[date | None, date | None]:
        """A half-open interval of days: from the first, until before the second."""
        start, end = self.day(first), self.day(until)
        if start is not None and end is not None and end <= start:
            self.wrong(
                until, f"{until} {end} does not lie after {first} {start}", "the end day is not included"
            )
        return start, end

    def flag(self, key: str) -> bool:
        """Yes or no; absent is no."""
        text = self.maybe(key)
        if text is None:
            return False
        if text.lower() not in FLAGS:
            self.wrong(key, f"{key} {text!r} is neither yes nor no", "write yes or no")
        return FLAGS.get(text.lower(), False)

    def country(self, key: str) -> str:
        """An ISO 3166-1 alpha-2 code that must be there."""
        text = self.text(key)
        if text and text not in countries():
            self.wrong(key, f"unknown country {text!r}", "write the ISO 3166-1 code of two capital letters")
        return text

    def maybe_country(self, key: str) -> str | None:
        """An ISO 3166-1 alpha-2 code, or None where absent."""
        return self.country(key) if self.has(key) else None

    def inner(self, key: str) -> Record:
        """A mapping inside this one; empty where absent."""
        node = self.table.entries.get(key)
        if node is None or not self.has(key):
            return self._of(Table({}, self.table.line))
        if not isinstance(node, Table):
            self.wrong(key, f"{key} must hold named values", "write name: value under it")
            return self._of(Table({}, node.line))
        return self._of(node)

    def several(self, key: str, needed: bool = False) -> Iterator[Record]:
        """The mappings of a list inside this one; none where it is absent and not needed."""
        node: Node | None = self.table.entries.get(key)
        if node is None or not self.has(key):
            if needed:
                self.mistakes.lose(
                    self.place, f"the list {key} is missing", f"write {key}: [] where there are none"
                )
            return
        if not isinstance(node, Items):
            cause = f"{key} must be a list"
            self.mistakes.lose(f"{self.file}:{node.line}", cause, "start each entry with a dash")
            return
        for item in node.items:
            if isinstance(item, Table):
                yield self._of(item)
            else:
                self.mistakes.lose(f"{self.file}:{item.line}", f"an entry of {key} must hold named values")

    def _of(self, table: Table) -> Record:
        return Record(self.file, table, self.mistakes)
