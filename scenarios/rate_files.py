"""Exchange rates of the user's own: our CSV, or a file in the European Central Bank's format."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from customs.rates import Rates, read_ecb_csv, read_ecb_xml
from domain import InputError, WorldError
from engine.world import World

__all__ = ["with_rates"]


def with_rates(world: World, path: Path) -> World:
    """The world with the file's rates instead of the shipped demo figures. Raises InputError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"the rate file cannot be read: {error}",
            code="fx.no_file",
            place=path.name,
            cure="check the path",
        ) from None
    try:
        return replace(world, rates=_read(text, path))
    except (InputError, WorldError) as error:
        raise InputError(
            error.cause, code=error.code, place=f"{path.name}:{error.place}".rstrip(":"), cure=error.cure
        ) from None


def _read(text: str, path: Path) -> Rates:
    if text.lstrip().startswith("<"):
        return Rates.of(read_ecb_xml(text))
    if text.startswith("Date"):
        return Rates.of(read_ecb_csv(text))
    return Rates.load(path)
