"""What the law says about goods from any third country that enter a jurisdiction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from customs.landed import Rounding
from customs.territories import Territories, Territory
from domain import InputError, Money
from engine.asking import Asker
from engine.because import rule_json
from engine.rulebook import Record

__all__ = ["Law", "facts_of", "home_currency"]

ANY_THIRD_COUNTRY = "ZZ"  # ISO 3166 leaves it to users: no territory, so no rule for a special one applies
POST = "cn23_post"


def facts_of(
    territories: Territories, jurisdiction: str, day: date, *, by_post: bool
) -> tuple[dict[str, object], str]:
    """(facts of an import into that jurisdiction, its customs territory).

    ``jurisdiction`` is a customs territory (EU, UK), a country or a territory code (FR-RE).
    """
    place = _place(territories, jurisdiction, day)
    facts: dict[str, object] = {
        "arrival.territory": place.code,
        "arrival.country": place.country,
        "arrival.customs_union": place.customs_union,
        "arrival.vat_area": place.vat_area,
        "dispatch.territory": ANY_THIRD_COUNTRY,
        "dispatch.customs_union": ANY_THIRD_COUNTRY,
        "dispatch.vat_area": ANY_THIRD_COUNTRY,
        "service.features": frozenset((POST,) if by_post else ()),
        "route.vat": "at_import",
        "declaration.acceptance": day,
    }
    facts |= dict.fromkeys(
        (
            "crosses.fiscal_border",
            "crosses.vat_border",
            "crosses.customs_border",
            "crosses.country_border",
        ),
        True,
    )
    return facts, place.customs_union


def home_currency(facts: Mapping[str, object], day: date) -> str | None:
    """The currency the tariff of the place of import is kept in."""
    from babel.numbers import get_territory_currencies

    found = get_territory_currencies(str(facts["arrival.country"]), day, day)
    return found[0] if found else None


def _place(territories: Territories, word: str, day: date) -> Territory:
    known = territories.all(day)
    named = {territory.code: territory for territory in known}
    if word in named:
        return named[word]
    members = [territory for territory in known if territory.customs_union == word]
    if members:
        return _main(members)
    try:
        finding = territories.resolve(word, day=day)
    except InputError:
        from rapidfuzz import fuzz, process

        words = sorted({*named, *(territory.customs_union for territory in known)})
        nearest = process.extractOne(word, words, scorer=fuzz.ratio)[0]
        raise InputError(
            f"{word!r} is no customs territory and no country",
            code="duty.unknown_jurisdiction",
            place="/jurisdiction",
            cure=f"did you mean {nearest}? Use EU, UK, a country code or a territory code",
        ) from None
    found = [named[code] for code in finding.candidates if code in named]
    return finding.territory or _main([t for t in found if t.code == t.country] or found)


def _main(members: Sequence[Territory]) -> Territory:
    """The member that stands for a customs territory: a whole country in the VAT area most of them share."""
    area = Counter(territory.vat_area for territory in members).most_common(1)[0][0]
    return min(members, key=lambda t: (t.vat_area != area, t.code != t.country, t.code))


class Law:
    """Decisions asked for one import, and the rules that answered."""

    def __init__(self, asker: Asker, facts: dict[str, object]) -> None:
        self.asker = asker
        self.facts = facts
        self.rules: list[str] = []

    def word(self, decision: str) -> str | None:
        """The outcome; None where undetermined or where the rulebook has no such decision."""
        if not self.has(decision):
            return None
        answer = self.asker.ask(decision, self.facts, {}).answer
        if not answer.decided or not isinstance(answer.value, str) or answer.value == "cannot_determine":
            return None
        self.rules += answer.by
        return answer.value

    def has(self, decision: str) -> bool:
        """Whether the rulebook decides it."""
        return decision in self.asker.book.decisions

    def rounding(self, currency: str) -> Rounding | None:
        """How the base of import VAT is rounded, where a rule says so for that currency."""
        if not self.has("vat.import_base_rounding"):
            return None
        answer = self.asker.ask("vat.import_base_rounding", self.facts, {}).answer
        for item in answer.certain:
            step = item["step"] if isinstance(item, Record) else None
            if isinstance(step, Money) and step.currency == currency:
                self.rules += answer.by
                return Rounding(level="document", step=step.amount)
        return None

    def because(self) -> list[dict[str, Any]]:
        """The rules that answered, as in a decision."""
        return [rule_json(self.asker.book.rules[name]) for name in dict.fromkeys(self.rules)]
