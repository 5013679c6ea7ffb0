"""Checks across rules: references, exceptions, dates, currencies, cycles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from domain import Money
from engine.rulebook.defs import Named, Sources
from engine.rulebook.epochs import (
    boundaries,
    chain,
    effective_validity,
    every_test,
    outcomes,
    referenced,
    representative,
    walk,
)
from engine.rulebook.literals import KIND_NAMES
from engine.rulebook.nodes import Scalar
from engine.rulebook.problems import Problems, nearest
from engine.rulebook.record import Record
from engine.rulebook.tree import Decision, Hit, Op, ParamRef, Place, Rule, SetRef, Test, Validity, Yields
from engine.rulebook.vocabulary import Fact, Vocabulary
from engine.rulebook.zones import Zone

__all__ = ["check_links", "check_references", "evaluation_order", "settle_currency"]

UNKNOWN = Place("?", 1, 1)


def check_links(
    decision: Decision,
    links: Mapping[tuple[str, str], Scalar],
    owners: Mapping[str, Rule],
    problems: Problems,
) -> None:
    """``overrides`` and ``replaces`` name rules of this decision, without cycles, inside the base's dates."""
    rules = {rule.id: rule for rule in decision.rules}
    circling: set[str] = set()
    for rule in decision.rules:
        for key in ("overrides", "replaces"):
            target = links.get((rule.id, key))
            if target is None:
                continue
            if target.text not in rules:
                other = owners.get(target.text)
                if other is not None and other.pack == "law" and rule.pack != "law":
                    problems.add(
                        "overrides.law",
                        target.place,
                        f'"{rule.id}" is a retailer rule and "{target.text}" is law',
                        why="the retailer may add and tighten, never override the law",
                        cure="write a rule that forbids or requires instead",
                    )
                    continue
                why = f'"{target.text}" belongs to the decision {other.decision}' if other else ""
                cure = nearest(target.text, [name for name in rules if name != rule.id])
                if other is not None:
                    cure = "an exception stands in the same decision as its base"
                problems.add(
                    f"{key}.unknown",
                    target.place,
                    f'"{target.text}" is not a rule of {decision.id}',
                    why,
                    cure,
                )
        base = rules.get(rule.overrides or "")
        if base is None:
            continue
        at = links[rule.id, "overrides"].place if (rule.id, "overrides") in links else rule.place or UNKNOWN
        line = [link.id for link in chain(rule, rules)]
        back = rules[line[-1]].overrides
        if back in rules:  # a circle: told once, by the first rule on it
            if back == rule.id and rule.id not in circling:
                circling.update(line)
                what = (
                    "the rule overrides itself"
                    if len(line) == 1
                    else f"the exceptions go round in a circle: {' -> '.join((*line, back))}"
                )
                problems.add("overrides.cycle", at, what, cure="an exception names the more general rule")
            continue
        span = effective_validity(base, rules)
        if (rule.validity.start or rule.validity.until) and not rule.validity.within(span):
            dates = links.get((rule.id, "valid"))
            problems.add(
                "overrides.dates",
                dates.place if dates else rule.place or UNKNOWN,
                f'"{rule.id}" is valid when its base "{base.id}" is not',
                why=f"the base is {_period(span)}, and when a base ends its exceptions end",
                cure="narrow the dates, or restate the exception for the successor",
            )


def _period(span: Validity) -> str:
    words = [f"from {span.start}" if span.start else "", f"until {span.until}" if span.until else ""]
    return "valid " + " ".join(word for word in words if word)


