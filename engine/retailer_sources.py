"""The retailer's files as bytes, confined to one folder, and what they hash to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from domain import WorldError
from engine.retailer_mistakes import Mistakes

__all__ = ["Source", "read_sources", "version_of"]

MAX_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Source:
    """One file: its name inside the folder and its text."""

    name: str
    text: str


def read_sources(folder: Path, names: Sequence[str], mistakes: Mistakes) -> dict[str, Source]:
    """Read the named files of a folder; a link that leads out of the folder is refused.

    A missing, unreadable, oversized or non-UTF-8 file is one mistake and is left out.
    Raises ``WorldError`` where the folder itself is not there.
    """
    root = folder.resolve()
    if not root.is_dir():
        raise WorldError(
            "there is no such folder",
            code="world.no_folder",
            place=str(folder),
            cure="name the folder that holds entities.yaml, locations.yaml, products.csv ...",
        )
    sources: dict[str, Source] = {}
    for name in names:
        path = (root / name).resolve()
        if not path.is_relative_to(root):
            mistakes.lose(name, "the path leads out of the retailer's folder", "keep the file itself there")
        elif not path.is_file():
            mistakes.lose(
                name, "the file is missing", f"add {name}; a header alone will do for an empty table"
            )
        elif path.stat().st_size > MAX_BYTES:
            mistakes.lose(name, f"the file is larger than {MAX_BYTES // 2**20} MiB", "split the catalog")
        else:
            try:
                sources[name] = Source(name, path.read_bytes().decode("utf-8-sig"))
            except UnicodeDecodeError as error:
                line = error.object[: error.start].count(b"\n") + 1
                mistakes.lose(f"{name}:{line}", "the text is not UTF-8", "save the file as UTF-8")
    return sources


def version_of(sources: Mapping[str, Source]) -> str:
    """A hash of names and contents (line ends do not count): same files, same version."""
    digest = sha256()
    for name in sorted(sources):
        body = sources[name].text.replace("\r\n", "\n").encode()
        digest.update(f"{name}\0{len(body)}\0".encode())
        digest.update(body)
    return f"sha256:{digest.hexdigest()}"
