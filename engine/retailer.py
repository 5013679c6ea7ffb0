"""The retailer: its entities, places, goods, stock, boxes, zones and contracts, read from one folder.

>>> from pathlib import Path
>>> retailer = load_retailer(Path("examples/retailer"))
>>> retailer.product("fridge-combi-365").weight_g
70000
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from domain import Entity, Location, Product, UnknownReference
from engine.retailer_contracts import Contract, read_contracts
from engine.retailer_entities import read_entities
from engine.retailer_locations import read_locations
from engine.retailer_mistakes import Mistake, Mistakes, RetailerError, nearest
from engine.retailer_products import read_products
from engine.retailer_screening import Screening, read_screening
from engine.retailer_sources import read_sources, version_of
from engine.retailer_stock import CartonRow, StockRow, read_cartons, read_stock
from engine.retailer_zones import PostcodePart, PostcodeZone, Zones, read_zones

__all__ = [
    "FILES",
    "CartonRow",
    "Contract",
    "Mistake",
    "PostcodePart",
    "PostcodeZone",
    "Retailer",
    "RetailerError",
    "StockRow",
    "Zones",
    "load_retailer",
]

FILES = (
    "entities.yaml",
    "locations.yaml",
    "products.csv",
    "stock.csv",
    "cartons.csv",
    "zones.geojson",
    "zones.yaml",
    "contracts.yaml",
    "screening_demo.csv",
)

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Retailer:
    """Everything a retailer brings along, immutable by convention and versioned by content.

    Mappings are plain dicts so that a retailer can be sent to worker processes; nobody writes
    to them, and a scenario uses ``dataclasses.replace``. ``locations`` have no territory yet:
    that is for customs to say. ``currency`` is that of the locations' handling costs.
    ``supplied_by``: shop to the warehouse its ``transfer_days`` count from. ``jurisdictions``:
    entity to those whose sanctions law binds it. ``screening``: denied-party lists and clearances.
    """

    entities: Mapping[str, Entity]
    locations: Mapping[str, Location]
    products: Mapping[str, Product]
    stock: tuple[StockRow, ...]
    cartons: tuple[CartonRow, ...]
    zones: Zones
    contracts: tuple[Contract, ...]
    screening: Screening
    jurisdictions: Mapping[str, frozenset[str]]
    supplied_by: Mapping[str, str]
    marketplace_operator: str | None
    currency: str
    version: str

    def entity(self, key: str) -> Entity:
        """The entity of that id; ``UnknownReference`` with the nearest one otherwise."""
        return _find(self.entities, key, "entity")

    def location(self, key: str) -> Location:
        """The location of that id; ``UnknownReference`` with the nearest one otherwise."""
        return _find(self.locations, key, "location")

    def product(self, key: str) -> Product:
        """The product of that SKU; ``UnknownReference`` with the nearest one otherwise."""
        return _find(self.products, key, "SKU")

    def stock_of(self, owners: Collection[str]) -> tuple[StockRow, ...]:
        """The stock that these entities own, in the order of the file.

        Several owners may hold one SKU at one location: add their rows up, or keep them apart
        where a consignment must not mix sellers.
        """
        return tuple(row for row in self.stock if row.owner in owners)

    def services_at(self, location: Location, day: date) -> frozenset[str]:
        """The carrier services contracted for a location on that local day, within what it offers."""
        covering = (contract.services for contract in self.contracts if contract.covers(location, day))
        services = frozenset[str]().union(*covering)
        return services if location.services is None else services & location.services


def load_retailer(
    folder: Path,
    *,
    services: Collection[str] | None = None,
    vat_categories: Collection[str] | None = None,
) -> Retailer:
    """Read a retailer's folder: the files of ``FILES``, and where there are any ``screening/`` and ``clearances.csv``.

    ``services`` and ``vat_categories`` are the names the carriers' and customs' tables know;
    where given, any other name is a mistake. Every mistake of every file is reported at once in
    a ``RetailerError`` (a ``WorldError``), each as ``file:line: cause (cure)``.
    """
    mistakes = Mistakes()
    sources = read_sources(folder, FILES, mistakes)
    entities = read_entities(sources.get("entities.yaml"), mistakes)
    owners = _names(entities.by_id, "entities.yaml", mistakes)
    locations = read_locations(sources.get("locations.yaml"), owners, mistakes)
    places = _names(locations.by_id, "locations.yaml", mistakes)
    products = read_products(sources.get("products.csv"), vat_categories, mistakes)
    skus = _names(products, "products.csv", mistakes)
    stock = read_stock(sources.get("stock.csv"), places, skus, owners, mistakes)
    cartons = read_cartons(sources.get("cartons.csv"), mistakes)
    zones = read_zones(sources.get("zones.geojson"), sources.get("zones.yaml"), mistakes)
    contracts = read_contracts(sources.get("contracts.yaml"), owners, places, services, mistakes)
    screening = read_screening(folder, sources, mistakes)
    mistakes.settle()
    return Retailer(
        entities=entities.by_id,
        locations=locations.by_id,
        products=products,
        stock=stock,
        cartons=cartons,
        zones=zones,
        contracts=contracts,
        screening=screening,
        jurisdictions=entities.jurisdictions,
        supplied_by=locations.supplied_by,
        marketplace_operator=entities.marketplace_operator,
        currency=locations.currency,
        version=version_of(sources),
    )


def _names(table: Mapping[str, object], file: str, mistakes: Mistakes) -> Collection[str] | None:
    """The names a table defines; None where some could not be read, so that one mistake stays one."""
    return None if file in mistakes.incomplete else table.keys()


def _find(known: Mapping[str, Value], key: str, what: str) -> Value:
    try:
        return known[key]
    except KeyError:
        raise UnknownReference(f"unknown {what} {key!r}", cure=nearest(key, known, what)) from None
