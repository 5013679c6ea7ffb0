"""The order with its references settled: products, sellers, places, net prices."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from customs.landed import apportion_discount, net_of
from customs.rates import VatRate
from customs.territories import Finding
from domain import (
    Entity,
    InputError,
    Location,
    Money,
    Order,
    OrderLine,
    Place,
    Product,
    UnknownReference,
    minor_digits,
)
from engine.rulebook.problems import nearest
from engine.screening import PartyScreened, screen_order
from engine.world import World

__all__ = ["Case", "Line", "repriced", "take_in"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line ready for facts: ``net`` and ``gross`` are for all units, discounts taken off.

    ``tax_percent`` is the rate inside the price, None where none is known (then
    ``net_known`` is False and net stands for the gross price as an upper bound).
    """

    id: str
    index: int
    sku: str
    quantity: int
    product: Product
    seller: Entity
    net: Decimal
    gross: Decimal
    sale_net: Decimal
    tax_percent: Decimal | None
    net_known: bool
    source: OrderLine


@dataclass(frozen=True, slots=True)
class Case:
    """An order with everything it names looked up."""

    order: Order
    lines: tuple[Line, ...]
    destination: Place
    finding: Finding
    target: Location | None
    day: date
    screening: tuple[PartyScreened, ...] = ()

    @property
    def sellers(self) -> tuple[Entity, ...]:
        """The sellers, in order of first line."""
        return tuple(dict.fromkeys(line.seller for line in self.lines))


def take_in(order: Order, world: World) -> Case:
    """Look up everything the order names. Raises :class:`UnknownReference` with a JSON pointer."""
    with at("/currency"):
        minor_digits(order.currency)  # an unknown currency is an error here
    for pointer, amount in (("/freight/amount", order.freight), ("/discount/amount", order.discount)):
        if amount is not None:
            with at(pointer):
                Money.of(amount.amount, order.currency)  # no more decimals than the currency has
    _known_wishes(order, world)
    target = _target(order, world)
    day = order.placed_at.date()
    if order.ship_to is not None and order.kind != "replenishment":
        ship = order.ship_to
        with at("/ship_to", extend=True):
            finding = world.territories.resolve(
                ship.country, ship.postcode, ship.city, ship.subdivision, day=day
            )
        destination = Place(
            ship.country,
            ship.postcode,
            ship.city,
            ship.subdivision,
            finding.territory.code if finding.territory else None,
            ship.latitude,
            ship.longitude,
        )
    elif target is not None:
        place = target.place
        finding = world.territories.resolve(
            place.country, place.postcode, place.city, place.subdivision, day=day
        )
        destination = (
            place
            if place.territory
            else replace(place, territory=finding.territory.code if finding.territory else None)
        )
    else:
        raise InputError(
            "the order says nowhere to go",
            code="order.no_destination",
            place="/ship_to",
            cure="give ship_to, collect_at or to_location",
        )
    wanted = tuple(_line(number, line, order, world) for number, line in enumerate(order.lines))
    return Case(
        order,
        _priced(wanted, order, destination, world, day),
        destination,
        finding,
        target,
        day,
        screen_order(order, world, day),
    )


@contextmanager
def at(pointer: str, extend: bool = False) -> Iterator[None]:
    """Say where in the order an input error lies."""
    try:
        yield
    except InputError as error:
        error.place = pointer + error.place if extend else pointer
        raise


def _known_wishes(order: Order, world: World) -> None:
    """The service and pickup point the buyer named exist."""
    wish = order.delivery
    if wish.service is not None:
        known = {service.id for service in world.carriers.services}
        if wish.service not in known:
            raise UnknownReference(
                f"there is no service {wish.service!r}",
                place="/delivery/service",
                cure=nearest(wish.service, known),
            )
    if wish.pickup_point is not None:
        with at("/delivery/pickup_point"):
            world.carriers.points.get(wish.pickup_point)


def _target(order: Order, world: World) -> Location | None:
    name, pointer = (
        (order.to_location, "/to_location")
        if order.kind == "replenishment"
        else (order.delivery.collect_at, "/delivery/collect_at")
    )
    if name is None:
        return None
    location = world.retailer.locations.get(name)
    if location is None:
        raise UnknownReference(
            f"there is no location {name!r}", place=pointer, cure=nearest(name, world.retailer.locations)
        )
    return location


