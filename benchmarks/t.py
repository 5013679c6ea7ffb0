"""T: from an address to its fiscal territory, beside a list of regular expressions for each country.

The peer is how tax libraries do it: a dictionary of countries, each with a list of patterns,
tried in order. It knows the same postcodes, no dates, no city, and gives no reason. Both must
name the same territory for every address before anything is timed.
"""

from __future__ import annotations

import gc
import random
import re
from collections.abc import Callable, Sequence
from datetime import date
from time import perf_counter_ns

from benchmarks.figures import percentile, table, told
from customs.territories import Finding, Territories
from customs.territories.load import load_world
from customs.territories.names import load_names
from customs.territories.postcodes import Form, form_of, load_postcodes
from customs.territories.tables import rows

__all__ = ["Naive", "draw_addresses", "run"]

ADDRESSES, RECURRING, AIM = 20_000, 1_000, 5.0
DAY = date(2026, 11, 22)
SPECIAL = 0.15
"""The share of addresses that lie in a special territory."""
COUNTRIES = {
    "AT": 4,
    "BE": 4,
    "CH": 4,
    "DE": 5,
    "DK": 4,
    "ES": 5,
    "FI": 5,
    "FR": 5,
    "IT": 5,
    "NO": 4,
    "SE": 5,
    "US": 5,
}
"""Countries of the workload and the digits of their postcodes."""

Address = tuple[str, str, str]


def _decisive() -> list[tuple[str, str, str]]:
    """(country, pattern, territory) of today's rows that decide by the postcode alone."""
    return [
        (row["country"], row["postcode"], row["territories"])
        for row in rows("territory_postcodes.csv")
        if row["country"] in {*COUNTRIES, "GB"}
        and "|" not in row["territories"]
        and (row["valid_from"] or "0") <= DAY.isoformat() < (row["valid_until"] or "9")
    ]


def draw_addresses(count: int, seed: int = 1) -> list[Address]:
    """Distinct addresses (country, postcode, city) that the postcode decides; the same for the same seed."""
    rng = random.Random(seed)
    special, territories = _decisive(), Territories.load()
    cities = [row["name"] for row in rows("territory_names.csv") if row["use"] in ("city", "both")]
    found: dict[Address, None] = {}
    while len(found) < count:
        if rng.random() < SPECIAL:
            country, pattern, _ = rng.choice(special)
            code = re.sub("#", lambda _: str(rng.randint(0, 9)), pattern).replace(
                "*", f"{rng.randint(1, 9)} {rng.randint(1, 9)}AB"
            )
        else:
            country = rng.choice(list(COUNTRIES))
            code = "".join(str(rng.randint(0, 9)) for _ in range(COUNTRIES[country]))
            code = code if rng.random() < 0.7 else f"{code[:3]} {code[3:]}"
        city = rng.choice(cities) if rng.random() < 0.5 else f"Town {rng.randint(1, 9_999)}"
        if form_of(country).fits(code.replace(" ", "").upper()) and _decided(
            territories, (country, code, city)
        ):
            found[country, code, city] = None
    return list(found)


def _decided(territories: Territories, address: Address) -> bool:
    """Whether the postcode decides by itself: with the city and without it the same."""
    country, code, city = address
    with_city = territories.resolve(country, code, city, day=DAY)
    return (
        with_city.territory is not None
        and "postcode" in with_city.basis
        and "city and" not in with_city.basis
    )


class Naive:
    """The peer: patterns of each country in order, the longest first, then the country itself."""

    def __init__(self) -> None:
        known: dict[str, list[tuple[str, str]]] = {}
        for country, pattern, territory in _decisive():
            known.setdefault(country, []).append((pattern, territory))
        self._patterns = {
            country: [
                (re.compile(pattern.replace("#", r"\d").replace("*", r"[0-9A-Z]+")), territory)
                for pattern, territory in sorted(each, key=lambda pair: -len(pair[0].rstrip("#*")))
            ]
            for country, each in known.items()
        }
        self._forms: dict[str, Form] = {country: form_of(country) for country in (*COUNTRIES, "GB")}

    def territory(self, country: str, postcode: str) -> str | None:
        """The code of the territory, None for a postcode the country cannot have."""
        code = postcode.replace(" ", "").replace("-", "").upper()
        for pattern, territory in self._patterns.get(country, ()):
            if pattern.fullmatch(code):
                return territory
        return country if self._forms[country].fits(code) else None


def _fresh() -> Territories:
    """Territories that remember nothing yet, over tables already read."""
    return Territories(load_world(), load_postcodes(), load_names())


def compare(addresses: Sequence[Address]) -> None:
    """Both must name the same territory for every address."""
    ours, naive = _fresh(), Naive()
    for country, code, city in addresses:
        found = ours.resolve(country, code, city, day=DAY).territory
        assert found is not None
        assert found.code == naive.territory(country, code), (country, code, city)


def run(count: int = ADDRESSES, recurring: int = RECURRING) -> str:
    """The table, as Markdown."""
    addresses = draw_addresses(count)
    compare(addresses)
    naive = Naive()

    def resolver(ours: Territories) -> Callable[[Address], Finding]:
        return lambda address: ours.resolve(*address, day=DAY)

    ours = resolver(_fresh())
    for country in COUNTRIES:
        ours((country, "1" * COUNTRIES[country], ""))  # the country's tables are made ready once a day
    fresh = _times(ours, addresses)
    few = addresses[:recurring]
    known = resolver(_fresh())
    _times(known, few)
    again = [each for _ in range(max(1, count // recurring)) for each in _times(known, few)]
    peer = _times(lambda address: naive.territory(address[0], address[1]), addresses)
    base = percentile(fresh, 50)
    rows_ = [
        _row(f"an address never seen before (aim {AIM:.0f})", fresh, base),
        _row(f"one of {recurring:,} that recur", again, base),
        _row("patterns by country: no city, date or reason", peer, base),
    ]
    share = sum(ours(each).candidates[0] != each[0] for each in addresses) * 100 // len(addresses)
    return (
        f"{len(addresses):,} distinct addresses of {len(COUNTRIES) + 1} countries, {share} % of them in a "
        f"special territory.\n\n{table(('us per address', 'p50', 'p99', 'mean', 'x new'), rows_)}"
    )


def _times(resolve: Callable[[Address], object], addresses: Sequence[Address]) -> list[int]:
    gc.collect()  # what earlier contenders left behind is not this one's to clear away
    times = []
    for address in addresses:
        begun = perf_counter_ns()
        resolve(address)
        times.append(perf_counter_ns() - begun)
    return times


def _row(name: str, times: Sequence[int], base: float) -> tuple[str, ...]:
    middle, mean = percentile(times, 50), sum(times) / len(times)
    figures = (middle, percentile(times, 99), mean)
    return (name, *(told(value / 1000) for value in figures), told(middle / base))
