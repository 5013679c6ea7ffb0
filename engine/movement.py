"""What the law makes of one movement of goods: no stock, no contract of carriage, only where from, where to,
whose, under which supply, and worth how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from customs.territories import Territory
from domain import Entity, Location, Place
from engine.asking import Asker, Said
from engine.border import Carriage, Members, Route, Treatment, bound_by, routes, seat, treat
from engine.by_day import bare
from engine.case import Case, Line
from engine.facts.consignment import Arrival, consignment_facts, portions
from engine.facts.line import line_facts
from engine.facts.order import order_facts
from engine.options import FORBID
from engine.rulebook import Record, Rulebook, Vocabulary
from engine.verdicts import Verdict, judge_goods, judge_simple
from engine.world import World

__all__ = ["Lawful", "Movement", "law_of"]

ROUTES = "customs.routes"
REGISTRATION = "vat.registration_needed"
HOLDERS = ("seller.registrations", "platform.registrations")
OWN_GOODS = frozenset({"at_arrival_for_transfer", "transfer_one_stop_shop_or_local"})
"""What is lacking where own goods arrive; a number there opens the way."""
TREATMENT = frozenset(
    {"vat.scheme", "vat.charged_by", "vat.rate_of", "vat.dispatch_treatment", "vat.arrival_treatment"}
)


@dataclass(frozen=True, slots=True)
class Movement:
    """Goods under one supply, from one territory to another.

    ``case`` holds buyer, currency, lines and dates; ``stated`` are facts given outright
    (how the goods are carried, that they move without a sale); ``wish`` narrows the
    customs routes by declaration, VAT route or incoterm. ``declared`` is the local day
    the import declaration is accepted; ``gross_g`` are gross weights of lines, in grams.
    """

    case: Case
    seller: Entity
    platform: Entity | None
    dispatch: Territory
    ship_from: Place
    arrival: Territory
    ship_to: Place
    leaves: date
    declared: date
    carriage: Carriage = field(default_factory=Carriage)
    stated: Mapping[str, object] = field(default_factory=dict)
    wish: Mapping[str, str] = field(default_factory=dict)
    gross_g: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lawful:
    """The law's answer: every admitted route treated, and the cheapest of them.

    ``chosen`` is None where no route is lawful or none can be told yet. ``sure`` says that
    no other admitted route can turn out cheaper. ``lacking`` are registrations the seller needs
    and does not hold, ``thresholds`` turnover limits beyond which it will need one;
    ``unregistered`` those the answer pretends it holds, as there is no other. ``needs`` are
    sets of facts, one of each set's would settle what is open; ``vat_needs`` those without
    which the tax treatment is open.
    """

    movement: Movement
    facts: Mapping[str, object]
    chosen: Treatment | None
    others: tuple[Treatment, ...]
    sure: bool
    thresholds: tuple[Record, ...]
    lacking: tuple[str, ...]
    unregistered: tuple[str, ...]
    documents: tuple[Record, ...]
    open_documents: tuple[Record, ...]
    proofs: tuple[str, ...]
    restrictions: tuple[tuple[str, str, str | None, str], ...]  # (effect, code, line, rule)
    said: tuple[Said, ...]
    needs: tuple[tuple[str, ...], ...]
    vat_needs: tuple[tuple[str, ...], ...]
    book: Rulebook


def law_of(movement: Movement, world: World) -> Lawful:
    """Ask the rules which routes are lawful, what each costs, and what the cheapest asks for.

    Where no route is lawful for want of a registration the law is asked again as if the seller
    (or platform) held it: ``unregistered`` then names it, and the answer is what would hold.
    """
    asker = Asker(world, movement.case.order.currency, movement.case.day)
    facts, members = _facts(movement, world)
    registering = asker.ask(REGISTRATION, facts, members)
    lacking = tuple(str(code) for code in registering.answer.certain)
    said_routes = asker.ask(ROUTES, facts, members)
    unregistered: tuple[str, ...] = ()
    if not said_routes.answer.certain and not said_routes.answer.possible and lacking:
        unregistered = lacking
        facts = _as_if_registered(bare(facts, asker.book), lacking)
        members = {"line": [bare(member, asker.book) for member in members["line"]]}
        said_routes = asker.ask(ROUTES, facts, members)
    admitted = [route for route in routes(said_routes, asker.book) if _wished(route, movement.wish)]
    recover = asker.ask("vat.recoverable", facts, members)
    treated = _treated(movement, asker, facts, members, admitted, recover.answer.value is True)
    chosen = _cheapest(treated, asker.ask("offers.incoterm", facts, members).answer.value)
    others = tuple(each for each in treated if each is not chosen)
    needs = [] if recover.answer.decided else list(asker.needs(recover))
    if any(not route.certain for route in admitted) or (not admitted and said_routes.answer.possible):
        needs += asker.needs(said_routes)
    vat_needs = list(needs)
    after = _After() if chosen is None else _after(asker, facts, members, chosen)
    if chosen is not None:
        needs += chosen.needs
        for item in chosen.said:
            if item.answer.decision in TREATMENT and not item.answer.decided:
                vat_needs += asker.needs(item)
    limits = asker.ask("vat.thresholds", facts, members)
    forbidden, heard = _restrictions(asker, facts, members)
    said = (said_routes, recover, registering, limits, *(chosen.said if chosen else ()), *after.said, *heard)
    return Lawful(
        movement,
        facts,
        chosen,
        others,
        chosen is not None and all(_no_cheaper(each, chosen) for each in others),
        tuple(item for item in limits.answer.certain if isinstance(item, Record)),
        lacking,
        unregistered,
        after.documents,
        after.unsure,
        after.proofs,
        forbidden,
        said,
        tuple(dict.fromkeys(needs)),
        tuple(dict.fromkeys(vat_needs)),
        asker.book,
    )


@dataclass(frozen=True, slots=True)
class _After:
    """What a route asks for once it is chosen: papers, perhaps papers, proofs."""

    documents: tuple[Record, ...] = ()
    unsure: tuple[Record, ...] = ()
    proofs: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()


def _after(asker: Asker, facts: dict[str, object], members: Members, chosen: Treatment) -> _After:
    known = {**facts, **chosen.route.facts(), **chosen.outcomes}
    papers = asker.ask("customs.documents", known, members)
    proof = asker.ask("vat.proof", known, members)
    return _After(
        tuple(item for item in papers.answer.certain if isinstance(item, Record)),
        tuple(item for item in papers.answer.possible if isinstance(item, Record)),
        tuple(str(item) for item in proof.answer.certain),
        (papers, proof),
    )


def _treated(
    movement: Movement,
    asker: Asker,
    facts: dict[str, object],
    members: Members,
    admitted: Sequence[Route],
    recoverable: bool,
) -> list[Treatment]:
    goods = [
        replace(portion, gross_weight_g=movement.gross_g.get(portion.line.id))
        for portion in portions([(line, line.quantity) for line in movement.case.lines], asker.currency)
    ]
    arrival = Arrival("address", movement.ship_to, movement.arrival)
    return [
        treat(asker, facts, members, goods, movement.dispatch, arrival, route, movement.carriage, recoverable)
        for route in admitted
    ]


def _as_if_registered(facts: dict[str, object], lacking: Sequence[str]) -> dict[str, object]:
    """The facts of a seller who holds what it lacks."""
    held = {name: set(facts.get(name) or ()) for name in HOLDERS}  # type: ignore[call-overload]
    for code in lacking:
        if code in OWN_GOODS:
            facts["seller.registered_at_arrival"] = True
        elif code.startswith("platform_"):
            held["platform.registrations"].add(code.removeprefix("platform_"))
        else:
            held["seller.registrations"].add(code)
    return {**facts, **{name: frozenset(kinds) for name, kinds in held.items()}}


def _restrictions(
    asker: Asker, facts: dict[str, object], members: Members
) -> tuple[tuple[tuple[str, str, str | None, str], ...], list[Said]]:
    """What goods law and embargoes surely forbid or hold. What they leave open for want of facts about the
    goods is not listed: a movement says little about its goods."""
    found: list[tuple[str, str, str | None, str]] = []
    said: list[Said] = []

    def note(verdict: Verdict, line: str | None) -> None:
        found.extend(("forbid", code, line, rule) for code, rule in verdict.forbids)
        found.extend(("hold", code, line, rule) for code, rule in verdict.holds)
        said.extend(item for item in verdict.said if item.answer.sure_by)

    for member in members["line"]:
        note(judge_goods(asker, {**facts, **member}), str(member["line.id"]))
    note(judge_simple(asker, "compliance.destination", facts, members, FORBID), None)
    return tuple(dict.fromkeys(found)), said


def _facts(movement: Movement, world: World) -> tuple[dict[str, object], Members]:
    case, words = movement.case, world.rulebook.vocabulary
    goods = portions([(line, line.quantity) for line in case.lines], case.order.currency)
    location = _somewhere(movement)
    facts = {
        **order_facts(case, words),
        **consignment_facts(
            case,
            movement.seller,
            goods,
            location,
            movement.dispatch,
            Arrival("address", movement.ship_to, movement.arrival),
            movement.leaves,
            movement.declared,
            platform=movement.platform,
        ),
    }
    for unknown in ("dispatch.location", "dispatch.location_kind", "dispatch.abilities", "dispatch.labels"):
        del facts[unknown]
    where = seat(world, movement.seller, case.day)
    if where is not None:
        facts["seller.customs_union"] = where
    bound = bound_by(world, movement.seller, case.day)
    if bound is not None:
        facts["seller.jurisdictions"] = bound
    facts["destination.territory"] = movement.arrival.code
    if movement.carriage.parcels is not None:
        facts["option.parcels"] = movement.carriage.parcels
    facts |= movement.stated
    return facts, {"line": [_line(line, case, words) for line in case.lines]}


def _line(line: Line, case: Case, words: Vocabulary) -> dict[str, object]:
    held = line_facts(line, case.order.currency, words)
    if not line.product.weight_g:
        held.pop("goods.unit_weight")
        held.pop("goods.line_weight")
    for name in ("goods.longest_side", "goods.sum_of_sides"):
        held.pop(name)
    for name, value in (
        ("goods.manufacturer_identified", line.product.manufacturer_id),
        ("goods.eu_responsible_person", line.product.responsible_person_eu),
        ("goods.description", line.product.title or None),
    ):
        if value is None:  # a catalog that is silent says no, a movement that is silent says nothing
            held.pop(name, None)
    return {**held, "line.id": line.id, "delivery.required": frozenset()}


def _somewhere(movement: Movement) -> Location:
    """The sending place, of which the law knows no more than where it lies and whose it is."""
    place = replace(movement.ship_from, territory=movement.dispatch.code)
    return Location(
        "ship-from",
        "",
        "warehouse",
        movement.seller.id,
        place,
        "UTC",
        frozenset(),
        {},
        movement.dispatch.code,
    )


def _wished(route: Route, wish: Mapping[str, str]) -> bool:
    held = {"declaration": route.declaration, "vat": route.vat, "incoterm": route.incoterm}
    return all(held[name] == value for name, value in wish.items())


def _cheapest(treated: Sequence[Treatment], incoterm: object) -> Treatment | None:
    """Of the surely admitted routes the one that costs least, on a tie that of the preferred incoterm.

    None where every route is only possible: what settles them is a need.
    """

    def rank(each: Treatment) -> tuple[bool, int, int, bool]:
        unknown = each.assessment is None or not each.assessment.determined
        return unknown, each.cost, each.cost + each.spread, each.route.incoterm != incoterm

    return min((each for each in treated if each.route.certain), key=rank, default=None)


def _no_cheaper(other: Treatment, chosen: Treatment) -> bool:
    """Whether the other route, whatever turns up, costs at least as much."""
    if chosen.assessment is None or not chosen.assessment.determined:
        return False
    if other.assessment is None:
        return False
    return other.cost >= chosen.cost + chosen.spread
