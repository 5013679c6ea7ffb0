"""Counting customs items: goods of one classification are one item, however many pieces or lines.

A line whose code is missing or shorter than the count needs may share an item
with another line or be one of its own: the count is then an interval.
"""

from __future__ import annotations

from collections.abc import Sequence

from customs.landed.values import AssessmentLine

__all__ = ["assign_items", "count_items"]


def _prefix(line: AssessmentLine, digits: int) -> str:
    code = (line.hs_code or "").replace(".", "").replace(" ", "")
    return code[:digits]


def assign_items(lines: Sequence[AssessmentLine], digits: int, *, fewest: bool) -> tuple[str, ...]:
    """The item each line belongs to, in the case of fewest or of most items.

    Fewest: a short code joins a longer one it may turn out to be. Most: every
    product with a short code is an item of its own.
    """
    prefixes = [_prefix(line, digits) for line in lines]
    if fewest:
        leaves = sorted({p for p in prefixes if not any(q != p and q.startswith(p) for q in prefixes)})
        return tuple(next(leaf for leaf in leaves if leaf.startswith(p)) for p in prefixes)
    return tuple(
        prefix if len(prefix) == digits else f"{prefix}?{line.product or line.id}"
        for prefix, line in zip(prefixes, lines, strict=True)
    )


def count_items(lines: Sequence[AssessmentLine], digits: int) -> tuple[int, int]:
    """(fewest, most) items at that many digits (6 for a reduced data set, 10 for a full declaration)."""
    few = len(set(assign_items(lines, digits, fewest=True)))
    most = len(set(assign_items(lines, digits, fewest=False)))
    return few, most
