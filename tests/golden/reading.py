"""A decision in the few words of a golden file, and where the two differ."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

__all__ = ["EXPECTED", "FULL", "ORDERS", "differences", "expectation", "summary"]

ROOT = Path(__file__).parents[2]
ORDERS = sorted((ROOT / "examples" / "orders").glob("*.json"))
EXPECTED = Path(__file__).parent / "expected"
FULL = Path(__file__).parent / "full"


def expectation(name: str) -> dict[str, Any]:
    """The golden file of an order; every scalar is text, as in rule files."""
    text = (EXPECTED / f"{name}.yaml").read_text(encoding="utf-8")
    found = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - the base loader makes text only
    assert isinstance(found, dict)
    return found


def summary(decision: Mapping[str, Any]) -> dict[str, Any]:
    """Everything a golden file may speak of."""
    price = decision["delivery_price"]
    return {
        "status": decision["status"],
        "split": "yes" if decision["split"] else "no",
        "delivery_price": "-" if price is None else price["amount"],
        "consignments": [_consignment(item) for item in decision["consignments"]],
        "because": sorted({entry["rule"] for entry in decision["because"]}),
        "rejected": sorted(
            {word for entry in decision["rejected"] for word in (entry["code"], entry.get("rule")) if word}
        ),
        "holds": sorted({entry["code"] for entry in decision["holds"]}),
        "needs": sorted({name for entry in decision["needs"] for name in entry["facts"]}),
        "unserved": [f"{entry['line']}:{entry['quantity']}" for entry in decision["unserved"]],
    }


def _consignment(item: Mapping[str, Any]) -> dict[str, Any]:
    border, shipments = item["border"], item["shipments"]
    figures = border.get("assessment", {})
    value = border["intrinsic_value"]
    charges = figures.get("charges", ())
    return {
        "location": item["source"]["location"],
        "seller": item["seller"],
        "modes": [shipment["mode"] for shipment in shipments],
        "services": [shipment["service"] or "-" for shipment in shipments],
        "method": shipments[0]["preparation"]["method"],
        "units": str(sum(line["quantity"] for shipment in shipments for line in shipment["lines"])),
        "arrival": border["arrival"]["territory"],
        "scheme": border["vat_scheme"],
        "charged_by": border["vat_charged_by"],
        "declaration": border["declaration"],
        "incoterm": border["incoterm"],
        "duty_method": border["duty_method"],
        "intrinsic_value": value["amount"] if isinstance(value, dict) else value,
        "duty": _figure(figures.get("duty")),
        "vat": _figure(figures.get("vat")),
        "charges": [f"{charge['code']} {_figure(charge['amount'])} {charge['payer']}" for charge in charges],
        "documents": sorted(entry["code"] for entry in item["documents"] if entry.get("certain", True)),
        "cannot": border.get("cannot_determine", []),
    }


def _figure(value: Any) -> str | None:
    if isinstance(value, dict):
        return f"{value['low']}..{value['high']}"
    return value if value is None else format(Decimal(value), "f")


def differences(expected: Mapping[str, Any], decision: Mapping[str, Any]) -> list[str]:
    """What the golden file says otherwise. ``because`` and ``rejected`` name members, the rest is exact."""
    actual = summary(decision)
    found = []
    for key, value in expected.items():
        if key == "consignments":
            found += _compared(value, actual["consignments"])
        elif key in ("because", "rejected"):
            found += [f"{key}: no {name}" for name in value if name not in actual[key]]
        elif actual[key] != (sorted(value) if isinstance(value, list) else value):
            found.append(f"{key}: argued {value}, decided {actual[key]}")
    return found


def _compared(expected: list[dict[str, Any]], actual: list[dict[str, Any]]) -> list[str]:
    if len(expected) != len(actual):
        return [f"consignments: argued {len(expected)}, decided {len(actual)}"]
    return [
        f"consignments[{number}].{key}: argued {value}, decided {other[key]}"
        for number, (item, other) in enumerate(zip(expected, actual, strict=True))
        for key, value in item.items()
        if other[key] != value
    ]
