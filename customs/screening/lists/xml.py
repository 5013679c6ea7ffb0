"""XML from outside, entity by entity: only one entity is held at a time, with the lines of its elements."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.sax.handler import ContentHandler  # nosec - the parser itself is defusedxml's
from xml.sax.xmlreader import AttributesImpl

from customs.screening.lists.reading import Draft

__all__ = ["Node", "entities"]

CHUNK = 1 << 16


@dataclass(slots=True)
class Node:
    """An element without its namespace prefix."""

    tag: str
    line: int
    attributes: dict[str, str]
    children: list[Node] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    def all(self, tag: str) -> Iterator[Node]:
        """Its children of that name."""
        return (child for child in self.children if child.tag == tag)

    def get(self, name: str) -> str:
        """An attribute, stripped; empty where absent."""
        return self.attributes.get(name, "").strip()

    def text(self, *path: str) -> str:
        """The text of the first element down that path, its own where there is none; empty where absent."""
        if not path:
            return " ".join("".join(self.pieces).split())
        return next((child.text(*path[1:]) for child in self.all(path[0])), "")

    def texts(self, *path: str) -> list[str]:
        """The texts of all elements down that path, without empty ones."""
        if not path:
            return [text] if (text := self.text()) else []
        return [text for child in self.all(path[0]) for text in child.texts(*path[1:])]


class _Handler(ContentHandler):
    def __init__(self, tags: Collection[str]) -> None:
        super().__init__()
        self.tags = tags
        self.root: Node | None = None
        self.ready: list[Node] = []
        self._open: list[Node] = []
        self.place: Any = None

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - the name SAX gives it
        tag = name.rpartition(":")[2]
        if not self._open and self.root is not None and tag not in self.tags:
            return
        node = Node(
            tag,
            self.place.getLineNumber() or 0,
            {key.rpartition(":")[2]: value for key, value in attrs.items()},
        )
        if self.root is None:
            self.root = node
        else:
            self._open.append(node)

    def characters(self, content: str) -> None:
        if self._open:
            self._open[-1].pieces.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802, ARG002
        if not self._open:
            return
        node = self._open.pop()
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.ready.append(node)


def entities(body: bytes, root: str, tags: Collection[str], draft: Draft) -> Iterator[Node]:
    """First the root (its attributes only), then each element of those names that lies in no other.

    Another root, broken XML, a document type or an entity declaration are flaws of the list and end the reading.
    """
    from xml.sax import SAXParseException  # nosec

    from defusedxml.common import DefusedXmlException
    from defusedxml.expatreader import DefusedExpatParser

    handler = _Handler(tags)
    parser = DefusedExpatParser(forbid_dtd=True)
    parser.setContentHandler(handler)
    handler.place = parser
    told = False
    try:
        for start in range(0, len(body), CHUNK):
            parser.feed(body[start : start + CHUNK])
            if handler.root is not None and not told:
                told = True
                if handler.root.tag != root:
                    cause = f"the document is a {handler.root.tag}, not a {root}"
                    draft.wrong(handler.root.line, "", cause, "is the file of the format you named?")
                    return
                yield handler.root
            yield from handler.ready
            handler.ready.clear()
        parser.close()
        yield from handler.ready
    except SAXParseException as error:
        cause = f"not readable as XML: {error.getMessage()}"
        draft.wrong(
            error.getLineNumber() or 0, f"column {error.getColumnNumber()}", cause, "download it again"
        )
    except DefusedXmlException:
        draft.wrong(1, "", "the file declares a document type or entities", "published lists have none")
