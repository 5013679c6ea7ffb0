"""Reads what the documentation says can be run: marked blocks, and what they are said to print."""

import re
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ROOT", "Block", "blocks", "missing_line", "rule_files"]

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```(\S*)[ ]?(.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = re.compile(r"<!-- ([a-z: ]+) -->\n$")
FRAME = re.compile(r"[│├└─┃┏┓┗┛━┳┻╇┡┩┴┬┼┤┌┐┘]+")
FIGURE = re.compile(r"-?€?\d[\d.,:]*")
FILE = re.compile(r"^# file: (\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the mark in front of it, and the text block right behind it."""

    language: str
    mark: str
    text: str
    place: str
    shown: str = ""
    figures_move: bool = False


def blocks(name: str) -> list[Block]:
    """Every fenced block of a document, in order."""
    source = (ROOT / name).read_text(encoding="utf-8")
    matches = list(FENCE.finditer(source))
    found = []
    for number, match in enumerate(matches):
        mark = MARK.search(source[: match.start()])
        following = matches[number + 1] if number + 1 < len(matches) else None
        beside = following is not None and not source[match.end() : following.start()].strip()
        shown = following[3] if following is not None and beside and following[1] == "text" else ""
        place = f"{name}:{source.count(chr(10), 0, match.start()) + 1}"
        moves = bool(shown and following is not None and following[2] == "figures-move")
        found.append(Block(match[1], mark[1] if mark else "", match[3], place, shown, moves))
    return found


def missing_line(shown: str, output: str, figures_move: bool) -> str | None:
    """The first line that is shown and not printed; None if all are, in that order.

    ``...`` stands for anything, tables and trees are read without their frames, and where
    figures move with the demo data, one figure is as good as another.
    """
    lines = [_plain(line) for line in output.splitlines()]
    at = 0
    for line in shown.splitlines():
        wanted = _plain(line)
        if wanted in ("", "..."):
            continue
        pattern = ".*".join(_pattern(part, figures_move) for part in wanted.split("..."))
        position = next((n for n in range(at, len(lines)) if re.search(pattern, lines[n])), None)
        if position is None:
            return line
        at = position + 1
    return None


def _plain(line: str) -> str:
    return " ".join(FRAME.sub(" ", line).split())


def _pattern(text: str, figures_move: bool) -> str:
    if not figures_move:
        return re.escape(text)
    return FIGURE.pattern.join(re.escape(part) for part in FIGURE.split(text))


def rule_files(block: Block) -> dict[str, str]:
    """The files that a block holds: each begins with ``# file: name``."""
    parts = FILE.split(block.text)
    assert not parts[0].strip(), f"{block.place}: the block begins with # file: name"
    return {name: text.removeprefix("\n") for name, text in zip(parts[1::2], parts[2::2], strict=True)}
