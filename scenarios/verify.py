"""Every example and generated boundary facts through all matchers, rule by rule and outcome by outcome.

Three matchers share nothing but the rule tree: the bitset index that decides,
the reference that reads the language word by word, and durable-rules where it
is installed. Where they differ, one of them is wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from domain import Interval, Money, Truth
from engine.rulebook import Answer, Rulebook
from engine.rulebook.durable import Case as Asked
from engine.rulebook.durable import NotExpressed, SecondOpinion, VerifyUnavailable, coverage
from engine.rulebook.epochs import every_test, representative
from engine.rulebook.examples import day_of
from engine.rulebook.naive import Verdict, judge
from engine.rulebook.outcome import Epoch
from engine.rulebook.tree import CANNOT_DETERMINE, Decision, Hit, Test
from scenarios.boundary_cases import Case, Pools, boundary_cases
from scenarios.boundary_values import ALL_OPERANDS, MOST_OPERANDS, boundary_values

__all__ = ["epoch_count", "verify"]

MOST_SHOWN = 5
"""Disagreements shown of one decision, so that none hides those of another."""
MOST_DURABLE = 6_000
"""Cases put to durable-rules; from more, as many are taken evenly."""

Zones = Callable[[str, object], Truth]


@dataclass(frozen=True, slots=True)
class _Put:
    """One case as it is put to the matchers: ``given`` to the index, ``case`` in the decision's currency."""

    given: Case
    case: Case
    example: bool = False


def epoch_count(book: Rulebook) -> int:
    """How many steps ``verify`` tells: one for each epoch of each decision, and one for durable-rules."""
    return sum(len(book.question(name).cuts) + 1 for name in book.decisions) + 1


def verify(
    book: Rulebook, progress: Callable[[int], None] | None = None, *, every: int = 1
) -> dict[str, object]:
    """Compare the matchers on the rulebook; JSON-ready. ``progress`` is told the steps done.

    ``every``: of the generated cases only each so-manieth, for a quick look.
    ``disagreements`` says of each decision, day and case what each matcher
    made of it. That durable-rules is not installed is told in
    ``durable.summary`` and is no fault.
    """
    zones = _zones(book)
    counts: Counter[str] = Counter()
    faults: list[tuple[str, str]] = []
    reached: set[str] = set()
    asked: list[tuple[Asked, frozenset[str]]] = []
    done = 0
    for name, decision in book.decisions.items():
        question = book.question(name)
        for number in range(len(question.cuts) + 1):
            epoch = question.epoch(number)
            for put in _puts(book, decision, epoch, question.cuts, zones, every):
                counts["cases"] += 1
                counts["examples"] += put.example
                verdict, fault = _compare(book, epoch, put, zones)
                if fault:
                    faults.append((name, fault))
                    continue
                reached |= verdict.holds
                asked.append(((epoch.decision, put.case.facts, put.case.members), verdict.holds))
            done += 1
            if progress:
                progress(done)
    durable, more = _second_opinion(asked, zones)
    if progress:
        progress(done + 1)
    return {
        "decisions": len(book.decisions),
        "epochs": done,
        "rules": len(book.rules),
        "rules_met": len(reached),
        "rules_never_met": sorted(set(book.rules) - reached),
        "cases": counts["cases"],
        "examples": counts["examples"],
        "agreed": counts["cases"] - len(faults),
        "disagreements": _shown(faults) + _shown(more),
        "durable": durable,
    }


def _shown(faults: Sequence[tuple[str, str]]) -> list[str]:
    """The first of each decision, and how many more there are."""
    shown: list[str] = []
    for name in dict.fromkeys(decision for decision, _ in faults):
        own = [fault for decision, fault in faults if decision == name]
        shown += own[:MOST_SHOWN]
        if len(own) > MOST_SHOWN:
            shown.append(f"{name}: and {len(own) - MOST_SHOWN} more")
    return shown


