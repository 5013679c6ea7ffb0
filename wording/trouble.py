"""An error for a person: where, what is wrong, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wording.reading import Body
from wording.show import HEAD, leaf
from wording.words import Wording

if TYPE_CHECKING:
    from rich.panel import Panel

__all__ = ["problem_panel"]


def problem_panel(error: Body, language: str | Wording = "en") -> Panel:
    """Keys: ``code``, ``place``, ``cause``, ``cure``. Cause and cure stay in the language of the error."""
    from rich.panel import Panel
    from rich.text import Text

    words = language if isinstance(language, Wording) else Wording(language)
    text = Text()
    for key in ("place", "cause", "cure"):
        if error.get(key):
            text.append("\n" if text else "")
            text.append_text(leaf(words.pair(words.say(f"problem.{key}"), ""), HEAD))
            text.append_text(leaf(str(error[key])))
    title = words.pair(words.say("problem.title"), error.get("code", ""))
    return Panel(text, title=leaf(title), border_style="red", expand=False)
