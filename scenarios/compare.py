"""Orders under the world as it is and as it might be: what moves, and what it does to cost, promise and tax."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from domain import InputError, Order
from engine.decide import decide
from engine.supply import Supply
from engine.world import World
from scenarios.reading import order_from, read_order

__all__ = ["compare", "read_orders", "redated"]

CENT = Decimal("0.01")


def read_orders(source: Path) -> list[Order]:
    """Orders of a folder (``*.json``, by name) or of a CSV (one line of an order a row)."""
    if source.is_dir():
        files = sorted(source.glob("*.json"))
        if not files:
            raise InputError(
                f"the folder {source} holds no order",
                code="scenario.no_orders",
                cure="put JSON orders into it",
            )
        return [read_order(path) for path in files]
    if source.suffix == ".csv":
        return list(_from_csv(source))
    return [read_order(source)]


def _from_csv(source: Path) -> Iterator[Order]:
    """Columns: order, placed_at, currency, seller, kind, country, postcode, city, mode, sku, quantity, unit_price."""
    try:
        rows = list(csv.DictReader(source.read_text(encoding="utf-8").splitlines()))
    except UnicodeDecodeError:
        raise InputError(
            "the file is not UTF-8 text", code="order.encoding", place=source.name, cure="save it as UTF-8"
        ) from None
    except OSError as error:
        raise InputError(
            f"the file cannot be read: {error.strerror}", code="scenario.no_file", place=source.name
        ) from None
    grouped: dict[str, list[tuple[int, dict[str, str]]]] = {}
    for number, row in enumerate(rows, start=2):
        name = (row.get("order") or "").strip()
        if not name:
            raise InputError(
                "the row names no order",
                code="scenario.row",
                place=f"{source.name}:{number}",
                cure="fill in the column order",
            )
        grouped.setdefault(name, []).append((number, row))
    for name, lines in grouped.items():
        first = lines[0][1]
        body: dict[str, object] = {
            "id": name,
            "placed_at": first.get("placed_at"),
            "currency": first.get("currency") or "EUR",
            "seller": first.get("seller") or None,
            "kind": first.get("kind") or "consumer",
            "ship_to": {
                "country": first.get("country"),
                "postcode": first.get("postcode") or None,
                "city": first.get("city") or None,
            },
            "delivery": {"mode": first.get("mode") or None},
            "lines": [
                {
                    "id": str(at),
                    "sku": row.get("sku"),
                    "quantity": _count(row.get("quantity")),
                    "unit_price": row.get("unit_price") or None,
                }
                for at, (_, row) in enumerate(lines, start=1)
            ],
        }
        yield order_from(body, f"{source.name}:{lines[0][0]}")


def _count(text: str | None) -> object:
    return int(text) if text and text.strip().isdigit() else text


def redated(order: Order, day: date) -> Order:
    """The order as if it had been placed (and paid) that day, at the same time of day."""
    placed = datetime.combine(day, order.placed_at.timetz())
    changes: dict[str, object] = {"placed_at": placed}
    if order.payment_accepted_at is not None:
        changes["payment_accepted_at"] = placed + (order.payment_accepted_at - order.placed_at)
    if order.customs.declared_on is not None:
        shift = order.customs.declared_on - order.placed_at.date()
        changes["customs"] = order.customs.model_copy(update={"declared_on": day + shift})
    return order.model_copy(update=changes)


@dataclass(frozen=True, slots=True)
class _Seen:
    """One order under one world, as the comparison shows it."""

    status: str
    sources: str
    services: str
    schemes: str
    cost: Decimal
    tax: Decimal
    latest: str | None
    rules: Mapping[str, Mapping[str, str]]
    currency: str

    @property
    def face(self) -> tuple[str, ...]:
        """What a manager would call the same answer."""
        return (
            self.status,
            self.sources,
            self.services,
            self.schemes,
            str(self.cost),
            str(self.tax),
            str(self.latest),
        )

    def to_json(self) -> dict[str, object]:
        """Stable machine form."""
        return {
            "status": self.status,
            "source": self.sources,
            "service": self.services,
            "vat_scheme": self.schemes,
            "cost": {"amount": format(self.cost, "f"), "currency": self.currency},
            "tax": {"amount": format(self.tax, "f"), "currency": self.currency},
            "latest": self.latest,
        }


def _see(decision: Mapping[str, object], world: World, day: date) -> _Seen:
    """One decision in the retailer's currency, by the day's rate; an amount without a rate is an error."""
    home, currency = world.retailer.currency, str(decision["currency"])

    consignments: Sequence[Mapping[str, object]] = decision["consignments"]  # type: ignore[assignment]
    cost = tax = Decimal(0)
    for consignment in consignments:
        for item in consignment["costs"]:  # type: ignore[attr-defined]
            turned = world.rates.convert("ecb_day", Decimal(item["amount"]["amount"]), currency, home, day)
            if turned is None:
                raise InputError(
                    f"no exchange rate from {currency} to {home} on {day}",
                    code="scenario.no_rate",
                    cure="add the rate, or leave the order out",
                )
            amount = turned
            if item["code"] in ("vat", "vat_recoverable"):
                tax += amount if item["code"] == "vat" else 0
            elif item["code"] == "duty":
                tax += amount
            else:
                cost += amount
    shipments = [shipment for consignment in consignments for shipment in consignment["shipments"]]  # type: ignore[attr-defined]
    latest = [consignment["promise"]["latest"] for consignment in consignments if consignment["promise"]]  # type: ignore[index]
    rules = {entry["rule"]: entry["title"] for entry in decision["because"]}  # type: ignore[attr-defined]
    return _Seen(
        str(decision["status"]),
        " + ".join(str(consignment["source"]["location"]) for consignment in consignments),  # type: ignore[index]
        " + ".join(str(shipment["service"] or "collected") for shipment in shipments),
        " + ".join(str(consignment["border"]["vat_scheme"]) for consignment in consignments),  # type: ignore[index]
        cost.quantize(CENT),
        tax.quantize(CENT),
        max(latest, default=None),
        rules,
        home,
    )


def compare(
    orders: Iterable[Order],
    before: tuple[World, Supply],
    after: tuple[World, Supply],
    day: date | None = None,
    progress: Callable[[int], None] | None = None,
) -> dict[str, object]:
    """Each order decided twice; ``moved`` lists those whose answer differs, largest change of cost first."""
    moved: list[dict[str, object]] = []
    totals = {key: {"cost": Decimal(0), "tax": Decimal(0)} for key in ("before", "after")}
    statuses: dict[str, dict[str, int]] = {"before": {}, "after": {}}
    days = {"before": 0, "after": 0}
    count = 0
    for order in orders:
        count += 1
        first = _see(decide(order, *before), before[0], order.placed_at.date())
        changed = redated(order, day) if day is not None else order
        second = _see(decide(changed, *after), after[0], changed.placed_at.date())
        for key, seen, placed in (("before", first, order), ("after", second, changed)):
            totals[key]["cost"] += seen.cost
            totals[key]["tax"] += seen.tax
            statuses[key][seen.status] = statuses[key].get(seen.status, 0) + 1
            if seen.latest is not None:
                days[key] += (date.fromisoformat(seen.latest) - placed.placed_at.date()).days
        if first.face != second.face:
            fresh = [second.rules[name] for name in second.rules if name not in first.rules]
            gone = [first.rules[name] for name in first.rules if name not in second.rules]
            moved.append(
                {
                    "order": order.id,
                    "before": first.to_json(),
                    "after": second.to_json(),
                    "difference": format(second.cost + second.tax - first.cost - first.tax, "f"),
                    "reasons": fresh,
                    "no_longer": gone,
                }
            )
        if progress is not None:
            progress(count)
    moved.sort(key=lambda item: (-abs(Decimal(str(item["difference"]))), str(item["order"])))
    return {
        "orders": count,
        "moved": moved,
        "totals": {
            "currency": before[0].retailer.currency,
            "moved": len(moved),
            "unchanged": count - len(moved),
            "cost_before": format(totals["before"]["cost"], "f"),
            "cost_after": format(totals["after"]["cost"], "f"),
            "tax_before": format(totals["before"]["tax"], "f"),
            "tax_after": format(totals["after"]["tax"], "f"),
            "promise_days_before": days["before"],
            "promise_days_after": days["after"],
        },
        "statuses": statuses,
        "versions": {"before": before[0].versions, "after": after[0].versions},
    }
