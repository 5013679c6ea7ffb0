"""Numbers of businesses and postal addresses: is this one right, and how is it written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from commands.shared import Json, Jsonl, Lang, language, lines, print_json, show

__all__ = ["add"]

Answer = Callable[[Mapping[str, Any]], dict[str, object]]
Number = Annotated[str | None, typer.Argument(help="The number, with or without its prefix.")]
Country = Annotated[str | None, typer.Option(help="ISO 3166-1 code, or XI; not needed with a prefix.")]


def add(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("vat-number")(vat_number)
    app.command()(eori)
    app.command("ioss-number")(ioss_number)
    app.command()(address)


def vat_number(
    number: Number = None,
    country: Country = None,
    vies: Annotated[bool, typer.Option("--vies", help="Ask the Union's register, over the network.")] = False,
    requester: Annotated[
        str | None, typer.Option(help="Your own VAT number: the register then gives a proof of the question.")
    ] = None,
    evidence: Annotated[
        Path | None, typer.Option(help="Folder to keep answers of the register in, and to reuse them from.")
    ] = None,
    name: Annotated[str, typer.Option(help="Name to compare with the register's.")] = "",
    street: Annotated[str, typer.Option(help="Street to compare.")] = "",
    postcode: Annotated[str, typer.Option(help="Postcode to compare.")] = "",
    city: Annotated[str, typer.Option(help="City to compare.")] = "",
    timeout: Annotated[float, typer.Option(min=1, max=120, help="Seconds to wait for an answer.")] = 10.0,
    vies_url: Annotated[str | None, typer.Option("--vies-url", hidden=True)] = None,
    json_: Json = False,
    jsonl: Jsonl = False,
    lang: Lang = "en",
) -> None:
    """Whether a VAT number can be one: prefix, structure, check digits; with --vies, whether it is registered."""
    from customs.numbers import answer_vat

    said = {"name": name, "street": street, "postcode": postcode, "city": city}
    ask = _register(requester, evidence, said, timeout, vies_url) if vies else None

    def answer(query: Mapping[str, Any]) -> dict[str, object]:
        body = answer_vat(query)
        return {**body, "vies": ask(query)} if ask is not None else body

    _run(answer, {"number": number, "country": country}, "vat_number", json_, jsonl, lang)


def _register(
    requester: str | None, folder: Path | None, said: Mapping[str, str], timeout: float, url: str | None
) -> Callable[[Mapping[str, Any]], dict[str, object]]:
    from customs.numbers import transport
    from customs.numbers import vat_number as judged
    from customs.numbers.evidence import Evidence
    from customs.numbers.vies import ADDRESS, Vies
    from customs.numbers.vies_match import Trader

    register = Vies(
        post=transport.post_json,
        address=url or ADDRESS,
        timeout_s=timeout,
        evidence=Evidence(folder) if folder is not None else None,
    )
    asker = judged(requester) if requester else None
    trader = Trader(**said) if any(said.values()) else None

    def ask(query: Mapping[str, Any]) -> dict[str, object]:
        number = judged(query["number"], query.get("country"))
        return register.ask(number, datetime.now(UTC), asker, trader).to_json()

    return ask


def eori(
    number: Number = None,
    country: Country = None,
    day: Annotated[str | None, typer.Option("--date", help="Day the answer is for (default: today).")] = None,
    json_: Json = False,
    jsonl: Jsonl = False,
    lang: Lang = "en",
) -> None:
    """Whether an EORI number of customs can be one; only customs knows whether it is registered."""
    from customs.numbers import answer_eori

    when = day or date.today().isoformat()  # noqa: DTZ011 - the day where the person sits

    def answer(query: Mapping[str, Any]) -> dict[str, object]:
        return answer_eori({"date": when, **query})

    _run(answer, {"number": number, "country": country}, "eori", json_, jsonl, lang)


def ioss_number(
    number: Number = None,
    country: Annotated[str | None, typer.Option(help="Member state of identification.")] = None,
    json_: Json = False,
    jsonl: Jsonl = False,
    lang: Lang = "en",
) -> None:
    """Whether a number of the import one-stop shop can be one."""
    from customs.numbers import answer_ioss

    _run(answer_ioss, {"number": number, "country": country}, "ioss_number", json_, jsonl, lang)


def address(
    country: Annotated[str | None, typer.Option(help="ISO 3166-1 code.")] = None,
    line: Annotated[
        list[str] | None, typer.Option(help="A line of street and number; may be repeated.")
    ] = None,
    city: Annotated[str | None, typer.Option()] = None,
    subdivision: Annotated[str | None, typer.Option(help="State or province: code or name.")] = None,
    postcode: Annotated[str | None, typer.Option()] = None,
    json_: Json = False,
    jsonl: Jsonl = False,
    lang: Lang = "en",
) -> None:
    """Whether a postcode is one of its country, what an address lacks, and how it is written."""
    from customs.addresses import answer_address

    query = {
        "country": country,
        "lines": line or None,
        "city": city,
        "subdivision": subdivision,
        "postcode": postcode,
    }
    _run(answer_address, query, "address", json_, jsonl, lang)


def _run(
    answer: Answer, query: Mapping[str, object], title: str, json_: bool, jsonl: bool, lang: str
) -> None:
    language(lang)
    if jsonl:
        lines(answer)
        return
    body = answer(query)
    if json_:
        print_json(body)
    else:
        show(_table(body, title, lang))


def _table(body: Mapping[str, object], title: str, lang: str) -> object:
    """One row a field that says something; reasons and outcomes as sentences."""
    from wording import Wording
    from wording.show import leaf
    from wording.tables import columns

    words = Wording(lang)
    table = columns(words, title, "field", "value")
    for key, value in _flat(body):
        name = words.first(f"{title}_field.{key}", f"number_field.{key}")
        if value not in (None, "", [], {}, ()):
            table.add_row(leaf(name), leaf(_shown(words, key, value)))
        elif key == "valid":
            table.add_row(leaf(name), leaf(words.say("label.unknown")))
    return table


def _flat(body: Mapping[str, object]) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for key, value in body.items():
        if key in ("vies", "normalised", "matches") and isinstance(value, Mapping):
            found += [(f"{key}_{inner}", each) for inner, each in _flat(value)]
        else:
            found.append((key, value))
    return found


def _shown(words: Any, key: str, value: object) -> str:
    if isinstance(value, bool):
        return str(words.say("label.yes" if value else "label.no"))
    if key == "problems" and isinstance(value, list):
        return "\n".join(_problem(words, each) for each in value)
    if key in ("required", "missing", "derived") and isinstance(value, list):
        return ", ".join(str(words.say(f"number_field.normalised_{each}")) for each in value)
    if isinstance(value, list):
        return "\n".join(map(str, value))
    if key == "reason":
        return str(words.say(f"number_reason.{value}"))
    if key == "scheme":
        return str(words.say(f"number_scheme.{value}"))
    if key == "vies_outcome":
        return str(words.say(f"vies_outcome.{value}"))
    return str(value)


def _problem(words: Any, problem: Mapping[str, str]) -> str:
    field = words.say(f"number_field.normalised_{problem['field']}")
    text = words.pair(field, words.say(f"number_reason.{problem['reason']}"))
    return f"{text} ({problem['expected']})" if problem["expected"] else str(text)
