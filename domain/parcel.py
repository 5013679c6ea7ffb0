"""Boxes: what carriers limit and price."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["PackItem", "Parcel"]


@dataclass(frozen=True, slots=True)
class PackItem:
    """Units of one line to be packed. Grams and millimetres, box longest side first."""

    line: str
    quantity: int
    weight_g: int
    box_mm: tuple[int, int, int]
    ships_alone: bool = False
    own_box: bool = False
    no_mix: str | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    """One box. ``contents`` are (line id, units); ``box_mm`` is outer, longest side first."""

    contents: tuple[tuple[str, int], ...]
    weight_g: int
    box_mm: tuple[int, int, int]
    carton: str | None = None

    @property
    def longest_mm(self) -> int:
        """The longest side."""
        return self.box_mm[0]

    @property
    def sum_mm(self) -> int:
        """Length + width + height."""
        return sum(self.box_mm)

    @property
    def girth_mm(self) -> int:
        """Length plus girth: L + 2W + 2H."""
        return self.box_mm[0] + 2 * (self.box_mm[1] + self.box_mm[2])

    @property
    def volume_mm3(self) -> int:
        """Outer volume."""
        length, width, height = self.box_mm
        return length * width * height
