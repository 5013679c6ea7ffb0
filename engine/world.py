"""The snapshot a decision reads: rulebook, catalogs, network, rates, calendars. Immutable, versioned."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from carriers import Carriers
from customs.rates import Rates, VatRates
from customs.tariff import Tariff
from customs.territories import Territories
from domain import Place, Truth
from engine.retailer import Retailer, load_retailer
from engine.rulebook import Rulebook, load_rulebook, read_folder
from engine.vocabulary import vocabulary

__all__ = ["Adjustments", "World", "drawn_by", "load_world"]


@dataclass(frozen=True)
class Adjustments:
    """What a what-if changes without touching files: prices by service (minor units of the
    objective), services offered although no contract names them, places closed."""

    price_delta: Mapping[str, int] = field(default_factory=dict)
    contracts: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()

    def describe(self) -> str:
        """A stable text, part of the world's version."""
        prices = ",".join(f"{name}:{self.price_delta[name]}" for name in sorted(self.price_delta))
        return f"{prices}|{','.join(sorted(self.contracts))}|{','.join(sorted(self.closed))}"


@dataclass(frozen=True)
class World:
    """Everything a decision may look at besides the order and the stock."""

    rulebook: Rulebook
    carriers: Carriers
    territories: Territories
    vat_rates: VatRates
    tariff: Tariff
    rates: Rates
    retailer: Retailer
    adjustments: Adjustments = Adjustments()

    @cached_property
    def versions(self) -> dict[str, str]:
        """The version of every part, for the decision log and for replay."""
        held = {
            "rules": self.rulebook.version,
            "carriers": self.carriers.version,
            "retailer": self.retailer.version.removeprefix("sha256:")[:16],
            "tariff": self.tariff.version,
            "vat_rates": getattr(self.vat_rates, "version", ""),
        }
        text = self.adjustments.describe()
        if text != Adjustments().describe():
            held["adjustments"] = hashlib.sha256(text.encode()).hexdigest()[:16]
        return held

    @cached_property
    def names_locations(self) -> bool:
        """Whether some rule names single locations, so that none stands for another."""
        book = self.rulebook
        return any(
            "dispatch.location" in book.question(name).reads
            for name, decision in book.decisions.items()
            if decision.per != "order"
        )

    def adjusted(self, adjustments: Adjustments) -> World:
        """The same world under a what-if."""
        return replace(self, adjustments=adjustments)


def drawn_by(carriers: Carriers) -> Callable[[str, Place], Truth]:
    """Membership in polygons that people drew, for the zones of rule files."""

    def inside(name: str, place: Place) -> Truth:
        found = carriers.zones.containing(place)
        if found is None:
            return Truth.MAYBE
        return Truth.YES if name in found else Truth.NO

    return inside


def load_world(retailer_folder: Path, rules_folder: Path, overlay: Path | None = None) -> World:
    """Read everything once. A broken part is an error; nothing is half loaded.

    ``overlay`` is a second rule folder whose files replace those of the same name and add others.
    Tariffs that were imported into the retailer's folder ``tariff`` take the place of the shipped slice.
    """
    carriers, vat_rates = Carriers.load(retailer_folder), VatRates.load()
    retailer = load_retailer(
        retailer_folder,
        services={service.id for service in carriers.services},
        vat_categories=set(vat_rates.categories),
    )
    _ = retailer.screening.screener  # prepared now, not while the first order waits
    texts = read_folder(rules_folder)
    if overlay is not None:
        texts = {**texts, **read_folder(overlay)}
    words = vocabulary((s.id for s in carriers.services), (s.carrier for s in carriers.services))
    rulebook = load_rulebook(texts, words, drawn_by(carriers), carriers.zones.names)
    imported = retailer_folder / "tariff"
    tariff = Tariff.load(snapshot=imported) if imported.is_dir() else Tariff.load()
    return World(rulebook, carriers, Territories.load(), vat_rates, tariff, Rates.load(), retailer)
