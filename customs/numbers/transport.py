"""The only way to the network: one POST of JSON, with a time limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from domain import InputError

__all__ = ["Post", "Reply", "Unreachable", "post_json"]

_LONGEST_REPLY = 1_000_000


@dataclass(frozen=True, slots=True)
class Reply:
    """Status and body of an answer, whatever the status."""

    status: int
    body: bytes


class Unreachable(Exception):
    """Nothing came back: ``timeout`` or ``network``."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


Post = Callable[[str, bytes, float], Reply]


def post_json(url: str, body: bytes, timeout_s: float) -> Reply:
    """Send and wait. Raises `Unreachable`; a status that tells of an error is a `Reply` like any other."""
    import http.client
    from urllib.error import HTTPError, URLError
    from urllib.request import Request, urlopen

    if not url.startswith(("https://", "http://")):
        raise InputError(f"{url!r} is no web address", code="vies.bad_url", cure="begin it with https://")
    headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "passavant"}
    request = Request(url, data=body, headers=headers, method="POST")  # noqa: S310 - checked above
    try:
        with urlopen(request, timeout=timeout_s) as answer:  # noqa: S310 - checked above
            return Reply(answer.status, answer.read(_LONGEST_REPLY))
    except HTTPError as error:
        with error:
            return Reply(error.code, error.read(_LONGEST_REPLY))
    except TimeoutError:
        raise Unreachable("timeout") from None
    except URLError as error:
        late = isinstance(error.reason, TimeoutError)
        raise Unreachable("timeout" if late else "network") from None
    except (OSError, http.client.HTTPException):
        raise Unreachable("network") from None
