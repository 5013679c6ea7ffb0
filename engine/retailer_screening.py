"""The retailer's denied-party lists and what was cleared: ``screening_demo.csv``, ``screening/``, ``clearances.csv``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from customs.screening import CLEARANCES, Clearance, Flaw, PartyList, Screener, read_clearances, read_lists
from domain import InputError
from engine.retailer_mistakes import Mistakes
from engine.retailer_sources import MAX_BYTES, Source

__all__ = ["DEMO", "FOLDER", "Screening", "list_files", "read_screening"]

DEMO = "screening_demo.csv"
FOLDER = "screening"


@dataclass(frozen=True)
class Screening:
    """The lists in force and the hits that were cleared."""

    lists: tuple[PartyList, ...] = ()
    clearances: tuple[Clearance, ...] = ()

    @cached_property
    def screener(self) -> Screener:
        """The lists made ready, at the first question; every what-if of one world shares it."""
        return Screener(self.lists, self.clearances)

    def __reduce__(self) -> tuple[object, ...]:
        return Screening, (self.lists, self.clearances)


def list_files(folder: Path, mistakes: Mistakes) -> dict[str, bytes]:
    """Every file of the folder ``screening`` by its name inside the retailer's folder; none where it has none."""
    root = folder.resolve()
    found: dict[str, bytes] = {}
    for path in sorted((root / FOLDER).glob("*")):
        name = f"{FOLDER}/{path.name}"
        if path.name.startswith(".") or path.suffix.lower() == ".md":
            continue
        if not path.resolve().is_relative_to(root):
            mistakes.lose(name, "the path leads out of the retailer's folder", "keep the file itself there")
        elif not path.is_file():
            mistakes.lose(name, "this is no file", "keep lists alone in this folder")
        elif path.stat().st_size > MAX_BYTES:
            mistakes.lose(name, f"the file is larger than {MAX_BYTES // 2**20} MiB")
        else:
            found[name] = path.read_bytes()
    return found


def read_screening(folder: Path, sources: dict[str, Source], mistakes: Mistakes) -> Screening:
    """The lists and clearances of a retailer's folder; each broken row is a mistake.

    ``sources`` gets what is read here beside the retailer's own files, so that a version covers it.
    """
    files = list_files(folder, mistakes)
    for name, body in files.items():
        sources[name] = Source(name, sha256(body).hexdigest())
    if demo := sources.get(DEMO):
        files[DEMO] = demo.text.encode()
    try:
        lists = read_lists(files)
    except InputError as error:
        mistakes.lose(error.place or FOLDER, error.cause, error.cure)
        return Screening()
    _report((flaw for each in lists for flaw in each.broken), mistakes)
    return Screening(lists, _clearances(folder, sources, mistakes))


def _clearances(folder: Path, sources: dict[str, Source], mistakes: Mistakes) -> tuple[Clearance, ...]:
    path = (folder / CLEARANCES).resolve()
    if not path.is_file():
        return ()
    if not path.is_relative_to(folder.resolve()):
        mistakes.lose(CLEARANCES, "the path leads out of the retailer's folder", "keep the file itself there")
        return ()
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        mistakes.lose(CLEARANCES, "the text is not UTF-8", "save the file as UTF-8")
        return ()
    sources[CLEARANCES] = Source(CLEARANCES, text)
    found, flaws = read_clearances(CLEARANCES, text)
    _report(flaws, mistakes)
    return found


def _report(flaws: Iterable[Flaw], mistakes: Mistakes) -> None:
    for flaw in flaws:
        place = f"{flaw.file}:{flaw.line}" if flaw.line else flaw.file
        mistakes.lose(place, flaw.cause, flaw.cure)
