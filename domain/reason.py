"""Why something is so, as data: sentences live in ``wording``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Reason"]


@dataclass(frozen=True, slots=True)
class Reason:
    """A coded reason with arguments and, where a rule spoke, its id."""

    code: str
    arguments: Mapping[str, object] = field(default_factory=dict)
    rule: str | None = None

    def to_json(self) -> dict[str, object]:
        """Stable machine form; absent rule is left out."""
        body: dict[str, object] = {"code": self.code}
        if self.arguments:
            body["arguments"] = {key: self.arguments[key] for key in sorted(self.arguments)}
        if self.rule:
            body["rule"] = self.rule
        return body
