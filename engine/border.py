"""What customs and VAT law make of one consignment on one route: scheme, duty, tax, charges."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from customs.landed import Assessment, AssessmentInput, Duty, Rounding, Vat, assess
from customs.landed.either import either
from customs.territories import Territory
from domain import Entity, Money
from engine.asking import LAW, RATE, Asker, Said
from engine.border_charges import charges, untabled, waived
from engine.border_lines import border_line, open_codes
from engine.facts.consignment import Arrival, Portion
from engine.facts.consignment_words import JURISDICTIONS
from engine.rulebook import Record, Rulebook
from engine.world import World

__all__ = ["Carriage", "Members", "Route", "Treatment", "bound_by", "routes", "seat", "treat"]

QUESTIONS = (
    "vat.scheme",
    "vat.charged_by",
    "vat.rate_of",
    "vat.dispatch_treatment",
    "vat.arrival_treatment",
    "customs.duty_method",
)
Members = Mapping[str, Sequence[Mapping[str, object]]]
Basis = Literal["cif", "fob", "to_door"]
BASES: tuple[Basis, ...] = ("cif", "fob", "to_door")
DUTY_METHOD = "customs.duty_method"
FREE = Duty("none")
PLAIN_DUTY = frozenset({"none", "relief"})


@dataclass(frozen=True, slots=True)
class Route:
    """A way across the border that a rule admits: declaration, VAT route, incoterm."""

    declaration: str
    vat: str
    incoterm: str
    rule: str
    certain: bool

    def facts(self) -> dict[str, object]:
        """As facts of the option."""
        return {"route.declaration": self.declaration, "route.vat": self.vat, "route.incoterm": self.incoterm}


@dataclass(frozen=True, slots=True)
class Carriage:
    """What carrying costs, net, in the order's currency: ``freight`` and ``insurance`` for the customs
    value, ``delivery_price`` (what the buyer pays) for VAT at the sale. ``parcels`` None is unknown."""

    freight: Decimal = Decimal(0)
    delivery_price: Decimal = Decimal(0)
    insurance: Decimal = Decimal(0)
    parcels: int | None = 1


@dataclass(frozen=True, slots=True)
class Treatment:
    """The law's answer for one route. Amounts are minor units of the order's currency.

    ``cost`` is what counts in the objective (recoverable VAT at 0), taken at its
    lower end where the amount is an interval; ``needs`` are the sets of facts that
    would settle what is open; ``gaps`` name figures that no table holds.
    """

    route: Route
    outcomes: Mapping[str, object]
    said: tuple[Said, ...]
    assessment: Assessment | None
    charges: tuple[Mapping[str, object], ...]
    cost: int
    spread: int
    recoverable: bool
    needs: tuple[tuple[str, ...], ...]
    gaps: tuple[str, ...]

    @property
    def scheme(self) -> object | None:
        """The VAT scheme, None while undetermined."""
        return self.outcomes.get("vat.scheme")


def routes(said: Said, book: Rulebook) -> tuple[Route, ...]:
    """The routes the rules admit, surely or possibly."""
    decision = said.answer
    found = []
    for sure, group in ((True, decision.certain), (False, decision.possible)):
        for item in group:
            if isinstance(item, Record):
                rule = next((name for name in decision.by if book.rules[name].then == item), "")
                found.append(
                    Route(str(item["declaration"]), str(item["vat"]), str(item["incoterm"]), rule, sure)
                )
    return tuple(found)


def treat(
    asker: Asker,
    facts: dict[str, object],
    members: Members,
    goods: Sequence[Portion],
    dispatch: Territory,
    arrival: Arrival,
    route: Route,
    carriage: Carriage,
    recoverable: bool,
) -> Treatment:
    """Ask the law about one route and compute what it costs.

    Goods brought to a shop abroad for a consumer who collects them there are sold
    there: the tax of that local sale is counted, so that no transfer looks cheaper
    for not being a sale yet. Where the rules leave the value basis open, every
    amount is given from its least to its most.
    """
    known = {**facts, **route.facts()}
    said: list[Said] = []
    outcomes: dict[str, object] = {}
    needs: list[tuple[str, ...]] = []
    for question in QUESTIONS:
        answer = asker.ask(question, known, members)
        said.append(answer)
        if answer.answer.decided:
            outcomes[question] = known[question] = answer.answer.value
        else:
            needs += asker.needs(answer)
    if any(question not in outcomes for question in QUESTIONS if question != DUTY_METHOD):
        return Treatment(
            route, outcomes, tuple(said), None, (), 0, 0, recoverable, tuple(dict.fromkeys(needs)), ()
        )
    gaps: list[str] = []
    place = {"dispatch": dispatch, "arrival": arrival.territory}.get(str(outcomes["vat.rate_of"]))
    duty, unknown = _duty(asker, known, members, said, needs, gaps)
    vat = _vat(str(outcomes["vat.charged_by"]))
    if known["order.kind"] == "consumer" and known["sale.kind"] == "own_goods_transfer":
        vat, place, recoverable = (
            Vat("at_sale", source="local sale after the transfer"),
            arrival.territory,
            False,
        )
        outcomes["sale.after_transfer"] = "local_sale"
    duty, vat = waived(asker, known, members, duty, vat, said, needs)
    basis = asker.ask("customs.value_basis", known, members)
    levied, shown = charges(asker, known, members, said, needs, gaps)
    gaps += untabled(asker, known, members, arrival.territory, said)
    day = known["chargeable.event"]
    lines = tuple(
        replace(
            border_line(asker, known, portion, place, arrival.territory, dispatch, FREE, vat, day, gaps),
            rate_needs=unknown,
        )
        if unknown
        else border_line(asker, known, portion, place, arrival.territory, dispatch, duty, vat, day, gaps)
        for portion in goods
    )
    case = AssessmentInput(
        lines,
        asker.currency,
        duty,
        vat,
        freight=carriage.freight,
        insurance=carriage.insurance,
        charges=levied,
        parcels=carriage.parcels,
        delivery_price=carriage.delivery_price,
        vat_base_rounding=_base_rounding(asker, known, members, vat, said),
        convert=_customs_rate(asker, known),
    )
    result = either([assess(each) for each in _possible(asker, known, members, case, basis, said, needs)])
    needs += open_codes(goods, lines, duty, result)
    return _weighed(route, outcomes, said, result, shown, needs, gaps, recoverable, asker)


def _customs_rate(asker: Asker, known: dict[str, object]) -> Callable[[Decimal, str, str], Decimal | None]:
    """Specific duties in another currency: at the customs rate of the month of acceptance, else at the day's rate."""
    day = known.get("declaration.acceptance")
    when = day if isinstance(day, date) else getattr(day, "low", None)

    def convert(amount: Decimal, source: str, target: str) -> Decimal | None:
        if not isinstance(when, date):
            return None
        monthly = asker.convert("eu_customs_month", amount, source, target, when)
        return monthly if monthly is not None else asker.convert("ecb_day", amount, source, target, when)

    return convert


