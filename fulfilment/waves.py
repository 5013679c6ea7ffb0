"""Picking waves: which prepared consignments are picked together.

Three styles. ``batch``: orders of one item, gathered by zone and SKU, so that a
picker stops once per SKU. ``cart``: orders of several items, sorted into the
slots of a cart, orders that share zones together. ``shop``: a task list per shop.
Nothing is put in a wave that is due later than the first by more than a window.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from domain import InputError

__all__ = ["Pick", "Task", "Wave", "WaveLimits", "plan_waves"]

Style = Literal["batch", "cart", "shop"]


@dataclass(frozen=True, slots=True)
class Pick:
    """Units of a SKU in a zone of the location."""

    sku: str
    units: int
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """A consignment to pick. ``start_by``: the latest start, aware."""

    consignment: str
    location: str
    style: Style
    picks: tuple[Pick, ...]
    start_by: datetime

    @property
    def units(self) -> int:
        """Units of all picks."""
        return sum([pick.units for pick in self.picks])

    @property
    def zones(self) -> frozenset[str]:
        """Zones the picker walks to."""
        return frozenset([pick.zone for pick in self.picks])


@dataclass(frozen=True, slots=True)
class WaveLimits:
    """What one wave holds; a rule's or the location's own figures. A task larger than a wave goes alone."""

    batch_units: int
    cart_slots: int
    cart_units: int
    shop_tasks: int
    window_minutes: int


@dataclass(frozen=True, slots=True)
class Wave:
    """Tasks picked together; ``stops`` are (zone, SKU, units) in walking order."""

    id: str
    location: str
    style: Style
    tasks: tuple[Task, ...]
    stops: tuple[tuple[str, str, int], ...]
    start_by: datetime


def plan_waves(tasks: Iterable[Task], limits: WaveLimits) -> tuple[Wave, ...]:
    """Waves by location and style, the most urgent first. Every task is in exactly one wave.

    The order of the input changes nothing. Errors: ``InputError`` for a repeated
    consignment at a location, a naive instant, or a ``batch`` task of several SKUs.
    """
    listed = sorted(tasks, key=lambda task: (task.location, task.style, task.consignment))
    _check(listed)
    listed.sort(key=lambda task: (task.start_by, task.consignment))
    groups: dict[tuple[str, Style], list[Task]] = {}
    for task in listed:
        groups.setdefault((task.location, task.style), []).append(task)
    waves: list[tuple[str, Style, list[Task]]] = []
    for (location, style), members in sorted(groups.items()):
        if style == "batch":
            waves += [(location, style, wave) for wave in _batches(members, limits)]
        elif style == "cart":
            waves += [(location, style, wave) for wave in _carts(members, limits)]
        else:
            waves += [(location, style, wave) for wave in _lists(members, limits)]
    waves.sort(key=lambda wave: (wave[0], wave[2][0].start_by, wave[1], wave[2][0].consignment))
    return tuple([_wave(number, *wave) for number, wave in enumerate(waves, start=1)])


def _batches(tasks: Sequence[Task], limits: WaveLimits) -> list[list[Task]]:
    """By zone; inside a zone SKU after SKU, so that one SKU is rarely in two waves."""
    zones: dict[str, list[Task]] = {}
    for task in tasks:
        zones.setdefault(task.picks[0].zone, []).append(task)
    waves: list[list[Task]] = []
    for zone in sorted(zones):
        for window in _windows(zones[zone], limits):
            current: list[Task] = []
            units = 0
            for task in sorted(window, key=lambda t: (t.picks[0].sku, t.start_by, t.consignment)):
                if current and units + task.units > limits.batch_units:
                    waves.append(current)
                    current, units = [], 0
                current.append(task)
                units += task.units
            waves.append(current)
    return [sorted(wave, key=lambda task: (task.start_by, task.consignment)) for wave in waves]


def _carts(tasks: Sequence[Task], limits: WaveLimits) -> list[list[Task]]:
    """The most urgent task opens a cart; those that add the fewest zones fill it."""
    waves = []
    left = list(tasks)
    while left:
        cart = [left.pop(0)]
        zones, units = set(cart[0].zones), cart[0].units
        until = cart[0].start_by + timedelta(minutes=limits.window_minutes)
        while len(cart) < limits.cart_slots:
            fitting = [t for t in left if t.start_by <= until and units + t.units <= limits.cart_units]
            if not fitting:
                break
            task = min(fitting, key=lambda t: (len(t.zones - zones), t.start_by, t.consignment))
            left.remove(task)
            cart.append(task)
            zones |= task.zones
            units += task.units
        waves.append(cart)
    return waves


def _lists(tasks: Sequence[Task], limits: WaveLimits) -> list[list[Task]]:
    size = max(limits.shop_tasks, 1)
    return [list(tasks[at : at + size]) for at in range(0, len(tasks), size)]


def _windows(tasks: Sequence[Task], limits: WaveLimits) -> list[list[Task]]:
    windows: list[list[Task]] = []
    width = timedelta(minutes=limits.window_minutes)
    for task in tasks:
        if windows and task.start_by <= windows[-1][0].start_by + width:
            windows[-1].append(task)
        else:
            windows.append([task])
    return windows


def _wave(number: int, location: str, style: Style, tasks: list[Task]) -> Wave:
    stops: dict[tuple[str, str], int] = {}
    for task in tasks:
        for pick in task.picks:
            stops[pick.zone, pick.sku] = stops.get((pick.zone, pick.sku), 0) + pick.units
    walk = tuple([(zone, sku, units) for (zone, sku), units in sorted(stops.items())])
    return Wave(f"W{number:04}", location, style, tuple(tasks), walk, min([t.start_by for t in tasks]))


def _check(tasks: Sequence[Task]) -> None:
    seen: set[tuple[str, str]] = set()
    for task in tasks:
        if (task.location, task.consignment) in seen:
            raise InputError(
                f"consignment {task.consignment!r} is given twice at {task.location}", code="wave.repeated"
            )
        seen.add((task.location, task.consignment))
        if task.start_by.tzinfo is None:
            raise InputError(f"start_by of {task.consignment!r} has no time zone", code="wave.naive")
        if not task.picks:
            raise InputError(f"consignment {task.consignment!r} has nothing to pick", code="wave.empty")
        if task.style == "batch" and len({pick.sku for pick in task.picks}) > 1:
            raise InputError(
                f"consignment {task.consignment!r} has several SKUs",
                code="wave.batch",
                cure="pick it with style cart",
            )
