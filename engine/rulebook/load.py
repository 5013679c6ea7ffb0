"""Rule folders to a rulebook, or every mistake at once."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from domain import InputError
from engine.rulebook.book import Rulebook
from engine.rulebook.check import check_links, check_references, evaluation_order, settle_currency
from engine.rulebook.defs import Sources
from engine.rulebook.epochs import Resolver, boundaries, representative, resolve
from engine.rulebook.index import Drawn
from engine.rulebook.literals import Literals
from engine.rulebook.nodes import Mapped, NodeT, read_yaml
from engine.rulebook.problems import Problem, Problems, RulebookError, nearest
from engine.rulebook.prove import Shapes, conflicts, kinds_of, told
from engine.rulebook.read import LAW_FOLDERS, FileReader
from engine.rulebook.read_rules import RuleReader, outcome_fact
from engine.rulebook.rows import RowLimit, rule_rows
from engine.rulebook.tree import Decision, Hit, Place, Rule, Yields
from engine.rulebook.vocabulary import Fact, Vocabulary

__all__ = ["load_rulebook", "read_folder"]

UNKNOWN = Place("?", 1, 1)
READINGS = "readings.csv"
"""The register of second readings at the top of a rule folder: about rules, and none itself."""
Head = tuple[str, str, Hit, Yields]


def read_folder(folder: Path) -> dict[str, str]:
    """Relative path -> text of every ``.yaml`` and ``.csv`` file but the register of readings.

    Links out of the folder are refused.
    """
    base = folder.resolve()
    if not base.is_dir():
        raise InputError(
            f"there is no rule folder {folder}", code="rules.no_folder", cure="name a folder of rule files"
        )
    found: dict[str, str] = {}
    for path in sorted(base.rglob("*")):
        if path.suffix not in (".yaml", ".yml", ".csv") or not path.is_file() or path == base / READINGS:
            continue
        if not path.resolve().is_relative_to(base):
            raise InputError(
                f"{path.name} links out of the rule folder",
                code="rules.outside",
                cure="copy the file into the folder",
            )
        try:
            found[path.relative_to(base).as_posix()] = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise InputError(
                f"the file is not UTF-8 text: {error.reason}",
                code="rules.encoding",
                place=path.relative_to(base).as_posix(),
                cure="save it as UTF-8",
            ) from None
    if not found:
        raise InputError(f"the rule folder {folder} holds no rule file", code="rules.empty")
    return found


def load_rulebook(
    texts: Mapping[str, str],
    vocabulary: Vocabulary,
    drawn: Drawn | None = None,
    polygons: Collection[str] | None = None,
) -> Rulebook:
    """Read, check and prove all files; a mistake anywhere means no rulebook (:class:`RulebookError`).

    ``drawn`` answers for polygons; ``polygons`` names those there are, so that a misspelt one is noticed.
    """
    problems = Problems()
    reader = FileReader(problems, Literals(problems, vocabulary.valid_codes), polygons)
    reader.domains = tuple(vocabulary.domains)
    unread: list[str] = []
    for file in sorted(texts):
        if file.endswith((".yaml", ".yml")):
            root = read_yaml(file, texts[file], problems)
            pack = "law" if file.split("/")[0] in LAW_FOLDERS else "retailer"
            if isinstance(root, Mapped):
                reader.read_file(root, pack)
            elif root is None and any(item.place.file == file for item in problems.items):
                unread.append(texts[file])
            else:
                what = "the file is empty" if root is None else "a rule file is a mapping of keys to values"
                problems.add(
                    "file.shape",
                    Place(file, 1, 1),
                    what,
                    cure="begin with decision:, params:, sets:, zones: or facts:",
                )
    words = _with_retailer_facts(vocabulary, reader, problems)
    decisions, rules = _decisions(reader, words, _tables(texts), problems)
    sources = Sources(reader.draft.params, reader.draft.sets, frozenset(reader.draft.broken))
    owners = {rule.id: rule for decision in decisions.values() for rule in decision.rules}
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
        raise RulebookError(_causes(problems, reader.draft.broken, unread), texts)
    version = hashlib.sha256(
        "\0".join(f"{name}\0{texts[name]}" for name in sorted(texts)).encode()
    ).hexdigest()[:16]
    return Rulebook(decisions, order, sources, reader.draft.zones, rules.vocabulary, version, drawn)


def _causes(problems: Problems, broken: Collection[str], unread: Collection[str]) -> tuple[Problem, ...]:
    """The mistakes without those that only follow from others: unknown words that a broken part defines,
    and facts of the wrong scope where the scope is not known."""
    found = []
    unscoped = {item.place.file for item in problems.items if item.code in ("per.absent", "per.unknown")}
    for item in problems.sorted():
        if item.place.file in unscoped and item.code in ("fact.scope", "fact.inner", "quantifier.scope"):
            continue
        name = item.what.partition('"')[2].partition('"')[0]
        defined = name in broken or any(name in text for text in unread)
        if not (defined and item.code.endswith(".unknown")):
            found.append(item)
    return tuple(found)


def _with_retailer_facts(vocabulary: Vocabulary, reader: FileReader, problems: Problems) -> Vocabulary:
    fresh: dict[str, tuple[Fact, Place]] = {}
    for fact, place in reader.draft.facts:
        if fact.name in vocabulary.facts:
            why = "the product gives it itself"
            problems.add(
                "fact.taken", place, f'the fact "{fact.name}" exists already', why, "choose another name"
            )
        elif fact.name in fresh:
            why = f"it is defined at {fresh[fact.name][1]}"
            problems.add(
                "fact.taken", place, f'the fact "{fact.name}" exists already', why, "choose another name"
            )
        else:
            fresh[fact.name] = (fact, place)
    return vocabulary.plus(fact for fact, _ in fresh.values())


def _tables(texts: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    return {file: (file, text) for file, text in texts.items() if file.endswith(".csv")}


def _decisions(
    reader: FileReader, words: Vocabulary, tables: Mapping[str, tuple[str, str]], problems: Problems
) -> tuple[dict[str, Decision], RuleReader]:
    rules = RuleReader(reader, words, tables, problems)
    heads: list[tuple[Head, Mapped, str]] = []
    for root, pack in reader.draft.decisions:
        head = rules.head(root)
        if head is None:
            continue
        clash = next((other for other in heads if other[0][0] == head[0]), None)
        place = (root.get("decision") or root).place
        if clash is not None:
            law = clash[2] == "law" and pack != "law"
            first = (clash[1].get("decision") or clash[1]).place
            why = f"it is law, decided at {first}" if law else f"it is decided at {first}"
            cure = (
                "write a decision of your own that forbids or requires"
                if law
                else "add the rules to that file, or choose another name"
            )
            problems.add("decision.duplicate", place, f'the decision "{head[0]}" exists already', why, cure)
            continue
        if head[0] in words.facts:
            problems.add(
                "decision.duplicate",
                place,
                f'"{head[0]}" is a fact, and no decision',
                why="the outcome of a decision is a fact of the same name",
                cure="choose another name",
            )
            continue
        heads.append((head, root, pack))
    outcomes = [
        fact
        for (name, scope, hit, yields), root, _ in heads
        if (fact := outcome_fact(name, scope, hit, yields))
    ]
    about_input = {
        head[0] for head, root, _ in heads if reader.text(root.get("about_input"), "about_input") == "yes"
    }
    marked = [replace(fact, given_by="input") if fact.name in about_input else fact for fact in outcomes]
    whole = RuleReader(reader, words.plus(marked), tables, problems)
    more = _continued(reader, heads, problems)
    return {
        head[0]: whole.decision(root, head, pack, more.get(head[0], ())) for head, root, pack in heads
    }, whole


def _continued(
    reader: FileReader, heads: Sequence[tuple[Head, Mapped, str]], problems: Problems
) -> dict[str, list[Mapped]]:
    """The files that continue a decision, by its name. Head and files name each other, so that none can be lost."""
    known = {head[0]: (head[2], root, pack) for head, root, pack in heads}
    written = {reader.text(root.get("decision"), "decision") for root, _ in reader.draft.decisions}
    found: dict[str, list[Mapped]] = {}
    for root, pack in reader.draft.continued:
        node = root.get("continues") or root
        name = reader.text(node, "continues")
        if name not in known and name in written:
            continue  # what is wrong with its head is said there
        hit, head, owner = known.get(name, (None, None, ""))
        if head is None:
            what, cure = f'there is no decision "{name}" to continue', nearest(name, known)
        elif owner != pack:
            what = f"{name} belongs to {'the law' if owner == 'law' else 'the retailer'}"
            cure = "write a decision of your own that forbids or requires"
        elif hit is Hit.FIRST:
            what = f"{name} asks its rules in their order, which several files do not have"
            cure = "put the rules into the file of the decision"
        elif root.place.file not in _listed(reader, head):
            what = f"{head.place.file} does not say that {name} is continued here"
            cure = f"add {root.place.file} to continued_in: in {head.place.file}"
        else:
            found.setdefault(name, []).append(root)
            continue
        problems.add("continues.refused", node.place, what, cure=cure)
    there = {root.place.file for root, _ in reader.draft.continued}
    broken = {item.place.file for item in problems.items}
    for name, (_, head, _) in known.items():
        for file, node in _listed(reader, head).items():
            if file not in there | broken:
                what = f'"{file}", which continues {name}, is not there'
                cure = "restore the file, or take it off the list"
                problems.add("continues.missing", node.place, what, cure=cure)
    return found


def _listed(reader: FileReader, head: Mapped) -> dict[str, NodeT]:
    """The files that a head says continue it."""
    return {
        reader.text(node, "a file"): node for node in reader.items(head.get("continued_in"), "continued_in")
    }


def _prove(decision: Decision, sources: Sources, vocabulary: Vocabulary, problems: Problems) -> None:
    """Uniqueness and living rules in every epoch, past and future; each finding once, with its first day."""
    shapes = Shapes(kinds_of(vocabulary))
    resolver = Resolver(decision, sources)
    cuts = boundaries(decision, sources)
    said: set[tuple[str, ...]] = set()
    try:
        for epoch in range(len(cuts) + 1):
            day = representative(cuts, epoch)
            alive = resolver.on(day)
            table = {rule.id: rule for rule in alive.rules}
            for rule in alive.rules:
                if (rule.id,) in said or shapes.of(rule, table):
                    continue
                said.add((rule.id,))
                base = (
                    "" if rule.overrides is None else f' and those of "{rule.overrides}", which it overrides,'
                )
                problems.add(
                    "rule.never",
                    rule.place or UNKNOWN,
                    f'the rule "{rule.id}" {f"cannot hold on {day}" if cuts else "can never hold"}',
                    why=f"its tests{base} contradict each other",
                    cure="mend or remove a test",
                )
            if decision.hit is Hit.UNIQUE:
                _unique(alive, day if cuts else None, shapes, said, problems)
    except RowLimit as error:
        _unreadable(decision, cuts, sources, str(error), problems)


def _unreadable(
    decision: Decision, cuts: tuple[date, ...], sources: Sources, what: str, problems: Problems
) -> None:
    """Name the rules that multiply out to too much."""
    said: set[str] = set()
    for epoch in range(len(cuts) + 1):
        alive = resolve(decision, representative(cuts, epoch), sources)
        table = {rule.id: rule for rule in alive.rules}
        for rule in alive.rules:
            try:
                rule_rows(rule, table, apart=True)
            except RowLimit:
                if rule.id not in said:
                    said.add(rule.id)
                    problems.add(
                        "rule.alternatives",
                        rule.place or UNKNOWN,
                        f'the rule "{rule.id}" cannot be proven: {what}',
                        why="each any: and each list of contained codes multiplies with the others",
                        cure="split the rule, or make a part of it a decision of its own",
                    )


def _unique(
    alive: Decision, day: object, shapes: Shapes, said: set[tuple[str, ...]], problems: Problems
) -> None:
    for conflict in conflicts(alive, shapes.kinds, shapes):
        pair = tuple(sorted((conflict.first.id, conflict.second.id)))
        if pair in said:
            continue
        said.add(pair)
        later = _later(conflict.first, conflict.second)
        shown = told(conflict.witness) or "nothing in particular is the case"
        when = f" on {day}" if day else ""
        problems.add(
            "rule.conflict",
            later.place or UNKNOWN,
            f'"{conflict.first.id}" and "{conflict.second.id}" can both hold{when}',
            why=f"for example when {shown}",
            cure="add a test that tells them apart, or let the special one say overrides: the general one",
        )


def _later(first: Rule, second: Rule) -> Rule:
    return max(
        (first, second), key=lambda rule: (rule.place.file, rule.place.line) if rule.place else ("", 0)
    )
