"""The VAT rates in force, and where a published table differs from ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.shared import Json, Jsonl, Lang, RulesFolder, language, lines, print_json, show
from domain import InputError

if TYPE_CHECKING:
    from customs.rates.published import Comparison
    from engine.rulebook.defs import Named
    from wording import Wording

__all__ = ["add"]

rates_app = typer.Typer(no_args_is_help=True, help="Rates and limits of the law: show, compare.")

Day = Annotated[str | None, typer.Option("--date", help="Day the answer is for (default: today).")]
NONE = "-"


def add(app: typer.Typer) -> None:
    """Add the commands of this module."""
    rates_app.command("show")(rates_show)
    rates_app.command("limits")(rates_limits)
    rates_app.command("drift")(rates_drift)
    app.add_typer(rates_app, name="rates")


def rates_show(
    territory: Annotated[str | None, typer.Option(help="A territory code such as FR or FR-COR.")] = None,
    category: Annotated[str | None, typer.Option(help="A category of goods such as books.")] = None,
    date_: Day = None,
    located_there: Annotated[
        bool | None,
        typer.Option(
            "--located-there/--not-located-there", help="Whether the supply is located in such a region."
        ),
    ] = None,
    json_: Json = False,
    jsonl: Jsonl = False,
    lang: Lang = "en",
) -> None:
    """The rates in force on a day with source, confidence and validity; an unknown one with the reason why.

    Without a category: every rate of the territory. Without a territory: that category everywhere.
    """
    from customs.rates.contract import answer, listing

    language(lang)
    if jsonl:
        lines(answer)
        return
    day = _day(date_)
    if territory is not None and category is not None:
        query = {"territory": territory, "category": category, "date": day.isoformat()}
        bodies = [answer({**query, "located_there": located_there})]
    else:
        bodies = listing(territory, category, day, located_there=located_there)
    if json_:
        print_json(bodies[0] if territory is not None and category is not None else bodies)
    else:
        show(_rates_table(bodies, day, lang), wide=True)


def rates_limits(
    date_: Day = None,
    known: Annotated[
        bool,
        typer.Option("--known", help="The known figures no decision applies instead, each with the reason."),
    ] = False,
    json_: Json = False,
    lang: Lang = "en",
    rules: RulesFolder = None,
) -> None:
    """Every named amount of the law rules on a day: value, validity, act; unconfirmed ones are off."""
    from scenarios.rulebooks import open_rulebook

    language(lang)
    day = _day(date_)
    if known:
        _show_known(day, json_, lang)
        return
    params = open_rulebook(rules).sources.params
    law = [named for _, named in sorted(params.items()) if named.pack == "law"]
    if json_:
        print_json([_limit_body(named, day) for named in law])
    else:
        show(_limits_table(law, day, lang), wide=True)


def _show_known(day: date, json_: bool, lang: str) -> None:
    from commands.rates_known import known_table
    from customs.rates.known import read_known

    figures = read_known()
    if json_:
        print_json([figure.to_json(day) for figure in figures])
    else:
        show(known_table(figures, day, lang), wide=True)


def rates_drift(
    date_: Day = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Show the explained differences too, not only their count.")
    ] = False,
    json_: Json = False,
    lang: Lang = "en",
) -> None:
    """Compare our rates with eu-vat-rates-data; a difference that nobody has explained ends with code 1."""
    from customs.rates import VatRates
    from customs.rates.published import compare, installed, read_reasons

    language(lang)
    found = compare(VatRates.load(), installed(), _day(date_), read_reasons())
    if json_:
        print_json(found.to_json())
    else:
        _tell(found, everything, lang)
    if found.unexplained:
        raise typer.Exit(1)


def _day(given: str | None) -> date:
    if given is None:
        return date.today()  # noqa: DTZ011 - the day where the person sits
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise InputError(
            f"{given!r} is not a date", code="rates.bad_date", place="--date", cure="write it as 2026-11-22"
        ) from None


def _table(lang: str, title: str, *columns: str) -> Any:
    from wording import Wording
    from wording.tables import columns as headed

    return headed(Wording(lang), title, *columns)


def _rates_table(bodies: Iterable[Mapping[str, Any]], day: date, lang: str) -> Any:
    from wording import Wording
    from wording.show import leaf

    words = Wording(lang)
    table = _table(lang, "rates", "territory", "goods", "rate", "valid", "confidence", "source")
    late = False
    for body in bodies:
        late = late or bool(body["rate"] and body["rate"]["after_check"])
        told = _rate_cells(body["rate"], words) if body["rate"] else _why_cells(body["unknown"], words)
        table.add_row(*(leaf(str(cell)) for cell in (body["territory"], body["category"], *told)))
    if late:
        table.caption = words.say("label.rates_after_check", day=day)
    return table


def _rate_cells(rate: Mapping[str, Any], words: Wording) -> list[object]:
    percent = f"{rate['percent']} % {rate['tax']}"
    return [percent, _span(rate), words.name("confidence", rate["confidence"]), rate["source"]]


def _why_cells(unknown: Mapping[str, Any], words: Wording) -> list[object]:
    either = f" ({' / '.join(unknown['candidates'])} %)" if unknown["candidates"] else ""
    why = [words.say(unknown["reason"]), unknown["note"]]
    return [words.say("label.unknown") + either, NONE, NONE, ": ".join(filter(None, why))]


def _span(rate: Mapping[str, Any]) -> str:
    """First and last day; the table's own last day is the one after."""
    until = rate["valid_until"]
    last = date.fromisoformat(until) - timedelta(1) if until else "..."
    return f"{rate['valid_from'] or '...'} – {last}"


