"""Duty at a rate, and the tariff tables: import, status, show."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from commands.shared import Json, Jsonl, Retailer, RulesFolder, lines, opened, print_json, show
from domain import InputError

__all__ = ["add"]

SnapshotFolder = Annotated[
    Path | None, typer.Option("--tariff", help="Folder of imported tariffs (default: the shipped lines).")
]
Day = Annotated[str | None, typer.Option("--date", help="Day the answer is for (default: today).")]

tariff_app = typer.Typer(no_args_is_help=True, help="Import, inspect and query customs tariffs.")


def add(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(duty)
    tariff_app.command("import")(tariff_import)
    tariff_app.command("status")(tariff_status)
    tariff_app.command("show")(tariff_show)
    app.add_typer(tariff_app, name="tariff")


def _today() -> date:
    return date.today()  # noqa: DTZ011 - the day where the person sits


def _day(text: str | None, option: str) -> date:
    try:
        return date.fromisoformat(text) if text else _today()
    except ValueError:
        raise InputError(
            f"--{option} cannot be {text!r}", code="option.bad_date", cure="write it as 2026-11-22"
        ) from None


def _world(rules: Path | None, retailer: Path | None, tariff: Path | None) -> Any:
    world, _ = opened(rules, retailer)
    if tariff is None:
        return world
    from customs.tariff import Tariff

    return replace(world, tariff=Tariff.load(snapshot=tariff))


def duty(
    goods: Annotated[str | None, typer.Option(help="Price of the goods, as a decimal.")] = None,
    currency: Annotated[str | None, typer.Option(help="ISO 4217 code.")] = None,
    jurisdiction: Annotated[str | None, typer.Option(help="EU, UK, or a country.")] = None,
    rate: Annotated[str | None, typer.Option(help='A rate as tariffs write it: "12%".')] = None,
    hs_code: Annotated[str | None, typer.Option("--code", help="Or a code of the tariff table.")] = None,
    origin: Annotated[str | None, typer.Option(help="Country of origin, for a code.")] = None,
    freight: Annotated[str, typer.Option()] = "0",
    insurance: Annotated[str, typer.Option()] = "0",
    quantity: Annotated[
        list[str] | None, typer.Option(help="kg=250, pieces=12, hl=0.75 (may be repeated).")
    ] = None,
    vat_rate: Annotated[str | None, typer.Option(help="Per cent of import VAT.")] = None,
    fee: Annotated[list[str] | None, typer.Option(help="An amount in the VAT base.")] = None,
    date_: Day = None,
    json_: Json = False,
    jsonl: Jsonl = False,
    rules: RulesFolder = None,
    retailer: Retailer = None,
    tariff: SnapshotFolder = None,
) -> None:
    """Duty and import VAT of goods at a rate in the tariffs' own notation, step by step."""
    from scenarios.duty import duty as answer

    if jsonl:
        world, today = _world(rules, retailer, tariff), _today()
        lines(lambda query: answer(query, world, today))
        return
    query: dict[str, object] = {
        "goods": goods,
        "currency": currency,
        "jurisdiction": jurisdiction,
        "rate": rate,
        "hs_code": hs_code,
        "origin": origin,
        "freight": freight,
        "insurance": insurance,
        "quantities": dict(_pair(text) for text in quantity or ()),
        "vat_rate": vat_rate,
        "fees": fee or [],
        "date": _day(date_, "date").isoformat(),
    }
    given = {name: value for name, value in query.items() if value is not None}
    body = answer(given, _world(rules, retailer, tariff))
    if json_:
        print_json(body)
    else:
        _print_duty(body)


def _pair(text: str) -> tuple[str, str]:
    name, sign, amount = text.partition("=")
    if not sign:
        raise InputError(
            f"--quantity cannot be {text!r}", code="option.bad_quantity", cure="write it as kg=250"
        )
    return name, amount


def _print_duty(body: Mapping[str, Any]) -> None:
    from rich.table import Table

    table = Table("step", "how", "base", "rate", "amount", "rounding")
    for step in body["steps"]:
        cells = (step[name] for name in ("step", "formula", "base", "rate", "amount", "rounding"))
        table.add_row(*("" if cell is None else str(cell) for cell in cells))
    show(table, wide=True)
    for name in ("customs_value", "duty", "vat_base", "vat", "total"):
        ends = body.get("between", {}).get(name)
        print(f"{name}: {' to '.join(ends) if ends else body[name] or 'cannot determine'}")
    for gap in body.get("cannot_determine", ()):
        print(f"cannot determine {gap['what']}: {gap['reason']} (needs {', '.join(gap['needs'])})")


