"""Collects the codes that the sources emit: from Python by reading its syntax, from rule files as data."""

from __future__ import annotations

import ast
import csv
from collections.abc import Iterator
from pathlib import Path

import yaml

from wording.families import family_of

ROOT = Path(__file__).resolve().parents[2]


def _calls(folder: str, name: str) -> Iterator[ast.Call]:
    """Calls of a function or method by its last name."""
    for file in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"), str(file))):
            if isinstance(node, ast.Call):
                called = node.func
                last = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
                if last == name:
                    yield node


def _constants(node: ast.expr) -> list[str]:
    """The texts an expression can be: a constant, or the branches of a condition."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return [*_constants(node.body), *_constants(node.orelse)]
    return []


def _texts(folder: str) -> Iterator[str]:
    for file in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"), str(file))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def reason_codes() -> set[str]:
    """Codes of ``Reason(...)`` in the rooms, with those the rooms build or pass through variables."""
    found: set[str] = set()
    for folder in ("carriers", "fulfilment"):
        for call in _calls(folder, "Reason"):
            if call.args:
                found |= set(_constants(call.args[0]))
        found |= {
            text
            for text in _texts(folder)
            if text.startswith(("rate_", "lane_", "limit_", "reservation.")) and text.islower()
            if "`" not in text and " " not in text and not text.endswith("_")
        }
    found -= _not_reasons()
    return found


def _not_reasons() -> set[str]:
    """Look-alikes: names of tables and codes of errors."""
    calls = [call for folder in ("carriers", "fulfilment") for call in _calls(folder, "InputError")]
    errors = {
        code for call in calls for k in call.keywords if k.arg == "code" for code in _constants(k.value)
    }
    return errors | {"rate_zones", "rate_cards"}


def limit_codes() -> set[str]:
    """``limit_<measure>`` for every measure of which ``Limits.excess`` speaks."""
    tree = ast.parse((ROOT / "carriers" / "limits.py").read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Excess" and node.args:
            found |= {f"limit_{text}" for text in _constants(node.args[0])}
    return found


def rejection_codes() -> set[tuple[str, str]]:
    """(stage, code) of every ``rejected.add`` with constants, and the limits at the stage ``service``."""
    found: set[tuple[str, str]] = set()
    for call in _calls("engine", "add"):
        if len(call.args) > 1:
            for stage in _constants(call.args[0]):
                found |= {(stage, code) for code in _constants(call.args[1]) if not stage.endswith(".yaml")}
    stages = {"service", "delivery", "sourcing", "route", "compliance"}
    found = {(stage, code) for stage, code in found if stage in stages}
    return found | {("service", code) for code in limit_codes()}


def judged() -> set[str]:
    """The decisions that ``judge_simple`` asks: they forbid or hold under their own name."""
    names: set[str] = set()
    for file in sorted((ROOT / "engine").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"), str(file))):
            if isinstance(node, ast.For) and isinstance(node.iter, ast.Tuple):
                if "judge_simple" in ast.unparse(node):
                    names |= {text for item in node.iter.elts for text in _constants(item)}
            elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "judge_simple":
                names |= set(_constants(node.args[1]))
    return names


def hold_codes() -> set[str]:
    """Codes that ``decide`` holds an order for by itself."""
    found = set()
    for call in _calls("engine", "append"):
        owner = ast.unparse(call.func)
        if owner.endswith("holds.append") and isinstance(call.args[0], ast.Tuple):
            found |= set(_constants(call.args[0].elts[0]))
        elif owner == "broken.append":
            found |= set(_constants(call.args[0]))
    return found


def statuses() -> set[str]:
    """Every status that ``decide`` returns."""
    tree = ast.parse((ROOT / "engine" / "decide.py").read_text(encoding="utf-8"))
    found = set()
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and function.name in ("_status", "_overall", "_honour"):
            for node in ast.walk(function):
                if isinstance(node, ast.Return) and node.value is not None:
                    found |= set(_constants(node.value))
    return found


def marks() -> set[str]:
    """Names and formulas of the steps of an assessment, as (name) and (formula)."""
    return {text for call in _calls("customs/landed", "Step") for text in _constants(call.args[0])}


def formulas() -> set[str]:
    """Constant formulas of an assessment, those put into a variable first included."""
    named = _assigned("customs/landed")
    texts = set()
    for call in _calls("customs/landed", "Step"):
        formula = call.args[1]
        texts |= named.get(formula.id, set()) if isinstance(formula, ast.Name) else set(_constants(formula))
    return texts


def _assigned(folder: str) -> dict[str, set[str]]:
    """The constant texts that variables are given, by the variable's name."""
    found: dict[str, set[str]] = {}
    for file in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"), str(file))):
            if not isinstance(node, ast.Assign):
                continue
            for target in node.targets:
                pairs = [(target, node.value)]
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs = list(zip(target.elts, node.value.elts, strict=True))
                for name, value in pairs:
                    if isinstance(name, ast.Name):
                        found.setdefault(name.id, set()).update(_constants(value))
    return found


