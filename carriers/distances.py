"""The command-line contract of ``passavant distance``: one JSON object in, one out."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

from geopy.distance import geodesic

from carriers.locate import locate
from domain import InputError

__all__ = ["answer"]

ENDS = ("from", "to")
POINT, POSTAL = ("latitude", "longitude"), ("country", "postcode")


def answer(query: Mapping[str, object]) -> dict[str, object]:
    """Metres between two places along the WGS 84 ellipsoid.

    In: ``from`` and ``to``, each ``latitude`` and ``longitude`` in degrees (a longitude may go past
    180), or ``country`` and ``postcode``, whose centre is taken. Out: ``distance_m``, and ``located``
    with the coordinates that a postcode was taken for. Raises InputError.

    >>> lyon, zurich = {"latitude": 45.75, "longitude": 4.85}, {"latitude": 47.37, "longitude": 8.54}
    >>> round(answer({"from": lyon, "to": zurich})["distance_m"])
    335333
    """
    if unknown := sorted(set(query) - set(ENDS)):
        raise _wrong(f"unknown field {unknown[0]!r}", f"/{unknown[0]}", "use from and to")
    spots = {end: _spot(query.get(end), f"/{end}") for end in ENDS}
    body: dict[str, object] = {"distance_m": geodesic(spots["from"], spots["to"]).meters}
    located = {
        end: {"latitude": spots[end][0], "longitude": spots[end][1]}
        for end in ENDS
        if "postcode" in query[end]  # type: ignore[operator]
    }
    return {**body, "located": located} if located else body


def _spot(given: object, place: str) -> tuple[float, float]:
    if not isinstance(given, Mapping) or set(given) not in (set(POINT), set(POSTAL)):
        raise _wrong(
            "a place is missing or incomplete", place, "give latitude and longitude, or country and postcode"
        )
    if "postcode" in given:
        return _centre(str(given["country"]), str(given["postcode"]), place)
    latitude, longitude = (_degrees(given[name], f"{place}/{name}") for name in POINT)
    if not -90 <= latitude <= 90:
        raise _wrong(
            f"{latitude} degrees is no latitude", f"{place}/latitude", "a latitude lies from -90 to 90"
        )
    return latitude, (longitude + 180) % 360 - 180


def _degrees(value: object, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise _wrong(
            f"{value!r} is no number of degrees", place, "give degrees as a JSON number, such as 45.75"
        )
    return float(value)


def _centre(country: str, postcode: str, place: str) -> tuple[float, float]:
    found = locate(country.strip().upper(), postcode)
    if found is None:
        raise _wrong(
            f"the place of postcode {postcode!r} in {country!r} is not known",
            f"{place}/postcode",
            "give latitude and longitude",
        )
    return found


def _wrong(cause: str, place: str, cure: str) -> InputError:
    return InputError(cause, code="distance.bad_place", place=place, cure=cure)
