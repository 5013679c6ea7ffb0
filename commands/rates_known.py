"""The known figures of the law that no decision applies, for people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from customs.rates.known import KnownFigure
    from wording import Wording

__all__ = ["known_table"]

BARE = ("count", "score")


def known_table(figures: Iterable[KnownFigure], day: date, lang: str) -> Any:
    """One row a figure: id, what it is, value, days, confidence, source, why no decision applies it."""
    from wording import Wording
    from wording.show import leaf
    from wording.tables import columns

    words = Wording(lang)
    heads = ("field", "title", "territory", "value", "valid", "confidence", "source", "not_applied")
    table = columns(words, "known_figures", *heads)
    for figure in figures:
        cells = (
            figure.id,
            figure.what[words.language],
            figure.territory or "-",
            _value(figure, day, words),
            _days(figure),
            words.name("confidence", figure.confidence),
            figure.source,
            figure.not_applied_because[words.language],
        )
        table.add_row(*(leaf(cell) for cell in cells))
    return table


def _value(figure: KnownFigure, day: date, words: Wording) -> str:
    value, unit = figure.value, figure.unit
    if isinstance(value, date):
        shown = words.day(value)
    elif unit in BARE:
        shown = words.number(value)
    else:
        code = f"known_unit.{unit.replace(' ', '_')}"
        shown = f"{words.number(value)} {words.say(code) if words.has(code) else unit}"
    status = figure.status(day)
    return shown if status == "in_force" else f"{shown} ({words.name('limit_status', status)})"


def _days(figure: KnownFigure) -> str:
    last = figure.valid_until - timedelta(1) if figure.valid_until else "..."
    return f"{figure.valid_from or '...'} – {last}"
