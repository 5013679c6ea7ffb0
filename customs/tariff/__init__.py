"""Duty rates: their notation, their tables and what a code may mean.

Importing a published tariff is a door of its own, opened only when asked: ``customs.tariff.importing``.
"""

from customs.tariff.answer import Candidate, NotInTariff, TariffAnswer
from customs.tariff.bands import Band, Banded, Limit, value_edges
from customs.tariff.explain import Component, explain
from customs.tariff.expression import (
    AdValorem,
    Bounded,
    Case,
    Convert,
    Free,
    Missing,
    RateExpression,
    Recipe,
    Specific,
    Sum,
)
from customs.tariff.lookup import Tariff
from customs.tariff.nomenclature import Fault, fault_of
from customs.tariff.parse import parse_rate
from customs.tariff.quantities import assumed, read_quantities
from customs.tariff.snapshot import Manifest, Snapshot, find_snapshots
from customs.tariff.table import TariffLine

__all__ = [
    "AdValorem",
    "Band",
    "Banded",
    "Bounded",
    "Candidate",
    "Case",
    "Component",
    "Convert",
    "Fault",
    "Free",
    "Limit",
    "Manifest",
    "Missing",
    "NotInTariff",
    "RateExpression",
    "Recipe",
    "Snapshot",
    "Specific",
    "Sum",
    "Tariff",
    "TariffAnswer",
    "TariffLine",
    "assumed",
    "explain",
    "fault_of",
    "find_snapshots",
    "parse_rate",
    "read_quantities",
    "value_edges",
]