def tariff_import(
    path: Annotated[Path, typer.Argument(help="The published file, or a folder of them.")],
    source: Annotated[str, typer.Option("--from", help="uk, taric or us.")],
    into: Annotated[Path, typer.Option(help="Folder of snapshots.")],
    as_at: Annotated[str, typer.Option(help="Day the tariff was published for.")],
    refused_limit: Annotated[
        str | None, typer.Option(help="Per cent of duties that may be unreadable (default 5).")
    ] = None,
    json_: Json = False,
) -> None:
    """Import a published tariff as a dated snapshot: all of it or nothing."""
    from decimal import Decimal, InvalidOperation

    from customs.tariff.importing import REFUSED_LIMIT, import_tariff

    try:
        limit = REFUSED_LIMIT if refused_limit is None else Decimal(refused_limit)
        if not 0 <= limit <= 100:
            raise InvalidOperation
    except InvalidOperation:
        raise InputError(
            f"--refused-limit cannot be {refused_limit!r}",
            code="option.bad_limit",
            cure="give a percentage from 0 to 100",
        ) from None
    published, today = _day(as_at, "as-at"), _today()
    manifest = _with_rows(
        lambda tick: import_tariff(
            source, path, into, as_at=published, today=today, refused_limit=limit, tick=tick
        )
    )
    if json_:
        print_json(manifest.to_json())
        return
    folder = into / f"{manifest.jurisdiction.lower()}-{manifest.as_at}"
    print(f"{manifest.title} as at {manifest.as_at}: {manifest.kept} lines in {folder}")
    print(
        f"{manifest.rows_read} rows read, {sum(manifest.skipped.values())} no duty, {manifest.refused} refused"
    )
    if manifest.refused:
        print(f"see {folder / 'refused.csv'}")


def _with_rows(work: Callable[[Callable[[int], None] | None], Any]) -> Any:
    """Shows the rows read so far, on a terminal only."""
    if not sys.stderr.isatty():
        return work(None)
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed:,} rows"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)
        return work(lambda rows: bar.update(task, completed=rows))


def tariff_status(tariff: SnapshotFolder = None, json_: Json = False) -> None:
    """Which tariff lines there are, from which source, as at which day; snapshots are verified."""
    from scenarios.tariff_view import status

    body = status(tariff)
    if json_:
        print_json(body)
        return
    from rich.table import Table

    table = Table("tariff", "from", "lines", "without rate", "as at")
    for row in body["packaged"]:
        days = f"{row['oldest_as_at'] or 'unknown'} to {row['newest_as_at'] or 'unknown'}"
        table.add_row(row["jurisdiction"], "shipped slice", str(row["lines"]), str(row["without_rate"]), days)
    for row in body["snapshots"]:
        kept, refused = row["rows"]["kept"], row["rows"]["refused"]
        table.add_row(row["jurisdiction"], row["title"], str(kept), str(refused), row["as_at"])
    show(table)


def tariff_show(
    code: Annotated[str, typer.Argument(help="A commodity code, 4 to 10 digits.")],
    jurisdiction: Annotated[str, typer.Option(help="EU, UK, CH, NO or US.")],
    origin: Annotated[str | None, typer.Option(help="Country of origin.")] = None,
    date_: Day = None,
    claim: Annotated[
        list[str] | None, typer.Option(help="Claim a measure instead of the general rate: preference.")
    ] = None,
    tariff: SnapshotFolder = None,
    json_: Json = False,
) -> None:
    """Every line a code may be, each measure on it with source and day, and what would settle it."""
    from scenarios.tariff_view import show_code

    body = show_code(code, jurisdiction, origin, _day(date_, "date"), tariff, frozenset(claim or ()))
    if json_:
        print_json(body)
        return
    if "reason" in body:
        print(f"{code} in {body['jurisdiction']} on {body['date']}: {body['reason']}")
        for name in ("needs", "codes"):
            if body[name]:
                print(f"{name}: {', '.join(body[name])}")
        for name in ("known_from", "known_until"):
            if body[name]:
                print(f"{name}: {body[name]}")
        return
    from rich.table import Table

    table = Table("line", "measure", "rate", "applies", "as at", "source")
    for candidate in body["candidates"]:
        for kind in ("measures", "instead", "unverified"):
            for line in candidate[kind]:
                applies = kind if kind != "measures" else line["applies"]
                cells = (candidate["hs_code"], line["measure"], line["rate"] or "not known", applies)
                table.add_row(*cells, line["as_at"] or "", line["source"])
    show(table, wide=True)
    print(f"duty: {' or '.join(body['duty']) or 'cannot determine'}")
    if body["needs"]:
        print(f"needs: {', '.join(body['needs'])}")
