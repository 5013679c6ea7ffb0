"""The register of second readings: show it, add to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.shared import Json, Lang, RulesFolder, language, print_json, show

if TYPE_CHECKING:
    from scenarios.readings import Standing

__all__ = ["rules_readings", "rules_sign", "shown_with"]


def rules_readings(
    everything: Annotated[
        bool, typer.Option("--all", help="Every rule of law, not only those to be read.")
    ] = False,
    json_: Json = False,
    lang: Lang = "en",
    rules: RulesFolder = None,
) -> None:
    """Which rules of law somebody has compared with their act as they stand; ends with code 1 if some are not."""
    from scenarios.readings import standings
    from scenarios.rulebooks import open_rulebook

    language(lang)
    found = standings(open_rulebook(rules), rules)
    open_ = [each for each in found if each.state != "read"]
    if json_:
        print_json([each.to_json() for each in found])
    else:
        _tell(found, found if everything else open_, lang)
    if open_:
        raise typer.Exit(1)


def rules_sign(
    rule: Annotated[str, typer.Argument(help="Id of a rule of law.")],
    verdict: Annotated[
        str,
        typer.Option(
            help="supported, policy (our reading, and the rule says so), in_part, not_found or contradicted."
        ),
    ],
    compared: Annotated[str, typer.Option(help="What it was compared with: act and article, or the page.")],
    note: Annotated[str, typer.Option(help="What remains to be said.")] = "",
    rules: RulesFolder = None,
) -> None:
    """Record that you have compared a rule, as it stands, with its act."""
    from scenarios.readings import Reading, record
    from scenarios.rulebooks import open_rulebook

    today = date.today()  # noqa: DTZ011 - the day where the person sits
    record(open_rulebook(rules), rules, [Reading(rule, "", today, verdict, compared, note)])
    print(f"{rule}: {verdict}, {today}")


def shown_with(rule: Mapping[str, Any], lang: str) -> Iterator[str]:
    """What stands beside a rule's text: the source it has from the head of its file, and its second reading."""
    from wording import Wording
    from wording.reasons import cite_text

    words = Wording(lang)
    if rule.get("cite") and "cite:" not in str(rule["text"]):
        yield words.say("label.cite_of_file", cite=cite_text(words, rule))
    reading = rule.get("reading")
    if not reading:
        return
    state = words.name("reading", reading["state"])
    if reading["state"] == "unread":
        yield words.say("label.reading_state", state=state)
    else:
        yield words.say(
            "label.reading_of",
            state=state,
            day=words.day(date.fromisoformat(reading["read"])),
            verdict=words.name("verdict", reading["verdict"]),
            compared=reading["compared_with"],
        )


def _tell(found: Sequence[Standing], listed: Sequence[Standing], lang: str) -> None:
    from wording import Wording
    from wording.show import leaf
    from wording.tables import columns

    words = Wording(lang)
    if listed:
        table: Any = columns(words, "readings", "rule", "decision", "reading", "read", "verdict", "compared")
        for each in listed:
            told = each.reading
            cells: tuple[object, ...] = (each.rule, each.decision, words.name("reading", each.state))
            if told is not None:
                cells += (words.day(told.read), words.name("verdict", told.verdict), told.compared_with)
            table.add_row(*(leaf(str(cell)) for cell in cells))
        show(table, wide=True)
    states = Counter(each.state for each in found)
    print(
        words.say(
            "label.readings",
            rules=len(found),
            read=states["read"],
            changed=states["changed"],
            unread=states["unread"],
        )
    )
    verdicts = Counter(each.reading.verdict for each in found if each.state == "read" and each.reading)
    for verdict, count in verdicts.most_common():
        print(f"  {words.name('verdict', verdict)}: {count}")
