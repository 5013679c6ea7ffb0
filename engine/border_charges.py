"""Levies and fees of an import, and amounts too small to be levied, as the rules say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from customs.landed import Charge, Duty, Vat
from customs.territories import Territory
from domain import Money
from engine.asking import Asker, Said
from engine.rulebook import CANNOT_DETERMINE, Record

__all__ = ["charges", "untabled", "waived"]


def charges(
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


def untabled(
    asker: Asker,
    known: dict[str, object],
    members: Mapping[str, Sequence[Mapping[str, object]]],
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
