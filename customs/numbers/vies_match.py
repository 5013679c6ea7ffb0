"""Whether the business behind a number is the one the buyer says it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Trader", "matches"]

_REGISTER = {"VALID": "match", "INVALID": "mismatch"}


@dataclass(frozen=True, slots=True)
class Trader:
    """What the buyer says of itself; empty where nothing is said."""

    name: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""

    def to_vies(self) -> dict[str, str]:
        """The fields of a question to the register."""
        fields = {
            "traderName": self.name,
            "traderStreet": self.street,
            "traderPostalCode": self.postcode,
            "traderCity": self.city,
        }
        return {key: value for key, value in fields.items() if value.strip()}


def matches(trader: Trader, told: Mapping[str, object]) -> dict[str, str]:
    """For each thing said: ``match``, ``mismatch``, or ``not_disclosed`` by the member state.

    The register's own comparison goes first; where it makes none, what it discloses is compared
    here, but for case, accents and punctuation.
    """
    found = {}
    for field, said in trader.to_vies().items():
        key = re.sub(r"(?<!^)(?=[A-Z])", "_", field).lower().removeprefix("trader_")
        told_of = told.get("name") if field == "traderName" else told.get("address")
        register = _REGISTER.get(str(told.get(f"{field}Match")))
        found[key] = register or _compared(said, told_of, whole=field == "traderName")
    return found


def _compared(said: str, told: object, whole: bool) -> str:
    if not isinstance(told, str) or not told.strip("- \n"):
        return "not_disclosed"
    ours, theirs = _words(said), _words(told)
    same = ours == theirs if whole else f" {ours} " in f" {theirs} "
    return "match" if same else "mismatch"


def _words(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", letters))
