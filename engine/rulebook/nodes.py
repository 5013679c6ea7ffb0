"""YAML as text with places. Nothing is executed, no scalar is converted.

Anchors, aliases, tags and merge keys are refused; duplicate keys are reported.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

from engine.rulebook.problems import Problems
from engine.rulebook.tree import Place

__all__ = ["Listing", "Mapped", "NodeT", "Scalar", "read_yaml"]

MAX_DEPTH = 40
MAX_BYTES = 4_000_000
MAX_ALIASES = 50
# What YAML does not admit at all: control characters and lone surrogates.
_REFUSED = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# How a person would say what the parser found: (its words, what, cure).
_SAID: tuple[tuple[str, str, str], ...] = (
    (
        "mapping values are not allowed",
        "a second colon in one line",
        "put the text in quotes if the colon belongs to it; check the indentation",
    ),
    (
        "did not find expected ',' or '}'",
        "a { is not closed, or a text inside the braces needs quotes",
        'close it, and quote a text with brackets, commas or colons: "one of [FR, MC]"',
    ),
    (
        "did not find expected ',' or ']'",
        "a [ is not closed, or a text inside the brackets needs quotes",
        "close it, and quote a text with brackets, commas or colons",
    ),
    ("found unexpected end of stream", "a quote is opened and never closed", "close the quote"),
    (
        "did not find expected key",
        "this line does not fit the indentation above it",
        "indent keys of one block alike",
    ),
)


@dataclass(frozen=True, slots=True)
class Scalar:
    """Text as written, without quotes. ``exact``: letter by letter so in the file, from ``place`` on."""

    text: str
    place: Place
    exact: bool = False

    def at(self, word: str) -> Place:
        """The place of a word inside the text, so that a caret stands under it."""
        start = self.text.find(word) if self.exact else -1
        return self.place if start < 0 else Place(self.place.file, self.place.line, self.place.column + start)


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
    """Parse one document of text; what cannot be read goes to ``problems`` and gives None."""
    if len(text) > MAX_BYTES:
        problems.add(
            "file.too_large", Place(file, 1, 1), "the file is larger than 4 MB", cure="split it by decision"
        )
        return None
    if refused := _REFUSED.search(text.removeprefix("\ufeff")):
        line = text.count("\n", 0, refused.start()) + 1
        column = refused.start() - text.rfind("\n", 0, refused.start())
        problems.add(
            "yaml.character",
            Place(file, line, column),
            f"the character U+{ord(refused[0]):04X} is refused",
            why="control characters are invisible, and no text needs them",
            cure="delete it",
        )
        return None
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    parser = _Reader(file, problems)
    try:
        for event in yaml.parse(text, Loader=loader):
            if not parser.feed(event):
                return None
    except yaml.MarkedYAMLError as error:
        _tell(error, file, text, problems)
        return None
    except yaml.YAMLError as error:
        problems.add("yaml.syntax", Place(file, 1, 1), f"this is not YAML: {str(error).splitlines()[0]}")
        return None
    return parser.document


def _tell(error: yaml.MarkedYAMLError, file: str, text: str, problems: Problems) -> None:
    mark = error.problem_mark or error.context_mark
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
    lines = text.splitlines()
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        problems.add(
            "yaml.tab",
            Place(file, place.line, line.index("\t") + 1),
            "this line is indented with a tab",
            why="how far a tab reaches depends on the editor",
            cure="indent with spaces",
        )
        return
    found = str(error.problem or "")
    for words, what, cure in _SAID:
        if words in found:
            begun, why = error.context_mark, ""
            if begun and place.line > begun.line + 1 and "close" in what:
                why = f"line {place.line} is reached before it is closed"
                place = Place(file, begun.line + 1, begun.column + 1)
            problems.add("yaml.syntax", place, f"this is not YAML: {what}", why=why, cure=cure)
            return
    problems.add(
        "yaml.syntax",
        place,
        f"this is not YAML: {found}",
        why=str(error.context or ""),
        cure="check indentation, colons and quotes on this line and the one above",
    )


@dataclass(slots=True)
class _Open:
    """A collection that is being read."""

    is_map: bool
    parts: list[NodeT]
    place: Place
    anchor: str | None
    aliases: int


class _Reader:
    """Builds nodes from parser events.

    An alias is reported and read as what it stands for, so that one mistake is
    not followed by others; an anchored part with aliases inside is not, which
    keeps a small file from growing without bound.
    """

    def __init__(self, file: str, problems: Problems) -> None:
        self.file = file
        self.problems = problems
        self.document: NodeT | None = None
        self.documents = 0
        self.aliases = 0
        self.anchored: dict[str, NodeT] = {}
        self.stack: list[_Open] = []

    def feed(self, event: yaml.Event) -> bool:
        """Take up one event; False where reading on makes no sense."""
        mark = event.start_mark
        place = Place(self.file, mark.line + 1, mark.column + 1) if mark else Place(self.file, 1, 1)
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self.problems.add(
                    "yaml.documents",
                    place,
                    "a second YAML document begins here",
                    cure="move it to a file of its own",
                )
                return False
        elif isinstance(event, yaml.AliasEvent):
            self._alias(str(event.anchor), place)
        elif isinstance(event, yaml.ScalarEvent):
            self._refuse_magic(event, place)
            self._emit(self._scalar(event, place), event.anchor)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._refuse_magic(event, place)
            if len(self.stack) == MAX_DEPTH:
                self.problems.add(
                    "yaml.depth",
                    place,
                    f"nested deeper than {MAX_DEPTH} levels",
                    why="nobody can read it, and the file is not read further",
                    cure="split the rule",
                )
                return False
            is_map = isinstance(event, yaml.MappingStartEvent)
            self.stack.append(_Open(is_map, [], place, event.anchor, self.aliases))
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            done = self.stack.pop()
            node = (
                self._mapping(done.parts, done.place)
                if done.is_map
                else Listing(tuple(done.parts), done.place)
            )
            self._emit(node, done.anchor if done.aliases == self.aliases else None)
        return True

    def _scalar(self, event: yaml.ScalarEvent, place: Place) -> Scalar:
        start, end = event.start_mark, event.end_mark
        if start is None or end is None or start.line != end.line:
            return Scalar(event.value, place)
        width, quoted = end.column - start.column, event.style in ("'", '"')
        if quoted and width == len(event.value) + 2:
            return Scalar(event.value, Place(place.file, place.line, place.column + 1), exact=True)
        return Scalar(event.value, place, exact=not quoted and width == len(event.value))

    def _alias(self, anchor: str, place: Place) -> None:
        self.aliases += 1
        self.problems.add(
            "yaml.alias",
            place,
            f"the alias *{anchor} is refused",
            why="a rule must say what it means where it stands",
            cure="write the value out, or make it a named set or param",
        )
        known = self.anchored.get(anchor) if self.aliases <= MAX_ALIASES else None
        self._emit(known or Scalar("", place), None)

    def _refuse_magic(self, event: yaml.NodeEvent, place: Place) -> None:
        if event.anchor:
            self.problems.add(
                "yaml.anchor",
                place,
                f"the anchor &{event.anchor} is refused",
                cure="make it a named set or param",
            )
        tag = getattr(event, "tag", None)
        if tag and tag != "!":
            said = str(tag).replace("tag:yaml.org,2002:", "!!")
            self.problems.add(
                "yaml.tag",
                place,
                f"the tag {said} is refused",
                why="rule files are text only",
                cure="remove the tag",
            )

    def _mapping(self, parts: list[NodeT], place: Place) -> Mapped:
        entries: list[tuple[Scalar, NodeT]] = []
        seen: dict[str, Place] = {}
        merged: list[tuple[Scalar, NodeT]] = []
        for key, value in zip(parts[::2], parts[1::2], strict=False):
            if not isinstance(key, Scalar):
                self.problems.add(
                    "yaml.key", key.place, "a key must be plain text", cure="write one key for each fact"
                )
                continue
            if key.text == "<<":
                self.problems.add(
                    "yaml.merge",
                    key.place,
                    "the merge key << is refused",
                    why="a rule must say what it means where it stands",
                    cure="write the keys out",
                )
                merged += value.entries if isinstance(value, Mapped) else ()
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
        entries += [(key, value) for key, value in merged if key.text not in seen]
        return Mapped(tuple(entries), place)

    def _emit(self, node: NodeT, anchor: str | None) -> None:
        if anchor:
            self.anchored[anchor] = node
        if self.stack:
            self.stack[-1].parts.append(node)
        else:
            self.document = node
