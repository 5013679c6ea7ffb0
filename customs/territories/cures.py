"""What to do about an address that cannot be read: the expected form, the nearest code."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache

import pycountry

from customs.territories.names import fold
from customs.territories.postcodes import Form
from domain import InputError

__all__ = ["bad_postcode", "nearest"]

# fmt: off
LANGUAGES = (
    "en", "fr", "de", "it", "es", "pt", "nl", "pl", "sv", "da", "nb", "fi", "cs",
    "sk", "hu", "ro", "bg", "hr", "sl", "el", "et", "lv", "lt", "tr", "uk",
)
# fmt: on
"""Country names are understood in these, to name the code that was meant."""


def bad_postcode(postcode: str, country: str, form: Form) -> InputError:
    """The error for a postcode that has not the form of its country, naming the form expected."""
    example = f" such as {form.example}" if form.example else ""
    pattern = form.pattern.pattern if form.pattern is not None else ""
    return InputError(
        f"{postcode.strip()!r} is not a postcode of {country}",
        code="territory.bad_postcode",
        place="/postcode",
        cure=f"expected{example} (without blanks and hyphens: {pattern})"
        if len(pattern) < 80
        else f"expected a code{example}",
    )


@cache
def _named() -> dict[str, str]:
    """Country codes by folded name, in the languages that European shops are written in."""
    from babel import Locale

    found: dict[str, str] = {}
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            found.setdefault(fold(str(name)), str(code))
    return found


def nearest(wanted: str, table: Mapping[str, str]) -> str:
    """The cure for a wrong code: by alpha-3, by name in many languages, else the code that looks most like it."""
    by_alpha3 = pycountry.countries.get(alpha_3=wanted) if len(wanted) == 3 else None
    if by_alpha3 is not None:
        return f"the nearest is {by_alpha3.alpha_2} ({by_alpha3.name})"
    named = _named().get(fold(wanted), "")
    if named in table:
        return f"the nearest is {named} ({table[named]})"
    folded = {fold(name): code for code, name in table.items()}
    close = get_close_matches(fold(wanted), folded, n=1, cutoff=0.7) if len(wanted) > 3 else []
    if close:
        return f"the nearest is {folded[close[0]]} ({table[folded[close[0]]]})"
    like = get_close_matches(wanted, table, n=1, cutoff=0.3) if len(wanted) < 8 else []
    return f"the nearest is {like[0]} ({table[like[0]]})" if like else "use an ISO 3166-1 alpha-2 code"