def _zones(book: Rulebook) -> Zones:
    """Membership in the rulebook's zones, as the reference and durable-rules ask it."""

    def inside(zone: str, value: object) -> Truth:
        return book.zones[zone].contains(value, book.drawn)  # type: ignore[arg-type]

    return inside


# ---------------------------------------------------------------- cases


def _puts(
    book: Rulebook, decision: Decision, epoch: Epoch, cuts: Sequence[date], zones: Zones, every: int
) -> Iterator[_Put]:
    """The examples of the epoch and its boundary cases, each on a day inside it."""
    day = representative(tuple(cuts), len([cut for cut in cuts if epoch.span[0] and cut <= epoch.span[0]]))
    last = epoch.span[1] - timedelta(days=1) if epoch.span[1] else day
    for rule in decision.rules:
        for example in rule.examples:
            given = {name: value for name, value in example.given.items() if name != "on"}
            on = given.setdefault(decision.dated_by, day_of(rule, example))
            if isinstance(on, date) and _inside(on, epoch):
                members = {"line": (), **example.members} if decision.per != "line" else {}
                case = Case(given, members)
                yield _Put(case, _converted(case, decision), example=True)
    cases = boundary_cases(epoch.decision, _pools(book, epoch.decision), zones, every)
    for number, case in enumerate(cases):
        dated = replace(case, facts={**case.facts, decision.dated_by: last if number % 2 else day})
        yield _Put(dated, dated)


def _inside(day: date, epoch: Epoch) -> bool:
    start, until = epoch.span
    return (start is None or start <= day) and (until is None or day < until)


def _pools(book: Rulebook, decision: Decision) -> Pools:
    words = book.vocabulary
    tests: dict[str, list[Test]] = {}
    inner: dict[str, str] = {}
    for _, test, scope in every_test(decision):
        tests.setdefault(test.fact, []).append(test)
        if scope is not None and words.facts[test.fact].scope == scope:
            inner[test.fact] = scope

    def values(most: int) -> dict[str, tuple[object, ...]]:
        return {
            name: boundary_values(words.facts[name], held, words, book.zones, most)
            for name, held in tests.items()
        }

    return Pools(values(MOST_OPERANDS), values(ALL_OPERANDS), inner)


def _converted(case: Case, decision: Decision) -> Case:
    """Money as amounts in the decision's currency; other currencies are missing, no rate being at hand."""
    members = {
        scope: tuple(_amounts(one, decision) for one in group) for scope, group in case.members.items()
    }
    return Case(_amounts(case.facts, decision), members)


def _amounts(facts: Mapping[str, object], decision: Decision) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in facts.items():
        if isinstance(value, Money):
            if value.currency == decision.currency:
                found[name] = value.amount
        elif isinstance(value, Interval):
            ends = [_end(each, decision) for each in (value.low, value.high)]
            found[name] = Interval(*ends)
        else:
            found[name] = value
    return found


def _end(value: object, decision: Decision) -> object:
    if not isinstance(value, Money):
        return value
    return value.amount if value.currency == decision.currency else None


# ---------------------------------------------------------------- comparison


def _compare(book: Rulebook, epoch: Epoch, put: _Put, zones: Zones) -> tuple[Verdict, str]:
    """The reference's verdict, and what is wrong ("" where the two agree)."""
    decision = epoch.decision
    verdict = Verdict(frozenset(), frozenset(), (), (), False, ())
    try:
        verdict = judge(_in_minor_units(decision), put.case.facts, put.case.members, zones)
        answer = book.ask(decision.id, put.given.facts, put.given.members)
        wrong = _difference(answer, verdict, decision, epoch.total)
    except Exception as error:
        wrong = f"{type(error).__name__}: {error}"
    if not wrong:
        return verdict, ""
    day = put.given.facts.get(decision.dated_by)
    return verdict, f"{decision.id} on {day}: {wrong}; given {dict(put.case.facts)} {dict(put.case.members)}"


def _in_minor_units(decision: Decision) -> Decision:
    """Sums of money as whole numbers: the reference adds numbers only."""
    if decision.hit is not Hit.SUM:
        return decision
    return replace(decision, rules=tuple(replace(rule, then=_plain(rule.then)) for rule in decision.rules))


