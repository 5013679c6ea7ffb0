"""CSV and YAML as one kind of tree that remembers the line of every value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Items", "Node", "Scalar", "Table"]


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
