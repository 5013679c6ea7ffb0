"""Computes the facts of a consignment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from customs.territories import Territory
from domain import NOT_APPLICABLE, Choice, Entity, Interval, Location, Money, Place
from engine.case import Case, Line
from engine.facts.order import vat_number_status

__all__ = ["Arrival", "Portion", "consignment_facts", "crosses_fiscal_border", "portions", "sale_kind"]

VAT_NUMBERS = frozenset({"vat", "gb_vat", "ch_vat", "no_vat", "xi"})


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where transport ends: a delivery address, a pickup point or a shop."""

    kind: str
    place: Place
    territory: Territory
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Portion:
    """Units of one line in one consignment, with their share of the line's value."""

    line: Line
    quantity: int
    net: Decimal
    gross: Decimal
    sale_net: Decimal
    gross_weight_g: int | None = None


def portions(lines: Sequence[tuple[Line, int]], currency: str) -> tuple[Portion, ...]:
    """Shares of value by units; a whole line keeps its exact amounts."""
    found = []
    for line, quantity in lines:
        if quantity == line.quantity:
            found.append(Portion(line, quantity, line.net, line.gross, line.sale_net))
            continue
        share = Decimal(quantity) / line.quantity
        parts = [
            Money.rounded(amount * share, currency).amount for amount in (line.net, line.gross, line.sale_net)
        ]
        found.append(Portion(line, quantity, parts[0], parts[1], parts[2]))
    return tuple(found)


ABROAD: Mapping[str | None, object] = {
    "transfer": "own_goods_transfer",
    "distance_sale": "distance_sale_to_consumer",
    None: Choice(frozenset({"own_goods_transfer", "distance_sale_to_consumer"})),
}
"""What goods are that travel to a shop in another tax area to be collected there, as declared; open if not."""


def sale_kind(case: Case, location: Location, arrival: Arrival, dispatch: Territory) -> object:
    """What kind of supply moves: a sale to a consumer or business, a local sale, or own goods."""
    order = case.order
    if order.kind == "replenishment":
        same = arrival.location is not None and arrival.location.entity == location.entity
        return "own_goods_transfer" if same else "intercompany_supply"
    if order.kind == "business":
        return "business_supply"
    if arrival.kind == "shop":
        if arrival.location is not None and arrival.location.id == location.id:
            return "local_sale"
        here = (dispatch.country, dispatch.vat_area)
        if here == (arrival.territory.country, arrival.territory.vat_area):
            return "local_sale"
        return ABROAD[order.delivery.collect_abroad_as]
    return "distance_sale_to_consumer"


def crosses_fiscal_border(dispatch: Territory, arrival: Territory) -> bool:
    """Whether the customs, VAT or excise area changes, so that formalities apply."""
    return (
        dispatch.customs_union != arrival.customs_union
        or dispatch.vat_area != arrival.vat_area
        or dispatch.excise_area != arrival.excise_area
    )


