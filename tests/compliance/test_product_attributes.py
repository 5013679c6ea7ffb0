"""What the law asks of a product: columns of the catalog, attributes of a line, facts."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import NOT_APPLICABLE, Battery, Product
from engine.facts.line import described, quantity_facts
from engine.retailer import load_retailer
from engine.retailer_mistakes import RetailerError
from engine.retailer_products import OPTIONAL_COLUMNS
from scenarios import folder

DEMO = folder("examples") / "retailer"
PLAIN = Product("sku", "Thing", 100, (10, 10, 10))


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    shutil.copytree(DEMO, tmp_path / "retailer")
    return tmp_path / "retailer"


def rewrite(shelf: Path, change) -> None:
    import csv

    path = shelf / "products.csv"
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    change(rows)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_a_catalog_may_leave_the_optional_columns_out(shelf):
    def without(rows):
        for row in rows:
            for name in OPTIONAL_COLUMNS:
                row.pop(name, None)

    rewrite(shelf, without)
    product = load_retailer(shelf).products["camera-mirrorless"]
    assert product.battery is not None
    assert product.battery.state_of_charge is None
    assert product.responsible_person_uk is None


def test_optional_columns_are_read(shelf):
    def told(rows):
        for row in rows:
            row |= {"description": "", "age_years": "", "due_diligence_reference": ""}
        camera = next(row for row in rows if row["sku"] == "camera-mirrorless")
        camera |= {
            "description": "Digital camera",
            "state_of_charge": "29.5",
            "battery_weight_g": "45",
            "age_years": "0",
            "due_diligence_reference": "26FR0001",
            "packing_group": "II",
            "firework_category": "T1",
            "responsible_person_uk": "none",
        }

    rewrite(shelf, told)
    product = load_retailer(shelf).products["camera-mirrorless"]
    assert product.battery is not None
    assert (product.battery.state_of_charge, product.battery.net_weight_g) == (Decimal("29.5"), 45)
    assert (product.description, product.age_years) == ("Digital camera", 0)
    assert (product.due_diligence_reference, product.packing_group) == ("26FR0001", "II")
    assert (product.firework_category, product.responsible_person_uk) == ("T1", "none")


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("packing_group", "IV", "write I, II or III"),
        ("firework_category", "F5", "write F1 to F4, T1, T2, P1 or P2"),
        ("state_of_charge", "101", "between 0 and 100"),
        ("battery_weight_g", "1.5", "write grams"),
    ],
)
def test_a_wrong_attribute_is_named_with_its_place(shelf, column, value, message):
    def wrong(rows):
        next(row for row in rows if row["sku"] == "camera-mirrorless")[column] = value

    rewrite(shelf, wrong)
    with pytest.raises(RetailerError) as error:
        load_retailer(shelf)
    assert "products.csv:" in str(error.value)
    assert column in str(error.value)
    assert message in str(error.value)


def test_a_charge_without_a_battery_is_a_mistake(shelf):
    def wrong(rows):
        next(row for row in rows if row["sku"] == "blouse-silk")["state_of_charge"] = "30"

    rewrite(shelf, wrong)
    with pytest.raises(RetailerError, match="state_of_charge is given without battery_chemistry"):
        load_retailer(shelf)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("T-shirt, cotton, white", "t shirt cotton white"),
        ("  CLOTHES! ", "clothes"),
        ("n/a", "n a"),
        ("Eau de parfum 50 ml", "eau de parfum 50 ml"),
        ("Gruyère, 400 g", "gruyère 400 g"),
        ("---", ""),
    ],
)
def test_descriptions_are_compared_by_their_words(text, words):
    assert described(text) == words


@settings(max_examples=100)
@given(st.text(max_size=40))
def test_describing_twice_changes_nothing(text):
    assert described(described(text)) == described(text)


def test_goods_without_battery_have_nothing_to_count():
    facts = quantity_facts(PLAIN, 3)
    assert facts["goods.line_weight"] == 300
    assert facts["goods.battery_count"] is NOT_APPLICABLE
    assert facts["goods.battery_weight"] is NOT_APPLICABLE


def test_batteries_are_counted_where_known_and_cells_otherwise():
    def of(**known: int) -> dict[str, object]:
        battery = Battery("lithium_ion", "in_equipment", **known)  # type: ignore[arg-type]
        return quantity_facts(Product("sku", "Thing", 100, (10, 10, 10), battery=battery), 3)

    both = of(batteries=1, cells=4, net_weight_g=45)
    assert both["goods.battery_count"] == 3
    assert both["goods.cell_count"] is NOT_APPLICABLE
    assert both["goods.battery_weight"] == 135
    cells = of(cells=4)
    assert cells["goods.cell_count"] == 12
    assert cells["goods.battery_count"] is NOT_APPLICABLE
    unknown = of()
    assert {"goods.battery_count", "goods.cell_count", "goods.battery_weight"}.isdisjoint(unknown)
