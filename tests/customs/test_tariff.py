"""What a commodity code may mean in each tariff, and what is not known of it."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from customs.tariff import NotInTariff, Tariff, TariffAnswer
from customs.tariff.table import read_lines
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
    assert answer.reason == "tariff.not_on_that_day"


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
    before_labour_duty = date(2026, 1, 15)
    assert options(find("US", "61091000", "CN", before_labour_duty)) == ["16.5% + 7.5%"]
    assert options(find("US", "61091000", "IN", before_labour_duty)) == ["16.5%"]


def test_an_unknown_origin_gives_both_duties_and_asks_for_it() -> None:
    answer = find("US", "61091000", None, date(2026, 1, 15))
    assert options(answer) == ["16.5%", "16.5% + 7.5%"]
    assert answer.needs == ("line.origin",)


def test_the_metal_duty_displaces_the_surcharge_and_adds_to_section_301() -> None:
    assert options(find("US", "84181000", "CN", date(2026, 5, 1))) == ["Free + 25% + 25%"]
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


def test_a_code_that_is_not_digits_is_refused() -> None:
    with pytest.raises(InputError, match="not a commodity code"):
        TARIFF.find("EU", "61A9", None, DAY)


def test_every_line_in_use_has_a_source_a_day_and_high_or_medium_confidence() -> None:
    lines, _ = read_lines()
    assert {line.jurisdiction for line in lines} == {"CH", "EU", "NO", "UK", "US"}
    for line in lines:
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
