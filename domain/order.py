"""The order as it comes in: read and validated once, at the edge, then frozen.

Amounts are decimal strings in ``currency``; instants carry an offset; weights
are grams, lengths millimetres. Unknown fields are refused.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

__all__ = [
    "Address",
    "Buyer",
    "CustomsHints",
    "DeliveryWish",
    "Discount",
    "Freight",
    "Order",
    "OrderLine",
    "Party",
    "Touchpoint",
]

MAX_LINES = 500


def _decimal_text(value: object) -> object:
    """Amounts arrive as decimal strings; a JSON float has already lost its exactness."""
    if isinstance(value, bool | float):
        raise ValueError('amounts are decimal strings such as "12.50", not JSON numbers with a fraction')
    return value


def _instant_text(value: object) -> object:
    """Instants arrive as ISO 8601 text; a bare number could be seconds or milliseconds."""
    if isinstance(value, bool | int | float):
        raise ValueError('instants are ISO 8601 text with an offset, such as "2026-11-20T10:00:00+01:00"')
    return value


Amount = Annotated[
    Decimal, BeforeValidator(_decimal_text), Field(ge=0, max_digits=15, decimal_places=4, allow_inf_nan=False)
]
Instant = Annotated[AwareDatetime, BeforeValidator(_instant_text)]
Identifier = Annotated[
    str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]*$")
]
Text = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Percent = Annotated[Decimal, BeforeValidator(_decimal_text), Field(ge=0, le=100, allow_inf_nan=False)]
HsCode = Annotated[str, StringConstraints(pattern=r"^\d{4}(\d{2}){0,3}$")]
Mode = Literal["home", "parcel_shop", "locker", "shop", "two_person"]
Speed = Literal["standard", "express", "same_day"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Address(_Frozen):
    """A postal address. Coordinates are WGS 84 degrees and optional."""

    country: Country
    postcode: Annotated[str, StringConstraints(max_length=16)] | None = None
    city: Text | None = None
    subdivision: Text | None = None
    lines: tuple[Text, ...] = Field(default=(), max_length=6)
    latitude: float | None = Field(default=None, ge=-90, le=90, allow_inf_nan=False)
    longitude: float | None = Field(default=None, ge=-180, le=180, allow_inf_nan=False)


class Buyer(_Frozen):
    """Who buys. ``vat_number_checked`` is when VIES (or its like) confirmed the number."""

    kind: Literal["consumer", "business"] = "consumer"
    name: Text | None = None
    country: Country | None = None
    vat_number: Annotated[str, StringConstraints(max_length=32)] | None = None
    vat_number_checked: Instant | None = None
    eori: Annotated[str, StringConstraints(max_length=20)] | None = None
    email: Text | None = None
    phone: Text | None = None
    age: int | None = Field(default=None, ge=0, le=130)
    screening: Literal["clear", "hit"] | None = None


class Party(_Frozen):
    """Somebody other than the buyer whom the goods or the money pass through; screened like the buyer.

    ``country`` where it is known; ``kind`` where it is told (a name alone may be anybody's).
    """

    role: Literal["consignee", "payer", "collector", "notify"]
    name: Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
    country: Country | None = None
    kind: Literal["person", "entity"] | None = None


class Discount(_Frozen):
    """An order discount, apportioned over the lines by value (or by quantity)."""

    amount: Amount
    apportion: Literal["by_value", "by_quantity"] = "by_value"


class Freight(_Frozen):
    """What the buyer pays for delivery. Not shown separately, it is part of the goods' price."""

    amount: Amount
    shown_separately: bool = True
    tax_included: bool = True


class DeliveryWish(_Frozen):
    """What the buyer chose or asked for; everything absent is free for the engine to choose.

    ``collect_abroad_as`` says what goods brought to a shop in another country are until the buyer
    collects them there: the retailer's own, sold on the spot, or sold already.
    """

    mode: Mode | None = None
    speed: Speed | None = None
    service: Identifier | None = None
    pickup_point: Identifier | None = None
    collect_at: Identifier | None = None
    by: date | None = None
    collect_abroad_as: Literal["transfer", "distance_sale"] | None = None
    offer_id: Annotated[str, StringConstraints(max_length=2000)] | None = None
    accepts_split: bool = True
    accepts_partial: bool = False


class CustomsHints(_Frozen):
    """What is already known of the customs side; dates are local days. ``at_risk_of_eu``: goods from Great
    Britain to a business in Northern Ireland that may go on into the Union."""

    declared_on: date | None = None
    incoterm: Literal["DAP", "DDP"] | None = None
    preference_claimed: bool | None = None
    at_risk_of_eu: bool | None = None
    excise_registered_in: tuple[Country, ...] = ()


class Touchpoint(_Frozen):
    """One contact of the customer with the order: omnichannel history, never a decision input."""

    at: Instant
    channel: Literal["web", "app", "phone", "shop", "tablet", "marketplace"]
    place: Identifier | None = None
    what: Text = ""


Attributes = Annotated[dict[Identifier, Text], Field(max_length=40)]


class OrderLine(_Frozen):
    """One line. Goods facts left out come from the product catalog; a value here wins over it.

    ``unit_price`` is as sold (``tax_included`` says how; ``tax_rate`` percent is
    the rate inside it, which net is derived from). ``discount`` is for the whole
    line. ``gift`` marks a free gift: price 0, goods value from ``customs_value``.
    """

    id: Identifier
    sku: Identifier
    quantity: int = Field(ge=1, le=100_000, strict=True)
    unit_price: Amount | None = None
    tax_included: bool = True
    tax_rate: Percent | None = None
    discount: Amount = Decimal(0)
    gift: bool = False
    customs_value: Amount | None = None
    seller: Identifier | None = None
    hs_code: HsCode | None = None
    origin: Country | None = None
    weight_g: int | None = Field(default=None, ge=1, le=2_000_000, strict=True)
    attributes: Attributes = {}


class Order(_Frozen):
    """An order to be decided: consumer, business or shop replenishment."""

    id: Identifier
    kind: Literal["consumer", "business", "replenishment"] = "consumer"
    channel: Literal["web", "app", "phone", "shop", "tablet", "marketplace", "edi"] = "web"
    comment: Annotated[str, StringConstraints(max_length=4000)] | None = None
    placed_at: Instant
    payment_accepted_at: Instant | None = None
    currency: CurrencyCode
    seller: Identifier | None = None
    buyer: Buyer = Buyer()
    parties: tuple[Party, ...] = Field(default=(), max_length=10)
    ship_to: Address | None = None
    to_location: Identifier | None = None
    delivery: DeliveryWish = DeliveryWish()
    lines: tuple[OrderLine, ...] = Field(min_length=1, max_length=MAX_LINES)
    discount: Discount | None = None
    freight: Freight | None = None
    customs: CustomsHints = CustomsHints()
    history: tuple[Touchpoint, ...] = Field(default=(), max_length=200)
    attributes: Attributes = {}

    @model_validator(mode="after")
    def _coherent(self) -> Order:
        seen: set[str] = set()
        for line in self.lines:
            if line.id in seen:
                raise ValueError(f"line id {line.id!r} is used twice; line ids are unique within an order")
            seen.add(line.id)
            if line.unit_price is not None and line.discount > line.unit_price * line.quantity:
                raise ValueError(f"line {line.id!r} has a discount above its price")
        if self.kind == "replenishment":
            if self.to_location is None:
                raise ValueError("a replenishment names the shop it goes to in to_location")
        elif self.ship_to is None and self.delivery.collect_at is None:
            raise ValueError("an order needs ship_to, or delivery.collect_at for click and collect")
        if self.payment_accepted_at is not None and self.payment_accepted_at < self.placed_at:
            raise ValueError("payment_accepted_at lies before placed_at")
        return self

    @property
    def paid_at(self) -> datetime | None:
        """The chargeable event for point-of-sale VAT schemes, where known."""
        return self.payment_accepted_at
