"""Deciding orders, explaining decisions, comparing scenarios."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from commands.shared import (
    Json,
    Jsonl,
    Lang,
    OrderFile,
    Retailer,
    RulesFolder,
    language,
    lines,
    one_of,
    opened,
    order_at,
    print_json,
    show,
    with_progress,
)

__all__ = ["add"]


def add(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(decide)
    app.command()(options)
    app.command()(explain)
    app.command()(scenario)


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

    one_of("detail", detail, ("none", "summary", "full"))
    language(lang)
    if jsonl:
        world, supply = opened(rules, retailer)
        lines(
            lambda query: decide_honouring(order_from(query), world, supply, _key(query, offer_key), detail)
        )
        return
    wanted = order_at(order)
    world, supply = opened(rules, retailer)
    decision = decide_honouring(
        wanted, world, supply, offer_key() if wanted.delivery.offer_id else b"", detail
    )
    if json_:
        print_json(decision)
    else:
        from wording import decision_tree

        show(decision_tree(decision, lang))


def _key(query: Mapping[str, Any], offer_key: Callable[[], bytes]) -> bytes:
    delivery = query.get("delivery")
    return offer_key() if isinstance(delivery, Mapping) and delivery.get("offer_id") else b""


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

    language(lang)
    wanted = None if jsonl else order_at(order)
    world, supply = opened(rules, retailer)
    if wanted is None:
        lines(lambda query: offers(order_from(query), world, supply, offer_key()))
        return
    body = offers(wanted, world, supply, offer_key())
    if json_:
        print_json(body)
    else:
        from wording import options_table

        show(options_table(body["options"], lang))  # type: ignore[arg-type]


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

    language(lang)
    wanted = order_at(order)
    world, supply = opened(rules, retailer)
    body = (
        explain_not(wanted, world, supply, why_not)
        if why_not
        else engine_decide(wanted, world, supply, detail="full")
    )
    if json_:
        print_json(body)
        return
    from wording import explain_tree, why_not_tree

    show(why_not_tree(body, lang) if why_not else explain_tree(body, lang))


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
    leave: Annotated[
        list[str] | None, typer.Option(help="A seller gives up a scheme for all orders: passavant-ch:ioss.")
    ] = None,
    json_: Json = False,
    lang: Lang = "en",
    retailer: Retailer = None,
) -> None:
    """Run orders under the world as it is and as changed: what moves, cost, promise and tax."""
    from scenarios.changes import changed_world
    from scenarios.compare import compare, read_orders

    language(lang)
    wanted = read_orders(orders)
    before = opened(None, retailer)
    after, when = changed_world(before, retailer, close or [], stock, overlay, day, price or [], leave or [])
    body = with_progress(len(wanted), lambda tick: compare(wanted, before, after, when, tick))
    if json_:
        print_json(body)
    else:
        from wording import scenario_table

        show(scenario_table(body, lang))
