"""Shortcut 1, the demo matrix in Python: the rooms hold no country, territory or legal amount."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pycountry
import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("carriers", "customs", "fulfilment")

# A code that may stand in Python, each with the reason why no officer would ever want to change it.
CODES_WITH_A_REASON = {
    ("customs/territories/model.py", "EU"): "the flags eu_customs, eu_vat and eu_excise are named after it",
    **{
        (
            "customs/numbers/eori.py",
            code,
        ): "a prefix that customs write instead of the ISO code, and what it is"
        for code in ("EL", "GR", "UK", "GB", "XI")
    },
    ("customs/numbers/eori.py", "IM"): "how every number of the import one-stop shop begins",
    ("customs/rates/published.py", "VAT"): "the tax, not the Vatican",
    ("engine/facts/consignment.py", "XI"): "Northern Ireland counts apart from Great Britain for goods",
    ("engine/vocabulary.py", "XI"): "user-assigned code that ISO 3166 does not list",
    ("engine/vocabulary.py", "XK"): "user-assigned code that ISO 3166 does not list",
}

# A number that is also a legal amount somewhere, each with what it counts here.
NUMBERS_WITH_A_REASON = {
    ("carriers/demo_points.py", "1000"): "metres of a kilometre",
    ("carriers/network.py", "1000"): "kilobytes of a file",
    ("carriers/points.py", "1000"): "metres of a kilometre",
    ("carriers/rates.py", "1000"): "grams of a kilogram",
    ("carriers/surcharges.py", "1000"): "grams of a kilogram",
    ("carriers/calendars.py", "250"): "days, the longest a calendar is searched",
    ("carriers/demo_points.py", "1500"): "how many demo points are drawn",
    ("carriers/calendars.py", "20000"): "entries of a cache",
    ("carriers/lanes.py", "50000"): "entries of a cache",
    ("carriers/network.py", "20000"): "entries of a cache",
    ("carriers/points.py", "20000"): "entries of a cache",
    ("carriers/zones.py", "20000"): "entries of a cache",
    ("customs/numbers/vies.py", "200"): "a status of HTTP",
    ("customs/rates/fx.py", "20000"): "entries of a cache",
    ("customs/screening/contract.py", "1800"): "the earliest year of birth asked about",
    ("customs/screening/index.py", "20000"): "entries of a cache",
    ("engine/retailer_products.py", "20000"): "millimetres of a side",
    ("fulfilment/allocate.py", "20000"): "sets of a search",
    ("carriers/points.py", "60000"): "metres of a search",
    ("carriers/price.py", "50000"): "entries of a cache",
    ("customs/numbers/transport.py", "1000000"): "bytes of a reply",
    ("customs/screening/contract.py", "500"): "letters of a name",
    ("fulfilment/sourcing.py", "200000"): "steps of a search",
    ("engine/border_lines.py", "100000"): "millilitres of a hectolitre",
    ("engine/retailer_products.py", "100000"): "years, the greatest age of a find",
    ("engine/retailer_products.py", "1000000"): "the largest sensible count, no amount",
    ("engine/sourcing.py", "1000"): "metres of a kilometre",
    ("fulfilment/digits.py", "1000000"): "a bound of a count, no amount",
}


FLOATS_WITH_A_REASON = {
    "retailer_locations.py": "degrees of a place",
    "grammar.py": "likeness of a misspelt word",
    "problems.py": "likeness of a misspelt word",
    "retailer_mistakes.py": "likeness of a misspelt word",
}


def _texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def _place_codes() -> frozenset[str]:
    territories = (ROOT / "customs" / "data" / "territories.csv").read_text(encoding="utf-8")
    own = {row["code"] for row in csv.DictReader(territories.splitlines())}
    iso = {code for country in pycountry.countries for code in (country.alpha_2, country.alpha_3)}
    return frozenset(iso | own | {"EU", "UK", "EL", "XK", "XI"})


def countries_in(source: str) -> list[tuple[int, str]]:
    """Line and text of each literal that is a country or territory code, or a list or beginning of such."""
    codes = _place_codes()
    return [
        (line, text)
        for line, text in _texts(ast.parse(source))
        if (words := [word for word in re.split(r"[\s,;|/]+", text) if word])
        and all(word.rstrip("-") in codes for word in words)
    ]


def legal_amounts() -> frozenset[Decimal]:
    """Every amount above a hundred units that the rule files of the law state, also in minor units.

    A hundred itself is a percentage wherever it stands in Python.
    """
    found = set()
    for pack in ("customs", "vat", "compliance"):
        for path in sorted((ROOT / "rules" / pack).glob("*.yaml")):
            for amount in re.findall(r"\b(\d+(?:\.\d+)?) [A-Z]{3}\b", path.read_text(encoding="utf-8")):
                if Decimal(amount) > 100:
                    found |= {Decimal(amount), Decimal(amount) * 100}
    return frozenset(found)


def numbers_in(source: str) -> list[tuple[int, Decimal]]:
    """Line and value of each number, also of one written as the text of a Decimal or of Money."""
    found = []
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            found.append((node.lineno, Decimal(str(node.value))))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            texts = [
                each.value
                for each in node.args
                if isinstance(each, ast.Constant) and isinstance(each.value, str)
            ]
            if name in ("Decimal", "of", "Money", "rounded"):
                found += [
                    (node.lineno, Decimal(text)) for text in texts if re.fullmatch(r"\d+(\.\d+)?", text)
                ]
    return found


def _sources(*rooms: str, least: int = 40) -> list[Path]:
    found = [path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]
    assert len(found) > least
    return found


def test_no_room_and_no_engine_file_names_a_country_or_territory() -> None:
    said = {
        (path.relative_to(ROOT).as_posix(), text)
        for path in _sources(*ROOMS, "engine")
        for _, text in countries_in(path.read_text(encoding="utf-8"))
    }
    assert said - set(CODES_WITH_A_REASON) == set()
    assert set(CODES_WITH_A_REASON) - said == set(), "a needless reason"


def test_no_room_and_no_engine_file_holds_an_amount_that_the_rules_hold() -> None:
    amounts = legal_amounts()
    assert {Decimal(150), Decimal(135), Decimal(3000), Decimal(1000), Decimal(10000)} <= amounts
    said = set()
    for path in _sources(*ROOMS, "engine"):
        if "rulebook" in path.parts:  # knows no fact names, so no amount there can be one of law
            continue
        for line, number in numbers_in(path.read_text(encoding="utf-8")):
            if number in amounts:
                said.add((path.relative_to(ROOT).as_posix(), format(number, "f"), line))
    assert {item for item in said if item[:2] not in NUMBERS_WITH_A_REASON} == set()
    assert set(NUMBERS_WITH_A_REASON) - {item[:2] for item in said} == set(), (
        "a reason that nothing needs any more"
    )


def test_no_amount_of_money_is_a_float() -> None:
    """Duty and tax arithmetic, prices and costs: no float literal and no call of float()."""
    rooms = (*_sources("customs/landed", "customs/tariff", "customs/rates", "engine", least=20),)
    rooms += tuple(ROOT / "carriers" / name for name in ("price.py", "rates.py", "surcharges.py"))
    rooms += tuple(ROOT / "fulfilment" / name for name in ("costs.py", "search.py", "sourcing.py"))
    floats = []
    for path in rooms:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
            called = (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
            )
            if (literal or called) and path.name not in FLOATS_WITH_A_REASON:
                floats.append(f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}")
    assert floats == []


@pytest.mark.parametrize(
    "seeded",
    [
        'if arrival == "CH": pass',
        'EEA = ("NO", "IS")',
        'x.startswith("ES-")',
        'AREAS = "FR, DE, BE".split(", ")',
        'f"{a}" == "FR-COR"',
    ],
)
def test_a_country_put_into_a_room_is_found(seeded: str) -> None:
    assert countries_in(seeded) != []


@pytest.mark.parametrize(
    "seeded", ["value <= 150", 'value > Decimal("135")', 'Money.of("3000", "EUR")', "minor > 15000"]
)
def test_a_threshold_put_into_a_room_is_found(seeded: str) -> None:
    assert {number for _, number in numbers_in(seeded)} & legal_amounts()