UNITS = {"weight": "g", "length": "mm", "volume": "ml", "percent": "%", "days": "days", "minutes": "min"}


def _figure(named: Named, value: object) -> dict[str, str]:
    from domain import Money

    if isinstance(value, Money):
        return value.to_json()
    unit = UNITS.get(named.type.kind)
    return {"amount": str(value), **({"unit": unit} if unit else {})}


def _limit_body(named: Named, day: date) -> dict[str, Any]:
    value = named.at(day)
    return {
        "id": named.id,
        "title": dict(named.title),
        "status": named.status,
        "value": None if value is None or named.status != "on" else _figure(named, value),
        "periods": [
            {
                "from": validity.start.isoformat() if validity.start else None,
                "until": validity.until.isoformat() if validity.until else None,
                "value": _figure(named, held),
            }
            for validity, held in named.values
        ],
        "cite": [
            {
                "act": cite.act,
                "article": cite.article,
                "url": cite.url,
                "checked": cite.checked.isoformat() if cite.checked else None,
                "confidence": cite.confidence,
            }
            for cite in named.cite
        ],
    }


def _limits_table(law: Iterable[Named], day: date, lang: str) -> Any:
    from wording import Wording
    from wording.show import leaf

    words = Wording(lang)
    table = _table(lang, "limits", "field", "title", "value", "valid", "confidence", "source")
    for named in law:
        body = _limit_body(named, day)
        value = body["value"]
        shown = " ".join(value.values()) if value else words.name("limit_status", _why_none(named, day))
        period = next((p for p in body["periods"] if _inside(p, day)), body["periods"][-1])
        valid = _span({"valid_from": period["from"], "valid_until": period["until"]})
        least = [words.name("confidence", cite["confidence"]) for cite in body["cite"]]
        acts = "; ".join(", ".join(filter(None, [c["act"], c["article"]])) for c in body["cite"])
        title = named.title.get(lang, named.id)
        table.add_row(*(leaf(cell) for cell in (named.id, title, shown, valid, ", ".join(least), acts)))
    return table


def _inside(period: Mapping[str, Any], day: date) -> bool:
    return (period["from"] or "") <= day.isoformat() < (period["until"] or "9999")


def _why_none(named: Named, day: date) -> str:
    if named.status != "on":
        return named.status
    starts = [validity.start for validity, _ in named.values]
    return "later" if all(start and day < start for start in starts) else "ended"


def _tell(found: Comparison, everything: bool, lang: str) -> None:
    from customs.rates.published import percent_text
    from wording import Wording
    from wording.show import leaf

    words = Wording(lang)
    published = found.published
    print(
        words.say(
            "title.rates_drift",
            publication=published.name,
            version=published.version,
            as_at=published.as_at,
            countries=found.countries,
            day=found.day,
        )
    )
    shown = found.differences if everything else found.unexplained
    if shown:
        table = _table(lang, "differences", "territory", "goods", "theirs", "ours", "reasons", "source")
        for item in shown:
            why = item.reason.reason if item.reason else words.say("label.unexplained")
            source = item.reason.source if item.reason else ""
            what = words.name("rate_level", item.what)
            sides = (percent_text(item.theirs) or NONE, percent_text(item.ours) or NONE)
            table.add_row(*(leaf(cell) for cell in (item.country, what, *sides, why, source)))
        show(table, wide=True)
    explained = len(found.differences) - len(found.unexplained)
    print(words.say("label.rates_drift_count", explained=explained, unexplained=len(found.unexplained)))
    for reason in found.idle_reasons:
        both = f"{percent_text(reason.theirs) or NONE} / {percent_text(reason.ours) or NONE}"
        print(words.say("label.rates_drift_idle", country=reason.country, sides=both))
