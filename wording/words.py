"""Codes, amounts, days and places as words of one language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from wording.catalog import catalog

__all__ = ["LANGUAGES", "Wording", "readable"]

LANGUAGES = ("en", "fr")
LOCALES = {"en": "en_GB", "fr": "fr_FR"}
MISSING = "…"
GRAMS_PER_KG = 1000
MM_PER_CM = 10


class _Arguments(dict[str, str]):
    """Arguments of a sentence; one that was not given is shown as an ellipsis."""

    def __missing__(self, key: str) -> str:
        return MISSING


def readable(code: str) -> str:
    """A code nobody worded, as something a person can read.

    >>> readable("reject.service.lane_none")
    'lane none'
    """
    return re.sub(r"[_-]+", " ", code.rstrip(".").rpartition(".")[2]).strip() or code


class Wording:
    """One language's words. ``language`` may be ``fr``, ``fr-CH``, ``FR_fr``; an unknown one is English.

    ``extra`` adds sentences by code, such as titles of the facts a retailer added
    (``{"fact.goods.brand": "brand of the product"}``); they win over the catalog.
    """

    def __init__(self, language: str = "en", extra: Mapping[str, str] | None = None) -> None:
        wanted = re.split(r"[-_.]", language.strip().lower(), maxsplit=1)[0]
        self.language = wanted if wanted in LANGUAGES else LANGUAGES[0]
        self.locale = LOCALES[self.language]
        self._catalog = catalog(self.language)
        self._extra = dict(extra or {})

    # -- sentences -----------------------------------------------------------------------------

    def has(self, code: str) -> bool:
        """Whether the code has a sentence."""
        return code in self._extra or code in self._catalog.sentences

    def say(self, code: str, /, **arguments: object) -> str:
        """The sentence of a code; ``count`` chooses singular or plural. An unknown code is made readable."""
        template = self._extra.get(code) or self._catalog.template(code, arguments.get("count"))
        if template is None:
            return readable(code)
        return template.format_map(_Arguments({key: str(value) for key, value in arguments.items()}))

    def name(self, family: str, value: object) -> str:
        """The word for a value of a family of codes (``mode``, ``scheme`` ...); None is "not determined"."""
        return self.say("label.unknown") if value is None else self.say(f"{family}.{value}")

    def first(self, *codes: str, **arguments: object) -> str:
        """The sentence of the first code that has one; else the last code made readable."""
        return self.say(next((code for code in codes if self.has(code)), codes[-1]), **arguments)

    def pair(self, name: str, value: object) -> str:
        """``name: value``, punctuated as the language does."""
        return self.say("label.pair", name=name, value=value)

    def labelled(self, label: str, value: object) -> str:
        """``pair`` with the word of ``label.<label>``."""
        return self.pair(self.say(f"label.{label}"), value)

    def together(self, values: Sequence[str], joint: str = "and") -> str:
        """``a, b and c``; ``joint`` is ``and`` or ``or``."""
        if len(values) < 2:
            return "".join(values)
        return self.say(f"label.{joint}", first=", ".join(values[:-1]), last=values[-1])

    def listed(self, values: Sequence[str]) -> str:
        """``a; b; c``, punctuated as the language does."""
        text = "".join(values[:1])
        for value in values[1:]:
            text = self.say("label.then", first=text, last=value)
        return text

    def title(self, entry: Mapping[str, object]) -> str:
        """A rule's title in the language, else in English, else in any, else its id."""
        titles = entry.get("title")
        if isinstance(titles, Mapping):
            found = titles.get(self.language) or titles.get("en") or next(iter(titles.values()), None)
            return str(found or entry.get("rule") or "")
        return str(titles or entry.get("rule") or "")

    # -- amounts -------------------------------------------------------------------------------

    def money(self, value: object) -> str:
        """``{"amount": "12.50", "currency": "EUR"}`` as the language writes it."""
        if not isinstance(value, Mapping):
            return self.say("label.unknown") if value is None else str(value)
        return self.amount(value.get("amount"), str(value.get("currency") or ""))

    def amount(self, value: object, currency: str) -> str:
        """A decimal text, or an interval ``{"low", "high"}``, in a currency; None is "not determined"."""
        if value is None:
            return self.say("label.unknown")
        if isinstance(value, Mapping):
            low, high = (self.amount(value.get(end), currency) for end in ("low", "high"))
            return self.say("label.range", low=low, high=high)
        number = _decimal(value)
        if number is None:
            return str(value)
        from babel.numbers import format_currency

        return format_currency(number, currency, locale=self.locale) if currency else self.number(number)

    def number(self, value: object) -> str:
        """A number with the language's separators; what is no number stays as it is."""
        number = _decimal(value)
        if number is None:
            return str(value)
        from babel.numbers import format_decimal

        return format_decimal(number, locale=self.locale, decimal_quantization=False)

    def percent(self, value: object) -> str:
        """A share of one as a percentage."""
        number = _decimal(value)
        if number is None:
            return str(value)
        from babel.numbers import format_percent

        return format_percent(number, locale=self.locale, decimal_quantization=False)

    def weight(self, grams: object) -> str:
        """Grams, or kilograms from one kilogram on."""
        number = _decimal(grams)
        if number is None:
            return str(grams)
        if number < GRAMS_PER_KG:
            return f"{self.number(number)} g"
        return f"{self.number((number / GRAMS_PER_KG).quantize(Decimal('0.01')).normalize())} kg"

    def size(self, sides_mm: Sequence[object]) -> str:
        """The sides of a box in centimetres."""
        sides = [_decimal(side) or Decimal(0) for side in sides_mm]
        return " x ".join(self.number(side / MM_PER_CM) for side in sides) + " cm"

    # -- time ----------------------------------------------------------------------------------

    def day(self, value: object) -> str:
        """An ISO day (or the day of an instant), or an interval ``{"from", "to"}``."""
        if value is None:
            return self.say("label.unknown")
        if isinstance(value, Mapping):
            return self.say("label.days", low=self.day(value.get("from")), high=self.day(value.get("to")))
        try:
            found = date.fromisoformat(str(value)[:10])
        except ValueError:
            return str(value)
        from babel.dates import format_date

        return format_date(found, format="d MMM y", locale=self.locale)

    def instant(self, value: object) -> str:
        """An ISO instant in its own local time, with weekday and minutes."""
        if value is None:
            return self.say("label.unknown")
        try:
            found = datetime.fromisoformat(str(value))
        except ValueError:
            return str(value)
        from babel.dates import format_date

        return f"{format_date(found.date(), format='EEE d MMM y', locale=self.locale)} {found:%H:%M}"

    # -- places --------------------------------------------------------------------------------

    def territory(self, code: object) -> str:
        """The name of a fiscal territory or country; an unknown code stays a code."""
        if code is None:
            return self.say("label.unknown")
        if self.has(f"territory.{code}"):
            return self.say(f"territory.{code}")
        from babel import Locale

        return str(Locale.parse(self.locale).territories.get(str(code), code))

    country = territory


def _decimal(value: object) -> Decimal | None:
    """An exact number; None for what is none (booleans included)."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
