"""Prices one consignment option: lines from a profile to an arrival, by services, on a customs route.

The quote is the whole answer for that consignment - parcels, services, border
treatment, costs - so that the sourcing search can compare stock source, carrier
and customs together and not one after the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from carriers import PickupPoint, Price, Service, fits
from domain import Entity, Interval, Money, PackItem, Parcel, Place, Reason
from engine.asking import Asker, Said
from engine.border import Route, Treatment, routes, treat
from engine.case import Case, Line
from engine.facts.consignment import Arrival, Portion, consignment_facts, crosses_fiscal_border, portions
from engine.facts.line import line_facts
from engine.profiles import Profile, Profiles
from engine.world import World
from engine.verdicts import Rejections, Verdict, judge_goods, judge_simple

__all__ = ["Quoted", "Quoter", "Shipment"]

HELD = 10**9
"""Added to the objective of a plan that a person must look at: taken only where nothing else serves."""

FORBID = frozenset({"forbidden", "refuse"})
UNTABLED = frozenset({"option.transit_days"})
"""Facts that carriers' tables may lack and no sender can give."""


@dataclass(frozen=True, slots=True)
class Shipment:
    """What one service carries. Amounts in minor units of the order's currency."""

    service: Service | None
    point: PickupPoint | None
    place: Place
    lines: tuple[tuple[str, int], ...]
    parcels: tuple[Parcel, ...]
    price: Price | None
    cost: int
    penalty: int
    facts: dict[str, object]
    said: tuple[Said, ...]
    needs: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Quoted:
    """The best option of one consignment. ``cost`` is the objective in minor units."""

    cost: int
    profile: Profile
    arrival: Arrival
    goods: tuple[Portion, ...]
    shipments: tuple[Shipment, ...]
    treatment: Treatment
    transport: int
    penalty: int
    holds: tuple[tuple[str, str], ...]
    needs: tuple[tuple[str, ...], ...]
    facts: dict[str, object]
    members: Mapping[str, Sequence[Mapping[str, object]]]
    said: tuple[Said, ...]

    @property
    def spread(self) -> int:
        """How much more it may cost where an amount is an interval."""
        return self.treatment.spread


