"""Shorthand for writing vocabularies."""

from __future__ import annotations

from engine.rulebook import Fact, FactType

__all__ = ["code", "fact", "flag", "many"]


def fact(name: str, scope: str, kind: str, title: str, basis: str = "") -> Fact:
    """A fact of a plain type."""
    return Fact(name, scope, FactType(kind), title, basis)


def flag(name: str, scope: str, title: str) -> Fact:
    """A yes/no fact."""
    return Fact(name, scope, FactType("bool"), title)


def code(name: str, scope: str, title: str, *codes: str, domain: str | None = None) -> Fact:
    """A fact with a closed list of codes, or codes of a domain, or open codes."""
    return Fact(name, scope, FactType("code", domain, codes), title)


def many(name: str, scope: str, title: str, *codes: str, domain: str | None = None) -> Fact:
    """A fact that holds a set of codes."""
    return Fact(name, scope, FactType("codes", domain, codes), title)
