"""Values to plain, stable JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal

from customs.landed import Bounds
from domain import NOT_APPLICABLE, Choice, Interval, Money, Place, Prefix

__all__ = ["plain"]


def plain(value: object) -> object:
    """Money and decimals as strings, days and instants as ISO text, sets sorted, partial values described."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Money):
        return value.to_json()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Bounds):
        return (
            format(value.low, "f")
            if value.low == value.high
            else {"low": format(value.low, "f"), "high": format(value.high, "f")}
        )
    if value is NOT_APPLICABLE:
        return "not applicable"
    if isinstance(value, Prefix):
        return {"starts_with": value.text}
    if isinstance(value, Choice):
        return {"one_of": sorted(str(item) for item in value.values)}
    if isinstance(value, Interval):
        return {"from": plain(value.low), "to": plain(value.high)}
    if isinstance(value, Place):
        return {
            key: part
            for key, part in (
                ("country", value.country),
                ("postcode", value.postcode),
                ("territory", value.territory),
            )
            if part
        }
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(str(item) for item in value)
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return str(value)
