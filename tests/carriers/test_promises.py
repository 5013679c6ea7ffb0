"""Promises count the days of the place where the parcel is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from carriers import Calendar, Promise
from domain import InputError, Place, Reason

PARIS = Place("FR", "75011", territory="FR")


def leaves(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 17, tzinfo=timezone(timedelta(hours=1)))


def promised(carriers, service: str, origin: str, when: datetime, to: Place, **more) -> Promise:
    answer = carriers.promise(carriers.get(service), origin, when, to, **more)
    assert isinstance(answer, Promise), answer
    return answer


def test_two_working_days_after_the_day_of_leaving(carriers):
    answer = promised(carriers, "colissimo-home", "FR", leaves(2026, 11, 24), PARIS)
    assert (answer.earliest, answer.latest) == (date(2026, 11, 26), date(2026, 11, 26))
    assert answer.binding == "transit"
    assert [step.code for step in answer.steps] == ["leaves", "transit"]


def test_in_france_saturday_counts_and_sunday_does_not(carriers):
    friday = promised(carriers, "colissimo-home", "FR", leaves(2026, 11, 27), PARIS)
    assert friday.latest == date(2026, 11, 30)
    assert [step.off for step in friday.steps if step.code == "days_off"] == [(date(2026, 11, 29),)]


def test_a_french_holiday_does_not_count(carriers):
    # Wednesday 11 November 2026 is Armistice Day.
    answer = promised(carriers, "colissimo-home", "FR", leaves(2026, 11, 10), PARIS)
    assert answer.latest == date(2026, 11, 13)


def test_saint_stephen_is_off_in_strasbourg_and_not_in_paris(carriers):
    # 26 December 2026 is a Saturday, a delivery day of Colissimo elsewhere in France.
    strasbourg = Place("FR", "67000", territory="FR")
    when = leaves(2026, 12, 24)
    paris = promised(carriers, "colissimo-home", "FR", when, PARIS)
    alsace = promised(carriers, "colissimo-home", "FR", when, strasbourg)
    assert paris.latest == date(2026, 12, 28)
    assert alsace.latest == date(2026, 12, 29)


def test_abroad_the_weekend_and_the_holidays_of_that_country_do_not_count(carriers):
    brussels = Place("BE", "1000", territory="BE")
    # 21 July is the Belgian national day; 18 and 19 July 2026 are a weekend.
    answer = promised(carriers, "gls-euro", "FR", leaves(2026, 7, 17), brussels)
    assert (answer.earliest, answer.latest) == (date(2026, 7, 20), date(2026, 7, 27))
    off = next(step for step in answer.steps if step.code == "days_off")
    assert date(2026, 7, 21) in off.off


def test_reunion_keeps_the_twentieth_of_december(carriers):
    reunion = Place("FR", "97400", territory="FR-RE")
    calendar = carriers.calendars.of(reunion)
    assert carriers.calendars.is_holiday(calendar, date(2027, 12, 20))
    assert not carriers.calendars.is_holiday(carriers.calendars.of(PARIS), date(2027, 12, 20))


def test_scotland_and_england_part_by_postcode(carriers):
    scotland = carriers.calendars.of(Place("GB", "EH1 1AA", territory="GB"))
    england = carriers.calendars.of(Place("GB", "EC1A 1BB", territory="GB"))
    # 2 January 2026 was a Friday and a Scottish bank holiday.
    assert carriers.calendars.is_holiday(scotland, date(2026, 1, 2))
    assert not carriers.calendars.is_holiday(england, date(2026, 1, 2))


def test_a_friday_and_saturday_weekend_is_known(carriers):
    calendar = carriers.calendars.of(Place("EG", territory="EG"))
    assert calendar.weekend == frozenset({4, 5})


def test_customs_days_stand_apart_and_may_bind(carriers):
    basel = Place("CH", "4001", territory="CH")
    free = promised(carriers, "colissimo-international", "FR", leaves(2026, 11, 24), basel)
    held = promised(
        carriers, "colissimo-international", "FR", leaves(2026, 11, 24), basel, customs_days=(1, 12)
    )
    assert held.earliest == date(2026, 11, 30)
    assert held.latest > free.latest + timedelta(days=12)
    assert held.binding == "customs"
    assert held.steps[-1].code == "customs"


def test_customs_days_of_zero_change_nothing(carriers):
    basel = Place("CH", "4001", territory="CH")
    when = leaves(2026, 11, 24)
    free = promised(carriers, "colissimo-international", "FR", when, basel)
    assert promised(carriers, "colissimo-international", "FR", when, basel, customs_days=(0, 0)) == free


def test_a_closed_pickup_point_moves_the_promise(carriers):
    # Two working days after Friday 27 November is Monday: this point opens from Tuesday on.
    answer = promised(
        carriers, "colissimo-point", "FR", leaves(2026, 11, 27), PARIS, open_weekdays={1, 2, 3, 4, 5}
    )
    assert answer.latest == date(2026, 12, 1)
    assert answer.steps[-1].code == "point_closed"


def test_a_locker_is_open_on_a_holiday_too(carriers):
    answer = promised(carriers, "colissimo-locker", "FR", leaves(2026, 11, 24), PARIS, open_weekdays=range(7))
    assert answer.latest == date(2026, 11, 26)


def test_a_same_day_service_arrives_on_the_day_it_leaves(carriers):
    answer = promised(carriers, "same-day-courier", "FR", leaves(2026, 11, 24), PARIS)
    assert answer.earliest == answer.latest == date(2026, 11, 24)


def test_the_hour_is_promised_where_the_carrier_promises_one(carriers):
    answer = promised(carriers, "chronopost-13", "FR", leaves(2026, 11, 24), PARIS)
    assert answer.by is not None
    assert answer.by.hour == 13


def test_the_local_day_of_leaving_counts_and_not_the_one_in_greenwich(carriers):
    late = datetime(2026, 11, 25, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    assert late.astimezone(UTC).date() == date(2026, 11, 24)
    assert promised(carriers, "chronopost-13", "FR", late, PARIS).latest == date(2026, 11, 26)


def test_an_unknown_transit_time_is_a_reason_and_no_guess(bare):
    berlin = Place("DE", "10115", territory="DE")
    answer = bare.promise(bare.get("dpd-classic"), "FR", leaves(2026, 11, 24), berlin)
    assert isinstance(answer, Reason)
    assert answer.code == "transit_unknown"


def test_transit_days_of_the_contract_are_marked_as_such(carriers):
    berlin = Place("DE", "10115", territory="DE")
    assert promised(carriers, "dpd-classic", "FR", leaves(2026, 11, 24), berlin).confidence == "contract"


def test_a_closed_lane_promises_nothing(carriers):
    answer = carriers.promise(
        carriers.get("colissimo-world"), "FR", leaves(2026, 11, 24), Place("US", "10001", territory="US")
    )
    assert isinstance(answer, Reason)
    assert answer.code == "lane_closed"


def test_an_instant_without_a_zone_is_refused(carriers):
    naive = datetime(2026, 11, 24, 17)  # noqa: DTZ001
    with pytest.raises(InputError, match="time zone"):
        carriers.promise(carriers.get("colissimo-home"), "FR", naive, PARIS)


def test_a_country_without_known_holidays_says_so(carriers):
    calendar = carriers.calendars.of(Place("QQ", territory="QQ"))
    assert calendar == Calendar("QQ", None, False, frozenset({5, 6}))


@pytest.mark.parametrize("start", [date(2026, 12, 20) + timedelta(days=n) for n in range(20)])
@pytest.mark.parametrize("count", [0, 1, 5, 30, 200])
def test_counting_by_bisect_equals_counting_day_by_day(carriers, start, count):
    calendar = carriers.calendars.of(PARIS)

    def works(day: date) -> bool:
        return day.weekday() < 5 and not carriers.calendars.is_holiday(calendar, day)

    day, left = start, count
    if count == 0:
        while not works(day):
            day += timedelta(days=1)
    while left:
        day += timedelta(days=1)
        left -= works(day)
    assert carriers.calendars.after(calendar, start, count) == day


def test_leaving_a_day_later_never_arrives_earlier(carriers):
    for service in carriers.services:
        before = date.min
        for shift in range(60):
            when = leaves(2026, 11, 20) + timedelta(days=shift)
            answer = carriers.promise(service, "FR", when, PARIS)
            if isinstance(answer, Reason):
                break
            assert answer.earliest <= answer.latest
            assert answer.latest >= before, service.id
            before = answer.latest
