"""What the tariff tables hold, and what they say of one code: plain JSON for the commands."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from customs.tariff import NotInTariff, Tariff, TariffLine, find_snapshots
from customs.territories import Territories
from scenarios.duty_place import facts_of

__all__ = ["show_code", "status"]


def status(folder: Path | None) -> dict[str, Any]:
    """The packaged lines by jurisdiction, and every snapshot in a folder, verified.

    Raises WorldError for a snapshot that is no longer what was imported.
    """
    tariff = Tariff.load()
    body: dict[str, Any] = {"version": tariff.version, "packaged": [], "snapshots": []}
    for jurisdiction in sorted(tariff.by_code):
        lines = [line for found in tariff.by_code[jurisdiction].values() for line in found]
        days = [line.as_at for line in lines if line.as_at is not None]
        body["packaged"].append(
            {
                "jurisdiction": jurisdiction,
                "lines": len(lines),
                "without_rate": sum(line.expression is None for line in lines),
                "oldest_as_at": min(days).isoformat() if days else None,
                "newest_as_at": max(days).isoformat() if days else None,
            }
        )
    for snapshot in find_snapshots(folder) if folder is not None else ():
        snapshot.verify()
        body["snapshots"].append({"folder": snapshot.folder.name, **snapshot.manifest.to_json()})
    return body


def show_code(
    code: str, jurisdiction: str, origin: str | None, day: date, folder: Path | None, claims: frozenset[str]
) -> dict[str, Any]:
    """Every line the code may be with its measures, or the reason why there is none.

    ``jurisdiction`` is a customs territory, a country or a territory code. Raises InputError.
    """
    tariff = Tariff.load(snapshot=folder) if folder is not None else Tariff.load()
    _, word = facts_of(Territories.load(), jurisdiction.strip().upper(), day, by_post=False)
    found = tariff.find(word, code, origin.strip().upper() if origin else None, day, claims=claims)
    head = {
        "hs_code": code,
        "jurisdiction": word,
        "origin": origin,
        "date": day.isoformat(),
        "version": tariff.version,
    }
    if isinstance(found, NotInTariff):
        return head | {
            "reason": found.reason,
            "needs": list(found.needs),
            "codes": list(found.nearest),
            "known_from": found.known_from and found.known_from.isoformat(),
            "known_until": found.known_until and found.known_until.isoformat(),
        }
    return head | {
        "duty": [str(option) for option in found.options],
        "needs": list(found.needs),
        "exact": found.exact,
        "complete": found.complete,
        "as_at": found.as_at and found.as_at.isoformat(),
        "candidates": [
            {
                "hs_code": candidate.hs_code,
                "duty": [str(option) for option in candidate.options],
                "measures": [_line(line) for line in candidate.measures],
                "instead": [_line(line) for line in candidate.alternatives],
                "unverified": [_line(line) for line in candidate.unverified],
            }
            for candidate in found.candidates
        ],
    }


def _line(line: TariffLine) -> dict[str, Any]:
    return {
        "measure": line.measure,
        "rate": None if line.expression is None else str(line.expression),
        "effect": line.effect,
        "applies": line.applies,
        "needs": list(line.needs),
        "description": line.description,
        "valid_from": line.valid_from.isoformat(),
        "valid_until": line.valid_until and line.valid_until.isoformat(),
        "as_at": line.as_at and line.as_at.isoformat(),
        "source": line.source,
        "confidence": line.confidence,
        "note": line.note,
    }
