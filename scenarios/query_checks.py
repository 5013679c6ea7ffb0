"""What no question about the law may say: countries that do not exist, routes no rule knows, goods worth nothing."""

from __future__ import annotations

from collections.abc import Iterator

from customs.tariff.nomenclature import fault_of
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
        _codes_of_goods(query)
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


FAULTS = {
    "tariff.code_replaced": "{code} was dropped from the nomenclature",
    "tariff.code_not_yet": "{code} is not yet in the nomenclature",
    "tariff.not_in_nomenclature": "{code} is in no chapter of the nomenclature",
    "tariff.special_chapter": "{code} lies in a chapter of national codes, which name no goods",
}


def _codes_of_goods(query: LandedQuery) -> None:
    """Codes as of the day of the declaration; none is passed on that names no goods then."""
    told = query.declared_on[0] if isinstance(query.declared_on, tuple) else query.declared_on
    day = told or query.dispatched_on or query.date
    for number, line in enumerate(query.lines):
        fault = fault_of(line.hs_code, day) if line.hs_code else None
        if fault is not None and line.hs_code is not None:
            raise InputError(
                FAULTS.get(fault.reason, "{code} is no code").format(code=line.hs_code),
                code=fault.reason,
                place=f"/lines/{number}/hs_code",
                cure=f"use {' or '.join(fault.codes)}" if fault.codes else "give the code of the goods",
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
