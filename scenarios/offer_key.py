"""The key that signs offers: from the environment, else one kept in the user's state folder."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from domain import WorldError

__all__ = ["offer_key"]


def offer_key() -> bytes:
    """``PASSAVANT_OFFER_KEY`` (at least 16 characters), else a key made once per user, readable by them only."""
    given = os.environ.get("PASSAVANT_OFFER_KEY")
    if given is not None:
        if len(given) < 16:
            raise WorldError(
                "PASSAVANT_OFFER_KEY is shorter than 16 characters",
                code="offer.key",
                cure="give a longer secret",
            )
        return given.encode()
    home = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "passavant"
    path = home / "offer.key"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = secrets.token_hex(32).encode()
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_bytes()
        with os.fdopen(handle, "wb") as file:
            file.write(key)
        return key
