"""Every face test signs offers with one key and leaves the user's own alone."""

from __future__ import annotations

import pytest

from tests.faces.desk import KEY


@pytest.fixture(autouse=True)
def _offer_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSAVANT_OFFER_KEY", KEY)
