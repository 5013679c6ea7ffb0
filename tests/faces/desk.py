"""Both faces as a caller uses them: the command line in-process or as a process, and HTTP."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient
from typer.testing import CliRunner

from api import create_app
from cli import app
from domain import PassavantError

__all__ = ["KEY", "ROOT", "Said", "ask", "client", "process"]

ROOT = Path(__file__).resolve().parents[2]
KEY = "a key for tests, thirty-two long"


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit code; ``error`` is the expected error that it raised."""

    code: int
    out: str
    err: str
    error: PassavantError | None = None

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)


def ask(*arguments: str | Path, stdin: str = "") -> Said:
    """Run the command line in this process. ``main`` turns an expected error into exit code 2."""
    result = CliRunner().invoke(app, [str(each) for each in arguments], input=stdin)
    error = result.exception
    if isinstance(error, PassavantError):
        return Said(2, result.stdout, result.stderr, error)
    if error is not None and not isinstance(error, SystemExit):
        raise error
    return Said(result.exit_code, result.stdout, result.stderr)


def process(*arguments: str | Path, stdin: str = "", more: Sequence[tuple[str, str]] = ()) -> Said:
    """Run the command line as its own process, as a shell does."""
    command = [sys.executable, "-c", "from cli import main; main()", *map(str, arguments)]
    held = {**os.environ, "PASSAVANT_OFFER_KEY": KEY, **dict(more)}
    result = subprocess.run(
        command, cwd=ROOT, env=held, input=stdin, capture_output=True, text=True, timeout=120, check=False
    )
    return Said(result.returncode, result.stdout, result.stderr)


@lru_cache(maxsize=1)
def client() -> TestClient:
    """HTTP over the shipped rules and the demo retailer; a defect is answered, not raised."""
    return TestClient(create_app(), raise_server_exceptions=False)
