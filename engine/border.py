"""What customs and VAT law make of one consignment on one route: scheme, duty, tax, charges."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from customs.landed import Assessment, AssessmentInput, AssessmentLine, Bounds, Charge, Duty, Vat, assess
from customs.rates import VatRate
from customs.tariff import NotInTariff, RateExpression, TariffAnswer
from customs.territories import Territory
from domain import Money
from engine.asking import Asker, Said
from engine.facts.consignment import Arrival, Portion
from engine.rulebook import CANNOT_DETERMINE, Record, Rulebook

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
    duty, vat = _waived(asker, known, members, duty, vat, said, needs)
    basis = asker.ask("customs.value_basis", known, members)
    if duty.method != "none" or vat.method == "at_import":
        said.append(basis)
        if not basis.answer.decided:
            needs += asker.needs(basis) or [("customs.value_basis",)]
    charges, shown = _charges(asker, known, members, said, needs, gaps)
    gaps += _untabled(asker, known, members, arrival, said)
    day = known["chargeable.event"]
    lines = tuple(
        _line(asker, known, portion, place, arrival.territory, dispatch, duty, vat, day, gaps)
        for portion in goods
    )
    case = AssessmentInput(
        lines,
        asker.currency,
        duty,
        vat,
        _basis(basis),
        freight=freight,
        charges=charges,
        parcels=parcels,
        delivery_price=delivery_price,
        convert=_customs_rate(asker, known),
    )
    result = assess(case)
    needs += _open_codes(goods, lines, duty, result)
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


def _charges(
    asker: Asker,
    known: dict[str, object],
    members: Mapping[str, Sequence[Mapping[str, object]]],
    said: list[Said],
    needs: list[tuple[str, ...]],
    gaps: list[str],
) -> tuple[tuple[Charge, ...], tuple[Mapping[str, object], ...]]:
    answer = asker.ask("customs.charges", known, members)
    said.append(answer)
    found, shown = [], []
    for item in (*answer.answer.certain, *answer.answer.possible):
        if not isinstance(item, Record):
            continue
        amount = item["amount"]
        assert isinstance(amount, Money)
        minor = asker.minor(amount.amount, amount.currency)
        if minor is None or item not in answer.answer.certain:
            continue
        source = next((n for n in answer.answer.sure_by if asker.book.rules[n].then == item), "")
        charge = Charge(
            str(item["code"]),
            Money(minor, asker.currency).amount,
            str(item["unit"]),  # type: ignore[arg-type]
            bool(item["in_vat_base"]),
            str(item["payer"]),
            source=source,
        )
        found.append(charge)
        shown.append(
            {
                "code": charge.code,
                "unit": charge.unit,
                "payer": charge.payer,
                "shown_to_buyer": item["shown_to_buyer"],
            }
        )
    unknown = _unknown_law(asker, answer)
    gaps += unknown
    if any(item != CANNOT_DETERMINE for item in answer.answer.possible):
        needs += asker.needs(answer)
    return tuple(found), tuple(shown)


def _untabled(
    asker: Asker,
    known: dict[str, object],
    members: Mapping[str, Sequence[Mapping[str, object]]],
    arrival: Arrival,
    said: list[Said],
) -> list[str]:
    """Levies of the place of arrival whose rates no table holds."""
    answer = asker.ask("customs.untabled_levies", known, members)
    if answer.answer.sure_by:
        said.append(answer)
    return [f"levy.{levy}.{arrival.territory.code}" for levy in answer.answer.certain]


def _unknown_law(asker: Asker, said: Said) -> list[str]:
    """Rules that hold but are not known to be in force any more: a figure no fact of the order can settle."""
    if CANNOT_DETERMINE not in said.answer.possible:
        return []
    return [
        f"law.{name}"
        for name in said.answer.by
        if name in said.answer.holds and asker.book.rules[name].known_until is not None
    ]


def _waived(
    asker: Asker,
    known: dict[str, object],
    members: Mapping[str, Sequence[Mapping[str, object]]],
    duty: Duty,
    vat: Vat,
    said: list[Said],
    needs: list[tuple[str, ...]],
) -> tuple[Duty, Vat]:
    """Amounts too small to be levied, as the law of the place of import says."""
    answer = asker.ask("customs.not_collected", known, members)
    if answer.answer.sure_by:
        said.append(answer)
    if answer.answer.possible:
        needs += asker.needs(answer)
    for item in answer.answer.certain:
        if not isinstance(item, Record):
            continue
        limit = item["up_to"]
        assert isinstance(limit, Money)
        amount = asker.convert("ecb_day", limit.amount, limit.currency, asker.currency, asker.day)
        if amount is not None and item["tax"] == "duty" and duty.method == "tariff":
            duty = replace(duty, waived_up_to=amount)
        elif amount is not None and item["tax"] == "vat" and vat.method == "at_import":
            vat = replace(vat, waived_up_to=amount)
    return duty, vat


def _line(
    asker: Asker,
    known: dict[str, object],
    portion: Portion,
    place: Territory | None,
    arrival: Territory,
    dispatch: Territory,
    duty: Duty,
    vat: Vat,
    day: object,
    gaps: list[str],
) -> AssessmentLine:
    product = portion.line.product
    percent: Decimal | Bounds | None = Decimal(0)
    vat_needs: tuple[str, ...] = ()
    vat_source = ""
    if vat.method != "none" and place is not None and isinstance(day, date):
        here = dispatch.country == place.country if dispatch.code != place.code else True
        found = asker.world.vat_rates.rate(
            place.code, product.vat_category, day, located_there=here if dispatch.code == place.code else None
        )
        if isinstance(found, VatRate):
            percent, vat_source = found.percent, found.source
        elif found.candidates:
            percent = Bounds(min(found.candidates), max(found.candidates))
            gaps += found.needs
        else:
            percent, vat_needs = None, found.needs
    rates: tuple[RateExpression, ...] = ()
    rate_needs: tuple[str, ...] = ()
    rate_source = ""
    if duty.method == "tariff":
        rates, rate_needs, rate_source = _tariff(asker, portion, arrival, known)
    return AssessmentLine(
        portion.line.id,
        portion.net,
        portion.quantity,
        net_weight_g=product.weight_g * portion.quantity,
        gross_weight_g=product.weight_g * portion.quantity,
        hs_code=product.hs_code,
        origin=product.origin,
        vat_percent=percent,
        rates=rates,
        sale_price=portion.sale_net,
        quantities=_quantities(portion),
        product=portion.line.sku,
        rate_needs=rate_needs,
        vat_needs=vat_needs,
        rate_source=rate_source,
        vat_source=vat_source,
    )


def _quantities(portion: Portion) -> dict[str, Decimal]:
    product, held = portion.line.product, {"pieces": Decimal(portion.quantity)}
    if product.alcohol_percent is not None:
        held["percent_vol"] = product.alcohol_percent
    if product.volume_ml is not None:
        held["hl"] = Decimal(product.volume_ml) * portion.quantity / 100_000
    return held


def _open_codes(
    goods: Sequence[Portion], lines: Sequence[AssessmentLine], duty: Duty, result: Assessment
) -> list[tuple[str, ...]]:
    """Codes and origins that would narrow a duty that is only known between two ends."""
    if result.duty is None or result.duty.low == result.duty.high:
        return []
    found: list[tuple[str, ...]] = []
    if duty.method == "flat_per_item":
        short = [p.line for p in goods if len(p.line.product.hs_code or "") < duty.digits]
        found.append(tuple(f"lines.{line.id}.hs_code" for line in short))
    for portion, line in zip(goods, lines, strict=True):
        if len(line.rates) > 1:
            product = portion.line.product
            lacking = (
                ("hs_code", len(product.hs_code or "") < TARIFF_DIGITS),
                ("origin", product.origin is None),
            )
            found.append(tuple(f"lines.{line.id}.{name}" for name, lacks in lacking if lacks))
    return [names for names in found if names]


def _tariff(
    asker: Asker, portion: Portion, arrival: Territory, known: dict[str, object]
) -> tuple[tuple[RateExpression, ...], tuple[str, ...], str]:
    product, day = portion.line.product, known.get("declaration.acceptance")
    when = day if isinstance(day, date) else getattr(day, "low", None)
    if product.hs_code is None or not isinstance(when, date):
        return (), (f"lines.{portion.line.id}.hs_code",), ""
    found = asker.world.tariff.find(arrival.customs_union, product.hs_code, product.origin, when)
    if isinstance(found, NotInTariff) and len(product.hs_code) > 6:
        found = asker.world.tariff.find(arrival.customs_union, product.hs_code[:6], product.origin, when)
    if isinstance(found, TariffAnswer):
        return found.options, found.needs if not found.options else (), found.source
    return (), found.needs or (f"tariff.{arrival.customs_union}.{product.hs_code}",), ""


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
