"""Surcharges: when they apply, what they cost, on which base and in which order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from carriers.reach import Codes, Postcodes
from carriers.tables import Folder, Row, read_rows
from carriers.territories import Territories
from carriers.windows import YearlyWindow, parse_window
from domain import Money, Truth

__all__ = ["Surcharge", "load_surcharges"]

KINDS: Final = frozenset({"fixed", "percent", "per_kg"})
BASES: Final = frozenset({"parcel", "shipment"})
GRAMS_PER_KG: Final = 1000
HUNDRED: Final = Decimal(100)
TRANSPORT: Final = "transport"

Areas = list[tuple[Codes, Postcodes]]


@dataclass(frozen=True, slots=True)
class Surcharge:
    """One surcharge. ``services`` are ids, or ``carrier:`` and a carrier's name.

    ``kind``: ``fixed``, ``percent`` of ``base`` or ``per_kg`` (each started kilogram);
    ``minimum`` holds the latter two up: ``max(per_kg, minimum)``. ``base`` lists what a
    percentage is taken on: ``transport`` and ids of surcharges earlier in ``order``.
    ``ratio`` is a percentage as an exact fraction of whole numbers. Amounts are net and
    in ``currency``: it joins only tariffs of that currency. ``areas`` are territories each
    with its postcodes, so that a list of one country never speaks of another.
    """

    id: str
    title: str
    services: frozenset[str]
    origins: Codes
    destinations: Codes
    areas: tuple[tuple[Codes, Postcodes], ...]
    bands: frozenset[str]
    over_g: int | None
    up_to_g: int | None
    window: YearlyWindow | None
    valid_from: date | None
    valid_until: date | None
    flag: str | None
    kind: str
    amount: Decimal
    ratio: tuple[int, int]
    minor: int
    minimum: int
    currency: str
    basis: str
    base: tuple[str, ...]
    order: int
    tax_class: str
    demo: bool
    source: str

    def concerns(self, service: str, carrier: str, currency: str) -> bool:
        """Whether it belongs to the service's tariff in that currency."""
        return (service in self.services or f"carrier:{carrier}" in self.services) and (
            self.currency == currency
        )

    def holds(self, day: date) -> bool:
        """Whether it is in force that day and the yearly window is open."""
        return (
            (self.valid_from is None or self.valid_from <= day)
            and (self.valid_until is None or day < self.valid_until)
            and (self.window is None or self.window.holds(day))
        )

    @property
    def asks_postcode(self) -> bool:
        """Whether any area is narrower than its territories."""
        return any(not postcodes.everywhere for _, postcodes in self.areas)

    def lies(self, territory: str, postcode: str | None, carried_as: Mapping[str, str]) -> Truth:
        """Whether a destination is among those it asks for; MAYBE where the postcode is missing."""
        if not self.destinations.rank(territory, carried_as):
            return Truth.NO
        return max(
            (
                postcodes.has(postcode)
                for territories, postcodes in self.areas
                if territories.rank(territory, carried_as)
            ),
            default=Truth.NO,
        )

    def takes(self, band: str | None, grams: int) -> bool:
        """Whether a parcel of that size class and real weight bears it."""
        return (
            (not self.bands or band in self.bands)
            and (self.over_g is None or grams > self.over_g)
            and (self.up_to_g is None or grams <= self.up_to_g)
        )

    def cost(self, base: int, grams: int) -> int:
        """Minor units on a base in minor units and a billed weight; percentages round half up."""
        if self.kind == "fixed":
            return self.minor
        if self.kind == "percent":
            over, under = self.ratio
            return max((2 * base * over + under) // (2 * under), self.minimum)
        return max(self.minor * -(-grams // GRAMS_PER_KG), self.minimum)


def load_surcharges(
    folder: Folder, territories: Territories, services: frozenset[str], carriers: frozenset[str]
) -> tuple[Surcharge, ...]:
    """All surcharges in stack order (``surcharges``, the retailer's or the demo's)."""
    path = folder.supplied("surcharges")
    lists = _remote_lists(folder, territories)
    found: list[Surcharge] = []
    for row in read_rows(path) if path is not None else ():
        surcharge = _surcharge(row, territories, lists)
        for name in surcharge.services:
            stranger = name[8:] not in carriers if name.startswith("carrier:") else name not in services
            if stranger and folder.demo:
                raise row.error("services", f"unknown service or carrier {name!r}")
        found.append(surcharge)
    found.sort(key=lambda item: (item.order, item.id))
    _check_bases(found, path.name if path is not None else "")
    return tuple(found)


def _surcharge(row: Row, territories: Territories, lists: Mapping[str, Areas]) -> Surcharge:
    kind, currency = row.choice("kind", KINDS), row.text("currency")
    amount = row.decimal("amount")
    if amount is None:
        raise row.error("amount", "a surcharge needs an amount")
    exact = Money(0, currency) if kind == "percent" else row.money("amount", currency)
    minimum = row.money("minimum", currency)
    remote = row.optional("remote_list")
    if remote is not None and remote not in lists:
        raise row.error("remote_list", f"unknown list {remote!r}", "add it to the remote areas table")
    destinations = territories.codes(row, "destinations")
    areas = lists[remote] if remote is not None else [(destinations, territories.postcodes(row))]
    window = row.optional("window")
    try:
        yearly = parse_window(window) if window is not None else None
    except ValueError as problem:
        raise row.error("window", str(problem), "write it like black-friday..12-24") from None
    base = row.words("base") if kind == "percent" else ()
    if kind == "percent" and not base:
        raise row.error("base", "a percentage needs a base", "write transport")
    return Surcharge(
        id=row.text("id"),
        title=row.text("title"),
        services=frozenset(part.strip() for part in row.text("services").split(";")),
        origins=territories.codes(row, "origins"),
        destinations=destinations,
        areas=tuple(areas),
        bands=frozenset(row.words("bands")),
        over_g=row.integer("over_g"),
        up_to_g=row.integer("up_to_g"),
        window=yearly,
        valid_from=row.day("valid_from"),
        valid_until=row.day("valid_until"),
        flag=row.optional("flag"),
        kind=kind,
        amount=amount,
        ratio=(amount / HUNDRED).as_integer_ratio(),
        minor=exact.minor if exact is not None else 0,
        minimum=minimum.minor if minimum is not None else 0,
        currency=currency,
        basis=row.choice("basis", BASES),
        base=base,
        order=row.integer("order") or 0,
        tax_class=row.text("tax_class"),
        demo=row.yes("demo"),
        source=row.text("source"),
    )


def _remote_lists(folder: Folder, territories: Territories) -> Mapping[str, Areas]:
    """Named lists of remote postcodes, a row for each list and territories."""
    path = folder.supplied("remote_areas")
    found: dict[str, Areas] = defaultdict(list)
    for row in read_rows(path) if path is not None else ():
        found[row.text("list")].append((territories.codes(row, "territories"), territories.postcodes(row)))
    return found


def _check_bases(surcharges: list[Surcharge], name: str) -> None:
    seen = {TRANSPORT}
    for item in surcharges:
        missing = [part for part in item.base if part not in seen]
        if missing:
            raise Row({}, name).error(
                "base", f"{item.id} is taken on {missing[0]!r}, which is not earlier in the stack"
            )
        if item.id in seen:
            raise Row({}, name).error("id", f"surcharge id {item.id!r} is used twice")
        seen.add(item.id)
