"""Finds a row of the ledger where it says it is held, and says what is wrong where it is not."""

from __future__ import annotations

from collections.abc import Callable

from tests.ledger import in_rates, in_rules, in_tariff
from tests.ledger.rows import Row, World

__all__ = ["KINDS", "problem"]

Look = Callable[[Row, str, World], str | None]
# kind of place -> (how to look, True for confirmed facts only, False for unconfirmed ones, None for both)
KINDS: dict[str, tuple[Look, bool | None]] = {
    "rate": (in_rates.rate, True),
    "rate_date": (in_rates.rate_date, True),
    "candidate": (in_rates.candidate, None),
    "level": (in_rates.level, True),
    "quotient": (in_rates.quotient, True),
    "unknown": (in_rates.unknown, False),
    "contradicted": (in_rates.contradicted, False),
    "param": (in_rules.param, True),
    "param_date": (in_rules.param_date, True),
    "off": (in_rules.off, False),
    "not_returned": (in_rules.not_returned, False),
    "set": (in_rules.in_set, True),
    "rule": (in_rules.rule, True),
    "mentions": (in_rules.mentions, True),
    "known_until": (in_rules.known_until, None),
    "untabled": (in_rules.untabled, False),
    "undecided": (in_rules.undecided, False),
    "tariff_measure": (in_tariff.tariff_measure, True),
    "duty": (in_tariff.duty, True),
    "tariff_maybe": (in_tariff.tariff_maybe, False),
    "tariff_unknown": (in_tariff.tariff_unknown, False),
    "tariff_date": (in_tariff.tariff_date, True),
    "table": (in_tariff.table, True),
    "known": (in_tariff.known, True),
    "demo_only": (in_tariff.demo_only, False),
    "not_modelled": (in_tariff.reason, None),
}


def problem(row: Row, kind: str, ref: str, world: World) -> str | None:
    """What is wrong with one place a row names; None where it is held as it should be."""
    if kind not in KINDS:
        return f"there is no kind of place {kind!r}"
    look, sure = KINDS[kind]
    if sure is not None and sure != row.sure:
        return f"{kind} is not for a fact of {row.confidence} confidence"
    try:
        return look(row, ref, world)
    except KeyError as error:
        return f"there is no {error.args[0]}"
