"""Stock and locations: availability, sourcing search, preparation and waves.

Imports the domain only. Buffers, priorities, steps and penalties are rules: the
engine hands them in as values.
"""

from fulfilment.allocate import Node, Outcome, allocate, answer
from fulfilment.preparation import IsClosed, Planned, Preparation, Step, prepare
from fulfilment.reservations import Granted, Request, Reserved, release, reserve, ship
from fulfilment.search import search
from fulfilment.sourcing import Allocation, Bundle, Demand, Floor, Limits, Plan, Quote, Quoted, Site, Sourcing
from fulfilment.stock import Stock, StockView
from fulfilment.waves import Pick, Task, Wave, WaveLimits, plan_waves

__all__ = [
    "Allocation",
    "Bundle",
    "Demand",
    "Floor",
    "Granted",
    "IsClosed",
    "Limits",
    "Node",
    "Outcome",
    "Pick",
    "Plan",
    "Planned",
    "Preparation",
    "Quote",
    "Quoted",
    "Request",
    "Reserved",
    "Site",
    "Sourcing",
    "Step",
    "Stock",
    "StockView",
    "Task",
    "Wave",
    "WaveLimits",
    "allocate",
    "answer",
    "plan_waves",
    "prepare",
    "release",
    "reserve",
    "search",
    "ship",
]
