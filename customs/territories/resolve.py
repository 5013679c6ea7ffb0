"""From an address to its fiscal territory.

Evidence in order: a postcode that decides; else the territories a shared postcode, the city
and the subdivision leave open, intersected. Nothing missing is ever read as the mainland.
"""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache

from customs.territories.cures import bad_postcode, nearest
from customs.territories.load import World, load_world
from customs.territories.model import Area, Finding, Territory
from customs.territories.names import Names, load_names, named
from customs.territories.postcodes import Entry, Postcodes, compact, form_of, load_postcodes
from customs.territories.reading import Decided, Reading
from customs.territories.subdivisions import find_subdivision
from domain import InputError, UnknownReference

__all__ = ["Territories"]

ANYWHERE = "*"
"""The country of postcode rows that hold whatever country is written."""

_REMEMBERED = 65_536
_READINGS = 16_384


class Territories:
    """The fiscal territories of the world and the way to them from an address."""

    __slots__ = ("_by_country", "_find", "_names", "_postcodes", "_read", "_world")

    def __init__(self, world: World, postcodes: Postcodes, names: Names) -> None:
        self._world = world
        self._postcodes = postcodes
        self._names = names
        self._by_country: dict[str, frozenset[str]] = {}
        # One memory per instance, of values only: the instance itself stays collectable.
        self._find = lru_cache(maxsize=_REMEMBERED)(self._settle)
        self._read = lru_cache(maxsize=_READINGS)(self._reading)

    @classmethod
    def load(cls) -> Territories:
        """The packaged tables, read once per process."""
        return _load()

    def resolve(
        self,
        country: str,
        postcode: str | None = None,
        city: str | None = None,
        subdivision: str | None = None,
        *,
        day: date,
    ) -> Finding:
        """The territory where goods to that address end, as of a local day.

        Raises `InputError` ``territory.unknown_country`` (naming the nearest code) and
        ``territory.bad_postcode`` (naming the expected form). Blank parts count as absent.
        """
        return self._find(country, postcode or "", city or "", subdivision or "", day)

    def get(self, code: str, day: date | None = None) -> Territory:
        """A territory by its code, or by a country code of it; the latest period without a day.

        Raises `UnknownReference` with the nearest code.
        """
        world = self._world
        wanted = code.strip().upper()
        if wanted not in world.periods:
            for meaning in world.codes.get(wanted, ()):
                if day is not None and not meaning.holds(day):
                    continue
                if len(meaning.territories) == 1:
                    (wanted,) = meaning.territories
                elif meaning.family in meaning.territories:
                    # Another code of a whole country gives its mainland, as the country's own code does.
                    wanted = meaning.family
                break
        periods = world.periods.get(wanted, ())
        found = periods[-1] if periods and day is None else None
        if day is not None:
            found = world.at(wanted, day)
        if found is None:
            raise UnknownReference(
                f"no fiscal territory has the code {code!r}" + (f" on {day}" if periods else ""),
                code="territory.unknown",
                cure=nearest(wanted, {each: periods[-1].name for each, periods in world.periods.items()}),
            )
        return found

    def all(self, day: date) -> tuple[Territory, ...]:
        """Every territory of that day by code, those included that no address leads to."""
        found = (self._world.at(code, day) for code in self._world.periods)
        return tuple(territory for territory in found if territory is not None)

    @property
    def codes(self) -> frozenset[str]:
        """Every territory code of any day."""
        return frozenset(self._world.periods)

    def areas(self, kind: Area) -> frozenset[str]:
        """Every code of one kind of area, of any day."""
        return frozenset(
            getattr(period, kind) for periods in self._world.periods.values() for period in periods
        )

    def covers(self, day: date) -> bool:
        """Whether the tables speak of that day at all."""
        return day >= self._world.horizon

    # ------------------------------------------------------------------ the way there

    def _settle(self, country: str, postcode: str, city: str, subdivision: str, day: date) -> Finding:
        reading = self._read(country, day)
        if day < self._world.horizon:
            words = f"the tables begin on {self._world.horizon}: nothing is known of {day}"
            return Finding(None, tuple(sorted(reading.base)), words)
        if city and reading.overrides:
            always = named(reading.overrides, city)
            if always is not None:
                return self._finish(always, ("city",), reading)
        code = compact(postcode)
        entry, code, fits = reading.entry(code) if code else (None, "", False)
        if entry is None and fits:
            # A code of the country that no special territory claims is mainland.
            doubt = _doubt(reading.home, reading, city) if city else ""
            return reading.mainland.finding(f"postcode {code}{doubt}")
        city, subdivision = city.strip(), subdivision.strip()
        if entry is None:
            if code and reading.form.pattern is not None:
                raise bad_postcode(postcode, reading.asked, reading.form)
            return self._by_words(reading, None, [], city, subdivision)
        if len(entry.territories) == 1:
            decided, finding = reading.rows.get(id(entry)) or self._row(reading, entry)
            doubt = _doubt(entry.territories, reading, city) if city else ""
            return decided.finding(entry.words + doubt) if doubt else finding
        narrowed = self._narrow(entry, reading.family, city)
        if narrowed is not None:
            return self._finish(narrowed, ("city", entry.label), reading)
        return self._by_words(reading, entry.territories, [entry.words], city, subdivision)

    def _reading(self, country: str, day: date) -> Reading:
        asked = country.strip().upper()
        base, family = self._meaning(asked, day)
        home = frozenset((family,))
        return Reading(
            asked,
            family,
            base,
            day,
            form_of(family),
            self._postcodes.tables(asked, family, ANYWHERE),
            self._names.table("override", family),
            self._names.table("city", family),
            home,
            self._decided(home, base, asked, day),
        )

    def _decided(self, codes: frozenset[str], base: frozenset[str], asked: str, day: date) -> Decided:
        if codes.isdisjoint(self._world.periods):
            # A postal country that is no more (AN) has no mainland to fall back on.
            return Decided(None, tuple(sorted(base)), "")
        (code,) = self._alive(codes, day)
        outside = "" if code in base else f", outside the country code {asked}"
        return Decided(self._world.at(code, day), (code,), outside)

    def _row(self, reading: Reading, entry: Entry) -> tuple[Decided, Finding]:
        decided = self._decided(entry.territories, reading.base, reading.asked, reading.day)
        found = reading.rows[id(entry)] = (decided, decided.finding(entry.words))
        return found

    def _meaning(self, asked: str, day: date) -> tuple[frozenset[str], str]:
        """What a country code leaves open, and whose postal system its addresses are in."""
        for code in self._world.codes.get(asked, ()):
            if code.holds(day):
                return self._alive(code.territories, day), code.family
        if asked not in self._world.periods or asked not in self._world.names:
            raise InputError(
                f"{asked!r} is no country code",
                code="territory.unknown_country",
                place="/country",
                cure=nearest(asked, self._world.names),
            )
        return self._alive(self._inside(asked), day), asked

    def _inside(self, country: str) -> frozenset[str]:
        found = self._by_country.get(country)
        if found is None:
            world = self._world
            found = frozenset(
                code
                for code, periods in world.periods.items()
                if periods[0].country == country and code not in world.listed_only
            )
            self._by_country[country] = found
        return found

    def _alive(self, codes: frozenset[str], day: date) -> frozenset[str]:
        """The codes as of that day: what was no territory of its own then was its country."""
        world = self._world
        if len(codes) == 1:
            (code,) = codes
            return codes if world.at(code, day) is not None else frozenset((world.periods[code][0].country,))
        return frozenset(
            code if world.at(code, day) is not None else world.periods[code][0].country for code in codes
        )

    def _narrow(self, entry: Entry, family: str, city: str) -> frozenset[str] | None:
        """What the city makes of a shared postcode; None where it does not settle it."""
        if not city:
            return None
        both = (self._names.find("postcode", family, city) or frozenset()) & entry.territories
        if both:
            return both if len(both) == 1 else None
        if entry.other_city and not self._names.near("postcode", family, city) & entry.territories:
            return frozenset((entry.other_city,))
        return None

    def _by_words(
        self,
        reading: Reading,
        left: frozenset[str] | None,
        basis: list[str],
        city: str,
        subdivision: str,
    ) -> Finding:
        """City and subdivision, where no postcode decided. ``left`` is what a shared one leaves open."""
        asked, base = reading.asked, reading.base
        family = reading.family if len(base) > 1 or asked == reading.family else ""
        for label, text in (("city", city), ("subdivision", subdivision)):
            if not text:
                continue
            found = self._word(label, text, asked, family)
            if found is None:
                continue
            found = self._alive(found, reading.day)
            if left is not None and not (left & found):
                codes = tuple(sorted(left | found))
                return Finding(None, codes, f"{label} {text!r} contradicts the rest of the address")
            left = found if left is None else left & found
            basis.append(label)
        if left is None:
            return self._finish(base, ("country",), reading, said=city or subdivision)
        return self._finish(left, tuple(basis), reading)

    def _word(self, label: str, text: str, asked: str, family: str) -> frozenset[str] | None:
        for country in (asked, family):
            found = self._names.find(label, country, text) if country else None
            if found is None and label == "subdivision" and country:
                found = find_subdivision(country, text)
            if found is not None:
                return found
        return None

    def _finish(
        self, codes: frozenset[str], basis: tuple[str, ...], reading: Reading, *, said: str = ""
    ) -> Finding:
        alive = self._alive(codes, reading.day)
        known = " and ".join(basis)
        if len(alive) == 1:
            (code,) = alive
            return Finding(self._world.at(code, reading.day), (code,), known)
        found = tuple(sorted(alive))
        what = f"{said!r} is in no table, and " if said else ""
        more = "a city or subdivision" if "postcode" in known else "a full postcode, city or subdivision"
        return Finding(
            None,
            found,
            f"known: {known}; {what}{', '.join(found)} remain possible: {more} may tell them apart",
        )


def _doubt(decided: frozenset[str], reading: Reading, city: str) -> str:
    """A remark where the city is known to lie elsewhere; the postcode wins all the same."""
    places = named(reading.cities, city)
    if places is None or not places.isdisjoint(decided):
        return ""
    return f" (the city {city.strip()!r} points elsewhere)"


@cache
def _load() -> Territories:
    return Territories(load_world(), load_postcodes(), load_names())