def promise_steps() -> set[str]:
    """The steps of which one binds a promise."""
    tree = ast.parse((ROOT / "carriers" / "promise.py").read_text(encoding="utf-8"))
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "Step"]
    return {text for call in calls for text in _constants(call.args[0])}


def cost_codes() -> set[tuple[str, str]]:
    """(payer, code) that ``_costs`` writes as constants."""
    source = (ROOT / "engine" / "consigning.py").read_text(encoding="utf-8")
    function = next(
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef) and node.name == "_costs"
    )
    found: set[tuple[str, str]] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "code":
            found |= {("seller", code) for code in _constants(node.value)}
        if isinstance(node, ast.Tuple) and len(node.elts) == 3:
            found |= {("seller", code) for code in _constants(node.elts[1])}
        if isinstance(node, ast.Dict):
            found |= {(payer, "vat") for value in node.values for payer in _constants(value)}
    return found


def rule_files() -> dict[str, dict[str, object]]:
    """Rule files that answer a question, by its name; every scalar is text, as the rule language reads it."""
    found: dict[str, dict[str, object]] = {}
    for file in sorted((ROOT / "rules").rglob("*.yaml")):
        body = yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - text only
        if isinstance(body, dict) and "decision" in body:
            found[str(body["decision"])] = body
    return found


def outcome_codes() -> set[tuple[str, str, str]]:
    """(decision, family, code): each enum member, and each coded field of each record that a rule yields."""
    found: set[tuple[str, str, str]] = set()
    for decision, body in rule_files().items():
        yields = body.get("yields")
        if not isinstance(yields, dict):
            continue
        for code in yields.get("enum", ()):
            found.add((decision, family_of(decision), code))
        for name, kind in yields.get("record", {}).items():
            if isinstance(kind, dict):
                found |= {(decision, family_of(decision, name), code) for code in kind.get("enum", ())}
            elif kind in ("text", "code"):
                found |= {(decision, family_of(decision, name), code) for code in _yielded(body, name)}
    return found


def _yielded(body: dict[str, object], field: str) -> set[str]:
    rules = body.get("rules")
    thens = [rule.get("then") for rule in rules] if isinstance(rules, list) else []
    return {then[field] for then in thens if isinstance(then, dict) and field in then}


def confidences() -> set[str]:
    """Every confidence in the tables of the rooms."""
    found: set[str] = set()
    for folder in ("carriers", "customs"):
        for file in sorted((ROOT / folder / "data").glob("*.csv")):
            with file.open(encoding="utf-8", newline="") as rows:
                found |= {(row.get("confidence") or "").lower() for row in csv.DictReader(rows)}
    return found - {""}


def record_fields() -> set[str]:
    """Names of the fields of every record that a decision yields."""
    held = [body["yields"] for body in rule_files().values() if isinstance(body.get("yields"), dict)]
    return {name for yields in held for name in yields.get("record", {})}  # type: ignore[attr-defined]
