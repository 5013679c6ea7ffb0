"""When a parcel arrives: earliest and latest day, step by step, with the step that binds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time

from carriers.calendars import Calendars
from carriers.service import Lane, Service
from domain import InputError, Place, Reason

__all__ = ["Promise", "Step", "promise"]

EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Step:
    """One step: ``leaves``, ``transit``, ``days_off``, ``customs``, ``point_closed``.

    ``earliest`` and ``latest`` are where the count stands after it; ``days`` the calendar
    days it adds to the latest; ``off`` the days left out while it lasted.
    """

    code: str
    earliest: date
    latest: date
    days: int
    off: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Promise:
    """Local days at the destination. ``by`` is the carrier's time of day where it promises one.

    ``binding`` is the step that adds most days to the latest; ``confidence`` that of the lane's
    transit time; ``holidays_known`` is false where only weekends could be taken into account.
    """

    earliest: date
    latest: date
    by: time | None
    steps: tuple[Step, ...]
    binding: str
    confidence: str
    holidays_known: bool


def promise(
    service: Service,
    lane: Lane,
    leaves: datetime,
    destination: Place,
    calendars: Calendars,
    customs_days: tuple[int, int] = (0, 0),
    open_weekdays: Collection[int] | None = None,
) -> Promise | Reason:
    """The promise for parcels that leave at an aware instant, local to the place of dispatch.

    The day of leaving is not counted. Transit days are working days where the parcel
    goes: the lane's week (Monday to Saturday for Colissimo in France, the place's own
    weekend abroad) without that place's holidays, as the carriers' terms count them.
    ``customs_days`` (fewest, most) are office days there and stand apart: no carrier
    guarantees them. ``open_weekdays`` are those of a pickup point. Reason: ``transit_unknown``.
    """
    if leaves.tzinfo is None:
        raise InputError("the instant of leaving has no time zone", code="carriers.naive_instant")
    if lane.days is None:
        return Reason("transit_unknown", {"service": service.id, "source": lane.source})
    calendar = calendars.of(destination)
    start = leaves.date()
    least, most = lane.days
    low = calendars.after(calendar, start, least, lane.weekdays)
    high = calendars.after(calendar, start, most, lane.weekdays)
    off = calendars.off(calendar, start, high, lane.weekdays)
    steps = [
        Step("leaves", start, start, 0),
        Step("transit", low, high, (high - start).days - len(off)),
    ]
    if off:
        steps.append(Step("days_off", low, high, len(off), off))
    if customs_days != (0, 0):
        before = high
        # Clearance keeps office hours; delivery after it is again a day of the lane.
        low = calendars.after(calendar, calendars.after(calendar, low, customs_days[0]), 0, lane.weekdays)
        high = calendars.after(calendar, calendars.after(calendar, high, customs_days[1]), 0, lane.weekdays)
        waited = calendars.off(calendar, before, high)
        steps.append(Step("customs", low, high, (high - before).days, waited))
    if open_weekdays is not None:
        before = high
        low, high = (_opens(day, frozenset(open_weekdays), destination, calendars) for day in (low, high))
        if high != before or low != steps[-1].earliest:
            steps.append(Step("point_closed", low, high, (high - before).days))
    binding = max(steps[1:], key=lambda step: step.days).code
    return Promise(low, high, service.by_time, tuple(steps), binding, lane.confidence, calendar.known)


def _opens(day: date, weekdays: frozenset[int], place: Place, calendars: Calendars) -> date:
    """That day or the next on which the point opens; a locker (every weekday) opens on holidays too."""
    if weekdays >= EVERY_DAY:
        return day
    return calendars.after(calendars.of(place), day, 0, weekdays)
