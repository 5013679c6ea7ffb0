"""D1: decide orders of three lines with reasons, beside the floor of parsing and writing the same orders."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter_ns, thread_time_ns

from benchmarks.d1_stages import STAGES, Clock, watched
from benchmarks.d1_workload import build, orders
from benchmarks.figures import percentile, table, told
from domain import Order
from engine.decide import decide
from engine.supply import Supply
from engine.world import World
from scenarios.reading import order_from_text

__all__ = ["run"]

ORDERS, ROUNDS = 150, 2
AIM = "aim: p50 0.8 ms, p99 2.5 ms"


def run(count: int = ORDERS, rounds: int = ROUNDS) -> str:
    """The tables, as Markdown."""
    with tempfile.TemporaryDirectory(prefix="passavant-bench-") as place:
        world, supply = build(Path(place))
        texts = orders(world, count)
        parsed = [order_from_text(text) for text in texts]
        statuses = Counter(str(decide(order, world, supply)["status"]) for order in parsed)  # warms up
        times: dict[str, list[int]] = {name: [] for name in ("parse", "decide", "cpu", "write", "floor")}
        for _ in range(rounds):
            for text in texts:
                _time(text, world, supply, times)
        clock = Clock()
        with watched(clock):
            for order in parsed:
                decide(order, world, supply)
    return "\n\n".join(
        [_world(world, statuses), _totals(times), _shares(clock, len(parsed), times["decide"])]
    )


def _time(text: str, world: World, supply: Supply, times: dict[str, list[int]]) -> None:
    begun = perf_counter_ns()
    order: Order = order_from_text(text)
    busy = thread_time_ns()
    read = perf_counter_ns()
    decision = decide(order, world, supply)
    decided = perf_counter_ns()
    times["cpu"].append(thread_time_ns() - busy)
    json.dumps(decision, ensure_ascii=False)
    written = perf_counter_ns()
    order_from_text(text).model_dump_json()
    echoed = perf_counter_ns()
    times["parse"].append(read - begun)
    times["decide"].append(decided - read)
    times["write"].append(written - decided)
    times["floor"].append(echoed - written)


def _world(world: World, statuses: Counter[str]) -> str:
    said = ", ".join(f"{status} {count}" for status, count in statuses.most_common())
    return (
        f"{len(world.retailer.locations)} locations, {len(world.carriers.services)} services, "
        f"{len(world.carriers.points.all):,} pickup points, {len(world.rulebook.rules)} rules; "
        f"{sum(statuses.values())} orders of 3 lines: {said}."
    )


def _totals(times: dict[str, list[int]]) -> str:
    whole = [sum(parts) for parts in zip(times["parse"], times["decide"], times["write"], strict=True)]
    named = (
        ("take in: JSON to a validated order", times["parse"]),
        (f"decide ({AIM})", times["decide"]),
        ("the same in processor time, whatever else runs", times["cpu"]),
        ("write: decision to JSON", times["write"]),
        ("all three", whole),
        ("floor: the order parsed and written back", times["floor"]),
    )
    return table(("ms per order", "p50", "p90", "p99"), [(name, *_line(values)) for name, values in named])


def _line(values: Sequence[int]) -> tuple[str, ...]:
    return tuple(told(percentile(values, part) / 1e6) for part in (50, 90, 99))


def _shares(clock: Clock, count: int, decide_ns: Sequence[int]) -> str:
    whole = sum(clock.spent.values())
    mean = sum(decide_ns) / len(decide_ns) / 1e6
    rows = []
    for stage in STAGES:
        share = clock.spent[stage] / whole
        rows.append((stage, f"{share * 100:.1f} %", told(share * mean), told(clock.entered[stage] / count)))
    return table(("stage of decide", "share", "ms of the mean", "times an order"), rows)
