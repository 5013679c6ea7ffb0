"""Reads a question about duty: amounts exactly, names strictly, the nearest valid word for a wrong one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from customs.landed import Charge
from customs.tariff import read_quantities
from domain import InputError, minor_digits
from domain.asked import day_from

__all__ = ["DutyQuery", "read_duty_query"]

BASES = ("cif", "fob", "to_door")
FIELDS = (
    "goods",
    "freight",
    "freight_inland",
    "insurance",
    "currency",
    "jurisdiction",
    "rate",
    "hs_code",
    "origin",
    "quantities",
    "vat_rate",
    "fees",
    "date",
    "by_post",
    "preference",
    "value_basis",
    "exchange_rates",
    "id",
)
FEE_FIELDS = ("code", "amount", "in_vat_base")


@dataclass(frozen=True, slots=True)
class DutyQuery:
    """One question. Amounts in major units of ``currency``; ``freight_inland`` is the part of the
    freight after the border; ``exchange_rates`` are units of ``currency`` for one unit of another."""

    goods: Decimal
    freight: Decimal
    freight_inland: Decimal
    insurance: Decimal
    currency: str
    jurisdiction: str
    rate: str | None
    hs_code: str | None
    origin: str | None
    quantities: Mapping[str, Decimal]
    vat_rate: Decimal | None
    fees: tuple[Charge, ...]
    day: date
    by_post: bool
    preference: bool
    value_basis: str | None
    exchange_rates: Mapping[str, Decimal]


def read_duty_query(query: Mapping[str, object], today: date | None = None) -> DutyQuery:
    """The question in a JSON object. Raises InputError with a JSON pointer for what cannot be read."""
    for name in query:
        if name not in FIELDS:
            raise _unknown(name)
    currency = _text(query, "currency", needed=True) or ""
    digits = minor_digits(currency)
    inland, freight = _money(query, "freight_inland", digits), _money(query, "freight", digits)
    if inland > freight:
        raise InputError(
            f"freight_inland {inland} is more than the freight {freight}",
            code="duty.inland_above_freight",
            place="/freight_inland",
            cure="it is the part of the freight after the border",
        )
    rate, hs_code = _text(query, "rate"), _text(query, "hs_code")
    if (rate is None) == (hs_code is None):
        raise InputError(
            "give a rate or an hs_code" if rate is None else "give a rate or an hs_code, not both",
            code="duty.rate_or_code",
            place="/rate",
            cure='write the rate as the tariff does ("12%", "13.10 EUR / hl"), or a code of the tariff table',
        )
    basis = _text(query, "value_basis")
    if basis is not None and basis not in BASES:
        raise InputError(
            f"value_basis cannot be {basis!r}",
            code="duty.bad_value_basis",
            place="/value_basis",
            cure=f"use {', '.join(BASES)}, or leave it out: the law of the jurisdiction then says",
        )
    return DutyQuery(
        _money(query, "goods", digits, needed=True),
        freight,
        inland,
        _money(query, "insurance", digits),
        currency,
        (_text(query, "jurisdiction", needed=True) or "").strip().upper(),
        rate,
        hs_code,
        _text(query, "origin"),
        read_quantities(_amounts(query.get("quantities"), "/quantities"), "/quantities"),
        _percent(query.get("vat_rate")),
        _fees(query.get("fees"), digits),
        _day(query, today),
        _flag(query, "by_post"),
        _flag(query, "preference"),
        basis,
        _rates(query.get("exchange_rates")),
    )


def _unknown(name: str) -> InputError:
    from rapidfuzz import process

    nearest = process.extractOne(name, FIELDS)[0]
    return InputError(
        f"unknown field {name!r}",
        code="duty.unknown_field",
        place=f"/{name}",
        cure=f"did you mean {nearest}? Known: {', '.join(FIELDS)}",
    )


def _text(query: Mapping[str, object], field: str, *, needed: bool = False) -> str | None:
    value = query.get(field)
    if isinstance(value, str) and value.strip():
        return value
    if value is None and not needed:
        return None
    cause = f"{field} is missing" if value in (None, "") else f"{field} must be text, not {value!r}"
    raise InputError(cause, code="duty.bad_field", place=f"/{field}", cure="give it as text in quotes")


def _flag(query: Mapping[str, object], field: str) -> bool:
    value = query.get(field, False)
    if not isinstance(value, bool):
        raise InputError(f"{field} is true or false", code="duty.bad_field", place=f"/{field}")
    return value


def _money(query: Mapping[str, object], field: str, digits: int, *, needed: bool = False) -> Decimal:
    value = query.get(field)
    if value is None:
        if needed:
            raise InputError(f"{field} is missing", code="duty.bad_field", place=f"/{field}")
        value = 0
    return _minor(_amount(value, f"/{field}"), digits, f"/{field}")


def _minor(amount: Decimal, digits: int, place: str) -> Decimal:
    """The same amount with exactly the digits of the currency."""
    if amount != round(amount, digits):
        raise InputError(
            f"{amount} has more than {digits} decimals",
            code="duty.too_precise",
            place=place,
            cure="round it to the minor unit of the currency",
        )
    return round(amount, digits)


def _amount(value: object, place: str) -> Decimal:
    """A decimal string or a whole number: a JSON number with a fraction has already lost its exactness."""
    if isinstance(value, str | int) and not isinstance(value, bool):
        try:
            amount = Decimal(value.strip() if isinstance(value, str) else value)
        except InvalidOperation:
            amount = Decimal("NaN")
        if amount.is_finite() and abs(amount) < Decimal("1e15"):
            if amount < 0:
                raise InputError(
                    f"{amount} is negative",
                    code="duty.negative_amount",
                    place=place,
                    cure="give an amount of zero or more",
                )
            return amount
    raise InputError(
        f"{value!r} is not an amount",
        code="duty.bad_amount",
        place=place,
        cure='write amounts as decimal strings such as "12.50"',
    )


def _amounts(value: object, place: str) -> dict[str, Decimal]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise InputError("this is not an object of names and amounts", code="duty.bad_field", place=place)
    return {str(name): _amount(amount, f"{place}/{name}") for name, amount in value.items()}


def _rates(value: object) -> dict[str, Decimal]:
    found = _amounts(value, "/exchange_rates")
    for currency, rate in found.items():
        minor_digits(currency)
        if rate == 0:
            raise InputError(
                f"the exchange rate of {currency} is zero",
                code="duty.bad_amount",
                place=f"/exchange_rates/{currency}",
            )
    return found


def _percent(value: object) -> Decimal | None:
    if value is None:
        return None
    return _amount(value.strip().removesuffix("%") if isinstance(value, str) else value, "/vat_rate")


def _fees(value: object, digits: int) -> tuple[Charge, ...]:
    """A list of amounts or of ``{code, amount, in_vat_base}``, or an object of codes and amounts.

    A fee counts into the VAT base unless it says otherwise.
    """
    if value is None:
        return ()
    if isinstance(value, Mapping):
        value = [{"code": code, "amount": amount} for code, amount in value.items()]
    if isinstance(value, str) or not isinstance(value, Sequence):
        value = [value]
    return tuple(_fee(fee, number, digits) for number, fee in enumerate(value))


def _fee(fee: object, number: int, digits: int) -> Charge:
    place = f"/fees/{number}"
    if not isinstance(fee, Mapping):
        fee = {"amount": fee}
    wrong = sorted(set(map(str, fee)) - set(FEE_FIELDS))
    if wrong or "amount" not in fee:
        raise InputError(
            f"unknown field {wrong[0]!r} of a fee" if wrong else "the fee has no amount",
            code="duty.bad_fee",
            place=place,
            cure=f"use {', '.join(FEE_FIELDS)}",
        )
    amount = _minor(_amount(fee["amount"], f"{place}/amount"), digits, f"{place}/amount")
    code = _text(fee, "code") or f"fee {number + 1}"
    return Charge(code, amount, "consignment", _flag({"in_vat_base": True, **fee}, "in_vat_base"), "importer")


def _day(query: Mapping[str, object], today: date | None) -> date:
    text = _text(query, "date")
    if text is None and today is not None:
        return today
    return day_from(
        text, code="duty.bad_date", cure='give the day of the customs declaration as "2026-11-22"'
    )
