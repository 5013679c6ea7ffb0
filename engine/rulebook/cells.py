"""CSV tables as text with places: one row a rule. No cell is converted."""

from __future__ import annotations

import csv
import io

from engine.rulebook.nodes import Scalar
from engine.rulebook.problems import Problems
from engine.rulebook.tree import Place

__all__ = ["read_csv"]


def read_csv(file: str, text: str, problems: Problems) -> tuple[list[Scalar], list[list[Scalar]]]:
    """Header cells and rows; every cell keeps its line and column of text.

    A cell's place is its position in the line as written, so an excerpt's caret
    stands under it. Lines beginning with ``#`` are comments.
    """
    header: list[Scalar] = []
    rows: list[list[Scalar]] = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            cells = next(csv.reader(io.StringIO(line), strict=True))
        except (csv.Error, StopIteration) as error:
            unclosed = "unexpected end" in str(error)
            problems.add(
                "csv.syntax",
                Place(file, number, line.rfind('"') + 1 if unclosed else 1),
                "a quote is opened and not closed on this line"
                if unclosed
                else f"this line is not CSV: {error}",
                cure="check the quotes; a cell with a comma stands in double quotes, on one line",
            )
            continue
        scalars = _cells(cells, line, file, number)
        if header and len(scalars) != len(header):
            problems.add(
                "csv.width",
                Place(file, number, 1),
                f"this row has {len(scalars)} cells, the header {len(header)}",
                cure="give every column a cell (- means any); a cell with a comma stands in double quotes",
            )
        elif header:
            rows.append(scalars)
        elif _header_fits(scalars, line, problems):
            header = scalars
        else:
            return [], []
    if not header:
        problems.add(
            "csv.empty",
            Place(file, 1, 1),
            "the table has no header line",
            cure="name the columns: id, facts, then",
        )
    return header, rows


def _cells(cells: list[str], line: str, file: str, number: int) -> list[Scalar]:
    scalars, at = [], 0
    for cell in cells:
        text = cell.strip()
        start = line.find(text, at) if text else at
        exact = start >= 0
        start = at if start < 0 else start
        scalars.append(Scalar(text, Place(file, number, start + 1), exact))
        comma = line.find(",", start + len(text))
        at = comma + 1 if comma >= 0 else start + len(text)
    return scalars


def _header_fits(header: list[Scalar], line: str, problems: Problems) -> bool:
    """Whether the header can be read at all: commas between cells, no column twice, none without a name."""
    if len(header) == 1 and ";" in line:
        place = Place(header[0].place.file, header[0].place.line, line.index(";") + 1)
        problems.add(
            "csv.separator",
            place,
            "the cells are separated by semicolons",
            why="the spreadsheet saved it the way of its country",
            cure="save it with commas",
        )
        return False
    seen: dict[str, Place] = {}
    for cell in header:
        if not cell.text:
            problems.add(
                "csv.header",
                cell.place,
                "this column has no name",
                cure="name the fact, or delete the column",
            )
        elif cell.text in seen:
            problems.add(
                "csv.header",
                cell.place,
                f'the column "{cell.text}" stands here twice',
                why=f"it begins at column {seen[cell.text].column} already; one of the two would be lost",
                cure="keep one",
            )
        seen.setdefault(cell.text, cell.place)
    return len(seen) == len(header) and "" not in seen
