"""Why not this candidate: the outcome, the smallest change, and what stands in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wording.facts import value_text
from wording.reading import Body, bodies, part, texts
from wording.reasons import cite_text, rejected_text
from wording.show import branch, trunk
from wording.words import Wording

if TYPE_CHECKING:
    from rich.tree import Tree

__all__ = ["why_not_tree"]

KNOWN = ("kind", "target", "by", "fields")


def why_not_tree(answer: Body, language: str | Wording = "en") -> Tree:
    """Keys: ``candidate``, ``outcome``, ``changes``, ``applied``, ``difference``, ``blocked_by``."""
    words = language if isinstance(language, Wording) else Wording(language)
    candidate = answer.get("candidate", "")
    tree = trunk(words.say(f"why_not.{answer.get('outcome')}", candidate=candidate))
    blocked = bodies(answer, "blocked_by")
    if blocked:
        node = branch(tree, words.say("label.blocked_by"))
        for item in blocked:
            branch(node, _obstacle(words, item))
    changes = bodies(answer, "changes")
    if changes:
        node = branch(tree, words.say("label.changes"))
        for item in changes:
            branch(node, _change(words, item))
    if part(answer, "difference"):
        branch(tree, words.labelled("difference", words.money(answer["difference"])))
    if "applied" in answer:
        branch(tree, words.say("label.applied" if answer["applied"] else "label.not_applied"))
    return tree


def _change(words: Wording, item: Body) -> str:
    kind, by = str(item.get("kind")), item.get("by")
    amount = part(item, "by")
    if kind == "price" and amount:
        down = str(amount.get("amount")).startswith("-")
        kind = "price_down" if down else "price_up"
        by = words.money({**amount, "amount": str(amount.get("amount")).removeprefix("-")})
    elif isinstance(by, int):
        by = words.weight(by)
    known = words.has(f"change.{kind}")
    text = words.say(f"change.{kind}", target=item.get("target", ""), by=by, fields=_fields(words, item))
    more = [f"{key}: {value_text(words, value)}" for key, value in item.items() if key not in KNOWN]
    if not known:
        more = [str(item["target"]), *more] if item.get("target") else more
    return words.pair(text, ", ".join(more)) if more else text


def _fields(words: Wording, item: Body) -> str:
    """Wishes of the buyer with the value they would take, or only their names."""
    fields = part(item, "fields")
    if not fields:
        return ", ".join(words.name("wish", name) for name in texts(item, "fields"))
    return ", ".join(
        words.pair(words.name("wish", name), _wish(words, name, value)) for name, value in fields.items()
    )


def _wish(words: Wording, name: str, value: object) -> str:
    if value is None:
        return words.say("wish.free")
    return words.name(name, value) if words.has(f"{name}.{value}") else str(value)


def _obstacle(words: Wording, item: Body) -> str:
    code = str(item.get("code"))
    if item.get("stage"):
        text = rejected_text(words, str(item["stage"]), code)
    else:
        text = words.say(f"blocked.{code}", fields=_fields(words, item))
        text = text if words.has(f"blocked.{code}") else rejected_text(words, "", code)
    title = words.title(item)
    if title:
        text = words.pair(text, title)
    elif item.get("target"):
        text = words.pair(text, item["target"])
    cite = cite_text(words, item)
    return f"{text} ({cite})" if cite else text
