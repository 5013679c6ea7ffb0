"""What customs and VAT law make of one consignment on one route: scheme, duty, tax, charges."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from customs.landed import Assessment, AssessmentInput, Duty, Vat, assess
from customs.territories import Territory
from domain import Money
from engine.asking import Asker, Said
from engine.border_charges import charges, untabled, waived
from engine.border_lines import border_line, open_codes
from engine.facts.consignment import Arrival, Portion
from engine.rulebook import Record, Rulebook

__all__ = ["Route", "Treatment", "routes", "treat"]

QUESTIONS = (
    "vat.scheme",
    "vat.charged_by",
    "vat.rate_of",
    "vat.dispatch_treatment",
    "vat.arrival_treatment",
    "customs.duty_method",
)
PLAIN_DUTY = frozenset({"none", "relief"})
TARIFF_DIGITS = 8  # from eight digits on a code is a line of a tariff


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
    members: Mapping[str, Sequence[Mapping[str, object]]],
    goods: Sequence[Portion],
    dispatch: Territory,
    arrival: Arrival,
    route: Route,
    freight: Decimal,
    delivery_price: Decimal,
    parcels: int,
    recoverable: bool,
) -> Treatment:
    """Ask the law about one route and compute what it costs.

    ``freight`` (for the customs value) and ``delivery_price`` (what the buyer pays,
    the VAT base at sale) are net, in the order's currency. Goods brought to a shop
    abroad for a consumer who collects them there are sold there: the tax of that
    local sale is counted, so that no transfer looks cheaper for not being a sale yet.
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
    if needs:
        return Treatment(
            route, outcomes, tuple(said), None, (), 0, 0, recoverable, tuple(dict.fromkeys(needs)), ()
        )
    gaps: list[str] = []
    place = {"dispatch": dispatch, "arrival": arrival.territory}.get(str(outcomes["vat.rate_of"]))
    duty = _duty(asker, known, members, str(outcomes["customs.duty_method"]), said, needs, gaps)
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
    if duty.method != "none" or vat.method == "at_import":
        said.append(basis)
        if not basis.answer.decided:
            needs += asker.needs(basis) or [("customs.value_basis",)]
    levied, shown = charges(asker, known, members, said, needs, gaps)
    gaps += untabled(asker, known, members, arrival.territory, said)
    day = known["chargeable.event"]
    lines = tuple(
        border_line(asker, known, portion, place, arrival.territory, dispatch, duty, vat, day, gaps)
        for portion in goods
    )
    case = AssessmentInput(
        lines,
        asker.currency,
        duty,
        vat,
        _basis(basis),
        freight=freight,
        charges=levied,
        parcels=parcels,
        delivery_price=delivery_price,
        convert=_customs_rate(asker, known),
    )
    result = assess(case)
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


def _basis(said: Said) -> Literal["cif", "fob", "to_door"]:
    value = said.answer.value
    return value if value in ("cif", "fob", "to_door") else "cif"


def _duty(
    asker: Asker,
    known: dict[str, object],
    members: Mapping[str, Sequence[Mapping[str, object]]],
    method: str,
    said: list[Said],
    needs: list[tuple[str, ...]],
    gaps: list[str],
) -> Duty:
    if method in PLAIN_DUTY:
        return Duty(method, source=", ".join(said[-1].answer.by))  # type: ignore[arg-type]
    if method == "preferential_tariff":
        return Duty("relief", source=", ".join(said[-1].answer.by))
    if method == "tariff":
        return Duty("tariff")
    terms = asker.ask("customs.flat_duty", known, members)
    said.append(terms)
    value = terms.answer.value
    if not isinstance(value, Record):
        needs += asker.needs(terms) or [("customs.flat_duty",)]
        return Duty("none")
    amount, digits = value["amount"], value["item_digits"]
    assert isinstance(amount, Money)
    minor = asker.minor(amount.amount, amount.currency)
    if minor is None:
        gaps.append(f"rate.{amount.currency}.{asker.currency}")
        return Duty("none")
    return Duty(
        "flat_per_item",
        Money(minor, asker.currency).amount,
        int(str(digits)),
        source=", ".join(terms.answer.by),
    )


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
    for gap in result.cannot_determine:
        facts = tuple(
            need for need in gap.needs if need.startswith(("line", "product", "origin", "quantity"))
        )
        if facts:
            needs.append(facts)
        gaps += [need for need in gap.needs if need not in facts]
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
