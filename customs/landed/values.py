"""What goes into an assessment and what comes out: values only, no arithmetic.

Everything is resolved before: which method, which rate, which share of the
freight counts. Amounts are decimals in major units of one currency.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, NamedTuple, Protocol

from customs.tariff import Convert, RateExpression

__all__ = [
    "Assessment",
    "AssessmentInput",
    "AssessmentLine",
    "Bounds",
    "Charge",
    "ChargeResult",
    "Details",
    "Duty",
    "LineResult",
    "Rounding",
    "Step",
    "Undetermined",
    "Vat",
    "exactly",
]

Level = Literal["line", "rate_group", "document"]


class Bounds(NamedTuple):
    """An amount between two ends, both included; exact where they are equal.

    A named tuple, as `Step` and `LineResult`: an assessment makes dozens, each in a good half of a data
    class's time.
    """

    low: Decimal
    high: Decimal

    @classmethod
    def of(cls, amount: Decimal) -> Bounds:
        """An exact amount."""
        return cls(amount, amount)

    @property
    def exact(self) -> Decimal | None:
        """The amount where it is settled, else None."""
        return self.low if self.low == self.high else None

    def __add__(self, other: Bounds) -> Bounds:  # type: ignore[override]
        return Bounds(self.low + other.low, self.high + other.high)

    def __str__(self) -> str:
        return f"{self.low}" if self.low == self.high else f"{self.low} to {self.high}"


def exactly(amounts: Sequence[Decimal | None]) -> list[Bounds | None]:
    """Each known amount as an interval of its own.

    Dozens in an assessment: made past the generated constructor, which takes half as long again.
    """
    new = tuple.__new__
    return [None if amount is None else new(Bounds, (amount, amount)) for amount in amounts]


@dataclass(frozen=True, slots=True)
class Rounding:
    """How an amount is rounded: ``mode`` from ``decimal``, ``level`` line, rate_group or document.

    ``step`` None is the minor unit of the currency.
    """

    mode: str = ROUND_HALF_UP
    level: Level = "line"
    step: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """The duty method. ``none``: no customs border or no duty law; ``relief``: a relief frees the goods;
    ``flat_per_item``: ``amount`` for each distinct code of ``digits`` digits, pieces do not count;
    ``tariff``: each line's rate. A total up to ``waived_up_to`` is not collected.
    """

    method: Literal["none", "relief", "flat_per_item", "tariff"]
    amount: Decimal = Decimal(0)
    digits: int = 6
    waived_up_to: Decimal | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Vat:
    """The VAT method. ``at_sale``: on the price charged, delivery included; ``at_import``: on customs
    value, duty, charges so flagged and, with ``transport_in_base``, the rest of the transport;
    ``none``. A total up to ``waived_up_to`` is not collected.
    """

    method: Literal["none", "at_sale", "at_import"]
    transport_in_base: bool = True
    waived_up_to: Decimal | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Charge:
    """A fee or levy: ``amount`` for each unit, and ``percent`` of a value of the whole consignment.

    ``unit``: ``line`` (order line), ``item`` (distinct code of ``digits`` digits), ``parcel`` or
    ``consignment``; the first ``free_units`` cost nothing. ``percent`` 3 is 3 %; of the goods,
    also of freight and insurance in full, also of the duty collected. ``minimum`` and ``maximum``
    bound the whole charge, the maximum wins. ``payer`` is the caller's word for who owes it.
    """

    code: str
    amount: Decimal
    unit: Literal["line", "item", "parcel", "consignment"]
    in_vat_base: bool
    payer: str
    digits: int = 6
    source: str = ""
    percent: Decimal | None = None
    percent_of: Literal["goods", "goods_freight", "goods_freight_duty"] = "goods_freight_duty"
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    free_units: int = 0


@dataclass(frozen=True, slots=True)
class AssessmentLine:
    """One line, value net of VAT for all units together. Weights in grams for all units together.

    ``sale_price`` is the VAT base at sale where it differs from the customs
    goods value (a free gift has a value and no price). ``rates`` are all duty
    rates the line may bear; empty with ``rate_needs`` where unknown. ``vat_percent``
    is None where unknown (``vat_needs`` says why) or Bounds where one of several.
    ``product`` marks lines of one product: they are one item even without a code.
    """

    id: str
    goods_value: Decimal
    quantity: int = 1
    net_weight_g: int | None = None
    gross_weight_g: int | None = None
    hs_code: str | None = None
    origin: str | None = None
    vat_percent: Decimal | Bounds | None = None
    rates: tuple[RateExpression, ...] = ()
    sale_price: Decimal | None = None
    quantities: Mapping[str, Decimal] = field(default_factory=dict)
    product: str | None = None
    rate_needs: tuple[str, ...] = ()
    vat_needs: tuple[str, ...] = ()
    rate_source: str = ""
    vat_source: str = ""


@dataclass(frozen=True, slots=True)
class AssessmentInput:
    """A consignment to assess.

    ``value_basis``: ``cif`` counts ``freight_share`` of the freight and the
    insurance into the customs value, ``fob`` neither, ``to_door`` both in full.
    ``delivery_price`` is what the buyer pays for delivery net of VAT (the VAT
    base at sale); None means the same as ``freight``. ``freight_key`` apportions
    freight and insurance over lines.
    """

    lines: tuple[AssessmentLine, ...]
    currency: str
    duty: Duty
    vat: Vat
    value_basis: Literal["cif", "fob", "to_door"] = "cif"
    freight: Decimal = Decimal(0)
    insurance: Decimal = Decimal(0)
    freight_share: Decimal = Decimal(1)
    freight_key: Literal["value", "weight"] = "value"
    delivery_price: Decimal | None = None
    charges: tuple[Charge, ...] = ()
    parcels: int | None = None
    duty_rounding: Rounding = Rounding()
    vat_rounding: Rounding = Rounding()
    customs_value_rounding: Rounding | None = None
    vat_base_rounding: Rounding | None = None
    convert: Convert | None = None


class Step(NamedTuple):
    """One computation, for a line or (line None) the consignment."""

    name: str
    formula: str
    base: Bounds | None
    rate: str
    amount: Bounds
    source: str = ""
    rounding: str = ""
    line: str | None = None


@dataclass(frozen=True, slots=True)
class Undetermined:
    """An amount that cannot be given, and the facts that would settle it."""

    what: str
    line: str | None
    needs: tuple[str, ...]


class LineResult(NamedTuple):
    """Amounts of one line; None where they cannot be determined. ``charges`` are those in the VAT base."""

    id: str
    customs_value: Bounds | None
    duty: Bounds | None
    vat_base: Bounds | None
    vat: Bounds | None
    charges: Bounds | None


@dataclass(frozen=True, slots=True)
class ChargeResult:
    """One charge of the consignment, times its units."""

    code: str
    amount: Bounds | None
    payer: str
    in_vat_base: bool


class Details(Protocol):
    """What of an assessment is worked out only when somebody asks; most assessments are compared and dropped."""

    def lines(self) -> tuple[LineResult, ...]:
        """The amounts of each line."""

    def steps(self) -> tuple[Step, ...]:
        """Every computation in its order."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """Totals, charges and lines. Exact amounts of lines add up to the totals to the minor unit;
    of an interval, a line's ends may differ from its share of the total's by one minor unit, and
    where it is open which lines share a flat duty, the total tax reaches further than its lines.
    """

    currency: str
    customs_value: Bounds | None
    duty: Bounds | None
    vat_base: Bounds | None
    vat: Bounds | None
    charges: tuple[ChargeResult, ...]
    cannot_determine: tuple[Undetermined, ...]
    details: Details = field(compare=False, repr=False)

    @property
    def lines(self) -> tuple[LineResult, ...]:
        """The amounts of each line, in the order of the input."""
        return self.details.lines()

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every computation in its order, each with base, rate, amount, source and rounding."""
        return self.details.steps()

    @property
    def determined(self) -> bool:
        """Whether every amount could be given, be it as an interval."""
        return not self.cannot_determine

    @property
    def needs(self) -> tuple[str, ...]:
        """Everything that is missing, each once."""
        return tuple(dict.fromkeys(need for gap in self.cannot_determine for need in gap.needs))
