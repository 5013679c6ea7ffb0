"""The best division of a bundle into consignments from different sites.

First a table of the cheapest cost of every rest in one, two ... consignments,
then a depth-first search that uses it as a bound. The table of one consignment
is exact, the table of two also (a pair from the same site is resolved with the
next best site); from three on it may count a site twice, which makes it a lower
bound. The search settles three exactly too before it goes down: quotes with
thresholds make many divisions look cheap that would use one site twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import nsmallest

from fulfilment.costs import NEVER, Costs, Option

__all__ = ["Chosen", "Division"]

Chosen = tuple[tuple[int, Option], ...]
"""(bundle, how it is sent), the largest bundle number first."""


@dataclass(slots=True)
class Division:
    """Divides rests over at most ``depth`` consignments, from one table of costs.

    ``steps`` counts divisions looked at; beyond the budget the search stops looking and
    ``exhausted`` says so. Up to three consignments that needs no more than the bundles
    have pairs; from four on thresholds can make it happen.
    """

    costs: Costs
    depth: int
    steps: int = 0
    _tables: list[dict[int, int]] = field(init=False)
    _avoiding: dict[str, tuple[list[int], list[str], list[int]]] = field(default_factory=dict)
    _pairs: dict[tuple[int, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._tables = [{} for _ in range(self.depth + 1)]

    @property
    def exhausted(self) -> bool:
        """Whether something better may have been left out."""
        return self.steps > self.costs.limits.budget

    def bound(self, rest: int, parts: int) -> int:
        """An amount that ``rest`` in at most ``parts`` consignments is never below."""
        if parts <= 1 or rest == 0:
            return self.costs.best[rest] if parts or rest == 0 else NEVER
        table = self._tables[parts]
        found = table.get(rest)
        if found is None:
            found = self._pair(rest) if parts == 2 else self._relaxed(rest, parts)
            table[rest] = found
        return found

    def _pair(self, rest: int, avoided: str = "") -> int:
        """The cheapest cost of ``rest`` from at most two sites, neither of them the avoided one."""
        best, at, second = self._without(avoided)
        subs = self.costs.space.shape.subs(rest)
        lowest = NEVER
        for part, other in zip(subs[: (len(subs) + 1) // 2], reversed(subs), strict=False):
            cost = best[part] + best[other]
            if cost < lowest:
                if at[part] == at[other]:
                    one, two = second[part], second[other]
                    if one < 0:
                        one = second[part] = self.costs.elsewhere(part, at[part], avoided)[0]
                    if two < 0:
                        two = second[other] = self.costs.elsewhere(other, at[part], avoided)[0]
                    cost = min(best[part] + two, one + best[other])
                    if cost >= lowest:
                        continue
                lowest = cost
        return lowest

    def _without(self, avoided: str) -> tuple[list[int], list[str], list[int]]:
        """Costs and sites of all bundles as they would be without a site, and second costs (-1: unknown)."""
        found = self._avoiding.get(avoided)
        if found is None:
            costs = self.costs
            best, at = costs.best, costs.at
            if avoided:
                best, at = list(best), list(at)
                for bundle, site in enumerate(costs.at):
                    if site == avoided:
                        best[bundle], at[bundle] = costs.elsewhere(bundle, avoided)
            found = self._avoiding[avoided] = (best, at, [-1] * len(best))
        return found

    def three(self, part: int, other: int, below: int) -> int:
        """The cheapest cost of ``part`` from one site and ``other`` from two more, where under ``below``."""
        lowest = NEVER
        for option in self.costs.options(part):
            if option.cost + self.bound(other, 2) < min(lowest, below):
                key = (other, option.site.id)
                if key not in self._pairs:
                    self._pairs[key] = self._pair(*key)
                lowest = min(lowest, option.cost + self._pairs[key])
        return lowest

    def _relaxed(self, rest: int, parts: int) -> int:
        best = self.costs.best
        leading = self.costs.space.shape.leading(rest)
        return min([best[s] + self.bound(rest - s, parts - 1) for s in leading])

    def solve(self, rest: int, below: int) -> tuple[int, Chosen] | None:
        """Cost and consignments of the cheapest division of ``rest`` under ``below``, if there is one.

        Of divisions that cost the same, one with fewer consignments wins.
        """
        search = _Descent(self, below)
        for parts in range(1, self.depth + 1):
            if self.bound(rest, parts) < search.below:
                search.enter(rest, parts, rest, 0, ())
        return None if search.chosen is None else (search.below, search.chosen)

    def ranked(self, rest: int, wanted: int) -> list[tuple[int, tuple[int, ...]]]:
        """(cost if sites differ, bundles) of the cheapest divisions in two, and in three as far as known."""
        if self.depth < 2 or rest == 0:
            return []
        best = self.costs.best
        pairs = self._tables[2]
        found: list[tuple[int, int, int]] = []
        for part in self.costs.space.shape.leading(rest)[:-1]:
            other = rest - part
            cost = best[part]
            if cost < NEVER:
                if best[other] < NEVER:
                    found.append((cost + best[other], part, 2))
                if self.depth > 2 and pairs.get(other, NEVER) < best[other]:
                    found.append((cost + pairs[other], part, 3))
        return [
            (cost, (part, rest - part) if parts == 2 else (part, *self._halves(rest - part)))
            for cost, part, parts in nsmallest(wanted, found)
        ]

    def _halves(self, rest: int) -> tuple[int, int]:
        best = self.costs.best
        subs = self.costs.space.shape.subs(rest)
        _, part = min([(best[s] + best[rest - s], s) for s in subs[1:-1]])
        return rest - part, part

    def assign(self, bundles: tuple[int, ...], below: int) -> tuple[int, Chosen] | None:
        """The cheapest way to send exactly these bundles from different sites, under ``below``."""
        options = [self.costs.options(bundle) for bundle in bundles]
        if not all(options):
            return None
        firsts = tuple([listed[0] for listed in options])
        if len({option.site.id for option in firsts}) == len(firsts):
            cost = sum(option.cost for option in firsts)
            return (cost, tuple(zip(bundles, firsts, strict=True))) if cost < below else None
        lowest, chosen = below, None
        stack: list[tuple[int, tuple[Option, ...]]] = [(0, ())]
        while stack:
            cost, taken = stack.pop()
            if len(taken) == len(options):
                if cost < lowest:
                    lowest, chosen = cost, taken
                continue
            used = {option.site.id for option in taken}
            stack += [
                (cost + option.cost, (*taken, option))
                for option in reversed(options[len(taken)])
                if option.site.id not in used and cost + option.cost < lowest
            ]
        return None if chosen is None else (lowest, tuple(zip(bundles, chosen, strict=True)))


@dataclass(slots=True)
class _Descent:
    """Depth-first search over divisions, the largest bundle first so that none comes twice."""

    division: Division
    below: int
    chosen: Chosen | None = None

    def enter(self, rest: int, parts: int, largest: int, spent: int, taken: tuple[int, ...]) -> None:
        self.division.steps += 1
        if self.division.exhausted:
            return
        if rest == 0:
            found = self.division.assign(taken, self.below)
            if found is not None:
                self.below, self.chosen = found
            return
        best = self.division.costs.best
        if parts == 1:
            if rest <= largest and spent + best[rest] < self.below:
                self.enter(0, 0, rest, spent + best[rest], (*taken, rest))
            return
        bound, three = self.division.bound, self.division.three
        steps = []
        for part in self.division.costs.space.shape.leading(rest):
            if part > largest:
                break
            cost = spent + best[part]
            if cost < self.below:
                total = cost + bound(rest - part, parts - 1)
                if total < self.below:
                    steps.append((total, part != rest, part, cost))
        steps.sort()
        for total, _, part, cost in steps:
            if total >= self.below:
                break
            if (
                parts == 3
                and part != rest
                and spent + three(part, rest - part, self.below - spent) >= self.below
            ):
                continue
            self.enter(rest - part, parts - 1, part, cost, (*taken, part))
