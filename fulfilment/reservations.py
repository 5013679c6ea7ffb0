"""Competing demand over one stock: consumers, businesses and shop replenishment.

Requests are served by priority, then in the order given. Units promised to
consumers are *protected*: only requests that may draw on them do, so a shop's
replenishment takes what is left and never a promised unit. Who may draw, and
every priority, is a rule; here it is a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from domain import InputError, Reason
from fulfilment.stock import Stock, StockView

__all__ = ["Granted", "Request", "Reserved", "release", "reserve", "ship"]

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Request:
    """A wish for units. ``priority``: the smaller, the earlier. ``whole``: all units or none.

    ``draws_protected``: the promised units are for this kind of demand.
    """

    id: str
    kind: str
    location: str
    sku: str
    quantity: int
    priority: int = 0
    draws_protected: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Granted:
    """What a request got; ``reason`` says why it is not all."""

    request: str
    granted: int
    short: int
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Reserved:
    """Results in the order of the requests, the stock after them, and the units still protected."""

    results: tuple[Granted, ...]
    stock: StockView
    protected: Mapping[Key, int]


def reserve(
    requests: Sequence[Request],
    stock: StockView,
    protected: Mapping[Key, int] | None = None,
    buffers: Mapping[Key, int] | None = None,
) -> Reserved:
    """Serves the requests from one stock.

    ``protected``: units by (location, SKU) promised to consumers and not yet reserved;
    what is drawn on them lowers them. ``buffers``: units never given to anybody.
    Errors: ``InputError`` for a repeated id or a quantity below 1.
    """
    _check(requests)
    kept = dict(protected or {})
    buffers = buffers or {}
    taken: dict[Key, int] = {}
    results: dict[str, Granted] = {}
    for request in sorted(requests, key=lambda r: r.priority):
        key = (request.location, request.sku)
        free = stock.available(*key, buffers.get(key, 0)) - taken.get(key, 0)
        promised = 0 if request.draws_protected else min(max(kept.get(key, 0), 0), free)
        units = min(request.quantity, free - promised)
        if request.whole and units < request.quantity:
            units = 0
        if units:
            taken[key] = taken.get(key, 0) + units
            if request.draws_protected and kept.get(key, 0) > 0:
                kept[key] = max(0, kept[key] - units)
        results[request.id] = Granted(
            request.id, units, request.quantity - units, _reason(request, units, free, promised)
        )
    changes: dict[Key, Stock | None] = {}
    for key, units in taken.items():
        old = stock.stock(*key)
        changes[key] = replace(old, reserved=old.reserved + units)
    ordered = tuple([results[request.id] for request in requests])
    return Reserved(ordered, stock.with_changes(changes), kept)


def release(stock: StockView, items: Iterable[tuple[str, str, int]]) -> StockView:
    """Gives reserved units back: (location, SKU, units)."""
    return _moved(stock, items, goes=False)


def ship(stock: StockView, items: Iterable[tuple[str, str, int]]) -> StockView:
    """Takes reserved units out of the house: (location, SKU, units)."""
    return _moved(stock, items, goes=True)


def _moved(stock: StockView, items: Iterable[tuple[str, str, int]], *, goes: bool) -> StockView:
    changes: dict[Key, Stock | None] = {}
    for location, sku, units in items:
        key = (location, sku)
        old = changes.get(key) or stock.stock(location, sku)
        if units < 0 or units > old.reserved:
            raise InputError(
                f"{units} units of {sku} at {location}, of which {old.reserved} are reserved",
                code="reservation.not_reserved",
                cure="name units that were reserved and not yet released or shipped",
            )
        on_hand = old.on_hand - units if goes else old.on_hand
        changes[key] = replace(old, on_hand=on_hand, reserved=old.reserved - units)
    return stock.with_changes(changes)


def _reason(request: Request, units: int, free: int, promised: int) -> Reason | None:
    if units == request.quantity:
        return None
    code = "reservation.protected" if promised and free >= request.quantity else "reservation.short"
    return Reason(code, {"wanted": request.quantity, "free": free - promised, "protected": promised})


def _check(requests: Sequence[Request]) -> None:
    seen: set[str] = set()
    for request in requests:
        if request.id in seen:
            raise InputError(f"request {request.id!r} is given twice", code="reservation.repeated")
        seen.add(request.id)
        if request.quantity < 1:
            raise InputError(
                f"request {request.id!r} asks for {request.quantity} units", code="reservation.quantity"
            )
