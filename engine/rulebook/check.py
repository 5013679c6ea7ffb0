"""Checks across rules: references, exceptions, dates, currencies, cycles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from domain import Money
from engine.rulebook.defs import Named, Sources
from engine.rulebook.epochs import boundaries, chain, effective_validity, referenced, representative, tests_of
from engine.rulebook.nodes import Scalar
from engine.rulebook.problems import Problems, nearest
from engine.rulebook.tree import Decision, Op, ParamRef, Place, Rule, SetRef
from engine.rulebook.vocabulary import Vocabulary
from engine.rulebook.zones import Zone

__all__ = ["check_links", "check_references", "evaluation_order", "settle_currency"]

UNKNOWN = Place("?", 1, 1)


def check_links(
    decision: Decision, links: Mapping[tuple[str, str], Scalar], owners: Mapping[str, str], problems: Problems
) -> None:
    """``overrides`` and ``replaces`` name rules of this decision, without cycles, inside the base's dates."""
    rules = {rule.id: rule for rule in decision.rules}
    for rule in decision.rules:
        for key in ("overrides", "replaces"):
            target = links.get((rule.id, key))
            if target is None:
                continue
            if target.text not in rules:
                home = owners.get(target.text)
                why = f'"{target.text}" belongs to the decision {home}' if home else ""
                problems.add(f"{key}.unknown", target.place, f'"{target.text}" is not a rule of {decision.id}', why, nearest(target.text, rules))
        base = rules.get(rule.overrides or "")
        if base is None:
            continue
        at = links[(rule.id, "overrides")].place
        if len(chain(rule, rules)) > 1 and chain(rule, rules)[-1].overrides in rules:
            loop = " -> ".join([r.id for r in chain(rule, rules)] + [chain(rule, rules)[-1].overrides or ""])
            problems.add("overrides.cycle", at, f"the exceptions go round in a circle: {loop}", cure="an exception names the more general rule")
            continue
        if base.pack == "law" and rule.pack != "law":
            problems.add("overrides.law", at, f'the retailer rule "{rule.id}" overrides the law rule "{base.id}"', why="the retailer may add and tighten, never override the law", cure="write a rule that forbids or requires instead")
        if rule.validity.start or rule.validity.until:
            if not rule.validity.within(effective_validity(base, rules)):
                span = effective_validity(base, rules)
                problems.add("overrides.dates", rule.place or UNKNOWN, f'"{rule.id}" is valid outside its base "{base.id}" ({span.start or "always"} to {span.until or "open"})', why="when a base ends its exceptions end", cure="narrow the dates, or restate the exception for the successor")


def check_references(
    decision: Decision, sources: Sources, zones: Mapping[str, Zone], vocabulary: Vocabulary, problems: Problems
) -> None:
    """Params, sets and zones exist, fit, are verified, and have a value whenever a living rule needs one."""
    rules = {rule.id: rule for rule in decision.rules}
    for rule, test, _ in tests_of(decision):
        place = test.place or rule.place or UNKNOWN
        if test.op is Op.IN_ZONE and test.operand[0] not in zones:
            problems.add("zone.unknown", place, f'there is no zone "{test.operand[0]}"', cure=nearest(str(test.operand[0]), zones))
        if test.op in (Op.IS_KNOWN, Op.IS_MISSING) and not decision.about_input:
            problems.add(
                "test.input", place, f'"{test.op}" speaks of the input, not of the world',
                why="a later fact would overturn what was decided",
                cure="ask for the fact itself, or declare about_input: yes for a decision about the input",
            )  # fmt: skip
        inner = vocabulary.facts.get(test.fact)
        if inner is not None and inner.given_by == "input" and not decision.about_input:
            problems.add("fact.input", place, f'"{test.fact}" is decided about the input and cannot be read here')
    for rule in decision.rules:
        for item, test in referenced(rule):
            place = (test.place if test else None) or rule.place or UNKNOWN
            named = _find(item, sources, place, problems)
            if named is None:
                continue
            if test is not None:
                _fits(named, vocabulary, test.fact, place, problems)
            _always_there(rule, named, decision, sources, rules, place, problems)


