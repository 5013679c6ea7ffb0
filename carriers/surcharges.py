"""Surcharges: when they apply, what they cost, on which base and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
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


@dataclass(frozen=True, slots=True)
class Surcharge:
    """One surcharge. ``services`` are ids, or ``carrier:`` and a carrier's name.

    ``kind``: ``fixed``, ``percent`` of ``base`` or ``per_kg`` (each started kilogram);
    ``minimum`` holds the latter two up: ``max(per_kg, minimum)``. ``base`` lists what a
    percentage is taken on: ``transport`` and ids of surcharges earlier in ``order``.
    Amounts are net and in the currency of the tariff it joins, which must be ``currency``.
    """

    id: str
    title: str
    services: frozenset[str]
    origins: Codes
    destinations: Codes
    postcodes: Postcodes
    bands: frozenset[str]
    over_g: int | None
    up_to_g: int | None
    window: YearlyWindow | None
    valid_from: date | None
    valid_until: date | None
    flag: str | None
    kind: str
    amount: Decimal
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

    def lies(self, postcode: str | None) -> Truth:
        """Whether the destination's postcode is among those it asks for."""
        return self.postcodes.has(postcode)

    def takes(self, band: str, grams: int) -> bool:
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
            exact = Decimal(base) * self.amount / HUNDRED
            return max(int(exact.to_integral_value(ROUND_HALF_UP)), self.minimum)
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


def _surcharge(row: Row, territories: Territories, lists: dict[str, Postcodes]) -> Surcharge:
    kind, currency = row.choice("kind", KINDS), row.text("currency")
    amount = row.decimal("amount")
    if amount is None:
        raise row.error("amount", "a surcharge needs an amount")
    exact = Money(0, currency) if kind == "percent" else row.money("amount", currency)
    minimum = row.money("minimum", currency)
    remote = row.optional("remote_list")
    if remote is not None and remote not in lists:
        raise row.error("remote_list", f"unknown list {remote!r}", "add it to the remote areas table")
    postcodes = lists[remote] if remote is not None else territories.postcodes(row)
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
        destinations=territories.codes(row, "destinations"),
        postcodes=postcodes,
        bands=frozenset(row.words("bands")),
        over_g=row.integer("over_g"),
        up_to_g=row.integer("up_to_g"),
        window=yearly,
        valid_from=row.day("valid_from"),
        valid_until=row.day("valid_until"),
        flag=row.optional("flag"),
        kind=kind,
        amount=amount,
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


def _remote_lists(folder: Folder, territories: Territories) -> dict[str, Postcodes]:
    """Named postcode lists; a list with territories apart is a row per list and territory set."""
    path = folder.supplied("remote_areas")
    return {
        row.text("list"): territories.postcodes(row) for row in (read_rows(path) if path is not None else ())
    }


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
