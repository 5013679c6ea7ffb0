"""M: one fact against 100, 1,000 and 10,000 rules, the index beside the reference and four peers.

Answers are compared fact by fact before anything is timed. Then the contenders
take turns, round by round, so that what else the machine does falls on all alike.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from time import perf_counter, perf_counter_ns
from typing import Any

from benchmarks.figures import percentile, table, told
from benchmarks.m_peers import DURABLE_MOST, LOADERS, Contender, durable_rules
from benchmarks.m_workload import Fact, MRule, draw_facts, draw_rules, meets

__all__ = ["SIZES", "compare", "run"]

SIZES = (100, 1_000, 10_000)
FACTS, ROUNDS = 200, 5
TURN_SECONDS = 0.12
"""A slow contender answers only as many facts a turn as this allows, and at least one."""
PEERS = ("ZEN", "CLIPS", "durable-rules", "rule-engine")
OURS = "index: ask"
NAIVE_MOST = 1_000

Turn = Callable[[Sequence[Fact]], tuple[list[int], list[frozenset[str]]]]


@dataclass
class _Seat:
    """A contender at the table, with its times in nanoseconds."""

    name: str
    load: float
    turn: Turn
    most: int = FACTS
    pooled: list[int] = field(default_factory=list)
    fresh: list[int] = field(default_factory=list)


def _in_process(contender: Contender) -> Turn:
    def turn(facts: Sequence[Fact]) -> tuple[list[int], list[frozenset[str]]]:
        prepared = [contender.prepare(fact) for fact in facts]
        match, times, answers = contender.match, [], list[Any]()
        for each in prepared:
            start = perf_counter_ns()
            answer = match(each)
            times.append(perf_counter_ns() - start)
            answers.append(answer)
        return times, [contender.ids(answer) for answer in answers]

    return turn


def _seats(rules: Sequence[MRule], stack: ExitStack) -> list[_Seat]:
    found = []
    for name, load in LOADERS.items():
        if name == "naive" and len(rules) > NAIVE_MOST:
            continue
        start = perf_counter()
        contender = load(rules)
        found.append(_Seat(name, perf_counter() - start, _in_process(contender)))
    if len(rules) <= DURABLE_MOST:
        worker = stack.enter_context(durable_rules(rules))
        found.append(_Seat("durable-rules", worker.load_seconds, worker.run))
    return found


def compare(rules: Sequence[MRule], facts: Sequence[Fact], seats: Sequence[_Seat]) -> None:
    """Every contender must name the same rules for every fact it will be timed on."""
    for seat in seats:
        taken = list(facts[:3])
        start = perf_counter()
        _, answers = seat.turn(taken)
        each = (perf_counter() - start) / len(taken)
        seat.most = max(1, min(len(facts), int(TURN_SECONDS / each)))
        if seat.most > len(taken):
            _, answers = seat.turn(facts[: seat.most])
        for fact, found in zip(facts, answers, strict=False):
            wanted = frozenset(rule.id for rule in rules if meets(rule, fact))
            assert found == wanted, f"{seat.name} on {fact}: {sorted(found)} instead of {sorted(wanted)}"


def run(sizes: Sequence[int] = SIZES, rounds: int = ROUNDS, count: int = FACTS) -> str:
    """The tables, as Markdown."""
    return "\n\n".join(_one_size(size, rounds, count) for size in sizes)


def _one_size(size: int, rounds: int, count: int) -> str:
    rules, pooled = draw_rules(size), draw_facts(count)
    fresh = draw_facts(count * rounds, seed=3, fresh=True)
    with ExitStack() as stack:
        seats = _seats(rules, stack)
        compare(rules, pooled, seats)
        for number in range(rounds):
            new = fresh[number * count : (number + 1) * count]
            for place in range(len(seats)):
                seat = seats[(place + number) % len(seats)]
                seat.pooled += seat.turn(pooled[: seat.most])[0]
                seat.fresh += seat.turn(new[: seat.most])[0]
    hits = [sum(meets(rule, fact) for rule in rules) for fact in pooled]
    shares = ", ".join(f"{hits.count(n) * 100 // len(hits)} % meet {n}" for n in range(4))
    return f"**{size:,} rules** ({shares})\n\n{_table(seats)}"


def _table(seats: Sequence[_Seat]) -> str:
    ours = next(seat for seat in seats if seat.name == OURS)
    base, base_fresh = percentile(ours.pooled, 50), percentile(ours.fresh, 50)
    header = (
        "us per fact",
        "load s",
        "median",
        "p99",
        "new: median",
        "new: p99",
        "index is x faster",
        "new: x",
    )
    rows = []
    for seat in seats:
        middle, middle_fresh = percentile(seat.pooled, 50), percentile(seat.fresh, 50)
        figures = (middle, percentile(seat.pooled, 99), middle_fresh, percentile(seat.fresh, 99))
        times = (told(middle / base), told(middle_fresh / base_fresh)) if seat.name in PEERS else ("", "")
        rows.append((seat.name, told(seat.load), *(told(value / 1000) for value in figures), *times))
    peers = [seat for seat in seats if seat.name in PEERS]
    best = min(peers, key=lambda seat: percentile(seat.pooled, 50))
    told_best = f"Best peer: {best.name}, {told(percentile(best.pooled, 50) / base)} times the index's time."
    return f"{table(header, rows)}\n\n{told_best}"
