"""Codes, amounts, days and places in words."""

from __future__ import annotations

import subprocess
import sys

import pytest

from wording import Wording
from wording.words import readable

EN, FR = Wording("en"), Wording("fr")


@pytest.mark.parametrize(
    ("asked", "got"), [("fr", "fr"), ("fr-CH", "fr"), ("FR_fr", "fr"), ("de", "en"), ("", "en")]
)
def test_a_language_is_recognised_or_english(asked, got):
    assert Wording(asked).language == got


def test_an_unknown_code_is_made_readable_and_never_fails():
    assert EN.say("reject.service.lane_never_heard_of", service="x") == "lane never heard of"
    assert readable("same_day") == "same day"
    assert EN.say("") == ""
    assert EN.name("mode", None) == "not determined"


def test_a_missing_argument_is_an_ellipsis():
    assert EN.say("reason.lane_none", service="dpd") == "dpd does not go from … to …"


def test_braces_in_arguments_are_left_alone():
    assert EN.pair("{service}", "{0}") == "{service}: {0}"


@pytest.mark.parametrize(
    ("count", "english", "french"),
    [(0, "0 consignments", "0 envoi."), (1, "1 consignment.", "1 envoi."), (2, "2 consignments", "2 envois")],
)
def test_plurals_follow_the_language(count, english, french):
    assert english in EN.say("summary.routed", count=count)
    assert french in FR.say("summary.routed", count=count)


def test_money_is_written_as_the_language_does():
    assert EN.money({"amount": "1234.50", "currency": "EUR"}) == "€1,234.50"
    assert FR.money({"amount": "1234.50", "currency": "EUR"}) == "1\u202f234,50\u00a0€"
    assert EN.money({"amount": "1000", "currency": "JPY"}) == "JP¥1,000"
    assert EN.money(None) == "not determined"
    assert EN.money({"amount": "much", "currency": "EUR"}) == "much"
    assert EN.amount({"low": "1.00", "high": "2.00"}, "GBP") == "£1.00 to £2.00"


def test_days_and_instants():
    assert EN.day("2026-11-20") == "20 Nov 2026"
    assert FR.day("2026-11-20") == "20 nov. 2026"
    assert EN.day({"from": "2026-11-20", "to": "2026-11-27"}) == "20 Nov 2026 to 27 Nov 2026"
    assert EN.day("soon") == "soon"
    assert EN.day(None) == "not determined"
    assert FR.instant("2026-11-20T17:00:00+01:00") == "ven. 20 nov. 2026 17:00"
    assert EN.instant("never") == "never"


def test_weights_and_sizes():
    assert EN.weight(850) == "850 g"
    assert EN.weight(12_000) == "12 kg"
    assert FR.weight(8255) == "8,26 kg"
    assert EN.size([405, 300, 150]) == "40.5 x 30 x 15 cm"
    assert EN.percent("0.0125") == "1.25%"


def test_territories_and_countries():
    assert FR.territory("ES-CN") == "Îles Canaries"
    assert FR.country("CH") == "Suisse"
    assert EN.territory("XI") == "Northern Ireland"
    assert EN.territory("QQ-1") == "QQ-1"
    assert EN.territory(None) == "not determined"


def test_a_title_falls_back_to_english_then_to_the_rule():
    entry = {"rule": "r", "title": {"en": "Export", "fr": "Exportation"}}
    assert (EN.title(entry), FR.title(entry)) == ("Export", "Exportation")
    assert FR.title({"rule": "r", "title": {"en": "Export"}}) == "Export"
    assert FR.title({"rule": "r", "title": {}}) == "r"
    assert FR.title({"rule": "r", "title": "Text"}) == "Text"


def test_importing_wording_loads_neither_rich_nor_babel():
    code = "import sys, wording; print([m for m in ('rich', 'babel') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
