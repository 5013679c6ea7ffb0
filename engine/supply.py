"""Stock as seen from every channel: one view for the retailer's own goods, one for each third-party seller."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from domain import Entity, InputError
from engine.retailer import Retailer
from engine.retailer_mistakes import Mistakes
from engine.retailer_sources import Source
from engine.retailer_stock import StockRow, read_stock
from fulfilment import Stock, StockView

__all__ = ["OWN", "Supply", "load_stock"]

OWN = "own"


@dataclass(frozen=True)
class Supply:
    """Stock views by pool. The retailer's entities share one pool; a marketplace seller has its own."""

    views: Mapping[str, StockView]

    @classmethod
    def of(cls, rows: Iterable[StockRow], entities: Mapping[str, Entity]) -> Supply:
        """From stock rows; rows of one pool at one place are added up."""
        held: dict[str, dict[tuple[str, str], Stock]] = {OWN: {}}
        for row in rows:
            owner = entities.get(row.owner)
            pool = row.owner if owner is not None and owner.marketplace else OWN
            records = held.setdefault(pool, {})
            key = (row.location, row.sku)
            old = records.get(key, Stock())
            inbound = (
                ((row.inbound_date, row.inbound_quantity),)
                if row.inbound_quantity and row.inbound_date
                else ()
            )
            records[key] = Stock(
                old.on_hand + row.on_hand, old.reserved + row.reserved, (*old.inbound, *inbound)
            )
        return cls({pool: StockView.of(records) for pool, records in held.items()})

    @cached_property
    def version(self) -> str:
        """Hash over all pools."""
        text = "|".join(f"{pool}:{self.views[pool].version}" for pool in sorted(self.views))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def view(self, seller: Entity) -> StockView:
        """The stock a seller may sell from."""
        return self.views.get(seller.id if seller.marketplace else OWN, _EMPTY)

    def changed(self, pool: str, changes: Mapping[tuple[str, str], Stock | None]) -> Supply:
        """Another supply with some records of one pool set."""
        return Supply({**self.views, pool: self.views.get(pool, _EMPTY).with_changes(changes)})


_EMPTY = StockView.of({})


def load_stock(path: Path, retailer: Retailer) -> Supply:
    """Stock rows of a file in the layout of the retailer's ``stock.csv``; every mistake at once."""
    if not path.is_file():
        raise InputError(f"there is no file {path}", code="stock.no_file", cure="name a CSV of stock rows")
    mistakes = Mistakes()
    source = Source(path.name, path.read_text(encoding="utf-8-sig", errors="replace"))
    rows = read_stock(source, retailer.locations, retailer.products, retailer.entities, mistakes)
    mistakes.settle()
    return Supply.of(rows, retailer.entities)
