"""A question about the law turned into a movement of goods; what it leaves open and we assume is named."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from importlib.resources import files

from customs.rates import VatRate
from customs.territories import Territory
from domain import (
    Address,
    Buyer,
    CustomsHints,
    Entity,
    Freight,
    InputError,
    Money,
    Order,
    OrderLine,
    Place,
    Product,
    Registration,
    UnknownReference,
    minor_digits,
)
from engine.border import Carriage
from engine.case import Case, Line, at
from engine.facts.order import vat_number_status
from engine.movement import Movement
from engine.rulebook.problems import nearest
from engine.world import World
from scenarios.queries import LandedQuery, LineQuery, PlaceQuery, SellerQuery, VatQuery
from scenarios.query_checks import check

__all__ = ["Assumed", "movement_of"]

OWN_GOODS = frozenset({"own_goods_transfer", "intercompany_supply"})
NETWORK = {"post": frozenset({"cn23_post"}), "express": frozenset[str](), "freight": frozenset[str]()}
"""What rules read of a carrier when only the kind of its network is known."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """Something the question left open and the answer takes for granted."""

    what: str
    value: str

    def to_json(self) -> dict[str, str]:
        """As shown."""
        return {"what": self.what, "value": self.value}


def movement_of(query: VatQuery | LandedQuery, world: World) -> tuple[Movement, tuple[Assumed, ...]]:
    """The movement asked about, and what was assumed. Raises InputError with a JSON pointer."""
    with at("/currency"):
        minor_digits(query.currency)
    assumed: list[Assumed] = []
    dispatch = _territory(query.ship_from, "/ship_from", query.date, world, assumed)
    arrival = _territory(query.ship_to, "/ship_to", query.date, world, assumed)
    check(query, dispatch, arrival, world)
    landed = query if isinstance(query, LandedQuery) else None
    leaves = landed.dispatched_on or query.date if landed else query.date
    seller = _entity("seller", query.seller, query, assumed)
    if query.seller.deemed_supplier:
        assumed.append(Assumed("seller.deemed_supplier", "the platform sells in its own name"))
    order = _order(query, seller, assumed)
    lines = _lines(query, order, seller, world, assumed)
    assumed += _read_on(query.date, (dispatch, arrival), lines, world)
    destination = _place(query.ship_to, arrival)
    finding = world.territories.resolve(
        query.ship_to.country,
        query.ship_to.postcode,
        query.ship_to.city,
        query.ship_to.subdivision,
        day=query.date,
    )
    case = Case(order, lines, destination, finding, None, query.date)
    platform = _entity("platform", query.platform, query, assumed) if query.platform else None
    if platform is not None:
        seller = replace(seller, marketplace=True)
    carriage = _carriage(landed)
    return Movement(
        case,
        seller,
        platform,
        dispatch,
        _place(query.ship_from, dispatch),
        arrival,
        destination,
        leaves,
        leaves,
        carriage,
        _stated(query, landed),
        _wish(query, landed),
        {
            name: line.gross_weight_g * line.quantity
            for name, line in _named(_line_queries(query))
            if line.gross_weight_g
        },
    ), tuple(assumed)


def _read_on(day: date, places: Sequence[Territory], lines: Sequence[Line], world: World) -> list[Assumed]:
    """The day the rates were read, where the question lies after it: what was enacted since is not in them."""
    found = [
        rate.checked
        for place in places
        for category in dict.fromkeys(line.product.vat_category for line in lines)
        if isinstance(rate := world.vat_rates.rate(place.code, category, day), VatRate) and rate.checked
    ]
    if not found or day <= min(found):
        return []
    return [Assumed("rates.read_on", min(found).isoformat())]


def _territory(place: PlaceQuery, pointer: str, day: date, world: World, assumed: list[Assumed]) -> Territory:
    """Where it lies. A country alone is taken for its main territory, which the answer then says."""
    with at(pointer, extend=True):
        found = world.territories.resolve(
            place.country, place.postcode, place.city, place.subdivision, day=day
        )
    if found.territory is not None:
        return found.territory
    vague = not (place.postcode or place.city or place.subdivision)
    main = next((t for t in world.territories.all(day) if t.code == place.country), None)
    if vague and main is not None and main.code in found.candidates:
        assumed.append(Assumed(f"{pointer.removeprefix('/')}.territory", main.code))
        return main
    raise InputError(
        f"the fiscal territory cannot be determined: {found.basis}",
        code="query.territory",
        place=pointer,
        cure=f"give postcode or city; possible are {', '.join(found.candidates[:12])}",
    )


def _place(place: PlaceQuery, territory: Territory) -> Place:
    return Place(place.country, place.postcode, place.city, place.subdivision, territory.code)


@cache
def _number_kinds() -> dict[str, str]:
    text = files("scenarios").joinpath("vat_numbers.csv").read_text(encoding="utf-8")
    return {row["country"]: row["kind"] for row in csv.DictReader(text.splitlines())}


@cache
def _classes_of() -> dict[str, frozenset[str]]:
    """Product classes that a VAT category implies: wine is under excise, whoever forgot to say so."""
    text = files("scenarios").joinpath("category_classes.csv").read_text(encoding="utf-8")
    found: dict[str, frozenset[str]] = {}
    for row in csv.DictReader(text.splitlines()):
        found[row["category"]] = found.get(row["category"], frozenset()) | {row["class"]}
    return found


def _entity(name: str, said: SellerQuery, query: VatQuery | LandedQuery, assumed: list[Assumed]) -> Entity:
    establishments = frozenset(said.establishments)
    if not establishments:
        establishments = frozenset({said.country})
        assumed.append(Assumed(f"{name}.establishments", said.country))
    kinds = _number_kinds()
    numbers = [
        Registration(kinds.get(country, "vat"), "GB" if country == "XI" else country, "")
        for country in said.vat_registrations
    ]
    if not said.vat_registrations and query.kind == "sale":
        numbers.append(Registration(kinds.get(said.country, "vat"), said.country, ""))
        assumed.append(Assumed(f"{name}.vat_registrations", said.country))
    for kind, held in (("oss", said.oss), ("ioss", said.ioss), ("eori", said.eori)):
        if held:
            numbers.append(Registration(kind, said.country, held if isinstance(held, str) else ""))
    numbers += [Registration(kind, said.country, "") for kind in said.registrations]
    sales = query.eu_distance_sales_eur if name == "seller" else None
    return Entity(
        name,
        name,
        said.country,
        establishments,
        tuple(numbers),
        False,
        sales,  # type: ignore[arg-type]
    )


def _order(query: VatQuery | LandedQuery, seller: Entity, assumed: list[Assumed]) -> Order:
    """The order behind the movement, in the engine's own terms."""
    placed = datetime.combine(query.date, time(12), UTC)
    landed = query if isinstance(query, LandedQuery) else None
    buyer = query.buyer
    kind = "replenishment" if query.kind in OWN_GOODS else "business"
    if query.kind == "private_gift" or (
        kind == "business" and buyer is not None and buyer.kind == "consumer"
    ):
        kind = "consumer"
    checked = None
    if buyer is not None and buyer.vat_number:
        status, _ = vat_number_status(buyer.vat_number, buyer.country or query.ship_to.country)
        if buyer.vat_number_checked is not None:
            checked = datetime.combine(buyer.vat_number_checked, time(12), UTC)
        elif status == "well_formed":
            checked = placed
            assumed.append(Assumed("buyer.vat_number", "confirmed: its form is right, no register was asked"))
    paid = None
    if landed is not None and landed.paid_on is not None:
        paid = datetime.combine(landed.paid_on, time(12), UTC)
        if paid < placed:
            raise InputError(
                "the payment was accepted before the day of the order",
                code="query.invalid",
                place="/paid_on",
                cure="date is the day of the order",
            )
    return Order(
        id=(landed.id if landed else None) or "movement",
        kind=kind,
        placed_at=placed,
        payment_accepted_at=paid,
        currency=query.currency,
        seller=seller.id,
        buyer=Buyer(
            kind=buyer.kind if buyer else "business",
            country=buyer.country if buyer else None,
            vat_number=buyer.vat_number if buyer else None,
            vat_number_checked=checked,
        ),
        ship_to=Address(
            country=query.ship_to.country, postcode=query.ship_to.postcode, city=query.ship_to.city
        ),
        to_location="ship-to" if kind == "replenishment" else None,
        lines=tuple(
            OrderLine(id=name, sku=name, quantity=line.quantity)
            for name, line in _named(_line_queries(query))
        ),
        freight=_freight(landed),
        customs=CustomsHints(
            preference_claimed=landed.preference_claimed if landed else None,
            at_risk_of_eu=landed.at_risk_of_eu if landed else None,
            excise_registered_in=landed.excise_registered_in if landed else (),
            incoterm=landed.route.incoterm if landed else query.incoterm,  # type: ignore[union-attr]
        ),
    )


