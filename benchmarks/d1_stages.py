"""Where the time of a decision goes: clocks around functions of the engine, put on and taken off here.

A stage counts only what none of the stages inside it counts. The clocks cost
time themselves, so shares come from a run with them and totals from one without.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from time import perf_counter_ns
from typing import Any

import engine.decide
import engine.quote
import engine.sourcing
from carriers import Carriers
from engine.asking import Asker

__all__ = ["STAGES", "Clock", "watched"]

STAGES = ("take-in", "order facts and rules", "search", "carriers", "rules", "border", "conclude")

_CARRIERS = ("pack", "price", "lane", "lane_bits", "range_bits", "limit_bits_all")
_PLACES: tuple[tuple[object, str, str], ...] = (
    (engine.decide, "take_in", "take-in"),
    (engine.decide, "order_facts", "order facts and rules"),
    (engine.decide, "_order_level", "order facts and rules"),
    (engine.decide, "_split", "order facts and rules"),
    (engine.decide, "solve", "search"),
    (engine.decide, "_conclude", "conclude"),
    (engine.quote, "treat", "border"),
    (Asker, "ask", "rules"),
    (Asker, "needs", "rules"),
    *((Carriers, name, "carriers") for name in _CARRIERS if hasattr(Carriers, name)),
)
_WITHIN = {"rules": ("search", "border", "carriers", "rules")}
"""Rules asked outside the search belong to the stage that asks them."""


class Clock:
    """Nanoseconds by stage, and how often each was entered."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self.entered: Counter[str] = Counter()
        self._stack: list[list[Any]] = []

    def around(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, timed as that stage."""

        @wraps(function)
        def timed(*args: Any, **named: Any) -> Any:
            stack = self._stack
            allowed = _WITHIN.get(stage)
            if allowed is not None and (not stack or stack[-1][0] not in allowed):
                return function(*args, **named)
            inside: list[Any] = [stage, 0]
            self.entered[stage] += not stack or stack[-1][0] != stage
            stack.append(inside)
            start = perf_counter_ns()
            try:
                return function(*args, **named)
            finally:
                took = perf_counter_ns() - start
                stack.pop()
                self.spent[stage] += took - inside[1]
                if stack:
                    stack[-1][1] += took

        return timed


@contextmanager
def watched(clock: Clock) -> Iterator[Clock]:
    """Clocks on the engine's functions until the block ends."""
    held = [(home, name, getattr(home, name)) for home, name, _ in _PLACES]
    try:
        for home, name, stage in _PLACES:
            setattr(home, name, clock.around(stage, getattr(home, name)))
        yield clock
    finally:
        for home, name, function in held:
            setattr(home, name, function)
