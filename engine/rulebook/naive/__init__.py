"""The reference matcher: the rule language made executable, for reading, not for speed.

Every other matcher must agree with this one. It takes a resolved decision
(one epoch: each rule in it is alive, sets and params are values) and what is
known, and says which rules hold, which may hold, and which outcomes are left.

>>> from engine.rulebook.tree import All, Decision, Hit, Op, Rule, Test, Yields
>>> heavy = Rule("heavy", "demo", All((Test("parcel.weight", Op.MORE_THAN, (30000,)),)), "two_person")
>>> demo = Decision("demo", "order", Yields("code"), "order.day", Hit.UNIQUE, "home", (heavy,))
>>> judge(demo, {"parcel.weight": 45000}).certain
('two_person',)
>>> judge(demo, {}).possible
('home', 'two_person')
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from domain import Truth
from engine.rulebook.naive.answers import Zones, unknown_zones
from engine.rulebook.naive.conditions import effective
from engine.rulebook.naive.outcomes import Verdict, conclude
from engine.rulebook.tree import Decision

__all__ = ["Verdict", "Zones", "judge"]

_NO_MEMBERS: Final[Mapping[str, Sequence[Mapping[str, object]]]] = MappingProxyType({})


def judge(
    decision: Decision,
    facts: Mapping[str, object],
    members: Mapping[str, Sequence[Mapping[str, object]]] = _NO_MEMBERS,
    zones: Zones = unknown_zones,
) -> Verdict:
    """What the decision's rules make of the facts.

    ``facts``: fact name to value, partial value or ``NOT_APPLICABLE``; an
    absent name is missing. ``members``: inner scope to the facts of each of
    its members; an absent scope is one whose members are unknown. A member
    that has inner members of its own carries them under the scope's name.
    ``zones(zone, value)`` answers ``in zone``; without it every zone is
    unknown. Raises ``InputError`` where a value cannot be what a test asks
    for, where a set or param was left unresolved, and where ``overrides``
    names no rule of the decision or runs in a circle.
    """
    truths: dict[str, Truth] = effective(decision, facts, members, zones)
    return conclude(decision, truths)
