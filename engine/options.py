"""The services that may carry some goods of a consignment: priced first, judged by the rules in order of price.

Only as many services are put to the rules as are needed to know the best one:
a service whose price alone exceeds the best admitted total cannot win, however
much the rules prefer it. ``exhaustive`` judges all of them, for explanations;
the winner is the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from carriers import PickupPoint, Price, Service, fits
from domain import Money, PackItem, Parcel, Place, Reason
from engine.asking import Asker, Said
from engine.case import Case
from engine.facts.consignment import Arrival, Portion
from engine.profiles import Profile
from engine.verdicts import Rejections, Verdict, judge_simple

__all__ = ["FORBID", "Choosing", "Pricing", "Shipment"]

FORBID = frozenset({"forbidden", "refuse"})
UNTABLED = frozenset({"option.transit_days"})
"""Facts that carriers' tables may lack and no sender can give."""

Lines = tuple[tuple[str, int], ...]
Members = Mapping[str, Sequence[Mapping[str, object]]]


@dataclass(frozen=True, slots=True)
class Shipment:
    """What one service carries. Amounts in minor units of the order's currency."""

    service: Service | None
    point: PickupPoint | None
    place: Place
    lines: Lines
    parcels: tuple[Parcel, ...]
    price: Price | None
    cost: int
    penalty: int
    facts: dict[str, object]
    said: tuple[Said, ...]
    needs: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Priced:
    """A service that goes there, takes the parcels and has a price; not yet judged."""

    service: Service
    point: PickupPoint | None
    place: Place
    price: Price
    cost: int
    transit_days: int | None
    cheapest: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """All priced services for some goods from a profile to an arrival, cheapest first."""

    lines: Lines
    parcels: tuple[Parcel, ...]
    priced: tuple[Priced, ...]


