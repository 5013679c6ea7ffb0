"""Facts of one option: a consignment with a service, perhaps a pickup point, and a customs route."""

from __future__ import annotations

from engine.facts.order_words import MODES, SPEEDS
from engine.facts.words import code, fact, flag, many
from engine.rulebook import Fact

__all__ = ["DECLARATIONS", "FACTS", "VAT_ROUTES"]

DECLARATIONS = (
    "none",
    "h7",
    "h6",
    "h1",
    "export_only",
    "cn22",
    "cn23",
    "gb_import",
    "ch_import",
    "no_import",
    "us_entry",
    "ni_simplified",
    "territory_import",
    "other_import",
)
VAT_ROUTES = (
    "none",
    "at_sale",
    "ioss",
    "uk_supply",
    "voec",
    "ch_mail_order",
    "gst_at_sale",
    "at_import",
    "special_arrangement",
    "reverse_charge",
    "acquisition",
)

FACTS: tuple[Fact, ...] = (
    code("service.id", "option", "carrier service", domain="service"),
    code("service.carrier", "option", "carrier", domain="carrier"),
    code("service.mode", "option", "how it is handed over", *MODES),
    code("service.speed", "option", "standard, express or same day", *SPEEDS),
    code("service.transport", "option", "how it travels", "road", "air", "mixed", "none"),
    many("service.features", "option", "what the service can do: signature, age_check, ddp ..."),
    many("service.accepts", "option", "special goods the service takes: lithium_in_equipment, alcohol ..."),
    fact("option.parcels", "option", "int", "number of parcels"),
    fact("option.heaviest_parcel", "option", "weight", "gross weight of the heaviest parcel"),
    fact("option.longest_side", "option", "length", "longest side of any parcel"),
    fact("option.transit_days", "option", "int", "longest transit in days"),
    fact("option.cost", "option", "money", "what the carrier charges", "net"),
    flag("option.cheapest_in_mode", "option", "no other service of its mode costs less"),
    code(
        "route.declaration",
        "option",
        "import declaration (or equivalent) of the customs route",
        *DECLARATIONS,
    ),
    code("route.vat", "option", "how VAT is accounted for on the route", *VAT_ROUTES),
    code("route.incoterm", "option", "who pays duty and import tax", "DAP", "DDP"),
)
