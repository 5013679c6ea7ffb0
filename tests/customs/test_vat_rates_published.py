"""Our rates beside a published table: every difference is explained or stops the build."""

import json
import sys
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from commands import rates as command
from customs.rates import VatRates
from customs.rates.published import Reason, compare, installed, parse, read_reasons
from customs.rates.table import read_categories, read_rates
from domain import InputError, WorldError

D = Decimal
DAY = date(2026, 11, 22)
RATES = VatRates.load()
MEMBERS = [
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"),
    *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
]


def publication(**rates: dict[str, object]) -> str:
    return json.dumps({"version": "2026-09-29", "rates": rates})


def entry(standard: object, reduced: Sequence[object] = (), **more: object) -> dict[str, object]:
    return {"standard": standard, "reduced": list(reduced), "super_reduced": None, "parking": None, **more}


def differences(text: str, reasons: tuple[Reason, ...] = (), day: date = DAY) -> list[tuple[object, ...]]:
    found = compare(RATES, parse(text), day, reasons).differences
    return [(d.country, d.what, d.theirs, d.ours, d.explained) for d in found]


def test_the_installed_publication_has_no_unexplained_difference(
    record_property: Callable[[str, object], None],
) -> None:
    published = installed()
    found = compare(RATES, published, DAY, read_reasons())
    assert found.unexplained == ()
    assert found.idle_reasons == ()
    assert published.members == frozenset(MEMBERS)
    assert found.countries == len(published.standard) >= 45
    assert published.version
    assert published.as_at <= DAY
    record_property(
        "said",
        f"rates: {found.countries} countries compared with {published.name} {published.version} as at "
        f"{published.as_at}; {len(found.differences)} differences, all explained",
    )


def test_all_27_standard_rates_are_those_published() -> None:
    published = installed()
    for country in MEMBERS:
        answer = RATES.rate(country, None, DAY)
        assert getattr(answer, "percent", None) == published.standard[country], country


def test_another_standard_rate_and_other_levels_are_told() -> None:
    assert differences(publication(EE=entry(22, [9, 13]))) == [
        ("EE", "standard", D(22), D(24), False),
        ("EE", "level", D(13), None, False),
    ]
    assert differences(publication(RO=entry(21.0, [11.0]))) == []
    assert differences(publication(RO=entry(21, [11])), day=date(2025, 7, 31)) == [
        ("RO", "standard", D(21), D(19), False),
        ("RO", "level", D(11), None, False),
        ("RO", "level", None, D(5), False),
        ("RO", "level", None, D(9), False),
    ]


def test_a_country_we_do_not_know_is_a_difference() -> None:
    assert differences(publication(ZZ=entry(5))) == [("ZZ", "standard", D(5), None, False)]


def test_the_levels_of_a_country_include_its_regions_and_no_other_tax() -> None:
    levels = [0.9, 1.05, 5.5, 8.5, 10, 13]
    assert differences(publication(FR=entry(20, levels, super_reduced=2.1))) == []
    without = differences(publication(ES=entry(21, [10], super_reduced=4)))
    assert without == [], "the tax of the Canary Islands is another one"


def test_a_reason_holds_for_exactly_its_figures() -> None:
    reason = Reason("EE", "level", D("13.0"), None, "services", "s")
    stale = Reason("EE", "level", D(14), None, "services", "s")
    text = publication(EE=entry(24, [9, 13]))
    assert differences(text, (reason,)) == [("EE", "level", D(13), None, True)]
    assert differences(text, (stale,)) == [("EE", "level", D(13), None, False)]
    assert compare(RATES, parse(text), DAY, (reason, stale)).idle_reasons == (stale,)


def test_published_numbers_never_pass_through_floats() -> None:
    published = parse(publication(FI=entry(25.5, [13.5], parking=0.1)))
    assert published.standard["FI"] == D("25.5")
    assert published.levels["FI"] == {D("13.5"), D("0.1")}
    assert str(published.standard["FI"]) == "25.5"


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"version": "2026", "rates": {}}', publication(FI={}), publication(FI=entry("24")),
     publication(FI=entry(24, parking=True)),
     '{"version": "2026-01-01", "rates": {"FI": {"standard": 24, "reduced": 9}}}'],
)  # fmt: skip
def test_what_is_no_publication_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="no table of published VAT rates"):
        parse(text)


