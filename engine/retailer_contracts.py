"""contracts.yaml: which carrier services the retailer may use, from where and when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from domain import Location
from engine.retailer_codes import codes
from engine.retailer_mistakes import Mistakes
from engine.retailer_record import Record
from engine.retailer_sources import Source
from engine.retailer_yaml import read_tree

__all__ = ["Contract", "read_contracts"]

FIELDS = (
    "id",
    "services",
    "entity",
    "account",
    "kinds",
    "location_entities",
    "locations",
    "except_locations",
    "valid_from",
    "valid_until",
)


@dataclass(frozen=True, slots=True)
class Contract:
    """An agreement between an entity and a carrier: these services, from these locations, in this time.

    ``locations`` names the places outright; where it is empty, every location of the given
    kinds and entities is meant, less ``except_locations``. The interval is half-open.
    """

    id: str
    services: frozenset[str]
    entity: str
    account: str
    kinds: frozenset[str]
    location_entities: frozenset[str]
    locations: frozenset[str]
    except_locations: frozenset[str]
    valid_from: date | None
    valid_until: date | None

    def covers(self, location: Location, day: date) -> bool:
        """Whether parcels of that location may travel under the contract on that local day."""
        if (self.valid_from and day < self.valid_from) or (self.valid_until and day >= self.valid_until):
            return False
        if location.id in self.except_locations:
            return False
        if self.locations:
            return location.id in self.locations
        return location.kind in self.kinds and location.entity in self.location_entities


def read_contracts(
    source: Source | None,
    entities: Collection[str] | None,
    locations: Collection[str] | None,
    services: Collection[str] | None,
    mistakes: Mistakes,
) -> tuple[Contract, ...]:
    """Read contracts.yaml; service ids are checked where the carriers' list is given."""
    contracts: dict[str, Contract] = {}
    root = read_tree(source, mistakes)
    if root is None:
        return ()
    root.only("contracts")
    for record in root.several("contracts", needed=True):
        contract = _contract(record.only(*FIELDS), entities, locations, services)
        if contract.id in contracts:
            record.wrong("id", f"contract {contract.id!r} is defined twice", "keep one of them")
        contracts[contract.id] = contract
    return tuple(contracts.values())


def _contract(
    record: Record,
    entities: Collection[str] | None,
    locations: Collection[str] | None,
    services: Collection[str] | None,
) -> Contract:
    start, end = record.period("valid_from", "valid_until")
    contract = Contract(
        id=record.identifier("id"),
        services=record.codes("services", services, "service"),
        entity=record.choice("entity", entities, "entity"),
        account=record.text("account"),
        kinds=record.codes("kinds", codes("location kind"), "location kind"),
        location_entities=record.codes("location_entities", entities, "entity"),
        locations=record.codes("locations", locations, "location"),
        except_locations=record.codes("except_locations", locations, "location"),
        valid_from=start,
        valid_until=end,
    )
    if not contract.services:
        record.wrong("services", f"contract {contract.id} names no services", "list the service ids")
    if not contract.locations and not (contract.kinds and contract.location_entities):
        cause = f"contract {contract.id} covers no location"
        record.wrong("locations", cause, "give locations, or kinds and location_entities")
    return contract
