"""YAML and JSON as trees of text that remember their lines.

Scalars keep what was written: ``NO`` stays the country, ``01150`` the postcode and
``16:00`` the time; what a value means is said by whoever reads it. The tree is built
from parser events, with a stack of its own: composing would recurse in C, where a file
of nothing but opening brackets ends the process, and would resolve aliases.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import yaml

from engine.retailer_mistakes import Mistakes
from engine.retailer_nodes import Items, Node, Scalar, Table
from engine.retailer_record import Record
from engine.retailer_sources import Source

__all__ = ["read_tree"]

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DEEPEST = 40
NULLS = frozenset({"", "~", "null", "Null", "NULL"})


class _UnreadableError(Exception):
    """Ends the reading of one file: the line and why."""

    def __init__(self, line: int, cause: str, cure: str) -> None:
        self.line, self.cause, self.cure = line, cause, cure


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come yet."""

    line: int
    mapping: bool
    items: list[Node] = field(default_factory=list)
    entries: dict[str, Node] = field(default_factory=dict)
    key: str | None = None
    key_line: int = 0

    def closed(self) -> Node:
        return Table(self.entries, self.line) if self.mapping else Items(tuple(self.items), self.line)


def read_tree(source: Source | None, mistakes: Mistakes) -> Record | None:
    """The outermost mapping of a file; None, with the mistake noted, where there is none to read."""
    if source is None:
        return None
    try:
        root = _build(source, mistakes)
    except _UnreadableError as error:
        mistakes.lose(f"{source.name}:{error.line}", error.cause, error.cure)
        return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        mistakes.lose(f"{source.name}:{line}", f"not readable as YAML: {error.problem}", "mend the line")
        return None
    except yaml.YAMLError as error:
        mistakes.lose(f"{source.name}:1", f"not readable as YAML: {error}", "save the file as plain text")
        return None
    if not isinstance(root, Table):
        mistakes.lose(f"{source.name}:{root.line}", "the file must hold named values", "write name: value")
        return None
    return Record(source.name, root, mistakes)


def _build(source: Source, mistakes: Mistakes) -> Node:
    stack: list[_Open] = []
    root: Node | None = None
    for event in yaml.parse(source.text, Loader=Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.CollectionStartEvent):
            if len(stack) >= DEEPEST:
                raise _UnreadableError(
                    line, f"values are nested deeper than {DEEPEST} levels", "close the brackets"
                )
            named = stack[-1].key_line if stack and stack[-1].key is not None else line
            stack.append(_Open(named, isinstance(event, yaml.MappingStartEvent)))
            continue
        if isinstance(event, yaml.CollectionEndEvent):
            node = stack.pop().closed()
        elif isinstance(event, yaml.ScalarEvent):
            null = event.style is None and event.value in NULLS
            node = Scalar("" if null else event.value.strip(), line)
        elif isinstance(event, yaml.AliasEvent):
            cause = f"an alias (*{event.anchor}) is used"
            mistakes.add(f"{source.name}:{line}", cause, "write the value out where it holds")
            node = Scalar("", line)
        else:
            continue
        if stack:
            _place(stack[-1], node, source.name, mistakes)
        elif root is not None:
            raise _UnreadableError(line, "a second document begins", "keep one document in a file")
        else:
            root = node
    if root is None:
        raise _UnreadableError(1, "the file is empty", "see examples/retailer for its form")
    return root


def _place(within: _Open, node: Node, file: str, mistakes: Mistakes) -> None:
    """Put a finished node into the list or mapping that is open: as an item, a key or a value."""
    if not within.mapping:
        within.items.append(node)
    elif within.key is not None:
        within.entries.setdefault(within.key, node)
        within.key = None
    else:
        name = node.text if isinstance(node, Scalar) else ""
        if not isinstance(node, Scalar):
            mistakes.add(f"{file}:{node.line}", "a key must be a plain name", "write name: value")
        elif name in within.entries:
            mistakes.add(f"{file}:{node.line}", f"{name!r} is given twice", "keep one")
        within.key, within.key_line = name, node.line
