"""Facts of one consignment: from where, to where, whose, worth what, across which borders."""

from __future__ import annotations

from engine.facts.words import code, fact, flag, many
from engine.retailer_codes import codes
from engine.rulebook import Fact

__all__ = ["FACTS", "SALE_KINDS"]

SALE_KINDS = (
    "local_sale",
    "distance_sale_to_consumer",
    "business_supply",
    "own_goods_transfer",
    "intercompany_supply",
    "private_gift",
)

REGISTRATIONS = (
    "vat",
    "oss",
    "oss_own_goods",
    "ioss",
    "ioss_intermediary",
    "eori",
    "xi_eori",
    "rex",
    "voec",
    "gb_vat",
    "ch_vat",
    "no_vat",
    "xi",
    "ukims",
    "excise",
    "us_importer",
    "destination_option",
    "ax_tax_border",
    "au_gst",
    "nz_gst",
    "sg_gst",
    "je_gst",
    "sm_coe",
)

JURISDICTIONS = tuple(sorted(codes("jurisdiction")))


def _side(side: str, what: str) -> tuple[Fact, ...]:
    return (
        code(f"{side}.country", "consignment", f"country {what}", domain="country"),
        code(f"{side}.territory", "consignment", f"fiscal territory {what}", domain="territory"),
        code(
            f"{side}.customs_union",
            "consignment",
            f"customs territory {what}: EU, UK, CH, NO, US ...",
            domain="customs_union",
        ),
        code(
            f"{side}.vat_area",
            "consignment",
            f"VAT area {what}: EU, or the territory whose tax applies",
            domain="vat_area",
        ),
        code(f"{side}.excise_area", "consignment", f"excise area {what}", domain="excise_area"),
        code(
            f"{side}.security_area",
            "consignment",
            f"security and safety area {what}: EU-CH-NO, UK ...",
            domain="security_area",
        ),
    )


FACTS: tuple[Fact, ...] = (
    *_side("dispatch", "where transport begins"),
    *_side("arrival", "where transport ends"),
    code("dispatch.location", "consignment", "location that sends"),
    code("dispatch.location_kind", "consignment", "warehouse or shop", "warehouse", "shop"),
    many("dispatch.abilities", "consignment", "what the sending location can do"),
    many("dispatch.labels", "consignment", "labels the retailer gave the location"),
    fact("dispatch.date", "consignment", "date", "local day the goods leave"),
    code("arrival.kind", "consignment", "what the goods arrive at", "address", "pickup_point", "shop"),
    fact("arrival.place", "consignment", "place", "where transport ends, for zones"),
    flag("crosses.country_border", "consignment", "dispatch and arrival lie in different countries"),
    flag("crosses.customs_border", "consignment", "leaves one customs territory for another"),
    flag("crosses.vat_border", "consignment", "leaves one VAT area for another"),
    flag(
        "crosses.fiscal_border",
        "consignment",
        "customs, VAT or excise area changes, so that formalities apply",
    ),
    flag("crosses.excise_border", "consignment", "leaves one excise area or country for another"),
    flag("crosses.security_border", "consignment", "leaves one security area for another"),
    flag("same.place", "consignment", "the goods are collected where they lie: no transport"),
    code("sale.kind", "consignment", "what kind of supply the consignment fulfils", *SALE_KINDS),
    flag("sale.facilitated", "consignment", "a third-party seller sells through the marketplace"),
    code("seller.id", "consignment", "legal entity that sells (or owns, for a transfer)"),
    code("seller.country", "consignment", "country of the seller's seat", domain="country"),
    code(
        "seller.customs_union",
        "consignment",
        "customs territory of the seller's seat: EU, UK, CH, US ...",
        domain="customs_union",
    ),
    many(
        "seller.jurisdictions",
        "consignment",
        "whose sanctions law binds the seller: EU, UK, CH, US, CN",
        *JURISDICTIONS,
    ),
    many(
        "seller.established_in", "consignment", "countries where the seller is established", domain="country"
    ),
    flag("seller.single_establishment", "consignment", "established in one country only"),
    flag("seller.dispatches_from_home", "consignment", "goods leave the country of the seller's seat"),
    many("seller.registrations", "consignment", "kinds of registration in force", *REGISTRATIONS),
    many(
        "platform.registrations",
        "consignment",
        "registrations of the marketplace, where it facilitates the sale; none otherwise",
        *REGISTRATIONS,
    ),
    many(
        "seller.vat_countries",
        "consignment",
        "countries where the seller holds a VAT number",
        domain="country",
    ),
    flag("seller.registered_at_dispatch", "consignment", "holds a VAT number where the goods lie"),
    flag("seller.registered_at_arrival", "consignment", "holds a VAT number where transport ends"),
    flag(
        "buyer.vat_number_of_dispatch",
        "consignment",
        "the buyer's VAT number was issued where transport begins; not applicable without one",
    ),
    fact(
        "seller.eu_distance_sales",
        "consignment",
        "money",
        "cross-border sales to EU consumers, this or last calendar year, the higher",
        "net of VAT, in EUR",
    ),
    fact(
        "consignment.intrinsic_value",
        "consignment",
        "money",
        "price of the goods that are tested together, freight only if not shown separately",
        "net of VAT, goods of one order, seller and border together",
    ),
    fact(
        "consignment.goods_net",
        "consignment",
        "money",
        "price of the goods in this consignment",
        "net of the tax included in the prices",
    ),
    fact(
        "consignment.goods_gross", "consignment", "money", "price of the goods in this consignment", "as sold"
    ),
    fact(
        "consignment.dearest_unit",
        "consignment",
        "money",
        "value of the dearest single unit",
        "net of the tax included in the price",
    ),
    fact(
        "consignment.cheapest_unit",
        "consignment",
        "money",
        "value of the cheapest single unit",
        "net of the tax included in the price",
    ),
    fact(
        "consignment.value_delivered",
        "consignment",
        "money",
        "goods tested together with what the buyer pays for delivery, where that is settled",
        "net of VAT",
    ),
    fact("consignment.weight", "consignment", "weight", "weight of the goods without packaging"),
    fact("consignment.lines", "consignment", "int", "number of lines"),
    fact("consignment.units", "consignment", "int", "number of units"),
    flag("consignment.part_of_order", "consignment", "the order is sent in several consignments"),
    fact(
        "declaration.acceptance",
        "consignment",
        "date",
        "day the import (or export) declaration is accepted, an interval while estimated",
    ),
    flag(
        "customs.excise_registered",
        "consignment",
        "the seller has registered for excise at the destination, or named a representative",
    ),
    flag(
        "customs.at_risk_of_eu",
        "consignment",
        "goods for a business in Northern Ireland may move on into the EU, as the trader declares",
    ),
    flag("customs.preference_claimed", "consignment", "the order asks for preferential origin"),
    code(
        "customs.incoterm_wish",
        "consignment",
        "who pays at the border, as agreed; not applicable while free",
        "DAP",
        "DDP",
    ),
)
