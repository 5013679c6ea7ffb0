"""What a serving process holds: one world, replaced as a whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from customs.territories import answer as territory_answer
from domain import InputError, PassavantError, UnknownReference
from engine.because import rule_json
from engine.rulebook import RulebookError
from engine.rulebook.problems import nearest
from engine.supply import Supply
from engine.world import World, load_world
from scenarios.house import folder, settle_memory
from scenarios.law import landed_cost, vat
from scenarios.offer_key import offer_key
from scenarios.offers import decide_honouring
from scenarios.offers import options as offer_options
from scenarios.reading import MAX_BYTES, order_from, order_from_text, parse_json

__all__ = ["Desk", "dump", "example_orders", "example_questions"]


def dump(body: object) -> str:
    """Stable JSON: the same on the command line and over HTTP."""
    return json.dumps(body, ensure_ascii=False, indent=2)


@cache
def example_orders() -> dict[str, dict[str, object]]:
    """The example orders, for the API description."""
    found: dict[str, dict[str, object]] = {}
    for path in sorted((folder("examples") / "orders").glob("*.json"))[:6]:
        value = json.loads(path.read_text(encoding="utf-8"))
        found[path.stem] = {"summary": str(value.get("comment", path.stem))[:120], "value": value}
    return found


@cache
def example_questions(kind: str) -> dict[str, dict[str, object]]:
    """The example questions about the law whose file names begin with ``kind``."""
    return {
        path.stem: {"summary": path.stem, "value": json.loads(path.read_text(encoding="utf-8"))}
        for path in sorted((folder("examples") / "law").glob(f"{kind}-*.json"))
    }


class Desk:
    """Answers requests from the world in force. A broken rule folder leaves the last good one in force and says so."""

    def __init__(self, rules: Path | None, retailer: Path | None) -> None:
        self._rules = rules or folder("rules")
        self._retailer = retailer or folder("examples") / "retailer"
        self._world, self._supply = self._load()
        self._since = datetime.now(UTC)
        self._broken: dict[str, object] | None = None

    def _load(self) -> tuple[World, Supply]:
        world = load_world(self._retailer, self._rules)
        settle_memory()
        return world, Supply.of(world.retailer.stock, world.retailer.entities)

    def decide(self, body: bytes, detail: str = "summary") -> str:
        """The decision as JSON text."""
        order = order_from_text(_text(body))
        key = offer_key() if order.delivery.offer_id else b""
        return dump(decide_honouring(order, self._world, self._supply, key, detail))

    def batch(self, body: bytes) -> str:
        """A JSON line a line; a bad one is answered by an ``error`` object."""
        if len(body) > 20 * MAX_BYTES:
            raise InputError("the batch is too large", code="order.too_large", cure="send several batches")
        out = []
        for number, line in enumerate(body.decode("utf-8", "replace").splitlines(), start=1):
            if not line.strip():
                continue
            try:
                parsed = parse_json(line, f"line {number}")
                if not isinstance(parsed, Mapping):
                    raise InputError(
                        "the line is not a JSON object", code="json.not_object", place=f"line {number}"
                    )
                order = order_from(parsed)
                key = offer_key() if order.delivery.offer_id else b""
                answer: Mapping[str, object] = decide_honouring(order, self._world, self._supply, key)
            except PassavantError as error:
                answer = {"error": {**error.to_json(), "place": error.place or f"line {number}"}}
            out.append(json.dumps(answer, ensure_ascii=False))
        return "\n".join(out) + ("\n" if out else "")

    def options(self, body: bytes) -> str:
        """What checkout may offer, as JSON text."""
        return dump(offer_options(order_from_text(_text(body)), self._world, self._supply, offer_key()))

    def landed_cost(self, body: bytes) -> str:
        """As ``passavant landed-cost``, as JSON text."""
        return dump(landed_cost(_object(body), self._world))

    def vat(self, body: bytes) -> str:
        """As ``passavant vat``, as JSON text."""
        return dump(vat(_object(body), self._world))

    def territory(
        self, country: str, postcode: str | None, city: str | None, subdivision: str | None, day: date | None
    ) -> dict[str, object]:
        """As ``passavant territory``."""
        when = day or datetime.now(UTC).date()
        return territory_answer(
            {
                "country": country,
                "postcode": postcode,
                "city": city,
                "subdivision": subdivision,
                "date": when.isoformat(),
            }
        )

    def rules(self, decision: str | None) -> dict[str, object]:
        """Every rule, or those of one decision."""
        book = self._world.rulebook
        if decision is not None and decision not in book.decisions:
            raise UnknownReference(
                f"there is no decision {decision!r}",
                code="rules.unknown",
                place="/decision",
                cure=nearest(decision, book.decisions),
            )
        chosen = [rule for rule in book.rules.values() if decision is None or rule.decision == decision]
        return {"version": book.version, "rules": [rule_json(rule) for rule in chosen]}

    def rule(self, ident: str) -> dict[str, object]:
        """One rule."""
        book = self._world.rulebook
        found = book.rules.get(ident)
        if found is None:
            raise UnknownReference(
                f"there is no rule {ident!r}",
                code="rules.unknown",
                place="/rule",
                cure=nearest(ident, book.rules, "passavant rules list"),
            )
        body = rule_json(found)
        body["place"] = str(found.place)
        body["overrides"] = found.overrides
        body["overridden_by"] = sorted(other.id for other in book.rules.values() if other.overrides == ident)
        return body

    def reload(self) -> dict[str, object]:
        """Read the folders again. A mistake is raised, and the last good world stays in force."""
        try:
            world, supply = self._load()
        except PassavantError as error:
            self._broken = {**error.to_json(), "since": datetime.now(UTC).isoformat()}
            if isinstance(error, RulebookError):
                self._broken["problems"] = [problem.to_json() for problem in error.problems]
            raise
        self._world, self._supply, self._broken = world, supply, None
        self._since = datetime.now(UTC)
        return self.health()

    def health(self) -> dict[str, object]:
        """Versions in force; ``degraded`` with the reason when the folder on disk is broken."""
        body: dict[str, object] = {
            "status": "degraded" if self._broken else "ok",
            "in_force_since": self._since.isoformat(),
            "versions": {**self._world.versions, "stock": self._supply.version},
        }
        if self._broken:
            body["last_good_rulebook_in_force"] = True
            body["broken"] = self._broken
        return body


def _object(body: bytes) -> Mapping[str, object]:
    parsed = parse_json(_text(body))
    if not isinstance(parsed, Mapping):
        raise InputError("a question is a JSON object", code="query.not_object", cure="see docs/law.md")
    return parsed


def _text(body: bytes) -> str:
    if len(body) > MAX_BYTES:
        raise InputError(
            f"more than {MAX_BYTES} bytes", code="order.too_large", cure="an order has at most 500 lines"
        )
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise InputError(
            "the body is not UTF-8 text", code="order.encoding", cure="send UTF-8 JSON"
        ) from None
