"""The cost of every bundle sent as one consignment, from its best profile and site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from domain import InputError
from fulfilment.bundles import Space
from fulfilment.coverage import Profile
from fulfilment.sourcing import Limits, Quote, Quoted, Site

__all__ = ["NEVER", "Costs", "Option"]

NEVER = 1 << 60
"""More than any plan costs: the bundle cannot be sent."""


_FIRST_THREE = itemgetter(0, 1, 2)


@dataclass(frozen=True, slots=True)
class Option:
    """A bundle from a site of a profile. ``cost``: quote, site and one penalty."""

    cost: int
    profile: int
    site: Site
    quoted: Quoted


@dataclass(slots=True)
class Costs:
    """Table of bundle costs, filled by asking quotes; the penalty counts in every consignment.

    ``best[b]`` is the cheapest cost of bundle ``b`` (``best[0]`` is 0), ``at[b]`` the
    site it leaves from.
    """

    space: Space
    profiles: Sequence[Profile]
    limits: Limits
    quote: Quote
    best: list[int] = field(init=False)
    at: list[str] = field(init=False)
    quotes: list[dict[int, Quoted]] = field(init=False)
    asked: int = 0
    _options: dict[int, tuple[Option, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        size = self.space.shape.size
        self.best = [NEVER] * size
        self.best[0] = 0
        self.at = [""] * size
        self.quotes = [{} for _ in self.profiles]

    def ask(self, profile: int, bundle: int, site: Site) -> None:
        """Quote a bundle from the profile, whose cheapest site for it is ``site``."""
        self.asked += 1
        quoted = self.quote(self.profiles[profile].key, self.space.bundles[bundle])
        if quoted is None:
            return
        cost = quoted.cost
        if cost < self.limits.quote_floor:
            raise self._below_floor(profile, bundle, cost)
        self.quotes[profile][bundle] = quoted
        self._options.pop(bundle, None)
        cost += site.cost + self.limits.consignment_penalty
        if cost < self.best[bundle]:
            self.best[bundle] = cost
            self.at[bundle] = site.id

    def ask_all(self, profile: int, bundles: int, below: int) -> None:
        """Quote a set of bundles from the profile where they may cost less than ``below``: the hot loop."""
        penalty = self.limits.consignment_penalty
        floor = self.limits.quote_floor
        key = self.profiles[profile].key
        best, at, lines, quote = self.best, self.at, self.space.bundles, self.quote
        known = self.quotes[profile]
        members = self.space.shape.members
        for bits, site in self.profiles[profile].tiers[0]:
            extra = site.cost + penalty
            if extra + floor >= below:
                continue
            name = site.id
            listed = members(bits & bundles)
            self.asked += len(listed)
            for bundle in listed:
                quoted = quote(key, lines[bundle])
                if quoted is None:
                    continue
                cost = quoted.cost
                if cost < floor:
                    raise self._below_floor(profile, bundle, cost)
                known[bundle] = quoted
                cost += extra
                if cost < best[bundle]:
                    best[bundle] = cost
                    at[bundle] = name

    def options(self, bundle: int) -> tuple[Option, ...]:
        """The cheapest ways to send the bundle, each from another site: as many as a plan needs."""
        found = self._options.get(bundle)
        if found is None:
            penalty = self.limits.consignment_penalty
            depth = self.limits.max_consignments
            listed: list[tuple[int, int, int, Site, Quoted]] = []
            for index, known in enumerate(self.quotes):
                quoted = known.get(bundle)
                if quoted is None:
                    continue
                for tier in range(depth):
                    site = self.profiles[index].site(bundle, tier)
                    if site is None:
                        break
                    listed.append((quoted.cost + site.cost + penalty, index, tier, site, quoted))
            listed.sort(key=_FIRST_THREE)
            found = tuple([Option(c, index, site, quoted) for c, index, _, site, quoted in listed[:depth]])
            self._options[bundle] = found
        return found

    def elsewhere(self, bundle: int, site: str, also: str = "") -> tuple[int, str]:
        """The cheapest cost of the bundle from any site but that one, or those two, and its site."""
        for option in self.options(bundle):
            if option.site.id not in (site, also):
                return option.cost, option.site.id
        return NEVER, ""

    def _below_floor(self, profile: int, bundle: int, cost: int) -> InputError:
        return InputError(
            f"a quote of {cost} for {self.space.bundles[bundle]} from profile"
            f" {self.profiles[profile].key!r} is below the floor {self.limits.quote_floor}",
            code="sourcing.quote_below_floor",
            cure="lower Limits.quote_floor to what no quote can be below",
        )
