"""Knowing more of the goods only narrows the duty: shown for every line of the shipped table."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from customs.tariff import RateExpression, Tariff, TariffAnswer
from customs.tariff.table import read_lines
from customs.tariff.units import components, units

TARIFF = Tariff.load()
LINES, _ = read_lines()
DAYS = (date(2022, 6, 1), date(2026, 3, 1), date(2026, 7, 24), date(2026, 11, 22), date(2027, 1, 1))
ORIGINS = ("CN", "FR", "GB", "CH", "JP", "CA", "BR", "IN", "US")
VALUE = Decimal(1000)

EVERYTHING = {name: Decimal("7.5") for unit in units().values() for name in unit.quantities}
EVERYTHING |= {component.quantity: Decimal(3) for component in components().values()}
PARTS = ("case", "battery", "strap_band_or_bracelet", "case_and_strap_band_or_bracelet")
EVERYTHING |= {f"value.{part}": Decimal(50) for part in PARTS}


def duty(rate: RateExpression) -> Decimal:
    found = rate.duty(VALUE, EVERYTHING, currency="EUR", convert=lambda amount, _from, _to: amount)
    assert isinstance(found, Decimal), f"{rate} {found}"
    return found


def ends(jurisdiction: str, code: str, origin: str | None, day: date) -> tuple[Decimal, Decimal] | None:
    """The lowest and highest duty, None where no rate is known."""
    answer = TARIFF.find(jurisdiction, code, origin, day)
    if not isinstance(answer, TariffAnswer) or not answer.options:
        return None
    amounts = [duty(option) for option in answer.options]
    return min(amounts), max(amounts)


CODES = sorted({(line.jurisdiction, line.hs_code) for line in LINES if len(line.hs_code) >= 6})


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_an_origin_narrows_the_duty(day: date) -> None:
    seen = 0
    for jurisdiction, code in CODES:
        wide = ends(jurisdiction, code, None, day)
        for origin in ORIGINS:
            narrow = ends(jurisdiction, code, origin, day)
            if wide is not None and narrow is not None:
                assert wide[0] <= narrow[0] <= narrow[1] <= wide[1], (jurisdiction, code, origin)
                seen += 1
            assert wide is None or narrow is not None, (jurisdiction, code, origin)
    assert seen > 1000


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_more_digits_narrow_the_duty(day: date) -> None:
    seen = 0
    for jurisdiction, code in CODES:
        for digits in range(4, len(code), 2):
            wide, narrow = (ends(jurisdiction, text, "CN", day) for text in (code[:digits], code))
            if wide is not None and narrow is not None:
                assert wide[0] <= narrow[0] <= narrow[1] <= wide[1], (jurisdiction, code, digits)
                seen += 1
    assert seen > 200
