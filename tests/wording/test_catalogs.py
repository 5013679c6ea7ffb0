"""Every code has a sentence in both languages, and the languages agree on codes and placeholders."""

from __future__ import annotations

from string import Formatter

import pytest

from customs.territories import Territories
from engine.asking import REQUIRED
from engine.facts.consignment_words import FACTS as CONSIGNMENT
from engine.facts.consignment_words import SALE_KINDS
from engine.facts.line_words import FACTS as LINE
from engine.facts.option_words import DECLARATIONS, VAT_ROUTES
from engine.facts.option_words import FACTS as OPTION
from engine.facts.order_words import FACTS as ORDER
from engine.facts.order_words import MODES, SPEEDS
from tests.wording import codes
from wording import LANGUAGES, Wording
from wording.border import formula_code, formula_text
from wording.catalog import catalog

FORMULAS = {
    "none",
    "relief",
    "goods value",
    "goods value + 0.5 x freight + insurance",
    "line count x amount",
    "item count x amount",
    "parcel count x amount",
    "consignment count x amount",
    "total up to 5 is not collected",
    "price",
    "customs value + duty + charges + transport",
}
"""Formulas of an assessment that it builds, or picks by a condition."""

BOTH = pytest.mark.parametrize("language", LANGUAGES)


def missing(language: str, wanted: set[str]) -> list[str]:
    words = Wording(language)
    return sorted(code for code in wanted if not words.has(code))


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def test_both_languages_have_the_same_codes():
    english, french = (set(catalog(language).sentences) for language in LANGUAGES)
    assert english == french


@BOTH
def test_no_entry_is_without_a_sentence(language):
    from babel.messages.pofile import read_po

    path = codes.ROOT / "wording" / "catalogs" / f"{language}.po"
    with path.open("rb") as source:
        found = read_po(source, locale=language)
    entries = [message for message in found if message.id]
    empty = [m.id for m in entries if not m.string or (isinstance(m.string, tuple) and not all(m.string))]
    assert not empty
    assert not [m.id for m in entries if m.fuzzy]
    assert len(entries) == len(catalog(language).sentences), "a code stands twice"


def test_the_languages_use_the_same_placeholders():
    english, french = (catalog(language).sentences for language in LANGUAGES)
    for code, forms in english.items():
        assert len(forms) == len(french[code]), code
        every = {frozenset(placeholders(form)) for form in (*forms, *french[code])}
        assert len(every) == 1, f"{code}: {every}"


@BOTH
def test_placeholders_are_plain_names(language):
    for code, forms in catalog(language).sentences.items():
        for form in forms:
            for _, name, spec, conversion in Formatter().parse(form):
                assert name is None or (name.isidentifier() and not spec and not conversion), code


def test_long_french_sentences_are_not_the_english_ones():
    english, french = (catalog(language).sentences for language in LANGUAGES)
    alike = [c for c in english if english[c] == french[c] and len(english[c][0].split()) > 3]
    assert not [code for code in alike if not code.startswith(("territory.", "label.line", "computation."))]


@BOTH
def test_every_status_has_a_name_and_a_summary(language):
    found = codes.statuses()
    assert {"routed", "partial", "backordered", "held", "needs_information", "refused"} <= found
    assert not missing(
        language, {f"{family}.{status}" for status in found for family in ("status", "summary")}
    )


@BOTH
def test_every_reason_of_the_rooms_has_a_sentence(language):
    found = codes.reason_codes() | codes.limit_codes()
    assert {
        "lane_none",
        "limit_weight",
        "rate_missing",
        "preparation.no_departure",
        "reservation.short",
    } <= found
    assert not missing(language, {f"reason.{code}" for code in found})


@BOTH
def test_every_carrier_reason_has_a_short_form(language):
    found = {c for c in codes.reason_codes() if c.startswith(("lane_", "limit_", "rate_", "range_"))}
    assert not missing(language, {f"reject.service.{code}" for code in found})


