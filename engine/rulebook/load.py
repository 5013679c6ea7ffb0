"""Rule folders to a rulebook, or every mistake at once."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from domain import InputError
from engine.rulebook.book import Rulebook
from engine.rulebook.check import check_links, check_references, evaluation_order, settle_currency
from engine.rulebook.defs import Sources
from engine.rulebook.epochs import boundaries, representative, resolve
from engine.rulebook.index import Drawn
from engine.rulebook.literals import Literals
from engine.rulebook.nodes import Mapped, read_yaml
from engine.rulebook.problems import Problems, RulebookError
from engine.rulebook.prove import boxes, conflicts, kinds_of
from engine.rulebook.read import LAW_FOLDERS, FileReader
from engine.rulebook.read_rules import RuleReader, outcome_fact
from engine.rulebook.rows import RowLimit
from engine.rulebook.tree import Decision, Hit, Place, Rule
from engine.rulebook.vocabulary import Vocabulary

__all__ = ["load_rulebook", "read_folder"]

UNKNOWN = Place("?", 1, 1)


def read_folder(folder: Path) -> dict[str, str]:
    """Relative path -> text of every ``.yaml`` and ``.csv`` file; links out of the folder are refused."""
    base = folder.resolve()
    if not base.is_dir():
        raise InputError(f"there is no rule folder {folder}", code="rules.no_folder", cure="name a folder of rule files")
    found: dict[str, str] = {}
    for path in sorted(base.rglob("*")):
        if path.suffix not in (".yaml", ".yml", ".csv") or not path.is_file():
            continue
        if not path.resolve().is_relative_to(base):
            raise InputError(f"{path.name} links out of the rule folder", code="rules.outside", cure="copy the file into the folder")
        try:
            found[path.relative_to(base).as_posix()] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise InputError(
                f"the file is not UTF-8 text: {error.reason}", code="rules.encoding", place=path.relative_to(base).as_posix(),
                cure="save it as UTF-8",
            ) from None  # fmt: skip
    if not found:
        raise InputError(f"the rule folder {folder} holds no rule file", code="rules.empty")
    return found


def load_rulebook(
    texts: Mapping[str, str], vocabulary: Vocabulary, drawn: Drawn | None = None, polygons: Collection[str] | None = None
) -> Rulebook:
    """Read, check and prove all files; a mistake anywhere means no rulebook (:class:`RulebookError`).

    ``drawn`` answers for polygons; ``polygons`` names those there are, so that a misspelt one is noticed.
    """
    problems = Problems()
    reader = FileReader(problems, Literals(problems, vocabulary.valid_codes), polygons)
    for file in sorted(texts):
        if file.endswith((".yaml", ".yml")):
            root = read_yaml(file, texts[file], problems)
            pack = "law" if file.split("/")[0] in LAW_FOLDERS else "retailer"
            if isinstance(root, Mapped):
                reader.read_file(root, pack)
            elif root is not None or not any(item.place.file == file for item in problems.items):
                problems.add("file.shape", Place(file, 1, 1), "a rule file is a mapping", cure="begin with decision:, params:, sets:, zones: or facts:")
    words = _with_retailer_facts(vocabulary, reader, problems)
    decisions, rules = _decisions(reader, words, _tables(texts), problems)
    sources = Sources(reader.draft.params, reader.draft.sets)
    owners = {rule.id: decision.id for decision in decisions.values() for rule in decision.rules}
    links = {(ident, key): node for ident, key, node in rules.links}
    for name, decision in decisions.items():
        check_links(decision, links, owners, problems)
        check_references(decision, sources, reader.draft.zones, rules.vocabulary, problems)
        decisions[name] = settle_currency(decision, sources, problems)
    order = evaluation_order(decisions, problems)
    if not problems:  # proofs need settled names
        for decision in decisions.values():
            _prove(decision, sources, rules.vocabulary, problems)
    if problems:
        raise RulebookError(problems.sorted(), texts)
    version = hashlib.sha256("\0".join(f"{name}\0{texts[name]}" for name in sorted(texts)).encode()).hexdigest()[:16]
    return Rulebook(decisions, order, sources, reader.draft.zones, rules.vocabulary, version, drawn)


def _with_retailer_facts(vocabulary: Vocabulary, reader: FileReader, problems: Problems) -> Vocabulary:
    fresh = []
    for fact in reader.draft.facts:
        if fact.name in vocabulary.facts:
            problems.add("fact.taken", UNKNOWN, f'the retailer fact "{fact.name}" already exists', cure="choose another name")
        else:
            fresh.append(fact)
    return vocabulary.plus(fresh)


def _tables(texts: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    return {file: (file, text) for file, text in texts.items() if file.endswith(".csv")}


def _decisions(
    reader: FileReader, words: Vocabulary, tables: Mapping[str, tuple[str, str]], problems: Problems
) -> tuple[dict[str, Decision], RuleReader]:
    rules = RuleReader(reader, words, tables, problems)
    heads = []
    for root, pack in reader.draft.decisions:
        head = rules.head(root)
        if head is None:
            continue
        clash = next((other for other, _, _ in heads if other[0] == head[0]), None)
        if clash is not None or head[0] in words.facts:
            place = (root.get("decision") or root).place
            problems.add("decision.duplicate", place, f'the decision "{head[0]}" exists already', cure="add the rules to the first file, or choose another name")
            continue
        heads.append((head, root, pack))
    outcomes = [fact for (name, scope, hit, yields), root, _ in heads if (fact := outcome_fact(name, scope, hit, yields))]
    about_input = {head[0] for head, root, _ in heads if reader.text(root.get("about_input"), "about_input") == "yes"}
    marked = [replace(fact, given_by="input") if fact.name in about_input else fact for fact in outcomes]
    whole = RuleReader(reader, words.plus(marked), tables, problems)
    return {head[0]: whole.decision(root, head, pack) for head, root, pack in heads}, whole


def _prove(decision: Decision, sources: Sources, vocabulary: Vocabulary, problems: Problems) -> None:
    """Uniqueness and living rules in every epoch, past and future; each finding once, with its first day."""
    kinds = kinds_of(vocabulary)
    cuts = boundaries(decision, sources)
    said: set[tuple[str, ...]] = set()
    try:
        for epoch in range(len(cuts) + 1):
            day = representative(cuts, epoch)
            alive = resolve(decision, day, sources)
            table = {rule.id: rule for rule in alive.rules}
            for rule in alive.rules:
                if (rule.id,) not in said and not boxes(rule, table, kinds):
                    said.add((rule.id,))
                    problems.add("rule.never", rule.place or UNKNOWN, f'the rule "{rule.id}" can never hold', why="its tests (with those of the rules it overrides) contradict each other", cure="mend or remove a test")
            if decision.hit is Hit.UNIQUE:
                _unique(alive, day if cuts else None, kinds, said, problems)
    except RowLimit as error:
        problems.add("rule.alternatives", decision.place or UNKNOWN, str(error), cure="split the rule")


def _unique(alive: Decision, day: object, kinds: Mapping[str, str], said: set[tuple[str, ...]], problems: Problems) -> None:
    for conflict in conflicts(alive, kinds):
        pair = tuple(sorted((conflict.first.id, conflict.second.id)))
        if pair in said:
            continue
        said.add(pair)
        later = _later(conflict.first, conflict.second)
        shown = ", ".join(f"{name} = {value}" for name, value in conflict.witness.items()) or "any input"
        when = f" on {day}" if day else ""
        problems.add(
            "rule.conflict", later.place or UNKNOWN,
            f'"{conflict.first.id}" and "{conflict.second.id}" can both hold{when}',
            why=f"for example when {shown}",
            cure="add a test that tells them apart, or let the special one say overrides: the general one",
        )  # fmt: skip


def _later(first: Rule, second: Rule) -> Rule:
    return max((first, second), key=lambda rule: (rule.place.file, rule.place.line) if rule.place else ("", 0))
