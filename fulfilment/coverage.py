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

__all__ = ["Profile", "covers", "group"]

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


def holdings(
    sites: Sequence[Site], skus: Sequence[str], available: Mapping[tuple[str, str], int]
) -> list[tuple[int, ...]]:
    """Units per site and SKU, in the order given; absent means none."""
    get = available.get
    if len(skus) == 1:
        sku = skus[0]
        return [(get((site.id, sku), 0),) for site in sites]
    return [tuple([get((site.id, sku), 0) for sku in skus]) for site in sites]


def covers(space: Space, held: Sequence[tuple[int, ...]]) -> list[int]:
    """For each site the set of bundles it can send; the empty bundle is left out."""
    nothing = space.shape.everything - 1
    memo: dict[tuple[int, ...], int] = {}
    found = []
    for units in held:
        cover = memo.get(units)
        if cover is None:
            cover = nothing
            for sku, number in enumerate(units):
                cover &= space.level(sku, number)
            memo[units] = cover
        found.append(cover)
    return found


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
