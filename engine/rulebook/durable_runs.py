"""Running durable-rules: what is loaded together, in which process, and what came back.

Kept to what was measured safe: one ruleset and context a process, at most 2,000
rules and 200 fields a fact. The library's own tables ask for more restraint: a
node has 511 branches and 255 ends (the 256th is written beyond its table), and
64 matches may wait. So of one decision only 250 conditions are loaded at a time,
equal ones once, and a portion that is refused is halved.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from domain import PassavantError
from engine.rulebook.durable_cases import MOST_FIELDS, Context
from engine.rulebook.durable_terms import Term, expression, fields, paths

__all__ = ["WORKER", "Answer", "Runner", "Unit", "VerifyUnavailable", "unavailable"]

MOST_RULES: Final = 2000
MOST_PATHS_OF_ONE_DECISION: Final = 250
MOST_DECISIONS: Final = 400
MOST_PROCESSES: Final = 400
WORKER: Final = (sys.executable, "-m", "engine.rulebook.durable_worker")
_FULL: Final = (106, 107, 108, 113, 303)  # rules, existence tests, ends, expressions, waiting matches
_ROOT: Final = str(Path(__file__).resolve().parents[2])


class VerifyUnavailable(PassavantError):
    """The second opinion was asked for and durable-rules is not installed."""

    default_code = "verify.unavailable"


def unavailable(cause: str) -> VerifyUnavailable:
    """The error with its cure."""
    cure = "install the 'verify' extra: pip install 'passavant[verify]' (needs a C compiler)"
    return VerifyUnavailable(cause, cure=cure)


@dataclass(frozen=True, slots=True)
class Unit:
    """A term to load under a name, for the facts of one decision (its ``gate``)."""

    gate: int
    name: str
    term: Term


@dataclass(frozen=True, slots=True)
class Answer:
    """The names that matched, or why there is no answer."""

    holds: frozenset[str] = frozenset()
    failure: str = ""


Answers = dict[tuple[int, str], Answer]


class Runner:
    """Starts workers, one after another, for one round of questions.

    A worker that hangs is killed after ``seconds`` and no other is started; one
    that crashes costs the answers it still owed. ``processes`` counts them.
    """

    def __init__(self, worker: Sequence[str], seconds: int, megabytes: int) -> None:
        self._command = [*worker, str(seconds), str(megabytes)]
        self._seconds = seconds
        self._stopped = ""
        self.processes = 0

    def ask(self, units: Sequence[Unit], contexts: Sequence[tuple[int, Context]]) -> Answers:
        """Every unit on every context of its gate, by (id of the context, name of the unit)."""
        answers: Answers = {}
        by_gate: dict[int, list[Context]] = {}
        for gate, context in contexts:
            by_gate.setdefault(gate, []).append(context)
        waiting = list(_chunks([unit for unit in units if unit.gate in by_gate]))
        while waiting:
            chunk = waiting.pop()
            gates = dict.fromkeys(unit.gate for unit in chunk)
            jobs = [(gate, context) for gate in gates for context in by_gate[gate]]
            if self.processes == MOST_PROCESSES:
                self._stopped = f"durable-rules was started {MOST_PROCESSES} times, no more is asked"
            if self._stopped:
                said, refused = [Answer(failure=self._stopped)] * len(jobs), False
            else:
                said, refused = self._run(chunk, jobs)
            if refused and len(chunk) > 1:
                waiting += [chunk[: len(chunk) // 2], chunk[len(chunk) // 2 :]]
                continue
            own = {gate: [unit.name for unit in chunk if unit.gate == gate] for gate in gates}
            for (gate, context), answer in zip(jobs, said, strict=True):
                for name in own[gate]:
                    answers[id(context), name] = answer
        return answers

    def _run(self, chunk: Sequence[Unit], jobs: Sequence[tuple[int, Context]]) -> tuple[list[Answer], bool]:
        """One process: its answers, and whether it refused what fewer rules might make acceptable."""
        rules, names, reads = _loaded(chunk)
        lines: list[object] = [{"rules": rules}]
        for gate, context in jobs:
            told = {name: context.fields[name] for name in reads[gate] if name in context.fields}
            lines.append({"gate": gate, **told})
        said, end = self._talk("".join(json.dumps(line) + "\n" for line in lines))
        ready = said.pop(0) if said else {}
        if "absent" in ready:
            raise unavailable(f"durable-rules does not load: {ready['absent']}")
        if "failed" in ready:
            return [Answer(failure=str(ready["failed"]))] * len(jobs), _too_much(str(ready["failed"]))
        answers = [_answer(each, names) for each in said]
        refused = any(_too_much(answer.failure) for answer in answers)
        return [*answers, *[Answer(failure=end)] * (len(jobs) - len(answers))], refused

    def _talk(self, text: str) -> tuple[list[dict[str, object]], str]:
        """What the worker said, line by line, and how it ended."""
        self.processes += 1
        search = os.pathsep.join(filter(None, (_ROOT, os.environ.get("PYTHONPATH"))))
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and module
                self._command,
                input=text.encode(),
                capture_output=True,
                timeout=self._seconds,
                check=False,
                env={**os.environ, "PYTHONPATH": search},
            )
            said, end = done.stdout, _ended(done.returncode)
        except subprocess.TimeoutExpired as late:
            said, end = late.stdout or b"", f"durable-rules was stopped after {self._seconds} seconds"
            self._stopped = end
        whole = said[: said.rfind(b"\n") + 1]
        return [json.loads(line) for line in whole.splitlines()], end


def _loaded(
    chunk: Sequence[Unit],
) -> tuple[dict[str, object], dict[str, list[str]], dict[int, set[str]]]:
    """(rules by short name, the units each stands for, the fields read by gate); equal conditions once."""
    rules: dict[str, object] = {}
    names: dict[str, list[str]] = {}
    reads: dict[int, set[str]] = {}
    short: dict[str, str] = {}
    for unit in chunk:
        reads.setdefault(unit.gate, set()).update(fields(unit.term))
        if unit.term is False:
            continue  # never holds, and there is no test to load
        gate: Term = {"gate": unit.gate}
        body = expression(gate if unit.term is True else ("and", (gate, unit.term)))
        name = short.setdefault(json.dumps(body), f"r{len(short)}")
        rules[name] = body
        names.setdefault(name, []).append(unit.name)
    return rules, names, reads


def _answer(said: dict[str, object], names: dict[str, list[str]]) -> Answer:
    holds = said.get("holds")
    if not isinstance(holds, list):
        return Answer(failure=str(said.get("failed", "durable-rules said nothing")))
    return Answer(frozenset(name for short in holds for name in names[str(short)]))


def _chunks(units: Sequence[Unit]) -> Iterator[list[Unit]]:
    """Units in portions that one process may load: of each decision at most one portion at a time."""
    portions: dict[int, list[list[Unit]]] = {}
    read: dict[int, set[str]] = {}
    ends: dict[int, int] = {}
    for unit in units:
        own = portions.setdefault(unit.gate, [])
        wanted = set(fields(unit.term))
        both = read.get(unit.gate, set()) | wanted
        count = ends.get(unit.gate, 0) + paths(unit.term)
        if not own or count > MOST_PATHS_OF_ONE_DECISION or len(both) > MOST_FIELDS:
            own.append([])
            both, count = wanted, paths(unit.term)
        own[-1].append(unit)
        read[unit.gate], ends[unit.gate] = both, count
    for turn in range(max((len(own) for own in portions.values()), default=0)):
        chunk: list[Unit] = []
        decisions = 0
        for own in portions.values():
            if turn >= len(own):
                continue
            if len(chunk) + len(own[turn]) > MOST_RULES or decisions == MOST_DECISIONS:
                yield chunk
                chunk, decisions = [], 0
            chunk = chunk + own[turn]
            decisions += 1
        yield chunk


def _too_much(failure: str) -> bool:
    """Whether a table was full: fewer rules at a time do better, which no other failure promises."""
    return any(f"error code: {code}" in failure for code in _FULL)


def _ended(code: int) -> str:
    if code < 0:
        return f"durable-rules crashed (signal {-code})"
    return f"durable-rules ended early (exit code {code})"
