"""Decision files to typed decisions: conditions, outcomes, exceptions, examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain import NOT_APPLICABLE, Prefix
from domain import Place as Spot
from engine.rulebook.cells import read_csv
from engine.rulebook.grammar import TestReader
from engine.rulebook.literals import UNITS, Literals
from engine.rulebook.nodes import Listing, Mapped, NodeT, Scalar
from engine.rulebook.problems import Problems, a, nearest
from engine.rulebook.read import CITATION, LANGUAGES, NAME, FileReader
from engine.rulebook.record import Record
from engine.rulebook.tree import (
    CANNOT_DETERMINE,
    All,
    Any,
    Convert,
    Decision,
    Example,
    Hit,
    Node,
    NoneOf,
    Place,
    Quantified,
    Rule,
    Yields,
)
from engine.rulebook.vocabulary import ENCLOSING, INNER, SCOPES, Fact, FactType, Vocabulary

__all__ = ["RuleReader", "outcome_fact", "read_yields"]

HEAD = (
    "decision",
    "title",
    "per",
    "yields",
    "dated_by",
    "hit",
    "reason",
    "convert",
    "otherwise",
    "about_input",
    "cite",
    "owner",
    "rules",
    "table",
    "unit",
    "continued_in",
    "note",
    "params",
    "sets",
    "zones",
)
RULE = (
    "id",
    "title",
    "valid",
    "cite",
    "when",
    "then",
    "overrides",
    "replaces",
    "examples",
    "owner",
    "reason",
    "known_until",
    "note",
)
PARTS = {"title": LANGUAGES, "valid": ("from", "until"), "cite": CITATION}
QUANTIFIERS = ("any", "every", "no")
RATES = ("eu_customs_month", "eu_national_year", "hmrc_period", "ecb_day", "none")
SCALAR_YIELDS = ("bool", "int", "decimal", "percent", "money", "days", "minutes", "weight", "text")


def read_yields(reader: FileReader, node: NodeT | None, place: Place) -> Yields:
    """The outcome type: a word, ``{enum: [...]}``, ``{code: service}`` or ``{record: {...}}``."""
    problems = reader.problems
    if isinstance(node, Scalar):
        word, optional = node.text.removesuffix("?"), node.text.endswith("?")
        if word in SCALAR_YIELDS:
            return Yields(word, optional=optional)
        if reader.literals.codes_of(FactType("code", word)) is not None:
            return Yields("code", (word,), optional=optional)
        problems.add(
            "yields.unknown",
            node.place,
            f'"{node.text}" is not a type of outcome',
            cure=nearest(word, SCALAR_YIELDS),
        )
        return Yields("text")
    if isinstance(node, Mapped):
        reader.keys(node, ("enum", "record"), "yields")
        if node.get("record") is not None and (block := reader.mapped(node.get("record"), place, "record")):
            return Yields(
                "record",
                fields={key.text: read_yields(reader, value, key.place) for key, value in block.entries},
            )
        codes = tuple(reader.text(item, "a code") for item in reader.items(node.get("enum"), "enum"))
        if not codes:
            problems.add(
                "yields.empty", node.place, "yields names no outcome", cure="write {enum: [first, second]}"
            )
            return Yields("text")
        if len(set(codes)) < len(codes):
            problems.add("yields.duplicate", node.place, "a code stands twice in the enum", cure="keep one")
        return Yields("enum", codes)
    problems.add(
        "yields.absent", place, "the decision does not say what it yields", cure="add yields: {enum: [...]}"
    )
    return Yields("text")


def outcome_fact(ident: str, scope: str, hit: Hit, yields: Yields) -> Fact | None:
    """A decision's outcome as a fact for later decisions; records cannot be tested."""
    if yields.kind == "record":
        return None
    kind = FactType("code", None, yields.codes) if yields.kind == "enum" else FactType(yields.kind)
    if yields.kind == "code":
        kind = FactType("code", yields.codes[0])
    if hit is Hit.COLLECT:
        kind = FactType("codes", kind.domain, kind.codes)
    return Fact(ident, scope, kind, f"outcome of the decision {ident}", "", "decision")


