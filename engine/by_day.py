"""One consignment whose declaration may be accepted on several days: what the law says on each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from domain import Interval
from engine.asking import SAID, Asker
from engine.border import Members, Treatment
from engine.plain import plain
from engine.rulebook import Rulebook

__all__ = ["Stretch", "bare", "by_day", "law_by_day"]

ACCEPTED = "declaration.acceptance"
MOST = 31
"""Days asked one by one; a longer window is left to the question for the day itself."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row, both included, on which the same holds."""

    since: date
    until: date
    said: Mapping[str, object]

    def to_json(self) -> dict[str, object]:
        """As shown."""
        return {"from": plain(self.since), "to": plain(self.until), **self.said}


def by_day(
    first: date,
    last: date,
    ask: Callable[[date], Mapping[str, object]],
    aside: frozenset[str] = frozenset(),
) -> tuple[Stretch, ...]:
    """The answers of each day, days in a row that answer alike (keys ``aside`` apart) taken together."""
    found: list[Stretch] = []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        said = ask(day)
        if found and _alike(found[-1].said, said, aside):
            found[-1] = replace(found[-1], until=day)
        else:
            found.append(Stretch(day, day, said))
    return tuple(found)


def _alike(one: Mapping[str, object], two: Mapping[str, object], aside: frozenset[str]) -> bool:
    return one.keys() == two.keys() and all(one[key] == two[key] for key in one if key not in aside)


def law_by_day(
    asker: Asker,
    facts: Mapping[str, object],
    members: Members,
    treat_on: Callable[[dict[str, object], Members], Sequence[Treatment]],
) -> tuple[Stretch, ...]:
    """Treatments over an estimated day of acceptance, where a change of law falls inside it; else nothing.

    ``treat_on`` treats the admitted routes under facts in which the day is settled; the
    cheapest of them speaks for the day.
    """
    window = facts.get(ACCEPTED)
    if (
        not isinstance(window, Interval)
        or not isinstance(window.low, date)
        or not isinstance(window.high, date)
    ):
        return ()
    if (window.high - window.low).days > MOST:
        return ()
    known_facts = bare(facts, asker.book)
    lines = {scope: [bare(member, asker.book) for member in group] for scope, group in members.items()}

    def ask(day: date) -> Mapping[str, object]:
        known = {**known_facts, ACCEPTED: day}
        treated = treat_on(known, lines)
        best = min(treated, key=lambda each: (each.assessment is None, each.cost), default=None)
        return _summary(best)

    found = by_day(window.low, window.high, ask)
    return found if len(found) > 1 else ()


def bare(facts: Mapping[str, object], book: Rulebook) -> dict[str, object]:
    """Facts without the answers that were filled in: those of a decision about lines stay, no date is in them."""
    return {
        name: value
        for name, value in facts.items()
        if not name.startswith(SAID) and (name not in book.decisions or book.decisions[name].per == "line")
    }


def _summary(treatment: Treatment | None) -> Mapping[str, object]:
    if treatment is None:
        return {"vat_scheme": None, "declaration": None}
    result = treatment.assessment
    return {
        "declaration": treatment.route.declaration,
        "vat_route": treatment.route.vat,
        "incoterm": treatment.route.incoterm,
        "vat_scheme": treatment.scheme,
        "duty_method": treatment.outcomes.get("customs.duty_method"),
        "duty": plain(result.duty) if result else None,
        "vat": plain(result.vat) if result else None,
    }
