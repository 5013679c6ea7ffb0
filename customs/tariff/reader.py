"""Takes words, numbers, money and units off the front of a duty rate."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from customs.tariff.units import money_marks, unit_patterns
from domain import InputError
from domain.money import minor_digits

__all__ = ["Reader"]

_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+\.\d+|\d+(?:\.\d+)?|\.\d+")
_CURRENCY = re.compile(r"[A-Z]{3}(?![A-Za-z])")
_PER = re.compile(r"(?:/|per\b|par\b|je\b)", re.IGNORECASE)
_SPACE = re.compile(r"\s*")


@cache
def _word(word: str) -> re.Pattern[str]:
    end = r"(?![A-Za-z])" if word[-1].isalpha() else ""
    return re.compile(r"\s+".join(re.escape(piece) for piece in word.split()) + end, re.IGNORECASE)


class Reader:
    """A position in a text. Every taking method skips the space after what it took.

    ``home`` is the currency of the tariff, which signs such as a dollar stand for.
    """

    def __init__(self, text: str, home: str | None = None) -> None:
        self.text = text
        self.home = home
        self.at = 0
        self.skip()

    def skip(self) -> None:
        """Past white space."""
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """What the pattern matches here, if anything."""
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
            self.skip()
        return found

    def word(self, word: str) -> bool:
        """Whether the text goes on with that word or sign, in any case; takes it."""
        return self.take(_word(word)) is not None

    words = word

    def fail(self, expected: str) -> InputError:
        """The error to raise: what was expected at this column and what stands there."""
        seen = repr(self.text[self.at : self.at + 20]) if self.at < len(self.text) else "the end"
        return InputError(
            f"expected {expected}, found {seen} in the duty rate {self.text!r}",
            code="tariff.bad_rate",
            place=f"column {self.at + 1}",
            cure="write rates as the tariff does: 12%, 13.10 EUR / hl, 4.5% MIN 0.30 EUR / item",
        )

    def number(self) -> Decimal:
        """A number without sign; a comma only before groups of thousands with a decimal part."""
        found = self.take(_NUMBER)
        if not found:
            raise self.fail("a number")
        return Decimal(found[0].replace(",", ""))

    def per(self) -> bool:
        """A slash or "per"."""
        return self.take(_PER) is not None

    def unit(self) -> str:
        """The code of the unit that stands here."""
        for pattern, unit in unit_patterns():
            if self.take(pattern):
                return unit
        raise self.fail("a unit such as / 100 kg, / item or / hl")

    def money_ahead(self) -> bool:
        """Whether a currency stands here, before its number."""
        if _CURRENCY.match(self.text, self.at):
            return True
        return any(mark.before and _word(mark.notation).match(self.text, self.at) for mark in money_marks())

    def money(self) -> tuple[str, Decimal]:
        """A currency and an amount in either order."""
        for mark in money_marks():
            if mark.before and self.word(mark.notation):
                return mark.currency_in(self.home), self.number() * mark.factor
        if _CURRENCY.match(self.text, self.at):
            currency = self.currency()
            return currency, self.number()
        number = self.number()
        currency, factor = self.currency_after()
        return currency, number * factor

    def currency_after(self) -> tuple[str, Decimal]:
        """The currency that follows a number, and what the number is multiplied by (cents)."""
        for mark in money_marks():
            if not mark.before and self.word(mark.notation):
                return mark.currency_in(self.home), mark.factor
        if not _CURRENCY.match(self.text, self.at):
            raise self.fail('"%" or a currency')
        return self.currency(), Decimal(1)

    def currency(self) -> str:
        """An ISO 4217 code."""
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
