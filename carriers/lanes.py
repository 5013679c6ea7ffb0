"""Which services make a trip on a day: the most specific lane row speaks, closures win."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from carriers.reach import normal_postcode
from carriers.service import Lane, Service
from domain import InputError, Place, Reason, Truth, WorldError

__all__ = ["LaneAnswer", "LaneTable"]

CACHE_SIZE = 50_000


@dataclass(frozen=True, slots=True)
class LaneAnswer:
    """Bitsets of services: surely open, and open or not by a postcode that is missing.

    ``lanes`` holds the lane by service index for the open ones and the undecided ones;
    ``closed`` the closing row where one spoke.
    """

    open: int
    unsettled: int
    lanes: Mapping[int, Lane]
    closed: Mapping[int, Lane]


class LaneTable:
    """Answers by (origin territory, destination territory, postcode, day), cached.

    Two rows of one service that are equally specific for the same trip and day are
    a ``WorldError``: the order of lines never decides.
    """

    __slots__ = ("_answers", "_carried_as", "_changes", "_postcoded", "_services", "_trips")

    def __init__(self, services: Sequence[Service], carried_as: Mapping[str, str]) -> None:
        self._services = services
        self._carried_as = carried_as
        days = {
            day for s in services for lane in s.lanes for day in (lane.valid_from, lane.valid_until) if day
        }
        self._changes = sorted(days)
        self._trips: dict[tuple[str, str, int], tuple[tuple[Service, tuple[Lane, ...]], ...]] = {}
        self._postcoded: dict[tuple[str, str, int], bool] = {}
        self._answers: dict[tuple[str, str, str | None, int], LaneAnswer] = {}
        for service in services:
            _refuse_ambiguity(service.lanes)

    def answer(self, origin: str, destination: Place, day: date) -> LaneAnswer:
        """The services of a trip. A destination without a settled territory is an ``InputError``."""
        territory = destination.territory
        if territory is None:
            raise InputError(
                "the destination's fiscal territory is not settled",
                code="carriers.territory_missing",
                place="destination.territory",
                cure="resolve country and postcode to a territory first",
            )
        epoch = bisect_right(self._changes, day)
        trip = (origin, territory, epoch)
        candidates = self._trips.get(trip)
        if candidates is None:
            candidates = self._candidates(origin, territory, day)
            self._trips[trip] = candidates
            self._postcoded[trip] = any(
                not lane.reach.postcodes.everywhere for _, lanes in candidates for lane in lanes
            )
        postcode = None
        if self._postcoded[trip] and destination.postcode:
            postcode = normal_postcode(destination.postcode)
        key = (origin, territory, postcode, epoch)
        found = self._answers.get(key)
        if found is None:
            if len(self._answers) >= CACHE_SIZE:
                self._answers.clear()
            found = self._answers[key] = _settle(candidates, postcode)
        return found

    def why_not(self, service: Service, origin: str, destination: Place, day: date) -> Reason | None:
        """None where the lane is open; else ``lane_none``, ``lane_closed`` or ``lane_postcode_missing``."""
        answer = self.answer(origin, destination, day)
        bit = 1 << service.index
        if answer.open & bit:
            return None
        arguments: dict[str, object] = {
            "service": service.id,
            "origin": origin,
            "destination": destination.territory,
        }
        if answer.unsettled & bit:
            return Reason("lane_postcode_missing", arguments)
        closing = answer.closed.get(service.index)
        if closing is None:
            return Reason("lane_none", arguments)
        arguments["because"] = closing.reason
        if closing.valid_from is not None:
            arguments["since"] = closing.valid_from.isoformat()
        return Reason("lane_closed", arguments)

    def _candidates(
        self, origin: str, territory: str, day: date
    ) -> tuple[tuple[Service, tuple[Lane, ...]], ...]:
        """Rows that reach the territory that day, most specific first, closures before openings."""
        found = []
        for service in self._services:
            ranked = [
                (lane.reach.rank(origin, territory, self._carried_as), lane)
                for lane in service.lanes
                if lane.holds(day)
            ]
            ranked = sorted(
                (pair for pair in ranked if pair[0]), key=lambda pair: (not pair[1].closed, -pair[0])
            )
            if ranked:
                found.append((service, tuple(lane for _, lane in ranked)))
        return tuple(found)


def _settle(candidates: tuple[tuple[Service, tuple[Lane, ...]], ...], postcode: str | None) -> LaneAnswer:
    is_open = unsettled = 0
    lanes: dict[int, Lane] = {}
    closed: dict[int, Lane] = {}
    for service, rows in candidates:
        opening: Lane | None = None
        doubtful_opening: Lane | None = None
        doubtful_closure = False
        for lane in rows:
            inside = lane.reach.postcodes.has(postcode)
            if inside is Truth.NO:
                continue
            if lane.closed:
                if inside is Truth.YES:
                    closed[service.index] = lane
                    break
                doubtful_closure = True
            elif inside is Truth.YES:
                opening = lane
                break
            else:
                doubtful_opening = doubtful_opening or lane
        if service.index in closed:
            continue
        speaks = opening or doubtful_opening
        if speaks is None:
            continue
        lanes[service.index] = speaks
        if opening is not None and not doubtful_closure:
            is_open |= 1 << service.index
        else:
            unsettled |= 1 << service.index
    return LaneAnswer(is_open, unsettled, lanes, closed)


def _refuse_ambiguity(lanes: Sequence[Lane]) -> None:
    for number, one in enumerate(lanes):
        for two in lanes[number + 1 :]:
            if one.closed == two.closed and _meet(one, two) and one.reach.rivals(two.reach):
                raise WorldError(
                    f"two lanes of {one.service} speak of the same trip and day with equal precision",
                    code="carriers.lane_ambiguous",
                    place="lanes.csv",
                    cure="exclude territories or postcodes from one of them, or part their dates",
                )


def _meet(one: Lane, two: Lane) -> bool:
    start = max(day for day in (one.valid_from, two.valid_from, date.min) if day)
    end = min(day for day in (one.valid_until, two.valid_until, date.max) if day)
    return start < end
