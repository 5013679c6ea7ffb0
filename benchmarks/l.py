"""L: the landed cost of a consignment of five lines, beside plain Decimal arithmetic and a float floor.

The amounts are compared with plain Decimal arithmetic before anything is timed. Then the
contenders take turns, consignment by consignment, so that what else the machine does falls on all.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from time import perf_counter_ns

from benchmarks.figures import percentile, table, told
from customs.landed import (
    Assessment,
    AssessmentInput,
    AssessmentLine,
    Bounds,
    Charge,
    Duty,
    Vat,
    apportion,
    assess,
)
from customs.tariff import parse_rate

__all__ = ["draw_cases", "in_decimals", "in_floats", "run"]

CASES, ROUNDS, LINES = 200, 5, 5
AIM = 100.0
CENT = Decimal("0.01")
PERCENTS = ("0", "1.7", "3.7", "6.5", "12", "16.9")
OTHERS = (
    "4.5% MIN 0.30 EUR / item MAX 0.80 EUR / item",
    "167.10 EUR / 100 kg",
    "9% + 2.00 EUR / item",
)
VAT = (Decimal(20), Decimal("5.5"), Decimal("8.1"))


def draw_cases(count: int, seed: int = 1, *, mixed: bool = True) -> list[AssessmentInput]:
    """Imports of five lines: freight by value, insurance, a clearance fee in the VAT base.

    ``mixed``: one rate in five is not a plain percentage. The same for the same seed.
    """
    rng = random.Random(seed)
    percents = [parse_rate(f"{percent}%") for percent in PERCENTS]
    others = [parse_rate(text) for text in OTHERS]

    def line(number: int) -> AssessmentLine:
        rate = rng.choice(others) if mixed and rng.random() < 0.2 else rng.choice(percents)
        return AssessmentLine(
            str(number),
            Decimal(rng.randint(100, 30_000)).scaleb(-2),
            rng.randint(1, 5),
            net_weight_g=rng.randint(50, 4_000),
            gross_weight_g=rng.randint(60, 4_500),
            hs_code=f"{rng.randint(100_000, 999_999)}",
            vat_percent=rng.choice(VAT),
            rates=(rate,),
        )

    return [
        AssessmentInput(
            tuple(line(number) for number in range(LINES)),
            "EUR",
            Duty("tariff", source="tariff"),
            Vat("at_import", source="law"),
            freight=Decimal(rng.randint(0, 4_000)).scaleb(-2),
            insurance=Decimal(rng.randint(0, 300)).scaleb(-2),
            freight_share=Decimal(rng.randint(0, 20)) / 20,
            charges=(Charge("clearance", Decimal(6), "parcel", True, "buyer"),),
            parcels=rng.randint(1, 3),
        )
        for _ in range(count)
    ]


def opened(case: AssessmentInput) -> AssessmentInput:
    """The same consignment with one open duty rate and one open VAT rate: amounts become intervals."""
    first, second, *rest = case.lines
    lines = (
        replace(first, rates=(*first.rates, parse_rate("17%"))),
        replace(second, vat_percent=Bounds(Decimal("2.6"), Decimal("8.1"))),
        *rest,
    )
    return replace(case, lines=lines)


def in_decimals(case: AssessmentInput) -> tuple[Decimal, Decimal]:
    """Duty and tax as somebody would write them for this one kind of case: no steps, nothing open."""
    values = [line.goods_value for line in case.lines]
    freight = apportion(case.freight, values, CENT)
    insurance = apportion(case.insurance, values, CENT)
    fee = sum((charge.amount * (case.parcels or 0) for charge in case.charges), Decimal(0))
    fees = apportion(fee, values, CENT)
    duty = tax = Decimal(0)
    for index, line in enumerate(case.lines):
        value = values[index] + freight[index] * case.freight_share + insurance[index]
        weight = Decimal(line.net_weight_g or 0).scaleb(-3)
        amount = line.rates[0].duty(
            value, {"pieces": Decimal(line.quantity), "kg": weight}, currency=case.currency
        )
        percent = line.vat_percent
        assert isinstance(amount, Decimal)
        assert isinstance(percent, Decimal)
        owed = amount.quantize(CENT, ROUND_HALF_UP)
        base = value + owed + fees[index] + freight[index] * (1 - case.freight_share)
        duty += owed
        tax += (base * percent / 100).quantize(CENT, ROUND_HALF_UP)
    return duty, tax


def floats(case: AssessmentInput) -> list[tuple[float, float, float]]:
    """(value, duty percent, VAT percent) of each line, as a float calculator holds them."""
    return [
        (float(line.goods_value), float(str(line.rates[0]).rstrip("%")), float(str(line.vat_percent)))
        for line in case.lines
    ]


def in_floats(case: AssessmentInput, lines: Sequence[tuple[float, float, float]]) -> tuple[float, float]:
    """The floor: percentages in binary floats, shares unrounded. Not money arithmetic."""
    whole = sum(line[0] for line in lines)
    freight, insurance = float(case.freight), float(case.insurance)
    counted = float(case.freight_share)
    fee = sum(float(charge.amount) * (case.parcels or 0) for charge in case.charges)
    duty = tax = 0.0
    for value, percent, vat in lines:
        part = value / whole
        worth = value + part * (freight * counted + insurance)
        owed = round(worth * percent / 100, 2)
        duty += owed
        tax += round((worth + owed + part * (fee + freight * (1 - counted))) * vat / 100, 2)
    return round(duty, 2), round(tax, 2)


def compare(cases: Sequence[AssessmentInput]) -> None:
    """Ours and plain Decimal arithmetic must come to the same duty and tax, case by case."""
    for case in cases:
        result = assess(case)
        assert result.duty is not None
        assert result.vat is not None
        assert (result.duty.exact, result.vat.exact) == in_decimals(case)


def _wrong(cases: Sequence[AssessmentInput]) -> int:
    """How many cases the floats get wrong by a cent or more."""
    return sum(
        tuple(Decimal(str(amount)) for amount in in_floats(case, floats(case))) != in_decimals(case)
        for case in cases
    )


def _in_full(case: AssessmentInput, *, steps: bool) -> Assessment:
    """Lines and steps are worked out when they are asked for: here they are."""
    result = assess(case)
    assert result.lines
    assert not steps or result.steps
    return result


def run(count: int = CASES, rounds: int = ROUNDS) -> str:
    """The table, as Markdown."""
    cases, plain = draw_cases(count), draw_cases(count, seed=2, mixed=False)
    compare([*cases, *plain])
    wide, ready = [opened(case) for case in cases], [floats(case) for case in plain]
    contenders: dict[str, Callable[[int], object]] = {
        f"assess: totals and charges (aim {AIM:.0f})": lambda n: assess(cases[n]),
        "with the amounts of each line": lambda n: _in_full(cases[n], steps=False),
        "with lines and every step": lambda n: _in_full(cases[n], steps=True),
        "two open rates: intervals": lambda n: assess(wide[n]),
        "plain Decimal: duty and tax only": lambda n: in_decimals(cases[n]),
        "percentages only: assess": lambda n: assess(plain[n]),
        "percentages only: plain Decimal": lambda n: in_decimals(plain[n]),
        "percentages only: floats (floor)": lambda n: in_floats(plain[n], ready[n]),
    }
    times = _times(list(contenders.values()), count, rounds)
    base = percentile(times[0], 50)
    rows = [_row(name, each, base) for name, each in zip(contenders, times, strict=True)]
    return (
        f"{count} consignments of {LINES} lines, {rounds} rounds.\n\n"
        f"{table(('us per consignment', 'p50', 'p99', 'x assess'), rows)}\n\n"
        f"Floats come to another cent in {_wrong(plain)} of {count} consignments."
    )


def _times(contenders: Sequence[Callable[[int], object]], count: int, rounds: int) -> list[list[int]]:
    times: list[list[int]] = [[] for _ in contenders]
    for number in range(rounds):
        for case in range(count):
            for place in range(len(contenders)):
                seat = (place + number) % len(contenders)
                contender = contenders[seat]
                begun = perf_counter_ns()
                contender(case)
                times[seat].append(perf_counter_ns() - begun)
    return times


def _row(name: str, times: Sequence[int], base: float) -> tuple[str, ...]:
    middle = percentile(times, 50)
    return (name, told(middle / 1000), told(percentile(times, 99) / 1000), told(middle / base))
