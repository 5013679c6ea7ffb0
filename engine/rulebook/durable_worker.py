"""The process in which durable-rules runs: one ruleset, one context, then the end.

Started as ``python -m engine.rulebook.durable_worker SECONDS MEGABYTES``, it
reads JSON lines: first ``{"rules": {name: expression}}``, then one fact (an
object) a line. It writes ``{"ready": n}`` or ``{"failed": reason}``, then for
each fact ``{"holds": [names]}`` or ``{"failed": reason}``.

durable-rules is C code with known faults, so the process keeps to what was
measured safe: facts are asserted and retracted one at a time, no state is ever
deleted, no second ruleset built, ``$nex`` never used; the library's host, whose
timer threads would run beside it, is left out. Memory and processor time are
limited by the system.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any, Final

__all__ = ["SENTINEL", "main"]

SENTINEL: Final = "always"
"""A rule that every fact satisfies: an answer without it is no answer."""

_SOLE_CONTEXT: Final = "0"


def main(arguments: list[str]) -> int:
    """Read, judge, write, end. 0 where the input was read to its end, 3 without durable-rules."""
    _limit(int(arguments[0]), int(arguments[1]))
    try:
        from durable import engine
    except ModuleNotFoundError as error:
        _write({"absent": str(error)})
        return 3
    except Exception as error:
        _write({"failed": f"durable-rules does not start: {error}"})
        return 0
    fired: list[str] = []
    try:
        ruleset = _ruleset(engine, json.loads(sys.stdin.readline())["rules"], fired)
    except Exception as error:
        _write({"failed": f"durable-rules does not load the rules: {error}"})
        return 0
    _write({"ready": len(fired)})
    for number, line in enumerate(sys.stdin):
        fired.clear()
        _write(_judge(ruleset, number, json.loads(line), fired))
    return 0


def _limit(seconds: int, megabytes: int) -> None:
    try:
        import resource
    except ImportError:  # not a system with such limits: the parent's clock remains
        return
    size = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _ruleset(engine: Any, rules: Mapping[str, object], fired: list[str]) -> Any:
    def noting(name: str) -> Callable[[object], None]:
        def note(_context: object) -> None:
            fired.append(name)

        return note

    definition = {name: {"all": [{"m": body}], "run": noting(name)} for name, body in rules.items()}
    definition[SENTINEL] = {"all": [{"m": {SENTINEL: 1}}], "run": noting(SENTINEL)}
    return engine.Ruleset("rules", None, definition)


def _judge(ruleset: Any, number: int, fact: dict[str, object], fired: list[str]) -> object:
    message = {"id": number, "sid": _SOLE_CONTEXT, SENTINEL: 1, **fact}
    failures: list[str] = []

    def done(error: object, _state: object) -> None:
        if error:
            failures.append(str(error))

    try:
        ruleset.do_actions(ruleset.assert_fact(message), done)
        names = sorted(set(fired))
        ruleset.do_actions(ruleset.retract_fact(message), done)
    except Exception as error:
        return {"failed": f"durable-rules does not judge the fact: {error}"}
    if failures:
        return {"failed": failures[0]}
    if SENTINEL not in names:
        return {"failed": "durable-rules overlooked a rule that always holds"}
    names.remove(SENTINEL)
    return {"holds": names}


def _write(answer: object) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