def _plain(value: object) -> object:
    return value.minor if isinstance(value, Money) else value


def _difference(answer: Answer, verdict: Verdict, decision: Decision, total: bool) -> str:
    index, reference = (frozenset(answer.holds), frozenset(answer.may)), (verdict.holds, verdict.may)
    for word, mine, theirs in zip(("hold", "may hold"), index, reference, strict=True):
        if mine != theirs:
            only, missed = sorted(mine - theirs), sorted(theirs - mine)
            return f"rules that {word}: index only {only}, reference only {missed}"
    said = _outcome(answer.decided, answer.certain, answer.possible, decision.hit)
    owed = _owed(verdict, decision, total)
    if said != owed:
        return f"outcome: index {said}, reference {owed}"
    return "" if answer.by == verdict.by else f"speaking rules: index {answer.by}, reference {verdict.by}"


_Outcome = tuple[bool, tuple[str, ...], tuple[str, ...]]


def _outcome(decided: bool, certain: Sequence[object], possible: Sequence[object], hit: Hit) -> _Outcome:
    """In one form: the reference repeats the lower end of an undecided sum as certain."""
    if hit is not Hit.SUM:
        return decided, tuple(map(repr, certain)), tuple(map(repr, possible))
    shown = certain if decided else ()
    return (
        decided,
        tuple(repr(_plain(each)) for each in shown),
        tuple(repr(_plain(each)) for each in possible),
    )


def _owed(verdict: Verdict, decision: Decision, total: bool) -> _Outcome:
    """The verdict; where rules are proven to leave no gap without otherwise: the reference proves nothing."""
    certain, possible, decided = verdict.certain, verdict.possible, verdict.decided
    if total and not verdict.holds and verdict.by and decision.hit in (Hit.UNIQUE, Hit.FIRST):
        said = {rule.then for rule in decision.rules if rule.id in verdict.by}
        left = tuple(each for each in (*certain, *possible) if each in said)
        decided = len(left) == 1 and left[0] != CANNOT_DETERMINE
        certain, possible = (left, ()) if decided else ((), left)
    return _outcome(decided, certain, possible, decision.hit)


# ---------------------------------------------------------------- durable-rules


def _second_opinion(
    asked: Sequence[tuple[Asked, frozenset[str]]], zones: Zones
) -> tuple[dict[str, object], list[tuple[str, str]]]:
    """What durable-rules says of the cases (evenly as many as it bears), and where it differs."""
    taken = asked[:: -(-len(asked) // MOST_DURABLE) or 1]
    cases = [case for case, _ in taken]
    decisions = {id(decision): decision for decision, _, _ in cases}
    try:
        opinions = SecondOpinion(list(decisions.values())).judge_many(cases, zones)
    except VerifyUnavailable as absent:
        summary = f"no second opinion: {absent.cause}; {absent.cure}"
        return {"available": False, "summary": summary}, []
    faults = []
    for ((decision, facts, members), holds), opinion in zip(taken, opinions, strict=True):
        said = opinion.holds if isinstance(opinion, NotExpressed) else opinion
        judged = holds - opinion.unsaid.keys() if isinstance(opinion, NotExpressed) else holds
        if said != judged:
            only, missed = sorted(said - judged), sorted(judged - said)
            told = f"durable-rules on {decision.id}: only it says {only}, it misses {missed}"
            faults.append((decision.id, f"{told}; given {dict(facts)} {dict(members)}"))
    tally = coverage(cases, opinions)
    body: dict[str, object] = {
        "available": True,
        "summary": f"durable-rules expressed {tally.whole} of {tally.cases} cases whole and {tally.said} of "
        f"{tally.rules} answers about a rule: {len(faults)} disagreements",
        "cases": tally.cases,
        "expressed": tally.whole,
        "rules": tally.rules,
        "rules_expressed": tally.said,
        "not_expressed": dict(tally.reasons),
        "disagreements": len(faults),
    }
    return body, faults
