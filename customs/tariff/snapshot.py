"""Snapshots of published tariffs: what a folder holds, and whether it is still what was imported."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from domain import WorldError

__all__ = ["LINES", "MANIFEST", "REFUSED", "Manifest", "Snapshot", "checksum", "find_snapshots"]

LINES, MANIFEST, REFUSED = "lines.csv", "manifest.json", "refused.csv"
FORMAT = 1
CHUNK = 1 << 20


def checksum(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            found.update(piece)
    return found.hexdigest()


@dataclass(frozen=True, slots=True)
class Manifest:
    """Where a snapshot comes from. ``files`` are (name, SHA-256, bytes) of the source; ``covers`` names
    the measures it replaces in its jurisdiction; ``result`` is the SHA-256 of its lines."""

    source: str
    title: str
    jurisdiction: str
    covers: tuple[str, ...]
    as_at: date
    imported_on: date
    files: tuple[tuple[str, str, int], ...]
    rows_read: int
    kept: int
    double: int
    skipped: Mapping[str, int]
    refused: int
    result: str

    def to_json(self) -> dict[str, Any]:
        """As it stands in ``manifest.json``."""
        return {
            "format": FORMAT,
            "source": self.source,
            "title": self.title,
            "jurisdiction": self.jurisdiction,
            "covers": list(self.covers),
            "as_at": self.as_at.isoformat(),
            "imported_on": self.imported_on.isoformat(),
            "files": [{"name": name, "sha256": value, "bytes": size} for name, value, size in self.files],
            "rows": {
                "read": self.rows_read,
                "kept": self.kept,
                "double": self.double,
                "skipped": dict(self.skipped),
                "refused": self.refused,
            },
            "result_sha256": self.result,
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Manifest:
        """The reverse. Raises KeyError, TypeError or ValueError for anything else."""
        if body["format"] != FORMAT:
            raise ValueError(f"format {body['format']!r} is not {FORMAT}")
        rows = body["rows"]
        return cls(
            str(body["source"]),
            str(body["title"]),
            str(body["jurisdiction"]),
            tuple(map(str, body["covers"])),
            date.fromisoformat(body["as_at"]),
            date.fromisoformat(body["imported_on"]),
            tuple((str(f["name"]), str(f["sha256"]), int(f["bytes"])) for f in body["files"]),
            int(rows["read"]),
            int(rows["kept"]),
            int(rows["double"]),
            {str(why): int(count) for why, count in rows["skipped"].items()},
            int(rows["refused"]),
            str(body["result_sha256"]),
        )


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One imported tariff on disk."""

    folder: Path
    manifest: Manifest

    @property
    def lines(self) -> Path:
        """The file of tariff lines."""
        return self.folder / LINES

    def verify(self) -> None:
        """Raises WorldError where the lines are not those that were imported."""
        if not self.lines.is_file() or checksum(self.lines) != self.manifest.result:
            raise WorldError(
                "the tariff lines are not those that were imported",
                code="tariff.snapshot_changed",
                place=str(self.lines),
                cure="import the source again",
            )


def find_snapshots(folder: Path) -> tuple[Snapshot, ...]:
    """The snapshot in a folder, or all in its subfolders, by jurisdiction and day. Drafts are passed over.

    Raises WorldError for a folder that does not exist and a manifest that cannot be read.
    """
    if not folder.is_dir():
        raise WorldError(
            "there is no such folder of tariff snapshots", code="tariff.no_snapshot", place=str(folder)
        )
    places = [folder] if (folder / MANIFEST).is_file() else sorted(folder.glob(f"[!.]*/{MANIFEST}"))
    found = [_read(place if place.is_dir() else place.parent) for place in places]
    return tuple(sorted(found, key=lambda s: (s.manifest.jurisdiction, s.manifest.as_at)))


def _read(folder: Path) -> Snapshot:
    path = folder / MANIFEST
    try:
        return Snapshot(folder, Manifest.from_json(json.loads(path.read_text(encoding="utf-8"))))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WorldError(
            f"the manifest cannot be read: {type(error).__name__} {error}",
            code="tariff.snapshot_broken",
            place=str(path),
            cure="import the source again",
        ) from None
