"""Denied parties: reading published lists, comparing names with them, remembering what was cleared."""

from customs.screening.clearances import FILE as CLEARANCES
from customs.screening.clearances import add_clearance, read_clearances
from customs.screening.contract import KINDS, answer, party_of
from customs.screening.fold import fold, name_key
from customs.screening.lists import FORMATS, read_lists
from customs.screening.model import (
    Clearance,
    Flaw,
    ListedName,
    ListedParty,
    Match,
    Party,
    PartyList,
    Policy,
    Screened,
)
from customs.screening.screener import Screener

__all__ = [
    "CLEARANCES",
    "FORMATS",
    "KINDS",
    "Clearance",
    "Flaw",
    "ListedName",
    "ListedParty",
    "Match",
    "Party",
    "PartyList",
    "Policy",
    "Screened",
    "Screener",
    "add_clearance",
    "answer",
    "fold",
    "name_key",
    "party_of",
    "read_clearances",
    "read_lists",
]
