"""Hand-made decisions: across a border, refused, waiting for facts."""

from __future__ import annotations

from typing import Any

Body = dict[str, Any]


def euros(amount: str) -> Body:
    return {"amount": amount, "currency": "EUR"}


def across() -> Body:
    """Lyon to Basel by parcel: export, import, Swiss mail-order VAT, two documents."""
    return {
        "schema": "1",
        "order": "A-100",
        "status": "routed",
        "split": False,
        "currency": "EUR",
        "consignments": [_consignment()],
        "unserved": [],
        "delivery_price": euros("9.90"),
        "landed_cost": {
            "goods": euros("1049.90"),
            "goods_tax_included": True,
            "delivery": euros("9.90"),
            "by_payer": [
                {"payer": "seller", "code": "transport", "amount": euros("12.40")},
                {"payer": "buyer_through_seller", "code": "vat", "amount": euros("75.10")},
            ],
            "buyer_pays_on_delivery": euros("0.00"),
            "buyer_total": euros("1059.80"),
            "may_be_higher_by": euros("1.50"),
            "cannot_determine": ["rate.USD.EUR"],
        },
        "alternatives": [
            {
                "seller": "passavant",
                "consignments": [
                    {
                        "location": "basel",
                        "lines": [{"line": "1", "quantity": 1}],
                        "services": ["swisspost-priority"],
                        "vat_scheme": "domestic",
                        "declaration": "none",
                    }
                ],
                "unserved": [],
                "costs_more": euros("3.20"),
            }
        ],
        "because": [law(), retailer()],
        "rejected": [
            {"stage": "service", "code": "lane_none", "count": 41, "samples": ["own-van"]},
            {
                "stage": "delivery",
                "code": "delivery.forbidden",
                "rule": "no-relay",
                "count": 1,
                "samples": [],
            },
            *[{"stage": "service", "code": f"limit_{n}", "count": 1, "samples": []} for n in _LIMITS],
        ],
        "holds": [],
        "needs": [],
        "versions": {"rules": "abc123", "stock": "def456"},
        "lower_bound": euros("11.00"),
        "gap": "0.0125",
    }


_LIMITS = ("weight", "box", "longest", "sum", "girth")


def law() -> Body:
    """A rule of the law, as ``because`` writes it."""
    return {
        "rule": "dispatch-export",
        "decision": "vat.dispatch_treatment",
        "title": {"en": "Zero-rated export", "fr": "Exportation exonérée"},
        "cite": [
            {
                "act": "Directive 2006/112/EC",
                "article": "146",
                "url": "https://eur-lex.europa.eu/eli/dir/2006/112/oj",
                "checked": "2026-11-22",
                "confidence": "high",
            }
        ],
        "valid": {"from": "2021-07-01", "until": "2028-07-01"},
        "known_until": "2027-01-01",
        "outcome": "zero_rated_export",
        "facts": {
            "crosses.fiscal_border": True,
            "arrival.country": "CH",
            "consignment.weight": 8250,
            "declaration.acceptance": {"from": "2026-11-20", "to": "2026-11-27"},
            "consignment.intrinsic_value": euros("1000.00"),
            "goods.brand": "Passavant",
        },
        "consignment": 1,
        "lines": ["1"],
    }


def retailer() -> Body:
    """A rule of the retailer: owner and reason instead of a citation."""
    return {
        "rule": "split-consumer",
        "decision": "sourcing.split",
        "title": {"en": "Split of a consumer order"},
        "owner": "logistics",
        "reason": "two parcels annoy",
        "valid": {"from": None, "until": None},
        "outcome": {"consignments": 2, "penalty": euros("3.50")},
        "facts": {},
    }


def _consignment() -> Body:
    return {
        "number": 1,
        "seller": "passavant",
        "source": {"location": "lyon", "kind": "warehouse", "entity": "passavant", "territory": "FR"},
        "arrival": {
            "kind": "pickup_point",
            "territory": "DE-BUSINGEN",
            "pickup_point": {"id": "P-7", "name": "Kiosk [bold]Rhein[/bold]", "territory": "DE-BUSINGEN"},
        },
        "sale": "distance_sale_to_consumer",
        "lines": [{"line": "1", "sku": "laptop-14", "quantity": 2}],
        "shipments": [_shipment()],
        "promise": {"earliest": "2026-11-24", "latest": "2026-11-26"},
        "border": _border(),
        "documents": [
            {"code": "commercial_invoice", "side": "export", "certain": True},
            {
                "code": "origin_statement",
                "side": "import",
                "certain": False,
                "needs": [["goods.origin", "goods.hs_code"], ["lines.1.hs_code"]],
            },
        ],
        "costs": [
            {"payer": "seller", "code": "transport", "amount": euros("12.40")},
            {"payer": "seller", "code": "handling", "amount": euros("1.00")},
            {"payer": "buyer_through_seller", "code": "vat", "amount": euros("75.10")},
        ],
    }


