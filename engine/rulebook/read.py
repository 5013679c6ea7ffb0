"""Rule files to typed trees. Every mistake is noted with its place; reading goes on."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from engine.rulebook.defs import Named
from engine.rulebook.literals import Literals, parse_date
from engine.rulebook.nodes import Listing, Mapped, NodeT, Scalar
from engine.rulebook.problems import Problems, a, nearest
from engine.rulebook.tree import Citation, Place, Validity
from engine.rulebook.vocabulary import KINDS, SCOPES, Fact, FactType
from engine.rulebook.zones import Zone, ZonePart, parse_pattern

__all__ = ["LAW_FOLDERS", "Draft", "FileReader"]

LAW_FOLDERS = frozenset({"customs", "vat", "compliance"})
LANGUAGES = ("en", "fr", "de", "nl", "es", "it")
CITATION = ("act", "article", "url", "checked", "confidence")
ID = re.compile(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
NAME = re.compile(r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$")


CONTINUATION = ("continues", "title", "cite", "owner", "note", "rules", "params", "sets", "zones", "facts")


@dataclass
class Draft:
    """What the files say before names are settled."""

    decisions: list[tuple[Mapped, str]] = field(default_factory=list)
    continued: list[tuple[Mapped, str]] = field(default_factory=list)
    params: dict[str, Named] = field(default_factory=dict)
    sets: dict[str, Named] = field(default_factory=dict)
    zones: dict[str, Zone] = field(default_factory=dict)
    facts: list[tuple[Fact, Place]] = field(default_factory=list)
    ids: dict[str, Place] = field(default_factory=dict)
    # Ids that are used and cannot be read: reported where they stand, not where they are used.
    broken: set[str] = field(default_factory=set)


class FileReader:
    """Reads the parts of a file that need no vocabulary: sets, params, zones, retailer facts."""

    def __init__(
        self, problems: Problems, literals: Literals, polygons: Collection[str] | None = None
    ) -> None:
        self.problems = problems
        self.literals = literals
        self.polygons = polygons
        self.draft = Draft()
        self.domains: Collection[str] = ()

    # -- small readers, used by the rule reader too -----------------------------------------

    def mapped(
        self, node: NodeT | None, place: Place, what: str, cure: str = "write key: value"
    ) -> Mapped | None:
        """The node as a mapping, else a problem."""
        if isinstance(node, Mapped):
            return node
        at = node.place if node else place
        self.problems.add("shape.mapping", at, f"{what} must be a mapping of keys to values", cure=cure)
        return None

    def text(self, node: NodeT | None, what: str) -> str:
        """The node as text; an empty string (and a problem) if it is none."""
        if node is None:
            return ""
        if isinstance(node, Scalar):
            return node.text
        self.problems.add(
            "shape.text", node.place, f"{what} must be plain text", cure=f"write one text behind {what}:"
        )
        return ""

    def keys(self, node: Mapped, known: Iterable[str], what: str) -> None:
        """Report unknown keys."""
        names = tuple(known)
        for key, _ in node.entries:
            if key.text not in names:
                self.problems.add(
                    "key.unknown",
                    key.place,
                    f'"{key.text}" is not a key of {what}',
                    cure=nearest(key.text, names),
                )

    def items(self, node: NodeT | None, what: str) -> tuple[NodeT, ...]:
        """A sequence's items; a single value counts as one."""
        if node is None:
            return ()
        if isinstance(node, Listing):
            return node.items
        if isinstance(node, Scalar) and not node.text.startswith("["):
            return (node,)
        self.problems.add("shape.list", node.place, f"{what} must be a list", cure="write [first, second]")
        return ()

    def day(self, node: NodeT | None) -> date | None:
        """A day, None when absent; ``always`` and ``open`` read as unbounded."""
        if node is None:
            return None
        text = self.text(node, "a date")
        if text in ("", "open", "-"):
            return None
        day = parse_date(text)
        if day is None:
            self.problems.add(
                "date.invalid",
                node.place,
                f'"{text}" is not a calendar day',
                cure="write year-month-day, such as 2026-07-01",
            )
        return day

    def validity(self, node: NodeT | None) -> Validity:
        """``{from: ..., until: ...}``, half-open local days."""
        if node is None:
            return Validity()
        mapped = self.mapped(node, node.place, "valid", "write {from: 2026-01-01}, {until: ...} or both")
        if mapped is None:
            return Validity()
        self.keys(mapped, ("from", "until"), "valid")
        return self._span(mapped)

    def _span(self, mapped: Mapped) -> Validity:
        start, until = self.day(mapped.get("from")), self.day(mapped.get("until"))
        if start is not None and until is not None and until <= start:
            place = (mapped.get("until") or mapped).place
            self.problems.add(
                "date.reversed",
                place,
                f"valid until {until} is not after {start}",
                why="validity is half-open: it ends before the until day begins",
                cure="swap the dates, or move until to the day after the last valid one",
            )
            return Validity(start, None)
        return Validity(start, until)

    def title(self, node: NodeT | None, what: str = "title") -> dict[str, str]:
        """``{en: ..., fr: ...}`` or plain text (English)."""
        if node is None:
            return {}
        if isinstance(node, Scalar):
            return {"en": node.text}
        if not isinstance(node, Mapped):
            self.problems.add(
                "shape.text",
                node.place,
                f"{what} must be text, or a text for each language",
                cure=f"write {what}: {{en: ...}}",
            )
            return {}
        self.keys(node, LANGUAGES, what)
        return {key.text: self.text(value, what) for key, value in node.entries}

    def citations(self, node: NodeT | None) -> tuple[Citation, ...]:
        """A list of ``{act, article, url, checked, confidence}``."""
        found = []
        for item in self.items(node, "cite"):
            mapped = self.mapped(item, item.place, "a citation", "write [{act: ..., article: ...}]")
            if mapped is None:
                continue
            self.keys(mapped, CITATION, "a citation")
            act = self.text(mapped.get("act"), "act")
            if not act:
                self.problems.add("cite.act", mapped.place, "the citation names no act", cure="add act: ...")
            words = {key: self.text(mapped.get(key), key) for key in ("article", "url", "confidence")}
            found.append(
                Citation(
                    act, words["article"], words["url"], self.day(mapped.get("checked")), words["confidence"]
                )
            )
        return tuple(found)

    def identifier(self, node: NodeT | None, place: Place, kind: str) -> str:
        """A new id of lower-case words and hyphens, unique in the whole rulebook."""
        text = self.text(node, "id")
        if not text:
            self.problems.add("id.absent", place, f"this {kind} has no id", cure="add id: lower-case-words")
            return ""
        at = node.place if node else place
        if not ID.match(text):
            better = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
            cure = f", such as {better}" if ID.match(better) else ""
            self.problems.add(
                "id.form",
                at,
                f'"{text}" is not an id',
                cure=f"write lower-case words joined by hyphens{cure}",
            )
            self.draft.broken.add(text)
        elif text in self.draft.ids:
            why = f"it is already used at {self.draft.ids[text]}"
            self.problems.add("id.duplicate", at, f'the id "{text}" is used twice', why, "choose another id")
        else:
            self.draft.ids[text] = at
        return text

    def fact_type(self, node: NodeT | None, place: Place) -> FactType | None:
        """``money``, ``country`` (a code list) or ``{enum: [...]}``."""
        if isinstance(node, Mapped):
            self.keys(node, ("enum", "codes"), "a type")
            if not any(isinstance(held, Listing) and held.items for _, held in node.entries):
                self.problems.add(
                    "type.empty", node.place, "the type lists no codes", cure="write {enum: [first, second]}"
                )
                return None
            codes = tuple(self.text(item, "a code") for item in self.items(node.get("enum"), "enum"))
            many = tuple(self.text(item, "a code") for item in self.items(node.get("codes"), "codes"))
            return FactType("codes", None, many) if many else FactType("code", None, codes)
        word = self.text(node, "type")
        if word in KINDS:
            return FactType(word)
        if self.literals.codes_of(FactType("code", word)) is not None:
            return FactType("code", word)
        if node is None:
            self.problems.add(
                "type.absent", place, "no type is given", cure="add type: " + ", ".join(sorted(KINDS))
            )
        elif isinstance(node, Scalar):
            cure = nearest(word, (*KINDS, *self.domains))
            self.problems.add("type.unknown", node.place, f'"{word}" is not a type', cure=cure)
        return None

    # -- the definitions ------------------------------------------------------------------------

    def read_file(self, root: Mapped, pack: str) -> None:
        """Take up one file."""
        if root.get("decision") is not None:
            self.draft.decisions.append((root, pack))
        elif root.get("continues") is not None:
            self.keys(root, CONTINUATION, "a file that continues a decision")
            self.draft.continued.append((root, pack))
        elif key := root.key("rules") or root.key("table"):
            self.problems.add(
                "decision.absent",
                key.place,
                "these rules belong to no decision",
                why="a rule file answers one question, and its name is a fact for later decisions",
                cure="add decision: subject.question at the top of the file, or continues: with the name of one",
            )
        else:
            self.keys(root, ("params", "sets", "zones", "facts", "note"), "a file without a decision")
        for key, node in root.entries:
            if key.text in ("params", "sets") and (block := self.mapped(node, key.place, key.text)):
                for name, body in block.entries:
                    self._named(name, body, key.text == "sets", pack)
            elif key.text == "zones" and (block := self.mapped(node, key.place, "zones")):
                for name, body in block.entries:
                    self._zone(name, body)
            elif key.text == "facts" and (block := self.mapped(node, key.place, "facts")):
                for name, body in block.entries:
                    self._fact(name, body, pack)

    def _named(self, name: Scalar, body: NodeT, is_set: bool, pack: str) -> None:
        what = "set" if is_set else "param"
        ident = self.identifier(name, name.place, what)
        mapped = self.mapped(body, name.place, f"the {what}")
        if mapped is None or not ident:
            self.draft.broken.add(ident)
            return
        self.keys(
            mapped, ("type", "title", "cite", "values", "status", "owner", "reason", "note"), f"a {what}"
        )
        kind = self.fact_type(mapped.get("type"), name.place)
        if kind is None:
            self.draft.broken.add(ident)
            return
        values: list[tuple[Validity, object, Place]] = []
        given = self.items(mapped.get("values"), "values")
        for item in given:
            entry = self.mapped(item, item.place, "a dated value")
            if entry is None:
                continue
            held = "members" if is_set else "value"
            self.keys(entry, ("from", "until", held), "a dated value")
            value = self._members(entry, kind) if is_set else self._value(entry, kind)
            if value is not None:
                values.append((self._span(entry), value, entry.place))
        self._no_overlap(ident, what, values)
        if len(values) < len(given):
            self.draft.broken.add(ident)
        if not given:
            self.draft.broken.add(ident)
            self.problems.add(
                "named.empty", name.place, f'the {what} "{ident}" has no value', cure="add values: [...]"
            )
        status = self.text(mapped.get("status"), "status") or "on"
        cite = self.citations(mapped.get("cite"))
        if pack == "law" and not cite:
            self.problems.add(
                "cite.absent",
                name.place,
                f'the {what} "{ident}" of the law pack cites nothing',
                cure="add cite: [{act: ...}]",
            )
        table = self.draft.sets if is_set else self.draft.params
        dated = tuple((validity, value) for validity, value, _ in values)
        table[ident] = Named(
            ident, is_set, kind, dated, name.place, self.title(mapped.get("title")), cite, status, pack
        )

    def _members(self, entry: Mapped, kind: FactType) -> tuple[object, ...] | None:
        if entry.get("members") is None:
            self.problems.add(
                "named.value", entry.place, "the set has no members here", cure="add members: [...]"
            )
            return None
        nodes = self.items(entry.get("members"), "members")
        values: list[object] = []
        for node in nodes:
            if not isinstance(node, Scalar):
                self.problems.add(
                    "shape.text", node.place, "a member must be plain text", cure="write one value"
                )
            elif (value := self.literals.scalar(node, kind, params=False)) is not None:
                if value in values:
                    self.problems.add(
                        "set.duplicate", node.place, f'"{node.text}" stands twice in the set', cure="keep one"
                    )
                else:
                    values.append(value)
        return tuple(values)

    def _value(self, entry: Mapped, kind: FactType) -> object | None:
        node = entry.get("value")
        if not isinstance(node, Scalar):
            self.problems.add(
                "named.value", entry.place, "the param has no value here", cure="add value: ..."
            )
            return None
        return self.literals.scalar(node, kind, params=False)

    def _no_overlap(self, ident: str, what: str, values: list[tuple[Validity, object, Place]]) -> None:
        for i, (first, _, _) in enumerate(values):
            for second, _, place in values[i + 1 :]:
                meet = first.meet(second)
                if meet.start is None or meet.until is None or meet.start < meet.until:
                    self.problems.add(
                        "named.overlap",
                        place,
                        f'two values of the {what} "{ident}" overlap',
                        why=f"both would hold on {meet.start or meet.until or 'every day'}",
                        cure="end one before the other",
                    )

    def _zone(self, name: Scalar, body: NodeT) -> None:
        ident = self.identifier(name, name.place, "zone")
        parts = []
        for item in self.items(body, "zone parts") if isinstance(body, Listing) else (body,):
            mapped = self.mapped(item, name.place, "a zone part")
            if mapped is None:
                continue
            self.keys(
                mapped, ("country", "territories", "postcodes", "except", "drawn", "note"), "a zone part"
            )
            patterns = {}
            for key in ("postcodes", "except"):
                found = []
                for node in self.items(mapped.get(key), key):
                    pattern = parse_pattern(self.text(node, "a postcode"))
                    if pattern is None:
                        self.problems.add(
                            "zone.postcode",
                            node.place,
                            f'"{self.text(node, key)}" is not a postcode pattern',
                            cure="write 20*, 20000-20190 or 75001",
                        )
                    else:
                        found.append(pattern)
                patterns[key] = tuple(found)
            country = self._code(mapped.get("country"), "country")
            territories = frozenset(
                code
                for node in self.items(mapped.get("territories"), "territories")
                if (code := self._code(node, "territory"))
            )
            drawn = self.text(mapped.get("drawn"), "drawn") or None
            if not any(
                key.text in ("country", "territories", "postcodes", "drawn") for key, _ in mapped.entries
            ):
                self.problems.add(
                    "zone.empty",
                    mapped.place,
                    "this zone part says nothing of where it is",
                    why="it would hold everywhere",
                    cure="add country, postcodes, territories or drawn",
                )
            if drawn is not None and self.polygons is not None and drawn not in self.polygons:
                place = (mapped.get("drawn") or mapped).place
                self.problems.add(
                    "zone.drawn", place, f'no polygon is called "{drawn}"', cure=nearest(drawn, self.polygons)
                )
            if (patterns["postcodes"] or patterns["except"]) and mapped.get("country") is None:
                self.problems.add(
                    "zone.country",
                    mapped.place,
                    "postcodes without a country",
                    why="many countries have the same postcodes",
                    cure="add country: FR, or another",
                )
            parts.append(ZonePart(country, territories, patterns["postcodes"], patterns["except"], drawn))
        if isinstance(body, Listing) and not body.items:
            self.problems.add(
                "zone.empty", body.place, "the zone has no part", cure="add {country: FR}, or remove the zone"
            )
        if ident:
            self.draft.zones[ident] = Zone(ident, tuple(parts))

    def _code(self, node: NodeT | None, domain: str) -> str | None:
        if not isinstance(node, Scalar):
            return None
        value = self.literals.scalar(node, FactType("code", domain), params=False)
        return str(value) if value is not None else None

    def _fact(self, name: Scalar, body: NodeT, pack: str) -> None:
        mapped = self.mapped(body, name.place, "a retailer fact")
        if mapped is None:
            return
        if pack == "law":
            self.problems.add(
                "fact.law",
                name.place,
                "retailer facts do not belong to the law pack",
                cure="move them to rules/vocabulary.yaml",
            )
        self.keys(mapped, ("scope", "type", "title", "from", "basis", "note"), "a retailer fact")
        if not NAME.match(name.text):
            self.problems.add(
                "fact.name",
                name.place,
                f'"{name.text}" is not a fact name',
                cure="write subject.property in lower case",
            )
            self.draft.broken.add(name.text)
        scope = self.text(mapped.get("scope"), "scope")
        if scope not in ("order", "line"):
            place = (mapped.get("scope") or mapped).place
            self.problems.add(
                "fact.scope",
                place,
                f"a retailer fact cannot belong to {a(scope)}"
                if scope
                else "the fact does not say whose it is",
                "it is read from what the order system sends",
                "add scope: order, or scope: line" if not scope else nearest(scope, ("order", "line")),
            )
            self.draft.broken.add(name.text)
        kind = self.fact_type(mapped.get("type"), name.place)
        given = self.text(mapped.get("from"), "from")
        if not given:
            self.problems.add(
                "fact.from",
                name.place,
                f'"{name.text}" does not say which attribute gives it',
                cure="add from: attribute-name",
            )
        if kind is not None and scope in SCOPES:
            title = self.title(mapped.get("title")).get("en", "")
            fact = Fact(name.text, scope, kind, title, self.text(mapped.get("basis"), "basis"), given)
            self.draft.facts.append((fact, name.place))
        else:
            self.draft.broken.add(name.text)
