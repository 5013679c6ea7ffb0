"""What a commodity code may mean in each tariff, and what is not known of it."""

import pickle
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from customs.tariff import NotInTariff, Tariff, TariffAnswer
from customs.tariff.table import line_of, read_lines
from customs.tariff.units import read_table
from domain import InputError, WorldError

DAY = date(2026, 11, 22)
TARIFF = Tariff.load()


def find(jurisdiction: str, code: str, origin: str | None = None, day: date = DAY) -> TariffAnswer:
    answer = TARIFF.find(jurisdiction, code, origin, day)
    assert isinstance(answer, TariffAnswer)
    return answer


def options(answer: TariffAnswer) -> list[str]:
    return [str(option) for option in answer.options]


@pytest.mark.parametrize(
    ("jurisdiction", "code", "rate"),
    [
        ("EU", "61091000", "12%"),
        ("UK", "61091000", "12%"),
        ("EU", "91021100", "4.50% MIN 0.30 EUR / item MAX 0.80 EUR / item"),
        ("UK", "91021100", "0.20 GBP / item"),
        ("EU", "2204214210", "13.10 EUR / hl"),
        ("UK", "04069021", "139.00 GBP / 100 kg"),
        ("EU", "18063210", "8.30% + EA MAX 18.70% + ADSZ"),
        ("CH", "610910", "Free"),
        ("EU", "8806219090", "7.5%"),
    ],
)
def test_a_full_code_has_one_rate(jurisdiction: str, code: str, rate: str) -> None:
    answer = find(jurisdiction, code)
    assert options(answer) == [rate]
    assert answer.exact
    assert answer.needs == ()


def test_the_longest_matching_line_answers_a_longer_code() -> None:
    assert [candidate.hs_code for candidate in find("EU", "6109.10.00.10").candidates] == ["61091000"]
    assert [candidate.hs_code for candidate in find("CH", "61091000").candidates] == ["610910"]
    assert [candidate.hs_code for candidate in find("CH", "94069010").candidates] == ["94"]


def test_a_short_code_gives_every_line_it_may_be() -> None:
    wine = find("EU", "220421")
    assert len(wine.candidates) > 2
    assert options(wine) == ["32.00 EUR / hl", "13.10 EUR / hl", "15.40 EUR / hl"]
    assert not wine.exact
    assert "line.hs_code" in wine.needs


def test_a_short_code_in_a_partial_table_asks_for_the_full_code_even_where_all_known_lines_agree() -> None:
    shirts = find("EU", "6109")
    assert options(shirts) == ["12%"]
    assert not shirts.complete
    assert shirts.needs == ("line.hs_code",)


def test_six_digits_are_enough_where_the_line_has_no_subdivision() -> None:
    assert find("EU", "610910").exact


def test_an_unknown_code_is_not_in_the_tariff_and_never_free() -> None:
    answer = TARIFF.find("EU", "01012100", "CN", DAY)
    assert isinstance(answer, NotInTariff)
    assert answer.reason == "tariff.unknown_code"
    assert answer.needs == ("tariff_rate.EU.01012100",)
    other = TARIFF.find("JP", "61091000", "CN", DAY)
    assert isinstance(other, NotInTariff)
    assert other.reason == "tariff.no_table"


def test_a_day_before_the_table_begins_has_no_rate() -> None:
    answer = TARIFF.find("EU", "61091000", None, date(2020, 12, 31))
    assert isinstance(answer, NotInTariff)
    assert answer.reason == "tariff.before_first_rate"
    assert answer.known_from == date(2021, 1, 1)


def test_swiss_industrial_goods_are_free_since_2024_and_not_before() -> None:
    assert options(find("CH", "94036010", day=date(2024, 1, 1))) == ["Free"]
    assert isinstance(TARIFF.find("CH", "94036010", None, date(2023, 12, 31)), NotInTariff)


def test_swiss_agricultural_goods_and_norwegian_clothing_are_not_determinable() -> None:
    for jurisdiction, code in (
        ("CH", "22042142"),
        ("CH", "04069021"),
        ("CH", "07020000"),
        ("NO", "61091000"),
    ):
        answer = find(jurisdiction, code)
        assert answer.options == ()
        assert answer.needs[0].startswith(f"tariff_rate.{jurisdiction}.")


def test_other_norwegian_goods_are_not_in_the_table() -> None:
    assert isinstance(TARIFF.find("NO", "94036010", None, DAY), NotInTariff)


def test_us_section_301_adds_to_goods_from_china_alone() -> None:
    while_exclusions_held = date(2026, 1, 15)
    assert options(find("US", "61091000", "CN", while_exclusions_held)) == ["16.5%", "16.5% + 7.5%"]
    assert options(find("US", "61091000", "IN", while_exclusions_held)) == ["16.5%"]
    assert options(find("US", "61091000", "CN", date(2026, 11, 9)))[0] == "16.5%"
    assert options(find("US", "61091000", "CN", date(2026, 11, 10)))[0] == "16.5% + 7.5%"


