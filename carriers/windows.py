"""Date windows of surcharges: fixed days, and yearly ones such as Black Friday to Christmas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

__all__ = ["YearlyWindow", "parse_window"]

THURSDAY: Final = 3
NOVEMBER: Final = 11
BLACK_FRIDAY: Final = "black-friday"


def _black_friday(year: int) -> date:
    """The day after the fourth Thursday of November."""
    first = date(year, NOVEMBER, 1)
    thursday = first + timedelta(days=(THURSDAY - first.weekday()) % 7 + 21)
    return thursday + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class YearlyWindow:
    """From one yearly mark to another, both days included; it may run over New Year."""

    first: str
    last: str

    def holds(self, day: date) -> bool:
        """Whether the day lies inside."""
        start, end = _mark(self.first, day.year), _mark(self.last, day.year)
        return start <= day <= end if start <= end else (day >= start or day <= end)


def _mark(text: str, year: int) -> date:
    if text == BLACK_FRIDAY:
        return _black_friday(year)
    month, day = text.split("-")
    return date(year, int(month), int(day))


def parse_window(text: str) -> YearlyWindow:
    """Reads ``black-friday..12-24`` or ``11-15..01-15``; anything else raises ``ValueError``."""
    first, dots, last = text.partition("..")
    if not dots:
        raise ValueError(f"{text!r} is not a yearly window like 11-15..01-15")
    window = YearlyWindow(first, last)
    for mark in (first, last):
        try:
            # 2023 has no 29 February: a mark must exist in every year.
            _mark(mark, 2023)
        except ValueError:
            raise ValueError(f"{mark!r} is not a day of every year") from None
    return window
