"""Prices one consignment option: lines from a profile to an arrival, by services, on a customs route.

The quote is the whole answer for that consignment - parcels, services, border
treatment, costs - so that the sourcing search can compare stock source, carrier
and customs together and not one after the other.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from carriers import PickupPoint
from domain import Entity, Freight, Interval, Money
from engine.asking import LAW, RATE, Asker, Said
from engine.border import Carriage, Members, Route, Treatment, bound_by, routes, seat, treat
from engine.by_day import Stretch, law_by_day
from engine.case import Case, Line, repriced
from engine.facts.consignment import Arrival, Portion, consignment_facts, crosses_fiscal_border, portions
from engine.facts.line import line_facts, quantity_facts
from engine.options import FORBID, Choosing, Pricing, Shipment
from engine.profiles import Profile, Profiles
from engine.verdicts import Rejections, Verdict, judge_goods, judge_simple

__all__ = ["Quoted", "Quoter", "Shipment"]

HELD = 10**9
"""Added to the objective of a plan that a person must look at: taken only where nothing else serves."""


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
        self,
        case: Case,
        seller: Entity,
        lines: Sequence[Line],
        asker: Asker,
        order_facts: Mapping[str, object],
        profiles: Profiles,
        arrivals: Sequence[Arrival],
        points: Mapping[str, tuple[PickupPoint, ...]],
        rejected: Rejections,
        exhaustive: bool = False,
    ) -> None:
        self.case = case
        self.seller = seller
        self.lines = {line.id: line for line in lines}
        self.asker = asker
        self.world = asker.world
        self.order_facts = order_facts
        self.profiles = profiles
        self.arrivals = tuple(arrivals)
        self.rejected = rejected
        self._exhaustive = exhaustive
        self._pricing = Pricing(case, asker, points, rejected)
        self._windows: dict[tuple[date, bool], date | Interval] = {}
        self._treated: dict[tuple[object, ...], Treatment] = {}
        words = asker.book.vocabulary
        operator = self.world.retailer.marketplace_operator
        self._platform = self.world.retailer.entities.get(operator) if operator else None
        self._seat = seat(self.world, seller, case.day)
        self._bound = bound_by(self.world, seller, case.day)
        self._line_facts: dict[tuple[str, Decimal], dict[str, object]] = {}
        self._words = words
        self._repriced: dict[str, dict[str, Line]] = {}
        self._line_verdicts: dict[tuple[int, int, str], tuple[Verdict, frozenset[str]]] = {}
        self._memo: dict[tuple[int, tuple[tuple[str, int], ...], Decimal, bool], Quoted | None] = {}

    # -- the callable handed to the search ---------------------------------------------------------

    def __call__(self, profile: Hashable, bundle: tuple[tuple[str, int], ...]) -> Quoted | None:
        """The cheapest lawful option of a bundle from a profile; None where there is none."""
        assert isinstance(profile, int)
        return self.quote(profile, bundle)

    def quote(
        self,
        profile: int,
        bundle: tuple[tuple[str, int], ...],
        also_tested: Decimal = Decimal(0),
        part: bool = False,
    ) -> Quoted | None:
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
        found = (
            self._at(self.profiles.all[profile], bundle, n, arrival, Decimal(0), False)
            for n, arrival in enumerate(self.arrivals)
        )
        return [quoted for quoted in found if quoted is not None]

    def settled(self, quoted: Quoted, offered: Money | None) -> Quoted:
        """The quote with tax on what the buyer pays for delivery, once that is known."""
        if offered is None or self.case.order.freight is not None or quoted.treatment.assessment is None:
            return quoted
        again = self._again(quoted, quoted.facts, quoted.members, quoted.treatment.route, offered)
        return replace(quoted, treatment=again)

    def by_day(self, quoted: Quoted, offered: Money | None) -> tuple[Stretch, ...]:
        """What the law says on each day of an estimated acceptance, where that is what keeps it open."""
        if not any("declaration.acceptance" in names for names in quoted.needs):
            return ()

        def treat_on(facts: dict[str, object], members: Members) -> list[Treatment]:
            said = self.asker.ask("customs.routes", facts, members)
            return [
                self._again(quoted, facts, members, route, offered)
                for route in routes(said, self.asker.book)
                if route.certain and route.incoterm == quoted.treatment.route.incoterm
            ]

        return law_by_day(self.asker, quoted.facts, quoted.members, treat_on)

    def _again(
        self, quoted: Quoted, facts: dict[str, object], members: Members, route: Route, offered: Money | None
    ) -> Treatment:
        """The quote's goods treated once more, with the delivery price as offered."""
        return treat(
            self.asker,
            facts,
            members,
            quoted.goods,
            quoted.profile.territory,
            quoted.arrival,
            route,
            Carriage(
                self.freight(quoted.transport) if quoted.facts["crosses.fiscal_border"] else Decimal(0),
                self.delivery_price(offered),
                parcels=max(1, sum(len(shipment.parcels) for shipment in quoted.shipments)),
            ),
            quoted.treatment.recoverable,
        )

    # -- one arrival ---------------------------------------------------------------------------------

    def _at(
        self,
        profile: Profile,
        bundle: tuple[tuple[str, int], ...],
        number: int,
        arrival: Arrival,
        also: Decimal,
        part: bool,
    ) -> Quoted | None:
        sample = f"{profile.location.id} -> {arrival.territory.code}"
        barred = self._barred(profile, number, bundle)
        if barred is not None:
            self._reject(barred, sample)
            return None
        lines = self._lines_at(arrival)
        goods = portions([(lines[name], quantity) for name, quantity in bundle], self.case.order.currency)
        facts = {
            **self.order_facts,
            **consignment_facts(
                self.case,
                self._consignor(profile),
                goods,
                profile.location,
                profile.territory,
                arrival,
                profile.leaves,
                self._declared(profile, arrival),
                also,
                part,
                self._platform,
            ),
        }
        if self._seat is not None:
            facts["seller.customs_union"] = self._seat
        if self._bound is not None:
            facts["seller.jurisdictions"] = self._bound
        verdict = Verdict()
        members, required = self._members(profile, number, goods, facts, verdict)
        for decision in ("compliance.destination", "sourcing.forbidden"):
            verdict.take(judge_simple(self.asker, decision, facts, members, FORBID))
        if verdict.forbids:
            self._reject(verdict, sample)
            return None
        groups = self._shipment_groups(goods, required, arrival)
        if groups is None:
            return None
        said_routes = self.asker.ask("customs.routes", facts, members)
        admitted = self._admitted(said_routes, sample)
        if not admitted:
            return None
        choices = self._choices(profile, number, arrival, groups, facts, members)
        if choices is None:
            self._contradiction(required, sample)
            return None
        penalty_said = self.asker.ask("sourcing.penalty", facts, members)
        penalty, unsure = self.asker.money(penalty_said)
        recover = self.asker.ask("vat.recoverable", facts, members)
        best: Quoted | None = None
        for route in admitted:
            chosen = self._cheapest(choices, route, bool(facts["crosses.fiscal_border"]))
            if chosen is None:
                if all(isinstance(choice, Shipment) or choice.anything for choice in choices):
                    self.rejected.add("route", "incoterm_not_offered", "", f"{sample} {route.incoterm}")
                continue
            quoted = self._quoted(
                profile,
                number,
                arrival,
                goods,
                chosen,
                route,
                facts,
                members,
                verdict,
                penalty,
                said_routes,
                recover,
                penalty_said,
            )
            if unsure:
                quoted = replace(quoted, needs=(*quoted.needs, *self.asker.needs(penalty_said)))
            if best is None or quoted.cost < best.cost:
                best = quoted
        if best is None and not all(isinstance(choice, Shipment) or choice.anything for choice in choices):
            self._contradiction(required, sample)
        return best

    def _barred(self, profile: Profile, number: int, bundle: tuple[tuple[str, int], ...]) -> Verdict | None:
        """The verdict on a line already known to be forbidden from there to there, whatever travels with it."""
        for name, _ in bundle:
            judged = self._line_verdicts.get((profile.index, number, name))
            if judged is not None and judged[0].forbids:
                return judged[0]
        return None

    def _reject(self, verdict: Verdict, sample: str) -> None:
        for code, rule in verdict.forbids:
            self.rejected.add(
                "sourcing" if code.startswith("sourcing.") else "compliance", code, rule, sample
            )

    def _choices(
        self,
        profile: Profile,
        number: int,
        arrival: Arrival,
        groups: Sequence[tuple[tuple[Portion, ...], str | None]],
        facts: dict[str, object],
        members: Mapping[str, Sequence[Mapping[str, object]]],
    ) -> list[Choosing | Shipment] | None:
        """For each group of goods its services (or the counter, where they are collected on the spot)."""
        found: list[Choosing | Shipment] = []
        for goods, mode in groups:
            if facts["same.place"]:
                lines = tuple((p.line.id, p.quantity) for p in goods)
                found.append(
                    Shipment(
                        None, None, arrival.place, lines, (), None, 0, 0, {**facts, **_COLLECTED}, (), ()
                    )
                )
                continue
            offered = self._pricing.offered(profile, number, arrival, goods, mode)
            if not offered.priced:
                return None
            found.append(Choosing(offered, self.asker, facts, members, self.rejected, self._exhaustive))
        return found

    def _cheapest(
        self, choices: Sequence[Choosing | Shipment], route: Route, border: bool
    ) -> tuple[Shipment, ...] | None:
        """For each group of goods the best service that offers the route's incoterm."""
        chosen = []
        for choice in choices:
            best = choice if isinstance(choice, Shipment) else choice.best(route.incoterm, border)
            if best is None:
                return None
            chosen.append(best)
        return tuple(chosen)

    def _quoted(
        self,
        profile: Profile,
        number: int,
        arrival: Arrival,
        goods: tuple[Portion, ...],
        chosen: tuple[Shipment, ...],
        route: Route,
        facts: dict[str, object],
        members: Mapping[str, Sequence[Mapping[str, object]]],
        verdict: Verdict,
        penalty: int,
        said_routes: Said,
        recover: Said,
        penalty_said: Said,
    ) -> Quoted:
        transport = sum(shipment.cost for shipment in chosen)
        dearest = max(chosen, key=lambda shipment: shipment.cost)
        law_facts = {
            **facts,
            **{
                name: value
                for name, value in dearest.facts.items()
                if name.startswith(("service.", "option."))
            },
        }
        treatment = self._treatment(
            profile,
            number,
            arrival,
            goods,
            route,
            law_facts,
            members,
            transport,
            chosen,
            recover.answer.value is True,
        )
        needs = (
            list(verdict.needs)
            + [need for shipment in chosen for need in shipment.needs]
            + list(treatment.needs)
        )
        if not route.certain:
            needs += self.asker.needs(said_routes)
        if not recover.answer.decided:
            needs += self.asker.needs(recover)
        # what no fact of the order can settle needs a person, like a hold: anything decided is better
        unsettled = any(all(name.startswith((LAW, RATE)) for name in names) for names in needs)
        held = HELD if verdict.holds or unsettled else 0
        preference = sum(shipment.penalty for shipment in chosen)
        cost = transport + preference + penalty + treatment.cost + held
        said = (
            *verdict.said,
            penalty_said,
            said_routes,
            recover,
            *(item for s in chosen for item in s.said),
            *treatment.said,
        )
        return Quoted(
            cost,
            profile,
            arrival,
            goods,
            chosen,
            treatment,
            transport,
            preference + penalty,
            tuple(dict.fromkeys(verdict.holds)),
            tuple(dict.fromkeys(needs)),
            law_facts,
            members,
            said,
        )

    def _treatment(
        self,
        profile: Profile,
        number: int,
        arrival: Arrival,
        goods: tuple[Portion, ...],
        route: Route,
        facts: dict[str, object],
        members: Mapping[str, Sequence[Mapping[str, object]]],
        transport: int,
        chosen: tuple[Shipment, ...],
        recoverable: bool,
    ) -> Treatment:
        """The law's answer; inside one fiscal area it does not depend on who carries the goods."""
        border = bool(facts["crosses.fiscal_border"])
        parcels = max(1, sum(len(shipment.parcels) for shipment in chosen))
        lines = tuple((portion.line.id, portion.quantity) for portion in goods)
        carried = (transport, parcels, facts.get("service.id")) if border else ()
        key = (
            profile.territory.code,
            profile.location.entity,
            profile.leaves,
            number,
            lines,
            route,
            facts.get("consignment.intrinsic_value"),
            recoverable,
            facts["same.place"],
            *carried,
        )
        found = self._treated.get(key)
        if found is None:
            found = self._treated[key] = treat(
                self.asker,
                facts,
                members,
                goods,
                profile.territory,
                arrival,
                route,
                Carriage(
                    self.freight(transport) if border else Decimal(0), self.delivery_price(), parcels=parcels
                ),
                recoverable,
            )
        return found

    # -- pieces -----------------------------------------------------------------------------------------

    def _lines_at(self, arrival: Arrival) -> dict[str, Line]:
        """The lines priced for where transport ends."""
        code = arrival.territory.code
        if code == self.case.destination.territory:
            return self.lines
        if code not in self._repriced:
            place = arrival.place.within(code)
            self._repriced[code] = {
                name: repriced(line, self.case.order, place, self.world, self.case.day)
                for name, line in self.lines.items()
            }
        return self._repriced[code]

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
        border = crosses_fiscal_border(profile.territory, arrival.territory)
        key = (profile.leaves, border)
        if key not in self._windows:
            self._windows[key] = self._window(profile.leaves, border)
        return self._windows[key]

    def _window(self, leaves: date, border: bool) -> date | Interval:
        window = self.asker.ask(
            "customs.declaration_window",
            {**self.order_facts, "dispatch.date": leaves, "crosses.fiscal_border": border},
            {"line": ()},
        ).answer.value
        days = window if isinstance(window, int) else 0
        return Interval(leaves, leaves + timedelta(days=days)) if days else leaves

    def _members(
        self,
        profile: Profile,
        number: int,
        goods: Sequence[Portion],
        facts: dict[str, object],
        verdict: Verdict,
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
                judged = self._line_verdicts[key] = (
                    single,
                    frozenset(str(mode) for mode in modes.answer.certain),
                )
            verdict.take(judged[0])
            required[portion.line.id] = judged[1]
            found.append({**held, "line.id": portion.line.id, "delivery.required": judged[1]})
        return {"line": found}, required

    def _portion_facts(self, portion: Portion) -> dict[str, object]:
        key = (portion.line.id, portion.line.net)
        if key not in self._line_facts:
            self._line_facts[key] = line_facts(portion.line, self.case.order.currency, self._words)
        held = dict(self._line_facts[key])
        if portion.quantity != portion.line.quantity:
            held |= quantity_facts(portion.line.product, portion.quantity)
            if "goods.value" in held:
                held["goods.value"] = Money.rounded(portion.net, self.case.order.currency)
        return held

    def _shipment_groups(
        self,
        goods: Sequence[Portion],
        required: Mapping[str, frozenset[str]],
        arrival: Arrival,
    ) -> list[tuple[tuple[Portion, ...], str | None]] | None:
        """Lines that must travel by a mode apart from those that need not; one consignment all the same."""
        if arrival.kind == "shop":
            return [(tuple(goods), "shop")]
        by_mode: dict[str | None, list[Portion]] = {}
        for portion in goods:
            modes = sorted(required[portion.line.id])
            if len(modes) > 1:
                self.rejected.add(
                    "delivery", "contradicting_modes", "", f"{portion.line.id}: {' and '.join(modes)}"
                )
                return None
            by_mode.setdefault(modes[0] if modes else None, []).append(portion)
        return [
            (tuple(group), mode) for mode, group in sorted(by_mode.items(), key=lambda item: item[0] or "")
        ]

    def _admitted(self, said: Said, sample: str) -> list[Route]:
        """The admitted routes of the wished incoterm; where there is none, what the seller lacks is noted."""
        wish = self.case.order.customs.incoterm
        found = [
            route
            for route in routes(said, self.asker.book)
            if wish is None or route.incoterm == wish or route.declaration == "none"
        ]
        if not found:
            self.rejected.add("route", "no_customs_route", "", sample)
            lacking = self.asker.ask("vat.registration_needed", dict(said.facts), said.members)
            for rule in lacking.answer.sure_by:
                code = self.asker.book.rules[rule].then
                self.rejected.add("route", "registration_missing", rule, f"{sample} {code}")
        return found

    def freight(self, transport: int) -> Decimal:
        """Freight for customs value, net: as invoiced to the buyer, else what the carrier takes."""
        return (
            Money(max(0, transport), self.case.order.currency).amount
            if self.case.order.freight is None
            else self.delivery_price()
        )

    def delivery_price(self, offered: Money | None = None) -> Decimal:
        """What the buyer pays for delivery, net of tax: as sold, else as offered, else nothing yet."""
        freight = self.case.order.freight
        if freight is None:
            freight = Freight(amount=offered.amount) if offered is not None else None
        if freight is None:
            return Decimal(0)
        rates = {line.tax_percent for line in self.case.lines if line.tax_percent is not None}
        percent = max(rates, default=Decimal(0)) if freight.tax_included else Decimal(0)
        return Money.rounded(freight.amount * 100 / (100 + percent), self.case.order.currency).amount

    def _contradiction(self, required: Mapping[str, frozenset[str]], sample: str) -> None:
        """Note modes that rules require and nothing offers or admits."""
        for modes in required.values():
            for mode in modes:
                self.rejected.add("delivery", "required_mode_unavailable", "", f"{sample} {mode}", mode=mode)


_COLLECTED = {
    "service.mode": "shop",
    "service.speed": "standard",
    "service.transport": "none",
    "service.features": frozenset(),
    "service.accepts": frozenset(),
    "option.parcels": 0,
}