def _bases(said: Said) -> tuple[Basis, ...]:
    """The ways the customs value may be drawn up; all of them where the rules do not say."""
    answer = said.answer
    known = (answer.value,) if answer.decided else answer.possible
    return tuple(basis for basis in BASES if basis in known) or BASES


def _base_rounding(
    asker: Asker, known: dict[str, object], members: Members, vat: Vat, said: list[Said]
) -> Rounding | None:
    """The step to which the base of a tax at import is rounded, where a rule names one in this currency."""
    if vat.method != "at_import":
        return None
    answer = asker.ask("vat.import_base_rounding", known, members)
    for item in answer.answer.certain:
        step = item["step"] if isinstance(item, Record) else None
        if isinstance(step, Money) and step.currency == asker.currency:
            said.append(answer)
            return Rounding(level="document", step=step.amount)
    return None


def _possible(
    asker: Asker,
    known: dict[str, object],
    members: Members,
    case: AssessmentInput,
    basis: Said,
    said: list[Said],
    needs: list[tuple[str, ...]],
) -> list[AssessmentInput]:
    """The case under every value basis and tax base the rules leave possible."""
    if case.duty.method == "none" and case.vat.method != "at_import":
        return [case]
    found = [replace(case, value_basis=each) for each in _bases(basis)]
    said.append(basis)
    if not isinstance(known.get(DUTY_METHOD), str):  # undecided: the amounts wait for that
        return found
    if not basis.answer.decided:
        needs += asker.needs(basis) or [("customs.value_basis",)]
    if case.vat.method != "at_import" or not (case.freight or case.insurance):
        return found
    base = asker.ask("vat.import_base", known, members)
    said.append(base)
    if base.answer.decided:
        inside: tuple[bool, ...] = (base.answer.value == "transport_in",)
    else:
        inside = (True, False)
        if any(each.value_basis == "fob" for each in found):
            needs += asker.needs(base)
    return [replace(each, vat=replace(each.vat, transport_in_base=way)) for each in found for way in inside]


