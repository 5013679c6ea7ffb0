"""Consignments to ask about, one change at a time, and the three faces that answer them."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from engine.world import World
from scenarios import open_world
from scenarios.law import landed_cost
from tests.faces.desk import ask, client

__all__ = ["AU", "BE", "CH", "DE", "FACES", "FR", "GB", "NO", "SALE", "consignment", "line", "told", "world"]

CH = {"country": "CH", "postcode": "8001"}
DE = {"country": "DE", "postcode": "10115"}
FR = {"country": "FR", "postcode": "69002"}
BE = {"country": "BE", "postcode": "4000"}
GB = {"country": "GB", "postcode": "SW1A 1AA"}
NO = {"country": "NO", "postcode": "0150"}
AU = {"country": "AU", "postcode": "2000"}
SALE: dict[str, Any] = {
    "date": "2026-11-20",
    "seller": {"country": "FR"},
    "ship_from": {"country": "FR"},
    "ship_to": {"country": "FR"},
    "buyer": {"kind": "consumer"},
    "net": "100.00",
    "currency": "EUR",
}
"""A question about VAT with nothing that may be left out."""


@lru_cache(maxsize=1)
def world() -> World:
    return open_world()[0]


def line(**changes: Any) -> dict[str, Any]:
    """Cotton T-shirts from China for EUR 100."""
    return {
        "id": "shirts",
        "description": "cotton T-shirts, knitted",
        "hs_code": "6109100010",
        "origin": "CN",
        "net": "100.00",
        "weight_g": 200,
        **changes,
    }


def consignment(**changes: Any) -> dict[str, Any]:
    """A parcel of a Swiss shop with the import one-stop shop to Berlin; ``line`` changes its only line."""
    lines = changes.pop("lines", None) or [line(**changes.pop("line", {}))]
    return {
        "id": "asked",
        "date": "2026-11-20",
        "declared_on": "2026-11-23",
        "seller": {"country": "CH", "vat_registrations": ["CH"], "ioss": True},
        "ship_from": CH,
        "ship_to": DE,
        "buyer": {"kind": "consumer"},
        "currency": "EUR",
        "lines": lines,
        "parcels": 1,
        "route": {"network": "express"},
        **changes,
    }


def told(**changes: Any) -> dict[str, Any]:
    """What is answered, as JSON reads it."""
    found: dict[str, Any] = json.loads(json.dumps(landed_cost(consignment(**changes), world())))
    return found


def _file(query: object, folder: Path) -> dict[str, Any]:
    path = folder / "question.json"
    path.write_text(json.dumps(query), encoding="utf-8")
    said = ask("landed-cost", path, "--json")
    if said.error is None:
        body: dict[str, Any] = said.json
        return body
    assert (said.code, said.out) == (2, "")
    error = said.error.to_json()
    return {"code": error["code"], "at": error["place"].removeprefix("question.json").removeprefix("#")}


def _stream(query: object, _: Path) -> dict[str, Any]:
    said = ask("landed-cost", "--jsonl", stdin=json.dumps(query) + "\n")
    assert said.code == 0
    body: dict[str, Any] = json.loads(said.out)
    error = body.get("error")
    return {"code": error["code"], "at": error["place"].removeprefix("line 1")} if error else body


def _http(query: object, _: Path) -> dict[str, Any]:
    said = client().post("/v1/landed-costs", json=query)
    body: dict[str, Any] = said.json()
    if said.status_code == 200:
        return body
    assert (said.status_code, said.headers["content-type"]) == (422, "application/problem+json")
    assert body["title"]
    assert body["detail"]
    assert body["status"] == 422
    return {"code": body["code"], "at": place if (place := body.get("instance", "")).startswith("/") else ""}


FACES = {"file": _file, "stream": _stream, "http": _http}
