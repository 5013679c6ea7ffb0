"""Money: integer minor units and an ISO 4217 currency. Never a float."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache
from importlib.resources import files

from domain.errors import InputError

__all__ = ["Money", "minor_digits"]


@cache
def _digits() -> dict[str, int]:
    text = files("domain").joinpath("currencies.csv").read_text(encoding="utf-8")
    return {row["currency"]: int(row["minor_digits"]) for row in csv.DictReader(text.splitlines())}


def minor_digits(currency: str) -> int:
    """Digits after the decimal point of an ISO 4217 currency (EUR 2, JPY 0)."""
    try:
        return _digits()[currency]
    except KeyError:
        raise InputError(
            f"unknown currency {currency!r}",
            code="money.unknown_currency",
            cure="use an ISO 4217 code such as EUR",
        ) from None


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in integer minor units of one currency.

    >>> Money.of("12.50", "EUR")
    Money(minor=1250, currency='EUR')
    >>> str(Money.of("12.50", "EUR") * 2)
    '25.00 EUR'
    """

    minor: int
    currency: str

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str) -> Money:
        """From a decimal amount in major units; more digits than the currency has is an error."""
        digits = minor_digits(currency)
        try:
            scaled = Decimal(amount).scaleb(digits)
        except InvalidOperation:
            raise InputError(f"{amount!r} is not a decimal amount", code="money.not_decimal") from None
        if not scaled.is_finite():
            raise InputError(f"{amount!r} is not a finite amount", code="money.not_finite")
        if scaled != scaled.to_integral_value():
            raise InputError(
                f"{amount} has more decimals than {currency} allows ({digits})",
                code="money.too_precise",
                cure=f"round to {digits} decimals before sending",
            )
        return cls(int(scaled), currency)

    @classmethod
    def rounded(cls, amount: Decimal, currency: str, rounding: str = ROUND_HALF_UP) -> Money:
        """From an exact amount in major units, rounded to the minor unit."""
        return cls(int(amount.scaleb(minor_digits(currency)).to_integral_value(rounding)), currency)

    @property
    def amount(self) -> Decimal:
        """The exact amount in major units."""
        return Decimal(self.minor).scaleb(-minor_digits(self.currency))

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise ValueError(f"cannot combine {self.currency} and {other.currency}")

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __mul__(self, count: int) -> Money:
        return Money(self.minor * count, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.minor <= other.minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def to_json(self) -> dict[str, str]:
        """``{"amount": "12.50", "currency": "EUR"}``: decimal strings, never floats."""
        return {"amount": str(self.amount), "currency": self.currency}
