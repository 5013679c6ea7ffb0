"""What the sourcing search is asked and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, Protocol

__all__ = ["Allocation", "Bundle", "Demand", "Floor", "Limits", "Plan", "Quote", "Quoted", "Site", "Sourcing"]

Bundle = tuple[tuple[str, int], ...]
"""(line id, units), sorted by line id: what one consignment carries."""


@dataclass(frozen=True, slots=True)
class Demand:
    """One order line that wants stock. Not ``splittable``: all its units leave from one location.

    ``floor``: minor units that each unit adds at least to any quote (the least tax it can
    bear, say). Every quote costs at least ``Limits.quote_floor`` and the floors of its
    units; the closer that is, the fewer quotes are asked and the smaller a gap is.
    """

    line: str
    sku: str
    quantity: int
    splittable: bool = True
    floor: int = 0


@dataclass(frozen=True, slots=True)
class Site:
    """A location as the search sees it.

    ``profile``: every site of a profile gets the same quote for the same goods.
    ``cost``: minor units of the objective for handling a consignment there.
    ``rank``: breaks ties inside a profile, smaller first; ranks are comparable.
    """

    id: str
    profile: Hashable
    cost: int = 0
    rank: tuple[Any, ...] = ()


class Quoted(Protocol):
    """The best option for one consignment; ``cost`` in minor units of the objective."""

    @property
    def cost(self) -> int:
        """Minor units, never below ``Limits.quote_floor``."""
        ...


Quote = Callable[[Hashable, Bundle], Quoted | None]
"""Price of a consignment of these lines from that profile, None where it cannot be served."""

Floor = Callable[[Hashable, Bundle], int]
"""A cheap amount that the quote of the same arguments is never below."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How far the search may go, and what splitting costs.

    ``consignment_penalty``: minor units for each consignment after the first.
    ``unserved_penalty``: minor units for each unit left unserved, where ``allow_partial``.
    ``division`` of one line over several locations: ``never``; ``forced``, where no
    single location holds it; ``free``, also where it is cheaper.
    ``budget``: the most quotes asked, the most pairs of bundles tabled, the most divisions tried.
    ``quote_floor``: no quote costs less, apart from the floors of its units; bounds rest on it.
    ``alternatives``: how many further plans are wanted beside the best.
    """

    max_consignments: int = 3
    consignment_penalty: int = 0
    allow_partial: bool = False
    unserved_penalty: int = 10**9
    budget: int = 200_000
    division: Literal["never", "forced", "free"] = "free"
    quote_floor: int = 0
    alternatives: int = 5


@dataclass(frozen=True, slots=True)
class Allocation:
    """One consignment of a plan: what leaves from where, and its quote."""

    site: str
    lines: Bundle
    quoted: Quoted
    site_cost: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A way to serve the order. ``cost`` is quotes, site costs and penalties together."""

    allocations: tuple[Allocation, ...]
    cost: int
    unserved: Bundle = ()


@dataclass(frozen=True, slots=True)
class Sourcing:
    """Plans best first. No plan costs less than ``lower_bound``.

    ``gap`` is (cost - lower bound) / cost of the best plan, 0 when ``exact``.
    Only the first plan is proven; the others are the best found that use other
    profiles or another number of consignments. ``quoted`` counts quotes asked.
    """

    plans: tuple[Plan, ...]
    lower_bound: int
    gap: Decimal
    exact: bool
    quoted: int

    @property
    def best(self) -> Plan | None:
        """The plan to follow, None where the order cannot be served."""
        return self.plans[0] if self.plans else None
