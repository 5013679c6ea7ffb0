"""The command line: parse, call, print. Every command that asks takes ``--json`` or ``--jsonl``."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from commands import deciding, law, numbers, places, rates, rulefiles, screening, tariff
from commands.shared import Lang, Retailer, RulesFolder, language, opened, show
from domain import PassavantError

__all__ = ["app", "main"]

app = typer.Typer(
    name="passavant",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Delivery and cross-border compliance: an order goes in, a decision with its reasons comes out.",
)
for subject in (deciding, law, numbers, places, tariff, rates, screening, rulefiles):
    subject.add(app)


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
    world, supply = opened(None, None)
    language(lang)
    if wanted.comment:
        print(wanted.comment + "\n")
    show(decision_tree(engine_decide(wanted, world, supply), lang))
    print(
        f"\nThe same as JSON: passavant decide {os.path.relpath(path)} --json; more orders stand beside it."
    )


if __name__ == "__main__":
    main()
