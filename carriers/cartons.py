"""The catalog of cartons goods are packed in."""

from __future__ import annotations

from dataclasses import dataclass

from carriers.tables import Folder, read_rows

__all__ = ["Carton", "load_cartons"]


@dataclass(frozen=True, slots=True)
class Carton:
    """A shipping carton: inner and outer millimetres (longest first), own weight and the most its
    contents may weigh in grams, and how much of the inner volume several goods may fill, in percent.
    """

    id: str
    inner_mm: tuple[int, int, int]
    outer_mm: tuple[int, int, int]
    tare_g: int
    max_g: int
    fill_percent: int = 85

    @property
    def inner_mm3(self) -> int:
        """Inner volume."""
        length, width, height = self.inner_mm
        return length * width * height


def load_cartons(folder: Folder) -> tuple[Carton, ...]:
    """Cartons from the smallest inner volume up (``cartons``, the retailer's or the demo's)."""
    path = folder.supplied("cartons")
    found: list[Carton] = []
    for row in read_rows(path) if path is not None else ():
        inner, outer = row.box("inner_mm"), row.box("outer_mm")
        tare, most, fill = (row.integer(name) for name in ("tare_g", "max_g", "fill_percent"))
        if inner is None or outer is None or tare is None or most is None or fill is None:
            raise row.error("id", "a carton needs inner and outer box, tare, maximum and fill")
        if any(small > large for small, large in zip(inner, outer, strict=True)) or not 1 <= fill <= 100:
            raise row.error("id", "the inner box is larger than the outer, or fill is not a percentage")
        found.append(Carton(row.text("id"), inner, outer, tare, most, fill))
    return tuple(sorted(found, key=lambda carton: (carton.inner_mm3, carton.id)))
