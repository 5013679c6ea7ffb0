"""What the law makes of a place, a sale, a consignment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from commands.shared import (
    Json,
    Jsonl,
    Lang,
    RulesFolder,
    language,
    lines,
    naming,
    opened,
    print_json,
    question_at,
    show,
)

__all__ = ["add"]

RateFile = Annotated[
    Path | None,
    typer.Option("--rates", help="Exchange rates: our CSV, or the ECB's eurofxref CSV or XML."),
]


def add(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(territory)
    app.command()(vat)
    app.command("landed-cost")(landed_cost)


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


def _world(rules: Path | None, rates: Path | None) -> Any:
    from scenarios.rate_files import with_rates

    world, _ = opened(rules, None)
    return world if rates is None else with_rates(world, rates)


def _answered(
    answer: Callable[[Mapping[str, Any], Any], Mapping[str, Any]],
    path: Path | None,
    what: str,
    jsonl: bool,
    rules: Path | None,
    rates: Path | None,
) -> Mapping[str, Any] | None:
    """The answer to the question in a file; None where standard input was answered line by line."""
    world = _world(rules, rates)
    if jsonl:
        lines(lambda query: answer(query, world))
        return None
    query = question_at(path, what)
    with naming(path or Path()):
        return answer(query, world)


def vat(
    sale: Annotated[Path | None, typer.Argument(help="A sale as JSON (docs/law.md).")] = None,
    json_: Json = False,
    jsonl: Jsonl = False,
    lang: Lang = "en",
    rules: RulesFolder = None,
    rates: RateFile = None,
) -> None:
    """The VAT treatment of a sale: scheme, rate, both sides of the border, and the rules behind it."""
    from scenarios.law import vat as answer
    from wording import vat_tree

    language(lang)
    body = _answered(answer, sale, "sale", jsonl, rules, rates)
    if body is not None:
        print_json(body) if json_ else show(vat_tree(body, lang))


def landed_cost(
    consignment: Annotated[Path | None, typer.Argument(help="A consignment as JSON (docs/law.md).")] = None,
    json_: Json = False,
    jsonl: Jsonl = False,
    lang: Lang = "en",
    rules: RulesFolder = None,
    rates: RateFile = None,
) -> None:
    """Duty, tax and charges of a consignment, by line and total, each step with formula, rate and source."""
    from scenarios.law import landed_cost as answer
    from wording import landed_tree

    language(lang)
    body = _answered(answer, consignment, "consignment", jsonl, rules, rates)
    if body is not None:
        print_json(body) if json_ else show(landed_tree(body, lang))