class Pricing:
    """Packs and prices, remembering by profile, arrival, goods and mode."""

    def __init__(
        self, case: Case, asker: Asker, points: Mapping[str, tuple[PickupPoint, ...]], rejected: Rejections
    ) -> None:
        self._case = case
        self._asker = asker
        self._world = asker.world
        self._points = points
        self._rejected = rejected
        self._known: dict[tuple[int, int, Lines, str | None], Offered] = {}

    def offered(
        self, profile: Profile, number: int, arrival: Arrival, goods: Sequence[Portion], mode: str | None
    ) -> Offered:
        """Every service that physically and by contract can carry the goods."""
        lines = tuple((p.line.id, p.quantity) for p in goods)
        key = (profile.index, number, lines, mode)
        found = self._known.get(key)
        if found is None:
            parcels = self._pack(goods)
            found = self._known[key] = Offered(
                lines, parcels, self._price_all(profile, arrival, goods, parcels, mode)
            )
        return found

    def _pack(self, goods: Sequence[Portion]) -> tuple[Parcel, ...]:
        items = []
        for portion in goods:
            product = portion.line.product
            items.append(
                PackItem(
                    portion.line.id,
                    portion.quantity,
                    product.weight_g,
                    product.box_mm,
                    product.ships_alone,
                    product.own_box,
                    product.no_mix,
                )
            )
        return self._world.carriers.pack(items)

    def _wanted(self, profile: Profile, arrival: Arrival, mode: str | None) -> int:
        """Services by contract, mode and the buyer's wish."""
        carriers, wish = self._world.carriers, self._case.order.delivery
        modes = self._modes(arrival, mode)
        bits = 0
        for name in modes:
            bits |= carriers.trait_bits("mode", name)
        free = mode is None or mode == "shop"
        if wish.speed and free:
            bits &= carriers.trait_bits("speed", wish.speed)
        if wish.service and free:
            bits &= 1 << carriers.get(wish.service).index
        uncontracted = bits & ~profile.services
        if wish.service and uncontracted:
            self._rejected.add("service", "no_contract", "", wish.service)
        if not bits & profile.services:
            self._rejected.add("service", "no_contract", "", f"{profile.location.id} {'/'.join(modes)}")
        return bits & profile.services

    def _modes(self, arrival: Arrival, mode: str | None) -> tuple[str, ...]:
        if mode is not None:
            return (mode,)
        wish = self._case.order.delivery.mode
        if arrival.kind == "pickup_point":
            return (wish,) if wish in ("parcel_shop", "locker") else ("parcel_shop", "locker")
        return (wish,) if wish == "two_person" else ("home",)

    def _price_all(
        self,
        profile: Profile,
        arrival: Arrival,
        goods: Sequence[Portion],
        parcels: tuple[Parcel, ...],
        mode: str | None,
    ) -> tuple[Priced, ...]:
        carriers = self._world.carriers
        bits = self._wanted(profile, arrival, mode)
        if not bits:
            return ()
        to_point = arrival.kind == "pickup_point" and mode is None
        target = arrival.place if to_point or arrival.kind != "pickup_point" else self._case.destination
        reachable = carriers.lane_bits(profile.territory.code, target, profile.leaves) & carriers.range_bits(
            profile.location.place, target
        )
        fitting = carriers.limit_bits_all(parcels)
        self._say_why(bits, reachable, fitting, profile, target, parcels)
        found = [
            priced
            for s in carriers.of_bits(bits & reachable & fitting)
            if (priced := self._price(profile, arrival, s, target, parcels, goods)) is not None
        ]
        found.sort(key=lambda priced: (priced.cost, priced.service.id))
        seen: set[str] = set()
        marked = []
        for priced in found:
            marked.append(replace(priced, cheapest=priced.service.mode not in seen))
            seen.add(priced.service.mode)
        return tuple(marked)

    def _price(
        self,
        profile: Profile,
        arrival: Arrival,
        service: Service,
        target: Place,
        parcels: tuple[Parcel, ...],
        goods: Sequence[Portion],
    ) -> Priced | None:
        point = None
        if service.mode in ("parcel_shop", "locker"):
            point = self._point(service, arrival, parcels)
            if point is None:
                self._rejected.add("service", "no_pickup_point", "", service.id)
                return None
            target = replace(point.place, territory=point.territory)
        if service.value_limit is not None:
            worth = sum((portion.gross for portion in goods), Decimal(0))
            turned = self._asker.convert(
                "ecb_day", worth, self._asker.currency, service.value_limit.currency, self._asker.day
            )
            if turned is not None and turned > service.value_limit.amount:
                self._rejected.add("service", "limit_value", "", service.id)
                return None
        price = self._world.carriers.price(service, profile.location.place, target, parcels, profile.leaves)
        if isinstance(price, Reason):
            self._rejected.add("service", price.code, "", service.id)
            return None
        cost = self._asker.minor(price.total.amount, price.total.currency)
        if cost is None:
            self._rejected.add("service", "no_exchange_rate", "", service.id)
            return None
        cost += self._world.adjustments.price_delta.get(service.id, 0)
        lane = self._world.carriers.lane(service, profile.territory.code, target, profile.leaves)
        days = lane.days[1] if not isinstance(lane, Reason) and lane.days is not None else None
        return Priced(service, point, target, price, cost, days, False)

    def _point(self, service: Service, arrival: Arrival, parcels: tuple[Parcel, ...]) -> PickupPoint | None:
        for point in self._points.get(service.network or "", ()):
            if point.territory != arrival.territory.code or point.kind != service.mode:
                continue
            if (not point.services or service.id in point.services) and point.takes(parcels):
                return point
        return None

    def _say_why(
        self,
        bits: int,
        reachable: int,
        fitting: int,
        profile: Profile,
        target: Place,
        parcels: tuple[Parcel, ...],
    ) -> None:
        carriers = self._world.carriers
        for service in carriers.of_bits(bits & ~reachable):
            lane = carriers.lane(service, profile.territory.code, target, profile.leaves)
            far = carriers.out_of_range(service, profile.location.place, target)
            why = lane if isinstance(lane, Reason) else far
            self._rejected.add("service", why.code if why is not None else "lane_none", "", service.id)
        for service in carriers.of_bits(bits & reachable & ~fitting):
            limit = next(
                (reason for parcel in parcels if (reason := fits(service, parcel)) is not None), None
            )
            self._rejected.add("service", limit.code if limit else "limit", "", service.id)


