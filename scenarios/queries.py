"""What may be asked about one movement of goods: the JSON of ``vat`` and ``landed-cost``, validated and frozen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from domain.order import Amount, Country, CurrencyCode, HsCode, Identifier, Percent, Text

__all__ = ["LandedQuery", "LineQuery", "PlaceQuery", "RouteQuery", "SellerQuery", "VatQuery"]

MAX_LINES = 500
ALSO_WRITTEN = {"EL": "GR", "UK": "GB"}
"""What VAT numbers and habit call a country that ISO 3166-1 calls otherwise."""
MAX_WINDOW = 31
"""Days over which an estimated date may range: the law is asked once for each."""


class _Frozen(BaseModel):
    """A null where something may be absent means that it is absent."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, data: object) -> object:
        if not isinstance(data, Mapping):
            return data
        optional = {name for name, field in cls.model_fields.items() if not field.is_required()}
        return {name: value for name, value in data.items() if value is not None or name not in optional}


def _upper(value: object) -> object:
    if not isinstance(value, str):
        return value
    code = value.strip().upper()
    return ALSO_WRITTEN.get(code, code)


def _day(value: object) -> object:
    """Pydantic alone would read 0 as 1 January 1970."""
    if isinstance(value, date) or (isinstance(value, str) and DAY.fullmatch(value)):
        return value
    raise ValueError("a day is written as in 2026-11-20")


DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
Day = Annotated[date, BeforeValidator(_day)]
Code = Annotated[Country, BeforeValidator(_upper)]
Registration = Annotated[str, BeforeValidator(_upper), StringConstraints(pattern=r"^[A-Z]{2}$")]


class PlaceQuery(_Frozen):
    """A postal place, as precise as known."""

    country: Code
    postcode: Annotated[str, StringConstraints(max_length=16)] | None = None
    city: Text | None = None
    subdivision: Text | None = None


class SellerQuery(_Frozen):
    """Who sells (or owns, where goods move without a sale). ``vat_registrations`` are countries of VAT
    numbers, ``oss`` and ``ioss`` say whether those schemes are used, ``registrations`` names other kinds."""

    country: Code
    postcode: Annotated[str, StringConstraints(max_length=16)] | None = None
    establishments: tuple[Code, ...] = ()
    vat_registrations: tuple[Registration, ...] = ()
    registrations: tuple[Annotated[str, StringConstraints(pattern=r"^[a-z_]{2,30}$")], ...] = ()
    oss: bool | Text | None = None
    ioss: bool | Text | None = None
    deemed_supplier: bool = False
    eori: Annotated[str, StringConstraints(max_length=20)] | None = None


class BuyerQuery(_Frozen):
    """Who buys. ``vat_number_checked`` is the day a register confirmed the number."""

    kind: Literal["consumer", "business"]
    vat_number: Annotated[str, StringConstraints(max_length=32)] | None = None
    vat_number_checked: Day | None = None
    country: Code | None = None


class _Movement(_Frozen):
    date: Day
    seller: SellerQuery
    platform: SellerQuery | None = None
    ship_from: PlaceQuery
    ship_to: PlaceQuery
    buyer: BuyerQuery | None = None
    currency: CurrencyCode
    eu_distance_sales_eur: Amount | None = None
    kind: Literal["sale", "own_goods_transfer", "intercompany_supply", "private_gift"] = "sale"

    @model_validator(mode="after")
    def _someone_buys(self) -> _Movement:
        if self.kind == "sale" and self.buyer is None:
            raise ValueError("a sale has a buyer; goods that move without a sale say so in kind")
        return self


class RouteQuery(_Frozen):
    """What is settled about the way across: the rest is chosen among what is lawful."""

    declaration: Text | None = None
    vat: Text | None = None
    incoterm: Literal["DAP", "DDP"] | None = None
    network: Literal["post", "express", "freight"] | None = None
    transport: Literal["road", "air", "mixed"] | None = None


class VatQuery(_Movement):
    """One sale of goods of one VAT category; ``net`` without VAT."""

    category: Text = "standard"
    net: Amount
    incoterm: Literal["DAP", "DDP"] | None = None


class LineQuery(_Frozen):
    """One line: ``net`` for all units together without VAT, weights in grams of one unit, as in an order."""

    id: Identifier | None = None
    description: Text = ""
    hs_code: HsCode | None = None
    origin: Code | None = None
    net: Amount
    quantity: int = Field(default=1, ge=1, le=100_000, strict=True)
    weight_g: int | None = Field(default=None, ge=1, strict=True)
    gross_weight_g: int | None = Field(default=None, ge=1, strict=True)
    category: Text = "standard"
    classes: tuple[Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,40}$")], ...] = ()
    percent_vol: Percent | None = None
    volume_ml: int | None = Field(default=None, ge=1, strict=True)
    preference_statement: bool = False
    manufacturer_id: Text | None = None
    responsible_person_eu: Text | None = None
    un_number: Annotated[str, StringConstraints(pattern=r"^UN\d{4}$")] | None = None


class LandedQuery(_Movement):
    """A consignment whose landed cost is asked. ``date`` is the order's local day; ``paid_on`` the day the
    payment was accepted; ``declared_on`` the day the import declaration is accepted, or its first and last
    possible day."""

    id: Identifier | None = None
    paid_on: Day | None = None
    dispatched_on: Day | None = None
    declared_on: Day | tuple[Day, Day] | None = None
    lines: tuple[LineQuery, ...] = Field(min_length=1, max_length=MAX_LINES)
    freight: Amount = Decimal(0)
    freight_shown_separately: bool = True
    insurance: Amount = Decimal(0)
    parcels: int | None = Field(default=None, ge=1, le=1000, strict=True)
    preference_claimed: bool = False
    at_risk_of_eu: bool | None = None
    excise_registered_in: tuple[Code, ...] = ()
    route: RouteQuery = RouteQuery()

    @model_validator(mode="after")
    def _in_order(self) -> LandedQuery:
        self._dates_in_order()
        self._lines_apart()
        return self

    def _dates_in_order(self) -> None:
        window = self.declared_on if isinstance(self.declared_on, tuple) else (self.declared_on,) * 2
        sent = self.dispatched_on or self.date
        if sent < self.date:
            raise ValueError("dispatched_on lies before date, the day of the order")
        first, last = window
        if first is None or last is None:
            return
        if last < first:
            raise ValueError("declared_on ends before it begins")
        if (last - first).days > MAX_WINDOW:
            raise ValueError(f"declared_on ranges over more than {MAX_WINDOW} days")
        # local days: across the date line the goods may arrive on the day before
        if first < sent - timedelta(days=1):
            raise ValueError("declared_on lies before the goods left (dispatched_on, or else date)")

    def _lines_apart(self) -> None:
        names = [line.id for line in self.lines if line.id]
        if len(set(names)) < len(names):
            raise ValueError("line ids are unique within a consignment")
