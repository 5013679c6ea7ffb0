"""Duty rates: their notation, their tables and what a code may mean."""

from customs.tariff.expression import (
    AdValorem,
    Bounded,
    Convert,
    Free,
    Missing,
    RateExpression,
    Recipe,
    Specific,
    Sum,
)
from customs.tariff.lookup import Candidate, NotInTariff, Tariff, TariffAnswer
from customs.tariff.parse import parse_rate
from customs.tariff.table import TariffLine

__all__ = [
    "AdValorem",
    "Bounded",
    "Candidate",
    "Convert",
    "Free",
    "Missing",
    "NotInTariff",
    "RateExpression",
    "Recipe",
    "Specific",
    "Sum",
    "Tariff",
    "TariffAnswer",
    "TariffLine",
    "parse_rate",
]
