"""The world as it might be: places closed, other stock, other rules, other prices, another day."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from domain import InputError, UnknownReference
from engine.rulebook.problems import nearest
from engine.supply import Supply, load_stock
from engine.world import Adjustments, World
from scenarios.house import open_world

__all__ = ["changed_world"]


def changed_world(
    before: tuple[World, Supply],
    retailer: Path | None,
    close: Sequence[str],
    stock: Path | None,
    overlay: Path | None,
    day: str | None,
    prices: Sequence[str],
    leave: Sequence[str] = (),
) -> tuple[tuple[World, Supply], date | None]:
    """The changed world and the day to decide for. Unknown places, services or days are clear errors.

    ``leave`` names schemes that a seller gives up (``passavant-ch:ioss``): for every order, since a
    registered seller cannot choose order by order (Directive 2006/112/EC art. 369m).
    """
    world, supply = before
    if overlay is not None:
        world, _ = open_world(None, retailer, overlay)
    for name in close:
        if name not in world.retailer.locations:
            raise UnknownReference(
                f"there is no place {name!r}",
                code="scenario.place",
                place="--close",
                cure=nearest(name, world.retailer.locations),
            )
    deltas = dict(_price(text, world) for text in prices)
    world = replace(world, adjustments=Adjustments(price_delta=deltas, closed=frozenset(close)))
    for text in leave:
        world = _without_scheme(world, text)
    if stock is not None:
        supply = load_stock(stock, world.retailer)
    return (world, supply), _day(day)


def _without_scheme(world: World, text: str) -> World:
    """The world in which a seller has given up a registration."""
    seller, _, kind = text.partition(":")
    entity = world.retailer.entities.get(seller)
    if entity is None:
        raise UnknownReference(
            f"there is no legal entity {seller!r}",
            code="scenario.seller",
            place="--leave",
            cure=nearest(seller, world.retailer.entities),
        )
    held = sorted({registration.kind for registration in entity.registrations})
    if kind not in held:
        raise UnknownReference(
            f"{seller} holds no registration {kind!r}",
            code="scenario.registration",
            place="--leave",
            cure=nearest(kind, held) if held else "it holds none",
        )
    left = replace(entity, registrations=tuple(r for r in entity.registrations if r.kind != kind))
    entities = {**world.retailer.entities, seller: left}
    text = f"{world.retailer.version}|without {seller}:{kind}"
    version = f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
    return replace(world, retailer=replace(world.retailer, entities=entities, version=version))


def _price(text: str, world: World) -> tuple[str, int]:
    name, _, amount = text.partition("=")
    known = {service.id for service in world.carriers.services}
    if name not in known:
        raise UnknownReference(
            f"there is no service {name!r}",
            code="scenario.service",
            place="--price",
            cure=nearest(name, known),
        )
    try:
        change = Decimal(amount)
        if not change.is_finite():
            raise InvalidOperation
        return name, int((change * 100).to_integral_value())
    except InvalidOperation:
        raise InputError(
            f"{amount!r} is not an amount",
            code="scenario.price",
            place="--price",
            cure="write chronopost-13=+1.50",
        ) from None


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(
            f"{text!r} is not a day", code="scenario.date", place="--date", cure="write 2027-01-01"
        ) from None
