"""Facts of the order as a whole: who buys, what was asked for, where it goes."""

from __future__ import annotations

from engine.facts.words import code, fact, flag
from engine.rulebook import Fact

__all__ = ["FACTS", "MODES", "SPEEDS"]

MODES = ("home", "parcel_shop", "locker", "shop", "two_person")
SPEEDS = ("standard", "express", "same_day")

FACTS: tuple[Fact, ...] = (
    code(
        "order.kind",
        "order",
        "consumer order, business order or shop replenishment",
        "consumer",
        "business",
        "replenishment",
    ),
    code(
        "order.channel",
        "order",
        "where the order was taken",
        "web",
        "app",
        "phone",
        "shop",
        "tablet",
        "marketplace",
        "edi",
    ),
    fact("order.date", "order", "date", "local day the order was placed"),
    fact("order.weekday", "order", "int", "weekday the order was placed, Monday is 1"),
    code("order.currency", "order", "currency of the order", domain="currency"),
    fact(
        "order.goods_gross",
        "order",
        "money",
        "goods after discounts, without delivery",
        "as sold, tax included where the price includes it",
    ),
    fact(
        "order.goods_net",
        "order",
        "money",
        "goods after discounts, without delivery",
        "net of the tax included in the prices",
    ),
    fact("order.lines", "order", "int", "number of lines"),
    fact("order.units", "order", "int", "number of units"),
    fact("order.weight", "order", "weight", "weight of all goods without packaging"),
    code("order.mode_wish", "order", "delivery mode the buyer chose; not applicable while free", *MODES),
    code("order.speed_wish", "order", "speed the buyer chose; not applicable while free", *SPEEDS),
    flag("order.accepts_split", "order", "the buyer accepts several consignments"),
    flag("order.accepts_partial", "order", "the buyer accepts what is available now"),
    fact("payment.accepted", "order", "date", "local day the payment was accepted"),
    fact("chargeable.event", "order", "date", "day that dates VAT: payment accepted, else the order day"),
    code(
        "buyer.kind",
        "order",
        "consumer or business; not applicable to a replenishment",
        "consumer",
        "business",
    ),
    code(
        "buyer.vat_number_status",
        "order",
        "what is known of the buyer's VAT number",
        "confirmed",
        "well_formed",
        "invalid",
        "none",
    ),
    code(
        "buyer.vat_number_country",
        "order",
        "country of the buyer's VAT number; not applicable without one",
        domain="country",
    ),
    fact(
        "buyer.vat_number_check_age",
        "order",
        "int",
        "days from the confirmation of the buyer's VAT number to the order; not applicable without one",
    ),
    fact("buyer.age", "order", "int", "age of the buyer in years, where known"),
    code(
        "buyer.screening",
        "order",
        "result of the denied-party screening of the buyer and the other parties",
        "clear",
        "possible",
        "hit",
        "not_screened",
    ),
    code("destination.country", "order", "country of the delivery address", domain="country"),
    code("destination.territory", "order", "fiscal territory of the delivery address", domain="territory"),
    fact("destination.place", "order", "place", "delivery address, for zones"),
    fact("destination.postcode", "order", "text", "postcode of the delivery address, without spaces"),
)
