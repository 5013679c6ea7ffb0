"""Asks VIES, the Union's register of VAT numbers, when and only when it is told to.

The answer is evidence: Dir 2006/112/EC art 138(1)(b) makes the exemption hang on a number that
is registered in another member state. A register that does not answer settles nothing.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from customs.numbers.evidence import Evidence
from customs.numbers.transport import Post, Unreachable, post_json
from customs.numbers.verdict import Verdict
from customs.numbers.vies_match import Trader, matches
from domain import InputError

__all__ = ["ADDRESS", "Consultation", "Vies"]

ADDRESS = "https://ec.europa.eu/taxation_customs/vies/rest-api/check-vat-number"
_PREFIX = 2
_OURS = {"INVALID_REQUESTER_INFO": "requester", "INVALID_INPUT": "number"}
_LATER = ("UNAVAILABLE", "MAX_CONCURRENT_REQ", "TIMEOUT", "BUSY", "TOO_MANY")


@dataclass(frozen=True, slots=True)
class Consultation:
    """One question to the register and what came of it.

    ``outcome``: ``valid``, ``invalid``, ``unavailable`` (asked, not answered: ``error`` says why) or
    ``not_asked`` (malformed, or no number of VIES). ``consultation`` is the number that proves the
    question; only a requester gets one. ``matches`` compares name and address; what the register told
    of them is not kept, only ``answer_sha256``.
    """

    number: str
    outcome: str
    asked_at: datetime
    requester: str | None = None
    register_date: str | None = None
    consultation: str | None = None
    matches: Mapping[str, str] = field(default_factory=dict)
    error: str | None = None
    answer_sha256: str | None = None
    cached: bool = False

    def to_json(self) -> dict[str, object]:
        """The stable form, also of the stored evidence."""
        return {
            "number": self.number,
            "outcome": self.outcome,
            "asked_at": self.asked_at.isoformat(),
            "requester": self.requester,
            "register_date": self.register_date,
            "consultation": self.consultation,
            "matches": dict(self.matches),
            "error": self.error,
            "answer_sha256": self.answer_sha256,
            "cached": self.cached,
        }


@dataclass(frozen=True, slots=True)
class Vies:
    """The register behind a transport. ``keep`` is how long a settled answer is used again.

    ``tries`` and ``pause_s`` (doubled each time) hold for answers that ask to come back later.
    """

    post: Post = post_json
    address: str = ADDRESS
    timeout_s: float = 10.0
    tries: int = 3
    pause_s: float = 0.5
    keep: timedelta = timedelta(hours=24)
    evidence: Evidence | None = None
    sleep: Callable[[float], None] = time.sleep

    def ask(
        self,
        number: Verdict,
        now: datetime,
        requester: Verdict | None = None,
        trader: Trader | None = None,
    ) -> Consultation:
        """Ask for a number that is well formed; ``now`` is aware and is written into the evidence.

        Raises `InputError` for a requester that is no number of VIES, and where the register
        refuses the question itself.
        """
        if not number.vies:
            why = "not_in_vies" if number.valid else number.reason
            return Consultation(number.compact, "not_asked", now, error=why)
        if requester is not None and not requester.vies:
            raise InputError(
                f"the requester's number is no number of VIES ({requester.reason})",
                code="vies.bad_requester",
                place="/requester",
                cure="give the seller's own VAT number of a member state, with its prefix",
            )
        kept = self._kept(number, now, requester, trader)
        if kept is not None:
            return kept
        found = self._fresh(number, now, requester, trader)
        if self.evidence is not None:
            self.evidence.add(found.to_json(), now)
        return found

    def _kept(
        self, number: Verdict, now: datetime, requester: Verdict | None, trader: Trader | None
    ) -> Consultation | None:
        if self.evidence is None or trader is not None:
            return None
        key = {"number": number.compact, "requester": requester.compact if requester else None}
        record = self.evidence.latest(key, now, self.keep)
        if record is None:
            return None
        return Consultation(
            number=str(record["number"]),
            outcome=str(record["outcome"]),
            asked_at=datetime.fromisoformat(record["asked_at"]),
            requester=record.get("requester"),
            register_date=record.get("register_date"),
            consultation=record.get("consultation"),
            matches=record.get("matches") or {},
            answer_sha256=record.get("answer_sha256"),
            cached=True,
        )

    def _fresh(
        self, number: Verdict, now: datetime, requester: Verdict | None, trader: Trader | None
    ) -> Consultation:
        question = _question(number, requester, trader)
        asker = requester.compact if requester else None
        error, raw = "", b""
        for attempt in range(max(1, self.tries)):
            if attempt:
                self.sleep(self.pause_s * 2 ** (attempt - 1))
            try:
                reply = self.post(self.address, question, self.timeout_s)
            except Unreachable as silence:
                error, raw = silence.why, b""
                continue
            raw = reply.body
            error, told = _read(reply.status, raw)
            if not error:
                return _settled(number, now, asker, told, raw, trader)
            if error in _OURS:
                raise InputError(
                    f"VIES refuses the question: {error}",
                    code="vies.refused",
                    place=f"/{_OURS[error]}",
                    cure="check the number and the requester's own number",
                )
            if not any(word in error for word in _LATER):
                break
        digest = hashlib.sha256(raw).hexdigest() if raw else None
        return Consultation(number.compact, "unavailable", now, asker, error=error, answer_sha256=digest)


def _question(number: Verdict, requester: Verdict | None, trader: Trader | None) -> bytes:
    body: dict[str, str] = {
        "countryCode": number.compact[:_PREFIX],
        "vatNumber": number.compact[_PREFIX:],
    }
    if requester is not None:
        body["requesterMemberStateCode"] = requester.compact[:_PREFIX]
        body["requesterNumber"] = requester.compact[_PREFIX:]
    if trader is not None:
        body |= trader.to_vies()
    return json.dumps(body).encode()


def _read(status: int, raw: bytes) -> tuple[str, dict[str, Any]]:
    """(error, answer): an error code, or the answer of a register that has decided."""
    try:
        told = json.loads(raw)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        return ("SERVICE_UNAVAILABLE" if status in (429, 502, 503, 504) else "BAD_ANSWER"), {}
    wrappers = told.get("errorWrappers")
    if isinstance(wrappers, list) and wrappers and isinstance(wrappers[0], dict):
        return str(wrappers[0].get("error") or "BAD_ANSWER"), {}
    verdict = told.get("userError")
    if isinstance(verdict, str) and verdict not in ("", "VALID", "INVALID"):
        return verdict, {}
    if status != 200 or not isinstance(told.get("valid"), bool):
        return ("SERVICE_UNAVAILABLE" if status in (429, 502, 503, 504) else "BAD_ANSWER"), {}
    return "", told


def _settled(
    number: Verdict,
    now: datetime,
    requester: str | None,
    told: Mapping[str, Any],
    raw: bytes,
    trader: Trader | None,
) -> Consultation:
    return Consultation(
        number=number.compact,
        outcome="valid" if told["valid"] else "invalid",
        asked_at=now,
        requester=requester,
        register_date=_text(told.get("requestDate")),
        consultation=_text(told.get("requestIdentifier")),
        matches=matches(trader, told) if trader is not None and told["valid"] else {},
        answer_sha256=hashlib.sha256(raw).hexdigest(),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip("- ") else None
