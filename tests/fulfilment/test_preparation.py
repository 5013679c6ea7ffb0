"""When consignments are prepared and when they leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import InputError, Location, Place, Reason, WorldError
from fulfilment import Preparation, Step, prepare

WEEK = dict.fromkeys(range(5), time(16))
LYON = Location(
    "LYON", "Lyon", "warehouse", "E", Place("FR"), "Europe/Paris", frozenset({"ship"}), WEEK, "FR"
)
PICK = Step("pick", 30)
PACK = Step("pack", 15)


def never_closed(location, day):
    return False


def at(text):
    return datetime.fromisoformat(text)


def plan(steps, ready, location=LYON, is_closed=never_closed, **more) -> Preparation:
    found = prepare(location, "single_item_picking", steps, at(ready), is_closed, **more)
    assert isinstance(found, Preparation)
    return found


def test_work_done_before_the_cut_off_leaves_at_the_cut_off_of_the_day():
    found = plan([PICK, PACK], "2026-11-23T10:00+01:00")
    assert [step.end for step in found.steps] == [at("2026-11-23T10:30+01:00"), at("2026-11-23T10:45+01:00")]
    assert found.leaves == found.deadline == at("2026-11-23T16:00+01:00")
    assert found.start_by == at("2026-11-23T15:15+01:00")
    assert (found.binding, found.slack_minutes) == ("cut_off", 315)


def test_work_that_ends_on_the_minute_of_the_cut_off_still_leaves():
    assert plan([PICK, PACK], "2026-11-23T15:15+01:00").leaves == at("2026-11-23T16:00+01:00")


def test_a_minute_later_it_leaves_the_next_day_and_the_step_in_hand_is_named():
    found = plan([PICK, PACK], "2026-11-23T15:16+01:00")
    assert found.leaves == at("2026-11-24T16:00+01:00")
    assert found.binding == "pack"


def test_an_order_after_the_cut_off_is_bound_by_the_cut_off():
    assert plan([PICK], "2026-11-23T16:01+01:00").binding == "cut_off"


def test_a_friday_evening_order_leaves_on_monday():
    found = plan([PICK], "2026-11-27T18:00+01:00")
    assert found.leaves == at("2026-11-30T16:00+01:00")


def test_a_holiday_is_skipped_for_work_and_for_departure():
    found = plan([PICK], "2026-12-25T09:00+01:00", is_closed=lambda place, day: day == date(2026, 12, 25))
    assert found.start == at("2026-12-28T00:00+01:00")
    assert found.leaves == at("2026-12-28T16:00+01:00")


def test_work_pauses_outside_working_hours_and_goes_on_the_next_day():
    hours = dict.fromkeys(range(5), (time(8), time(17)))
    found = plan([Step("customs_preparation", 120)], "2026-11-23T16:00+01:00", hours=hours)
    assert found.steps[0].start == at("2026-11-23T16:00+01:00")
    assert found.steps[0].end == at("2026-11-24T09:00+01:00")
    assert found.leaves == at("2026-11-24T16:00+01:00")


def test_a_step_that_rests_goes_on_through_the_night():
    hours = dict.fromkeys(range(5), (time(8), time(17)))
    found = plan([PICK, Step("transfer", 600, rests=True), PACK], "2026-11-23T16:00+01:00", hours=hours)
    assert found.steps[1].end == at("2026-11-24T02:30+01:00")
    assert found.steps[2].start == at("2026-11-24T08:00+01:00")
    assert found.leaves == at("2026-11-24T16:00+01:00")


def test_a_night_shift_ends_on_the_next_day():
    hours = dict.fromkeys(range(5), (time(22), time(6)))
    found = plan([Step("pick", 300)], "2026-11-24T03:00+01:00", hours=hours)
    assert found.steps[0].end == at("2026-11-24T00:00+01:00") + timedelta(hours=24)


def test_an_hour_of_work_takes_an_hour_in_the_night_the_clocks_go_forward():
    sunday = replace(LYON, cut_offs={6: time(4)})
    found = plan([Step("pick", 60)], "2026-03-29T01:30+01:00", sunday)
    assert found.steps[0].end == at("2026-03-29T03:30+02:00")
    assert found.leaves == at("2026-03-29T04:00+02:00")
    assert found.slack_minutes == 30


def test_an_hour_of_work_takes_an_hour_in_the_night_the_clocks_go_back():
    sunday = replace(LYON, cut_offs={6: time(4)})
    found = plan([Step("pick", 60)], "2026-10-25T02:30+02:00", sunday)
    assert found.steps[0].end.astimezone(UTC) == at("2026-10-25T01:30+00:00")
    assert found.steps[0].end.isoformat() == "2026-10-25T02:30:00+01:00"


def test_a_cut_off_that_comes_twice_is_the_first_one():
    sunday = replace(LYON, cut_offs={6: time(2, 30)})
    assert plan([], "2026-10-25T00:00+02:00", sunday).leaves.isoformat() == "2026-10-25T02:30:00+02:00"


def test_a_cut_off_is_local_to_the_place_and_not_to_the_order():
    reunion = replace(LYON, id="RUN", timezone="Indian/Reunion")
    assert plan([PICK], "2026-11-23T09:00+00:00", reunion).leaves.astimezone(UTC) == at(
        "2026-11-23T12:00+00:00"
    )


def test_goods_to_be_collected_are_ready_when_the_last_step_ends():
    found = plan([PICK], "2026-11-23T18:00+01:00", departs=False)
    assert found.leaves == at("2026-11-23T18:30+01:00")
    assert found.binding == "pick"


def test_a_place_that_never_dispatches_is_a_reason_and_no_plan():
    found = prepare(
        replace(LYON, cut_offs={}), "transfer_to_shop", [PICK], at("2026-11-23T10:00+01:00"), never_closed
    )
    assert isinstance(found, Reason)
    assert (found.code, found.arguments["location"]) == ("preparation.no_departure", "LYON")


def test_an_instant_without_a_time_zone_is_refused():
    with pytest.raises(InputError, match="no time zone"):
        plan([PICK], "2026-11-23T10:00")


def test_an_unknown_time_zone_is_a_fault_of_the_network():
    with pytest.raises(WorldError, match=r"LYON: unknown time zone 'Europe/Lugdunum'"):
        plan([PICK], "2026-11-23T10:00+01:00", replace(LYON, timezone="Europe/Lugdunum"))


INSTANTS = st.integers(0, 525_600).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n))
MINUTES = st.lists(st.tuples(st.integers(0, 700), st.booleans()), max_size=4)


@given(
    INSTANTS,
    MINUTES,
    st.sets(st.integers(1, 28)),
)
def test_steps_follow_each_other_and_nothing_leaves_before_they_end(ready, minutes, closed_days):
    def is_closed(location, day):
        return day.day in closed_days

    steps = [Step(f"s{n}", length, rests) for n, (length, rests) in enumerate(minutes)]
    found = prepare(LYON, "m", steps, ready, is_closed)
    assert isinstance(found, Preparation)
    clock = found.start
    assert clock >= ready
    for step, planned in zip(steps, found.steps, strict=True):
        assert planned.start >= clock
        assert planned.end - planned.start >= timedelta(minutes=0)
        worked = planned.end.astimezone(UTC) - planned.start.astimezone(UTC)
        assert worked >= timedelta(minutes=step.minutes)
        clock = planned.end
    assert found.leaves >= clock
    assert found.start_by >= found.start
    assert found.leaves.day not in closed_days
    assert found.leaves.time() == time(16)
    assert found.leaves.weekday() < 5


@given(
    INSTANTS,
    st.integers(1, 3000),
)
def test_starting_later_never_leaves_earlier(ready, minutes):
    def leaves(instant):
        found = prepare(LYON, "m", [Step("work", minutes)], instant, never_closed)
        assert isinstance(found, Preparation)
        return found.leaves

    assert leaves(ready) <= leaves(ready + timedelta(hours=1))
