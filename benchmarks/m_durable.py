"""The process in which durable-rules is timed: one ruleset, one context, assert then retract.

``python -m benchmarks.m_durable`` reads JSON lines: ``{"rules": {id: expression}}``
once, then ``{"facts": [fact, ...]}``; it answers each with its own clock's figures.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from time import perf_counter, perf_counter_ns
from typing import Any

__all__ = ["main"]

SENTINEL = "always"


def main() -> int:
    """Load, then answer batches until the input ends."""
    from durable import engine

    fired: list[str] = []

    def noting(name: str) -> Callable[[object], None]:
        def note(_context: object) -> None:
            fired.append(name)

        return note

    rules: Mapping[str, object] = json.loads(sys.stdin.readline())["rules"]
    start = perf_counter()
    definition = {name: {"all": [{"m": body}], "run": noting(name)} for name, body in rules.items()}
    # a fact that no rule takes raises: one rule that takes every fact keeps to the path measured safe
    definition[SENTINEL] = {"all": [{"m": {SENTINEL: 1}}], "run": lambda _context: None}
    ruleset = engine.Ruleset("rules", None, definition)
    _tell({"seconds": perf_counter() - start})
    turn = 0
    for line in sys.stdin:
        facts: Sequence[dict[str, object]] = json.loads(line)["facts"]
        times, holds = [], []
        for fact in facts:
            turn += 1
            fired.clear()
            times.append(_one(ruleset, {"id": turn, "sid": "0", SENTINEL: 1, **fact}))
            holds.append(sorted(set(fired)))
        _tell({"ns": times, "holds": holds})
    return 0


def _one(ruleset: Any, message: dict[str, object]) -> int:
    def done(error: object, _state: object) -> None:
        if error:
            raise RuntimeError(str(error))

    start = perf_counter_ns()
    ruleset.do_actions(ruleset.assert_fact(message), done)
    ruleset.do_actions(ruleset.retract_fact(message), done)
    return perf_counter_ns() - start


def _tell(answer: object) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
