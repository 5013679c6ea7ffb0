"""CSV and YAML as one kind of tree that remembers the line of every value.

YAML scalars keep the text that was written: ``NO`` stays the country, ``01150``
the postcode and ``16:00`` the time; what a value means is said by whoever reads it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import yaml

from engine.retailer_mistakes import Mistakes, nearest
from engine.retailer_sources import Source

__all__ = ["Items", "Node", "Scalar", "Table", "read_csv", "read_yaml"]

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MERGE = "tag:yaml.org,2002:merge"
NULL = "tag:yaml.org,2002:null"


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value as written; empty text where there is none."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Items:
    """A list of values."""

    items: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Table:
    """Named values: a CSV row or a YAML mapping."""

    entries: Mapping[str, Node]
    line: int


Node = Scalar | Items | Table


def read_yaml(source: Source, mistakes: Mistakes) -> Node | None:
    """The tree of a YAML (or JSON) file; None, with the mistake noted, where it cannot be read.

    Built from composed nodes, so no Python object is ever constructed. Aliases are
    refused: they hide where a value comes from, and a few of them can unfold into gigabytes.
    """
    try:
        root = yaml.compose(source.text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        mistakes.add(f"{source.name}:{line}", f"not readable as YAML: {error.problem}", "mend the line")
        return None
    except (yaml.YAMLError, RecursionError) as error:
        mistakes.add(f"{source.name}:1", f"not readable as YAML: {str(error) or 'nested too deeply'}")
        return None
    if root is None:
        mistakes.add(f"{source.name}:1", "the file is empty", "see examples/retailer for its form")
        return None
    try:
        return _tree(root, source.name, mistakes, set())
    except RecursionError:
        mistakes.add(f"{source.name}:1", "not readable as YAML: nested too deeply")
        return None


def _tree(node: yaml.Node, file: str, mistakes: Mistakes, seen: set[int]) -> Node:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.ScalarNode):
        if id(node) in seen:
            mistakes.add(f"{file}:{line}", "an alias (*name) is used", "write the value out where it holds")
            return Scalar("", line)
        seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return Items(tuple(_tree(child, file, mistakes, seen) for child in node.value), line)
    if isinstance(node, yaml.MappingNode):
        entries: dict[str, Node] = {}
        for key, child in node.value:
            where = f"{file}:{key.start_mark.line + 1}"
            if not isinstance(key, yaml.ScalarNode) or key.tag == MERGE:
                mistakes.add(where, "a key must be a plain name", "write name: value")
            elif key.value in entries:
                mistakes.add(where, f"{key.value!r} is given twice", "keep one")
            else:
                entries[key.value] = _tree(child, file, mistakes, seen)
        return Table(entries, line)
    return Scalar("" if node.tag == NULL else node.value.strip(), line)


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
                mistakes.add(f"{source.name}:{line}", cause, "quote a cell that holds a comma")
            elif cells:
                pairs = zip(header, cells, strict=True)
                yield Table({name: Scalar(cell.strip(), line) for name, cell in pairs}, line)
            line = reader.line_num + 1
    except csv.Error as error:
        mistakes.add(f"{source.name}:{reader.line_num}", f"not readable as CSV: {error}", "close the quotes")


def _header_is_right(header: Sequence[str], columns: Sequence[str], file: str, mistakes: Mistakes) -> bool:
    right = True
    for name in header:
        if name not in columns:
            mistakes.add(f"{file}:1", f"unknown column {name!r}", nearest(name, columns, "column"))
            right = False
        elif header.count(name) > 1:
            mistakes.add(f"{file}:1", f"column {name!r} stands twice", "keep one")
            return False
    for name in columns:
        if name not in header:
            mistakes.add(f"{file}:1", f"column {name!r} is missing", "add it; its cells may be empty")
            right = False
    return right
