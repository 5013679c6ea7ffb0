"""Rate cards: service -> zone (territory and postcode) -> weight brackets. Cost, net, nothing else."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from carriers.reach import Reach
from carriers.tables import Folder, Row, read_rows
from carriers.territories import Territories
from domain import Truth, WorldError

__all__ = ["Bracket", "RateZone", "load_rate_zones", "pick_zone"]

GRAMS_PER_KG: Final = 1000
BOUNDS: Final = frozenset({"inclusive", "exclusive"})
BASES: Final = frozenset({"parcel", "shipment"})


@dataclass(frozen=True, slots=True)
class Bracket:
    """Up to ``max_g`` grams (None: no end): ``base`` and, for each started kilogram above the
    bracket before, ``per_kg``; the result is held between ``minimum`` and ``maximum``. Minor units.
    """

    max_g: int | None
    base: int
    per_kg: int
    minimum: int | None
    maximum: int | None


@dataclass(frozen=True, slots=True)
class RateZone:
    """One zone of one service's tariff, in force between two days (half-open).

    ``inclusive``: a parcel of exactly the bound belongs to the bracket (the rule of
    European tariffs, which say "up to"). ``basis``: a price per parcel or per shipment.
    """

    service: str
    zone: str
    reach: Reach
    currency: str
    inclusive: bool
    basis: str
    valid_from: date | None
    valid_until: date | None
    demo: bool
    source: str
    brackets: tuple[Bracket, ...]
    bounds: tuple[int, ...]

    def holds(self, day: date) -> bool:
        """Whether the tariff is in force that day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day < self.valid_until
        )

    def cost(self, grams: int) -> int | None:
        """Minor units for that billed weight, or None above the last bracket."""
        number = (bisect_left if self.inclusive else bisect_right)(self.bounds, grams)
        if number >= len(self.brackets):
            return None
        bracket = self.brackets[number]
        amount = bracket.base
        if bracket.per_kg:
            above = grams - (self.bounds[number - 1] if number else 0)
            amount += bracket.per_kg * -(-above // GRAMS_PER_KG)
        if bracket.minimum is not None:
            amount = max(amount, bracket.minimum)
        return amount if bracket.maximum is None else min(amount, bracket.maximum)


def pick_zone(
    zones: tuple[RateZone, ...],
    origin: str,
    destination: str,
    postcode: str | None,
    day: date,
    carried_as: Mapping[str, str],
) -> RateZone | Truth:
    """The most specific zone in force; MAYBE where a missing postcode decides, NO where there is none."""
    best: RateZone | None = None
    best_rank = doubt = 0
    for zone in zones:
        if not zone.holds(day):
            continue
        rank = zone.reach.rank(origin, destination, carried_as)
        if not rank:
            continue
        inside = zone.reach.postcodes.has(postcode)
        if inside is Truth.MAYBE:
            doubt = max(doubt, rank)
        elif inside is Truth.YES and rank > best_rank:
            best, best_rank = zone, rank
    if doubt > best_rank:
        return Truth.MAYBE
    return best if best is not None else Truth.NO


def load_rate_zones(folder: Folder, territories: Territories) -> dict[str, tuple[RateZone, ...]]:
    """Zones by service from ``rate_zones`` and ``rates`` (the retailer's, else the demo's)."""
    zones_path, rates_path = folder.supplied("rate_zones"), folder.supplied("rates")
    if zones_path is None or rates_path is None:
        return {}
    rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in read_rows(rates_path):
        rows[row.text("service"), row.text("zone")].append(row)
    found: dict[str, list[RateZone]] = defaultdict(list)
    for row in read_rows(zones_path):
        zone = _zone(row, territories, rows.pop((row.text("service"), row.text("zone")), []))
        found[zone.service].append(zone)
    if rows:
        service, name = min(rows)
        raise WorldError(
            f"rates for {service} name zone {name!r}, which does not exist",
            code="carriers.table",
            place=rates_path.name,
            cure=f"add the zone to {zones_path.name}",
        )
    for zones in found.values():
        _refuse_ambiguity(zones, zones_path.name)
    return {service: tuple(zones) for service, zones in found.items()}


def _zone(row: Row, territories: Territories, rates: list[Row]) -> RateZone:
    if not rates:
        raise row.error("zone", "the zone has no rates", "add its brackets to the rates table")
    currency = row.text("currency")
    brackets = sorted(
        (_bracket(rate, currency) for rate in rates),
        key=lambda bracket: (bracket.max_g is None, bracket.max_g or 0),
    )
    bounds = tuple(bracket.max_g for bracket in brackets if bracket.max_g is not None)
    if len(set(bounds)) != len(bounds) or len(brackets) - len(bounds) > 1:
        raise row.error("zone", "two brackets end at the same weight")
    return RateZone(
        service=row.text("service"),
        zone=row.text("zone"),
        reach=territories.reach(row),
        currency=currency,
        inclusive=row.choice("bound", BOUNDS) == "inclusive",
        basis=row.choice("basis", BASES),
        valid_from=row.day("valid_from"),
        valid_until=row.day("valid_until"),
        demo=row.yes("demo"),
        source=row.text("source"),
        brackets=tuple(brackets),
        bounds=bounds,
    )


def _bracket(row: Row, currency: str) -> Bracket:
    base, minimum, maximum = (row.money(name, currency) for name in ("base", "minimum", "maximum"))
    per_kg = row.money("then_per_kg", currency)
    if base is None:
        raise row.error("base", "a bracket needs a base price")
    return Bracket(
        row.integer("max_weight_g"),
        base.minor,
        per_kg.minor if per_kg is not None else 0,
        minimum.minor if minimum is not None else None,
        maximum.minor if maximum is not None else None,
    )


def _refuse_ambiguity(zones: list[RateZone], name: str) -> None:
    for number, one in enumerate(zones):
        for two in zones[number + 1 :]:
            start = max(day for day in (one.valid_from, two.valid_from, date.min) if day)
            end = min(day for day in (one.valid_until, two.valid_until, date.max) if day)
            if start < end and one.reach.rivals(two.reach):
                raise WorldError(
                    f"zones {one.zone!r} and {two.zone!r} of {one.service} claim the same trip and day",
                    code="carriers.zone_ambiguous",
                    place=name,
                    cure="exclude territories or postcodes from one of them, or part their dates",
                )
