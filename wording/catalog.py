"""Message catalogs: a code to its sentences in one language, read from ``catalogs/*.po`` and kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from gettext import c2py
from importlib.resources import files

__all__ = ["Catalog", "catalog"]


@dataclass(frozen=True, slots=True)
class Catalog:
    """``sentences`` holds one form, or one for each plural; ``plural`` picks the form for a count."""

    language: str
    sentences: Mapping[str, tuple[str, ...]]
    plural: Callable[[int], int]

    def template(self, code: str, count: object = None) -> str | None:
        """The sentence with its placeholders, in the form that fits ``count``; None for an unknown code."""
        forms = self.sentences.get(code)
        if forms is None:
            return None
        if len(forms) == 1 or not isinstance(count, int):
            return forms[-1]
        return forms[min(self.plural(abs(count)), len(forms) - 1)]


@cache
def catalog(language: str) -> Catalog:
    """The catalog of a language, read once per process. An entry without a sentence counts as unknown."""
    from babel.messages.pofile import read_po  # at first use: a decision needs no babel

    with files("wording").joinpath("catalogs", f"{language}.po").open("rb") as source:
        found = read_po(source, locale=language)
    sentences: dict[str, tuple[str, ...]] = {}
    for message in found:
        code = message.id if isinstance(message.id, str) else message.id[0]
        forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        if code and forms and all(forms):
            sentences[code] = forms
    return Catalog(language, sentences, c2py(found.plural_expr))