@BOTH
def test_every_rejection_of_the_engine_has_a_sentence(language):
    found = codes.rejection_codes()
    assert ("sourcing", "threshold_split") in found
    assert not missing(language, {f"stage.{stage}" for stage, _ in found})
    assert not missing(language, {f"reject.{stage}.{code}" for stage, code in found})


@BOTH
def test_what_forbids_or_holds_by_rule_has_a_sentence(language):
    found = codes.judged()
    assert {"compliance.transport", "delivery.forbidden", "order.review"} <= found
    assert not missing(language, {f"hold.{decision}" for decision in found})
    assert not missing(language, {f"reject.{decision}" for decision in found - {"order.review"}})


@BOTH
def test_every_hold_of_the_engine_has_a_sentence(language):
    found = codes.hold_codes()
    assert "offer_price_would_rise" in found
    assert not missing(language, {f"hold.{code}" for code in found})


@BOTH
def test_every_step_of_an_assessment_has_a_name_and_a_formula(language):
    assert {"customs_value", "duty", "vat_base", "vat", "charge"} <= codes.marks()
    waived = {"duty_waived", "vat_waived"}
    assert not missing(language, {f"computation.{name}" for name in codes.marks() | waived})
    assert not [
        formula for formula in codes.formulas() | FORMULAS if not formula_text(Wording("fr"), formula)
    ]
    assert not missing(language, {formula_code(formula) for formula in codes.formulas() | FORMULAS})


@BOTH
def test_binding_steps_payers_and_costs_have_words(language):
    assert not missing(language, {f"binding.{code}" for code in codes.promise_steps() | {"cut_off"}})
    found = codes.cost_codes()
    assert ("seller", "transport") in found
    assert not missing(language, {f"cost.{code}" for _, code in found})
    assert not missing(language, {f"payer.{payer}" for payer, _ in found} | {"payer.buyer", "payer.platform"})


@BOTH
def test_every_confidence_of_the_tables_has_a_word(language):
    found = codes.confidences()
    assert {"high", "medium", "low"} <= found
    assert not missing(language, {f"confidence.{level}" for level in found})


@BOTH
def test_every_fact_and_question_has_a_name(language):
    facts = {f"fact.{fact.name}" for fact in (*ORDER, *CONSIGNMENT, *LINE, *OPTION)}
    questions = {f"question.{name}" for name in {*REQUIRED, *codes.rule_files()}}
    assert not missing(language, facts | questions)


@BOTH
def test_the_vocabulary_codes_have_words(language):
    wanted = {f"mode.{code}" for code in MODES} | {f"speed.{code}" for code in SPEEDS}
    wanted |= {f"declaration.{code}" for code in DECLARATIONS} | {f"vat_route.{code}" for code in VAT_ROUTES}
    wanted |= {f"sale.{code}" for code in SALE_KINDS} | {"incoterm.DAP", "incoterm.DDP"}
    for fact in (*CONSIGNMENT, *OPTION):
        family = {"arrival.kind": "arrival", "dispatch.location_kind": "kind"}.get(fact.name)
        wanted |= {f"{family}.{code}" for code in fact.type.codes} if family else set()
    assert not missing(language, wanted)


@BOTH
def test_every_outcome_of_the_rules_has_a_word(language):
    found = codes.outcome_codes()
    assert ("preparation.steps", "step", "pick") in found
    words = Wording(language)
    bare = {
        (decision, f"{family}.{code}")
        for decision, family, code in found
        if not words.has(f"{family}.{code}")
    }
    assert not sorted(bare)
    kinds = {code for decision, family, code in found if decision == "customs.export_declaration"} - {"none"}
    assert not missing(language, {f"document.export_declaration_{kind}" for kind in kinds})
    assert not missing(language, {f"field.{name}" for name in codes.record_fields()} - _worded_fields())


def _worded_fields() -> set[str]:
    """Fields whose values are words of their own, so that the name is not shown."""
    return {f"field.{name}" for name in ("effect", "side", "tax", "declaration", "vat", "incoterm")}


@BOTH
def test_every_territory_has_a_name(language):
    words = Wording(language)
    assert not sorted(code for code in Territories.load().codes if words.territory(code) == code)
