"""What no question about the law may say: countries that do not exist, routes no rule knows, goods worth nothing."""

from __future__ import annotations

from collections.abc import Iterator

from customs.territories import Territory
from domain import InputError
from engine.case import at
from engine.facts.consignment import crosses_fiscal_border
from engine.rulebook.problems import nearest
from engine.world import World
from scenarios.queries import LandedQuery, SellerQuery, VatQuery

__all__ = ["check"]


def check(query: VatQuery | LandedQuery, dispatch: Territory, arrival: Territory, world: World) -> None:
    """Raises InputError with the pointer of the first mistake."""
    for pointer, code in _countries(query):
        with at(pointer):
            world.territories.resolve(code, day=query.date)
    if isinstance(query, LandedQuery):
        _known_route(query, world)
        if crosses_fiscal_border(dispatch, arrival):
            _worth_something(query)


def _countries(query: VatQuery | LandedQuery) -> Iterator[tuple[str, str]]:
    for name, said in (("seller", query.seller), ("platform", query.platform)):
        if said is not None:
            yield from _of_seller(name, said)
    if query.buyer is not None and query.buyer.country is not None:
        yield "/buyer/country", query.buyer.country
    if isinstance(query, LandedQuery):
        for number, code in enumerate(query.excise_registered_in):
            yield f"/excise_registered_in/{number}", code
        for number, line in enumerate(query.lines):
            if line.origin is not None:
                yield f"/lines/{number}/origin", line.origin


def _of_seller(name: str, said: SellerQuery) -> Iterator[tuple[str, str]]:
    yield f"/{name}/country", said.country
    for field in ("establishments", "vat_registrations"):
        for number, code in enumerate(getattr(said, field)):
            yield f"/{name}/{field}/{number}", code


def _known_route(query: LandedQuery, world: World) -> None:
    fields = world.rulebook.decisions["customs.routes"].yields.fields
    for name, word in (("declaration", query.route.declaration), ("vat", query.route.vat)):
        known = fields[name].codes
        if word is not None and word not in known:
            raise InputError(
                f"no route has the {name} {word!r}",
                code="query.unknown_route",
                place=f"/route/{name}",
                cure=nearest(word, known) or f"one of {', '.join(known)}",
            )


def _worth_something(query: LandedQuery) -> None:
    """Goods without a price have a customs value all the same (Reg. (EU) 952/2013, article 74)."""
    for number, line in enumerate(query.lines):
        if not line.net:
            raise InputError(
                "goods that cross a border are worth something, even given away",
                code="query.no_value",
                place=f"/lines/{number}/net",
                cure="give the price that would have been paid",
            )