def _freight(landed: LandedQuery | None) -> Freight:
    if landed is None:
        return Freight(amount=Decimal(0), tax_included=False)
    with at("/freight"):
        Money.of(landed.freight, landed.currency)
    with at("/insurance"):
        Money.of(landed.insurance, landed.currency)
    return Freight(
        amount=landed.freight, shown_separately=landed.freight_shown_separately, tax_included=False
    )


def _line_queries(query: VatQuery | LandedQuery) -> Sequence[LineQuery]:
    if isinstance(query, LandedQuery):
        return query.lines
    return (LineQuery(id="goods", net=query.net, category=query.category),)


def _named(lines: Sequence[LineQuery]) -> list[tuple[str, LineQuery]]:
    return [(line.id or str(number), line) for number, line in enumerate(lines, start=1)]


def _lines(
    query: VatQuery | LandedQuery, order: Order, seller: Entity, world: World, assumed: list[Assumed]
) -> tuple[Line, ...]:
    found = []
    known = set(world.vat_rates.categories) | {"standard"}
    single = not isinstance(query, LandedQuery)
    for index, ((name, line), source) in enumerate(
        zip(_named(_line_queries(query)), order.lines, strict=True)
    ):
        where = "" if single else f"/lines/{index}"
        if line.category not in known:
            raise UnknownReference(
                f"there is no VAT category {line.category!r}",
                code="query.unknown_category",
                place=f"{where}/category",
                cure=nearest(line.category, known),
            )
        with at(f"{where}/net"):
            Money.of(line.net, query.currency)
        found.append(
            Line(
                name,
                index,
                name,
                line.quantity,
                _product(name, line),
                seller,
                line.net,
                line.net,
                line.net,
                Decimal(0),
                True,
                source,
            )
        )
    if all(not line.product.classes for line in found):
        assumed.append(Assumed("goods.classes", "none: no excise, controlled or restricted goods"))
    return tuple(found)


