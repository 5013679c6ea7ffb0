"""One order, one decision: by command line and HTTP, again and again, under any hash seed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api import create_app
from cli import app
from engine.decide import decide
from scenarios import read_order
from scenarios.serving import dump
from tests.golden.reading import ORDERS, ROOT


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_app())


@pytest.mark.parametrize("path", ORDERS, ids=lambda path: path.stem)
def test_both_faces_give_the_same_bytes(path: Path, client: TestClient):
    shown = CliRunner().invoke(app, ["decide", str(path), "--json"])
    assert shown.exit_code == 0, shown.output
    answer = client.post("/v1/decisions", content=path.read_bytes())
    assert answer.status_code == 200
    assert shown.stdout_bytes == answer.content + b"\n"


def repeat(paths: list[Path], times: int, shipped) -> list[str]:
    """Names of orders that were ever decided differently."""
    world, supply = shipped
    unlike = []
    for path in paths:
        order = read_order(path)
        first = dump(decide(order, world, supply))
        if any(dump(decide(order, world, supply)) != first for _ in range(times - 1)):
            unlike.append(path.stem)
    return unlike


def test_five_repeats_of_every_order_are_the_same(shipped):
    assert repeat(ORDERS, 5, shipped) == []


@pytest.mark.parametrize("part", range(6))
@pytest.mark.slow
def test_a_hundred_repeats_of_every_order_are_the_same(part: int, shipped):
    assert repeat(ORDERS[part::6], 100, shipped) == []


def test_a_hundred_repeats_of_some_orders_are_the_same(shipped):
    some = ("06-", "18-", "34-")
    assert repeat([path for path in ORDERS if path.name.startswith(some)], 100, shipped) == []


def all_decided(seed: str) -> bytes:
    """Every order's decision, a line each, from a process of its own."""
    orders = [json.dumps(json.loads(path.read_text(encoding="utf-8"))) for path in ORDERS]
    done = subprocess.run(
        [sys.executable, "-c", "from cli import main; main()", "decide", "--jsonl"],
        input="\n".join(orders).encode(),
        capture_output=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
    )
    return done.stdout


def test_processes_with_different_hash_seeds_decide_alike():
    first = all_decided("0")
    assert len(first.splitlines()) == len(ORDERS)
    assert b'"error"' not in first
    assert all_decided("1") == first
    assert all_decided("random") == first
