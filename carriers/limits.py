"""The four kinds of size limits, and weight: box by axes, longest side, L+W+H, L+2W+2H."""

from __future__ import annotations

from dataclasses import dataclass

from carriers.tables import Row
from domain import Parcel

__all__ = ["SIZE_FIELDS", "Excess", "Limits", "read_limits"]

SIZE_FIELDS = ("box_mm", "longest_mm", "sum_mm", "girth_mm")


@dataclass(frozen=True, slots=True)
class Excess:
    """Which limit a parcel exceeds; grams or millimetres, for the box the first axis that is too long."""

    limit: str
    value: int
    maximum: int


@dataclass(frozen=True, slots=True)
class Limits:
    """Largest accepted values, all inclusive; None means no limit of that kind.

    ``box_mm`` (longest side first) is compared axis by axis with the parcel's
    sorted sides: what a locker needs, where a sum says nothing.
    """

    weight_g: int | None = None
    box_mm: tuple[int, int, int] | None = None
    longest_mm: int | None = None
    sum_mm: int | None = None
    girth_mm: int | None = None

    @property
    def sized(self) -> bool:
        """Whether any limit of size is set."""
        return any(getattr(self, name) is not None for name in SIZE_FIELDS)

    def excess(self, parcel: Parcel) -> Excess | None:
        """The first limit the parcel exceeds, or None."""
        if self.weight_g is not None and parcel.weight_g > self.weight_g:
            return Excess("weight", parcel.weight_g, self.weight_g)
        box = parcel.box_mm
        long = max(box)
        if self.box_mm is not None:
            for side, most in zip(sorted(box, reverse=True), self.box_mm, strict=True):
                if side > most:
                    return Excess("box", side, most)
        if self.longest_mm is not None and long > self.longest_mm:
            return Excess("longest", long, self.longest_mm)
        total = box[0] + box[1] + box[2]
        if self.sum_mm is not None and total > self.sum_mm:
            return Excess("sum", total, self.sum_mm)
        if self.girth_mm is not None and 2 * total - long > self.girth_mm:
            return Excess("girth", 2 * total - long, self.girth_mm)
        return None

    def contains(self, other: Limits) -> bool:
        """Whether each limit is at least as wide as the other's (what size bands must be)."""
        for name in ("weight_g", "longest_mm", "sum_mm", "girth_mm"):
            mine, theirs = getattr(self, name), getattr(other, name)
            if mine is not None and (theirs is None or theirs > mine):
                return False
        if self.box_mm is None:
            return True
        return other.box_mm is not None and all(
            theirs <= mine for mine, theirs in zip(self.box_mm, other.box_mm, strict=True)
        )


def read_limits(row: Row) -> Limits:
    """The limit columns of a table row."""
    return Limits(
        row.integer("weight_g"),
        row.box("box_mm"),
        row.integer("longest_mm"),
        row.integer("sum_mm"),
        row.integer("girth_mm"),
    )
