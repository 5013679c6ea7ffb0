"""What people type around a number, taken away before it is judged."""

from __future__ import annotations

import unicodedata

__all__ = ["LONGEST", "bare", "plain"]

LONGEST = 40
_BETWEEN = frozenset(" .,/:;_'’`·•()[]\"")
_KEPT = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+*")


def bare(text: str) -> str:
    """Capitals without separators; full-width letters and the digits of every script become plain ones.

    What is no separator stays, and will not fit a number.

    >>> bare(" fr 40-303.265.045 "), bare("ＤＥ１２３"), bare("IE 8*79739J")
    ('FR40303265045', 'DE123', 'IE8*79739J')
    """
    wide = unicodedata.normalize("NFKC", text)
    return "".join(_one(letter) for letter in wide).upper()


def plain(text: str) -> bool:
    """Whether only letters A to Z, digits and the two signs of old Irish numbers are left."""
    return _KEPT.issuperset(text)


def _one(letter: str) -> str:
    if letter in _BETWEEN or unicodedata.category(letter) in ("Zs", "Zl", "Zp", "Pd", "Cf", "Cc"):
        return ""
    if letter in "\u2212\u2010\u2043":
        return ""
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    return letter
