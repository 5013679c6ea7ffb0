"""Fields of a question that came as JSON: text and days, or one clear error with a JSON pointer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from domain.errors import InputError

__all__ = ["day_from", "text_from"]


def text_from(query: Mapping[str, object], field: str, *, code: str) -> str | None:
    """The text of a field, None where it is absent or null. Raises InputError with ``code``."""
    value = query.get(field)
    if value is None or isinstance(value, str):
        return value
    raise InputError(
        f"{field} must be text, not {type(value).__name__}",
        code=code,
        place=f"/{field}",
        cure="put it in quotes: a number loses leading zeros",
    )


def day_from(text: str | None, *, code: str, cure: str) -> date:
    """The ISO day in the field ``date``. Raises InputError with ``code`` and ``cure``."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        raise InputError(
            f"{text!r} is not a date" if text else "the date is missing", code=code, place="/date", cure=cure
        ) from None
