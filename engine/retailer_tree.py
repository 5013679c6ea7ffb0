"""The outermost mapping of a YAML file."""

from __future__ import annotations

from engine.retailer_mistakes import Mistakes
from engine.retailer_nodes import Node, Table
from engine.retailer_record import Record
from engine.retailer_sources import Source

__all__ = ["top"]


def top(node: Node | None, source: Source | None, mistakes: Mistakes) -> Record | None:
    """The file's outermost record; None where the file is absent or holds something else."""
    if node is None or source is None:
        return None
    if not isinstance(node, Table):
        mistakes.add(f"{source.name}:{node.line}", "the file must hold named values", "write name: value")
        return None
    return Record(source.name, node, mistakes)