def test_the_package_absent_is_said_with_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "eu_vat_rates_data", None)
    with pytest.raises(InputError, match="not installed") as caught:
        installed()
    assert caught.value.code == "rates.no_publication"
    assert "drift" in caught.value.cure


@pytest.mark.parametrize(
    "row", ["EE,rate,13,,r,s,", "EE,level,13,,,s,", "EE,level,13,,r,,", "EE,level,x,,r,s,"]
)
def test_a_broken_reason_is_refused_with_its_line(row: str) -> None:
    head = "country,what,theirs,ours,reason,source,checked\n"
    with pytest.raises(WorldError) as caught:
        read_reasons(f"{head}EE,level,13,,r,s,\n{row}\n")
    assert caught.value.place == "vat_drift_reasons.csv:3"


# ---- the commands ----------------------------------------------------------------------------------------------


def run(*words: str, stdin: str = "") -> tuple[int, str]:
    app = typer.Typer(pretty_exceptions_enable=False)
    command.add(app)
    app.command("other")(lambda: None)
    result = CliRunner().invoke(app, ["rates", *words], input=stdin)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout


def test_drift_prints_the_publication_and_ends_well() -> None:
    code, out = run("drift", "--date", "2026-11-22", "--json")
    body = json.loads(out)
    assert code == 0
    assert body["publication"]["name"] == "eu-vat-rates-data"
    assert body["publication"]["as_at"] <= "2026-11-22"
    assert body["unexplained"] == 0
    assert {
        "country": "IE",
        "eu_member": True,
        "what": "level",
        "theirs": None,
        "ours": "4.8",
    }.items() <= next(d for d in body["differences"] if d["country"] == "IE" and d["ours"] == "4.8").items()
    assert all(d["reason"] and d["source"] for d in body["differences"])
    code, out = run("drift", "--date", "2026-11-22", "--all")
    assert code == 0
    assert "livestock" in out


