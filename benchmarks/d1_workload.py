"""D1's world and orders: the demo retailer with 5,000 pickup points and about 500 rules, drawn by seed.

What is added lies in a folder of its own: the files of the two retailer decisions
that are asked for every option, with made-up rules after the real ones.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from carriers.demo_points import generate, write
from carriers.locate import postcodes_of
from engine.supply import Supply
from engine.world import World, load_world
from scenarios.house import folder, settle_memory

__all__ = ["POINTS", "RULES", "build", "orders"]

POINTS = 5_000
RULES = 500
# Where orders go, in shares of a European retailer: much at home, some over each kind of border.
COUNTRIES = (*["FR"] * 8, *["DE"] * 4, *["CH"] * 3, *["BE", "ES", "IT", "GB"] * 2, "NL", "AT", "NO", "US")
ABROAD = {"US": ("10001", "New York", "NY"), "NO": ("0150", "Oslo", None)}
CLASSES = ("weee", "textile", "food", "fragile", "electronics", "clothing", "bulky", "cosmetics")


def build(place: Path, points: int = POINTS, rules: int = RULES, seed: int = 1) -> tuple[World, Supply]:
    """The world in an empty folder ``place``: the demo retailer, more points, and rules up to ``rules``."""
    retailer, overlay = place / "retailer", place / "rules"
    shutil.copytree(folder("examples") / "retailer", retailer)
    write(generate(points, seed), retailer / "points.csv")
    plain = load_world(retailer, folder("rules"))
    missing = max(0, rules - len(plain.rulebook.rules))
    services = [service.id for service in plain.carriers.services]
    rng = random.Random(seed)
    for file, wanted in (
        ("delivery/preference.yaml", missing - missing // 2),
        ("delivery/forbidden.yaml", missing // 2),
    ):
        text = (folder("rules") / file).read_text(encoding="utf-8").rstrip("\n")
        kind = "preference" if "preference" in file else "forbidden"
        added = "\n".join(_rule(kind, number, services, rng) for number in range(wanted))
        (overlay / file).parent.mkdir(parents=True, exist_ok=True)
        (overlay / file).write_text(f"{text}\n{added}\n", encoding="utf-8")
    world = load_world(retailer, folder("rules"), overlay)
    settle_memory()  # as a serving process does
    return world, Supply.of(world.retailer.stock, world.retailer.entities)


def _rule(kind: str, number: int, services: list[str], rng: random.Random) -> str:
    """One rule as an officer would write it: a service, an area, a size, sometimes a class of goods."""
    low = rng.randrange(1, 20)
    when = [
        f"service.id: one of [{', '.join(sorted(rng.sample(services, 4)))}]",
        f"arrival.country: one of [{', '.join(sorted(rng.sample(sorted(set(COUNTRIES)), 3)))}]",
        f"option.heaviest_parcel: between {low} kg and {low + rng.randrange(2, 12)} kg",
        f"consignment.units: at most {rng.randrange(2, 9)}",
    ]
    if number % 3 == 0:
        when.append(f"any line: {{goods.classes: contains any {rng.choice(CLASSES)}}}")
    if kind == "forbidden":
        when.append("order.mode_wish: is not applicable")
    then = (
        "forbidden" if kind == "forbidden" else f"{rng.choice(('', '-'))}{rng.randrange(1, 9) / 10:.2f} EUR"
    )
    lines = [f"      {part}" for part in when]
    return "\n".join(
        [
            f"  - id: bench-{kind}-{number}",
            f"    title: {{en: Benchmark {kind} {number}, fr: Banc d'essai {kind} {number}}}",
            "    reason: made up for the benchmark",
            "    when:",
            *lines,
            f"    then: {then}",
        ]
    )


def orders(world: World, count: int, seed: int = 1) -> list[str]:
    """Orders of three lines as JSON text, to real postcodes; what nobody may sell together is left in."""
    rng = random.Random(seed)
    skus = sorted(
        name
        for name, product in world.retailer.products.items()
        if product.list_price is not None and product.list_price[1] == "EUR"
    )
    codes = {country: postcodes_of(country) for country in sorted(set(COUNTRIES)) if country not in ABROAD}
    return [json.dumps(_order(number, skus, codes, rng)) for number in range(count)]


def _order(
    number: int, skus: list[str], codes: Mapping[str, Sequence[str]], rng: random.Random
) -> dict[str, object]:
    country = rng.choice(COUNTRIES)
    postcode, city, part = ABROAD.get(country) or (rng.choice(codes[country]), None, None)
    day, hour = rng.randrange(2, 28), rng.randrange(7, 20)
    lines = [
        {"id": str(place + 1), "sku": sku, "quantity": rng.choice((1, 1, 1, 2))}
        for place, sku in enumerate(rng.sample(skus, 3))
    ]
    return {
        "id": f"bench-{number}",
        "placed_at": f"2026-11-{day:02d}T{hour:02d}:{rng.randrange(60):02d}:00+01:00",
        "currency": "EUR",
        "seller": "maison-fr",
        "buyer": {"kind": "consumer", "name": f"Buyer {number}", "age": 40},
        "ship_to": {"country": country, "postcode": postcode, "city": city, "subdivision": part},
        "lines": lines,
    }
