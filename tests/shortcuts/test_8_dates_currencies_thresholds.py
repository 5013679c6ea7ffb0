"""Shortcut 8, one legal date and floats through JSON: paid on 30 June, declared on 1 July 2026.

A filter coffee machine (HS 8516 71, 2.7 %) goes from the Swiss warehouse of a seller
registered for the import one-stop shop to Lyon, freight EUR 10 shown apart. VAT
follows the payment, duty the acceptance of the declaration: the relief ended and the
flat duty of EUR 3 began on 1 July 2026 (Council Reg. (EU) 2026/382). The French tax
of EUR 2 on small parcels stands in the base of the VAT. EUR 1 is SEK 11.10 in the
demo rates, so SEK 1665.00 is EUR 150.00 and SEK 1665.11 a little less than 150.01.
"""

from __future__ import annotations

import json

import pytest

from domain import InputError
from scenarios import order_from_text
from tests.shortcuts.demo import Json, decided, order_json

JUNE, JULY = "2026-06-30", "2026-07-01"
FREIGHT = {"EUR": "10.00", "SEK": "111.00"}

# Scheme, declaration, duty method, duty, VAT.
# EUR within the limit: what the buyer pays, (150.00 + 10.00) * 20 % = 32.00.
# EUR above: duty 160.01 * 2.7 % = 4.32, VAT (160.01 + 4.32) * 20 % = 32.87.
# SEK within: (1665.00 + 111.00) * 20 % = 355.20, flat duty 3 * 11.1 = 33.30.
# SEK above: duty 1776.11 * 2.7 % = 47.95, VAT (1776.11 + 47.95) * 20 % = 364.81.
RELIEF, FLAT, FULL = ("ioss", "h7", "relief"), ("ioss", "h7", "flat_per_item"), ("export", "h1", "tariff")
GOLDENS = [
    (JUNE, JUNE, "EUR", "150.00", (*RELIEF, "0.00", "32.00")),
    (JUNE, JULY, "EUR", "150.00", (*FLAT, "3.00", "32.00")),
    (JULY, JULY, "EUR", "150.00", (*FLAT, "3.00", "32.00")),
    (JUNE, JUNE, "EUR", "150.01", (*FULL, "4.32", "32.87")),
    (JUNE, JULY, "EUR", "150.01", (*FULL, "4.32", "32.87")),
    (JULY, JULY, "EUR", "150.01", (*FULL, "4.32", "32.87")),
    (JUNE, JUNE, "SEK", "1665.00", (*RELIEF, "0.00", "355.20")),
    (JUNE, JULY, "SEK", "1665.00", (*FLAT, "33.30", "355.20")),
    (JULY, JULY, "SEK", "1665.00", (*FLAT, "33.30", "355.20")),
    (JUNE, JUNE, "SEK", "1665.11", (*FULL, "47.95", "364.81")),
    (JUNE, JULY, "SEK", "1665.11", (*FULL, "47.95", "364.81")),
    (JULY, JULY, "SEK", "1665.11", (*FULL, "47.95", "364.81")),
]


def _order(paid: str, declared: str | None, currency: str, net: str) -> Json:
    return order_json(
        seller="maison-ch",
        currency=currency,
        placed_at=f"{paid}T10:00:00+02:00",
        payment_accepted_at=f"{paid}T10:05:00+02:00",
        customs={"declared_on": declared},
        freight={"amount": FREIGHT[currency], "tax_included": False},
        lines=[{"id": "1", "sku": "coffee-maker", "quantity": 1, "unit_price": net, "tax_included": False}],
    )


def _border(decision: Json) -> Json:
    assert [item["source"]["location"] for item in decision["consignments"]] == ["wh-pratteln"]
    found: Json = decision["consignments"][0]["border"]
    return found


@pytest.mark.parametrize(("paid", "declared", "currency", "net", "expected"), GOLDENS)
def test_each_decision_follows_its_own_date_and_the_exact_amount(
    paid: str, declared: str, currency: str, net: str, expected: tuple[str, ...]
) -> None:
    decision = decided(_order(paid, declared, currency, net))
    border = _border(decision)
    got = (
        border["vat_scheme"], border["declaration"], border["duty_method"],
        border["assessment"]["duty"], border["assessment"]["vat"],
    )  # fmt: skip
    assert decision["status"] == "routed"
    assert got == expected


def test_the_two_dates_cite_two_rules_of_two_days() -> None:
    """The same payment day: only the acceptance of the declaration moves, and only duty moves with it."""
    june, july = (decided(_order(JUNE, day, "EUR", "150.00")) for day in (JUNE, JULY))
    cited = [{entry["decision"]: entry["rule"] for entry in each["because"]} for each in (june, july)]
    assert cited[0]["customs.duty_method"] == "duty-eu-old-relief"
    assert cited[1]["customs.duty_method"] == "duty-eu-flat-per-item"
    assert cited[0]["vat.scheme"] == cited[1]["vat.scheme"]


def test_a_declaration_window_over_the_change_is_not_guessed() -> None:
    """Paid on 30 June, declared nobody knows when: the date is asked for, the duty is not decided."""
    decision = decided(_order(JUNE, None, "EUR", "150.00"))
    assert decision["status"] == "needs_information"
    named = [need for need in decision["needs"] if "declaration.acceptance" in need["facts"]]
    assert named
    assert all("/customs/declared_on" in need["give"] for need in named)
    assert _border(decision)["duty_method"] not in ("relief", "flat_per_item")


@pytest.mark.parametrize("amount", ["150.01", "1e2", "150.0"])
def test_an_amount_written_as_a_json_number_with_a_fraction_is_refused(amount: str) -> None:
    text = json.dumps(_order(JUNE, JULY, "EUR", "150.00")).replace('"150.00"', amount)
    with pytest.raises(InputError) as caught:
        order_from_text(text)
    assert caught.value.place == "/lines/0/unit_price"


def test_a_cent_is_never_lost_on_the_way_through_json() -> None:
    """0.1 + 0.2: ten amounts that binary fractions cannot hold come out as they went in."""
    for cents in range(1, 11):
        net = f"150.{cents:02d}"
        border = _border(decided(_order(JULY, JULY, "EUR", net)))
        assert border["intrinsic_value"] == {"amount": net, "currency": "EUR"}
