"""products.csv: the catalog."""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import Decimal

from domain import Battery, Product
from engine.retailer_codes import codes
from engine.retailer_csv import read_csv
from engine.retailer_mistakes import Mistakes
from engine.retailer_record import CODE, Record
from engine.retailer_sources import Source

__all__ = ["OPTIONAL_COLUMNS", "PRODUCT_COLUMNS", "read_products"]

PRODUCT_COLUMNS = (
    "sku",
    "title",
    "hs_code",
    "tariff_note",
    "origin",
    "preference_statement",
    "weight_g",
    "length_mm",
    "width_mm",
    "height_mm",
    "classes",
    "vat_category",
    "un_number",
    "battery_chemistry",
    "battery_packing",
    "watt_hours",
    "lithium_grams",
    "cells",
    "batteries",
    "button_cell",
    "alcohol_percent",
    "volume_ml",
    "minimum_age",
    "ships_alone",
    "own_box",
    "no_mix",
    "list_price",
    "currency",
    "responsible_person_eu",
    "manufacturer_id",
    "source",
)
OPTIONAL_COLUMNS = (
    "description",
    "packing_group",
    "battery_weight_g",
    "state_of_charge",
    "responsible_person_uk",
    "due_diligence_reference",
    "age_years",
    "firework_category",
)
"""Columns that a catalog may leave out: what only some goods need, asked for by name where it matters."""
HS_CODE = re.compile(r"[0-9]{4}([0-9]{2}){0,3}")
UN_NUMBER = re.compile(r"(UN|ID)[0-9]{4}")
PACKING_GROUP = re.compile(r"I{1,3}")
FIREWORK_CATEGORY = re.compile(r"F[1-4]|[TP][12]")
BATTERY_COLUMNS = (
    "battery_packing",
    "watt_hours",
    "lithium_grams",
    "cells",
    "batteries",
    "button_cell",
    "battery_weight_g",
    "state_of_charge",
)
FULL_CODE = 8


def read_products(
    source: Source | None, vat_categories: Collection[str] | None, mistakes: Mistakes
) -> dict[str, Product]:
    """Products by SKU; a SKU given twice, a bad code or impossible figures are mistakes."""
    products: dict[str, Product] = {}
    if source is None:
        return products
    lines: dict[str, int] = {}
    for table in read_csv(source, (*PRODUCT_COLUMNS, *_optional(source)), mistakes):
        record = Record(source.name, table, mistakes)
        product = _product(record, vat_categories)
        if product.sku in products:
            first = lines[product.sku]
            record.wrong(
                "sku", f"SKU {product.sku!r} is defined twice", f"the first is in line {first}; keep one"
            )
        else:
            products[product.sku] = product
            lines[product.sku] = table.line
    return products


def _optional(source: Source) -> tuple[str, ...]:
    header = source.text.split("\n", 1)[0].split(",")
    named = {name.strip().strip('"') for name in header}
    return tuple(name for name in OPTIONAL_COLUMNS if name in named)


def _product(record: Record, vat_categories: Collection[str] | None) -> Product:
    return Product(
        sku=record.identifier("sku"),
        title=record.text("title"),
        weight_g=record.whole("weight_g", 1, 2_000_000, "grams"),
        box_mm=_box(record),
        hs_code=_hs_code(record),
        origin=record.maybe_country("origin"),
        classes=record.codes("classes"),
        vat_category=_vat_category(record, vat_categories),
        un_number=record.matching("un_number", UN_NUMBER, "write UN and four digits, such as UN1266"),
        battery=_battery(record),
        alcohol_percent=record.maybe_decimal("alcohol_percent", high=100),
        volume_ml=record.maybe_whole("volume_ml", 1, unit="millilitres"),
        minimum_age=record.maybe_whole("minimum_age", 1, 99, "years"),
        ships_alone=record.flag("ships_alone"),
        own_box=record.flag("own_box"),
        no_mix=record.matching("no_mix", CODE, "lower-case letters, digits and _ - only"),
        list_price=_list_price(record),
        responsible_person_eu=record.maybe("responsible_person_eu"),
        manufacturer_id=record.maybe("manufacturer_id"),
        preference_statement=record.flag("preference_statement"),
        description=record.maybe("description"),
        packing_group=record.matching("packing_group", PACKING_GROUP, "write I, II or III"),
        responsible_person_uk=record.maybe("responsible_person_uk"),
        due_diligence_reference=record.maybe("due_diligence_reference"),
        age_years=record.maybe_whole("age_years", 0, 100_000, "years"),
        firework_category=record.matching(
            "firework_category", FIREWORK_CATEGORY, "write F1 to F4, T1, T2, P1 or P2"
        ),
    )


def _box(record: Record) -> tuple[int, int, int]:
    """The three sides, longest first."""
    sides = (record.whole(side, 1, 20_000, "millimetres") for side in ("length_mm", "width_mm", "height_mm"))
    long, middle, short = sorted(sides, reverse=True)
    return long, middle, short


def _hs_code(record: Record) -> str | None:
    code = record.maybe("hs_code")
    note = record.maybe_choice("tariff_note", codes("tariff note"), "tariff note")
    if code is not None and not HS_CODE.fullmatch(code):
        cause = f"HS code {code!r} is not 4, 6, 8 or 10 digits"
        record.wrong("hs_code", cause, "write digits only, such as 61091000")
    elif (code is None) != (note == "missing") or (
        code is not None and (len(code) < FULL_CODE) != (note == "short")
    ):
        cause = f"tariff_note {note or ''!r} does not describe HS code {code or ''!r}"
        record.wrong("tariff_note", cause, "missing where there is none, short below 8 digits")
    return code


def _vat_category(record: Record, known: Collection[str] | None) -> str | None:
    if known is not None:
        return record.maybe_choice("vat_category", known, "VAT category")
    return record.matching("vat_category", CODE, "lower-case letters, digits and _ - only")


def _battery(record: Record) -> Battery | None:
    if not record.has("battery_chemistry"):
        for column in BATTERY_COLUMNS:
            if record.has(column):
                record.wrong(column, f"{column} is given without battery_chemistry", "name the chemistry")
        return None
    return Battery(
        chemistry=record.choice("battery_chemistry", codes("battery chemistry"), "battery chemistry"),
        packing=record.choice("battery_packing", codes("battery packing"), "battery packing"),
        watt_hours=record.maybe_decimal("watt_hours", high=1_000_000),
        lithium_grams=record.maybe_decimal("lithium_grams", high=1_000_000),
        cells=record.maybe_whole("cells", 1),
        batteries=record.maybe_whole("batteries", 1),
        button_cell=record.flag("button_cell"),
        net_weight_g=record.maybe_whole("battery_weight_g", 1, 2_000_000, "grams"),
        state_of_charge=record.maybe_decimal("state_of_charge", high=100),
    )


def _list_price(record: Record) -> tuple[Decimal, str] | None:
    currency = record.maybe("currency")
    if (currency is None) != (not record.has("list_price")):
        record.wrong("list_price", "one of list_price and currency is missing", "give both or neither")
        return None
    price = None if currency is None else record.amount("list_price", currency)
    return None if price is None or currency is None else (price, currency)
