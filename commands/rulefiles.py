"""The rule files: check, test, verify, read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from commands.readings import rules_readings, rules_sign, shown_with
from commands.shared import (
    Json,
    Lang,
    RulesFolder,
    language,
    print_json,
    show,
    with_progress,
)

__all__ = ["add"]


rules_app = typer.Typer(no_args_is_help=True, help="Check, test, verify and read the rule files.")


def add(app: typer.Typer) -> None:
    """Add the commands of this module."""
    rules_app.command("check")(rules_check)
    rules_app.command("test")(rules_test)
    rules_app.command("verify")(rules_verify)
    rules_app.command("show")(rules_show)
    rules_app.command("list")(rules_list)
    rules_app.command("vocabulary")(rules_vocabulary)
    rules_app.command("readings")(rules_readings)
    rules_app.command("sign")(rules_sign)
    app.add_typer(rules_app, name="rules")


def _rulebook(rules: Path | None) -> Any:
    from scenarios.rulebooks import open_rulebook

    return open_rulebook(rules)


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
        print_json({"valid": False, "problems": [problem.to_json() for problem in error.problems]})
        raise typer.Exit(2) from None
    body = {
        "valid": True,
        "version": book.version,
        "decisions": len(book.decisions),
        "rules": len(book.rules),
    }
    if json_:
        print_json(body)
    else:
        print(
            f"{len(book.rules)} rules in {len(book.decisions)} decisions: "
            f"no mistake, no contradiction in any epoch (version {book.version})"
        )


def rules_test(
    folder: Annotated[Path | None, typer.Argument(help="Folder of rule files.")] = None, json_: Json = False
) -> None:
    """Run the examples inside the rule files."""
    from engine.rulebook.examples import run_examples

    results = list(run_examples(_rulebook(folder)))
    failed = [result for result in results if not result.passed]
    if json_:
        print_json(
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


def rules_verify(
    folder: Annotated[Path | None, typer.Argument(help="Folder of rule files.")] = None, json_: Json = False
) -> None:
    """Run every example and generated boundary facts through all matchers."""
    from scenarios.verify import epoch_count, verify

    book = _rulebook(folder)
    body = with_progress(epoch_count(book), lambda tick: verify(book, tick))
    if json_:
        print_json(body)
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


def rules_show(
    rule: Annotated[str, typer.Argument(help="Id of a rule.")],
    json_: Json = False,
    lang: Lang = "en",
    rules: RulesFolder = None,
) -> None:
    """One rule: text as written, source, validity, what it overrides, its examples, and who read it again."""
    from scenarios.readings import standings
    from scenarios.rulebooks import show_rule

    book = _rulebook(rules)
    body = show_rule(book, rule, rules)
    standing = next((each for each in standings(book, rules) if each.rule == rule), None)
    if standing is not None:
        body["reading"] = {
            key: value for key, value in standing.to_json().items() if key not in ("rule", "decision")
        }
    if json_:
        print_json(body)
        return
    print(f"{body['place']}\n\n{body['text']}")
    language(lang)
    for told in shown_with(body, lang):
        print(told)


def rules_list(json_: Json = False, lang: Lang = "en", rules: RulesFolder = None) -> None:
    """Every rule with decision, title and validity."""
    from engine.because import rule_json

    body = [rule_json(rule) for rule in _rulebook(rules).rules.values()]
    if json_:
        print_json(body)
    else:
        from wording import rules_table

        show(rules_table(body, language(lang)), wide=True)


def rules_vocabulary(json_: Json = False, rules: RulesFolder = None) -> None:
    """The facts that rules may test, with scope, type and codes."""
    from scenarios.rulebooks import vocabulary_json

    body = vocabulary_json(_rulebook(rules))
    if json_:
        print_json(body)
        return
    from rich.table import Table

    table = Table("fact", "scope", "type", "meaning")
    for fact in body:
        table.add_row(str(fact["fact"]), str(fact["scope"]), str(fact["type"]), str(fact["title"]))
    show(table, wide=True)