def test_an_unknown_origin_gives_both_duties_and_asks_for_it() -> None:
    answer = find("US", "61091000", None, date(2026, 1, 15))
    assert options(answer) == ["16.5%", "16.5% + 7.5%"]
    assert answer.needs == ("line.origin", "tariff_measure.section_301")


def test_the_metal_duty_displaces_the_surcharge_and_adds_to_section_301() -> None:
    fridge = find("US", "84181000", "CN", date(2026, 5, 1))
    assert options(fridge) == ["Free + 25%", "Free + 25% + 25%"]
    assert "section_122" not in {line.measure for c in fridge.candidates for line in c.measures}
    assert options(find("US", "84181000", "CN")) == ["Free + 25% + 25%"]
    assert options(find("US", "61091000", "IN", date(2026, 5, 1))) == ["16.5%", "16.5% + 10%"]


def test_the_surcharge_of_section_122_ends_on_its_last_day() -> None:
    def has(day: date) -> bool:
        lines = TARIFF.lines("US", "61091000", "IN", day)
        assert not isinstance(lines, NotInTariff)
        return "section_122" in {line.measure for line in lines}

    assert not has(date(2026, 2, 23))
    assert has(date(2026, 2, 24))
    assert has(date(2026, 7, 23))
    assert not has(date(2026, 7, 24))


def test_a_ceiling_measure_raises_the_general_duty_to_it_and_no_further() -> None:
    socks, toys = find("US", "61091000", "FR"), find("US", "95030000", "FR")
    assert [option.duty(Decimal(100)) for option in socks.options] == [Decimal("16.5")] * 2
    assert [option.duty(Decimal(100)) for option in toys.options] == [Decimal(0), Decimal("12.5")]


def test_a_doubtful_metal_duty_and_what_it_displaces_never_stand_together() -> None:
    sofa = options(find("US", "94016160", "FR", date(2026, 5, 1)))
    assert sofa == ["Free", "Free + 25%", "Free + 10%"]


def test_brazil_bears_its_own_section_301_from_its_first_day() -> None:
    assert options(find("US", "61091000", "BR", date(2026, 7, 21))) == ["16.5%", "16.5% + 10%"]
    measures = {line.measure for c in find("US", "61091000", "BR").candidates for line in c.measures}
    assert measures == {"mfn", "section_301_brazil", "section_301_labour"}


def test_a_duty_of_which_only_the_existence_is_known_is_named_and_counted_nowhere() -> None:
    canadian = find("US", "61091000", "CA")
    assert "section_338" in {line.measure for line in canadian.unverified}
    assert options(canadian) == ["16.5%", "16.5% + 10%"]
    assert "section_338" not in {line.measure for line in find("US", "61091000", "FR").unverified}


def test_a_chinese_good_whose_lists_were_not_read_is_told_of_section_301() -> None:
    table = TARIFF.by_code["US"]
    imported = Tariff.of([*table[""], *(replace(line, hs_code="85414300") for line in table["85171300"])])
    panel = imported.find("US", "85414300", "CN", DAY)
    assert not isinstance(panel, NotInTariff)
    assert "section_301" in {line.measure for line in panel.unverified}
    assert "section_301" not in {line.measure for c in panel.candidates for line in c.measures}
    other = imported.find("US", "85414300", "VN", DAY)
    assert not isinstance(other, NotInTariff)
    assert "section_301" not in {line.measure for line in other.unverified}
    listed = find("US", "61091000", "CN")
    assert "section_301" not in {line.measure for line in listed.unverified}
    assert "section_301" in {line.measure for c in listed.candidates for line in c.measures}


def test_goods_without_normal_trade_relations_never_bear_the_general_rate() -> None:
    russian = find("US", "61091000", "RU")
    assert options(russian) == []
    assert "tariff_rate.US.column_2" in russian.needs
    unknown = find("US", "61091000", None, date(2026, 1, 15))
    assert options(unknown) == ["16.5%", "16.5% + 7.5%"]
    assert "column 2 rates were not read; imported schedules hold them" in {
        line.note for line in unknown.unverified
    }


def test_a_preference_is_an_alternative_with_its_proof_and_counts_only_when_claimed() -> None:
    british = find("EU", "61091000", "GB")
    assert options(british) == ["12%"]
    assert [(line.measure, line.needs) for line in british.alternatives] == [
        ("preference", ("origin_proof.statement_on_origin",))
    ]
    claimed = TARIFF.find("EU", "61091000", "GB", DAY, claims=frozenset({"preference"}))
    assert isinstance(claimed, TariffAnswer)
    assert options(claimed) == ["Free"]
    chinese = TARIFF.find("EU", "61091000", "CN", DAY, claims=frozenset({"preference"}))
    assert isinstance(chinese, TariffAnswer)
    assert options(chinese) == ["12%"]
    unknown = TARIFF.find("EU", "61091000", None, DAY, claims=frozenset({"preference"}))
    assert isinstance(unknown, TariffAnswer)
    assert options(unknown) == ["12%"]
    assert unknown.needs == ()