def _shipment() -> Body:
    return {
        "mode": "parcel_shop",
        "speed": "standard",
        "service": "dpd-pickup",
        "carrier": "DPD",
        "lines": [{"line": "1", "quantity": 2}],
        "parcels": [
            {
                "contents": [{"line": "1", "quantity": 1}],
                "weight_g": weight,
                "box_mm": [400, 300, 150],
                "carton": "M",
            }
            for weight in (8250, 850)
        ],
        "carrier_cost": euros("12.40"),
        "carrier_cost_lines": [
            {"code": "transport", "amount": euros("11.40")},
            {"code": "dpd-fuel", "amount": euros("1.00")},
        ],
        "demo_rates": True,
        "pickup_point": "P-7",
        "preparation": {
            "method": "customs_preparation",
            "steps": [
                {"code": "pick", "start": "2026-11-20T10:00:00+01:00", "end": "2026-11-20T10:06:00+01:00"},
                {
                    "code": "customs_papers",
                    "start": "2026-11-20T10:06:00+01:00",
                    "end": "2026-11-20T10:14:00+01:00",
                },
            ],
            "start_by": "2026-11-20T16:46:00+01:00",
            "deadline": "2026-11-20T17:00:00+01:00",
            "leaves": "2026-11-20T17:00:00+01:00",
            "binding": "cut_off",
        },
        "promise": {
            "earliest": "2026-11-24",
            "latest": "2026-11-26",
            "by": "13:00:00",
            "binding": "customs",
            "confidence": "medium",
        },
    }


def _border() -> Body:
    return {
        "crosses": {"customs": True, "vat": True, "excise": True, "security": False},
        "dispatch": {"territory": "FR", "treatment": "zero_rated_export"},
        "arrival": {"territory": "CH", "treatment": "import_exempt_taxed_at_sale"},
        "declaration": "ch_import",
        "vat_route": "ch_mail_order",
        "incoterm": "DDP",
        "vat_scheme": "ch_mail_order",
        "vat_charged_by": "seller",
        "duty_method": "tariff",
        "intrinsic_value": euros("1000.00"),
        "declaration_acceptance": {"from": "2026-11-20", "to": "2026-11-27"},
        "assessment": {
            "currency": "EUR",
            "customs_value": "1012.40",
            "duty": {"low": "0.00", "high": "1.50"},
            "vat_base": None,
            "vat": "75.10",
            "charges": [
                {"code": "fr_small_parcel_tax", "amount": "2.00", "payer": "buyer", "in_vat_base": True}
            ],
            "lines": [],
            "steps": [
                {
                    "name": "customs_value",
                    "line": "1",
                    "formula": "goods value + 1 x freight + insurance",
                    "base": "1000.00",
                    "rate": "cif",
                    "amount": "1012.40",
                },
                {
                    "name": "vat",
                    "line": "1",
                    "formula": "base x rate",
                    "base": "927.16",
                    "rate": "8.1%",
                    "amount": "75.10",
                    "source": "Swiss VAT Act",
                    "rounding": "ROUND_HALF_UP per line",
                },
                {
                    "name": "charge",
                    "formula": "item count x amount",
                    "base": "1",
                    "rate": "fr_small_parcel_tax",
                    "amount": "2.00",
                },
                {"name": "duty", "formula": "something new", "amount": "0"},
            ],
            "cannot_determine": [{"what": "duty", "line": "1", "needs": ["tariff_rate.CH.04"]}],
        },
    }


def refused() -> Body:
    """The law refuses the goods."""
    return {
        "order": "A-200",
        "status": "refused",
        "currency": "EUR",
        "consignments": [],
        "unserved": [],
        "landed_cost": {},
        "because": [law()],
        "rejected": [
            {
                "stage": "compliance",
                "code": "spring_knife",
                "rule": "knives-de",
                "count": 3,
                "samples": ["x"],
            },
            {"stage": "compliance", "code": "compliance.destination", "count": 1, "samples": []},
        ],
        "holds": [],
        "needs": [],
        "versions": {},
    }


def waiting() -> Body:
    """Two open questions, a hold, and a line without stock."""
    return {
        "order": "A-300",
        "status": "needs_information",
        "currency": "EUR",
        "consignments": [],
        "unserved": [{"line": "2", "quantity": 1, "reason": "no_stock", "expected": "2026-12-01"}],
        "holds": [
            {"code": "cites_permits_needed", "rule": "cites-out"},
            {"code": "offer_price_would_rise", "rule": ""},
        ],
        "needs": [
            {"facts": ["destination.territory"], "give": []},
            {"facts": ["goods.hs_code", "vat_rate.FR.books"], "give": []},
        ],
        "versions": {},
    }
