"""Days in a row that answer alike are one stretch, and no day is lost."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from engine.by_day import by_day

FIRST = date(2026, 6, 28)


@given(st.lists(st.integers(0, 2), min_size=1, max_size=31))
def test_stretches_cover_every_day_once_and_neighbours_differ(answers: list[int]) -> None:
    last = FIRST + timedelta(days=len(answers) - 1)
    found = by_day(
        FIRST, last, lambda day: {"answer": answers[(day - FIRST).days], "day": day}, frozenset({"day"})
    )
    days = [
        (stretch.since + timedelta(days=offset), stretch.said["answer"])
        for stretch in found
        for offset in range((stretch.until - stretch.since).days + 1)
    ]
    assert days == [(FIRST + timedelta(days=number), answer) for number, answer in enumerate(answers)]
    assert all(one.said["answer"] != two.said["answer"] for one, two in pairwise(found))
