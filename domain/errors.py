"""The one tree of errors: each says where, what, why and what to do.

Faces translate them: the command line prints one message and exits 2, HTTP
answers RFC 9457 problem details with the same ``code``.
"""

from __future__ import annotations

__all__ = ["InputError", "PassavantError", "UnknownReference", "WorldError"]


class PassavantError(Exception):
    """Base of every error the product raises on purpose.

    ``code`` is stable and machine-readable (``order.unknown_sku``), ``place``
    says where (a JSON pointer, or ``file:line:column``), ``cause`` what is
    wrong and ``cure`` what to do about it.
    """

    default_code = "passavant.error"

    def __init__(self, cause: str, *, code: str | None = None, place: str = "", cure: str = "") -> None:
        self.code = code or self.default_code
        self.place = place
        self.cause = cause
        self.cure = cure
        super().__init__(str(self))

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        todo = f" ({self.cure})" if self.cure else ""
        return f"{where}{self.cause}{todo}"

    def to_json(self) -> dict[str, str]:
        """The stable machine form used by ``--jsonl`` and HTTP."""
        return {"code": self.code, "place": self.place, "cause": self.cause, "cure": self.cure}


class InputError(PassavantError):
    """What came from outside cannot be read as what it claims to be."""

    default_code = "input.invalid"


class UnknownReference(InputError):
    """Input names something the world does not hold (a SKU, a location, a seller)."""

    default_code = "input.unknown_reference"


class WorldError(PassavantError):
    """A catalog, network or data table is broken; the last good one stays in force."""

    default_code = "world.invalid"
