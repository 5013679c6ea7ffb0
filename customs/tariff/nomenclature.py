"""The nomenclature behind tariff codes: lengths, chapters that hold no goods, codes that were replaced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from customs.tariff.units import read_table
from domain import InputError

__all__ = ["Fault", "fault_of", "plain_code"]

SUBHEADING = 6


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a code names no goods on a day; ``codes`` are its successors or predecessors."""

    reason: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Change:
    old: str
    new: tuple[str, ...]
    day: date


def plain_code(code: str) -> str:
    """Digits only: dots and spaces are taken out. Raises InputError for anything but 2 to 12 digits."""
    digits = code.replace(".", "").replace(" ", "")
    if not (digits.isascii() and digits.isdigit() and 2 <= len(digits) <= 12):
        raise InputError(
            f"{code!r} is not a commodity code",
            code="tariff.bad_code",
            cure="write 4 to 10 digits, such as 610910",
        )
    return digits


def fault_of(code: str, day: date) -> Fault | None:
    """What is wrong with a code of digits on that day, as far as the nomenclature alone tells."""
    if len(code) % 2:
        return Fault("tariff.bad_length")
    status = _chapters().get(code[:2])
    if status is not None or not "01" <= code[:2] <= "99":
        return Fault("tariff.special_chapter" if status == "national" else "tariff.not_in_nomenclature")
    six = code[:SUBHEADING]
    for change in _changes():
        if six == change.old and day >= change.day:
            return Fault("tariff.code_replaced", change.new)
        if six in change.new and day < change.day:
            return Fault("tariff.code_not_yet", (change.old,))
    return None


@cache
def _chapters() -> dict[str, str]:
    return {row["chapter"]: row["status"] for row in read_table("nomenclature_chapters.csv")}


@cache
def _changes() -> tuple[_Change, ...]:
    return tuple(
        _Change(row["old"], tuple(row["new"].split()), date.fromisoformat(row["date"]))
        for row in read_table("nomenclature_changes.csv")
    )
