"""What is said of a number."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["REASONS", "Verdict"]

REASONS = (
    "ok",
    "empty",
    "bad_length",
    "bad_format",
    "bad_checksum",
    "bad_component",
    "not_allocated",
    "missing_prefix",
    "missing_suffix",
    "withdrawn_form",
    "intermediary",
    "wrong_country",
    "unknown_country",
    "missing_country",
    "no_check",
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """``valid`` None: it cannot be determined, ``reason`` says why.

    ``compact`` is the number as registers write it; ``country`` whose number it is (ISO, or XI),
    None where nobody's; ``scheme`` is ``national``, ``eori`` or a one-stop shop; ``basis`` what
    judged it; ``vies`` whether the register of the Union can be asked.
    """

    valid: bool | None
    reason: str
    compact: str
    country: str | None = None
    scheme: str = "national"
    basis: str = ""
    vies: bool = False

    def to_json(self) -> dict[str, object]:
        """The stable form of the command line."""
        return {
            "valid": self.valid,
            "reason": self.reason,
            "compact": self.compact,
            "country": self.country,
            "scheme": self.scheme,
            "basis": self.basis,
        }
