"""The decision as a tree: what a person reads in the terminal, in both languages."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from tests.wording import decisions
from wording import LANGUAGES, Wording, decision_tree, explain_tree

BOTH = pytest.mark.parametrize("language", LANGUAGES)
TREES = pytest.mark.parametrize("tree", [decision_tree, explain_tree])


def shown(renderable: object) -> str:
    written = StringIO()
    Console(file=written, width=400, color_system=None).print(renderable)
    return written.getvalue().replace("\u00a0", " ").replace("\u202f", " ")


@TREES
def test_a_border_is_told_in_english(tree):
    text = shown(tree(decisions.across(), "en"))
    for part in (
        "Order A-100: Routed",
        "The whole order leaves in 1 consignment.",
        "Consignment 1: from lyon (warehouse, France) to pickup point (Büsingen am Hochrhein)",
        "2 x laptop-14 (line 1)",
        "Shipment: Parcel shop, standard - DPD dpd-pickup",
        "2 parcels, 9.1 kg in all",
        "from 24 Nov 2026 to 26 Nov 2026 by 13:00, decided by customs clearance",
        "Preparation: Preparation with customs papers",
        "Deadline: Fri 20 Nov 2026 17:00, decided by the cut-off",
        "Border: Crossed: customs, VAT, excise",
        "Where transport begins: France, zero-rated export",
        "Where transport ends: Switzerland, import without VAT, which was charged at the sale",
        "VAT scheme: Swiss mail-order supply",
        "Import declaration: Swiss import declaration",
        "Incoterm: DDP",
        "Duty: €0.00 to €1.50",
        "VAT base: not determined",
        "VAT, line 1: €75.10 (base x rate: €927.16 at 8.1%)",
        "goods value + 1 x freight + insurance: €1,000.00 at CIF",
        "French small-parcel tax: €2.00 (items x amount: 1)",
        "(something new)",
        "Duty (line 1): needs duty rate of 04 in the tariff of Switzerland",
        "commercial invoice (export)",
        "statement on origin (import): may be required: needs country of origin and HS or tariff code; or HS",
        "Seller - transport: €12.40; handling: €1.00",
        "Buyer, in the price - VAT: €75.10",
        "The buyer pays in all: €1,059.80",
        "May be higher by: €1.50",
        "Cannot be determined: exchange rate from USD to EUR",
        "Zero-rated export",
        "Directive 2006/112/EC, 146",
        "Carrier service - does not go there: 41 times, such as own-van",
        "Delivery - ruled out by a delivery rule: 1 time (rule no-relay)",
        "basel by swisspost-priority, domestic sale: costs €3.20 more",
        "Versions: rules abc123, stock def456",
    ):
        assert part in text, f"{part}\n{text}"


@TREES
def test_a_border_is_told_in_french(tree):
    text = shown(tree(decisions.across(), "fr"))
    for part in (
        "Commande A-100 : Acheminée",
        "Toute la commande part en 1 envoi.",
        "de lyon (entrepôt, France) à point de retrait (Büsingen am Hochrhein)",
        "Expédition : Point relais, standard - DPD dpd-pickup",
        "2 colis, 9,1 kg au total",
        "du 24 nov. 2026 au 26 nov. 2026 avant 13:00, déterminée par : le dédouanement",
        "Au départ : France, exportation exonérée",
        "À l'arrivée : Suisse, importation sans TVA, perçue à la vente",
        "Régime de TVA : vente par correspondance suisse",
        "Acceptation de la déclaration : du 20 nov. 2026 au 27 nov. 2026",
        "TVA, ligne 1 : 75,10 € (base x taux : 927,16 € à 8,1 %)",
        "valeur des marchandises + 1 x fret + assurance : 1 000,00 €",
        "facture commerciale (exportation)",
        "peut être exigé : à préciser, pays d'origine et code SH ou tarifaire ; ou code SH de la ligne 1",
        "Vendeur - transport : 12,40 € ; manutention : 1,00 €",
        "L'acheteur paie en tout : 1 059,80 €",
        "Exportation exonérée",
        "Split of a consumer order",
        "ne dessert pas la destination : 41 fois, par exemple own-van",
        "coûte 3,20 € de plus",
    ):
        assert part in text, f"{part}\n{text}"


def test_the_compact_tree_leaves_out_what_only_an_explanation_needs():
    compact, full = (shown(tree(decisions.across(), "en")) for tree in (decision_tree, explain_tree))
    for part in (
        "https://eur-lex.europa.eu",
        "checked 22 Nov 2026",
        "confidence high",
        "crosses a customs, VAT or excise border: yes",
        "weight of the goods of the consignment: 8.25 kg",
        "goods brand: Passavant",
        "from 1 Jul 2021 until 1 Jul 2028",
        "Law known until: 1 Jan 2027",
        "Outcome: zero-rated export",
        "consignments at most: 2, penalty for each more: €3.50",
        "rule dispatch-export, consignment 1, line 1",
        "parcel of 8.25 kg, 40 x 30 x 15 cm, holding 1 of line 1",
        "Pick: Fri 20 Nov 2026 10:00 to Fri 20 Nov 2026 10:06",
        "dpd fuel: €1.00",
        "Source: Swiss VAT Act",
        "rounded: half up per line",
        "No plan costs less than: €11.00",
        "Gap to that bound: 1.25%",
        "Kind of supply: distance sale to a consumer",
        "girth too large",
    ):
        assert part in full, f"{part}\n{full}"
        assert part not in compact, part
    assert "Zero-rated export (Directive 2006/112/EC, 146)" in compact
    assert "Split of a consumer order (logistics: two parcels annoy)" in compact
    assert "and 1 more" in compact


def test_a_refusal_names_the_rule_and_the_goods():
    text = shown(decision_tree(decisions.refused(), "en"))
    assert "Order A-200: Refused" in text
    assert (
        "Compliance - spring knives are forbidden at the destination: 3 times, such as x (rule knives-de)"
        in text
    )
    assert "Compliance - the destination is closed to these goods: 1 time" in text
    french = shown(decision_tree(decisions.refused(), "fr"))
    assert "Refusée" in french
    assert "couteaux à ouverture automatique interdits à destination" in french


def test_open_questions_say_what_settles_them():
    text = shown(decision_tree(decisions.waiting(), "en"))
    assert "2 open questions could change the plan" in text
    assert "fiscal territory of delivery" in text
    assert "HS or tariff code and VAT rate of France for books" in text
    assert "protected species need permits (rule cites-out)" in text
    assert "delivery would cost more than offered" in text
    assert "1 of line 2: no stock, expected 1 Dec 2026" in text
    french = shown(decision_tree(decisions.waiting(), "fr"))
    assert "2 questions ouvertes peuvent changer le plan" in french
    assert "code SH ou tarifaire et taux de TVA de France pour books" in french


def test_the_wording_may_be_handed_in_with_the_retailers_words():
    words = Wording("en", {"fact.goods.brand": "brand of the product"})
    assert "brand of the product: Passavant" in shown(explain_tree(decisions.across(), words))


@BOTH
@TREES
def test_markup_and_escapes_in_data_are_not_obeyed(tree, language):
    body = decisions.across()
    body["order"] = "A\x1b[31m-1"
    text = shown(tree(body, language))
    assert "Kiosk [bold]Rhein[/bold]" in text
    assert "\x1b" not in text


@BOTH
@TREES
@pytest.mark.parametrize(
    "body", [{}, {"status": "routed", "consignments": [{}], "because": [{}], "needs": [[]]}]
)
def test_a_decision_that_lacks_parts_is_rendered_all_the_same(tree, language, body):
    assert shown(tree(body, language))


@BOTH
@TREES
@pytest.mark.parametrize("make", [decisions.across, decisions.refused, decisions.waiting])
def test_every_part_may_be_missing_or_null(tree, language, make):
    def each(value, path=()):
        if isinstance(value, dict):
            for key in value:
                yield (*path, key)
                yield from each(value[key], (*path, key))
        elif isinstance(value, list):
            for at, item in enumerate(value):
                yield from each(item, (*path, at))

    for path in list(each(make())):
        for gone in (True, False):
            body = holder = make()
            for key in path[:-1]:
                holder = holder[key]
            if gone:
                del holder[path[-1]]
            else:
                holder[path[-1]] = None
            assert tree(body, language) is not None


def test_inside_one_area_the_compact_tree_speaks_of_vat_only():
    body = decisions.across()
    body["consignments"][0]["border"]["crosses"] = dict.fromkeys(
        ("customs", "vat", "excise", "security"), False
    )
    text = shown(decision_tree(body, "en"))
    assert "No tax or customs border" in text
    assert "VAT scheme" in text
    assert "Customs value" not in text
    assert "Incoterm" not in text
    assert "Customs value" in shown(explain_tree(body, "en"))