class Quoter:
    """Quotes for one seller's lines of one order. Remembers what was asked."""

    def __init__(
        self, case: Case, seller: Entity, lines: Sequence[Line], asker: Asker, order_facts: Mapping[str, object],
        profiles: Profiles, arrivals: Sequence[Arrival], points: Mapping[str, tuple[PickupPoint, ...]], rejected: Rejections,
    ) -> None:  # fmt: skip
        self.case = case
        self.seller = seller
        self.lines = {line.id: line for line in lines}
        self.asker = asker
        self.world = asker.world
        self.order_facts = order_facts
        self.profiles = profiles
        self.arrivals = tuple(arrivals)
        self.points = points
        self.rejected = rejected
        words = asker.book.vocabulary
        operator = self.world.retailer.marketplace_operator
        self._platform = self.world.retailer.entities.get(operator) if operator else None
        self._seat = _seat(self.world, seller, case.day)
        self._line_facts = {line.id: line_facts(line, case.order.currency, words) for line in lines}
        self._line_verdicts: dict[tuple[int, int, str], tuple[Verdict, frozenset[str]]] = {}
        self._memo: dict[tuple[int, tuple[tuple[str, int], ...], Decimal, bool], Quoted | None] = {}

    # -- the callable handed to the search ---------------------------------------------------------

    def __call__(self, profile: int, bundle: tuple[tuple[str, int], ...]) -> Quoted | None:
        """The cheapest lawful option of a bundle from a profile; None where there is none."""
        return self.quote(profile, bundle)

    def quote(self, profile: int, bundle: tuple[tuple[str, int], ...], also_tested: Decimal = Decimal(0), part: bool = False) -> Quoted | None:
        """As called by the search; ``also_tested`` is the value of what else the law tests together with it."""
        key = (profile, bundle, also_tested, part)
        if key in self._memo:
            return self._memo[key]
        best: Quoted | None = None
        for number, arrival in enumerate(self.arrivals):
            found = self._at(self.profiles.all[profile], bundle, number, arrival, also_tested, part)
            if found is not None and (best is None or found.cost < best.cost):
                best = found
        self._memo[key] = best
        return best

    def candidates(self, profile: int, bundle: tuple[tuple[str, int], ...]) -> list[Quoted]:
        """The best option to each arrival, for checkout."""
        found = (self._at(self.profiles.all[profile], bundle, n, arrival, Decimal(0), False) for n, arrival in enumerate(self.arrivals))
        return [quoted for quoted in found if quoted is not None]

    # -- one arrival ---------------------------------------------------------------------------------

    def _at(self, profile: Profile, bundle: tuple[tuple[str, int], ...], number: int, arrival: Arrival, also: Decimal, part: bool) -> Quoted | None:
        goods = portions([(self.lines[name], quantity) for name, quantity in bundle], self.case.order.currency)
        facts = {
            **self.order_facts,
            **consignment_facts(
                self.case, self._consignor(profile), goods, profile.location, profile.territory, arrival, profile.leaves,
                self._declared(profile, arrival), also, part, self._platform,
            ),
        }  # fmt: skip
        if self._seat is not None:
            facts["seller.customs_union"] = self._seat
        sample = f"{profile.location.id} -> {arrival.territory.code}"
        verdict = Verdict()
        members, required = self._members(profile, number, goods, facts, verdict)
        for decision in ("compliance.destination", "sourcing.forbidden"):
            verdict.take(judge_simple(self.asker, decision, facts, members, FORBID))
        if verdict.forbids:
            for code, rule in verdict.forbids:
                self.rejected.add("sourcing" if code.startswith("sourcing.") else "compliance", code, rule, sample)
            return None
        groups = self._shipment_groups(goods, required, arrival, profile)
        if groups is None:
            return None
        said_routes = self.asker.ask("customs.routes", facts, members)
        admitted = self._admitted(said_routes, sample)
        if not admitted:
            return None
        options = [self._services(profile, arrival, lines, mode, facts, members) for lines, mode in groups]
        if any(not found for found in options):
            self._contradiction(required, verdict, sample)
            return None
        penalty_said = self.asker.ask("sourcing.penalty", facts, members)
        penalty, unsure = self._money(penalty_said)
        recover = self.asker.ask("vat.recoverable", facts, members)
        best: Quoted | None = None
        for route in admitted:
            chosen = self._cheapest(options, route, bool(facts["crosses.fiscal_border"]))
            if chosen is None:
                self.rejected.add("route", "incoterm_not_offered", "", f"{sample} {route.incoterm}")
                continue
            quoted = self._quoted(profile, arrival, goods, chosen, route, facts, members, verdict, penalty, said_routes, recover, penalty_said)
            if unsure:
                quoted = replace(quoted, needs=(*quoted.needs, *self.asker.needs(penalty_said)))
            if best is None or quoted.cost < best.cost:
                best = quoted
        return best

    def _quoted(
        self, profile: Profile, arrival: Arrival, goods: tuple[Portion, ...], chosen: tuple[Shipment, ...], route: Route,
        facts: dict[str, object], members: Mapping[str, Sequence[Mapping[str, object]]], verdict: Verdict, penalty: int,
        said_routes: Said, recover: Said, penalty_said: Said,
    ) -> Quoted:  # fmt: skip
        transport = sum(shipment.cost for shipment in chosen)
        dearest = max(chosen, key=lambda shipment: shipment.cost)
        law_facts = {**facts, **{name: value for name, value in dearest.facts.items() if name.startswith(("service.", "option."))}}
        treatment = treat(
            self.asker, law_facts, members, goods, profile.territory, arrival, route,
            self._freight(transport), max(1, sum(len(shipment.parcels) for shipment in chosen)),
            recover.answer.value is True,
        )  # fmt: skip
        needs = list(verdict.needs) + [need for shipment in chosen for need in shipment.needs] + list(treatment.needs)
        if not route.certain:
            needs += self.asker.needs(said_routes)
        if not recover.answer.decided:
            needs += self.asker.needs(recover)
        held = HELD if verdict.holds else 0
        preference = sum(shipment.penalty for shipment in chosen)
        cost = transport + preference + penalty + treatment.cost + held
        said = (*verdict.said, penalty_said, said_routes, recover, *(item for s in chosen for item in s.said), *treatment.said)
        return Quoted(
            cost, profile, arrival, goods, chosen, treatment, transport, preference + penalty, tuple(dict.fromkeys(verdict.holds)),
            tuple(dict.fromkeys(needs)), law_facts, members, said,
        )  # fmt: skip

    # -- pieces -----------------------------------------------------------------------------------------

    def _consignor(self, profile: Profile) -> Entity:
        """Who sells; for a transfer, who owns the stock that moves."""
        if self.case.order.kind != "replenishment":
            return self.seller
        return self.world.retailer.entities[profile.location.entity]

    def _declared(self, profile: Profile, arrival: Arrival) -> date | Interval:
        """The day the declaration is accepted: as told, else a window after dispatch."""
        told = self.case.order.customs.declared_on
        if told is not None:
            return told
        window = self.asker.ask(
            "customs.declaration_window",
            {**self.order_facts, "dispatch.date": profile.leaves, "crosses.fiscal_border": crosses_fiscal_border(profile.territory, arrival.territory)},
            {"line": ()},
        ).answer.value
        days = window if isinstance(window, int) else 0
        return Interval(profile.leaves, profile.leaves + timedelta(days=days)) if days else profile.leaves

    def _members(
        self, profile: Profile, number: int, goods: Sequence[Portion], facts: dict[str, object], verdict: Verdict
    ) -> tuple[dict[str, list[dict[str, object]]], dict[str, frozenset[str]]]:
        found, required = [], {}
        for portion in goods:
            held = self._portion_facts(portion)
            known = {**facts, **held}
            key = (profile.index, number, portion.line.id)
            judged = self._line_verdicts.get(key)
            if judged is None:
                single = judge_goods(self.asker, known)
                single.take(judge_simple(self.asker, "compliance.responsible_person", known, None, FORBID))
                modes = self.asker.ask("delivery.required", known)
                if modes.answer.possible:
                    single.needs += self.asker.needs(modes)
                if modes.answer.certain:
                    single.said.append(modes)
                judged = self._line_verdicts[key] = (single, frozenset(str(mode) for mode in modes.answer.certain))
            verdict.take(judged[0])
            required[portion.line.id] = judged[1]
            found.append({**held, "line.id": portion.line.id, "delivery.required": judged[1]})
        return {"line": found}, required

    def _portion_facts(self, portion: Portion) -> dict[str, object]:
        held = dict(self._line_facts[portion.line.id])
        if portion.quantity != portion.line.quantity:
            held["goods.quantity"] = portion.quantity
            held["goods.line_weight"] = portion.line.product.weight_g * portion.quantity
            if "goods.value" in held:
                held["goods.value"] = Money.rounded(portion.net, self.case.order.currency)
        return held

    def _shipment_groups(
        self, goods: Sequence[Portion], required: Mapping[str, frozenset[str]], arrival: Arrival, profile: Profile
    ) -> list[tuple[tuple[Portion, ...], str | None]] | None:
        """Lines that must travel by a mode apart from those that need not; one consignment all the same."""
        if arrival.kind == "shop":
            return [(tuple(goods), "shop")]
        by_mode: dict[str | None, list[Portion]] = {}
        for portion in goods:
            modes = sorted(required[portion.line.id])
            if len(modes) > 1:
                self.rejected.add("delivery", "contradicting_modes", "", f"{portion.line.id}: {' and '.join(modes)}")
                return None
            by_mode.setdefault(modes[0] if modes else None, []).append(portion)
        return [(tuple(group), mode) for mode, group in sorted(by_mode.items(), key=lambda item: item[0] or "")]

    def _admitted(self, said: Said, sample: str) -> list[Route]:
        wish = self.case.order.customs.incoterm
        found = [route for route in routes(said, self.asker.book) if wish is None or route.incoterm == wish or route.declaration == "none"]
        if not found:
            self.rejected.add("route", "no_customs_route", "", sample)
        return found

    def _freight(self, transport: int) -> Decimal:
        freight = self.case.order.freight
        if freight is None:
            return Money(transport, self.case.order.currency).amount
        rates = {line.tax_percent for line in self.case.lines if line.tax_percent is not None}
        percent = max(rates, default=Decimal(0)) if freight.tax_included else Decimal(0)
        return Money.rounded(freight.amount * 100 / (100 + percent), self.case.order.currency).amount

    def _money(self, said: Said) -> tuple[int, bool]:
        """A sum of money as minor units of the order (its lower end) and whether it is open."""
        answer = said.answer
        value = answer.value if answer.decided else (answer.possible[0] if answer.possible else None)
        if isinstance(value, Money):
            return self.asker.minor(value.amount, value.currency) or 0, not answer.decided
        return 0, not answer.decided

    def _contradiction(self, required: Mapping[str, frozenset[str]], verdict: Verdict, sample: str) -> None:
        for modes in required.values():
            for mode in modes:
                self.rejected.add("delivery", "required_mode_unavailable", "", f"{sample} {mode}", mode=mode)

    # -- services ---------------------------------------------------------------------------------------

    def _pack(self, goods: Sequence[Portion]) -> tuple[Parcel, ...]:
        return self.world.carriers.pack(
            [
                PackItem(p.line.id, p.quantity, p.line.product.weight_g, p.line.product.box_mm, p.line.product.ships_alone, p.line.product.own_box, p.line.product.no_mix)
                for p in goods
            ]
        )

    def _services(
        self, profile: Profile, arrival: Arrival, goods: tuple[Portion, ...], mode: str | None, facts: dict[str, object],
        members: Mapping[str, Sequence[Mapping[str, object]]],
    ) -> list[Shipment]:  # fmt: skip
        """Every admissible service for these goods, cheapest first."""
        lines = tuple((p.line.id, p.quantity) for p in goods)
        if facts["same.place"]:
            return [Shipment(None, None, arrival.place, lines, (), None, 0, 0, {**facts, **_COLLECTED}, (), ())]
        carriers, wish = self.world.carriers, self.case.order.delivery
        parcels = self._pack(goods)
        home = arrival.place if arrival.kind != "pickup_point" else self.case.destination
        modes = self._modes(arrival, mode)
        bits = 0
        for name in modes:
            bits |= carriers.trait_bits("mode", name)
        bits &= profile.services
        free = mode is None or mode == "shop"
        if wish.speed and free:
            bits &= carriers.trait_bits("speed", wish.speed)
        if wish.service and free:
            if wish.service not in {service.id for service in carriers.services}:
                self.rejected.add("service", "unknown_service", "", wish.service)
                return []
            bits &= 1 << carriers.get(wish.service).index
        if not bits:
            self.rejected.add("service", "no_contract", "", f"{profile.location.id} {'/'.join(modes)}")
            return []
        found: list[Shipment] = []
        target = arrival.place if arrival.kind == "pickup_point" and mode is None else home
        open_bits = carriers.lane_bits(profile.territory.code, target, profile.leaves)
        self._why_lane(bits & ~open_bits, profile, target)
        bits &= open_bits & carriers.range_bits(profile.location.place, target)
        fitting = carriers.limit_bits_all(parcels)
        self._why_limits(bits & ~fitting, parcels)
        for service in carriers.of_bits(bits & fitting):
            shipment = self._service(profile, arrival, service, lines, parcels, facts, members, target, mode)
            if shipment is not None:
                found.append(shipment)
        found.sort(key=lambda s: (s.cost + s.penalty, s.service.id if s.service else ""))
        return found

    def _modes(self, arrival: Arrival, mode: str | None) -> tuple[str, ...]:
        if mode is not None:
            return (mode,)
        wish = self.case.order.delivery.mode
        if arrival.kind == "pickup_point":
            return (wish,) if wish in ("parcel_shop", "locker") else ("parcel_shop", "locker")
        return (wish,) if wish == "two_person" else ("home",)

    def _service(
        self, profile: Profile, arrival: Arrival, service: Service, lines: tuple[tuple[str, int], ...], parcels: tuple[Parcel, ...],
        facts: dict[str, object], members: Mapping[str, Sequence[Mapping[str, object]]], target: Place, mode: str | None,
    ) -> Shipment | None:  # fmt: skip
        point = None
        if service.mode in ("parcel_shop", "locker"):
            point = self._point(service, arrival, parcels)
            if point is None:
                self.rejected.add("service", "no_pickup_point", "", service.id)
                return None
            target = replace(point.place, territory=point.territory)
        priced = self.world.carriers.price(service, profile.location.place, target, parcels, profile.leaves)
        if isinstance(priced, Reason):
            self.rejected.add("service", priced.code, "", service.id)
            return None
        cost = self.asker.minor(priced.total.amount, priced.total.currency)
        if cost is None:
            self.rejected.add("service", "no_exchange_rate", "", service.id)
            return None
        cost += self.world.adjustments.price_delta.get(service.id, 0)
        known = {**facts, **_service_facts(service), **_parcel_facts(parcels, lines), "option.cost": Money(cost, self.case.order.currency)}
        lane = self.world.carriers.lane(service, profile.territory.code, target, profile.leaves)
        if not isinstance(lane, Reason) and lane.days is not None:
            known["option.transit_days"] = lane.days[1]
        names = {name for name, _ in lines}
        mine = {"line": [member for member in members["line"] if member["line.id"] in names]}
        verdict = Verdict()
        for decision in ("compliance.transport", "delivery.forbidden"):
            verdict.take(judge_simple(self.asker, decision, known, mine, FORBID))
        if verdict.forbids:
            for code, rule in verdict.forbids:
                stage = "compliance" if code.startswith("compliance.") else "delivery"
                self.rejected.add(stage, code, rule, service.id)
            return None
        if any(set(names) <= UNTABLED for names in verdict.needs):
            # no fact of the order settles it, and a possible prohibition never counts as allowed
            self.rejected.add("service", "transit_unknown", "", service.id)
            return None
        preference = self.asker.ask("delivery.preference", known, mine)
        penalty, unsure = self._money(preference)
        needs = [*verdict.needs, *(self.asker.needs(preference) if unsure else ())]
        return Shipment(service, point, target, lines, parcels, priced, cost, penalty, known, (*verdict.said, preference), tuple(needs))

    def _point(self, service: Service, arrival: Arrival, parcels: tuple[Parcel, ...]) -> PickupPoint | None:
        for point in self.points.get(service.network or "", ()):
            if point.territory != arrival.territory.code or point.kind != service.mode:
                continue
            if point.services and service.id not in point.services:
                continue
            if point.takes(parcels):
                return point
        return None

    def _cheapest(self, options: Sequence[Sequence[Shipment]], route: Route, border: bool) -> tuple[Shipment, ...] | None:
        """For each group of goods the cheapest service that offers the route's incoterm."""
        chosen = []
        for group in options:
            usable = [s for s in group if not border or s.service is None or not s.service.incoterms or route.incoterm in s.service.incoterms]
            if not usable:
                return None
            chosen.append(usable[0])
        return tuple(chosen)

    def _why_lane(self, bits: int, profile: Profile, target: Place) -> None:
        for service in self.world.carriers.of_bits(bits):
            why = self.world.carriers.lane(service, profile.territory.code, target, profile.leaves)
            self.rejected.add("service", why.code if isinstance(why, Reason) else "lane_none", "", service.id)

    def _why_limits(self, bits: int, parcels: tuple[Parcel, ...]) -> None:
        for service in self.world.carriers.of_bits(bits):
            why = next((reason for parcel in parcels if (reason := fits(service, parcel)) is not None), None)
            self.rejected.add("service", why.code if why else "limit", "", service.id)


_COLLECTED = {"service.mode": "shop", "service.speed": "standard", "service.transport": "none", "service.features": frozenset(), "service.accepts": frozenset(), "option.parcels": 0}


def _seat(world: World, seller: Entity, day: date) -> str | None:
    """The customs territory of the seller's seat, where its country has but one."""
    finding = world.territories.resolve(seller.country, day=day)
    unions = {world.territories.get(code).customs_union for code in finding.candidates if code == seller.country}
    return unions.pop() if len(unions) == 1 else None


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


def _parcel_facts(parcels: Sequence[Parcel], lines: Sequence[tuple[str, int]]) -> dict[str, object]:
    return {
        "option.parcels": len(parcels),
        "option.heaviest_parcel": max((parcel.weight_g for parcel in parcels), default=0),
        "option.longest_side": max((parcel.longest_mm for parcel in parcels), default=0),
    }

