"""What a list of times says, and how a table is written."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Iterable, Sequence

__all__ = ["machine", "percentile", "table", "told"]


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least ``percent`` of 100 of them do not exceed (nearest rank).

    >>> percentile([4.0, 1.0, 3.0, 2.0], 50)
    2.0
    """
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def told(value: float) -> str:
    """A figure with three significant digits, without an exponent.

    >>> told(0.1234), told(12.345), told(12345.6)
    ('0.123', '12.3', '12346')
    """
    if value >= 100:
        return f"{value:.0f}"
    if value >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table whose columns also line up as plain text; the first is text, the others figures."""
    cells = [list(header), *(list(row) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]

    def line(row: Sequence[str]) -> str:
        rest = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        return f"| {' | '.join((row[0].ljust(widths[0]), *rest))} |"

    rule = f"|{'|'.join('-' * (width + 1) + ('-' if not n else ':') for n, width in enumerate(widths))}|"
    return "\n".join([line(cells[0]), rule, *(line(row) for row in cells[1:])])


def machine() -> str:
    """Cores, Python and how busy the machine already is: every figure depends on them."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    python = f"{platform.python_implementation()} {platform.python_version()}"
    load = f", load average {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{cores} cores, {platform.machine()}, {python}{load}"