def _line(number: int, line: OrderLine, order: Order, world: World) -> tuple[OrderLine, Product, Entity]:
    product = world.retailer.products.get(line.sku)
    if product is None:
        raise UnknownReference(
            f"there is no product {line.sku!r}",
            code="order.unknown_sku",
            place=f"/lines/{number}/sku",
            cure=nearest(line.sku, world.retailer.products),
        )
    fixes: dict[str, object] = {}
    if line.hs_code is not None:
        fixes["hs_code"] = line.hs_code
    if line.origin is not None:
        fixes["origin"] = line.origin
    if line.weight_g is not None:
        fixes["weight_g"] = line.weight_g
    if fixes:
        product = replace(product, **fixes)  # type: ignore[arg-type]
    name = line.seller or order.seller or _owner_of_target(order, world)
    entity = world.retailer.entities.get(name) if name else None
    if entity is None:
        pointer = f"/lines/{number}/seller" if line.seller else "/seller"
        cause = f"there is no legal entity {name!r}" if name else "the order names no seller"
        raise UnknownReference(
            cause,
            code="order.unknown_seller",
            place=pointer,
            cure=nearest(name or "", world.retailer.entities),
        )
    return line, product, entity


def _owner_of_target(order: Order, world: World) -> str | None:
    location = world.retailer.locations.get(order.to_location or "")
    return location.entity if location else None


def _priced(
    wanted: tuple[tuple[OrderLine, Product, Entity], ...],
    order: Order,
    destination: Place,
    world: World,
    day: date,
) -> tuple[Line, ...]:
    minor = Decimal(1).scaleb(-minor_digits(order.currency))
    gross = []
    for number, (line, product, _) in enumerate(wanted):
        price = _unit_price(number, line, product, order)
        gross.append((price * line.quantity).quantize(minor, ROUND_HALF_UP) - line.discount)
        if gross[-1] < 0:
            raise InputError(
                f"line {line.id} has a discount above its price",
                code="order.discount",
                place=f"/lines/{number}/discount",
            )
    parts = [Decimal(0)] * len(gross)
    if order.discount is not None and order.discount.amount:
        try:
            parts = list(
                apportion_discount(
                    order.discount.amount,
                    gross,
                    [line.quantity for line, _, _ in wanted],
                    order.discount.apportion,
                    order.currency,
                )
            )
        except InputError as error:
            raise InputError(
                error.cause, code="order.discount", place="/discount/amount", cure=error.cure
            ) from None
    lines = []
    for number, (line, product, seller) in enumerate(wanted):
        paid = gross[number] - parts[number]
        percent = _inside(line, product, destination, world, day)
        net = paid if percent is None else net_of(paid, percent, order.currency)
        worth = line.customs_value if line.gift and line.customs_value is not None else net
        lines.append(
            Line(
                line.id,
                number,
                line.sku,
                line.quantity,
                product,
                seller,
                worth,
                paid,
                net,
                percent,
                percent is not None or not paid,
                line,
            )
        )
    return tuple(lines)


def repriced(line: Line, order: Order, arrival: Place, world: World, day: date) -> Line:
    """The line with its net derived from the rate where transport ends, if no rate was stated.

    A pickup point may lie in another territory than the delivery address.
    """
    if line.source.tax_rate is not None or not line.source.tax_included or not line.gross:
        return line
    percent = _inside(line.source, line.product, arrival, world, day)
    if percent == line.tax_percent:
        return line
    net = line.gross if percent is None else net_of(line.gross, percent, order.currency)
    worth = line.net if line.source.gift else net
    return replace(line, net=worth, sale_net=net, tax_percent=percent, net_known=percent is not None)


def _unit_price(number: int, line: OrderLine, product: Product, order: Order) -> Decimal:
    if line.unit_price is not None:
        return line.unit_price
    if line.gift or order.kind == "replenishment":
        return Decimal(0) if line.gift else _list_price(product, order) or Decimal(0)
    price = _list_price(product, order)
    if price is None:
        raise InputError(
            f"line {line.id} has no unit_price and {product.sku} no list price in {order.currency}",
            code="order.no_price",
            place=f"/lines/{number}/unit_price",
            cure="give unit_price as a decimal string",
        )
    return price


def _list_price(product: Product, order: Order) -> Decimal | None:
    if product.list_price is not None and product.list_price[1] == order.currency:
        return product.list_price[0]
    return None


def _inside(line: OrderLine, product: Product, destination: Place, world: World, day: date) -> Decimal | None:
    """The tax rate inside the price: 0 where none is included, stated, or that of the delivery address."""
    if not line.tax_included:
        return Decimal(0)
    if line.tax_rate is not None:
        return line.tax_rate
    if destination.territory is None:
        return None
    found = world.vat_rates.rate(destination.territory, product.vat_category, day)
    return found.percent if isinstance(found, VatRate) else None
