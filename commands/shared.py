"""What every command shares: option types, reading, printing."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from domain import InputError, PassavantError

__all__ = [
    "Json",
    "Jsonl",
    "Lang",
    "OrderFile",
    "Retailer",
    "RulesFolder",
    "language",
    "lines",
    "naming",
    "one_of",
    "opened",
    "order_at",
    "print_json",
    "question_at",
    "show",
    "with_progress",
]

Json = Annotated[bool, typer.Option("--json", help="Print stable JSON for machines.")]
Jsonl = Annotated[bool, typer.Option("--jsonl", help="One JSON object a line in, one out, in order.")]
Lang = Annotated[str, typer.Option("--lang", help="Language for people: en or fr.")]
RulesFolder = Annotated[
    Path | None, typer.Option("--rules", help="Folder of rule files (default: the shipped ones).")
]
Retailer = Annotated[
    Path | None, typer.Option("--retailer", help="Folder of the retailer's data (default: the demo).")
]
OrderFile = Annotated[Path | None, typer.Argument(help="An order as JSON.")]


WIDE = 240  # columns of a table that is piped


def print_json(body: object) -> None:
    from scenarios.serving import dump

    print(dump(body))


def show(renderable: object, wide: bool = False) -> None:
    """Print for people; ``wide`` keeps long tables whole where they go into a pipe and are searched."""
    from rich.console import Console

    Console(width=WIDE if wide and not sys.stdout.isatty() else None).print(renderable)


def language(lang: str) -> str:
    if lang not in ("en", "fr"):
        raise InputError(f"there is no language {lang!r}", code="language.unknown", cure="use en or fr")
    return lang


def lines(answer: Callable[[Mapping[str, Any]], object]) -> None:
    """Answer standard input line by line; a bad line is answered by an ``error`` object and stops nothing."""
    from scenarios import parse_json

    for number, line in enumerate(sys.stdin, start=1):
        if not line.strip():
            continue
        try:
            query = parse_json(line, f"line {number}")
            if not isinstance(query, Mapping):
                raise InputError(
                    "the line is not a JSON object", code="json.not_object", place=f"line {number}"
                )
            body = answer(query)
        except PassavantError as error:
            body = {"error": {**error.to_json(), "place": error.place or f"line {number}"}}
        print(json.dumps(body, ensure_ascii=False), flush=True)


def opened(rules: Path | None, retailer: Path | None, overlay: Path | None = None) -> Any:
    from scenarios import open_world

    return open_world(rules, retailer, overlay)


def order_at(path: Path | None) -> Any:
    from scenarios import read_order

    if path is None:
        raise InputError(
            "no order given", code="order.no_file", cure="name a JSON file, or use --jsonl and standard input"
        )
    return read_order(path)


def one_of(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise InputError(
            f"--{name} cannot be {value!r}", code="option.unknown", cure=f"use {', '.join(known)}"
        )


def with_progress(total: int, work: Callable[[Callable[[int], None] | None], Any]) -> Any:
    if total < 20 or not sys.stderr.isatty():
        return work(None)
    from rich.progress import Progress

    with Progress(transient=True) as bar:
        task = bar.add_task("deciding", total=total)
        return work(lambda done: bar.update(task, completed=done))


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Say which file a mistake stands in."""
    try:
        yield
    except InputError as error:
        error.place = (
            f"{path.name}#{error.place}" if error.place.startswith("/") else error.place or path.name
        )
        raise


def question_at(path: Path | None, what: str) -> Any:
    from scenarios.reading import read_json

    if path is None:
        raise InputError(
            f"no {what} given",
            code="query.no_file",
            cure="name a JSON file, or use --jsonl and standard input",
        )
    return read_json(path)
