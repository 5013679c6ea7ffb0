"""What is wrong with a rule file, said so that its author can mend it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from domain import PassavantError
from engine.rulebook.tree import Place

__all__ = ["Problem", "Problems", "RulebookError", "a", "nearest"]

WIDTH = 150


def a(word: str) -> str:
    """The word with its article.

    >>> a("order"), a("line")
    ('an order', 'a line')
    """
    return f"an {word}" if word[:1] in "aeiou" else f"a {word}"


def nearest(word: str, known: Iterable[str], see: str = "") -> str:
    """A cure naming the nearest valid word, listing the few there are, or naming the command that lists them.

    >>> nearest("flat_per_itm", ["flat_per_item", "tariff"])
    'did you mean "flat_per_item"?'
    """
    words = sorted({str(item) for item in known})
    by_fold = {item.casefold(): item for item in reversed(words)}
    close = get_close_matches(word.casefold(), list(by_fold), n=1, cutoff=0.6)
    if close:
        return f'did you mean "{by_fold[close[0]]}"?'
    if not words:
        return "nothing of that kind is defined"
    if len(words) <= 12:
        return "use one of: " + ", ".join(words)
    return f"none of the {len(words)} valid words is near" + (f"; see `{see}`" if see else "")


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: a stable code, where, what is wrong, why it matters, what to do."""

    code: str
    place: Place
    what: str
    why: str = ""
    cure: str = ""

    def to_json(self) -> dict[str, object]:
        """Stable machine form."""
        return {
            "code": self.code,
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
            "what": self.what,
            "why": self.why,
            "cure": self.cure,
        }


def render(problem: Problem, sources: Mapping[str, str]) -> str:
    """The problem with an excerpt of the file and a caret under the place."""
    out = [f"{problem.place}: {problem.what} [{problem.code}]"]
    lines = sources.get(problem.place.file, "").splitlines()
    if 0 < problem.place.line <= len(lines):
        text, column = _window(lines[problem.place.line - 1].replace("\t", " "), problem.place.column)
        number = str(problem.place.line)
        out.append(f"  {number} | {text}".rstrip())
        out.append(f"  {' ' * len(number)} | {' ' * (column - 1)}^")
    if problem.why:
        out.append(f"  why: {problem.why}")
    if problem.cure:
        out.append(f"  do:  {problem.cure}")
    return "\n".join(out)


def _window(text: str, column: int) -> tuple[str, int]:
    """As much of a long line as fits, with the column inside, and where that column then is."""
    if len(text) <= WIDTH:
        return text, column
    start = max(0, min(column - WIDTH // 2, len(text) - WIDTH))
    before, after = ("..." if start else ""), ("..." if start + WIDTH < len(text) else "")
    return before + text[start : start + WIDTH] + after, column - start + len(before)


class Problems:
    """Collects every mistake, so that all are reported at once."""

    def __init__(self) -> None:
        self.items: list[Problem] = []

    def add(self, code: str, place: Place, what: str, why: str = "", cure: str = "") -> None:
        """Note one mistake."""
        self.items.append(Problem(code, place, what, why, cure))

    def __bool__(self) -> bool:
        return bool(self.items)

    def sorted(self) -> tuple[Problem, ...]:
        """By file and place, each once."""
        unique = dict.fromkeys(self.items)
        return tuple(
            sorted(unique, key=lambda p: (p.place.file, p.place.line, p.place.column, p.code, p.what))
        )


class RulebookError(PassavantError):
    """The rule files do not make a rulebook; ``problems`` lists every mistake."""

    default_code = "rules.invalid"

    def __init__(self, problems: tuple[Problem, ...], sources: Mapping[str, str]) -> None:
        self.problems = problems
        self.sources = sources
        count = len(problems)
        super().__init__(
            f"{count} mistake{'s' if count != 1 else ''} in the rule files",
            place=str(problems[0].place) if problems else "",
            cure="mend them and check again; nothing was changed",
        )

    def report(self) -> str:
        """Every mistake with place, excerpt, cause and cure, for a person."""
        return "\n\n".join(render(problem, self.sources) for problem in self.problems)
