"""What a carrier charges the retailer for parcels on a trip: exact, net, with every line."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from carriers.rates import RateZone, pick_zone
from carriers.reach import normal_postcode
from carriers.service import Service
from carriers.surcharges import TRANSPORT, Surcharge
from domain import Money, Parcel, Place, Reason, Truth

__all__ = ["Price", "PriceLine", "RateCards", "cost_minor", "price"]

CACHE_SIZE = 50_000


@dataclass(frozen=True, slots=True)
class PriceLine:
    """``transport`` or a surcharge id, its net amount and the tax class of the carrier's invoice."""

    code: str
    amount: Money
    tax_class: str


@dataclass(frozen=True, slots=True)
class Price:
    """Net cost. ``demo`` is true where any figure comes from a demo table."""

    total: Money
    lines: tuple[PriceLine, ...]
    zone: str
    billable_g: int
    demo: bool


@dataclass(frozen=True, slots=True)
class _Tariff:
    """What is settled by service, trip and day: the zone and the surcharges that may apply."""

    zone: RateZone
    stack: tuple[Surcharge, ...]
    per_parcel: tuple[Surcharge, ...]
    per_shipment: tuple[Surcharge, ...]


class RateCards:
    """All tariffs; which one speaks is cached by service, trip and day."""

    __slots__ = ("_cache", "_carried_as", "_postcoded", "surcharges", "zones")

    def __init__(
        self,
        zones: Mapping[str, tuple[RateZone, ...]],
        surcharges: tuple[Surcharge, ...],
        carried_as: Mapping[str, str],
    ) -> None:
        self.zones = zones
        self.surcharges = surcharges
        self._carried_as = carried_as
        self._cache: dict[tuple[str, str, str, str | None, date], _Tariff | str] = {}
        # Most trips ask for no postcode: leaving it out of the key keeps the cache small.
        self._postcoded: dict[tuple[str, str, str], bool] = {}

    def tariff(self, service: Service, origin: str, destination: Place, day: date) -> _Tariff | str:
        """The tariff of a trip, or the code of the reason why there is none."""
        territory = destination.territory
        if territory is None:
            return "rate_territory_missing"
        trip = (service.id, origin, territory)
        asked = self._postcoded.get(trip)
        if asked is None:
            asked = self._postcoded[trip] = self._asks_postcode(service, origin, territory)
        postcode = normal_postcode(destination.postcode) if asked and destination.postcode else None
        key = (*trip, postcode, day)
        found = self._cache.get(key)
        if found is None:
            if len(self._cache) >= CACHE_SIZE:
                self._cache.clear()
            found = self._cache[key] = self._find(service, origin, territory, postcode, day)
        return found

    def _asks_postcode(self, service: Service, origin: str, territory: str) -> bool:
        zones = self.zones.get(service.id, ())
        return any(
            not zone.reach.postcodes.everywhere and zone.reach.rank(origin, territory, self._carried_as)
            for zone in zones
        ) or any(
            item.asks_postcode
            and (service.id in item.services or f"carrier:{service.carrier}" in item.services)
            and item.destinations.rank(territory, self._carried_as)
            for item in self.surcharges
        )

    def _find(
        self, service: Service, origin: str, territory: str, postcode: str | None, day: date
    ) -> _Tariff | str:
        zone = pick_zone(self.zones.get(service.id, ()), origin, territory, postcode, day, self._carried_as)
        if isinstance(zone, Truth):
            return "rate_postcode_missing" if zone is Truth.MAYBE else "rate_missing"
        applying: list[Surcharge] = []
        for item in self.surcharges:
            if not (
                item.concerns(service.id, service.carrier, zone.currency)
                and item.holds(day)
                and item.origins.rank(origin, self._carried_as)
            ):
                continue
            inside = item.lies(territory, postcode, self._carried_as)
            if inside is Truth.MAYBE:
                return "rate_postcode_missing"
            if inside is Truth.YES:
                applying.append(item)
        return _Tariff(
            zone,
            tuple(applying),
            tuple(item for item in applying if item.basis == "parcel"),
            tuple(item for item in applying if item.basis == "shipment"),
        )


