"""Reading JSON that may lack a part: a rendering leaves out what is not there and never fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["Body", "bodies", "part", "texts", "values"]

Body = Mapping[str, object]


def part(body: Body, key: str) -> Body:
    """The object under a key; empty where there is none."""
    value = body.get(key)
    return value if isinstance(value, Mapping) else {}


def values(body: Body, key: str) -> Sequence[object]:
    """The list under a key; a single value counts as a list of one, None as none."""
    value = body.get(key)
    if value is None:
        return ()
    return value if isinstance(value, list | tuple) else (value,)


def bodies(body: Body, key: str) -> tuple[Body, ...]:
    """The objects of the list under a key."""
    return tuple(value for value in values(body, key) if isinstance(value, Mapping))


def texts(body: Body, key: str) -> list[str]:
    """The values of the list under a key as text."""
    return [str(value) for value in values(body, key)]
