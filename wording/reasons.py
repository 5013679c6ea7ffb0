"""Why: coded reasons, rules that spoke, candidates not taken, holds and open questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from wording.facts import any_of, fact_name, fact_value, outcome_text
from wording.reading import Body, bodies, part, texts, values
from wording.show import DIM, branch
from wording.words import Wording

if TYPE_CHECKING:
    from rich.tree import Tree

__all__ = [
    "add_because",
    "add_holds",
    "add_needs",
    "add_rejected",
    "cite_text",
    "coded",
    "rejected_text",
    "validity",
]

SHOWN = 6
PLACES = ("origin", "destination")


def coded(words: Wording, body: Body) -> str:
    """A coded reason ``{code, arguments}`` as a sentence."""
    arguments = {
        key: words.territory(value) if key in PLACES and isinstance(value, str) else value
        for key, value in part(body, "arguments").items()
    }
    return words.first(f"reason.{body.get('code')}", **arguments)


def rejected_text(words: Wording, stage: str, code: str) -> str:
    """Why a candidate was not taken, in a few words."""
    short = code.removeprefix(f"{stage}.")
    return words.first(f"reject.{stage}.{short}", f"restriction.{short}", f"reject.{code}")


def validity(words: Wording, body: Body) -> str:
    """From when until when a rule holds; the end is not included."""
    start, end = body.get("from"), body.get("until")
    if start and end:
        return words.say("label.valid_between", start=words.day(start), end=words.day(end))
    if start:
        return words.say("label.valid_from", start=words.day(start))
    return words.say("label.valid_until", end=words.day(end)) if end else words.say("label.valid_always")


def cite_text(words: Wording, entry: Body, full: bool = False) -> str:
    """The acts behind a rule, or the owner and reason of a retailer's rule."""
    found = []
    for item in bodies(entry, "cite"):
        text = ", ".join(str(item[key]) for key in ("act", "article") if item.get(key))
        if full:
            more = [str(item["url"])] if item.get("url") else []
            if item.get("checked"):
                more.append(words.say("label.checked", day=words.day(item["checked"])))
            if item.get("confidence"):
                more.append(words.say("label.confidence", level=words.name("confidence", item["confidence"])))
            text = ", ".join([text, *more])
        found.append(text)
    if not found and isinstance(entry.get("cite"), str):
        found.append(str(entry["cite"]))
    if not found:
        found = [str(entry[key]) for key in ("owner", "reason") if entry.get(key)]
        return words.pair(*found) if len(found) > 1 else "".join(found)
    return words.listed(found)


def add_because(tree: Tree, words: Wording, entries: Sequence[Body], expanded: bool) -> None:
    """The rules that spoke: title and source, or everything about each."""
    if not entries:
        return
    node = branch(tree, words.say("label.because"))
    for entry in entries:
        cite = cite_text(words, entry)
        text = words.title(entry)
        here = branch(node, text if expanded or not cite else f"{text} ({cite})")
        if expanded:
            _rule(here, words, entry)


def _rule(node: Tree, words: Wording, entry: Body) -> None:
    decision = str(entry.get("decision") or "")
    branch(node, words.labelled("decision", fact_name(words, decision)))
    if "outcome" in entry:
        branch(node, words.labelled("outcome", outcome_text(words, decision, entry["outcome"])))
    if entry.get("cite"):
        branch(node, words.labelled("cite", cite_text(words, entry, full=True)))
    for key in ("owner", "reason"):
        if entry.get(key):
            branch(node, words.labelled(key, entry[key]))
    branch(node, words.labelled("valid", validity(words, part(entry, "valid"))))
    if entry.get("known_until"):
        branch(node, words.labelled("known_until", words.day(entry["known_until"])))
    facts = [
        words.pair(fact_name(words, name), fact_value(words, name, value))
        for name, value in part(entry, "facts").items()
    ]
    if facts:
        branch(node, words.labelled("facts", words.listed(facts)))
    where = [words.say("label.rule").lower() + f" {entry.get('rule')}"]
    if entry.get("consignment") is not None:
        where.append(words.say("label.in_consignment", number=entry["consignment"]))
    where += [words.say("label.for_line", line=line) for line in texts(entry, "lines")]
    branch(node, ", ".join(where), DIM)


def add_rejected(tree: Tree, words: Wording, groups: Sequence[Body], expanded: bool) -> None:
    """What was not taken, with counts and samples; a short list unless expanded."""
    if not groups:
        return
    node = branch(tree, words.say("label.rejected"))
    for group in groups if expanded else groups[:SHOWN]:
        stage, count = str(group.get("stage")), group.get("count", 1)
        reason = f"{words.name('stage', stage)} - {rejected_text(words, stage, str(group.get('code')))}"
        text = words.say("label.rejected_group", reason=reason, count=count)
        samples = texts(group, "samples")
        if samples:
            text = f"{text}, {words.say('label.samples', samples=', '.join(samples))}"
        if group.get("rule"):
            text = f"{text} ({words.say('label.by_rule', rule=group['rule'])})"
        branch(node, text)
    if not expanded and len(groups) > SHOWN:
        branch(node, words.say("label.more", count=len(groups) - SHOWN), DIM)


def add_holds(tree: Tree, words: Wording, holds: Sequence[Body]) -> None:
    """What a person must look at."""
    if not holds:
        return
    node = branch(tree, words.say("label.holds"), "yellow")
    for item in holds:
        code = str(item.get("code"))
        text = words.first(f"hold.{code}", f"restriction.{code}")
        branch(
            node, f"{text} ({words.say('label.by_rule', rule=item['rule'])})" if item.get("rule") else text
        )


def add_needs(tree: Tree, words: Wording, needs: Sequence[object]) -> None:
    """Facts that would settle what is open, one line for each set."""
    if not needs:
        return
    node = branch(tree, words.say("label.needs"), "yellow")
    for item in needs:
        held = item if isinstance(item, Mapping) else {"facts": [item]}
        text = any_of(words, [values(held, "facts")])
        where = ", ".join(texts(held, "give"))
        branch(node, words.say("label.give", what=text, where=where) if where else text)
