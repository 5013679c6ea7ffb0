"""The benchmarks' workloads are the same every time, and their contenders answer alike. Nothing is timed."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.figures import percentile, table, told
from benchmarks.m_peers import DURABLE_MOST, LOADERS, durable_rules
from benchmarks.m_workload import draw_facts, draw_rules, meets

NEEDS = {"ZEN": "zen", "CLIPS": "clips", "rule-engine": "rule_engine"}
RULES, FACTS = draw_rules(150), [*draw_facts(40), *draw_facts(20, seed=3, fresh=True)]
EXPECTED = [frozenset(rule.id for rule in RULES if meets(rule, fact)) for fact in FACTS]


def test_rules_and_facts_are_the_same_for_the_same_seed() -> None:
    assert draw_rules(50) == draw_rules(50) != draw_rules(50, seed=9)
    assert draw_facts(50) == draw_facts(50) != draw_facts(50, seed=9)


def test_fresh_facts_repeat_no_number_and_no_day() -> None:
    facts = draw_facts(500, seed=3, fresh=True)
    for column in (2, 3, 4):
        assert len({fact[column] for fact in facts}) == len(facts)


@pytest.mark.parametrize("size", [100, 1_000])
def test_a_fact_meets_none_to_three_rules_whatever_the_size(size: int) -> None:
    rules = draw_rules(size)
    hits = Counter(sum(meets(rule, fact) for rule in rules) for fact in draw_facts(100))
    assert sum(hits[number] for number in range(4)) >= 90
    assert len(hits) >= 3


@pytest.mark.parametrize("name", list(LOADERS))
def test_every_contender_names_the_same_rules(name: str) -> None:
    if name in NEEDS:
        pytest.importorskip(NEEDS[name])
    contender = LOADERS[name](RULES)
    facts = FACTS[::4] if name == "rule-engine" else FACTS
    wanted = EXPECTED[::4] if name == "rule-engine" else EXPECTED
    assert [contender.ids(contender.match(contender.prepare(fact))) for fact in facts] == wanted


def test_durable_rules_names_the_same_rules_in_its_own_process() -> None:
    pytest.importorskip("durable")
    with durable_rules(RULES) as contender:
        times, found = contender.run(FACTS)
    assert found == EXPECTED
    assert len(times) == len(FACTS)


def test_durable_rules_gets_no_more_rules_than_are_safe() -> None:
    with pytest.raises(ValueError, match="safe up to 2000"), durable_rules(draw_rules(DURABLE_MOST + 1)):
        pass


def test_percentiles_are_values_that_were_measured() -> None:
    assert percentile([5.0, 1.0, 9.0], 50) == 5.0
    assert percentile(list(map(float, range(1, 201))), 99) == 198.0
    assert [told(value) for value in (0.5, 2.0, 31.04, 1234.5)] == ["0.500", "2.00", "31.0", "1234"]


def test_a_table_is_aligned_markdown() -> None:
    assert table(("what", "ms"), [("a", "1.0")]).splitlines() == [
        "| what |  ms |",
        "|------|----:|",
        "| a    | 1.0 |",
    ]
