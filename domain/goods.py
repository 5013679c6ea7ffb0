"""What is sold: the facts about a product that delivery, customs and law ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

__all__ = ["Battery", "Product"]


@dataclass(frozen=True, slots=True)
class Battery:
    """A lithium or other battery as carriers ask about it.

    ``chemistry``: ``lithium_ion``, ``lithium_metal``, ``nimh`` ...;
    ``packing``: ``alone``, ``packed_with``, ``in_equipment``. ``cells`` and ``batteries``
    count those of one unit, ``net_weight_g`` weighs them without the device;
    ``state_of_charge`` is the percentage at which they are sent.
    """

    chemistry: str
    packing: str
    watt_hours: Decimal | None = None
    lithium_grams: Decimal | None = None
    cells: int | None = None
    batteries: int | None = None
    button_cell: bool = False
    net_weight_g: int | None = None
    state_of_charge: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """One SKU of the catalog. Weight in grams, box in millimetres (sorted, longest first).

    ``hs_code`` and ``origin`` may be missing or, for the code, short: law that
    needs them says so. ``classes`` are open codes (``furniture``, ``perfume``,
    ``cheese`` ...). ``ships_alone``: not in a box with other lines;
    ``own_box``: the product's box is the parcel. ``description``: what customs papers
    say, the title where there is none. ``responsible_person_uk``: a name, ``none`` where
    it is known that nobody is named. ``due_diligence_reference``: number of the
    deforestation statement. ``age_years``: of antiques and finds.
    """

    sku: str
    title: str
    weight_g: int
    box_mm: tuple[int, int, int]
    hs_code: str | None = None
    origin: str | None = None
    classes: frozenset[str] = frozenset()
    vat_category: str | None = None
    un_number: str | None = None
    battery: Battery | None = None
    alcohol_percent: Decimal | None = None
    volume_ml: int | None = None
    minimum_age: int | None = None
    ships_alone: bool = False
    own_box: bool = False
    no_mix: str | None = None
    list_price: tuple[Decimal, str] | None = None
    responsible_person_eu: str | None = None
    manufacturer_id: str | None = None
    preference_statement: bool = False
    description: str | None = None
    packing_group: str | None = None
    responsible_person_uk: str | None = None
    due_diligence_reference: str | None = None
    age_years: int | None = None
    firework_category: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
