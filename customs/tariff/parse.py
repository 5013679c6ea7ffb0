"""Reads duty rates in the tariffs' own notation.

::

    rate   = sum [MIN sum] [MAX sum]
    sum    = term { "+" term }
    term   = "Free" | component | percent ["on the" part] | money "/" unit | "(" rate ")"

>>> str(parse_rate("4.5% MIN 0.30 EUR/p/st MAX 0.80 EUR/p/st"))
'4.5% MIN 0.30 EUR / item MAX 0.80 EUR / item'
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from customs.tariff.expression import AdValorem, Bounded, Free, RateExpression, Recipe, Specific, Sum
from customs.tariff.units import components, money_marks, unit_patterns
from domain import InputError
from domain.money import minor_digits

__all__ = ["parse_rate"]

_NUMBER = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_CURRENCY = re.compile(r"[A-Z]{3}(?![A-Za-z])")
_PERCENT = re.compile(r"(?:%|percent\b|per cent\b)")
_PART = re.compile(r"on\s+(?:the\s+)?(?P<part>[A-Za-z][A-Za-z ,]*?)\s*(?=\+|\bMIN\b|\bMAX\b|\)|$)")
_PER = re.compile(r"(?:/|per\b)", re.IGNORECASE)
_SPACE = re.compile(r"\s*")


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.skip()

    def skip(self) -> None:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
            self.skip()
        return found

    def word(self, word: str) -> bool:
        end = r"(?![A-Za-z])" if word[-1].isalpha() else ""
        return self.take(re.compile(re.escape(word) + end, re.IGNORECASE)) is not None

    def fail(self, expected: str) -> InputError:
        seen = repr(self.text[self.at : self.at + 20]) if self.at < len(self.text) else "the end"
        return InputError(
            f"expected {expected}, found {seen} in the duty rate {self.text!r}",
            code="tariff.bad_rate",
            place=f"column {self.at + 1}",
            cure="write rates as the tariff does: 12%, 13.10 EUR / hl, 4.5% MIN 0.30 EUR / item",
        )

    def rate(self) -> RateExpression:
        body = self.sum()
        bounds: dict[str, RateExpression] = {}
        while True:
            name = next((n for n in ("MIN", "MAX") if n not in bounds and self.word(n)), None)
            if name is None:
                break
            bounds[name] = self.sum()
        return Bounded(body, bounds.get("MIN"), bounds.get("MAX")) if bounds else body

    def sum(self) -> RateExpression:
        terms = [self.term()]
        while self.word("+"):
            terms.append(self.term())
        return terms[0] if len(terms) == 1 else Sum(tuple(terms))

    def term(self) -> RateExpression:
        if self.word("("):
            inner = self.rate()
            if not self.word(")"):
                raise self.fail('")"')
            return inner
        if self.word("Free"):
            return Free()
        for code in sorted(components(), key=len, reverse=True):
            if self.word(code):
                return Recipe(code)
        for mark in money_marks():
            if mark.before and self.word(mark.notation):
                return self.specific(self.number() * mark.factor, mark.currency)
        if self.take_currency_ahead():
            currency = self.currency()
            return self.specific(self.number(), currency)
        return self.amount()

    def amount(self) -> RateExpression:
        number = self.number()
        if self.take(_PERCENT):
            part = self.take(_PART)
            return AdValorem(number, _part_code(part["part"]) if part else None)
        for mark in money_marks():
            if not mark.before and self.word(mark.notation):
                return self.specific(number * mark.factor, mark.currency)
        if not self.take_currency_ahead():
            raise self.fail('"%" or a currency')
        return self.specific(number, self.currency())

    def number(self) -> Decimal:
        found = self.take(_NUMBER)
        if not found:
            raise self.fail("a number")
        return Decimal(found[0])

    def take_currency_ahead(self) -> bool:
        return _CURRENCY.match(self.text, self.at) is not None

    def currency(self) -> str:
        start = self.at
        found = self.take(_CURRENCY)
        if found is None:
            raise self.fail("a currency")
        try:
            minor_digits(found[0])
        except InputError:
            self.at = start
            raise self.fail("an ISO 4217 currency") from None
        return found[0]

    def specific(self, amount: Decimal, currency: str) -> Specific:
        self.take(_PER)
        for pattern, unit in unit_patterns():
            if self.take(pattern):
                return Specific(amount, currency, unit)
        raise self.fail("a unit such as / 100 kg, / item or / hl")


def _part_code(words: str) -> str:
    return re.sub(r"[^a-z]+", "_", words.strip().lower())


@lru_cache(maxsize=4096)
def parse_rate(text: str) -> RateExpression:
    """The tree of a duty rate. Raises InputError with the column and what was expected there."""
    reader = _Reader(text)
    rate = reader.rate()
    if reader.at < len(text):
        raise reader.fail('"+", MIN, MAX or the end')
    return rate
