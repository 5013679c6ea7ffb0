"""Leaves and branches of a tree. Data is never read as markup, and control characters are taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.text import Text
    from rich.tree import Tree

__all__ = ["DIM", "HEAD", "branch", "clean", "leaf", "trunk"]

HEAD = "bold"
DIM = "dim"


def clean(text: str) -> str:
    """The text without control characters: an escape sequence in an address must not reach a terminal."""
    return "".join(
        letter if letter.isprintable() or letter in "\n\u00a0\u202f" else "\ufffd" for letter in text
    )


def leaf(text: str, style: str = "") -> Text:
    """A styled text."""
    from rich.text import Text

    return Text(clean(text), style=style)


def trunk(text: str, style: str = HEAD) -> Tree:
    """The root of a tree."""
    from rich.tree import Tree

    return Tree(leaf(text, style))


def branch(tree: Tree, text: str, style: str = "") -> Tree:
    """A branch under a tree."""
    return tree.add(leaf(text, style))