def test_an_unexplained_difference_ends_with_code_1(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text = tmp_path / "rates.csv"
    rows, _ = read_rates()
    head = "territory,category,percent,tax,condition,candidates,valid_from,valid_until,source,confidence,checked,note\n"
    text.write_text(head + "EE,standard,22,VAT,,,2016-01-01,,s,high,,\n", encoding="utf-8")
    stale = VatRates.of(
        [*(row for row in rows if row.territory != "EE"), *read_rates(text)[0]],
        read_categories(),
        RATES.follow,
    )
    monkeypatch.setattr(VatRates, "load", classmethod(lambda cls: stale))
    code, out = run("drift", "--date", "2026-11-22", "--json")
    body = json.loads(out)
    assert code == 1
    assert [(d["country"], d["theirs"], d["ours"]) for d in body["differences"] if not d["explained"]] == [
        ("EE", "24", "22"), ("EE", "9", None),
    ]  # fmt: skip
    code, out = run("drift", "--date", "2026-11-22")
    assert code == 1
    assert "EE" in out


def shown(*words: str) -> Any:
    code, out = run("show", *words, "--json")
    assert code == 0
    return json.loads(out)


def test_a_rate_is_shown_with_source_and_validity() -> None:
    body = shown("--territory", "se", "--category", "food", "--date", "2027-12-31")
    assert body["rate"] == {
        "percent": "6", "tax": "VAT", "basis": "category", "rate_of": {"territory": "SE", "category": "food"},
        "valid_from": "2026-04-01", "valid_until": "2028-01-01", "confidence": "high",
        "source": "Prop. 2025/26:55; vatupdate; mervardesskattelagen 2023:200", "checked": "2026-11-22",
        "after_check": True, "note": "temporary",
    }  # fmt: skip
    assert "unknown" not in body


def test_an_unknown_rate_is_shown_with_the_reason() -> None:
    body = shown("--territory", "DK", "--category", "books", "--date", "2026-11-22")
    assert body["rate"] is None
    assert body["unknown"]["reason"] == "vat.not_established"
    assert body["unknown"]["candidates"] == ["0", "25"]
    nowhere = shown("--territory", "BR", "--date", "2026-11-22")
    assert [(body["category"], body["unknown"]["reason"]) for body in nowhere] == [
        ("standard", "vat.territory_without_rates")
    ]
    early = shown("--territory", "DE", "--category", "books", "--date", "2010-01-01")
    assert early["unknown"]["reason"] == "vat.before_first_known_rate"


def test_a_region_asks_where_the_supply_is_located() -> None:
    words = ("--territory", "PT-30", "--category", "books", "--date", "2026-11-22")
    assert shown(*words)["unknown"]["needs"][0] == "supply.located_in_territory"
    assert shown(*words, "--located-there")["rate"]["percent"] == "4"
    assert shown(*words, "--not-located-there")["rate"]["percent"] == "6"


def test_lists_by_territory_and_by_category() -> None:
    france = {body["category"]: body for body in shown("--territory", "FR", "--date", "2026-11-22")}
    assert france["standard"]["rate"]["percent"] == "20"
    assert france["books"]["rate"]["percent"] == "5.5"
    assert france["medicines"]["unknown"]["candidates"] == ["2.1", "10"]
    monaco = {body["category"]: body for body in shown("--territory", "MC", "--date", "2026-11-22")}
    assert monaco["books"]["rate"]["rate_of"]["territory"] == "FR"
    everywhere = {body["territory"]: body for body in shown("--date", "2026-11-22")}
    assert everywhere["HU"]["rate"]["percent"] == "27"
    assert everywhere["GI"]["rate"] is None
    assert len(everywhere) == len(RATES.rows)


def test_a_table_for_people() -> None:
    code, out = run(
        "show", "--territory", "FR", "--category", "books", "--date", "2026-11-22", "--lang", "fr"
    )
    assert code == 0
    assert "5.5 % VAT" in out
    assert "2021-09-30" in out
    last = run("show", "--territory", "SE", "--category", "food", "--date", "2026-11-22")[1]
    assert "2027-12-31" in last, "the last day, not the day after"


def test_line_by_line_a_mistake_stops_nothing() -> None:
    wrong = [
        {"territory": "FR"},
        {"territory": "FR", "date": "22/11/2026"},
        {"territory": "FXX", "date": "2026-11-22"},
        {"territory": "FR", "category": "boks", "date": "2026-11-22"},
        {"territory": "FR", "date": "2026-11-22", "located_there": "yes"},
        {"territory": 7, "date": "2026-11-22"},
        {"country": "FR", "date": "2026-11-22"},
    ]
    right = {"territory": "FR", "category": "books", "date": "2026-11-22", "located_there": None}
    code, out = run("show", "--jsonl", stdin="\n".join(json.dumps(q) for q in [*wrong, right]))
    bodies = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [body["error"]["code"] for body in bodies[:-1]] == [
        "rates.bad_date", "rates.bad_date", "rates.unknown_territory", "rates.unknown_category",
        "rates.bad_field", "rates.missing_territory", "rates.unknown_field",
    ]  # fmt: skip
    assert all(body["error"]["cure"] for body in bodies[:-1])
    assert bodies[3]["error"]["cure"] == "did you mean books?"
    assert bodies[-1]["rate"]["percent"] == "5.5"


def test_a_bad_day_is_said() -> None:
    with pytest.raises(InputError, match="not a date"):
        run("show", "--date", "yesterday")


def limits(day: str) -> dict[str, Any]:
    code, out = run("limits", "--date", day, "--json")
    assert code == 0
    return {body["id"]: body for body in json.loads(out)}


def test_limits_of_the_law_are_listed_with_act_and_days() -> None:
    now = limits("2026-11-22")
    assert now["eu-ioss-limit"]["value"] == {"amount": "150.00", "currency": "EUR"}
    assert now["eu-ioss-limit"]["cite"][0]["act"] == "Directive 2006/112/EC"
    assert now["ch-post-clearance-percent"]["value"] == {"amount": "3", "unit": "%"}
    assert now["gb-ni-parcel-weight"]["value"] == {"amount": "31500", "unit": "g"}
    assert now["us-de-minimis"]["value"] is None
    assert now["eu-handling-fee"]["value"] is None, "unconfirmed, so off"
    assert now["eu-handling-fee"]["status"] == "unverified"
    assert "free-delivery-from" not in now, "the retailer's own"
    before, first = limits("2026-06-30"), limits("2026-07-01")
    assert before["eu-flat-duty-per-item"]["value"] is None
    assert first["eu-flat-duty-per-item"]["value"] == {"amount": "3.00", "currency": "EUR"}


def test_limits_as_a_table_for_people() -> None:
    code, out = run("limits", "--date", "2026-11-22", "--lang", "fr")
    assert code == 0
    assert "150.00 EUR" in out
    assert "Annex XVIII" in out
