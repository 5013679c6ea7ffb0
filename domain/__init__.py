"""Values that more than one room shares. Knows nothing of rules, carriers or law."""

from domain.errors import InputError, PassavantError, UnknownReference, WorldError
from domain.goods import Battery, Product
from domain.money import Money, minor_digits
from domain.network import Entity, Location, Registration
from domain.order import (
    Address,
    Buyer,
    CustomsHints,
    DeliveryWish,
    Discount,
    Freight,
    Order,
    OrderLine,
    Touchpoint,
)
from domain.parcel import PackItem, Parcel
from domain.partial import NOT_APPLICABLE, Choice, Interval, NotApplicable, Partial, Prefix, Truth
from domain.place import Place
from domain.reason import Reason

__all__ = [
    "NOT_APPLICABLE",
    "Address",
    "Battery",
    "Buyer",
    "Choice",
    "CustomsHints",
    "DeliveryWish",
    "Discount",
    "Entity",
    "Freight",
    "InputError",
    "Interval",
    "Location",
    "Money",
    "NotApplicable",
    "Order",
    "OrderLine",
    "PackItem",
    "Parcel",
    "Partial",
    "PassavantError",
    "Place",
    "Prefix",
    "Product",
    "Reason",
    "Registration",
    "Touchpoint",
    "Truth",
    "UnknownReference",
    "WorldError",
    "minor_digits",
]
