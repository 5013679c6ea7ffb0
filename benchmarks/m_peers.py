"""The contenders of M, each used the way its documentation calls fastest.

A contender loads the rules once and then answers one prepared fact at a time
with the ids of the rules it meets. Preparing a fact (a dict, a date) is not timed.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from benchmarks.m_workload import COLUMNS, Fact, MRule, as_decision, as_facts
from engine.rulebook.naive import judge
from engine.rulebook.outcome import Epoch

__all__ = ["LOADERS", "Contender", "DurableRules", "Loaded", "durable_rules"]

DURABLE_MOST = 2_000


class Contender(Protocol):
    """A matcher with its rules loaded."""

    def prepare(self, fact: Fact) -> Any:
        """The fact in the form the matcher takes."""

    def match(self, prepared: Any) -> Any:
        """What is timed."""

    def ids(self, answer: Any) -> frozenset[str]:
        """The ids in what ``match`` answered."""


class Loaded:
    """A contender made of three functions."""

    def __init__(
        self,
        prepare: Callable[[Fact], Any],
        match: Callable[[Any], Any],
        ids: Callable[[Any], frozenset[str]] = frozenset,
    ) -> None:
        self.prepare = prepare
        self.match = match
        self.ids = ids


def _index_match(rules: Sequence[MRule]) -> Contender:
    """The production index, bare: masks of rules."""
    epoch = Epoch(as_decision(rules), {})

    def ids(masks: tuple[int, int]) -> frozenset[str]:
        return frozenset(rule.id for number, rule in enumerate(rules) if masks[0] >> number & 1)

    return Loaded(as_facts, epoch.match, ids)


def _index_ask(rules: Sequence[MRule]) -> Contender:
    """The production index as decisions use it: exceptions, hit policy, names of rules."""
    epoch = Epoch(as_decision(rules), {})
    return Loaded(as_facts, epoch.ask, lambda answer: frozenset(answer.certain))


def _naive(rules: Sequence[MRule]) -> Contender:
    """The reference: the rule language read rule by rule."""
    decision = as_decision(rules)
    return Loaded(as_facts, lambda facts: judge(decision, facts), lambda verdict: verdict.holds)


def _zen(rules: Sequence[MRule]) -> Contender:
    """ZEN: one decision table with hit policy *collect*, compiled once."""
    import zen

    inputs = [{"id": name, "name": name, "field": name} for name in COLUMNS]
    table = [
        {
            "_id": rule.id,
            "country": _listed(rule.country),
            "kind": _listed(rule.kind),
            **{name: _span(getattr(rule, name)) for name in COLUMNS[2:]},
            "rule": json.dumps(rule.id),
        }
        for rule in rules
    ]
    content = {
        "hitPolicy": "collect",
        "inputs": inputs,
        "outputs": [{"id": "rule", "name": "rule", "field": "rule"}],
        "rules": table,
    }
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "table", "type": "decisionTableNode", "name": "table", "content": content},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [
        {"id": "1", "type": "edge", "sourceId": "in", "targetId": "table"},
        {"id": "2", "type": "edge", "sourceId": "table", "targetId": "out"},
    ]
    compiled = zen.ZenDecisionContent(json.dumps({"nodes": nodes, "edges": edges}))
    decision = zen.ZenEngine().create_decision(compiled)

    def ids(answer: Any) -> frozenset[str]:
        return frozenset(row["rule"] for row in answer["result"] or ())

    return Loaded(lambda fact: dict(zip(COLUMNS, fact, strict=True)), decision.evaluate, ids)


def _listed(codes: tuple[str, ...] | None) -> str:
    return "" if codes is None else ", ".join(json.dumps(code) for code in codes)


def _span(span: tuple[int, int] | None) -> str:
    return "" if span is None else f"[{span[0]}..{span[1]}]"


def _clips(rules: Sequence[MRule]) -> Contender:
    """CLIPS: a Rete network over one template; assert, run, read what fired, retract."""
    import clips

    env = clips.Environment()
    env.build("(defglobal ?*met* = (create$))")
    env.build(f"(deftemplate goods {' '.join(f'(slot {name})' for name in COLUMNS)})")
    for rule in rules:
        # a pattern for each combination of codes: constants are then found by hash, not tested one by one
        patterns = [f"(goods {slots})" for slots in _slots(rule)]
        either = patterns[0] if len(patterns) == 1 else f"(or {' '.join(patterns)})"
        env.build(f"(defrule {rule.id} {either} => (bind ?*met* (create$ ?*met* {rule.id})))")
    template = env.find_template("goods")
    met = env.find_global("met")

    def prepare(fact: Fact) -> dict[str, object]:
        codes = {name: clips.Symbol(code) for name, code in zip(COLUMNS, fact[:2], strict=False)}
        return {**codes, **dict(zip(COLUMNS[2:], fact[2:], strict=True))}

    def match(prepared: dict[str, object]) -> tuple[str, ...]:
        asserted = template.assert_fact(**prepared)
        found: tuple[str, ...] = ()
        if env.run():  # the number of rules that fired
            found = met.value
            met.value = ()
        asserted.retract()
        return found

    return Loaded(prepare, match)


def _slots(rule: MRule) -> list[str]:
    spans = [
        f"({name} ?{name}&:(<= {span[0]} ?{name} {span[1]}))"
        for name in COLUMNS[2:]
        if (span := getattr(rule, name)) is not None
    ]
    countries = [""] if rule.country is None else [f"(country {code})" for code in rule.country]
    kinds = [""] if rule.kind is None else [f"(kind {code})" for code in rule.kind]
    return [" ".join([country, kind, *spans]) for country in countries for kind in kinds]


def _rule_engine(rules: Sequence[MRule]) -> Contender:
    """rule-engine: typed, compiled expressions, tested one by one, which is all it offers."""
    import rule_engine

    kinds = rule_engine.DataType
    context = rule_engine.Context(
        resolver=rule_engine.resolve_item,
        type_resolver=rule_engine.type_resolver_from_dict(
            {
                "country": kinds.STRING,
                "kind": kinds.STRING,
                "weight": kinds.FLOAT,
                "value": kinds.FLOAT,
                "day": kinds.FLOAT,
            }
        ),
    )
    compiled = [(rule.id, rule_engine.Rule(_expression(rule), context=context).matches) for rule in rules]

    def match(fact: dict[str, object]) -> list[str]:
        return [name for name, matches in compiled if matches(fact)]

    return Loaded(lambda fact: dict(zip(COLUMNS, fact, strict=True)), match)


def _expression(rule: MRule) -> str:
    parts = [
        f"{name} in [{_listed(codes)}]"
        for name, codes in (("country", rule.country), ("kind", rule.kind))
        if codes is not None
    ]
    for name in COLUMNS[2:]:
        span = getattr(rule, name)
        if span is not None:
            parts += [f"{name} >= {span[0]}", f"{name} <= {span[1]}"]
    return " and ".join(parts) or "true"


class DurableRules:
    """durable-rules in a process of its own, which times itself so that no pipe is counted."""

    def __init__(self, worker: subprocess.Popen[str], seconds: float) -> None:
        self._worker = worker
        self.load_seconds = seconds

    def run(self, facts: Sequence[Fact]) -> tuple[list[int], list[frozenset[str]]]:
        """Nanoseconds and rule ids of each fact."""
        answer = self._ask({"facts": [dict(zip(COLUMNS, fact, strict=True)) for fact in facts]})
        return answer["ns"], [frozenset(names) for names in answer["holds"]]

    def _ask(self, message: object) -> Any:
        assert self._worker.stdin is not None
        assert self._worker.stdout is not None
        self._worker.stdin.write(json.dumps(message) + "\n")
        self._worker.stdin.flush()
        return json.loads(self._worker.stdout.readline())


@contextmanager
def durable_rules(rules: Sequence[MRule]) -> Iterator[DurableRules]:
    """The worker with the rules loaded; at most 2,000, beyond which it was seen to fail."""
    if len(rules) > DURABLE_MOST:
        raise ValueError(f"durable-rules is safe up to {DURABLE_MOST} rules")
    command = [sys.executable, "-m", "benchmarks.m_durable"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as worker:
        contender = DurableRules(worker, 0.0)
        try:
            loaded = contender._ask({"rules": {rule.id: _durable(rule) for rule in rules}})
            contender.load_seconds = loaded["seconds"]
            yield contender
        finally:
            if worker.stdin is not None:
                worker.stdin.close()
            worker.wait(timeout=60)


def _durable(rule: MRule) -> object:
    parts: list[object] = []
    for name, codes in (("country", rule.country), ("kind", rule.kind)):
        if codes is not None:
            each: list[object] = [{name: code} for code in codes]
            parts.append(each[0] if len(each) == 1 else {"$or": each})
    for name in COLUMNS[2:]:
        span = getattr(rule, name)
        if span is not None:
            parts += [{"$gte": {name: span[0]}}, {"$lte": {name: span[1]}}]
    return parts[0] if len(parts) == 1 else {"$and": parts}


LOADERS: dict[str, Callable[[Sequence[MRule]], Contender]] = {
    "index: match": _index_match,
    "index: ask": _index_ask,
    "naive": _naive,
    "ZEN": _zen,
    "CLIPS": _clips,
    "rule-engine": _rule_engine,
}
"""Every contender but durable-rules, which has a process of its own."""