@pytest.mark.parametrize(
    ("code", "day", "reason", "codes"),
    [
        ("610", DAY, "tariff.bad_length", ()),
        ("61091", DAY, "tariff.bad_length", ()),
        ("6109100", DAY, "tariff.bad_length", ()),
        ("610910001", DAY, "tariff.bad_length", ()),
        ("61091000123", DAY, "tariff.bad_length", ()),
        ("770100", DAY, "tariff.not_in_nomenclature", ()),
        ("000100", DAY, "tariff.not_in_nomenclature", ()),
        ("98010010", DAY, "tariff.special_chapter", ()),
        ("99038815", DAY, "tariff.special_chapter", ()),
        ("85171200", DAY, "tariff.code_replaced", ("851713", "851714")),
        ("85171200", date(2022, 1, 1), "tariff.code_replaced", ("851713", "851714")),
        ("94054099", DAY, "tariff.code_replaced", ("940541", "940542", "940549")),
        ("85171300", date(2021, 12, 31), "tariff.code_not_yet", ("851712",)),
    ],
)
def test_a_code_that_names_no_goods_says_why_and_what_took_its_place(
    code: str, day: date, reason: str, codes: tuple[str, ...]
) -> None:
    answer = TARIFF.find("EU", code, None, day)
    assert isinstance(answer, NotInTariff)
    assert (answer.reason, answer.nearest) == (reason, codes)
    assert answer.needs == ("line.hs_code",)


def test_a_replaced_code_still_answers_for_the_days_it_was_in_force() -> None:
    assert options(find("EU", "94054099", day=date(2021, 6, 1))) == ["2.7%"]
    assert all(c.hs_code != "94054099" for c in find("UK", "9403").candidates)


def test_every_change_of_the_nomenclature_leads_to_codes_in_force() -> None:
    rows = read_table("nomenclature_changes.csv")
    old = {row["old"] for row in rows}
    for row in rows:
        assert row["source"]
        assert row["confidence"] in ("high", "medium")
        for code in row["new"].split():
            assert len(code) == 6
            assert code not in old
            assert code[:2] == row["old"][:2]


def test_a_rate_that_ended_says_until_when_it_was_known() -> None:
    row = "EU,610910,x,mfn,*,,adds,yes,,12%,,2021-01-01,2024-01-01,2021-01-01,s,high,2026-11-22,"
    tariff = Tariff.of([line_of(dict(zip(HEAD.strip().split(","), row.split(","), strict=True)))])
    answer = tariff.find("EU", "610910", None, date(2024, 1, 1))
    assert isinstance(answer, NotInTariff)
    assert (answer.reason, answer.known_until) == ("tariff.after_last_rate", date(2024, 1, 1))
    assert isinstance(tariff.find("EU", "610910", None, date(2023, 12, 31)), TariffAnswer)


def test_an_unknown_code_names_its_neighbours() -> None:
    answer = TARIFF.find("EU", "61091090", None, DAY)
    assert isinstance(answer, NotInTariff)
    assert "61091000" in answer.nearest


def test_a_code_that_is_not_digits_is_refused() -> None:
    with pytest.raises(InputError, match="not a commodity code"):
        TARIFF.find("EU", "61A9", None, DAY)


def test_a_tariff_that_has_answered_travels_to_another_process() -> None:
    answer = find("EU", "61091000")
    travelled = pickle.loads(pickle.dumps(TARIFF))  # noqa: S301 - our own bytes
    assert travelled == TARIFF
    assert travelled.find("EU", "61091000", None, DAY) == answer


def test_every_line_in_use_has_a_source_a_day_and_high_or_medium_confidence() -> None:
    lines, _ = read_lines()
    assert {line.jurisdiction for line in lines} == {"CH", "EU", "NO", "UK", "US"}
    assert len(lines) == len(set(lines))
    for line in lines:
        assert line.applies != "off" or line.expression is None
        assert line.source
        assert line.checked == DAY
        assert (line.expression is None) == (line.confidence == "unverified")


HEAD = (
    "jurisdiction,hs_code,description,measure,origin,origin_except,effect,applies,gives_way_to,expression,"
    "needs,valid_from,valid_until,as_at,source,confidence,checked,note\n"
)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("EU,61,x,mfn,*,,adds,yes,,12 %%,,2021-01-01,,,s,high,,", "expected"),
        ("EU,61,x,mfn,*,,adds,yes,,12%,,2021-01-01,,,,high,,", "needs a source"),
        ("EU,61,x,mfn,*,,adds,yes,,12%,,2021-01-01,,,s,low,,", "high or medium"),
        ("EU,61,x,mfn,*,,adds,yes,,,,2021-01-01,,,s,unverified,,", "says in needs"),
        ("EU,61.09,x,mfn,*,,adds,yes,,12%,,2021-01-01,,,s,high,,", "not digits"),
    ],
)
def test_a_broken_row_is_refused_with_its_line(tmp_path: Path, row: str, message: str) -> None:
    file = tmp_path / "lines.csv"
    file.write_text(HEAD + row + "\n", encoding="utf-8")
    with pytest.raises(WorldError, match=message) as caught:
        Tariff.load(file)
    assert caught.value.place == "lines.csv:2"