def consignment_facts(
    case: Case,
    seller: Entity,
    goods: Sequence[Portion],
    location: Location,
    dispatch: Territory,
    arrival: Arrival,
    leaves: date,
    declared: Interval | date,
    also_tested: Decimal = Decimal(0),
    part_of_order: bool = False,
    platform: Entity | None = None,
) -> dict[str, object]:
    """Facts of the consignment scope. ``also_tested`` is the value of goods of the same order, seller
    and border that travel apart but are tested together (one order is one consignment to the law)."""
    order, currency, target = case.order, case.order.currency, arrival.territory
    net = sum((portion.net for portion in goods), Decimal(0))
    known = all(portion.line.net_known for portion in goods)
    same_place = arrival.location is not None and arrival.location.id == location.id
    kinds = frozenset(r.kind for r in seller.registrations if r.holds(leaves))
    numbers = [r for r in seller.registrations if r.holds(leaves) and r.kind in VAT_NUMBERS]
    countries = frozenset(r.country for r in numbers if r.kind == "vat")
    taxed_in = frozenset(r.country for r in numbers)
    facts: dict[str, object] = {
        **_side("dispatch", dispatch),
        **_side("arrival", target),
        "dispatch.location": location.id,
        "dispatch.location_kind": location.kind,
        "dispatch.abilities": location.abilities,
        "dispatch.labels": location.labels,
        "dispatch.date": leaves,
        "arrival.kind": arrival.kind,
        "arrival.place": arrival.place,
        "crosses.country_border": dispatch.country != target.country,
        "crosses.customs_border": dispatch.customs_union != target.customs_union,
        "crosses.vat_border": dispatch.vat_area != target.vat_area,
        "crosses.fiscal_border": crosses_fiscal_border(dispatch, target),
        "crosses.excise_border": dispatch.excise_area != target.excise_area
        or dispatch.country != target.country,
        "crosses.security_border": dispatch.security_area != target.security_area,
        "same.place": same_place,
        "sale.kind": sale_kind(case, location, arrival, dispatch),
        "sale.facilitated": seller.marketplace,
        "seller.id": seller.id,
        "seller.country": seller.country,
        "seller.established_in": seller.establishments,
        "seller.single_establishment": len(seller.establishments) == 1,
        "seller.dispatches_from_home": dispatch.country == seller.country,
        "seller.registrations": kinds,
        "platform.registrations": frozenset(r.kind for r in platform.registrations if r.holds(leaves))
        if platform and seller.marketplace
        else frozenset(),
        "seller.vat_countries": countries,
        "seller.registered_at_dispatch": dispatch.vat_country in taxed_in or dispatch.country in taxed_in,
        "seller.registered_at_arrival": target.vat_country in taxed_in or target.country in taxed_in,
        "consignment.goods_gross": Money.rounded(sum((p.gross for p in goods), Decimal(0)), currency),
        "consignment.weight": sum(p.line.product.weight_g * p.quantity for p in goods),
        "consignment.lines": len(goods),
        "consignment.units": sum(p.quantity for p in goods),
        "consignment.part_of_order": part_of_order,
        "declaration.acceptance": declared,
        "customs.excise_registered": target.country in order.customs.excise_registered_in,
        # a preference must be claimed: what nobody claims is not claimed
        "customs.preference_claimed": order.customs.preference_claimed is True,
        "customs.incoterm_wish": order.customs.incoterm or NOT_APPLICABLE,
        "buyer.vat_number_of_dispatch": _number_of_dispatch(case, dispatch),
    }
    if order.customs.at_risk_of_eu is not None:
        facts["customs.at_risk_of_eu"] = order.customs.at_risk_of_eu
    if seller.eu_distance_sales_eur is not None:
        facts["seller.eu_distance_sales"] = Money.of(seller.eu_distance_sales_eur, "EUR")
    if known:
        facts["consignment.goods_net"] = Money.rounded(net, currency)
        facts["consignment.dearest_unit"] = Money.rounded(
            max((p.net / p.quantity for p in goods), default=Decimal(0)), currency
        )
        facts["consignment.cheapest_unit"] = Money.rounded(
            min((p.net / p.quantity for p in goods), default=Decimal(0)), currency
        )
        tested = net + _hidden_freight(case, net) + also_tested
        facts["consignment.intrinsic_value"] = Money.rounded(tested, currency)
        if order.freight is not None:
            # hidden freight is in the tested value already
            shown = _freight_share(case, net + also_tested) if order.freight.shown_separately else Decimal(0)
            facts["consignment.value_delivered"] = Money.rounded(tested + shown, currency)
    return facts


def _number_of_dispatch(case: Case, dispatch: Territory) -> object:
    """Whether the buyer's VAT number is of the State of departure; Northern Ireland counts apart from Great Britain."""
    buyer = case.order.buyer
    status, country = vat_number_status(buyer.vat_number, buyer.country or case.destination.country)
    if status == "none" or country is None:
        return NOT_APPLICABLE
    return country == ("XI" if dispatch.code == "XI" else dispatch.vat_country)


def _hidden_freight(case: Case, net: Decimal) -> Decimal:
    """Freight that the buyer was not shown apart is part of the price of the goods."""
    freight = case.order.freight
    if freight is None or freight.shown_separately or not freight.amount:
        return Decimal(0)
    return _freight_share(case, net)


def _freight_share(case: Case, net: Decimal) -> Decimal:
    """The share of the order's freight, without tax, that goods worth ``net`` bear."""
    freight = case.order.freight
    if freight is None:
        return Decimal(0)
    whole = sum((line.net for line in case.lines), Decimal(0))
    rates = [line.tax_percent for line in case.lines if line.tax_percent is not None]
    inside = max(rates, default=Decimal(0)) if freight.tax_included else Decimal(0)
    amount = freight.amount * 100 / (100 + inside)
    return amount * net / whole if whole else amount


def _side(side: str, territory: Territory) -> dict[str, object]:
    return {
        f"{side}.country": territory.country,
        f"{side}.territory": territory.code,
        f"{side}.customs_union": territory.customs_union,
        f"{side}.vat_area": territory.vat_area,
        f"{side}.excise_area": territory.excise_area,
        f"{side}.security_area": territory.security_area,
    }
