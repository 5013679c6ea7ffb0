"""Shortcut 2, source first, then carrier, then customs: at least ten baskets show what that costs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LEAST = 10


def test_ten_baskets_compare_the_joint_choice_with_the_sequence() -> None:
    """The baskets stand in tests/joint; here it is seen that they are collected, and enough of them."""
    asked = [sys.executable, "-m", "pytest", "tests/joint", "--collect-only", "-q", "-p", "no:cacheprovider"]
    said = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    found = [line for line in said.stdout.splitlines() if "::" in line]
    assert said.returncode == 0, said.stdout + said.stderr
    assert len(found) >= LEAST
