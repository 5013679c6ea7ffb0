"""CSV rows with the line each one starts in."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence

from engine.retailer_mistakes import Mistakes, nearest
from engine.retailer_nodes import Scalar, Table
from engine.retailer_sources import Source

__all__ = ["read_csv"]


def read_csv(source: Source, columns: Sequence[str], mistakes: Mistakes) -> Iterator[Table]:
    """The rows of a CSV file whose header is exactly these columns, in any order.

    Wrong headers are mistakes and end the reading; a row with too few or too many
    cells is a mistake and is left out.
    """
    reader = csv.reader(source.text.splitlines(keepends=True), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        if not _header_is_right(header, columns, source.name, mistakes):
            return
        line = reader.line_num + 1
        for cells in reader:
            if cells and len(cells) != len(header):
                cause = f"{len(cells)} cells where the header has {len(header)}"
                mistakes.lose(f"{source.name}:{line}", cause, "quote a cell that holds a comma")
            elif cells:
                pairs = zip(header, cells, strict=True)
                yield Table({name: Scalar(cell.strip(), line) for name, cell in pairs}, line)
            line = reader.line_num + 1
    except csv.Error as error:
        mistakes.lose(f"{source.name}:{reader.line_num}", f"not readable as CSV: {error}", "close the quotes")


def _header_is_right(header: Sequence[str], columns: Sequence[str], file: str, mistakes: Mistakes) -> bool:
    right = True
    for name in header:
        if name not in columns:
            mistakes.lose(f"{file}:1", f"unknown column {name!r}", nearest(name, columns, "column"))
            right = False
        elif header.count(name) > 1:
            mistakes.lose(f"{file}:1", f"column {name!r} stands twice", "keep one")
            return False
    for name in columns:
        if name not in header:
            mistakes.lose(f"{file}:1", f"column {name!r} is missing", "add it; its cells may be empty")
            right = False
    return right
