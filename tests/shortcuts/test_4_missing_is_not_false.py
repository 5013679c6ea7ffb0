"""Shortcut 4, missing read as false, 0 or None: each fact of each example order is deleted in turn.

What counts as a change is the substance: status, sources, lines, services, VAT
scheme, declaration, duty method and duty. A decision whose substance changes must
name the fact among ``needs`` or what it cannot determine; an order that cannot even
be read without the fact is refused with a pointer, which names it too.
"""

from __future__ import annotations

import json

import pytest
from pydantic import BaseModel

from domain import InputError, Order
from tests.shortcuts.deletions import FACTS, STATEMENTS, WISHES, Deletion, deletions
from tests.shortcuts.demo import Json, decided, examples, house, needed, substance


def _silent(before: Json, gone: Deletion) -> str | None:
    """What changed without being asked for; None where all is well."""
    try:
        after = decided(gone.order, gone.world)
    except InputError as error:
        return None if error.place else f"{gone.fact}: {error}"
    if substance(after) == before or any(name in needed(after) for name in gone.names):
        return None
    return f"{gone.fact}: {before} -> {substance(after)}, needs {after['needs']}"


@pytest.mark.parametrize("name", sorted(examples()))
def test_no_decision_changes_when_a_fact_is_missing_without_asking_for_it(name: str) -> None:
    order = json.loads(examples()[name].read_text(encoding="utf-8"))
    before = substance(decided(order))
    found = [said for gone in deletions(order, house()[0]) if (said := _silent(before, gone)) is not None]
    assert found == []


def _optional(model: type[BaseModel], prefix: str = "") -> set[str]:
    return {prefix + name for name, field in model.model_fields.items() if not field.is_required()}


def test_every_optional_field_is_a_fact_or_says_what_its_absence_says() -> None:
    """A field added to the order later must be put on one of the lists."""
    found = _optional(Order)
    for name in ("ship_to", "buyer", "customs"):
        inner = {"ship_to": "Address", "buyer": "Buyer", "customs": "CustomsHints"}[name]
        found |= _optional(getattr(__import__("domain.order", fromlist=[inner]), inner), f"{name}.")
    found |= _optional(__import__("domain.order", fromlist=["OrderLine"]).OrderLine, "lines.*.")
    assert found == set(FACTS) | set(STATEMENTS) | WISHES


def test_the_lists_have_no_field_twice() -> None:
    assert not set(FACTS) & set(STATEMENTS)
    assert not (set(FACTS) | set(STATEMENTS)) & WISHES