def check_references(
    decision: Decision,
    sources: Sources,
    zones: Mapping[str, Zone],
    vocabulary: Vocabulary,
    problems: Problems,
) -> None:
    """Params, sets and zones exist, fit, are verified, and have a value whenever a living rule needs one."""
    rules = {rule.id: rule for rule in decision.rules}
    for rule, test, _ in every_test(decision):
        place = test.place or rule.place or UNKNOWN
        if test.op is Op.IN_ZONE and test.operand[0] not in zones:
            problems.add(
                "zone.unknown",
                place,
                f'there is no zone "{test.operand[0]}"',
                cure=nearest(str(test.operand[0]), zones),
            )
        if test.op in (Op.IS_KNOWN, Op.IS_MISSING) and not decision.about_input:
            problems.add(
                "test.input",
                place,
                f'"{test.op}" speaks of the input, not of the world',
                why="a later fact would overturn what was decided",
                cure="ask for the fact itself, or declare about_input: yes for a decision about the input",
            )
        inner = vocabulary.facts.get(test.fact)
        if inner is not None and inner.given_by == "input" and not decision.about_input:
            problems.add(
                "fact.input",
                place,
                f'"{test.fact}" is decided about the input and cannot be read here',
                why="a later fact would overturn what was decided",
                cure="decide it from facts, or declare about_input: yes here too",
            )
    for rule in decision.rules:
        for item, tested in referenced(rule):
            place = (tested.place if tested else None) or rule.place or UNKNOWN
            named = _find(item, sources, place, problems)
            if named is None:
                continue
            if tested is not None:
                _fits(named, vocabulary.facts[tested.fact], test.op, vocabulary, place, problems)
            _always_there(rule, named, decision, sources, rules, place, problems)
        _outcome_fits(rule, rule.then, decision.yields, sources, problems)
        for test, _ in walk(rule.when):
            if test.op in (Op.BETWEEN, Op.FROM_BELOW) and any(
                isinstance(item, ParamRef) for item in test.operand
            ):
                _still_a_range(rule, test, decision, sources, rules, problems)


def _find(item: ParamRef | SetRef, sources: Sources, place: Place, problems: Problems) -> Named | None:
    table, what = (sources.params, "param") if isinstance(item, ParamRef) else (sources.sets, "set")
    named = table.get(item.id)
    if item.id in sources.broken:
        return None  # reported where it is defined
    if named is None:
        other, kind = (sources.sets, "set") if isinstance(item, ParamRef) else (sources.params, "param")
        why = f"{item.id} is a {kind}" if item.id in other else ""
        problems.add(
            f"{what}.unknown", place, f'there is no {what} "{item.id}"', why, nearest(item.id, table)
        )
    elif named.status != "on":
        problems.add(
            f"{what}.off",
            place,
            f'the {what} "{item.id}" is {named.status}',
            why=f"it is declared at {named.place}, and off until somebody verifies it",
            cure="verify its source and remove the status, or do not use it",
        )
        return None
    return named


WORDS = frozenset({"text", "code", "hs"})


def _alike(one: str, other: str) -> bool:
    return one == other or (one in WORDS and other in WORDS)


def _fits(named: Named, fact: Fact, op: Op, vocabulary: Vocabulary, place: Place, problems: Problems) -> None:
    kind = fact.type
    if not _alike(named.type.kind, "code" if kind.kind == "codes" else kind.kind):
        problems.add(
            "named.type",
            place,
            f'"{named.id}" holds values of type {named.type.kind}, and {fact.name} {KIND_NAMES[kind.kind]}',
            cure="compare like with like",
        )
        return
    valid = vocabulary.valid_codes(kind) if op is not Op.STARTS_WITH else None
    for _, value in named.values:
        for code in value if isinstance(value, tuple) else (value,):
            if valid is not None and code not in valid:
                what = f'"{named.id}" holds "{code}", which {fact.name} never is'
                problems.add(
                    "named.type",
                    place,
                    what,
                    why=f"it is defined at {named.place}",
                    cure=nearest(str(code), valid),
                )
                return


def _outcome_fits(rule: Rule, then: object, yields: Yields, sources: Sources, problems: Problems) -> None:
    """A param in an outcome holds what the decision yields."""
    if isinstance(then, Record):
        for name, value in then.items():
            _outcome_fits(rule, value, yields.fields[name], sources, problems)
    elif isinstance(then, ParamRef) and then.id not in sources.broken:
        named = sources.params.get(then.id)
        if named is not None and not _alike(named.type.kind, yields.kind):
            what = f'"{named.id}" holds values of type {named.type.kind}, and the outcome is of type {yields.kind}'
            problems.add("named.type", rule.place or UNKNOWN, what, cure="yield what the decision promises")


