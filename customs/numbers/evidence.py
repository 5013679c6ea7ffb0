"""What was answered, and when: JSON lines in a folder of the user's, whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from domain import InputError

__all__ = ["Evidence"]

_LOCK = "vies.lock"
_STALE_S = 60


@dataclass(frozen=True, slots=True)
class Evidence:
    """Consultations kept month by month in ``vies-YYYY-MM.jsonl``.

    They name numbers, which for a sole trader are personal data: the folder is the user's to guard.
    """

    folder: Path

    def add(self, record: Mapping[str, object], asked_at: datetime) -> None:
        """Append one record; the file is replaced as a whole, so that a crash leaves the old one."""
        line = json.dumps(record, ensure_ascii=False, sort_keys=True) + "\n"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._alone():
                target = self._file(asked_at)
                before = target.read_bytes() if target.exists() else b""
                scratch = target.with_suffix(".part")
                with scratch.open("wb") as out:
                    out.write(before + line.encode())
                    out.flush()
                    os.fsync(out.fileno())
                scratch.replace(target)
        except OSError as error:
            raise InputError(
                f"the evidence cannot be written: {error.strerror or error}",
                code="vies.evidence_not_written",
                place=str(self.folder),
                cure="name a folder that may be written to",
            ) from None

    def latest(self, key: Mapping[str, object], now: datetime, keep: timedelta) -> dict[str, Any] | None:
        """The newest settled record not older than ``keep`` whose fields are those of ``key``."""
        found: tuple[datetime, dict[str, Any]] | None = None
        for file in {self._file(now), self._file(now - keep)}:
            for asked_at, record in self._records(file):
                same = all(record.get(field) == value for field, value in key.items())
                settled = record.get("outcome") in ("valid", "invalid")
                fresh = timedelta(0) <= now - asked_at <= keep
                if same and settled and fresh and (found is None or found[0] <= asked_at):
                    found = (asked_at, record)
        return found[1] if found else None

    def _file(self, day: datetime) -> Path:
        return self.folder / f"vies-{day:%Y-%m}.jsonl"

    def _records(self, file: Path) -> Iterator[tuple[datetime, dict[str, Any]]]:
        if not file.exists():
            return
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                record = json.loads(line)
                asked_at = datetime.fromisoformat(record["asked_at"])
                if asked_at.tzinfo is None:
                    raise ValueError("no time zone")
            except (ValueError, KeyError, TypeError):
                raise InputError(
                    "this line is no record of a consultation",
                    code="vies.bad_evidence",
                    place=f"{file}:{number}",
                    cure="move the damaged file away; the numbers are then asked again",
                ) from None
            yield asked_at, record

    @contextmanager
    def _alone(self) -> Iterator[None]:
        lock = self.folder / _LOCK
        _take(lock)
        try:
            yield
        finally:
            with suppress(OSError):
                lock.unlink()


def _take(lock: Path) -> None:
    """Wait up to some seconds for the other writer; a lock left behind by a crash is broken."""
    import time

    for _ in range(100):
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        except FileExistsError:
            with suppress(FileNotFoundError):
                if time.time() - lock.stat().st_mtime > _STALE_S:
                    lock.unlink()
                    continue
            time.sleep(0.05)
        else:
            return
    raise InputError(
        "another run is writing evidence",
        code="vies.evidence_busy",
        place=str(lock),
        cure="try again; remove the file if no other run is under way",
    )