class RuleReader:
    """Reads rules once the whole vocabulary is known."""

    def __init__(
        self,
        reader: FileReader,
        vocabulary: Vocabulary,
        tables: Mapping[str, tuple[str, str]],
        problems: Problems,
    ) -> None:
        self.reader = reader
        self.vocabulary = vocabulary
        self.tables = tables
        self.problems = problems
        self.literals = Literals(problems, vocabulary.valid_codes)
        self.tests = TestReader(problems, self.literals)
        self.links: list[tuple[str, str, Scalar]] = []

    # -- the head ---------------------------------------------------------------------------------

    def head(self, root: Mapped) -> tuple[str, str, Hit, Yields] | None:
        """Name, scope, hit policy and outcome type: enough to make the outcome a fact."""
        reader = self.reader
        reader.keys(root, HEAD, "a decision file")
        name = reader.text(root.get("decision"), "decision")
        place = root.get("decision") or root
        if isinstance(place, Scalar) and not NAME.match(name):
            cure = "write subject.question in lower case, such as delivery.forbidden"
            self.problems.add("decision.name", place.place, f'"{name}" is not a decision name', cure=cure)
        scope = self._word(root, "per", SCOPES, "consignment")
        hit = self._word(root, "hit", tuple(Hit), "unique")
        yields = read_yields(reader, root.get("yields"), root.place)
        if hit == Hit.SUM and yields.kind not in (
            "int",
            "decimal",
            "money",
            "minutes",
            "days",
            "percent",
            "weight",
        ):
            self.problems.add(
                "hit.sum",
                (root.get("hit") or root).place,
                f"sum cannot add up {yields.kind} outcomes",
                cure="yield money or a number",
            )
        if hit == Hit.FIRST and not reader.text(root.get("reason"), "reason"):
            self.problems.add(
                "hit.first",
                (root.get("hit") or root).place,
                "hit: first needs a written reason",
                why="order-dependent rules are hard to maintain",
                cure="add reason: ..., or use unique with overrides",
            )
        return (name, scope, Hit(hit), yields)

    def _word(self, root: Mapped, key: str, known: tuple[str, ...], default: str, needed: bool = True) -> str:
        node = root.get(key)
        if node is None and not needed:
            return default
        if node is None:
            place = root.place
            self.problems.add(
                f"{key}.absent", place, f"the decision has no {key}:", cure=f"add {key}: {', '.join(known)}"
            )
            return default
        word = self.reader.text(node, key)
        if word not in known:
            self.problems.add(
                f"{key}.unknown", node.place, f'{key} cannot be "{word}"', cure=nearest(word, known)
            )
            return default
        return word

    def decision(
        self, root: Mapped, head: tuple[str, str, Hit, Yields], pack: str, more: Sequence[Mapped] = ()
    ) -> Decision:
        """The whole decision with its rules; ``more`` are the files that continue it."""
        name, scope, hit, yields = head
        reader = self.reader
        dated_by = reader.text(root.get("dated_by"), "dated_by")
        if root.get("dated_by") is None:
            self.problems.add(
                "dated_by.absent",
                root.place,
                "the decision does not say which date picks its rules",
                why="there is no single legal date",
                cure="add dated_by: " + ", ".join(self._dates(scope)),
            )
        elif problem := self._no_date(dated_by, scope):
            node = root.get("dated_by") or root
            why = "there is no single legal date"
            self.problems.add(
                "dated_by.unknown", node.place, problem, why, nearest(dated_by, self._dates(scope))
            )
        self._context = (scope, yields, pack, name)
        before = len(self.problems.items)
        nodes = [(node, held) for held in (root, *more) for node in reader.items(held.get("rules"), "rules")]
        rules = [rule for node, held in nodes if (rule := self._rule(node, held)) is not None]
        if root.get("table") is not None:
            rules += self._table(root)
        if not rules and not nodes and len(self.problems.items) == before:
            place = (root.get("rules") or root.get("table") or root).place
            cure = "add rows to the table" if root.get("table") is not None else "add rules: [...]"
            self.problems.add("decision.empty", place, f"the decision {name} has no rules", cure=cure)
        return Decision(
            name,
            scope,
            yields,
            dated_by,
            hit,
            self._otherwise(root, hit, yields),
            tuple(rules),
            convert=self._convert(root, scope),
            about_input=self._word(root, "about_input", ("yes", "no"), "no", needed=False) == "yes",
            reason=reader.text(root.get("reason"), "reason"),
            title=reader.title(root.get("title")),
            place=(root.get("decision") or root).place,
        )

    def _dates(self, scope: str) -> list[str]:
        facts = self.vocabulary.facts.values()
        return sorted(
            fact.name for fact in facts if fact.type.kind == "date" and fact.scope in ENCLOSING[scope]
        )

    def _no_date(self, word: str, scope: str) -> str:
        """Why a word is no date that a decision of this scope can read; empty if it is one."""
        fact = self.vocabulary.facts.get(word)
        if fact is None or fact.type.kind != "date":
            return f'"{word}" is not a date fact'
        return (
            ""
            if fact.scope in ENCLOSING[scope]
            else f'"{word}" is a date of {a(fact.scope)}, not known where {a(scope)} is decided'
        )

    def _convert(self, root: Mapped, scope: str) -> Convert | None:
        node = root.get("convert")
        if node is None:
            return None
        if isinstance(node, Scalar) and node.text == "none":
            return Convert("none")
        mapped = self.reader.mapped(
            node, root.place, "convert", "write {rate: ecb_day, date: order.date}, or none"
        )
        if mapped is None:
            return None
        self.reader.keys(mapped, ("rate", "date"), "convert")
        rate = self.reader.text(mapped.get("rate"), "rate")
        if mapped.get("rate") is None:
            cure = "add rate: " + ", ".join(RATES)
            self.problems.add(
                "convert.rate", mapped.place, "convert does not say which exchange rate applies", cure=cure
            )
        elif rate not in RATES:
            self.problems.add(
                "convert.rate",
                (mapped.get("rate") or mapped).place,
                f'"{rate}" is not a kind of exchange rate',
                cure=nearest(rate, RATES),
            )
        day = self.reader.text(mapped.get("date"), "date")
        if rate != "none" and mapped.get("date") is None:
            cure = "add date: " + ", ".join(self._dates(scope))
            self.problems.add(
                "convert.date", mapped.place, "convert does not say which date picks the rate", cure=cure
            )
        elif rate != "none" and (problem := self._no_date(day, scope)):
            cure = nearest(day, self._dates(scope))
            self.problems.add("convert.date", (mapped.get("date") or mapped).place, problem, cure=cure)
        return Convert(rate, day or None)

    def _otherwise(self, root: Mapped, hit: Hit, yields: Yields) -> object:
        node = root.get("otherwise")
        if hit in (Hit.COLLECT, Hit.SUM):
            if node is not None:
                self.problems.add(
                    "otherwise.needless",
                    node.place,
                    f"a {hit} decision has no otherwise",
                    cure="remove it: nothing collected is an empty answer",
                )
            return None
        if node is None:
            self.problems.add(
                "otherwise.absent",
                root.place,
                "the decision does not say what holds otherwise",
                why="a silent default is a defect",
                cure="add otherwise: cannot_determine, or a value",
            )
            return CANNOT_DETERMINE
        if isinstance(node, Scalar) and node.text == CANNOT_DETERMINE:
            return CANNOT_DETERMINE
        return self._outcome(node, yields, params=False)

    # -- rules -------------------------------------------------------------------------------------

    def _rule(self, node: NodeT, root: Mapped) -> Rule | None:
        reader = self.reader
        mapped = reader.mapped(node, root.place, "a rule", "write {id: ..., when: ..., then: ...}")
        if mapped is None:
            return None
        scope, yields, pack, name = self._context
        reader.keys(mapped, RULE, "a rule")
        ident = reader.identifier(mapped.get("id"), mapped.place, "rule")
        if not ident:
            ident = f"?{mapped.place}"
        called = "this rule" if ident.startswith("?") else f'the rule "{ident}"'
        when_node = mapped.get("when")
        if when_node is None:
            cure = "add when: with tests, or when: {} if it always holds"
            self.problems.add("when.absent", mapped.place, f"{called} has no when", cure=cure)
        when = self.condition(when_node, scope) if when_node is not None else All(())
        then_node = mapped.get("then")
        if then_node is None:
            self.problems.add(
                "then.absent", mapped.place, f"{called} has no then", cure="add then: with an outcome"
            )
        then = self._outcome(then_node, yields) if then_node is not None else None
        cite = reader.citations(mapped.get("cite")) or reader.citations(root.get("cite"))
        owner = reader.text(mapped.get("owner"), "owner") or reader.text(root.get("owner"), "owner")
        reason = reader.text(mapped.get("reason"), "reason")
        self._accounted(called, mapped, root, pack)
        for key in ("overrides", "replaces"):
            if isinstance(target := mapped.get(key), Scalar):
                self.links.append((ident, key, target))
        if dates := mapped.key("valid"):
            self.links.append((ident, "valid", dates))
        validity, known_until = reader.validity(mapped.get("valid")), reader.day(mapped.get("known_until"))
        if known_until is not None and validity.start is not None and known_until <= validity.start:
            self.problems.add(
                "date.reversed",
                (mapped.get("known_until") or mapped).place,
                f"known until {known_until}, but valid only from {validity.start}",
                why="the rule would never say anything",
                cure="move known_until behind the first valid day",
            )
        return Rule(
            ident,
            name,
            when,
            then,
            validity,
            overrides=reader.text(mapped.get("overrides"), "overrides") or None,
            replaces=reader.text(mapped.get("replaces"), "replaces") or None,
            title=reader.title(mapped.get("title")),
            cite=cite,
            owner=owner,
            reason=reason,
            known_until=known_until,
            examples=tuple(self._examples(mapped.get("examples"), scope, yields)),
            pack=pack,
            place=mapped.place,
        )

    def _accounted(self, called: str, mapped: Mapped, root: Mapped, pack: str) -> None:
        def lacks(key: str, *nodes: Mapped) -> bool:
            found = next((value for node in nodes if (value := node.get(key)) is not None), None)
            return (
                found is None
                or (isinstance(found, Scalar) and not found.text)
                or (isinstance(found, Listing) and not found.items)
            )

        if pack == "law" and lacks("cite", mapped, root):
            why = "officers must find the source of every law rule"
            self.problems.add(
                "cite.absent",
                mapped.place,
                f"{called} is law and cites nothing",
                why,
                "add cite: [{act: ..., article: ...}]",
            )
        if pack != "law":
            missing = [
                key for key, nodes in (("owner", (mapped, root)), ("reason", (mapped,))) if lacks(key, *nodes)
            ]
            if missing:
                what = f"{called} has no {' and no '.join(missing)}"
                cure = "add " + " and ".join(f"{key}: ..." for key in missing)
                self.problems.add(
                    "owner.absent",
                    mapped.place,
                    what,
                    why="a retailer rule says who wants it and why",
                    cure=cure,
                )

    def condition(self, node: NodeT, scope: str) -> All:
        """A mapping of facts to tests (all of them hold), with blocks and quantifiers."""
        mapped = self.reader.mapped(node, node.place, "a condition", "write {fact: test}")
        if mapped is None:
            return All(())
        parts: list[Node] = []
        for key, value in mapped.entries:
            parts += self._entry(key, value, scope)
        return All(tuple(parts))

    def _entry(self, key: Scalar, value: NodeT, scope: str) -> list[Node]:
        word, place = key.text, key.place
        if word in ("all", "any", "none"):
            items = value.items if isinstance(value, Listing) else (value,)
            if isinstance(value, Mapped) and word != "all" and len(value.entries) > 1:
                self.problems.add(
                    "block.list",
                    value.place,
                    f"{word}: needs a list here",
                    why="tests in one pair of braces hold together, so it would not mean what it seems to say",
                    cure=f"write {word}: [{{...}}, {{...}}]",
                )
            parts = tuple(self.condition(item, scope) for item in items)
            return [All(parts) if word == "all" else Any(parts) if word == "any" else NoneOf(parts)]
        first, _, inner = word.partition(" ")
        if inner and first in QUANTIFIERS:
            if inner not in INNER[scope]:
                inners = INNER[scope]
                others = ", ".join(f'"{first} {other}:"' for other in inners)
                cure = (
                    f"write {others}"
                    if inners
                    else f"{a(scope)} has no inner scope; write its tests without quantifier"
                )
                self.problems.add("quantifier.scope", place, f'"{inner}" is not inside {a(scope)}', cure=cure)
                return []
            return [Quantified(first, inner, self._inside(value, inner))]
        fact = self._fact(word, place, scope)
        return list(self.tests.tests(fact, value)) if fact is not None else []

    def _inside(self, value: NodeT, inner: str) -> All:
        mapped = self.reader.mapped(value, value.place, "a quantifier's body", "write {fact: test}")
        if mapped is None:
            return All(())
        parts: list[Node] = []
        for key, body in mapped.entries:
            parts += self._entry(key, body, inner)
        return All(tuple(parts))

    def _fact(self, word: str, place: Place, scope: str, in_example: bool = False) -> Fact | None:
        fact = self.vocabulary.facts.get(word)
        if fact is None:
            near = (*ENCLOSING[scope], *INNER[scope])
            known = [name for name, other in self.vocabulary.facts.items() if other.scope in near]
            blocks = (
                INNER[scope]
                if in_example
                else ("all", "any", "none", *(f"{q} {i}" for q in QUANTIFIERS for i in INNER[scope]))
            )
            why = "the vocabulary has no word of that name"
            self.problems.add(
                "fact.unknown",
                place,
                f'unknown fact "{word}"',
                why,
                nearest(word, (*known, *blocks), "passavant rules vocabulary"),
            )
            return None
        if fact.scope in ENCLOSING[scope]:
            return fact
        if fact.scope in INNER[scope]:
            cure = f'write "any {fact.scope}: {{{word}: ...}}", "every {fact.scope}: ..." or "no {fact.scope}: ..."'
            self.problems.add(
                "fact.inner",
                place,
                f'"{word}" is a fact of {a(fact.scope)}, and {a(scope)} has several',
                why="a bare inner fact does not say which one is meant",
                cure=f"write {fact.scope}: [{{{word}: ...}}]" if in_example else cure,
            )
        else:
            self.problems.add(
                "fact.scope",
                place,
                f'"{word}" is a fact of {a(fact.scope)}, not known where {a(scope)} is decided',
                cure=f"decide it per {fact.scope}, or use another fact",
            )
        return None

    # -- outcomes and examples -------------------------------------------------------------------

    def _outcome(self, node: NodeT, yields: Yields, params: bool = True) -> object:
        if yields.kind == "record":
            if not isinstance(node, Mapped):
                fields = ", ".join(
                    f"{name}: ..." for name, kind in yields.fields.items() if not kind.optional
                )
                self.problems.add(
                    "then.shape", node.place, "the outcome has several fields", cure=f"write {{{fields}}}"
                )
                return None
            mapped = node
            self.reader.keys(mapped, yields.fields, "the outcome")
            held = {}
            for name, kind in yields.fields.items():
                value = mapped.get(name)
                if value is not None:
                    held[name] = self._outcome(value, kind, params)
                elif not kind.optional:
                    self.problems.add(
                        "then.field", mapped.place, f'the outcome lacks "{name}"', cure=f"add {name}: ..."
                    )
            return Record(held)
        if not isinstance(node, Scalar):
            self.problems.add(
                "then.shape", node.place, "the outcome is a single value", cure="write one value"
            )
            return None
        if yields.kind == "enum":
            if node.text not in yields.codes:
                self.problems.add(
                    "then.code",
                    node.place,
                    f'"{node.text}" is not an outcome of this decision',
                    cure=nearest(node.text, yields.codes),
                )
                return None
            return node.text
        domain = yields.codes[0] if yields.kind == "code" else None
        return self.literals.scalar(node, FactType(yields.kind, domain), params)

    def _examples(self, node: NodeT | None, scope: str, yields: Yields) -> list[Example]:
        found = []
        for item in self.reader.items(node, "examples"):
            mapped = self.reader.mapped(
                item, item.place, "an example", "write {given: {fact: value}, expect: outcome}"
            )
            if mapped is None:
                continue
            self.reader.keys(mapped, ("given", "expect", "on"), "an example")
            given: dict[str, object] = {}
            members: dict[str, tuple[Mapping[str, object], ...]] = {}
            if mapped.get("given") is None:
                cure = "add given: {fact: value}, or given: {} if nothing is known"
                self.problems.add("example.given", mapped.place, "the example gives nothing", cure=cure)
                continue
            block = self.reader.mapped(mapped.get("given"), mapped.place, "given", "write {fact: value}")
            for key, value in block.entries if block else ():
                if key.text in INNER[scope]:
                    groups = []
                    for entry in self.reader.items(value, key.text):
                        inner = self.reader.mapped(entry, entry.place, f"a {key.text}")
                        groups.append(self._given(inner, key.text) if inner else {})
                    members[key.text] = tuple(groups)
                else:
                    given |= self._given(Mapped(((key, value),), key.place), scope)
            expect = mapped.get("expect")
            if expect is None:
                self.problems.add(
                    "example.expect",
                    mapped.place,
                    "the example expects nothing",
                    cure="add expect: with an outcome, this or not this",
                )
                continue
            words = ("this", "not this", CANNOT_DETERMINE)
            said = isinstance(expect, Scalar) and expect.text in words
            outcome = (
                expect.text
                if said and isinstance(expect, Scalar)
                else self._outcome(expect, yields, params=False)
            )
            given_on = self.reader.day(mapped.get("on"))
            found.append(
                Example(
                    given if given_on is None else {**given, "on": given_on}, outcome, mapped.place, members
                )
            )
        return found

    def _given(self, mapped: Mapped, scope: str) -> dict[str, object]:
        held: dict[str, object] = {}
        for key, value in mapped.entries:
            fact = self._fact(key.text, key.place, scope, in_example=True)
            if fact is None:
                continue
            typed = self._given_value(fact, value)
            if typed is not None:
                held[key.text] = typed
        return held

    def _given_value(self, fact: Fact, value: NodeT) -> object | None:
        if isinstance(value, Scalar) and value.text == "not applicable":
            return NOT_APPLICABLE
        if fact.type.kind == "codes":
            words = [self._one_value(fact, item) for item in self.reader.items(value, fact.name)]
            return frozenset(word for word in words if word is not None)
        if fact.type.kind == "place":
            return self._given_place(value)
        typed = self._one_value(fact, value)
        return (
            Prefix(typed) if fact.type.kind == "hs" and isinstance(typed, str) and len(typed) < 10 else typed
        )

    def _one_value(self, fact: Fact, node: NodeT) -> object | None:
        if isinstance(node, Scalar):
            return self.literals.scalar(node, fact.type, params=False)
        self.problems.add(
            "example.value", node.place, f"{fact.name} takes plain values", cure=f"write {fact.name}: value"
        )
        return None

    def _given_place(self, value: NodeT) -> object | None:
        mapped = self.reader.mapped(value, value.place, "a place")
        if mapped is None:
            return None
        self.reader.keys(mapped, ("country", "postcode", "territory"), "a place")
        words = {key.text: self.reader.text(node, key.text) for key, node in mapped.entries}
        for name in ("country", "territory"):
            node = mapped.get(name)
            if isinstance(node, Scalar):
                self.literals.scalar(node, FactType("code", name), params=False)
        if mapped.get("country") is None:
            self.problems.add(
                "example.value",
                mapped.place,
                "the place names no country",
                cure="add country: FR, or another",
            )
        return Spot(words.get("country", ""), words.get("postcode"), territory=words.get("territory"))

    # -- tables ---------------------------------------------------------------------------------------

    def _table(self, root: Mapped) -> list[Rule]:
        node = root.get("table")
        name = self.reader.text(node, "table")
        found = self.tables.get(
            f"{root.place.file.rpartition('/')[0]}/{name}" if "/" in root.place.file else name
        )
        if found is None:
            folder = root.place.file.rpartition("/")[0]
            beside = [other.rpartition("/")[2] for other in self.tables if other.rpartition("/")[0] == folder]
            cure = nearest(name, beside) if beside else "put the CSV in the same folder"
            self.problems.add(
                "table.absent",
                node.place if node else root.place,
                f'there is no table "{name}" beside this file',
                cure=cure,
            )
            return []
        file, text = found
        header, rows = read_csv(file, text, self.problems)
        lacking = [
            word for word in ("id", "then") if not any(head.text.partition(".")[0] == word for head in header)
        ]
        if header and lacking:
            cure = "add " + " and ".join(f"a column {word}" for word in lacking)
            self.problems.add(
                "csv.header",
                header[0].place,
                f"the table has no column {' and no column '.join(lacking)}",
                cure=cure,
            )
            return []
        header = self._known_columns(header)
        return [rule for row in rows if (rule := self._rule(self._row(header, row), root)) is not None]

    def _known_columns(self, header: list[Scalar]) -> list[Scalar]:
        """The header with unknown words and units reported once, and their columns left out (as empty words)."""
        scope, yields, _, _ = self._context
        kept = []
        for cell in header:
            word, unit = _header(cell.text)
            group, _, field = word.partition(".")
            parts = {**PARTS, "then": tuple(yields.fields)}.get(group) if field else None
            plain = word in RULE or parts is not None
            fact = None if plain else self._fact(word, cell.place, scope)
            if parts is not None and field not in parts:
                what = f'"{field}" is not a key of {"the outcome" if group == "then" else group}'
                self.problems.add("key.unknown", cell.at(field), what, cure=nearest(field, parts))
            elif plain or (fact is not None and (not unit or self._unit(fact, unit, cell))):
                kept.append(cell)
                continue
            kept.append(Scalar("", cell.place))
        return kept

    def _unit(self, fact: Fact, unit: str, cell: Scalar) -> bool:
        kind = fact.type.kind
        units = (
            sorted(domain_codes)
            if kind == "money" and (domain_codes := self.vocabulary.domains.get("currency"))
            else UNITS.get(kind, ())
        )
        if unit in units:
            return True
        what = f'"{unit}" is not a unit of {fact.name}'
        cure = nearest(unit, units) if units else "remove it: the fact has no unit"
        self.problems.add("value.unit", cell.at(unit), what, cure=cure)
        return False

    def _row(self, header: list[Scalar], row: list[Scalar]) -> Mapped:
        """A table row as the mapping a YAML rule would be."""
        place = row[0].place
        top: list[tuple[Scalar, NodeT]] = []
        when: list[tuple[Scalar, NodeT]] = []
        nested: dict[str, list[tuple[Scalar, NodeT]]] = {}
        for head, cell in zip(header, row, strict=True):
            if cell.text in ("-", "") or not head.text:
                continue
            word, unit = _header(head.text)
            group, _, field = word.partition(".")
            key = Scalar(field or word, cell.place)
            if (group in ("title", "valid", "then") and field) or (group == "cite" and field):
                nested.setdefault(group, []).append((key, cell))
            elif word in RULE:
                top.append((Scalar(word, cell.place), cell))
            else:
                held = (
                    Scalar(f"{cell.text} {unit}", cell.place, cell.exact)
                    if unit and _bare(cell.text)
                    else cell
                )
                when.append((Scalar(word, head.place), held))
        for group, entries in nested.items():
            block = Mapped(tuple(entries), entries[0][0].place)
            top.append(
                (Scalar(group, block.place), Listing((block,), block.place) if group == "cite" else block)
            )
        top.append((Scalar("when", place), Mapped(tuple(when), place)))
        return Mapped(tuple(top), place)


def _header(text: str) -> tuple[str, str]:
    """``goods.unit_weight (kg)`` as word and unit."""
    word, _, unit = text.removesuffix(")").partition(" (") if text.endswith(")") else (text, "", "")
    return word, unit


def _bare(text: str) -> bool:
    """Whether a table cell ends in a number and so takes the header's unit (ranges are written with units)."""
    return (
        text.rsplit(" ", 1)[-1].replace(".", "", 1).isdigit() and " and " not in text and " to " not in text
    )
