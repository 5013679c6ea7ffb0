"""Measures of several origins on goods whose origin nobody has told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from customs.tariff import parse_rate
from customs.tariff.stacking import candidate
from customs.tariff.table import TariffLine, read_lines

DAY = date(2026, 11, 22)


def lines() -> tuple[TariffLine, ...]:
    pattern = next(line for line in read_lines()[0] if line.measure == "mfn" and line.jurisdiction == "US")

    def line(measure: str, rate: str, origins: set[str], but: frozenset[str] = frozenset()) -> TariffLine:
        return replace(
            pattern,
            hs_code="610910",
            measure=measure,
            origins=frozenset(origins),
            origins_except=but,
            effect="adds" if measure != "mfn" else pattern.effect,
            applies="yes",
            gives_way_to="",
            expression=parse_rate(rate),
            needs=(),
            valid_from=date(2020, 1, 1),
            valid_until=None,
        )

    return (
        line("mfn", "10%", {"*"}),
        line("of_china", "7%", {"CN"}),
        line("of_brazil", "40%", {"BR"}),
        line("of_all_but_brazil", "1%", {"*"}, frozenset({"BR"})),
    )


def rates(origin: str | None) -> set[str]:
    found = candidate({"610910": lines()}, "610910", "610910", origin, DAY)
    return {str(rate) for rate in found.options}


def test_no_goods_come_from_two_countries_at_once():
    assert rates(None) == {"10% + 7% + 1%", "10% + 40%", "10% + 1%"}
    assert rates(None) == rates("CN") | rates("BR") | rates("VN")


def test_a_known_origin_has_one_rate():
    assert rates("CN") == {"10% + 7% + 1%"}
    assert rates("BR") == {"10% + 40%"}
    assert rates("VN") == {"10% + 1%"}
