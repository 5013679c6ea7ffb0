"""How goods travel: services, limits, parcels, rates, promises, pickup points. Knows no rules and no law."""

from carriers.calendars import Calendar, Calendars
from carriers.cartons import Carton
from carriers.fit import fits
from carriers.lanes import LaneAnswer
from carriers.limits import Excess, Limits
from carriers.locate import Fix, coordinates, locate, locate_with_level
from carriers.network import Carriers
from carriers.pack import pack
from carriers.points import PickupPoint, Points, distance_m, load_points
from carriers.price import Price, PriceLine, RateCards, cost_minor, price
from carriers.promise import Promise, Step, promise
from carriers.service import Band, Lane, Service
from carriers.zones import Zones, load_zones

__all__ = [
    "Band",
    "Calendar",
    "Calendars",
    "Carriers",
    "Carton",
    "Excess",
    "Fix",
    "Lane",
    "LaneAnswer",
    "Limits",
    "PickupPoint",
    "Points",
    "Price",
    "PriceLine",
    "Promise",
    "RateCards",
    "Service",
    "Step",
    "Zones",
    "coordinates",
    "cost_minor",
    "distance_m",
    "fits",
    "load_points",
    "load_zones",
    "locate",
    "locate_with_level",
    "pack",
    "price",
    "promise",
]
