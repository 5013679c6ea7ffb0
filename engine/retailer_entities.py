"""entities.yaml: who sells, where they are established and what they are registered for."""

from __future__ import annotations

from dataclasses import dataclass

from domain import Entity, Registration
from engine.retailer_codes import codes, number_forms
from engine.retailer_mistakes import Mistakes, nearest
from engine.retailer_record import Record, countries
from engine.retailer_sources import Source
from engine.retailer_yaml import read_tree

__all__ = ["Entities", "read_entities"]

FIELDS = (
    "id",
    "name",
    "country",
    "jurisdictions",
    "establishments",
    "marketplace",
    "eu_distance_sales_eur",
    "registrations",
)


@dataclass(frozen=True, slots=True)
class Entities:
    """Entities by id, whose sanctions law binds each, and who runs the marketplace."""

    by_id: dict[str, Entity]
    jurisdictions: dict[str, frozenset[str]]
    marketplace_operator: str | None


def read_entities(source: Source | None, mistakes: Mistakes) -> Entities:
    """Read entities.yaml; duplicate ids, wrong numbers and unknown codes are mistakes."""
    by_id: dict[str, Entity] = {}
    jurisdictions: dict[str, frozenset[str]] = {}
    root = read_tree(source, mistakes)
    if root is None:
        return Entities(by_id, jurisdictions, None)
    root.only("marketplace_operator", "entities")
    for record in root.several("entities", needed=True):
        entity = _entity(record.only(*FIELDS))
        if entity.id in by_id:
            record.wrong("id", f"entity {entity.id!r} is defined twice", "keep one of them")
        by_id[entity.id] = entity
        jurisdictions[entity.id] = record.codes("jurisdictions", codes("jurisdiction"), "jurisdiction")
    operator = root.maybe("marketplace_operator")
    sellers = [entity.id for entity in by_id.values() if entity.marketplace]
    if operator is not None and operator not in by_id and root.file not in mistakes.incomplete:
        cause = f"marketplace_operator names unknown entity {operator!r}"
        root.wrong("marketplace_operator", cause, nearest(operator, by_id, "entity"))
    elif operator is None and sellers:
        cause = f"{sellers[0]} sells on a marketplace that nobody operates"
        root.wrong("marketplace_operator", cause, "name the entity in marketplace_operator")
    return Entities(by_id, jurisdictions, operator)


def _entity(record: Record) -> Entity:
    return Entity(
        id=record.identifier("id"),
        name=record.text("name"),
        country=record.country("country"),
        establishments=record.codes("establishments", countries(), "country"),
        registrations=tuple(_registration(inner) for inner in record.several("registrations")),
        marketplace=record.flag("marketplace"),
        eu_distance_sales_eur=record.maybe_whole("eu_distance_sales_eur", unit="whole euros without VAT"),
    )


def _registration(record: Record) -> Registration:
    record.only("kind", "country", "number", "valid_from", "valid_until")
    forms = number_forms()
    kind = record.choice("kind", forms, "registration kind")
    number = record.text("number")
    if kind in forms and number and not forms[kind].admits(number):
        record.wrong("number", f"{number!r} is not a valid {kind} number", f"write {forms[kind].form}")
    start, end = record.period("valid_from", "valid_until")
    return Registration(kind, record.country("country"), number, start, end)
