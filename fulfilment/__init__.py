"""Stock and locations: availability, sourcing search, preparation and waves.

Imports the domain only. Buffers, priorities, steps and penalties are rules: the
engine hands them in as values.
"""

from fulfilment.search import search
from fulfilment.sourcing import Allocation, Bundle, Demand, Floor, Limits, Plan, Quote, Quoted, Site, Sourcing

__all__ = [
    "Allocation",
    "Bundle",
    "Demand",
    "Floor",
    "Limits",
    "Plan",
    "Quote",
    "Quoted",
    "Site",
    "Sourcing",
    "search",
]
