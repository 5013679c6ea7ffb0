"""Reads duty rates in the tariffs' own notation.

::

    rate   = bounds [below { ";" bounds below } ";" bounds ABOVE]
           | "valued" range ":" bounds { ";" "valued" range ":" bounds }
           | "Cond:" "V" limit ":" bounds { ";" "V" limit ":" bounds }
    below  = UP TO limit | BELOW limit
    bounds = sum [MIN sum] [MAX sum] | sum "or" sum "whichever is the greater"
    sum    = term { "+" term }
    term   = "Free" | component | percent [on a part] | money "/" unit [on a part] | "(" rate ")"

>>> str(parse_rate("4.5% MIN 0.30 EUR/p/st MAX 0.80 EUR/p/st"))
'4.5% MIN 0.30 EUR / item MAX 0.80 EUR / item'
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from customs.tariff.bands import Band, Banded, Limit
from customs.tariff.expression import AdValorem, Bounded, Free, RateExpression, Recipe, Specific, Sum
from customs.tariff.reader import Reader
from customs.tariff.units import components

__all__ = ["parse_rate"]

_ACTION = re.compile(r"\(\s*\d+\s*\)")
_PERCENT = re.compile(
    r"(?:%|percent\b|per cent\b)(?:\s*ad val(?:orem\b|\.)?|\s*of (?:the )?(?:customs )?value\b)?",
    re.IGNORECASE,
)
_PART = re.compile(
    r"on\s+(?:the\s+)?(?P<part>[A-Za-z][A-Za-z ,]*?)"
    r"\s*(?=[+;)]|\bMIN\b|\bMAX\b|\bUP TO\b|\bABOVE\b|\bBELOW\b|\bbut not\b|\bor\s+[\d$£€]|$)"
)
_BOUNDS = {
    "MIN": ("MIN.", "MIN", "minimum of", "minimum", "at least", "but not less than", "not less than"),
    "MAX": (
        "MAX.",
        "MAX",
        "maximum of",
        "maximum",
        "at most",
        "but not more than",
        "but not exceeding",
        "not more than",
        "not exceeding",
    ),
}
_JOINS = ("subject to a", "and", ",", "with a")
_MORE, _LESS = ("greater", "higher", "greatest", "highest"), ("less", "lower", "lesser", "least", "lowest")
_FREE = ("Free of duty", "Free", "NIHIL", "Nil")


def _rate(reader: Reader) -> RateExpression:
    if reader.word("valued"):
        return _valued(reader)
    if reader.words("Cond:"):
        return _entry_prices(reader)
    first = _bounds(reader)
    limit = _below(reader)
    if limit is None:
        return first
    bands = [Band(first, limit)]
    while bands[-1].limit is not None:
        if not reader.word(";"):
            raise reader.fail('";" and the next band')
        rate = _bounds(reader)
        limit = _below(reader)
        if limit is None and not reader.word("ABOVE"):
            raise reader.fail("UP TO a value or ABOVE")
        bands.append(Band(rate, limit))
    return Banded(tuple(bands))


def _below(reader: Reader) -> Limit | None:
    for words, included in (("UP TO", True), ("BELOW", False)):
        if reader.words(words):
            return _limit(reader, included=included)
    return None


def _entry_prices(reader: Reader) -> RateExpression:
    """``Cond: V 52.6 EUR/DTN(01):12% ; V 0 EUR/DTN(01):12% + 29.8 EUR DTN``: each band from its price on."""
    steps: list[tuple[Limit, RateExpression]] = []
    while not steps or reader.word(";"):
        if not reader.word("V"):
            raise reader.fail("V and an entry price (other conditions need a certificate or a quantity)")
        price = _limit(reader, included=False)
        reader.take(_ACTION)
        if not reader.word(":"):
            raise reader.fail('":" and the rate from that price on')
        steps.append((price, _bounds(reader)))
    if steps[-1][0].amount != 0:
        raise reader.fail("a last entry price of zero")
    rising = steps[::-1]
    limits = (*(price for price, _ in rising[1:]), None)
    bands = tuple(Band(rate, limit) for (_, rate), limit in zip(rising, limits, strict=True))
    return bands[0].rate if len(bands) == 1 else Banded(bands)


def _valued(reader: Reader) -> RateExpression:
    """``valued not over $3/pair: 48%; valued over $3/pair: 20%``: each edge must be the next one's start."""
    bands: list[Band] = []
    while True:
        lower = upper = None
        if reader.words("not over"):
            upper = _limit(reader)
        elif reader.word("over"):
            lower = _limit(reader)
            if reader.words("but not over"):
                upper = _limit(reader)
        else:
            raise reader.fail('"over" or "not over" a value')
        if lower != (bands[-1].limit if bands else None):
            raise reader.fail("a band that begins where the one before ends")
        if not reader.word(":"):
            raise reader.fail('":" and the rate of the band')
        bands.append(Band(_bounds(reader), upper))
        if upper is None:
            return Banded(tuple(bands))
        if not (reader.word(";") and reader.word("valued")):
            raise reader.fail('"; valued over" and the last band')


