"""The figures of one side of an assessment, how they are rounded, waived and noted down."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from customs.landed.apportion import round_shares
from customs.landed.values import Rounding, Undetermined

__all__ = ["Mark", "Scenario", "Shares", "mark", "rounded", "waive"]

Shares = tuple[Decimal | None, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A step of one scenario, before low and high are joined."""

    name: str
    formula: str
    base: Decimal | None
    rate: str
    amount: Decimal
    source: str
    rounding: str
    line: str | None


@dataclass(slots=True)
class Scenario:
    """The figures of one side. A share is None where it cannot be determined."""

    customs_value: Shares = ()
    duty: Shares = ()
    vat_base: Shares = ()
    vat: Shares = ()
    charge_shares: Shares = ()
    charges: tuple[Decimal | None, ...] = ()
    marks: list[Mark] = field(default_factory=list)
    gaps: list[Undetermined] = field(default_factory=list)
    open: bool = False


def rounded(
    amounts: Sequence[Decimal | None], rule: Rounding, minor: Decimal, rates: Sequence[Hashable]
) -> list[Decimal | None]:
    """Rounds the known amounts at the rule's level; shares add up to the rounded sum of their group."""
    known = [index for index, amount in enumerate(amounts) if amount is not None]
    keys: dict[str, list[Hashable]] = {
        "line": list(known),
        "rate_group": [rates[index] for index in known],
        "document": [None] * len(known),
    }
    settled = round_shares(
        [amount for amount in amounts if amount is not None], keys[rule.level], rule.step or minor, rule.mode
    )
    result: list[Decimal | None] = [None] * len(amounts)
    for index, amount in zip(known, settled, strict=True):
        result[index] = amount
    return result


def waive(
    amounts: Sequence[Decimal | None], limit: Decimal | None, what: str, result: Scenario, source: str
) -> Shares:
    """Nothing is collected where the total stays within the limit; an unknown share keeps the rest."""
    known = [amount for amount in amounts if amount is not None]
    if limit is None or len(known) < len(amounts) or not known or sum(known) > limit:
        return tuple(amounts)
    total = sum(known, Decimal(0))
    mark(
        result,
        f"{what}_waived",
        f"total up to {limit} is not collected",
        total,
        "",
        Decimal(0),
        source,
        None,
        None,
    )
    return tuple(Decimal(0) for _ in amounts)


def mark(
    result: Scenario,
    name: str,
    formula: str,
    base: Decimal | None,
    rate: str,
    amount: Decimal,
    source: str,
    rule: Rounding | None,
    line: str | None,
) -> None:
    rounding = "" if rule is None else f"{rule.mode} per {rule.level}"
    result.marks.append(Mark(name, formula, base, rate, amount, source, rounding, line))