class Choosing:
    """The best admitted service of an offer, by incoterm; the rules are asked only as far as needed."""

    def __init__(
        self,
        offered: Offered,
        asker: Asker,
        facts: dict[str, object],
        members: Members,
        rejected: Rejections,
        exhaustive: bool,
    ) -> None:
        self._offered = offered
        self._asker = asker
        self._facts = facts
        names = {name for name, _ in offered.lines}
        self._members = {"line": [member for member in members["line"] if member["line.id"] in names]}
        self._rejected = rejected
        self._exhaustive = exhaustive
        self._judged: dict[int, Shipment | None] = {}

    @property
    def anything(self) -> bool:
        """Whether any service was admitted so far."""
        return any(shipment is not None for shipment in self._judged.values())

    def best(self, incoterm: str, border: bool) -> Shipment | None:
        """The cheapest admitted service, preferences counted, that offers the incoterm (any, inside one area)."""
        most = self._asker.lowest("delivery.preference")
        best: Shipment | None = None
        for number, priced in enumerate(self._offered.priced):
            if best is not None and priced.cost + most > best.cost + best.penalty and not self._exhaustive:
                break
            terms = priced.service.incoterms
            if border and terms and incoterm not in terms:
                continue
            shipment = self._judge(number, priced)
            if shipment is not None and (best is None or _rank(shipment) < _rank(best)):
                best = shipment
        return best

    def _judge(self, number: int, priced: Priced) -> Shipment | None:
        if number not in self._judged:
            self._judged[number] = self._admit(priced)
        return self._judged[number]

    def _admit(self, priced: Priced) -> Shipment | None:
        service, parcels = priced.service, self._offered.parcels
        known = {
            **self._facts,
            **_service_facts(service),
            "option.parcels": len(parcels),
            "option.heaviest_parcel": max((parcel.weight_g for parcel in parcels), default=0),
            "option.longest_side": max((parcel.longest_mm for parcel in parcels), default=0),
            "option.cost": Money(priced.cost, self._asker.currency),
            "option.cheapest_in_mode": priced.cheapest,
        }
        if priced.transit_days is not None:
            known["option.transit_days"] = priced.transit_days
        verdict = Verdict()
        for decision in ("compliance.transport", "delivery.forbidden"):
            verdict.take(judge_simple(self._asker, decision, known, self._members, FORBID))
        if verdict.forbids:
            for code, rule in verdict.forbids:
                self._rejected.add(
                    "compliance" if code.startswith("compliance.") else "delivery", code, rule, service.id
                )
            return None
        if any(set(names) <= UNTABLED for names in verdict.needs):
            # no fact of the order settles it, and a possible prohibition never counts as allowed
            self._rejected.add("service", "transit_unknown", "", service.id)
            return None
        preference = self._asker.ask("delivery.preference", known, self._members)
        penalty, unsure = self._asker.money(preference)
        needs = (*verdict.needs, *(self._asker.needs(preference) if unsure else ()))
        return Shipment(
            service,
            priced.point,
            priced.place,
            self._offered.lines,
            parcels,
            priced.price,
            priced.cost,
            penalty,
            known,
            (*verdict.said, preference),
            needs,
        )


def _rank(shipment: Shipment) -> tuple[int, str]:
    return shipment.cost + shipment.penalty, shipment.service.id if shipment.service else ""


def _service_facts(service: Service) -> dict[str, object]:
    return {
        "service.id": service.id,
        "service.carrier": service.carrier,
        "service.mode": service.mode,
        "service.speed": service.speed,
        "service.transport": service.transport,
        "service.features": service.features,
        "service.accepts": service.accepts,
    }
