"""Which sites can send which bundles.

Sites of one profile get the same quote, so for a bundle only the cheapest of
them matter. A plan has at most K consignments, each from another site: the
K cheapest sites of a profile are enough for any bundle, because the other
consignments block at most K - 1 of them. Tier 0 holds the cheapest site of each
bundle, tier 1 the next, and so on; a site that appears in no tier is dominated
K times over. This is the only dominance used: between profiles there is none,
since duty is neither sub- nor superadditive.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from fulfilment.bundles import Space
from fulfilment.sourcing import Site

__all__ = ["Holdings", "Profile", "covers", "group"]

Tier = list[tuple[int, Site]]


@dataclass(slots=True)
class Profile:
    """The useful sites of one profile. ``tiers[j]`` lists (set of bundles, their j-th best site)."""

    key: Hashable
    tiers: tuple[Tier, ...]
    covered: int

    def site(self, bundle: int, tier: int) -> Site | None:
        """The site that is the ``tier``-th choice for the bundle, if there are so many."""
        for bits, site in self.tiers[tier]:
            if bits >> bundle & 1:
                return site
        return None


class Holdings:
    """What the sites hold of the SKUs wanted. ``keys[n]`` tells sites apart only as far as that matters.

    A key is a mixed-radix number with a place per SKU: units held, at most the units wanted.
    """

    __slots__ = ("_available", "_sites", "keys", "skus", "wanted")

    def __init__(
        self, sites: Sequence[Site], wanted: Mapping[str, int], available: Mapping[tuple[str, str], int]
    ) -> None:
        self.skus = tuple(wanted)
        self.wanted = tuple(wanted.values())
        self._sites = sites
        self._available = available
        places: dict[str, tuple[int, int]] = {}
        stride = 1
        for sku, units in wanted.items():
            places[sku] = (units, stride)
            stride *= units + 1
        if len(available) < 2 * len(sites) * len(places):
            self.keys = self._by_record(places)
        else:
            self.keys = self._by_site(places)

    def _by_record(self, places: Mapping[str, tuple[int, int]]) -> list[int]:
        keys = {site.id: 0 for site in self._sites}
        for (site, sku), held in self._available.items():
            place = places.get(sku)
            if held > 0 and place is not None and site in keys:
                units, stride = place
                keys[site] += stride * (min(units, held))
        return list(keys.values())

    def _by_site(self, places: Mapping[str, tuple[int, int]]) -> list[int]:
        get = self._available.get
        listed = [(sku, units, stride) for sku, (units, stride) in places.items()]
        keys = []
        for site in self._sites:
            name = site.id
            key = 0
            for sku, units, stride in listed:
                held = get((name, sku), 0)
                if held > 0:
                    key += stride * (min(units, held))
            keys.append(key)
        return keys

    def column(self, sku: str) -> list[int]:
        """Units of the SKU at every site, never negative."""
        get = self._available.get
        return [max(get((site.id, sku), 0), 0) for site in self._sites]


def covers(space: Space, holdings: Holdings) -> list[int]:
    """For each site the set of bundles it can send; the empty bundle is left out."""
    memo: dict[int, int] = {0: 0}
    found = []
    for key in holdings.keys:
        cover = memo.get(key)
        if cover is None:
            cover = memo[key] = _cover(space, holdings.wanted, key)
        found.append(cover)
    return found


def _cover(space: Space, wanted: Sequence[int], key: int) -> int:
    cover = space.shape.everything - 1
    for sku, units in enumerate(wanted):
        key, held = divmod(key, units + 1)
        if held < units:
            cover &= space.level(sku, held)
    return cover


def group(sites: Sequence[Site], cover: Sequence[int], depth: int) -> list[Profile]:
    """Profiles with their tiers, in the order of their best site by (rank, id).

    The order of the profiles does not depend on the order or hash of the input.
    """
    grouped: dict[Hashable, list[tuple[Site, int]]] = {}
    for site, bits in zip(sites, cover, strict=True):
        if bits:
            members = grouped.get(site.profile)
            if members is None:
                grouped[site.profile] = [(site, bits)]
            else:
                members.append((site, bits))
    profiles = []
    for key, listed in grouped.items():
        if len(listed) == 1:
            site, bits = listed[0]
            tiers: tuple[Tier, ...] = ([(bits, site)], *[[] for _ in range(depth - 1)])
            profiles.append(((site.rank, site.id), Profile(key, tiers, bits)))
        else:
            first = min((site.rank, site.id) for site, _ in listed)
            profiles.append((first, _tiered(key, listed, depth)))
    profiles.sort(key=lambda pair: pair[0])
    return [profile for _, profile in profiles]


def _by_cost(pair: tuple[Site, int]) -> tuple[int, tuple[object, ...], str]:
    site = pair[0]
    return site.cost, site.rank, site.id


def _tiered(key: Hashable, listed: list[tuple[Site, int]], depth: int) -> Profile:
    listed.sort(key=_by_cost)
    filled = [0] * depth
    tiers: tuple[Tier, ...] = tuple([] for _ in range(depth))
    for site, cover in listed:
        bits = cover
        for tier in range(depth):
            before = filled[tier]
            new = bits & ~before
            if new:
                tiers[tier].append((new, site))
                filled[tier] = before | new
                bits &= before
                if not bits:
                    break
    return Profile(key, tiers, filled[0])
