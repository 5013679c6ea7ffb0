"""What the law makes of one movement of goods: no stock, no contract of carriage, only where from, where to,
whose, under which supply, and worth how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from customs.territories import Territory
from domain import Entity, Location, Place
from engine.asking import Asker, Said
from engine.border import Carriage, Members, Route, Treatment, bound_by, routes, seat, treat
from engine.case import Case, Line
from engine.facts.consignment import Arrival, consignment_facts, portions
from engine.facts.line import line_facts
from engine.facts.order import order_facts
from engine.options import FORBID
from engine.rulebook import Record, Rulebook, Vocabulary
from engine.verdicts import Verdict, judge_goods, judge_simple
from engine.world import World

__all__ = ["Lawful", "Movement", "law_of"]

PROOF = "vat.proof"
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
    no other admitted route can turn out cheaper. ``needs`` are sets of facts, one of each
    set's would settle what is open.
    """

    movement: Movement
    facts: Mapping[str, object]
    members: Members
    chosen: Treatment | None
    others: tuple[Treatment, ...]
    sure: bool
    documents: tuple[Record, ...]
    open_documents: tuple[Record, ...]
    proofs: tuple[str, ...]
    restrictions: tuple[tuple[str, str, str | None, str], ...]  # (effect, code, line, rule)
    said: tuple[Said, ...]
    needs: tuple[tuple[str, ...], ...]
    vat_needs: tuple[tuple[str, ...], ...]
    book: Rulebook


def law_of(movement: Movement, world: World) -> Lawful:
    """Ask the rules which routes are lawful, what each costs, and what the cheapest asks for."""
    case = movement.case
    asker = Asker(world, case.order.currency, case.day)
    facts, members = _facts(movement, world)
    said_routes = asker.ask("customs.routes", facts, members)
    admitted = [route for route in routes(said_routes, asker.book) if _wished(route, movement.wish)]
    recover = asker.ask("vat.recoverable", facts, members)
    needs = [] if recover.answer.decided else list(asker.needs(recover))
    if any(not route.certain for route in admitted) or (not admitted and said_routes.answer.possible):
        needs += asker.needs(said_routes)
    goods = [
        replace(portion, gross_weight_g=movement.gross_g.get(portion.line.id))
        for portion in portions([(line, line.quantity) for line in case.lines], asker.currency)
    ]
    arrival = Arrival("address", movement.ship_to, movement.arrival)
    treated = [
        treat(
            asker,
            facts,
            members,
            goods,
            movement.dispatch,
            arrival,
            route,
            movement.carriage,
            recover.answer.value is True,
        )
        for route in admitted
    ]
    vat_needs = list(needs)
    preferred = asker.ask("offers.incoterm", facts, members)
    chosen = _cheapest(treated, preferred.answer.value)
    said = [said_routes, recover]
    documents: tuple[Record, ...] = ()
    unsure: tuple[Record, ...] = ()
    proofs: tuple[str, ...] = ()
    if chosen is not None:
        needs += chosen.needs
        for item in chosen.said:
            if item.answer.decision in TREATMENT and not item.answer.decided:
                vat_needs += asker.needs(item)
        known = {**facts, **chosen.route.facts(), **chosen.outcomes}
        papers = asker.ask("customs.documents", known, members)
        said += [*chosen.said, papers]
        documents = tuple(item for item in papers.answer.certain if isinstance(item, Record))
        unsure = tuple(item for item in papers.answer.possible if isinstance(item, Record))
        if PROOF in asker.book.decisions:
            proof = asker.ask(PROOF, known, members)
            said.append(proof)
            proofs = tuple(str(item) for item in proof.answer.certain)
    limits, heard = _restrictions(asker, facts, members)
    others = tuple(each for each in treated if each is not chosen)
    return Lawful(
        movement,
        facts,
        members,
        chosen,
        others,
        chosen is not None and all(_no_cheaper(each, chosen) for each in others),
        documents,
        unsure,
        proofs,
        limits,
        (*said, *heard),
        tuple(dict.fromkeys(needs)),
        tuple(dict.fromkeys(vat_needs)),
        asker.book,
    )


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


def _cheapest(treated: list[Treatment], incoterm: object) -> Treatment | None:
    """The route that costs least, the surely admitted before the possible, the preferred incoterm on a tie."""

    def rank(each: Treatment) -> tuple[bool, bool, int, int, bool]:
        unknown = each.assessment is None or not each.assessment.determined
        return (
            not each.route.certain,
            unknown,
            each.cost,
            each.cost + each.spread,
            each.route.incoterm != incoterm,
        )

    return min(treated, key=rank, default=None)


def _no_cheaper(other: Treatment, chosen: Treatment) -> bool:
    """Whether the other route, whatever turns up, costs at least as much."""
    if chosen.assessment is None or not chosen.assessment.determined:
        return False
    if other.assessment is None:
        return False
    return other.cost >= chosen.cost + chosen.spread