def _product(name: str, line: LineQuery) -> Product:
    return Product(
        name,
        line.description,
        line.weight_g or 0,
        (0, 0, 0),
        hs_code=line.hs_code,
        origin=line.origin,
        classes=frozenset(line.classes) | _classes_of().get(line.category, frozenset()),
        vat_category=line.category,
        alcohol_percent=line.percent_vol,
        volume_ml=line.volume_ml,
        preference_statement=line.preference_statement,
        manufacturer_id=line.manufacturer_id,
        responsible_person_eu=line.responsible_person_eu,
        un_number=line.un_number,
    )


def _carriage(landed: LandedQuery | None) -> Carriage:
    if landed is None:
        return Carriage()
    return Carriage(landed.freight, landed.freight, landed.insurance, landed.parcels)


def _stated(query: VatQuery | LandedQuery, landed: LandedQuery | None) -> dict[str, object]:
    stated: dict[str, object] = {}
    if query.kind != "sale":
        stated["sale.kind"] = query.kind
    if landed is not None and landed.route.network is not None:
        stated["service.features"] = NETWORK[landed.route.network]
    if landed is not None and landed.route.transport is not None:
        stated["service.transport"] = landed.route.transport
    return stated


def _wish(query: VatQuery | LandedQuery, landed: LandedQuery | None) -> dict[str, str]:
    if landed is None:
        wished = {"incoterm": query.incoterm}  # type: ignore[union-attr]
    else:
        route = landed.route
        wished = {"declaration": route.declaration, "vat": route.vat, "incoterm": route.incoterm}
    return {name: value for name, value in wished.items() if value is not None}