def _duty(
    asker: Asker,
    known: dict[str, object],
    members: Members,
    said: list[Said],
    needs: list[tuple[str, ...]],
    gaps: list[str],
) -> tuple[Duty, tuple[str, ...]]:
    """The duty method, and what stops it from being told: then no line has a rate, and the rest is computed."""
    method, by = known.get(DUTY_METHOD), ", ".join(said[-1].answer.by)
    if method is None:
        asked = next(
            (names for names in needs if not all(name.startswith((LAW, RATE)) for name in names)), ()
        )
        return Duty("tariff"), asked or (f"{LAW}{DUTY_METHOD}",)
    if method in PLAIN_DUTY:
        return Duty("none" if method == "none" else "relief", source=by), ()
    if method in ("tariff", "preferential_tariff"):
        return Duty("tariff"), ()
    terms = asker.ask("customs.flat_duty", known, members)
    said.append(terms)
    value = terms.answer.value
    if not isinstance(value, Record):
        needs += asker.needs(terms) or [("customs.flat_duty",)]
        return Duty("tariff"), (f"{LAW}customs.flat_duty",)
    amount, digits = value["amount"], value["item_digits"]
    assert isinstance(amount, Money)
    minor = asker.minor(amount.amount, amount.currency)
    if minor is None:
        missing = f"{RATE}ecb_day.{amount.currency}.{asker.currency}"
        gaps.append(missing)
        return Duty("tariff"), (missing,)
    flat = Money(minor, asker.currency).amount
    return Duty("flat_per_item", flat, int(str(digits)), source=", ".join(terms.answer.by)), ()


def _vat(charged_by: str) -> Vat:
    if charged_by in ("seller", "platform"):
        return Vat("at_sale")
    return Vat("at_import") if charged_by == "customs" else Vat("none")


def _weighed(
    route: Route,
    outcomes: Mapping[str, object],
    said: Sequence[Said],
    result: Assessment,
    shown: tuple[Mapping[str, object], ...],
    needs: list[tuple[str, ...]],
    gaps: list[str],
    recoverable: bool,
    asker: Asker,
) -> Treatment:
    low = high = Decimal(0)
    parts = [result.duty, *(charge.amount for charge in result.charges)]
    if not recoverable:
        parts.append(result.vat)
    for part in parts:
        if part is not None:
            low, high = low + part.low, high + part.high
    asked = {name for names in needs for name in names if not name.startswith(LAW)}
    for gap in result.cannot_determine:
        facts = tuple(
            need for need in gap.needs if need.startswith(("line", "product", "origin", "quantity"))
        )
        if facts:
            needs.append(facts)
        gaps += [need for need in gap.needs if need not in facts and need not in asked]
    cost = Money.rounded(low, asker.currency).minor
    spread = Money.rounded(high, asker.currency).minor - cost
    return Treatment(
        route,
        outcomes,
        tuple(said),
        result,
        shown,
        cost,
        spread,
        recoverable,
        tuple(dict.fromkeys(needs)),
        tuple(dict.fromkeys(gaps)),
    )


def bound_by(world: World, seller: Entity, day: date) -> frozenset[str] | None:
    """Whose sanctions law binds the seller: as its record says, else that of its seat; None where unknown."""
    said = world.retailer.jurisdictions.get(seller.id)
    if said:
        return said
    where = seat(world, seller, day)
    return None if where is None else frozenset({where} & set(JURISDICTIONS))


def seat(world: World, seller: Entity, day: date) -> str | None:
    """The customs territory of the seller's seat, where its country has but one."""
    finding = world.territories.resolve(seller.country, day=day)
    unions = {
        world.territories.get(code).customs_union for code in finding.candidates if code == seller.country
    }
    return unions.pop() if len(unions) == 1 else None
