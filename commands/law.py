"""What the law makes of a place, a sale, a consignment."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from commands.shared import (
    Json,
    Jsonl,
    Lang,
    language,
    lines,
    print_json,
    show,
)

__all__ = ["add"]


def add(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(territory)


def territory(
    country: Annotated[str | None, typer.Option(help="ISO 3166-1 code.")] = None,
    postcode: Annotated[str | None, typer.Option()] = None,
    city: Annotated[str | None, typer.Option()] = None,
    subdivision: Annotated[str | None, typer.Option(help="ISO 3166-2 code or name.")] = None,
    date_: Annotated[
        str | None, typer.Option("--date", help="Day the answer is for (default: today).")
    ] = None,
    json_: Json = False,
    jsonl: Jsonl = False,
    lang: Lang = "en",
) -> None:
    """The fiscal territory of an address: customs, VAT and excise side, and how it was found."""
    from customs.territories import answer

    language(lang)
    if jsonl:
        lines(answer)
        return
    query = {
        "country": country,
        "postcode": postcode,
        "city": city,
        "subdivision": subdivision,
        "date": date_ or date.today().isoformat(),  # noqa: DTZ011 - the day where the person sits
    }
    body = answer(query)
    if json_:
        print_json(body)
    else:
        from wording import territory_table

        show(territory_table(body, lang))
