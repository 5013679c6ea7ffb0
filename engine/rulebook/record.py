"""An outcome with named fields: hashable, ordered as written, JSON-ready."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

__all__ = ["Record"]


class Record(Mapping[str, object]):
    """An immutable mapping that can be compared and hashed like any other outcome.

    >>> Record({"amount": 3, "unit": "item"})["unit"]
    'item'
    """

    __slots__ = ("_hash", "_items")

    def __init__(self, items: Mapping[str, object]) -> None:
        self._items = dict(items)
        self._hash = hash(frozenset(self._items.items()))

    def __getitem__(self, key: str) -> object:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Record) and self._items == other._items

    def __repr__(self) -> str:
        return "Record(" + ", ".join(f"{key}={value!r}" for key, value in self._items.items()) + ")"
