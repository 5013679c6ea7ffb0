"""Tariff lines left on disk until their code is asked for: a whole tariff is half a million lines."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from customs.tariff.table import COLUMNS, TariffLine, line_of
from domain import InputError, WorldError

__all__ = ["StoredLines"]


class StoredLines(Mapping[str, tuple[TariffLine, ...]]):
    """Lines by code: those of a snapshot's file, read when asked for, after those held in memory.

    The file has one record a line, jurisdiction and code first, as the importer writes it; whoever
    opens it has verified its checksum. Raises WorldError where it was changed since.
    """

    def __init__(self, path: Path, held: Mapping[str, Sequence[TariffLine]]) -> None:
        self._path = path
        self._held = held
        self._read: dict[str, tuple[TariffLine, ...]] = {}
        self._places: dict[str, list[int]] = {}
        place = 0
        with path.open("rb") as file:
            for number, line in enumerate(file):
                if number:
                    self._places.setdefault(line.split(b",", 2)[1].decode(), []).append(place)
                place += len(line)

    def __getitem__(self, code: str) -> tuple[TariffLine, ...]:
        found = self._read.get(code)
        if found is None:
            if code not in self:
                raise KeyError(code)
            found = self._read[code] = (*self._held.get(code, ()), *self._lines(code))
        return found

    def __contains__(self, code: object) -> bool:
        return code in self._places or code in self._held

    def __iter__(self) -> Iterator[str]:
        return iter({**self._places, **dict.fromkeys(self._held)})

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _lines(self, code: str) -> Iterator[TariffLine]:
        places = self._places.get(code, ())
        if not places:
            return
        try:
            with self._path.open("rb") as file:
                for place in places:
                    file.seek(place)
                    (cells,) = csv.reader([file.readline().decode("utf-8")], strict=True)
                    line = line_of(dict(zip(COLUMNS, cells, strict=True)))
                    if line.hs_code != code:
                        raise ValueError(f"the line at byte {place} is of {line.hs_code}")
                    yield line
        except (OSError, ValueError, KeyError, InputError, csv.Error) as error:
            raise WorldError(
                f"the tariff lines changed while they were in use: {error}",
                code="tariff.snapshot_changed",
                place=str(self._path),
                cure="start again; import the source again if it stays",
            ) from None
