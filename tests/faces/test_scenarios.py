"""``passavant scenario``: orders under the world as it is and as it might be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scenarios import folder
from tests.faces.desk import ask
from tests.shortcuts.demo import order_json

STOCK = "location,sku,owner,on_hand,reserved,inbound_quantity,inbound_date,source\n"


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """Three orders: one that Lyon serves, one abroad, one that nothing here touches."""
    held = tmp_path / "orders"
    held.mkdir()
    bodies = [
        order_json(id="S-1", delivery={"mode": "home"}),
        order_json(id="S-2", ship_to={"country": "DE", "postcode": "10117", "city": "Berlin"}),
        order_json(
            id="S-3", seller="maison-ch", ship_to={"country": "CH", "postcode": "8001", "city": "Zürich"}
        ),
    ]
    for body in bodies:
        (held / f"{body['id']}.json").write_text(json.dumps(body), encoding="utf-8")
    return held


def test_a_world_that_did_not_change_moves_nothing(orders: Path) -> None:
    body = ask("scenario", orders, "--json").json
    assert body["orders"] == 3
    assert body["moved"] == []
    assert body["totals"]["cost_before"] == body["totals"]["cost_after"]


def test_closing_the_warehouse_moves_the_orders_it_served(orders: Path) -> None:
    body = ask("scenario", orders, "--close", "wh-lyon", "--json").json
    moved = {item["order"]: item for item in body["moved"]}
    assert "S-1" in moved
    assert moved["S-1"]["before"]["source"] == "wh-lyon"
    assert "wh-lyon" not in json.dumps([item["after"] for item in body["moved"]])
    assert "S-3" not in moved


def test_closing_every_place_that_has_it_backorders(orders: Path) -> None:
    places = [line.split(",")[0] for line in _stock_rows() if line.split(",")[1] == "fridge-filter"]
    close = [word for place in sorted(set(places)) for word in ("--close", place)]
    body = ask("scenario", orders, *close, "--json").json
    assert body["statuses"]["after"] == {"backordered": 3}


def _stock_rows() -> list[str]:
    text = (folder("examples") / "retailer" / "stock.csv").read_text(encoding="utf-8")
    return [line for line in text.splitlines()[1:] if line and not line.startswith("#")]


def test_other_stock_is_used_instead(orders: Path, tmp_path: Path) -> None:
    stock = tmp_path / "stock.csv"
    stock.write_text(STOCK + 'wh-karlsruhe,fridge-filter,maison-de,50,0,,,"test"\n', encoding="utf-8")
    body = ask("scenario", orders, "--stock", stock, "--json").json
    sources = {item["order"]: item["after"]["source"] for item in body["moved"]}
    assert sources["S-1"] == "wh-karlsruhe"


def test_other_rules_are_laid_over_and_cited(orders: Path, tmp_path: Path) -> None:
    overlay = tmp_path / "overlay" / "sourcing"
    overlay.mkdir(parents=True)
    text = (folder("rules") / "sourcing" / "split.yaml").read_text(encoding="utf-8")
    (overlay / "split.yaml").write_text(
        text.replace("penalty: 3.50 EUR", "penalty: 9.50 EUR"), encoding="utf-8"
    )
    said = ask("scenario", orders, "--rules", tmp_path / "overlay", "--json")
    assert said.code == 0
    assert said.json["versions"]["before"]["rules"] != said.json["versions"]["after"]["rules"]


def test_another_day_decides_by_the_law_of_that_day(tmp_path: Path) -> None:
    """The flat duty began on 1 July 2026: the same order a day earlier pays none."""
    body = order_json(
        seller="maison-ch", placed_at="2026-07-02T10:00:00+02:00",
        payment_accepted_at="2026-07-02T10:00:00+02:00",
        customs={"declared_on": "2026-07-02"},
        lines=[{"id": "1", "sku": "coffee-maker", "quantity": 1, "unit_price": "99", "tax_included": False}],
    )  # fmt: skip
    path = tmp_path / "order.json"
    path.write_text(json.dumps(body), encoding="utf-8")
    said = ask("scenario", path, "--date", "2026-06-29", "--json").json
    assert len(said["moved"]) == 1
    fresh, gone = (json.dumps(said["moved"][0][key]) for key in ("reasons", "no_longer"))
    assert "Relief up to EUR 150" in fresh
    assert "Flat duty on each item" in gone


def test_a_dearer_service_loses_orders(orders: Path) -> None:
    before = ask("scenario", orders, "--json", "--price", "dpd-classic=+0").json
    assert before["moved"] == []
    first = ask("decide", orders / "S-1.json", "--json").json["consignments"][0]["shipments"][0]["service"]
    body = ask("scenario", orders, "--json", "--price", f"{first}=+25.00").json
    moved = next(item for item in body["moved"] if item["order"] == "S-1")
    assert first not in moved["after"]["service"].split(" + ")


def test_the_order_moved_most_stands_first(orders: Path) -> None:
    body = ask("scenario", orders, "--close", "wh-lyon", "--close", "wh-pratteln", "--json").json
    sizes = [abs(float(item["difference"])) for item in body["moved"]]
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_table_speaks_to_people(orders: Path, lang: str) -> None:
    said = ask("scenario", orders, "--close", "wh-lyon", "--lang", lang)
    assert said.code == 0
    assert "S-1" in said.out


def test_a_csv_of_orders_is_read(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(
        "order,placed_at,currency,seller,kind,country,postcode,city,mode,sku,quantity,unit_price\n"
        "C-1,2026-11-20T10:00:00+01:00,EUR,maison-fr,,FR,69003,Lyon,home,fridge-filter,1,\n"
        "C-1,,,,,,,,,fridge-shelf,2,\n"
        "C-2,2026-11-20T10:00:00+01:00,EUR,maison-fr,,FR,75011,Paris,,phone-case,1,9.90\n",
        encoding="utf-8",
    )
    body = ask("scenario", path, "--json").json
    assert body["orders"] == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--close", "shop-lion"), "scenario.place"),
        (("--price", "chronopost-99=+1"), "scenario.service"),
        (("--price", "chronopost-13=much"), "scenario.price"),
        (("--price", "chronopost-13=NaN"), "scenario.price"),
        (("--price", "chronopost-13=Infinity"), "scenario.price"),
        (("--price", "chronopost-13"), "scenario.price"),
        (("--date", "2026-02-31"), "scenario.date"),
        (("--stock", "no-such.csv"), "stock.no_file"),
        (("--rules", "no-such-folder"), None),
    ],
)
def test_a_change_that_cannot_be_is_a_clear_error(
    orders: Path, arguments: tuple[str, str], code: str | None
) -> None:
    said = ask("scenario", orders, *arguments, "--json")
    assert said.code == 2
    assert said.error is not None
    assert code is None or said.error.code == code


def test_orders_that_cannot_be_read_are_a_clear_error(tmp_path: Path) -> None:
    assert ask("scenario", tmp_path).code == 2
    assert ask("scenario", tmp_path / "none.json").code == 2
    bad = tmp_path / "bad.csv"
    bad.write_text("order,placed_at\n,2026\n", encoding="utf-8")
    assert ask("scenario", bad).code == 2
    bad.write_bytes(b"order\n\xff\xfe\n")
    assert ask("scenario", bad).code == 2
    bad.write_text(
        "order,placed_at,country,sku,quantity\nC,2026-11-20T10:00:00+01:00,FR,fridge-filter,many\n",
        encoding="utf-8",
    )
    said = ask("scenario", bad)
    assert said.code == 2
    assert said.error is not None
    assert "bad.csv" in said.error.place
