"""What a consignment costs landed: each threshold to the cent, each clock, goods without a sale, fees, sums."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from scenarios.law import landed_cost
from tests.law.asking import AU, BE, CH, FR, GB, NO, line, told, world

EXAMPLES = Path(__file__).parents[2] / "examples" / "law"
FRENCH = {"country": "FR", "vat_registrations": ["FR"], "eori": "FR12345678900012"}
SWISS = {"country": "CH", "vat_registrations": ["CH"]}


def french(*numbers: str, **more: Any) -> dict[str, Any]:
    """A parcel of a French company from Lyon; ``numbers`` are countries of its other VAT numbers."""
    return {"seller": {**FRENCH, "vat_registrations": ["FR", *numbers], **more}, "ship_from": FR}


def place(country: str, postcode: str) -> dict[str, str]:
    return {"country": country, "postcode": postcode}


# (what is asked, money, value): (scheme, duty method, duty, VAT)
THRESHOLDS: dict[str, tuple[dict[str, Any], tuple[str | None, ...]]] = {
    "EUR 150.00 with the import one-stop shop": (
        {"line": {"net": "150.00"}},
        ("ioss", "flat_per_item", "3.00", "28.50"),
    ),
    "EUR 150.01 with the import one-stop shop": (
        {"line": {"net": "150.01"}},
        ("export", "tariff", "18.00", "31.92"),
    ),
    "EUR 150.00 without it": (
        {"line": {"net": "150.00"}, "seller": SWISS},
        ("export", "flat_per_item", "3.00", "29.07"),
    ),
    "EUR 150.01 without it": (
        {"line": {"net": "150.01"}, "seller": SWISS},
        ("export", "tariff", "18.00", "31.92"),
    ),
    "freight shown apart does not count": (
        {"line": {"net": "150.00"}, "freight": "9.00"},
        ("ioss", "flat_per_item", "3.00", "30.21"),
    ),
    "freight inside the price counts": (
        {"line": {"net": "145.00"}, "freight": "9.00", "freight_shown_separately": False},
        ("export", "tariff", "18.48", "32.77"),
    ),
    "two lines are one consignment": (
        {"lines": [line(net="75.00"), line(id="more", net="75.01")]},
        ("export", "tariff", "18.00", "31.92"),
    ),
    "GBP 135.00": (
        {"line": {"net": "135.00"}, "currency": "GBP", "ship_to": GB, **french("GB")},
        ("uk_supply", "relief", "0.00", "27.00"),
    ),
    "GBP 135.01": (
        {"line": {"net": "135.01"}, "currency": "GBP", "ship_to": GB, **french("GB")},
        ("export", "tariff", "16.20", "30.24"),
    ),
    "NOK 2,999.99 each": (
        {"line": {"net": "2999.99"}, "currency": "NOK", "ship_to": NO, **french(registrations=["voec"])},
        ("voec", "relief", "0.00", "750.00"),
    ),
    "two pieces of NOK 2,000": (
        {
            "line": {"net": "4000.00", "quantity": 2},
            "currency": "NOK",
            "ship_to": NO,
            **french(registrations=["voec"]),
        },
        ("voec", "relief", "0.00", "1000.00"),
    ),
    "NOK 3,000.00 each": (
        {"line": {"net": "3000.00"}, "currency": "NOK", "ship_to": NO, **french(registrations=["voec"])},
        ("export", "tariff", None, None),  # the Norwegian clothing duty is not known
    ),
    "Swiss tax of CHF 4.94 is not levied": (
        {"line": {"net": "61.00"}, "currency": "CHF", "ship_to": CH, **french()},
        ("export", "tariff", "0.00", "0.00"),
    ),
    "Swiss tax of CHF 5.02 is": (
        {"line": {"net": "62.00"}, "currency": "CHF", "ship_to": CH, **french()},
        ("export", "tariff", "0.00", "5.02"),
    ),
    "AUD 1,000.00": (
        {"line": {"net": "1000.00"}, "currency": "AUD", "ship_to": AU, **french()},
        ("export", "relief", "0.00", "0.00"),
    ),
    "AUD 1,000.00, registered": (
        {"line": {"net": "1000.00"}, "currency": "AUD", "ship_to": AU, **french("AU")},
        ("gst_at_sale", "relief", "0.00", "100.00"),
    ),
    "AUD 1,000.01": (
        {"line": {"net": "1000.01"}, "currency": "AUD", "ship_to": AU, **french("AU")},
        ("export", "tariff", None, None),  # no Australian tariff is held
    ),
    "CAD 20.00": (
        {"line": {"net": "20.00"}, "currency": "CAD", "ship_to": place("CA", "M5V 2T6"), **french()},
        ("export", "relief", "0.00", "0.00"),
    ),
    "CAD 20.01": (
        {"line": {"net": "20.01"}, "currency": "CAD", "ship_to": place("CA", "M5V 2T6"), **french()},
        ("export", "tariff", None, None),
    ),
    "JPY 10,000": (
        {
            "line": {"net": "10000", "hs_code": "490199"},
            "currency": "JPY",
            "ship_to": place("JP", "100-0001"),
            **french(),
        },
        ("export", "relief", "0", "0"),
    ),
    "JPY 10,001": (
        {
            "line": {"net": "10001", "hs_code": "490199"},
            "currency": "JPY",
            "ship_to": place("JP", "100-0001"),
            **french(),
        },
        ("export", "tariff", None, None),
    ),
    "NZD 1,000.00, registered": (
        {"line": {"net": "1000.00"}, "currency": "NZD", "ship_to": place("NZ", "6011"), **french("NZ")},
        ("gst_at_sale", "relief", "0.00", "150.00"),
    ),
    "NZD 1,000.01, registered": (
        {"line": {"net": "1000.01"}, "currency": "NZD", "ship_to": place("NZ", "6011"), **french("NZ")},
        ("export", "tariff", None, None),
    ),
    "SGD 400.00, registered": (
        {"line": {"net": "400.00"}, "currency": "SGD", "ship_to": place("SG", "018956"), **french("SG")},
        ("gst_at_sale", "none", "0.00", "36.00"),
    ),
    "SGD 400.01, registered": (
        {"line": {"net": "400.01"}, "currency": "SGD", "ship_to": place("SG", "018956"), **french("SG")},
        ("export", "none", "0.00", "36.00"),
    ),
}


@pytest.mark.parametrize("name", THRESHOLDS)
def test_a_value_exactly_on_a_threshold(name: str):
    changes, expected = THRESHOLDS[name]
    found = told(**changes)
    totals = found["totals"]
    assert (found["scheme"], found["duty_method"], totals["duty"], totals["vat"]) == expected
    assert (totals["landed_cost"] is None) == (totals["duty"] is None)
    if totals["duty"] is None:
        assert found["needs"] or found["cannot_determine"]


PAPERS: dict[str, tuple[dict[str, Any], str, bool]] = {
    "oral export at EUR 1,000.00": (
        {"line": {"net": "1000.00"}, "ship_to": CH, **french()},
        "export_declaration",
        False,
    ),
    "export declaration from EUR 1,000.01": (
        {"line": {"net": "1000.01"}, "ship_to": CH, **french()},
        "export_declaration",
        True,
    ),
    "any exporter states origin up to EUR 6,000.00": (
        {
            "line": {"net": "6000.00", "origin": "FR", "preference_statement": True},
            "preference_claimed": True,
            "ship_to": GB,
            **french(),
        },
        "rex_number",
        False,
    ),
    "a registered one above": (
        {
            "line": {"net": "6000.01", "origin": "FR", "preference_statement": True},
            "preference_claimed": True,
            "ship_to": GB,
            **french(),
        },
        "rex_number",
        True,
    ),
    "EUR.1 into Switzerland above EUR 6,000": (
        {
            "line": {"net": "6000.01", "origin": "FR", "preference_statement": True},
            "preference_claimed": True,
            "ship_to": CH,
            **french(),
        },
        "eur1_or_approved_exporter",
        True,
    ),
    "CN23 by post": ({"ship_to": CH, "route": {"network": "post"}, **french()}, "cn23", True),
    "no CN23 by express": ({"ship_to": CH, **french()}, "cn23", False),
    "proof of Union status to the Canaries": ({"ship_to": place("ES", "35001"), **french()}, "t2lf", True),
    "security data to Great Britain": (
        {"line": {"net": "300.00"}, "ship_to": GB, **french()},
        "entry_summary_data",
        True,
    ),
    "none to Switzerland, one security area": ({"ship_to": CH, **french()}, "entry_summary_data", False),
}


@pytest.mark.parametrize("name", PAPERS)
def test_papers_of_a_corridor(name: str):
    changes, code, wanted = PAPERS[name]
    assert (code in {paper["code"] for paper in told(**changes)["documents"]}) is wanted


def test_a_payment_in_june_does_not_save_a_parcel_of_july_from_the_flat_duty():
    """Each consequence has its own clock: the duty follows the declaration (UCC art. 77(2), 85(1))."""
    path = EXAMPLES / "landed-cost-paid-in-june-declared-around-1-july.json"
    found: Any = landed_cost(json.loads(path.read_text(encoding="utf-8")), world())
    before, after = found["outcomes"]
    assert found["totals"] is None
    assert found["cannot_determine"] == ["declaration.acceptance"]
    assert before["declared"] == {"from": "2026-06-30", "to": "2026-06-30"}
    assert (before["duty_method"], before["totals"]["duty"]) == ("relief", "0.00")
    assert after["declared"] == {"from": "2026-07-01", "to": "2026-07-02"}
    assert (after["duty_method"], after["totals"]["duty"]) == ("flat_per_item", "6.00")


@pytest.mark.parametrize(
    ("day", "method", "duty"),
    [
        ("2026-06-30", "relief", "0.00"),
        ("2026-07-01", "flat_per_item", "3.00"),
        ("2028-06-30", "flat_per_item", "3.00"),
        ("2028-07-01", "tariff", "12.00"),
    ],
)
def test_the_flat_duty_begins_and_ends_on_its_days(day: str, method: str, duty: str):
    found = told(date=day, declared_on=day)
    assert (found["duty_method"], found["totals"]["duty"]) == (method, duty)


TWO = [line(net="20.00"), line(id="more", hs_code="6109100090", net="20.00")]


def test_items_are_counted_by_six_digits_in_the_reduced_declaration_and_by_ten_in_the_full_one():
    reduced = told(lines=TWO, seller=SWISS, route={"network": "express", "declaration": "h7"})
    full = told(lines=TWO, seller=SWISS, route={"network": "express", "declaration": "h1"})
    assert (reduced["items"], reduced["totals"]["duty"]) == ({"count": "1", "digits": 6}, "3.00")
    assert (full["items"], full["totals"]["duty"]) == ({"count": "2", "digits": 10}, "6.00")


def test_pieces_do_not_multiply_the_flat_duty():
    assert told(line={"quantity": 12})["totals"]["duty"] == "3.00"


SWISS_MADE = {"origin": "CH", "preference_statement": True}


def test_goods_of_preferential_origin_pay_the_flat_duty_under_the_one_stop_shop():
    found = told(line=SWISS_MADE, preference_claimed=True)
    assert (found["scheme"], found["duty_method"], found["totals"]["duty"]) == (
        "ioss",
        "flat_per_item",
        "3.00",
    )


def test_and_nothing_in_a_full_declaration_outside_it():
    found = told(line=SWISS_MADE, preference_claimed=True, seller=SWISS)
    assert found["declaration"] == "h1"
    assert (found["duty_method"], found["totals"]["duty"]) == ("preferential_tariff", "0.00")


def test_preference_is_lost_without_the_statement():
    found = told(line={"origin": "CH"}, preference_claimed=True, seller=SWISS)
    assert found["duty_method"] == "flat_per_item"


GROUP = {"country": "FR", "establishments": ["FR", "CH"], "vat_registrations": ["FR", "CH"], "ioss": True}


@pytest.mark.parametrize("kind", ["own_goods_transfer", "intercompany_supply"])
def test_goods_that_move_without_a_sale_to_a_consumer_know_no_one_stop_shop_and_no_flat_duty(kind: str):
    """No distance sale, so the tariff from the first euro (Council Reg. (EU) 2026/382; Directive art. 14(4))."""
    buyer = {"kind": "business", "vat_number": "FR40303265045"} if kind == "intercompany_supply" else None
    found = told(kind=kind, seller=GROUP, buyer=buyer, ship_to=place("FR", "75011"))
    assert found["sale"] == kind
    assert found["vat_route"] == "at_import"
    assert found["declaration"] == "h1"
    assert (found["duty_method"], found["totals"]["duty"]) == ("tariff", "12.00")
    assert found["items"] is None
    assert found["totals"]["vat_recoverable"] is True
    assert all(route["vat"] != "ioss" for route in found["routes"])


def test_a_business_pays_the_tariff_within_eur_150():
    found = told(buyer={"kind": "business", "vat_number": "DE136695976"})
    assert (found["duty_method"], found["totals"]["duty"]) == ("tariff", "12.00")


def test_own_goods_to_another_state_want_a_number_there():
    known = told(kind="own_goods_transfer", buyer=None, ship_to=BE, **french("BE"))
    missing = told(kind="own_goods_transfer", buyer=None, ship_to=BE, **french())
    assert (known["scheme"], known["totals"]["landed_cost"]) == ("transfer", "100.00")
    assert known["registration_needed"] == []
    # without a number the transfer cannot be declared: the answer says what would hold, and what is lacking
    assert missing["registration_needed"] == ["at_arrival_for_transfer"]
    assert {"what": "seller.registrations", "value": "at_arrival_for_transfer"} in missing["assumed"]


POST = {"network": "post", "incoterm": "DAP"}


def swiss_post(sender: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return told(currency="CHF", ship_to=CH, route=POST, freight="10.00", **sender, **changes)


def fee(found: dict[str, Any], code: str = "swiss_post_clearance") -> Decimal:
    return next(Decimal(charge["amount"]) for charge in found["charges"] if charge["code"] == code)


BRITISH = {"seller": {"country": "GB", "vat_registrations": ["GB"]}, "ship_from": GB}


def test_swiss_post_asks_a_base_price_and_three_per_cent():
    """CHF 11.50 from a neighbour, else 16.00; 3 % of goods and freight; at most CHF 70; inside the tax base."""
    near, far = swiss_post(french()), swiss_post(BRITISH)
    assert fee(near) == Decimal("11.50") + Decimal("3.30")
    assert fee(far) == Decimal("16.00") + Decimal("3.30")
    # (100 + 10 + 14.80) to the franc, at 8.1 %
    assert near["totals"]["vat"] == "10.13"


def test_swiss_post_asks_at_most_seventy_francs():
    assert fee(swiss_post(french(), line={"net": "3000.00"})) == Decimal("70.00")


def test_swiss_post_counts_tariff_numbers_beyond_five():
    codes = ("61091000", "91021100", "49019900", "42022100", "64039900", "95030000")
    lines = [line(id=f"l{n}", hs_code=code, net="20.00") for n, code in enumerate(codes)]
    assert fee(swiss_post(french(), lines=lines), "swiss_post_more_tariff_numbers") == Decimal("10.00")
    assert fee(swiss_post(french(), lines=lines[:5]), "swiss_post_more_tariff_numbers") == 0


def test_a_courier_asks_what_its_contract_says():
    assert told(currency="CHF", ship_to=CH, route={"network": "express"}, **french())["charges"] == []


ADDING_UP: dict[str, dict[str, Any]] = {
    "two lines within EUR 150": {"lines": TWO, "freight": "7.77", "insurance": "0.33"},
    "two lines above": {
        "lines": [line(net="99.99"), line(id="watch", hs_code="9102110000", origin="CH", net="99.99")],
        "freight": "7.77",
        "insurance": "0.33",
        "seller": SWISS,
    },
    "Swiss post": {"currency": "CHF", "ship_to": CH, "route": POST, "freight": "10.00", **french()},
    "Great Britain": {"line": {"net": "333.33"}, "freight": "11.11", "ship_to": GB, **french()},
}


@pytest.mark.parametrize("name", ADDING_UP)
def test_totals_add_up(name: str):
    found = told(**ADDING_UP[name])
    totals, lines = found["totals"], found["assessment"]["lines"]
    parts = ("goods", "freight", "insurance", "duty", "charges", "vat")
    assert sum(Decimal(totals[part]) for part in parts) == Decimal(totals["landed_cost"])
    assert sum(Decimal(each["vat"]) for each in lines) == Decimal(totals["vat"])
    if all(each["duty"] is not None for each in lines):
        assert sum(Decimal(each["duty"]) for each in lines) == Decimal(totals["duty"])
    assert sum((Decimal(charge["amount"]) for charge in found["charges"]), Decimal(0)) == Decimal(
        totals["charges"]
    )


def test_a_levy_whose_rate_nobody_knows_leaves_the_total_open():
    """Octroi de mer is due in Réunion; its rate by code is not held. A sum without it would look like the whole."""
    found = told(ship_to=place("FR", "97400"), **french())
    assert "levy.octroi_de_mer.FR-RE" in found["cannot_determine"]
    assert not isinstance(found["totals"]["landed_cost"], str)


WINE = {"hs_code": "22042142", "origin": "FR", "quantity": 2, "volume_ml": 750, "percent_vol": "13"}


@pytest.mark.parametrize("kind", [{"classes": ["wine"]}, {"category": "wine"}])
@pytest.mark.parametrize(("registered", "held"), [([], ["excise_registration_missing"]), (["DE"], [])])
def test_wine_to_a_consumer_abroad_is_held_without_excise_registration(
    kind: dict[str, Any], registered: list[str], held: list[str]
):
    """Directive (EU) 2020/262 art. 44; the VAT category says what the classes forgot."""
    found = told(
        line={**WINE, **kind}, excise_registered_in=registered, eu_distance_sales_eur="0", **french()
    )
    assert [each["code"] for each in found["restrictions"]] == held


def test_excise_is_never_silently_left_out_of_the_total():
    """British alcohol duty on two bottles is more than all else; no table holds it, so the total is open above."""
    found = told(line={**WINE, "net": "200.00", "classes": ["wine"]}, currency="GBP", ship_to=GB, **french())
    assert any("excise" in gap for gap in found["cannot_determine"])
    assert found["totals"]["landed_cost"] is None or found["totals"]["landed_cost"]["high"] is None
