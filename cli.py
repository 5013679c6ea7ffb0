"""The command line: parse, call, print. Every command that asks takes ``--json`` or ``--jsonl``."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from domain import InputError, PassavantError

__all__ = ["app", "main"]

app = typer.Typer(
    name="passavant",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Delivery and cross-border compliance: an order goes in, a decision with its reasons comes out.",
)
rules_app = typer.Typer(no_args_is_help=True, help="Check, test, verify and read the rule files.")
app.add_typer(rules_app, name="rules")

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


def main() -> None:
    """Run; every expected error is one message and exit code 2, never a traceback."""
    try:
        code = app(standalone_mode=False)
        if isinstance(code, int) and code:
            raise SystemExit(code)
    except PassavantError as error:
        _complain(error)
        raise SystemExit(2) from None
    except typer.Exit as stop:
        raise SystemExit(stop.exit_code) from None
    except typer.Abort:
        raise SystemExit(130) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None
    except (
        Exception
    ) as error:  # usage errors show themselves; anything else is our defect, said in one message
        if hasattr(error, "show") and hasattr(error, "exit_code"):
            error.show()
            raise SystemExit(2) from None
        if os.environ.get("PASSAVANT_DEBUG"):
            raise
        print(
            f"passavant: a defect of ours, please report it: {type(error).__name__}: {error}", file=sys.stderr
        )
        print("passavant: set PASSAVANT_DEBUG=1 to see where", file=sys.stderr)
        raise SystemExit(70) from None


def _complain(error: PassavantError) -> None:
    report = getattr(error, "report", None)
    if report is not None:
        print(report(), file=sys.stderr)
    print(f"passavant: {error} [{error.code}]", file=sys.stderr)


def _print(body: object) -> None:
    from scenarios.serving import dump

    print(dump(body))


def _show(renderable: object, wide: bool = False) -> None:
    """Print for people; ``wide`` keeps long tables whole where they go into a pipe and are searched."""
    from rich.console import Console

    Console(width=WIDE if wide and not sys.stdout.isatty() else None).print(renderable)


def _language(lang: str) -> str:
    if lang not in ("en", "fr"):
        raise InputError(f"there is no language {lang!r}", code="language.unknown", cure="use en or fr")
    return lang


def _lines(answer: Callable[[Mapping[str, Any]], object]) -> None:
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


def _open(rules: Path | None, retailer: Path | None, overlay: Path | None = None) -> Any:
    from scenarios import open_world

    return open_world(rules, retailer, overlay)


def _order(path: Path | None) -> Any:
    from scenarios import read_order

    if path is None:
        raise InputError(
            "no order given", code="order.no_file", cure="name a JSON file, or use --jsonl and standard input"
        )
    return read_order(path)


# -- deciding -----------------------------------------------------------------------------------------


@app.command()
def decide(
    order: OrderFile = None,
    json_: Json = False,
    jsonl: Jsonl = False,
    lang: Lang = "en",
    rules: RulesFolder = None,
    retailer: Retailer = None,
    detail: Annotated[
        str, typer.Option(help="How much of the rejected candidates: none, summary or full.")
    ] = "summary",
) -> None:
    """Decide an order: sources, services, preparation, customs and VAT, with the reasons."""
    from scenarios import order_from
    from scenarios.offer_key import offer_key
    from scenarios.offers import decide_honouring

    _one_of("detail", detail, ("none", "summary", "full"))
    _language(lang)
    if jsonl:
        world, supply = _open(rules, retailer)
        _lines(
            lambda query: decide_honouring(order_from(query), world, supply, _key(query, offer_key), detail)
        )
        return
    wanted = _order(order)
    world, supply = _open(rules, retailer)
    decision = decide_honouring(
        wanted, world, supply, offer_key() if wanted.delivery.offer_id else b"", detail
    )
    if json_:
        _print(decision)
    else:
        from wording import decision_tree

        _show(decision_tree(decision, lang))


def _key(query: Mapping[str, Any], offer_key: Callable[[], bytes]) -> bytes:
    delivery = query.get("delivery")
    return offer_key() if isinstance(delivery, Mapping) and delivery.get("offer_id") else b""


def _one_of(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise InputError(
            f"--{name} cannot be {value!r}", code="option.unknown", cure=f"use {', '.join(known)}"
        )


@app.command()
def options(
    order: OrderFile = None,
    json_: Json = False,
    jsonl: Jsonl = False,
    lang: Lang = "en",
    rules: RulesFolder = None,
    retailer: Retailer = None,
) -> None:
    """What checkout may offer: every admissible mode with promise, price and an offer id."""
    from scenarios import order_from
    from scenarios.offer_key import offer_key
    from scenarios.offers import options as offers

    _language(lang)
    wanted = None if jsonl else _order(order)
    world, supply = _open(rules, retailer)
    if wanted is None:
        _lines(lambda query: offers(order_from(query), world, supply, offer_key()))
        return
    body = offers(wanted, world, supply, offer_key())
    if json_:
        _print(body)
    else:
        from wording import options_table

        _show(options_table(body["options"], lang))  # type: ignore[arg-type]


@app.command()
def explain(
    order: Annotated[Path, typer.Argument(help="An order as JSON.")],
    why_not: Annotated[
        str | None, typer.Option("--why-not", help="A service: what would have to change for it to win?")
    ] = None,
    json_: Json = False,
    lang: Lang = "en",
    rules: RulesFolder = None,
    retailer: Retailer = None,
) -> None:
    """Explain a decision in full, or why a service was not chosen."""
    from engine.decide import decide as engine_decide
    from scenarios.why_not import why_not as explain_not

    _language(lang)
    wanted = _order(order)
    world, supply = _open(rules, retailer)
    body = (
        explain_not(wanted, world, supply, why_not)
        if why_not
        else engine_decide(wanted, world, supply, detail="full")
    )
    if json_:
        _print(body)
        return
    from wording import explain_tree, why_not_tree

    _show(why_not_tree(body, lang) if why_not else explain_tree(body, lang))


@app.command()
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

    _language(lang)
    if jsonl:
        _lines(answer)
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
        _print(body)
    else:
        from wording import territory_table

        _show(territory_table(body, lang))


# -- rules ------------------------------------------------------------------------------------------------


def _rulebook(rules: Path | None) -> Any:
    from scenarios.rulebooks import open_rulebook

    return open_rulebook(rules)


@rules_app.command("check")
def rules_check(
    folder: Annotated[Path | None, typer.Argument(help="Folder of rule files.")] = None, json_: Json = False
) -> None:
    """Read and prove all rule files; every mistake with its place, cause and cure."""
    from engine.rulebook import RulebookError

    try:
        book = _rulebook(folder)
    except RulebookError as error:
        if not json_:
            raise
        _print({"valid": False, "problems": [problem.to_json() for problem in error.problems]})
        raise typer.Exit(2) from None
    body = {
        "valid": True,
        "version": book.version,
        "decisions": len(book.decisions),
        "rules": len(book.rules),
    }
    if json_:
        _print(body)
    else:
        print(
            f"{len(book.rules)} rules in {len(book.decisions)} decisions: "
            f"no mistake, no contradiction in any epoch (version {book.version})"
        )


@rules_app.command("test")
def rules_test(
    folder: Annotated[Path | None, typer.Argument(help="Folder of rule files.")] = None, json_: Json = False
) -> None:
    """Run the examples inside the rule files."""
    from engine.rulebook.examples import run_examples

    results = list(run_examples(_rulebook(folder)))
    failed = [result for result in results if not result.passed]
    if json_:
        _print(
            {
                "examples": len(results),
                "failed": [
                    {"rule": r.rule, "place": r.place, "expected": r.expected, "got": r.got} for r in failed
                ],
            }
        )
    else:
        for result in failed:
            print(f"{result.place}: example of {result.rule}: expected {result.expected}, got {result.got}")
        print(f"{len(results) - len(failed)} examples passed, {len(failed)} failed")
    if failed:
        raise typer.Exit(1)


@rules_app.command("verify")
def rules_verify(
    folder: Annotated[Path | None, typer.Argument(help="Folder of rule files.")] = None, json_: Json = False
) -> None:
    """Run every example and generated boundary facts through all matchers."""
    from scenarios.verify import epoch_count, verify

    book = _rulebook(folder)
    body = _with_progress(epoch_count(book), lambda tick: verify(book, tick))
    if json_:
        _print(body)
    else:
        print(
            f"{body['cases']} cases from {body['examples']} examples and boundary facts: "
            f"index and reference agree on {body['agreed']}"
        )
        print(str(body["durable"]["summary"]))
        for item in body["disagreements"]:
            print(f"  {str(item)[:160]}")
    if body["disagreements"]:
        raise typer.Exit(1)


@rules_app.command("show")
def rules_show(
    rule: Annotated[str, typer.Argument(help="Id of a rule.")], json_: Json = False, rules: RulesFolder = None
) -> None:
    """One rule: text as written, source, validity, what it overrides, and its examples."""
    from scenarios.rulebooks import show_rule

    body = show_rule(_rulebook(rules), rule, rules)
    if json_:
        _print(body)
    else:
        print(f"{body['place']}\n\n{body['text']}")


@rules_app.command("list")
def rules_list(json_: Json = False, lang: Lang = "en", rules: RulesFolder = None) -> None:
    """Every rule with decision, title and validity."""
    from engine.because import rule_json

    body = [rule_json(rule) for rule in _rulebook(rules).rules.values()]
    if json_:
        _print(body)
    else:
        from wording import rules_table

        _show(rules_table(body, _language(lang)), wide=True)


@rules_app.command("vocabulary")
def rules_vocabulary(json_: Json = False, rules: RulesFolder = None) -> None:
    """The facts that rules may test, with scope, type and codes."""
    from scenarios.rulebooks import vocabulary_json

    body = vocabulary_json(_rulebook(rules))
    if json_:
        _print(body)
        return
    from rich.table import Table

    table = Table("fact", "scope", "type", "meaning")
    for fact in body:
        table.add_row(str(fact["fact"]), str(fact["scope"]), str(fact["type"]), str(fact["title"]))
    _show(table, wide=True)


# -- scenarios, serving, demo ---------------------------------------------------------------------------


@app.command()
def scenario(
    orders: Annotated[Path, typer.Argument(help="A folder of orders, an order, or a CSV.")],
    close: Annotated[list[str] | None, typer.Option(help="Close a place (may be repeated).")] = None,
    stock: Annotated[Path | None, typer.Option(help="Stock rows that replace those of the retailer.")] = None,
    overlay: Annotated[
        Path | None, typer.Option("--rules", help="A rule folder laid over the present one.")
    ] = None,
    day: Annotated[str | None, typer.Option("--date", help="Decide as if the orders came that day.")] = None,
    price: Annotated[
        list[str] | None,
        typer.Option(help="Change a service's price: chronopost-13=+1.50 (order's currency)."),
    ] = None,
    json_: Json = False,
    lang: Lang = "en",
    retailer: Retailer = None,
) -> None:
    """Run orders under the world as it is and as changed: what moves, cost, promise and tax."""
    from scenarios.changes import changed_world
    from scenarios.compare import compare, read_orders

    _language(lang)
    wanted = read_orders(orders)
    before = _open(None, retailer)
    after, when = changed_world(before, retailer, close or [], stock, overlay, day, price or [])
    body = _with_progress(len(wanted), lambda tick: compare(wanted, before, after, when, tick))
    if json_:
        _print(body)
    else:
        from wording import scenario_table

        _show(scenario_table(body, lang))


def _with_progress(total: int, work: Callable[[Callable[[int], None] | None], Any]) -> Any:
    if total < 20 or not sys.stderr.isatty():
        return work(None)
    from rich.progress import Progress

    with Progress(transient=True) as bar:
        task = bar.add_task("deciding", total=total)
        return work(lambda done: bar.update(task, completed=done))


@app.command()
def serve(
    host: Annotated[str, typer.Option()] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    rules: RulesFolder = None,
    retailer: Retailer = None,
) -> None:
    """Serve the decision API over HTTP."""
    import uvicorn

    from api import create_app

    uvicorn.run(create_app(rules, retailer), host=host, port=port, log_level="info")


@app.command()
def demo(lang: Lang = "en") -> None:
    """Decide a demo order and show the decision with its reasons."""
    from engine.decide import decide as engine_decide
    from scenarios import folder, read_order
    from wording import decision_tree

    path = folder("examples") / "orders" / "01-refrigerator-and-accessory.json"
    wanted = read_order(path)
    world, supply = _open(None, None)
    _language(lang)
    if wanted.comment:
        print(wanted.comment + "\n")
    _show(decision_tree(engine_decide(wanted, world, supply), lang))
    print(
        f"\nThe same as JSON: passavant decide {os.path.relpath(path)} --json; more orders stand beside it."
    )


if __name__ == "__main__":
    main()
