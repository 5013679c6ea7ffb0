"""Reads the European Central Bank's reference rates: the eurofxref CSV and XML files.

A published rate holds until the next publication; the newest one for
``carry_days``, so that a stale file stops answering instead of ageing silently.
Source: layout of eurofxref.csv, eurofxref-hist.csv and eurofxref-daily.xml.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from xml.etree import ElementTree

from customs.rates.fx import ExchangeRate
from domain import InputError

__all__ = ["read_ecb_csv", "read_ecb_xml"]

BASE = "EUR"
KIND = "ecb_day"
SOURCE = "European Central Bank, euro foreign exchange reference rates"


def read_ecb_csv(text: str, carry_days: int = 4) -> tuple[ExchangeRate, ...]:
    """Rates of a daily or historical CSV file; ``N/A`` and empty cells are skipped."""
    rows = list(csv.reader(text.splitlines(), skipinitialspace=True))
    if not rows or rows[0][0].strip() != "Date":
        raise InputError(
            "this is no ECB rate file: the first column is not Date", code="fx.not_ecb", place="line 1"
        )
    quotes = []
    for number, row in enumerate(rows[1:], 2):
        if row and row[0].strip():
            day = _day(row[0].strip(), f"line {number}")
            pairs = zip(rows[0][1:], row[1:], strict=False)
            quotes += [
                (day, c.strip(), v.strip()) for c, v in pairs if c.strip() and v.strip() not in ("", "N/A")
            ]
    return _dated(quotes, carry_days)


def read_ecb_xml(text: str, carry_days: int = 4) -> tuple[ExchangeRate, ...]:
    """Rates of a daily or historical XML file. Files with a document type are refused."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise InputError("an ECB rate file has no document type", code="fx.not_ecb")
    try:
        root = ElementTree.fromstring(text)  # noqa: S314  no document type, so no entities to expand
    except ElementTree.ParseError as error:
        raise InputError(f"the XML cannot be read: {error}", code="fx.not_ecb") from None
    quotes = [
        (_day(cube.attrib["time"], "Cube"), entry.attrib["currency"], entry.attrib["rate"])
        for cube in root.iter()
        if "time" in cube.attrib
        for entry in cube
        if "currency" in entry.attrib and "rate" in entry.attrib
    ]
    if not quotes:
        raise InputError(
            "the file holds no rates", code="fx.not_ecb", cure="use eurofxref-daily.xml or -hist.xml"
        )
    return _dated(quotes, carry_days)


def _day(text: str, place: str) -> date:
    for layout in ("%Y-%m-%d", "%d %B %Y", "%d %b %Y"):
        try:
            return datetime.strptime(text, layout).date()  # noqa: DTZ007  a publication day has no zone
        except ValueError:
            continue
    raise InputError(f"{text!r} is not a day", code="fx.bad_day", place=place)


def _dated(quotes: Iterable[tuple[date, str, str]], carry_days: int) -> tuple[ExchangeRate, ...]:
    by_currency: dict[str, dict[date, Decimal]] = {}
    for day, currency, value in quotes:
        try:
            by_currency.setdefault(currency, {})[day] = Decimal(value)
        except InvalidOperation:
            raise InputError(
                f"{value!r} is not a rate", code="fx.bad_rate", place=f"{currency} {day}"
            ) from None
    rates = []
    for currency, series in sorted(by_currency.items()):
        days = sorted(series)
        for day, following in zip(days, [*days[1:], None], strict=True):
            until = following or day + timedelta(days=carry_days)
            rates.append(ExchangeRate(KIND, currency, BASE, series[day], day, until, SOURCE))
    return tuple(rates)
