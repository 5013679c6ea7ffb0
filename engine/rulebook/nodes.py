"""YAML and CSV as text with places. Nothing is executed, no scalar is converted.

Anchors, aliases, tags and merge keys are refused; duplicate keys are reported.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import yaml

from engine.rulebook.problems import Problems
from engine.rulebook.tree import Place

__all__ = ["Listing", "Mapped", "NodeT", "Scalar", "read_csv", "read_yaml"]

MAX_DEPTH = 40
MAX_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class Scalar:
    """Text as written, without quotes."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Listing:
    """A sequence."""

    items: tuple[NodeT, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapping, in file order."""

    entries: tuple[tuple[Scalar, NodeT], ...]
    place: Place

    def get(self, key: str) -> NodeT | None:
        """The value under a key, or None."""
        for name, value in self.entries:
            if name.text == key:
                return value
        return None

    def key(self, key: str) -> Scalar | None:
        """The key itself, for its place."""
        for name, _ in self.entries:
            if name.text == key:
                return name
        return None


NodeT = Scalar | Listing | Mapped


def read_yaml(file: str, text: str, problems: Problems) -> NodeT | None:
    """Parse one document of text; mistakes go to ``problems`` and give None."""
    if len(text) > MAX_BYTES:
        problems.add("file.too_large", Place(file, 1, 1), "the file is larger than 4 MB", cure="split it by decision")
        return None
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    parser = _Reader(file, problems)
    try:
        for event in yaml.parse(text, Loader=loader):
            parser.feed(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
        problems.add(
            "yaml.syntax",
            place,
            f"this is not YAML: {error.problem}",
            why=str(error.context or ""),
            cure="check indentation, colons and quotes on this line and the one above",
        )
        return None
    except (yaml.YAMLError, RecursionError) as error:
        problems.add("yaml.syntax", Place(file, 1, 1), f"this is not YAML text: {str(error).splitlines()[0]}")
        return None
    return parser.document


class _Reader:
    """Builds nodes from parser events."""

    def __init__(self, file: str, problems: Problems) -> None:
        self.file = file
        self.problems = problems
        self.document: NodeT | None = None
        self.documents = 0
        self.stack: list[tuple[str, list[NodeT], Place]] = []

    def feed(self, event: yaml.Event) -> None:
        place = Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self.problems.add("yaml.documents", place, "a second YAML document", cure="one document a file")
            return
        if isinstance(event, yaml.AliasEvent):
            self.problems.add(
                "yaml.alias",
                place,
                f"the alias *{event.anchor} is refused",
                why="a rule must say what it means where it stands",
                cure="write the value out, or make it a named set or param",
            )
            self._emit(Scalar("", place))
            return
        self._refuse_magic(event, place)
        if isinstance(event, yaml.ScalarEvent):
            self._emit(Scalar(event.value, place))
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            if len(self.stack) == MAX_DEPTH:
                self.problems.add("yaml.depth", place, f"nested deeper than {MAX_DEPTH} levels")
            self.stack.append(("map" if isinstance(event, yaml.MappingStartEvent) else "list", [], place))
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            kind, parts, start = self.stack.pop()
            self._emit(self._mapping(parts, start) if kind == "map" else Listing(tuple(parts), start))

    def _refuse_magic(self, event: yaml.Event, place: Place) -> None:
        anchor = getattr(event, "anchor", None)
        if anchor:
            self.problems.add(
                "yaml.anchor", place, f"the anchor &{anchor} is refused", cure="make it a named set or param"
            )
        tag = getattr(event, "tag", None)
        if tag and tag != "!":
            self.problems.add(
                "yaml.tag", place, f"the tag {tag} is refused", why="rule files are text only", cure="remove the tag"
            )

    def _mapping(self, parts: list[NodeT], place: Place) -> Mapped:
        entries: list[tuple[Scalar, NodeT]] = []
        seen: dict[str, Place] = {}
        for key, value in zip(parts[::2], parts[1::2], strict=False):
            if not isinstance(key, Scalar):
                self.problems.add("yaml.key", key.place, "a key must be plain text")
                continue
            if key.text in seen:
                self.problems.add(
                    "key.duplicate",
                    key.place,
                    f'the key "{key.text}" stands here twice',
                    why=f"it is already given at line {seen[key.text].line}; one of the two would be lost",
                    cure="keep one; several tests on one fact are a list under one key",
                )
                continue
            seen[key.text] = key.place
            entries.append((key, value))
        return Mapped(tuple(entries), place)

    def _emit(self, node: NodeT) -> None:
        if self.stack:
            self.stack[-1][1].append(node)
        else:
            self.document = node


def read_csv(file: str, text: str, problems: Problems) -> tuple[list[Scalar], list[list[Scalar]]]:
    """Header cells and rows; every cell keeps its line and column of text.

    A cell's place is its position in the line as written, so an excerpt's caret
    stands under it. Lines beginning with ``#`` are comments.
    """
    header: list[Scalar] = []
    rows: list[list[Scalar]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            cells = next(csv.reader(io.StringIO(line), strict=True))
        except (csv.Error, StopIteration) as error:
            problems.add(
                "csv.syntax",
                Place(file, number, 1),
                f"this line is not CSV: {error}",
                cure="check the quotes; a cell with a comma stands in double quotes, on one line",
            )
            continue
        scalars, at = [], 0
        for cell in cells:
            start = line.find(cell, at) if cell else at
            start = at if start < 0 else start
            scalars.append(Scalar(cell.strip(), Place(file, number, start + 1)))
            at = line.find(",", start + len(cell)) + 1 if line.find(",", start + len(cell)) >= 0 else start + len(cell)
        if not header:
            header = scalars
            continue
        if len(scalars) != len(header):
            problems.add(
                "csv.width",
                Place(file, number, 1),
                f"this row has {len(scalars)} cells, the header {len(header)}",
                cure="give every column a cell; - means any",
            )
            continue
        rows.append(scalars)
    if not header:
        problems.add("csv.empty", Place(file, 1, 1), "the table has no header line")
    return header, rows
