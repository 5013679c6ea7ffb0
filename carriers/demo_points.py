"""Invented pickup points for demos and benchmarks: the same every time, no real shop among them.

``python -m carriers.demo_points OUT.csv --count 5000`` writes a file that ``load_points`` reads.
Where and of which network comes from ``demo_point_plan.csv``.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from carriers.limits import Limits, read_limits
from carriers.locate import locate, postcodes_of
from carriers.opening import parse_weekdays
from carriers.points import KINDS, PickupPoint, Points
from carriers.reach import Postcodes, parse_postcodes
from carriers.tables import Row, packaged, read_rows
from domain import Place, Truth

__all__ = ["generate", "main", "write"]

COLUMNS: Final = (
    *("id", "network", "kind", "name", "country", "postcode", "city", "territory"),
    *("latitude", "longitude", "weight_g", "box_mm", "longest_mm", "sum_mm", "girth_mm"),
    *("opening_hours", "services", "demo", "source"),
)
SOURCE: Final = "invented; place from GeoNames centroids, CC BY 4.0"
HOURS: Final = (
    "Mo-Sa 09:00-19:00",
    "Mo-Fr 08:30-18:30; Sa 09:00-12:00",
    "Tu-Su 08:00-20:00",
    "Mo-Su 07:00-22:00",
)
SPREAD: Final = 12
"""Points lie up to this many thousandths of a degree from the centroid."""


def generate(count: int = 1500, seed: int = 1) -> Points:
    """About ``count`` points in the shares of the plan; every plan row has at least one."""
    plan = list(read_rows(packaged() / "demo_point_plan.csv"))
    weights = [row.integer("share") or 0 for row in plan]
    total = sum(weights)
    points: list[PickupPoint] = []
    for number, row in enumerate(plan):
        wanted = max(1, round(count * weights[number] / total))
        points += _row_points(row, number, wanted, seed)
    return Points(points)


def _draw(*parts: object) -> int:
    """A number from a hash: the same on every machine and version, unlike a shared generator."""
    text = "/".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def _row_points(row: Row, number: int, wanted: int, seed: int) -> list[PickupPoint]:
    country, network = row.text("country"), row.text("network")
    kind = row.choice("kind", KINDS)
    codes = _codes(country, parse_postcodes(row.words("postcodes")))
    if not codes:
        raise row.error("postcodes", "no known postcode lies in this area")
    limits = read_limits(row)
    points = []
    for turn in range(wanted):
        code = codes[_draw(seed, number, turn, "code") % len(codes)]
        spot = locate(country, code)
        if spot is None:
            raise row.error("postcodes", f"{code} has no centroid")
        hours = "24/7" if kind == "locker" else HOURS[_draw(seed, number, turn, "hours") % len(HOURS)]
        identifier = f"demo-{network}-{row.text('territory').lower()}-{number:02d}{turn:04d}"
        points.append(
            PickupPoint(
                id=identifier,
                network=network,
                kind=kind,
                name=f"Demo {'locker' if kind == 'locker' else 'shop'} {code} {turn + 1}",
                place=Place(
                    country,
                    code,
                    row.optional("city"),
                    None,
                    row.text("territory"),
                    _moved(spot[0], seed, number, turn, "north"),
                    _moved(spot[1], seed, number, turn, "east"),
                ),
                territory=row.text("territory"),
                limits=limits,
                opening_hours=hours,
                weekdays=parse_weekdays(hours),
                services=frozenset(),
                demo=True,
                source=SOURCE,
            )
        )
    return points


def _codes(country: str, patterns: Postcodes) -> list[str]:
    return [code for code in postcodes_of(country) if patterns.has(code) is Truth.YES]


def _moved(degrees: float, *parts: object) -> float:
    shift = _draw(*parts) % (2 * SPREAD + 1) - SPREAD
    return round(degrees + shift / 1000, 4)


def write(points: Points, path: Path) -> None:
    """Writes the points as CSV."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(_cells(point) for point in points.all)


def _cells(point: PickupPoint) -> list[str]:
    place, limits = point.place, point.limits
    return [
        point.id,
        point.network,
        point.kind,
        point.name,
        place.country,
        place.postcode or "",
        place.city or "",
        point.territory,
        f"{place.latitude:.4f}",
        f"{place.longitude:.4f}",
        *_limit_cells(limits),
        point.opening_hours,
        " ".join(sorted(point.services)),
        "yes",
        point.source,
    ]


def _limit_cells(limits: Limits) -> list[str]:
    box = "x".join(str(side) for side in limits.box_mm) if limits.box_mm is not None else ""
    numbers = (limits.longest_mm, limits.sum_mm, limits.girth_mm)
    plain = ["" if number is None else str(number) for number in (limits.weight_g, *numbers)]
    return [plain[0], box, *plain[1:]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes a file of demo points."""
    parser = argparse.ArgumentParser(prog="python -m carriers.demo_points", description=main.__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    write(generate(options.count, options.seed), options.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