def _limit(reader: Reader, *, included: bool = True) -> Limit:
    currency, amount = reader.money()
    return Limit(amount, currency, reader.unit() if reader.per() else None, included)


def _bounds(reader: Reader) -> RateExpression:
    body = _sum(reader)
    if reader.word("or"):
        return _whichever(reader, body)
    bounds: dict[str, RateExpression] = {}
    while name := next((n for n in _BOUNDS if n not in bounds and _bound(reader, n)), None):
        bounds[name] = _sum(reader)
    found = Bounded(body, bounds.get("MIN"), bounds.get("MAX")) if bounds else body
    while "MAX" in bounds and _bound(reader, "MAX"):
        found = Bounded(found, maximum=_sum(reader))
    return found


def _bound(reader: Reader, name: str) -> bool:
    """Whether a bound follows, perhaps after "and" or "subject to a"; takes its words."""
    start = reader.at
    for join in ("", *_JOINS):
        reader.at = start
        if (not join or reader.words(join)) and any(reader.words(words) for words in _BOUNDS[name]):
            return True
    reader.at = start
    return False


def _whichever(reader: Reader, body: RateExpression) -> Bounded:
    """``15% or 40 yen/kg, whichever is the greater``: a minimum or a maximum of the first."""
    other = _sum(reader)
    reader.word(",")
    if reader.words("whichever is"):
        reader.word("the")
        if any(reader.word(word) for word in _MORE):
            return Bounded(body, minimum=other)
        if any(reader.word(word) for word in _LESS):
            return Bounded(body, maximum=other)
    raise reader.fail("whichever is the greater, or the lower")


def _sum(reader: Reader) -> RateExpression:
    terms = [_term(reader)]
    while reader.word("+"):
        terms.append(_term(reader))
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


def _term(reader: Reader) -> RateExpression:
    if reader.word("("):
        inner = _rate(reader)
        if not reader.word(")"):
            raise reader.fail('")"')
        return inner
    if any(reader.words(word) for word in _FREE):
        return Free()
    for code in sorted(components(), key=len, reverse=True):
        if reader.word(code):
            reader.take(_ACTION)
            return Recipe(code)
    if reader.money_ahead():
        currency, amount = reader.money()
        return _specific(reader, amount, currency)
    number = reader.number()
    if reader.take(_PERCENT):
        return AdValorem(number, _part(reader))
    currency, factor = reader.currency_after()
    return _specific(reader, number * factor, currency)


def _specific(reader: Reader, amount: Decimal, currency: str) -> Specific:
    reader.per()
    return Specific(amount, currency, reader.unit(), _part(reader))


def _part(reader: Reader) -> str | None:
    found = reader.take(_PART)
    return re.sub(r"[^a-z]+", "_", found["part"].strip().lower()) if found else None


@lru_cache(maxsize=4096)
def parse_rate(text: str, home: str | None = None) -> RateExpression:
    """The tree of a duty rate. Raises InputError with the column and what was expected there.

    ``home`` is the currency of the tariff, for signs that several currencies share: a dollar is one of
    the United States unless the tariff is kept in another.
    """
    reader = Reader(text, home)
    rate = _rate(reader)
    if reader.at < len(text):
        raise reader.fail('"+", MIN, MAX or the end')
    return rate
