"""The border of a consignment: both sides' treatment, the route chosen, and how duty and tax came about."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from wording.facts import any_of, fact_name, value_text
from wording.reading import Body, bodies, part, texts, values
from wording.show import DIM, branch
from wording.words import Wording

if TYPE_CHECKING:
    from rich.tree import Tree

__all__ = ["CHOSEN", "add_assessment", "add_border", "formula_code", "formula_text"]

PERCENT = re.compile(r"\d+(?:\.\d+)?%")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
CHOSEN = (
    ("vat_scheme", "scheme"),
    ("vat_charged_by", "charged_by"),
    ("vat_route", "vat_route"),
    ("declaration", "declaration"),
    ("incoterm", "incoterm"),
    ("duty_method", "duty_method"),
)
TOTALS = ("customs_value", "duty", "vat_base", "vat")


def add_border(tree: Tree, words: Wording, body: Body, currency: str, expanded: bool) -> None:
    """The border's branch. Inside one area only the VAT side is shown."""
    if not body:
        return
    crossed = [key for key, value in part(body, "crosses").items() if value]
    what = ", ".join(words.say(f"label.border.{key}") for key in crossed)
    text = words.labelled("crossed", what) if crossed else words.say("label.no_border")
    node = branch(tree, words.labelled("border", text))
    for side in ("dispatch", "arrival"):
        held = part(body, side)
        treatment = (
            f"{words.territory(held.get('territory'))}, {words.name('treatment', held.get('treatment'))}"
        )
        branch(node, words.labelled(side, treatment))
    formal = expanded or any(key != "security" for key in crossed)
    for key, family in CHOSEN:
        if formal or key in ("vat_scheme", "vat_charged_by"):
            branch(node, words.labelled(key, words.name(family, body.get(key))))
    if formal:
        if body.get("intrinsic_value") is not None:
            branch(node, words.labelled("intrinsic_value", words.money(body["intrinsic_value"])))
        if body.get("declaration_acceptance") is not None:
            branch(node, words.labelled("declaration_acceptance", words.day(body["declaration_acceptance"])))
    _standing(node, words, body, expanded)
    for stretch in bodies(body, "by_day"):
        code = "label.law.declared_on" if stretch["from"] == stretch["to"] else "label.law.declared"
        days = words.say(code, start=words.day(stretch["from"]), end=words.day(stretch["to"]))
        parts = [
            words.name("scheme", stretch.get("vat_scheme")),
            words.name("duty_method", stretch.get("duty_method")),
        ]
        for key in ("duty", "vat"):
            if stretch.get(key) is not None:
                parts.append(words.labelled(key, words.amount(stretch[key], currency)))
        branch(node, words.pair(days, ", ".join(parts)), "yellow")
    customs = expanded or "customs" in crossed
    add_assessment(node, words, part(body, "assessment"), currency, expanded, customs)
    gaps = texts(body, "cannot_determine")
    if gaps:
        named = ", ".join(fact_name(words, gap) for gap in gaps)
        branch(node, words.labelled("cannot_determine", named), "yellow")


def _standing(node: Tree, words: Wording, body: Body, expanded: bool) -> None:
    """What the seller lacks, and in full what it has to keep and watch."""
    for code in texts(body, "registration_needed"):
        branch(node, words.labelled("law.registration_needed", words.name("outcome", code)), "yellow")
    if not expanded:
        return
    for proof in texts(body, "proof"):
        branch(node, words.labelled("law.proof", words.name("outcome", proof)))
    for limit in bodies(body, "thresholds"):
        text = words.pair(words.name("outcome", limit.get("code")), words.money(limit.get("limit")))
        branch(node, words.labelled("law.threshold", text), DIM)


def add_assessment(
    node: Tree, words: Wording, body: Body, currency: str, expanded: bool, customs: bool
) -> None:
    """How customs value, duty, tax and charges came about."""
    if not body:
        return
    currency = str(body.get("currency") or currency)
    here = branch(node, words.say("label.computation"))
    hidden = () if customs else ("customs_value", "duty")
    for key in TOTALS:
        if key in body and key not in hidden:
            branch(here, words.labelled(key, words.amount(body[key], currency)))
    for charge in bodies(body, "charges"):
        amount = words.amount(charge.get("amount"), currency)
        text = words.pair(words.name("cost", charge.get("code")), amount)
        branch(here, f"{text} - {words.name('payer', charge.get('payer'))}")
    for step in bodies(body, "steps"):
        if step.get("name") in hidden:
            continue
        _step(here, words, step, currency, expanded)
    for gap in bodies(body, "cannot_determine"):
        what = words.first(f"computation.{gap.get('what')}", _charge(str(gap.get("what"))))
        if gap.get("line"):
            what = f"{what} ({words.say('label.for_line', line=gap['line'])})"
        facts = any_of(words, [values(gap, "needs")])
        branch(here, words.say("label.missing", what=what, facts=facts), "yellow")


def _charge(what: str) -> str:
    """``charge fr_small_parcel_tax`` as the code of that cost."""
    return f"cost.{what.removeprefix('charge ')}"


def _step(here: Tree, words: Wording, step: Body, currency: str, expanded: bool) -> None:
    rate = str(step.get("rate") or "")
    name = words.name("computation", step.get("name"))
    charge = step.get("name") == "charge"
    if charge and rate:
        name, rate = words.name("cost", rate), ""
    if step.get("line"):
        name = f"{name}, {words.say('label.for_line', line=step['line'])}"
    detail = _detail(words, step, _rate(words, rate), currency, charge)
    node = branch(here, f"{words.pair(name, words.amount(step.get('amount'), currency))} ({detail})", DIM)
    if not expanded:
        return
    if step.get("source"):
        branch(node, words.labelled("source", step["source"]), DIM)
    if step.get("rounding"):
        mode, _, level = str(step["rounding"]).partition(" per ")
        text = f"{words.name('rounding', mode)} {words.name('level', level)}"
        branch(node, words.say("label.rounding", rounding=text), DIM)


def _detail(words: Wording, step: Body, rate: str, currency: str, charge: bool) -> str:
    """Formula, base and rate; the base of a count is a number, else an amount."""
    text = str(step.get("formula") or "")
    formula, base = formula_text(words, text), step.get("base")
    if base is None:
        return words.say("computation.of_rate", formula=formula, rate=rate) if rate else formula
    counted = charge or text.startswith("items")
    shown = value_text(words, base) if counted else words.amount(base, currency)
    if rate:
        return words.say("computation.of_base", formula=formula, base=shown, rate=rate)
    return words.say("computation.of_base_bare", formula=formula, base=shown)


def _rate(words: Wording, rate: str) -> str:
    """A percentage as the language writes it, the basis of the customs value, or the tariff's own text."""
    if PERCENT.fullmatch(rate):
        return words.percent(Decimal(rate[:-1]) / 100)
    return words.say(f"basis.{rate}") if words.has(f"basis.{rate}") else rate


def formula_code(formula: str) -> str:
    """The code of an assessment's formula: its words, whatever numbers it holds."""
    plain = NUMBER.sub("n" if formula.startswith("total") else "share", formula)
    return "formula." + re.sub(r"[^a-z]+", "_", plain.lower()).strip("_")


def formula_text(words: Wording, formula: str) -> str:
    """A formula of the assessment in words; one that nobody worded stays as it is."""
    code, found = formula_code(formula), NUMBER.search(formula)
    if not words.has(code):
        return formula
    return words.say(code, number=words.number(found.group()) if found else "")
