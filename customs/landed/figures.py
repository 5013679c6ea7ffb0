"""The figures of one side of an assessment, and how they are rounded and waived."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from customs.landed.apportion import round_shares, round_to
from customs.landed.values import Rounding, Undetermined
from customs.tariff import RateExpression
from domain.money import minor_digits

__all__ = ["Levied", "Scenario", "Shares", "complete", "minor_unit", "rounded", "waive"]

Shares = Sequence[Decimal | None]
ZERO = Decimal(0)


@cache
def minor_unit(currency: str) -> Decimal:
    """The least amount of a currency: 0.01 for EUR, 1 for JPY."""
    return Decimal(1).scaleb(-minor_digits(currency))


def complete(amounts: Shares) -> list[Decimal] | None:
    """The amounts where all are known, else None."""
    known = [amount for amount in amounts if amount is not None]
    return known if len(known) == len(amounts) else None


@dataclass(frozen=True, slots=True)
class Levied:
    """One charge: the units it is counted over, the value its percentage is of, its amount.

    ``amount`` None cannot be determined; ``base`` and ``share`` are None without a percentage.
    """

    count: Decimal | None
    amount: Decimal | None
    base: Decimal | None = None
    share: Decimal | None = None


@dataclass(slots=True)
class Scenario:
    """The figures of one side, a share for each line. A share is None where it cannot be determined.

    ``duty_due`` and ``vat_due`` are the rounded amounts before a small total is left uncollected;
    ``rates`` the duty rates chosen, ``percents`` those of VAT; ``items`` counts a flat duty, and
    ``items_open`` says that lines may share items otherwise than this side takes them to.
    """

    freight: Shares = ()
    insurance: Shares = ()
    customs_value: Shares = ()
    rates: Sequence[RateExpression | None] = ()
    items: Decimal = ZERO
    items_open: bool = False
    duty_due: Shares = ()
    duty: Shares = ()
    charges: list[Levied] = field(default_factory=list)
    charge_shares: Shares = ()
    percents: Shares = ()
    vat_base: Shares = ()
    vat_due: Shares = ()
    vat: Shares = ()
    gaps: list[Undetermined] = field(default_factory=list)
    open: bool = False


def rounded(amounts: Shares, rule: Rounding, minor: Decimal, rates: Sequence[Hashable]) -> Shares:
    """Rounds the known amounts at the rule's level; shares add up to the rounded sum of their group."""
    step = rule.step or minor
    if rule.level == "line":
        mode = rule.mode
        if step is minor:
            return [None if amount is None else amount.quantize(minor, mode) for amount in amounts]
        return [None if amount is None else round_to(amount, step, mode) for amount in amounts]
    known = complete(amounts)
    if known is not None:
        return round_shares(known, rates if rule.level == "rate_group" else None, step, rule.mode)
    found = [(amount, index) for index, amount in enumerate(amounts) if amount is not None]
    groups = [rates[index] for _, index in found] if rule.level == "rate_group" else None
    settled = iter(round_shares([amount for amount, _ in found], groups, step, rule.mode))
    return [None if amount is None else next(settled) for amount in amounts]


def waive(amounts: Shares, limit: Decimal | None) -> Shares:
    """Nothing is collected where the total stays within the limit; an unknown share keeps the rest."""
    if limit is None:
        return amounts
    known = complete(amounts)
    if not known or sum(known) > limit:
        return amounts
    return [ZERO] * len(amounts)
