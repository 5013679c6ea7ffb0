"""When a consignment is prepared and when it leaves.

Local times of a place become instants through its time zone, and all minutes are
counted between instants: a step of 60 minutes takes 60 minutes in the night the
clocks change too. A local time that the change skips is read as if the clocks
had not yet changed; one that comes twice is the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain import InputError, Location, Reason, WorldError

__all__ = ["IsClosed", "Planned", "Preparation", "Step", "prepare"]

IsClosed = Callable[[Location, date], bool]
"""Whether a location neither works nor dispatches on that local day."""

Hours = Mapping[int, tuple[time, time]]
"""Local working hours by weekday, 0 is Monday; hours that end before they begin end on the next day."""

_HORIZON_DAYS = 90


@dataclass(frozen=True, slots=True)
class Step:
    """A step with its minutes. ``rests``: time passes without hands, day and night (drying, a lorry)."""

    code: str
    minutes: int
    rests: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """When a step begins and ends, local to the place."""

    code: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Preparation:
    """The timeline. All instants are aware and local to the place.

    ``deadline``: the cut-off that the last step must meet; ``leaves``: when the
    consignment goes, or is ready where nothing departs. ``start_by``: the latest start
    that still meets the deadline. ``binding``: ``cut_off`` where faster work would not
    help, else the code of the step in hand when the departure before was missed.
    """

    method: str
    start: datetime
    steps: tuple[Planned, ...]
    deadline: datetime
    leaves: datetime
    start_by: datetime
    binding: str

    @property
    def slack_minutes(self) -> int:
        """Whole minutes between the last step and leaving."""
        done = self.steps[-1].end if self.steps else self.start
        return int((self.leaves - done) // timedelta(minutes=1))


def prepare(
    location: Location,
    method: str,
    steps: Sequence[Step],
    ready: datetime,
    is_closed: IsClosed,
    *,
    hours: Hours | None = None,
    departs: bool = True,
) -> Preparation | Reason:
    """The timeline of a preparation method at a location.

    ``ready``: the instant from which work may begin. Work goes on within ``hours``
    (without them, all of each day the location dispatches) and pauses between; it must
    be finished by the cut-off of a day to leave on that day. ``departs=False``: the goods
    are collected there, ready as soon as the last step ends. A ``Reason`` says that nothing
    leaves within 90 days. Errors: ``InputError`` for a naive instant or negative minutes.
    """
    if ready.tzinfo is None:
        raise InputError(
            "the instant has no time zone", code="preparation.naive", cure="add its offset from UTC"
        )
    for step in steps:
        if step.minutes < 0:
            raise InputError(f"step {step.code!r} takes {step.minutes} minutes", code="preparation.minutes")
    zone = _zone(location)
    calendar = _Calendar(location, zone, is_closed, hours)
    begin = ready.astimezone(UTC)
    worked = _work(steps, calendar, begin)
    if worked is None:
        return _never(location, method, ready)
    start, planned = worked
    done = planned[-1].end.astimezone(UTC) if planned else start
    if not departs:
        end = done.astimezone(zone)
        first = start.astimezone(zone)
        return Preparation(method, first, planned, end, end, first, _longest(planned))
    leaves = next(calendar.departures(done), None)
    if leaves is None:
        return _never(location, method, ready)
    first_departure = next(calendar.departures(begin), leaves)
    binding = "cut_off"
    if first_departure < leaves:
        missed = _before(calendar, begin, leaves)
        late = [step.code for step in planned if step.end.astimezone(UTC) > missed]
        binding = late[0] if late else "cut_off"
    return Preparation(
        method,
        start.astimezone(zone),
        planned,
        leaves.astimezone(zone),
        leaves.astimezone(zone),
        _start_by(steps, calendar, start, leaves).astimezone(zone),
        binding,
    )


@dataclass(frozen=True, slots=True)
class _Calendar:
    """Working windows and departures of a location, in UTC."""

    location: Location
    zone: ZoneInfo
    is_closed: IsClosed
    hours: Hours | None

    def _days(self, since: datetime) -> Iterator[date]:
        day = since.astimezone(self.zone).date()
        for number in range(-1, _HORIZON_DAYS):
            yield day + timedelta(days=number)

    def _instant(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.zone).astimezone(UTC)

    def windows(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """(from, until) of the working time that is left from ``since`` on."""
        for day in self._days(since):
            if self.is_closed(self.location, day):
                continue
            if self.hours is None:
                if day.weekday() not in self.location.cut_offs:
                    continue
                opens, closes = self._instant(day, time()), self._instant(day + timedelta(days=1), time())
            elif day.weekday() in self.hours:
                local = self.hours[day.weekday()]
                ends = day if local[0] < local[1] else day + timedelta(days=1)
                opens, closes = self._instant(day, local[0]), self._instant(ends, local[1])
            else:
                continue
            if closes > since:
                yield max(opens, since), closes

    def departures(self, since: datetime) -> Iterator[datetime]:
        """Cut-offs not before ``since``."""
        for day in self._days(since):
            cut_off = self.location.cut_offs.get(day.weekday())
            if cut_off is not None and not self.is_closed(self.location, day):
                instant = self._instant(day, cut_off)
                if instant >= since:
                    yield instant


def _work(
    steps: Sequence[Step], calendar: _Calendar, ready: datetime
) -> tuple[datetime, tuple[Planned, ...]] | None:
    window = next(calendar.windows(ready), None)
    if window is None:
        return None
    start = now = window[0]
    planned = []
    for step in steps:
        begins = now
        if step.rests:
            now += timedelta(minutes=step.minutes)
        else:
            left = timedelta(minutes=step.minutes)
            begun = False
            for opens, closes in calendar.windows(now):
                if not begun:
                    begins, begun = opens, True
                if closes - opens >= left:
                    now = opens + left
                    break
                left -= closes - opens
            else:
                return None
        planned.append(Planned(step.code, begins.astimezone(calendar.zone), now.astimezone(calendar.zone)))
    return start, tuple(planned)


def _start_by(steps: Sequence[Step], calendar: _Calendar, start: datetime, leaves: datetime) -> datetime:
    """The latest whole minute after ``start`` from which the work still meets the departure."""
    low, high = 0, max(0, int((leaves - start) // timedelta(minutes=1)))
    while low < high:
        middle = (low + high + 1) // 2
        worked = _work(steps, calendar, start + timedelta(minutes=middle))
        done = None
        if worked is not None:
            done = worked[1][-1].end.astimezone(UTC) if worked[1] else worked[0]
        if done is not None and done <= leaves:
            low = middle
        else:
            high = middle - 1
    return start + timedelta(minutes=low)


def _before(calendar: _Calendar, since: datetime, leaves: datetime) -> datetime:
    """The last departure before that one, not before ``since``."""
    last = since
    for departure in calendar.departures(since):
        if departure >= leaves:
            break
        last = departure
    return last


def _longest(planned: Sequence[Planned]) -> str:
    return max(planned, key=lambda step: step.end - step.start).code if planned else "cut_off"


def _never(location: Location, method: str, ready: datetime) -> Reason:
    return Reason(
        "preparation.no_departure",
        {"location": location.id, "method": method, "ready": ready.isoformat(), "days": _HORIZON_DAYS},
    )


def _zone(location: Location) -> ZoneInfo:
    try:
        return ZoneInfo(location.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        raise WorldError(
            f"unknown time zone {location.timezone!r}",
            code="network.timezone",
            place=location.id,
            cure="use an IANA name such as Europe/Paris",
        ) from None
