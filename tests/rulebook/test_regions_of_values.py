"""Regions are sets of values: what they say of a value agrees with asking value by value."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from engine.rulebook.region import EVERY, NOTHING, Region, above, below, point, span
from engine.rulebook.rows import prefixed

ENDS = st.integers(0, 10)
GRID = [Fraction(n, 2) for n in range(-3, 24)]  # dense enough for cuts at whole numbers
SIMPLE = st.one_of(
    ENDS.map(point),
    st.builds(below, ENDS, st.booleans()),
    st.builds(above, ENDS, st.booleans()),
    st.tuples(ENDS, ENDS, st.booleans()).map(lambda t: span(min(t[:2]), max(t[:2]), t[2])),
    st.sampled_from([EVERY, NOTHING, Region(False, (), na=True), Region(True, ())]),
)
REGIONS = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        inner.map(lambda r: ~r),
        st.builds(lambda a, b: a & b, inner, inner),
        st.builds(lambda a, b: a | b, inner, inner),
    ),
    max_leaves=6,
)


def halves(region: Region) -> set[object]:
    """What the region holds of the grid, and whether it holds what is not applicable."""
    return {value for value in GRID if region.holds(value)} | ({"na"} if region.na else set())


@given(REGIONS, REGIONS)
def test_meeting_joining_and_turning_mean_what_they_mean_for_sets(a, b):
    everything = halves(EVERY)
    assert halves(a & b) == halves(a) & halves(b)
    assert halves(a | b) == halves(a) | halves(b)
    assert halves(~a) == everything - halves(a)


@given(REGIONS)
def test_a_region_is_empty_exactly_when_it_holds_nothing_and_full_when_it_holds_all(a):
    assert a.empty == (halves(a) == set())
    assert a.full == (halves(a) == halves(EVERY))


@given(REGIONS, REGIONS)
def test_one_region_lies_within_another_exactly_when_all_its_values_do(a, b):
    assert a.within(b) == (halves(a) <= halves(b))


@given(REGIONS, REGIONS)
def test_equal_sets_have_one_form_only(a, b):
    assert (halves(a) == halves(b)) == (a == b)


@given(REGIONS, st.one_of(st.none(), ENDS), st.one_of(st.none(), ENDS))
def test_an_interval_is_covered_missed_or_cut(region, low, high):
    if low is not None and high is not None and low > high:
        low, high = high, low
    held = {region.holds(v) for v in GRID if (low is None or v >= low) and (high is None or v <= high)}
    assert region.covers(low, high) == (held.pop() if len(held) == 1 else None)


@given(
    st.lists(st.text("0123", min_size=1, max_size=3), min_size=1, max_size=3),
    st.text("0123", min_size=1, max_size=5),
)
def test_a_prefix_region_holds_exactly_the_texts_that_start_so(prefixes, text):
    region = NOTHING
    for prefix in prefixes:
        region = region | prefixed(prefix)
    assert region.holds(text) == any(text.startswith(prefix) for prefix in prefixes)
