"""From an address to its fiscal territory.

Evidence in order: a postcode that decides; else the territories a shared postcode, the city
and the subdivision leave open, intersected. Nothing missing is ever read as the mainland.
"""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache

from customs.territories.cures import bad_postcode, nearest
from customs.territories.load import World, load_world
from customs.territories.model import Finding, Territory
from customs.territories.names import Names, load_names
from customs.territories.postcodes import Entry, Form, Postcodes, compact, form_of, load_postcodes
from customs.territories.subdivisions import find_subdivision
from domain import InputError, UnknownReference

__all__ = ["Territories"]

ANYWHERE = "*"
"""The country of postcode rows that hold whatever country is written."""

_REMEMBERED = 65_536


class Territories:
    """The fiscal territories of the world and the way to them from an address."""

    __slots__ = ("_by_country", "_find", "_mean", "_names", "_postcodes", "_world")

    def __init__(self, world: World, postcodes: Postcodes, names: Names) -> None:
        self._world = world
        self._postcodes = postcodes
        self._names = names
        self._by_country: dict[str, frozenset[str]] = {}
        # One memory per instance, of values only: the instance itself stays collectable.
        self._find = lru_cache(maxsize=_REMEMBERED)(self._settle)
        self._mean = lru_cache(maxsize=_REMEMBERED)(self._meaning)

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

    def covers(self, day: date) -> bool:
        """Whether the tables speak of that day at all."""
        return day >= self._world.horizon

    # ------------------------------------------------------------------ the way there

    def _settle(self, country: str, postcode: str, city: str, subdivision: str, day: date) -> Finding:
        asked = country.strip().upper()
        base, family = self._mean(asked, day)
        if day < self._world.horizon:
            codes = tuple(sorted(base))
            words = f"the tables begin on {self._world.horizon}: nothing is known of {day}"
            return Finding(None, codes, words)
        city, subdivision = city.strip(), subdivision.strip()
        always = self._names.find("override", family, city) if city else None
        if always is not None:
            return self._finish(always, ("city",), day, asked)
        code = compact(postcode)
        open_codes: frozenset[str] | None = None
        basis: list[str] = []
        if code:
            form = form_of(family)
            entry, code = self._entry(asked, family, code, day, form)
            if entry is not None:
                shown = f"postcode {entry.shown()}"
                if len(entry.territories) == 1:
                    note = f" ({entry.note})" if entry.note else ""
                    note += self._doubt(entry.territories, family, city)
                    return self._finish(entry.territories, (shown + note,), day, asked, base)
                narrowed = self._narrow(entry, family, city)
                if narrowed is not None:
                    return self._finish(narrowed, ("city", shown), day, asked)
                open_codes, basis = entry.territories, [f"{shown} ({entry.note})" if entry.note else shown]
            elif form.fits(code):
                # A code of the country that no special territory claims is mainland.
                mainland = frozenset((family,))
                shown = f"postcode {code}{self._doubt(mainland, family, city)}"
                return self._finish(mainland, (shown,), day, asked, base)
            elif form.pattern is not None:
                raise bad_postcode(postcode, asked, form)
        return self._by_words(asked, family, base, open_codes, basis, city, subdivision, day)

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

    def _entry(self, asked: str, family: str, code: str, day: date, form: Form) -> tuple[Entry | None, str]:
        """The row for a code, as written or without a country prefix; and the code that fitted."""
        spellings = [code]
        if not form.fits(code):
            spellings += [code[len(each) :] for each in (asked, *form.prefixes) if code.startswith(each)]
        for spelling in spellings:
            for country in (asked, family, ANYWHERE):
                entry = self._postcodes.find(country, spelling, day, form)
                if entry is not None:
                    return entry, spelling
            if form.fits(spelling):
                return None, spelling
        return None, code

    def _narrow(self, entry: Entry, family: str, city: str) -> frozenset[str] | None:
        """What the city makes of a shared postcode; None where it does not settle it."""
        if not city:
            return None
        named = self._names.find("postcode", family, city)
        if named is not None and named & entry.territories:
            both = named & entry.territories
            return both if len(both) == 1 else None
        if entry.other_city and not self._names.near("postcode", family, city) & entry.territories:
            return frozenset((entry.other_city,))
        return None

    def _doubt(self, decided: frozenset[str], family: str, city: str) -> str:
        """A remark where the city is known to lie elsewhere; the postcode wins all the same."""
        named = self._names.find("city", family, city) if city else None
        return f" (the city {city!r} points elsewhere)" if named is not None and not named & decided else ""

    def _by_words(
        self,
        asked: str,
        family: str,
        base: frozenset[str],
        open_codes: frozenset[str] | None,
        basis: list[str],
        city: str,
        subdivision: str,
        day: date,
    ) -> Finding:
        """City and subdivision, where no postcode decided."""
        left = open_codes
        for label, text in (("city", city), ("subdivision", subdivision)):
            if not text:
                continue
            found = self._word(label, text, asked, family if len(base) > 1 or asked == family else "")
            if found is None:
                continue
            found = self._alive(found, day)
            if left is not None and not (left & found):
                codes = tuple(sorted(left | found))
                return Finding(None, codes, f"{label} {text!r} contradicts the rest of the address")
            left = found if left is None else left & found
            basis.append(label)
        if left is None:
            return self._finish(base, ("country",), day, asked, said=city or subdivision)
        return self._finish(left, tuple(basis), day, asked)

    def _word(self, label: str, text: str, asked: str, family: str) -> frozenset[str] | None:
        for country in (asked, family):
            found = self._names.find(label, country, text) if country else None
            if found is None and label == "subdivision" and country:
                found = find_subdivision(country, text)
            if found is not None:
                return found
        return None

    def _finish(
        self,
        codes: frozenset[str],
        basis: tuple[str, ...],
        day: date,
        asked: str,
        base: frozenset[str] | None = None,
        said: str = "",
    ) -> Finding:
        alive = self._alive(codes, day)
        if len(alive) == 1:
            (code,) = alive
            words = " and ".join(basis)
            if base is not None and code not in base:
                words += f", outside the country code {asked}"
            return Finding(self._world.at(code, day), (code,), words)
        found = tuple(sorted(alive))
        known = " and ".join(basis)
        what = f"{said!r} is in no table, and " if said else ""
        more = "a city or subdivision" if "postcode" in known else "a full postcode, city or subdivision"
        return Finding(
            None,
            found,
            f"known: {known}; {what}{', '.join(found)} remain possible: {more} may tell them apart",
        )


@cache
def _load() -> Territories:
    return Territories(load_world(), load_postcodes(), load_names())