def _still_a_range(
    rule: Rule,
    test: Test,
    decision: Decision,
    sources: Sources,
    rules: Mapping[str, Rule],
    problems: Problems,
) -> None:
    """Bounds that are params keep their order whenever the rule lives."""
    span, cuts = effective_validity(rule, rules), boundaries(decision, sources)
    for epoch in range(len(cuts) + 1):
        day = representative(cuts, epoch)
        held = [
            sources.params[i.id].at(day) if isinstance(i, ParamRef) and i.id in sources.params else i
            for i in test.operand
        ]
        low, high = (value.amount if isinstance(value, Money) else value for value in held)
        if span.holds(day) and type(low) is type(high) and low is not None and high < low:  # type: ignore[operator]
            when = f" on {day}" if cuts else ""
            what = f"the range is reversed{when}: {held[0]} to {held[1]}"
            problems.add(
                "test.range",
                test.place or UNKNOWN,
                what,
                cure="mend the params, or narrow the rule's validity",
            )
            return


def _always_there(
    rule: Rule,
    named: Named,
    decision: Decision,
    sources: Sources,
    rules: Mapping[str, Rule],
    place: Place,
    problems: Problems,
) -> None:
    if named.id in sources.broken or all(held == Validity() for held, _ in named.values):
        return
    span = effective_validity(rule, rules)
    cuts = boundaries(decision, sources)
    for epoch in range(len(cuts) + 1):
        day = representative(cuts, epoch)
        if span.holds(day) and named.at(day) is None:
            problems.add(
                "named.gap",
                place,
                f'"{named.id}" has no value on {day if epoch or cuts else "any day"}, when the rule "{rule.id}" is alive',
                why="a rule without its threshold cannot be decided",
                cure="give it a value for that time, or narrow the rule's validity",
            )
            return


def settle_currency(decision: Decision, sources: Sources, problems: Problems) -> Decision:
    """The one currency a decision's money tests speak; mixing two is an error."""
    found: dict[str, Place] = {}
    _one_currency_summed(decision, sources, problems)
    for rule, test, _ in every_test(decision):
        for item in test.operand:
            values = (
                [value for _, value in sources.params[item.id].values]
                if isinstance(item, ParamRef) and item.id in sources.params
                else [item]
            )
            for value in values:
                if isinstance(value, Money):
                    found.setdefault(value.currency, test.place or rule.place or UNKNOWN)
    if len(found) > 1:
        currencies = sorted(found)
        place = list(found.values())[1]
        problems.add(
            "money.mixed",
            place,
            f"one decision compares money in {' and '.join(currencies)}",
            why="a conversion belongs to one legal currency",
            cure="split the decision by currency",
        )
    if found and decision.convert is None:
        place = next(iter(found.values()))
        problems.add(
            "convert.absent",
            place,
            "the decision compares money but does not say how to convert",
            why="the legal exchange rate differs by law and date",
            cure="add convert: {rate: ecb_day, date: ...}, or convert: none",
        )
    return replace(decision, currency=next(iter(sorted(found)), None))


def _one_currency_summed(decision: Decision, sources: Sources, problems: Problems) -> None:
    """Amounts that are added up are of one currency."""
    first: str | None = None
    for rule in decision.rules if decision.hit is Hit.SUM else ():
        for then in outcomes(rule.then):
            named = sources.params.get(then.id) if isinstance(then, ParamRef) else None
            for value in [value for _, value in named.values] if named else [then]:
                if isinstance(value, Money) and value.currency != (first := first or value.currency):
                    problems.add(
                        "money.mixed",
                        rule.place or UNKNOWN,
                        f"a sum adds {value.currency} to {first}",
                        why="amounts are added as they are, without exchange rate",
                        cure="yield one currency",
                    )
                    return


def evaluation_order(decisions: Mapping[str, Decision], problems: Problems) -> tuple[str, ...]:
    """Decisions so that each comes after those whose outcome it reads; a cycle is an error."""
    reads = {
        name: sorted({test.fact for _, test, _ in every_test(decision) if test.fact in decisions})
        for name, decision in decisions.items()
    }
    done: dict[str, bool] = {}
    order: list[str] = []

    def visit(name: str, path: tuple[str, ...]) -> None:
        if done.get(name):
            return
        if name in path:
            loop = " -> ".join((*path[path.index(name) :], name))
            problems.add(
                "decision.cycle",
                decisions[name].place or UNKNOWN,
                f"decisions read each other in a circle: {loop}",
                why="none of them could be answered first",
                cure="decide one of them from facts alone",
            )
            return
        for other in reads[name]:
            visit(other, (*path, name))
        done[name] = True
        order.append(name)

    for name in sorted(decisions):
        visit(name, ())
    return tuple(order)
