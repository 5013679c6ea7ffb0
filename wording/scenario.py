"""A comparison of two worlds: totals, and the orders whose answer changes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from wording.reading import Body, bodies, part, values
from wording.show import leaf
from wording.tables import columns
from wording.words import Wording

if TYPE_CHECKING:
    from rich.console import Group
    from rich.table import Table

__all__ = ["scenario_table"]

PAIRS = ("cost", "tax", "promise_days")


def scenario_table(report: Body, language: str | Wording = "en") -> Group:
    """Keys: ``totals`` and ``moved``. Two tables: totals before and after, then each order that moves."""
    from rich.console import Group

    words = language if isinstance(language, Wording) else Wording(language)
    moved = bodies(report, "moved")
    currency = next(
        (c for item in moved for side in ("before", "after") if (c := _currency(part(item, side)))), ""
    )
    table = columns(words, "scenario", "order", "before", "after", "reasons")
    for item in moved:
        reasons = "\n".join(_reason(words, entry) for entry in values(item, "reasons"))
        cells = (
            str(item.get("order", "")),
            *(_side(words, part(item, side)) for side in ("before", "after")),
            reasons,
        )
        table.add_row(*(leaf(cell) for cell in cells))
    if not moved:
        table.caption = words.say("label.none_moved")
    return Group(_totals(words, part(report, "totals"), currency), table)


def _totals(words: Wording, totals: Body, currency: str) -> Table:
    table = columns(words, "scenario", "total", "before", "after", "difference")
    table.title = None
    for key in ("moved", "unchanged"):
        if key in totals:
            table.add_row(leaf(words.say(f"total.{key}")), "", leaf(words.number(totals[key])), "")
    for key in PAIRS:
        before, after = totals.get(f"{key}_before"), totals.get(f"{key}_after")
        if before is None and after is None:
            continue
        unit = "" if key == "promise_days" else currency
        cells = [_amount(words, value, unit) for value in (before, after, _minus(after, before))]
        table.add_row(leaf(words.say(f"total.{key}")), *(leaf(cell) for cell in cells))
    return table


def _amount(words: Wording, value: object, currency: str) -> str:
    if value is None:
        return ""
    return words.money(value) if isinstance(value, Mapping) else words.amount(value, currency)


def _minus(after: object, before: object) -> object:
    """The difference of two amounts of the same kind, None where there is none."""
    if isinstance(after, Mapping) and isinstance(before, Mapping):
        if after.get("currency") != before.get("currency"):
            return None
        return {
            "amount": _minus(after.get("amount"), before.get("amount")),
            "currency": after.get("currency"),
        }
    try:
        return Decimal(str(after)) - Decimal(str(before))
    except InvalidOperation:
        return None


def _currency(side: Body) -> str:
    return str(part(side, "cost").get("currency") or "")


def _side(words: Wording, body: Body) -> str:
    lines = [words.name("status", body.get("status"))]
    legs = [str(body[key]) for key in ("source", "service") if body.get(key)]
    lines += [" - ".join(legs)] if legs else []
    for label in ("cost", "tax"):
        if body.get(label) is not None:
            lines.append(words.pair(words.say(f"total.{label}"), _amount(words, body[label], "")))
    scheme = body.get("vat_scheme")
    if scheme and scheme != "None":
        schemes = [words.name("scheme", code) for code in str(scheme).split(" + ")]
        lines.append(words.labelled("vat_scheme", " + ".join(schemes)))
    if body.get("latest"):
        lines.append(words.labelled("promise", words.day(body["latest"])))
    return "\n".join(lines)


def _reason(words: Wording, entry: object) -> str:
    """A rule title, as text or in every language."""
    if isinstance(entry, Mapping):
        return words.title(entry if "title" in entry else {"title": entry})
    return str(entry)
