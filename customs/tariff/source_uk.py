"""The UK tariff: the published measure tables (CSV) and answers of the Trade Tariff service (JSON, version 2)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from customs.tariff.csv_rows import BROKEN, csv_rows
from customs.tariff.rows import (
    About,
    Kept,
    MeasureType,
    Refused,
    Skipped,
    areas,
    kept_or_refused,
    measure_types,
)
from domain import InputError

__all__ = ["read_uk"]

NEEDED = (
    "commodity__code",
    "measure__type__id",
    "measure__duty_expression",
    "measure__effective_start_date",
    "measure__geographical_area__id",
)
_CODE = re.compile(r"\d{10}")
_TAG = re.compile(r"<[^>]*>")


def read_uk(files: Sequence[Path], about: About) -> Iterator[Kept | Skipped | Refused]:
    """Rows of ``measures-on-declarable-commodities`` or ``measures-as-defined``, or of API answers."""
    for path in files:
        rows = _api_rows(path) if path.suffix == ".json" else csv_rows(path, NEEDED)
        for line, row in rows:
            if BROKEN in row:
                yield Refused(path.name, line, "", row[BROKEN])
            else:
                yield _row(row, path.name, line, about)


def _row(row: Mapping[str, str], file: str, line: int, about: About) -> Kept | Skipped | Refused:
    kind = measure_types().get(row["measure__type__id"])
    if kind is None:
        return Skipped(f"measure type {row['measure__type__id']} is no duty of ours")
    if not _CODE.fullmatch(row["commodity__code"]):
        return Refused(file, line, "commodity__code", f"{row['commodity__code']!r} is not ten digits")
    days = {}
    for name, column in (
        ("valid_from", "measure__effective_start_date"),
        ("last", "measure__effective_end_date"),
    ):
        text = row.get(column, "")[:10]
        try:
            days[name] = date.fromisoformat(text) if text else None
        except ValueError:
            return Refused(file, line, column, f"{text!r} is no date")
    start, last = days["valid_from"], days["last"]
    if start is None or (last is not None and last < start):
        return Refused(
            file, line, "measure__effective_start_date", "the measure has no first day, or ends before it"
        )
    record = _record(row, kind, about) | {
        "valid_from": start.isoformat(),
        "valid_until": "" if last is None else date.fromordinal(last.toordinal() + 1).isoformat(),
    }
    rate = _TAG.sub("", row["measure__duty_expression"]).strip()
    return kept_or_refused(record, rate, file=file, line=line, column="measure__duty_expression")


def _record(row: Mapping[str, str], kind: MeasureType, about: About) -> dict[str, str]:
    area = row["measure__geographical_area__id"]
    members = areas().get(area) or (area if len(area) == 2 else f"area:{area}")
    left_out = row.get("measure__excluded_geographical_areas__ids", "").replace("|", " ")
    unnamed = row.get("measure__excluded_geographical_areas__descriptions", "") if not left_out else ""
    extra = row.get("measure__additional_code__code", "")
    quota = row.get("measure__quota__order_number", "")
    doubtful = bool(extra or quota or unnamed)
    notes = (
        ("additional code", extra),
        ("quota", quota),
        ("not from", unnamed),
        ("conditions", row.get("measure__conditions", "")),
    )
    return {
        **about.record(),
        "hs_code": row["commodity__code"],
        "description": row.get("commodity__description", "") or row.get("measure__type__description", ""),
        "measure": kind.measure,
        "origin": members,
        "origin_except": " ".join(areas().get(part, part) for part in left_out.split()),
        "effect": kind.effect,
        "applies": "may" if doubtful else kind.applies,
        "note": "; ".join(f"{name} {text}" for name, text in notes if text)[:512],
    }


def _api_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The import measures of one commodity as the columns of the table; the line is the measure's number."""
    try:
        body = json.loads(path.read_text(encoding="utf-8"), parse_float=str)
        known = {(item["type"], str(item["id"])): item for item in body.get("included", [])}
        code = body["data"]["attributes"]["goods_nomenclature_item_id"]
        measures = [item for (kind, _), item in known.items() if kind == "measure"]
        for number, measure in enumerate(measures, 1):
            if measure["attributes"].get("import", True):
                yield number, _measure(measure, known, code, body["data"]["attributes"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"this is no answer of the Trade Tariff service: {type(error).__name__} {error}",
            code="tariff.import_format",
            place=path.name,
            cure="save the JSON of /api/v2/commodities/<code>, one commodity a file",
        ) from None


def _measure(
    measure: Mapping[str, Any], known: Mapping[tuple[str, str], Any], code: str, goods: Mapping[str, Any]
) -> dict[str, str]:
    def one(name: str) -> tuple[str, Mapping[str, Any]]:
        link = (measure["relationships"].get(name) or {}).get("data") or {}
        found = known.get((link.get("type", ""), str(link.get("id", ""))), {})
        return str(link.get("id", "")), found.get("attributes", {})

    held, links = measure["attributes"], measure["relationships"]
    excluded = (links.get("excluded_countries") or {}).get("data") or ()
    return {
        "commodity__code": code,
        "commodity__description": str(goods.get("description_plain") or goods.get("description") or ""),
        "measure__type__id": one("measure_type")[0],
        "measure__duty_expression": str(one("duty_expression")[1].get("base") or ""),
        "measure__effective_start_date": str(held.get("effective_start_date") or ""),
        "measure__effective_end_date": str(held.get("effective_end_date") or ""),
        "measure__geographical_area__id": one("geographical_area")[0],
        "measure__excluded_geographical_areas__ids": "|".join(str(item["id"]) for item in excluded),
        "measure__additional_code__code": str(one("additional_code")[1].get("code") or ""),
        "measure__quota__order_number": one("order_number")[0],
    }
