"""Facts in words: what an open question asks for, what a rule has read, what it concluded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from wording.families import FACT_FAMILIES, family_of
from wording.words import Wording

__all__ = ["any_of", "fact_name", "fact_value", "outcome_text", "value_text"]

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
WEIGHTS = ("weight", "heaviest_parcel")
LENGTHS = ("longest_side", "sum_of_sides")
PLACES = ("country", "territory", "established_in", "vat_countries")
TABLES: dict[str, tuple[str, ...]] = {
    "rate": ("source", "target"),
    "exchange_rate": ("source", "target"),
    "tariff": ("union", "code"),
}
TABLES |= {"tariff_rate": ("union", "code"), "tariff_measures": ("union",)}


def fact_name(words: Wording, name: str) -> str:
    """A fact, a decided question or a figure of a table, by the name that ``needs`` gives it."""
    for family in ("fact", "question", "need"):
        if words.has(f"{family}.{name}"):
            return words.say(f"{family}.{name}")
    head, *rest = name.split(".")
    if head == "lines" and len(rest) > 1:
        return words.first(f"need.lines.{rest[-1]}", f"need.line.{rest[-1]}", line=".".join(rest[:-1]))
    if head in TABLES and len(rest) >= len(TABLES[head]):
        found = dict(zip(TABLES[head], rest, strict=False))
        if "union" in found:
            found["union"] = words.territory(found["union"])
        return words.say(f"need.{head.removeprefix('exchange_')}", **found)
    if head == "law" and rest:
        about = ".".join(rest)
        if words.has(f"question.{about}"):
            return words.say("need.law", what=words.say(f"question.{about}"))
        return words.say("need.law_rule", rule=about)
    if head == "levy" and len(rest) > 1:
        return words.say("need.levy", levy=words.name("outcome", rest[0]), territory=words.territory(rest[1]))
    if head == "vat_rate" and rest:
        code = "need.vat_rate_category" if len(rest) > 1 else "need.vat_rate"
        return words.say(code, territory=words.territory(rest[0]), category=" ".join(rest[1:]))
    return " ".join(part.replace("_", " ") for part in (head, *rest))


def any_of(words: Wording, groups: Iterable[Iterable[object]]) -> str:
    """Sets of facts, each of which would settle a question: ``a and b or c``."""
    named = [words.together([fact_name(words, str(name)) for name in group]) for group in groups]
    return words.together([text for text in dict.fromkeys(named) if text], "or")


def fact_value(words: Wording, name: str, value: object) -> str:
    """A fact's value, with its unit or in words."""
    family = FACT_FAMILIES.get(name)
    if family is not None and isinstance(value, str) and words.has(f"{family}.{value}"):
        return words.say(f"{family}.{value}")
    last = name.rpartition(".")[2]
    if isinstance(value, int) and not isinstance(value, bool):
        if last.endswith(WEIGHTS):
            return words.weight(value)
        if last in LENGTHS:
            return words.size([value])
    if last in PLACES and isinstance(value, str) and value.isupper():
        return words.territory(value)
    return value_text(words, value)


def value_text(words: Wording, value: object) -> str:
    """Any value of the decision's JSON, partly known ones included."""
    if value is None:
        return words.say("label.unknown")
    if isinstance(value, bool):
        return words.say("label.yes" if value else "label.no")
    if isinstance(value, Mapping):
        return _described(words, value)
    if isinstance(value, list | tuple):
        return ", ".join(value_text(words, item) for item in value) or words.say("label.none")
    text = str(value)
    if text == "not applicable":
        return words.say("label.not_applicable")
    return words.day(text) if DAY.fullmatch(text) else text


def _described(words: Wording, value: Mapping[str, object]) -> str:
    keys = set(value)
    if keys == {"amount", "currency"}:
        return words.money(value)
    if keys == {"from", "to"} and DAY.fullmatch(str(value["from"])):
        return words.day(value)
    if keys in ({"from", "to"}, {"low", "high"}):
        low, high = (
            value_text(words, value[end]) for end in (("from", "to") if "from" in keys else ("low", "high"))
        )
        return words.say("label.range", low=low, high=high)
    if keys == {"starts_with"}:
        return words.say("label.starts_with", value=value["starts_with"])
    if keys == {"one_of"}:
        return words.say("label.one_of", values=value_text(words, value["one_of"]))
    if "country" in keys or "territory" in keys:
        place = words.territory(value.get("territory") or value.get("country"))
        return f"{value['postcode']} {place}" if value.get("postcode") else place
    return ", ".join(
        words.pair(key.replace("_", " "), value_text(words, item)) for key, item in value.items()
    )


def outcome_text(words: Wording, decision: str, outcome: object) -> str:
    """What a rule concluded: a code of the decision's family, an amount, or the fields of a record."""
    if isinstance(outcome, Mapping) and set(outcome) != {"amount", "currency"}:
        return ", ".join(_field(words, decision, str(key), value) for key, value in outcome.items())
    if isinstance(outcome, str):
        code = f"{family_of(decision)}.{outcome}"
        return words.first(code, f"outcome.{outcome}") if not DAY.fullmatch(outcome) else words.day(outcome)
    return value_text(words, outcome)


def _field(words: Wording, decision: str, key: str, value: object) -> str:
    family = family_of(decision, key)
    if isinstance(value, str) and words.has(f"{family}.{value}"):
        return words.say(f"{family}.{value}")
    return words.pair(words.first(f"field.{key}", key), value_text(words, value))
