"""Country codes as they are given with a number."""

from __future__ import annotations

__all__ = ["is_country", "read_country"]


def read_country(text: str | None) -> str | None:
    """A code in capitals, a territory's cut to its country, three letters to two; None where none is given.

    >>> read_country(" es-cn "), read_country("che"), read_country("")
    ('ES', 'CH', None)
    """
    code = (text or "").strip().upper().partition("-")[0]
    if len(code) == 3:
        import pycountry

        found = pycountry.countries.get(alpha_3=code)
        code = str(found.alpha_2) if found is not None else code
    return code or None


def is_country(code: str) -> bool:
    """Whether the code is in ISO 3166-1 or in the tables of territories."""
    from customs.territories.load import load_world

    world = load_world()
    return code in world.names or code in world.codes
