"""All words of the rule language, joined from the scopes, with the code lists they draw on."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import get_args

import pycountry

from customs.territories import Area, Territories
from domain import InputError, minor_digits
from engine.facts.consignment_words import FACTS as CONSIGNMENT
from engine.facts.line_words import FACTS as LINE
from engine.facts.option_words import FACTS as OPTION
from engine.facts.order_words import FACTS as ORDER
from engine.rulebook import Vocabulary

__all__ = ["vocabulary"]


@cache
def _fixed() -> dict[str, frozenset[str]]:
    countries = frozenset(country.alpha_2 for country in pycountry.countries) | {"XI", "XK"}
    currencies = frozenset(c.alpha_3 for c in pycountry.currencies if _known(c.alpha_3))
    territories = Territories.load()
    areas: dict[str, frozenset[str]] = {name: territories.areas(name) for name in get_args(Area)}
    return {"country": countries, "currency": currencies, "territory": territories.codes, **areas}


def _known(currency: str) -> bool:
    try:
        minor_digits(currency)
    except InputError:
        return False
    return True


def vocabulary(services: Iterable[str] = (), carriers: Iterable[str] = ()) -> Vocabulary:
    """The product's vocabulary; service and carrier codes come from the carrier catalog."""
    domains = dict(_fixed())
    named_services, named_carriers = frozenset(services), frozenset(carriers)
    if named_services:
        domains["service"] = named_services
    if named_carriers:
        domains["carrier"] = named_carriers
    return Vocabulary.of((*ORDER, *CONSIGNMENT, *LINE, *OPTION), domains)