def _find(item: ParamRef | SetRef, sources: Sources, place: Place, problems: Problems) -> Named | None:
    table, what = (sources.params, "param") if isinstance(item, ParamRef) else (sources.sets, "set")
    named = table.get(item.id)
    if named is None:
        problems.add(f"{what}.unknown", place, f'there is no {what} "{item.id}"', cure=nearest(item.id, table))
    elif named.status != "on":
        problems.add(f"{what}.off", place, f'the {what} "{item.id}" is {named.status}', why=f"declared at {named.place}, not yet verified", cure="verify its source and remove the status, or do not use it")
        return None
    return named


def _fits(named: Named, vocabulary: Vocabulary, fact: str, place: Place, problems: Problems) -> None:
    kind = vocabulary.facts[fact].type
    wanted = "code" if kind.kind == "codes" else kind.kind
    if named.type.kind != wanted and not (wanted in ("text", "code", "hs") and named.type.kind in ("text", "code", "hs")):
        problems.add("named.type", place, f'"{named.id}" holds {named.type.kind} values, {fact} is a {kind.kind} fact', cure="compare like with like")


def _always_there(
    rule: Rule, named: Named, decision: Decision, sources: Sources, rules: Mapping[str, Rule], place: Place, problems: Problems
) -> None:
    span = effective_validity(rule, rules)
    cuts = boundaries(decision, sources)
    for epoch in range(len(cuts) + 1):
        day = representative(cuts, epoch)
        if span.holds(day) and named.at(day) is None:
            problems.add(
                "named.gap", place, f'"{named.id}" has no value on {day if epoch or cuts else "any day"}, when the rule "{rule.id}" is alive',
                why="a rule without its threshold cannot be decided",
                cure="give it a value for that time, or narrow the rule's validity",
            )  # fmt: skip
            return


def settle_currency(decision: Decision, sources: Sources, problems: Problems) -> Decision:
    """The one currency a decision's money tests speak; mixing two is an error."""
    found: dict[str, Place] = {}
    for rule, test, _ in tests_of(decision):
        for item in test.operand:
            values = [value for _, value in sources.params[item.id].values] if isinstance(item, ParamRef) and item.id in sources.params else [item]
            for value in values:
                if isinstance(value, Money):
                    found.setdefault(value.currency, test.place or rule.place or UNKNOWN)
    if len(found) > 1:
        currencies = sorted(found)
        place = found[currencies[-1]]
        problems.add("money.mixed", place, f"one decision compares money in {' and '.join(currencies)}", why="a conversion belongs to one legal currency", cure="split the decision by currency")
    if found and decision.convert is None:
        place = next(iter(found.values()))
        problems.add("convert.absent", place, "the decision compares money but does not say how to convert", why="the legal exchange rate differs by law and date", cure="add convert: {rate: ecb_day, date: ...}, or convert: none")
    return replace(decision, currency=next(iter(sorted(found)), None))


def evaluation_order(decisions: Mapping[str, Decision], problems: Problems) -> tuple[str, ...]:
    """Decisions so that each comes after those whose outcome it reads; a cycle is an error."""
    reads = {
        name: sorted({test.fact for _, test, _ in tests_of(decision) if test.fact in decisions})
        for name, decision in decisions.items()
    }
    done: dict[str, bool] = {}
    order: list[str] = []

    def visit(name: str, path: tuple[str, ...]) -> None:
        if done.get(name):
            return
        if name in path:
            loop = " -> ".join((*path[path.index(name) :], name))
            problems.add("decision.cycle", decisions[name].place or UNKNOWN, f"decisions read each other in a circle: {loop}", cure="decide one of them from facts")
            return
        for other in reads[name]:
            visit(other, (*path, name))
        done[name] = True
        order.append(name)

    for name in sorted(decisions):
        visit(name, ())
    return tuple(order)


