"""Two questions of logistics asked by themselves: how far it is, and which places would give what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from commands.shared import Json, Jsonl, Lang, language, lines, naming, print_json, question_at, show
from domain import InputError

__all__ = ["add"]

End = Annotated[
    str | None,
    typer.Argument(help="Latitude and longitude (45.75,4.85), or country and postcode (FR-69002)."),
]
_POINT = re.compile(r"\s*([-+]?\d+(?:\.\d+)?)\s*,\s*([-+]?\d+(?:\.\d+)?)\s*")
_POSTAL = re.compile(r"\s*([A-Za-z]{2})-(.+?)\s*")


def add(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(distance)
    app.command()(allocate)


def distance(
    start: End = None, end: End = None, json_: Json = False, jsonl: Jsonl = False, lang: Lang = "en"
) -> None:
    """Metres between two places along the ellipsoid of the earth (WGS 84)."""
    from carriers.distances import answer
    from wording import Wording

    words = Wording(language(lang))
    if jsonl:
        lines(answer)
        return
    body = answer({"from": _place(start, "/from"), "to": _place(end, "/to")})
    if json_:
        print_json(body)
    else:
        print(words.say("label.distance", metres=words.number(f"{body['distance_m']:.0f}")))


def _place(given: str | None, place: str) -> dict[str, object]:
    text = given or ""
    if point := _POINT.fullmatch(text):
        return {"latitude": float(point[1]), "longitude": float(point[2])}
    if postal := _POSTAL.fullmatch(text):
        return {"country": postal[1].upper(), "postcode": postal[2]}
    raise InputError(
        f"{text!r} is no place",
        code="distance.bad_place",
        place=place,
        cure="write 45.75,4.85 or FR-69002, or use --jsonl and standard input",
    )


def allocate(
    query: Annotated[Path | None, typer.Argument(help="Nodes, lines and policy as JSON.")] = None,
    json_: Json = False,
    jsonl: Jsonl = False,
    lang: Lang = "en",
) -> None:
    """What classical order management would take from where: by priority, or from as few places as possible."""
    from fulfilment import answer

    language(lang)
    if jsonl:
        lines(answer)
        return
    found = question_at(query, "question")
    with naming(query or Path()):
        body = answer(found)
    if json_:
        print_json(body)
    else:
        _tell(body, lang)


def _tell(body: Mapping[str, Any], lang: str) -> None:
    from wording import Wording
    from wording.show import leaf
    from wording.tables import columns

    words = Wording(lang)
    table: Any = columns(words, "allocation", "place", "goods", "units", "status")
    for status in ("allocation", "backordered"):
        for node, units in body[status].items():
            for sku, count in units.items():
                cells = (node, sku, words.number(count), words.say(f"allocation.{status}"))
                table.add_row(*(leaf(str(cell)) for cell in cells))
    for sku, count in body["missing"].items():
        table.add_row(leaf("-"), leaf(sku), leaf(words.number(count)), leaf(words.say("allocation.missing")))
    show(table, wide=True)
