"""Levies and fees of an import, and amounts too small to be levied, as the rules say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from customs.landed import Charge, Duty, Vat
from customs.territories import Territory
from domain import Money
from engine.asking import RATE, Asker, Said
from engine.rulebook import CANNOT_DETERMINE, Record

Members = Mapping[str, Sequence[Mapping[str, object]]]
QUESTIONS = ("customs.charges", "customs.clearance_fees")
"""What is levied by law, and what the carrier asks for clearing."""
__all__ = ["charges", "untabled", "waived"]


def charges(
    asker: Asker,
    known: dict[str, object],
    members: Members,
    said: list[Said],
    needs: list[tuple[str, ...]],
    gaps: list[str],
) -> tuple[tuple[Charge, ...], tuple[Mapping[str, object], ...]]:
    """The levies and clearance fees that surely apply, and how each is shown.

    What may apply goes into ``needs``; a law nobody knows the state of, and an amount in a
    currency without a rate, into ``gaps``.
    """
    found: list[Charge] = []
    shown: list[Mapping[str, object]] = []
    for question in QUESTIONS:
        answer = asker.ask(question, known, members)
        if question == QUESTIONS[0] or answer.answer.sure_by:
            said.append(answer)
        for item in answer.answer.certain:
            if not isinstance(item, Record):
                continue
            charge = _charge(asker, item, asker.speaker(answer, item), gaps)
            if charge is not None:
                found.append(charge)
                shown.append(
                    {
                        "code": charge.code,
                        "unit": charge.unit,
                        "payer": charge.payer,
                        "in_vat_base": charge.in_vat_base,
                        "shown_to_buyer": item["shown_to_buyer"],
                    }
                )
        gaps += _unknown_law(asker, answer)
        if any(item != CANNOT_DETERMINE for item in answer.answer.possible):
            needs += asker.needs(answer)
    return tuple(found), tuple(shown)


def _charge(asker: Asker, item: Record, rule: str, gaps: list[str]) -> Charge | None:
    """A record of the rules as a charge in the order's currency; None where a rate is missing."""

    def amount(name: str) -> Decimal | None:
        value = item[name]
        assert isinstance(value, Money)
        minor = asker.minor(value.amount, value.currency)
        if minor is None:
            gaps.append(f"{RATE}ecb_day.{value.currency}.{asker.currency}")
            return None
        return Money(minor, asker.currency).amount

    fixed = amount("amount")
    if fixed is None:
        return None
    charge = Charge(
        str(item["code"]),
        fixed,
        str(item["unit"]),  # type: ignore[arg-type]
        bool(item["in_vat_base"]),
        str(item["payer"]),
        source=rule,
    )
    if "digits" in item:
        charge = replace(charge, digits=int(str(item["digits"])))
    if "percent" not in item:
        return charge
    counted = replace(charge, free_units=int(str(item["free_units"])))
    percent = Decimal(str(item["percent"]))
    if not percent:
        return counted
    most = amount("maximum")
    if most is None:
        return None
    of = str(item["percent_of"])
    return replace(counted, percent=percent, percent_of=of, maximum=most)  # type: ignore[arg-type]


def untabled(
    asker: Asker,
    known: dict[str, object],
    members: Members,
    arrival: Territory,
    said: list[Said],
) -> list[str]:
    """Levies of the place of arrival whose rates no table holds."""
    answer = asker.ask("customs.untabled_levies", known, members)
    if answer.answer.sure_by:
        said.append(answer)
    return [f"levy.{levy}.{arrival.code}" for levy in answer.answer.certain]


def _unknown_law(asker: Asker, said: Said) -> list[str]:
    """Rules that hold but are not known to be in force any more: a figure no fact of the order can settle."""
    if CANNOT_DETERMINE not in said.answer.possible:
        return []
    return [
        f"law.{name}"
        for name in said.answer.by
        if name in said.answer.holds and asker.book.rules[name].known_until is not None
    ]


def waived(
    asker: Asker,
    known: dict[str, object],
    members: Members,
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
