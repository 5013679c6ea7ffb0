"""M's rules and facts: five columns, in a form that belongs to no contender, drawn by seed.

Two code columns (one to three codes, or any), two number ranges (or any) and a
range of days (or any). The more rules, the narrower their ranges, as in rule
files that grow: a fact meets 0 to 3 of them, whatever the size.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.rulebook.tree import All, Decision, Hit, Op, Rule, Test, Yields

__all__ = [
    "CODES",
    "COLUMNS",
    "Fact",
    "MRule",
    "as_decision",
    "as_facts",
    "draw_facts",
    "draw_rules",
    "meets",
]

COLUMNS = ("country", "kind", "weight", "value", "day")
"""Names that every contender can use."""

NAMES = ("arrival.country", "goods.class", "parcel.weight", "goods.value", "order.date")
"""The same columns as the production index knows them."""

COUNTRIES = tuple(f"C{number:02d}" for number in range(40))
KINDS = tuple(f"k{number:02d}" for number in range(12))
CODES = (COUNTRIES, KINDS)
MOST_WEIGHT, MOST_VALUE = 1_000_000, 10_000_000  # grams; minor units
DAY_0, DAYS = date(2020, 1, 1).toordinal(), 7_300
ANY_CODE, ANY_RANGE = 0.12, 0.10  # shares of wildcards
HITS = 1.2  # how many rules a fact meets on average

Span = tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class MRule:
    """One rule; None is a wildcard, ranges include both ends, days are ordinals."""

    id: str
    country: tuple[str, ...] | None
    kind: tuple[str, ...] | None
    weight: Span
    value: Span
    day: Span


Fact = tuple[str, str, int, int, int]


def draw_rules(count: int, seed: int = 1) -> list[MRule]:
    """So many rules, the same for the same seed."""
    rng = random.Random(seed)
    # chance that a rule passes the code columns and the day; the number ranges are cut to leave HITS
    passed = (ANY_CODE + (1 - ANY_CODE) * 2 / 40) * (ANY_CODE + (1 - ANY_CODE) * 2 / 12) * 0.55
    width = min(0.8, (HITS / (count * passed)) ** 0.5)
    rules = []
    for number in range(count):
        day = rng.randrange(DAYS)
        rules.append(
            MRule(
                f"r{number:05d}",
                _codes(COUNTRIES, rng),
                _codes(KINDS, rng),
                _span(MOST_WEIGHT, width, rng),
                _span(MOST_VALUE, width, rng),
                None
                if rng.random() < ANY_RANGE
                else (DAY_0 + day // 2, DAY_0 + day // 2 + rng.randrange(DAYS // 4, 3 * DAYS // 4)),
            )
        )
    return rules


def _codes(all_of: Sequence[str], rng: random.Random) -> tuple[str, ...] | None:
    if rng.random() < ANY_CODE:
        return None
    return tuple(sorted(rng.sample(all_of, rng.randrange(1, 4))))


def _span(most: int, width: float, rng: random.Random) -> Span:
    if rng.random() < ANY_RANGE * width:
        return None
    size = int(most * width * rng.uniform(0.5, 1.5))
    low = rng.randrange(-size, most)
    return max(0, low), min(most, low + size)


def draw_facts(count: int, seed: int = 2, fresh: bool = False) -> list[Fact]:
    """Facts with 200 weights, 300 prices and 60 days among them; ``fresh``: no number or day twice."""
    rng = random.Random(seed)
    if fresh:
        numbers = zip(
            rng.sample(range(MOST_WEIGHT), count),
            rng.sample(range(MOST_VALUE), count),
            rng.sample(range(DAY_0, DAY_0 + DAYS), count),
            strict=True,
        )
        return [(rng.choice(COUNTRIES), rng.choice(KINDS), *three) for three in numbers]
    weights = [rng.randrange(MOST_WEIGHT) for _ in range(200)]
    values = [rng.randrange(MOST_VALUE) for _ in range(300)]
    days = [DAY_0 + rng.randrange(DAYS) for _ in range(60)]
    return [
        (rng.choice(COUNTRIES), rng.choice(KINDS), rng.choice(weights), rng.choice(values), rng.choice(days))
        for _ in range(count)
    ]


def meets(rule: MRule, fact: Fact) -> bool:
    """Whether the fact meets the rule: the definition, for tests."""
    codes = all(
        wanted is None or has in wanted
        for wanted, has in zip((rule.country, rule.kind), fact[:2], strict=True)
    )
    spans = zip((rule.weight, rule.value, rule.day), fact[2:], strict=True)
    return codes and all(span is None or span[0] <= has <= span[1] for span, has in spans)


def as_facts(fact: Fact) -> dict[str, object]:
    """The fact as the engine knows it: the day is a date."""
    return {**dict(zip(NAMES[:4], fact[:4], strict=True)), NAMES[4]: date.fromordinal(fact[4])}


def as_decision(rules: Sequence[MRule]) -> Decision:
    """The rules as one typed decision of the rule language, outcome: each rule's own id."""
    return Decision(
        "bench.match", "order", Yields("code"), "order.date", Hit.COLLECT, (), tuple(map(_rule, rules))
    )


def _rule(rule: MRule) -> Rule:
    tests: list[Test] = []
    for name, codes in zip(NAMES[:2], (rule.country, rule.kind), strict=True):
        if codes is not None:
            tests.append(Test(name, Op.ONE_OF, codes))
    for name, span in zip(NAMES[2:4], (rule.weight, rule.value), strict=True):
        if span is not None:
            tests.append(Test(name, Op.BETWEEN, span))
    if rule.day is not None:
        first, last = (date.fromordinal(day) for day in rule.day)
        tests.append(Test(NAMES[4], Op.FROM_BELOW, (first, last + timedelta(days=1))))
    return Rule(rule.id, "bench.match", All(tuple(tests)), rule.id)
