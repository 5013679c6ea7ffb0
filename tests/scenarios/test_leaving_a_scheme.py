"""A seller who gives up the import one-stop shop gives it up for every order, never for one."""

from pathlib import Path
from typing import Any

import pytest

from domain import UnknownReference
from scenarios import folder, open_world, read_order
from scenarios.changes import changed_world
from scenarios.compare import compare

ORDERS = folder("examples") / "orders"
LOW = "18-low-value-two-subheadings"


def without(*leave: str) -> Any:
    before = open_world()
    after, _ = changed_world(before, None, [], None, None, None, [], leave)
    return before, after


def test_leaving_the_one_stop_shop_moves_the_tax_to_the_border_for_every_order() -> None:
    before, after = without("maison-ch:ioss")
    orders = [read_order(path) for path in sorted(ORDERS.glob("*.json"))]
    report: Any = compare(orders, before, after, None, None)
    moved = {entry["order"]: entry for entry in report["moved"]}
    assert LOW in moved
    assert len(moved) >= 5
    for entry in moved.values():
        assert "ioss" in str(entry["before"]["vat_scheme"])
        assert "ioss" not in str(entry["after"]["vat_scheme"])
    assert after[0].versions["retailer"] != before[0].versions["retailer"]


def test_the_seller_still_has_its_other_registrations() -> None:
    before, after = without("maison-ch:ioss")
    kinds = {registration.kind for registration in after[0].retailer.entities["maison-ch"].registrations}
    held = {registration.kind for registration in before[0].retailer.entities["maison-ch"].registrations}
    assert held - kinds == {"ioss"}


@pytest.mark.parametrize(
    ("text", "code", "near"),
    [
        ("maison-c:ioss", "scenario.seller", "maison-ch"),
        ("maison-ch:oiss", "scenario.registration", "ioss"),
        ("maison-ch", "scenario.registration", "ioss"),
    ],
)
def test_a_scheme_nobody_holds_is_named(text: str, code: str, near: str) -> None:
    with pytest.raises(UnknownReference) as caught:
        without(text)
    assert caught.value.code == code
    assert near in caught.value.cure
    assert caught.value.place == "--leave"


def test_the_orders_folder_is_where_the_test_thinks() -> None:
    assert (Path(ORDERS) / f"{LOW}.json").is_file()