def price(
    service: Service,
    origin: Place,
    destination: Place,
    parcels: Sequence[Parcel],
    day: date,
    rates: RateCards,
    flags: Collection[str] = (),
) -> Price | Reason:
    """The net cost of sending the parcels as one shipment, or why it cannot be known.

    ``flags`` switch on surcharges for what was ordered or is missing
    (``saturday``, ``signature``, ``contact_missing``). Reasons: ``rate_missing``,
    ``rate_weight`` (above the last bracket), ``rate_postcode_missing``,
    ``rate_territory_missing``. Percentages are Decimal, rounded half up per line.
    """
    found = (
        rates.tariff(service, origin.territory, destination, day)
        if origin.territory is not None
        else "rate_territory_missing"
    )
    if isinstance(found, str):
        return Reason(
            found,
            {"service": service.id, "origin": origin.territory, "destination": destination.territory},
        )
    zone = found.zone
    amounts, total_g = _amounts(service, found, parcels, flags)
    if amounts is None:
        return Reason("rate_weight", {"service": service.id, "value": total_g, "zone": zone.zone})
    currency = zone.currency
    lines = [PriceLine(TRANSPORT, Money(amounts[TRANSPORT], currency), "standard")]
    is_demo = zone.demo
    if len(amounts) > 1:
        for item in found.stack:
            if item.id in amounts:
                lines.append(PriceLine(item.id, Money(amounts[item.id], currency), item.tax_class))
                is_demo = is_demo or item.demo
    return Price(Money(sum(amounts.values()), currency), tuple(lines), zone.zone, total_g, is_demo)


def _amounts(
    service: Service, tariff: _Tariff, parcels: Sequence[Parcel], flags: Collection[str]
) -> tuple[dict[str, int] | None, int]:
    """Minor units by line and the grams billed; None, and the grams, above the last bracket."""
    zone = tariff.zone
    weighed = [service.weigh(parcel) for parcel in parcels]
    total_g = sum(grams for _, grams in weighed)
    by_parcel = zone.basis == "parcel"
    shares: list[int] = []
    for grams in [grams for _, grams in weighed] if by_parcel else (total_g,):
        cost = zone.cost(grams)
        if cost is None:
            return None, grams
        shares.append(cost)
    amounts = {TRANSPORT: sum(shares)}
    if tariff.per_parcel:
        # A price per shipment is shared evenly for surcharges in percent of a parcel's transport.
        for parcel, (band, grams), share in zip(
            parcels, weighed, shares if by_parcel else _even(amounts[TRANSPORT], len(parcels)), strict=True
        ):
            own = {TRANSPORT: share}
            for item in tariff.per_parcel:
                if (item.flag is None or item.flag in flags) and item.takes(band, parcel.weight_g):
                    own[item.id] = cost = item.cost(sum(own.get(part, 0) for part in item.base), grams)
                    amounts[item.id] = amounts.get(item.id, 0) + cost
    for item in tariff.per_shipment:
        if (item.flag is None or item.flag in flags) and item.takes(
            None, sum(parcel.weight_g for parcel in parcels)
        ):
            amounts[item.id] = item.cost(sum(amounts.get(part, 0) for part in item.base), total_g)
    return amounts, total_g


def _even(amount: int, count: int) -> list[int]:
    whole, rest = divmod(amount, count) if count else (0, 0)
    return [whole + (number < rest) for number in range(count)]


def cost_minor(
    service: Service,
    origin: Place,
    destination: Place,
    parcels: Sequence[Parcel],
    day: date,
    rates: RateCards,
    flags: Collection[str] = (),
) -> int | None:
    """The total of ``price`` in minor units of the tariff's currency, or None where it gives a reason.

    The same arithmetic without the lines: for a search that compares many services.
    """
    if origin.territory is None:
        return None
    found = rates.tariff(service, origin.territory, destination, day)
    if isinstance(found, str):
        return None
    amounts, _ = _amounts(service, found, parcels, flags)
    return None if amounts is None else sum(amounts.values())
