"""Fiscal territories: where tax and customs borders run, and on which side an address lies."""

from customs.territories.contract import answer
from customs.territories.model import Area, Finding, Territory
from customs.territories.resolve import Territories

__all__ = ["Area", "Finding", "Territories", "Territory", "answer"]
