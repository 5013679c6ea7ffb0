"""The part of OSM opening hours that a promise needs: on which weekdays a point opens."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["parse_weekdays"]

DAYS: Final = {name: number for number, name in enumerate(("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"))}
HOLIDAYS_OFF: Final = "PH off"
_SELECTOR: Final = re.compile(r"^(?:(?:Mo|Tu|We|Th|Fr|Sa|Su)(?:-(?:Mo|Tu|We|Th|Fr|Sa|Su))?,?)+$")
_HOURS: Final = re.compile(r"^\d{2}:\d{2}-\d{2}:\d{2}(?:,\d{2}:\d{2}-\d{2}:\d{2})*$")


def parse_weekdays(text: str) -> frozenset[int]:
    """Weekdays (0 Monday) with any opening; later rules win over earlier ones.

    >>> sorted(parse_weekdays("Mo-Fr 09:00-12:30,14:00-19:00; Sa 09:00-12:00; PH off"))
    [0, 1, 2, 3, 4, 5]

    Understands ``24/7``, weekday lists and ranges, hours, ``off`` and ``PH off``;
    anything else raises ``ValueError`` rather than being guessed at.
    """
    if text.strip() == "24/7":
        return frozenset(range(7))
    found: set[int] = set()
    for rule in text.split(";"):
        if " ".join(rule.split()) == HOLIDAYS_OFF:
            continue
        selector, _, hours = rule.strip().partition(" ")
        if not _SELECTOR.match(selector):
            raise ValueError(f"{rule.strip()!r} is not understood")
        days = _days(selector)
        if hours.strip() in {"off", "closed"}:
            found -= days
        elif _HOURS.match(hours.replace(" ", "")):
            found |= days
        else:
            raise ValueError(f"{rule.strip()!r} has no hours")
    if not found:
        raise ValueError(f"{text!r} never opens")
    return frozenset(found)


def _days(selector: str) -> set[int]:
    days: set[int] = set()
    for part in selector.strip(",").split(","):
        first, _, last = part.partition("-")
        start, end = DAYS[first], DAYS[last or first]
        days |= {day % 7 for day in range(start, (end if end >= start else end + 7) + 1)}
    return days
