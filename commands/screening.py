"""Denied parties: screen a name, check a list, clear a hit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from commands.shared import (
    Json,
    Jsonl,
    Lang,
    Retailer,
    RulesFolder,
    language,
    lines,
    print_json,
    show,
)

__all__ = ["add"]

screening_app = typer.Typer(no_args_is_help=True, help="Lists of denied parties, and hits that were cleared.")

Format = Annotated[
    str, typer.Option("--format", help="Format of the lists: auto, opensanctions, eu, uk, un or ofac.")
]
Today = Annotated[str | None, typer.Option("--date", help="Day the answer is for (default: today).")]
SHOWN = 20


def add(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(screen)
    screening_app.command("check")(check)
    screening_app.command("clear")(clear)
    app.add_typer(screening_app, name="screening")


def screen(
    name: Annotated[str | None, typer.Argument(help="The name to look for.")] = None,
    country: Annotated[str | None, typer.Option(help="ISO 3166-1 code.")] = None,
    birth_year: Annotated[int | None, typer.Option(help="Year of birth.")] = None,
    kind: Annotated[str | None, typer.Option(help="person, entity, vessel or aircraft.")] = None,
    list_: Annotated[
        list[Path] | None, typer.Option("--list", help="A published list (may be repeated).")
    ] = None,
    form: Format = "auto",
    date_: Today = None,
    json_: Json = False,
    jsonl: Jsonl = False,
    lang: Lang = "en",
    rules: RulesFolder = None,
    retailer: Retailer = None,
) -> None:
    """Screen a name against denied-party lists: clear, possible or hit, and why."""
    from scenarios.screening import screen_with

    language(lang)
    answer = screen_with(rules, retailer, list_ or (), form, _day(date_))
    if jsonl:
        lines(answer)
        return
    query = {"name": name, "country": country, "birth_year": birth_year, "kind": kind}
    body = answer(query)
    if json_:
        print_json(body)
    else:
        show(_matches(body, lang), wide=True)


def check(
    files: Annotated[list[Path], typer.Argument(help="Published lists; OFAC's further tables stand beside.")],
    form: Format = "auto",
    json_: Json = False,
    lang: Lang = "en",
) -> None:
    """Read lists and name every row that cannot be used. Exit code 1 where there is one."""
    from scenarios.screening import checked

    language(lang)
    found = checked(files, form)
    if json_:
        print_json({"lists": found})
    else:
        show(_lists(found, lang), wide=True)
        for each in found:
            for key in ("broken", "notes"):
                _flaws(each, key, lang)
    if any(each["broken"] for each in found):
        raise typer.Exit(1)


def clear(
    name: Annotated[str, typer.Argument(help="The name as the order gives it.")],
    list_: Annotated[str, typer.Option("--list", help="Id of the list, as the match shows it.")],
    entry: Annotated[str, typer.Option(help="Id of the listed party.")],
    by: Annotated[str, typer.Option(help="Who looked.")],
    reason: Annotated[str, typer.Option(help="Why this is somebody else.")],
    retailer: Annotated[Path, typer.Option("--retailer", help="Folder of the retailer's data.")],
    date_: Today = None,
    json_: Json = False,
    lang: Lang = "en",
) -> None:
    """Remember that a hit is somebody else, as long as the list stays as it is."""
    from scenarios.screening import clear as remember
    from wording import Wording

    language(lang)
    body = remember(retailer, name, list_, entry, by, reason, _day(date_))
    if json_:
        print_json(body)
    else:
        print(
            Wording(lang).say("screening.cleared_written", **{k: v for k, v in body.items() if k != "name"})
        )


def _day(text: str | None) -> date:
    from domain import InputError

    if text is None:
        return date.today()  # noqa: DTZ011 - the day where the person sits
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(
            f"{text!r} is not a date", code="screening.bad_date", cure='write it as "2026-11-22"'
        ) from None


# -- for people -------------------------------------------------------------------------------------


def _matches(body: Mapping[str, Any], lang: str) -> Any:
    from wording import Wording
    from wording.tables import columns

    words = Wording(lang)
    table = columns(words, "screening", "status", "score", "listed_name", "list", "entry", "reason")
    for match in body["matches"]:
        reason = words.say(f"screening.{match['reason']}")
        if cleared := match.get("cleared"):
            reason = words.say("screening.cleared_by", **cleared)
        table.add_row(
            words.say(f"screening.{match['status']}"),
            words.number(str(match["score"])),
            match["name"]
            if match["strength"] == "strong"
            else words.say("screening.weak", name=match["name"]),
            f"{match['list']} {match['list_version']}",
            match["id"],
            reason,
        )
    status, why = words.say(f"screening.{body['status']}"), words.say(f"screening.{body['because']}")
    table.caption = words.pair(status, why)
    table.caption_justify = "left"
    return table


def _lists(found: Sequence[Mapping[str, Any]], lang: str) -> Any:
    from wording import Wording
    from wording.tables import columns

    table = columns(
        Wording(lang), "screening_lists", "list", "format", "version", "parties", "names", "broken", "notes"
    )
    for each in found:
        counts = (each["parties"], each["names"], len(each["broken"]), len(each["notes"]))
        table.add_row(each["list"], each["format"], each["version"], *map(str, counts))
    return table


def _flaws(each: Mapping[str, Any], key: str, lang: str) -> None:
    from customs.screening import Flaw
    from wording import Wording

    words = Wording(lang)
    for flaw in each[key][:SHOWN]:
        print(words.pair(words.say(f"column.{key}"), Flaw(**flaw)))
    if len(each[key]) > SHOWN:
        print(words.say("screening.more", count=len(each[key]) - SHOWN))
