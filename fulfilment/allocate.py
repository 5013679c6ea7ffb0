"""Allocation the way order management systems do it: by priority, or to as few nodes as possible.

The classical policies, for comparison with the search and for callers that want
no costs: units on hand first, over the enabled nodes in order of priority; what
is left goes on backorder to the first node that takes it. One JSON object in,
one out (``passavant allocate --jsonl``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations
from math import comb

from domain import InputError

__all__ = ["Node", "Outcome", "allocate", "answer"]

Quantities = dict[str, Decimal]

_SETS = 20_000
"""Sets of nodes tried at most, per size, before the largest contributions are taken greedily."""


@dataclass(frozen=True, slots=True)
class Node:
    """A place that can source. ``priority``: the smaller, the earlier. ``backorderable``: SKUs."""

    id: str
    priority: Decimal
    enabled: bool
    stock: Mapping[str, Decimal]
    backorderable: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Outcome:
    """Units on hand by node and SKU, units on backorder, and units nobody has."""

    allocation: Mapping[str, Quantities]
    backordered: Mapping[str, Quantities] = field(default_factory=dict)
    missing: Quantities = field(default_factory=dict)

    @property
    def fully_sourced(self) -> bool:
        """Whether every unit has a node that will send it, at once or on backorder."""
        return not self.missing


def answer(query: Mapping[str, object]) -> dict[str, object]:
    """The answer to one query.

    In: ``nodes`` (``id``, ``priority``, ``enabled``, ``stock`` by SKU, ``backorderable`` SKUs),
    ``lines`` (``sku``, ``quantity``), ``policy`` (``priority`` or ``fewest_splits``),
    ``allow_partial``. Out: ``allocation``, ``backordered``, ``missing``, ``fully_sourced``,
    ``splits`` (nodes beyond the first). Raises ``InputError`` on anything else.

    >>> answer({"nodes": [{"id": "a", "priority": 1, "stock": {"X": 2}}],
    ...         "lines": [{"sku": "X", "quantity": 1}]})["allocation"]
    {'a': {'X': 1}}
    """
    query = _mapping(query, "")
    nodes = [_node(entry, f"/nodes/{n}") for n, entry in enumerate(_list(query, "nodes"))]
    if len({node.id for node in nodes}) < len(nodes):
        raise InputError("two nodes have the same id", code="allocate.repeated_node", place="/nodes")
    wanted: Quantities = {}
    for number, entry in enumerate(_list(query, "lines")):
        place = f"/lines/{number}"
        sku, quantity = _line(entry, place)
        wanted[sku] = wanted.get(sku, Decimal(0)) + quantity
    policy = query.get("policy", "priority")
    outcome = allocate(nodes, wanted, str(policy), query.get("allow_partial", True) is not False)
    used = set(outcome.allocation) | set(outcome.backordered)
    return {
        "allocation": _numbers(outcome.allocation),
        "backordered": _numbers(outcome.backordered),
        "missing": {sku: _number(units) for sku, units in outcome.missing.items()},
        "fully_sourced": outcome.fully_sourced,
        "splits": max(len(used) - 1, 0),
    }


def allocate(
    nodes: Sequence[Node], wanted: Mapping[str, Decimal], policy: str, allow_partial: bool = True
) -> Outcome:
    """Allocates units by SKU. Without ``allow_partial`` an order that lacks a unit gets none.

    ``priority``: every node in turn gives what it has. ``fewest_splits``: the smallest
    set of nodes that sources as many units as all together, the earliest such set.
    """
    enabled = sorted([node for node in nodes if node.enabled], key=lambda node: node.priority)
    if policy == "fewest_splits":
        chosen = _fewest(enabled, wanted)
    elif policy == "priority":
        chosen = enabled
    else:
        raise InputError(
            f"unknown policy {policy!r}",
            code="allocate.unknown_policy",
            place="/policy",
            cure="use priority or fewest_splits",
        )
    left = {sku: units for sku, units in wanted.items() if units > 0}
    allocation = _give(chosen, left)
    backordered: dict[str, Quantities] = {}
    # A backorder joins a node that sends something anyway before it opens another one.
    for node in sorted(enabled, key=lambda n: policy == "fewest_splits" and n.id not in allocation):
        for sku in [sku for sku in left if sku in node.backorderable]:
            backordered.setdefault(node.id, {})[sku] = left.pop(sku)
    if left and not allow_partial:
        return Outcome({}, {}, {sku: units for sku, units in wanted.items() if units > 0})
    return Outcome(allocation, backordered, left)


def _give(nodes: Sequence[Node], left: Quantities) -> dict[str, Quantities]:
    """Takes units from the nodes in turn; ``left`` loses what was found."""
    allocation: dict[str, Quantities] = {}
    for node in nodes:
        for sku in list(left):
            units = min(left[sku], node.stock.get(sku, Decimal(0)))
            if units > 0:
                allocation.setdefault(node.id, {})[sku] = units
                left[sku] -= units
                if left[sku] == 0:
                    del left[sku]
    return allocation


def _sourced(nodes: Sequence[Node], wanted: Mapping[str, Decimal]) -> Decimal:
    total = Decimal(0)
    for sku, units in wanted.items():
        total += min(
            units, sum([max(node.stock.get(sku, Decimal(0)), Decimal(0)) for node in nodes], Decimal(0))
        )
    return total


def _fewest(nodes: Sequence[Node], wanted: Mapping[str, Decimal]) -> Sequence[Node]:
    useful = [node for node in nodes if _sourced([node], wanted) > 0]
    goal = _sourced(useful, wanted)
    most = sorted([_sourced([node], wanted) for node in useful], reverse=True)
    for size in range(len(useful) + 1):
        if sum(most[:size], Decimal(0)) < goal:
            continue
        if comb(len(useful), size) > _SETS:
            return _greedy(useful, wanted, goal)
        for chosen in combinations(useful, size):
            if _sourced(chosen, wanted) == goal:
                return chosen
    return useful


def _greedy(nodes: Sequence[Node], wanted: Mapping[str, Decimal], goal: Decimal) -> Sequence[Node]:
    chosen: list[Node] = []
    while _sourced(chosen, wanted) < goal:
        rest = [node for node in nodes if node not in chosen]
        chosen.append(max(rest, key=lambda node: _sourced([*chosen, node], wanted)))
    return [node for node in nodes if node in chosen]


def _list(query: Mapping[str, object], name: str) -> list[object]:
    value = query.get(name)
    if not isinstance(value, list):
        raise InputError(f"{name} is missing or no list", code="allocate.shape", place=f"/{name}")
    return value


def _mapping(entry: object, place: str) -> Mapping[str, object]:
    if not isinstance(entry, Mapping):
        raise InputError("this is no object", code="allocate.shape", place=place)
    return entry


def _node(entry: object, place: str) -> Node:
    fields = _mapping(entry, place)
    name = fields.get("id")
    if not isinstance(name, str) or not name:
        raise InputError("a node needs an id", code="allocate.shape", place=f"{place}/id")
    stock = _mapping(fields.get("stock", {}), f"{place}/stock")
    held = {sku: _decimal(units, f"{place}/stock/{sku}") for sku, units in stock.items()}
    backorderable = fields.get("backorderable", [])
    if not isinstance(backorderable, list):
        raise InputError("backorderable is no list", code="allocate.shape", place=f"{place}/backorderable")
    priority = _decimal(fields.get("priority", 0), f"{place}/priority")
    enabled = fields.get("enabled", True) is not False
    return Node(name, priority, enabled, held, frozenset(map(str, backorderable)))


def _line(entry: object, place: str) -> tuple[str, Decimal]:
    fields = _mapping(entry, place)
    sku = fields.get("sku")
    if not isinstance(sku, str) or not sku:
        raise InputError("a line needs a sku", code="allocate.shape", place=f"{place}/sku")
    quantity = _decimal(fields.get("quantity", 1), f"{place}/quantity")
    if quantity < 0:
        raise InputError(f"quantity is {quantity}", code="allocate.quantity", place=f"{place}/quantity")
    return sku, quantity


def _decimal(value: object, place: str) -> Decimal:
    """JSON numbers keep the digits they were written with: 5.5 is exactly 5.5."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise InputError(f"{value!r} is no number", code="allocate.number", place=place)
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        raise InputError(f"{value!r} is no finite number", code="allocate.number", place=place)
    return number


def _numbers(quantities: Mapping[str, Quantities]) -> dict[str, dict[str, int | float]]:
    return {node: {sku: _number(units) for sku, units in held.items()} for node, held in quantities.items()}


def _number(units: Decimal) -> int | float:
    return int(units) if units == units.to_integral_value() else float(units)
