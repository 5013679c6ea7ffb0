"""Duties of the ledger in the tariff, and what stands in other tables."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from customs.tariff import NotInTariff, TariffLine, parse_rate
from tests.ledger.in_rates import numbers
from tests.ledger.rows import DAY, ROOT, Row, World


def _measures(ref: str, world: World) -> list[TariffLine]:
    where, _, measure = ref.partition("/")
    return [x for x in world.tariff_lines if x.jurisdiction == where and x.measure.startswith(measure)]


def tariff_measure(row: Row, ref: str, world: World) -> str | None:
    """A measure of a tariff with that figure and those days; for a date: one that begins or ends then."""
    lines = [line for line in _measures(ref, world) if line.source]
    if row.unit == "date":
        days = {day for line in lines for day in (line.valid_from, line.valid_until)}
        return None if date.fromisoformat(row.value) in days else f"{ref} does not change on {row.value}"
    for line in lines:
        dated = row.valid_from in (None, line.valid_from) and row.valid_until in (None, line.valid_until)
        if dated and Decimal(row.value) in numbers(str(line.expression)):
            return None
    return f"no line of {ref} holds {row.value} from {row.valid_from} until {row.valid_until}"


def duty(row: Row, ref: str, world: World) -> str | None:
    """One line of a tariff; a line of the chapter or heading speaks for what lies under it."""
    place, _, origin = ref.partition("@")
    where, code, measure = place.split("/")
    wanted = parse_rate(row.value)
    lines = [
        line
        for line in _measures(f"{where}/{measure}", world)
        if line.hs_code and code.startswith(line.hs_code) and (not origin or line.covers(origin))
    ]
    alike = [line for line in lines if line.expression == wanted and line.source]
    first = row.valid_from is None or any(line.valid_from == row.valid_from for line in alike)
    if first and all(any(line.holds(day) for line in alike) for day in row.days):
        return None
    return f"{ref} is {[(str(line.expression), str(line.valid_from)) for line in lines]}, not {row.value}"


def tariff_maybe(row: Row, ref: str, world: World) -> str | None:
    sure = [line for line in _measures(ref, world) if line.applies == "yes" and line.effect == "adds"]
    return f"{ref} is applied as certain" if sure or not _measures(ref, world) else None


def tariff_unknown(row: Row, ref: str, world: World) -> str | None:
    where, _, code = ref.partition("/")
    answer = world.tariff.find(where, code, None, DAY)
    known = not isinstance(answer, NotInTariff) and bool(answer.options)
    return f"{ref} is answered" if known else None


def tariff_date(row: Row, ref: str, world: World) -> str | None:
    where, _, code = ref.partition("/")
    lines = [x for x in world.tariff_lines if x.jurisdiction == where and x.hs_code.startswith(code)]
    days = {line.valid_from for line in lines}
    return None if days == {date.fromisoformat(row.value)} else f"{ref} is in force since {sorted(days)}"


def table(row: Row, ref: str, world: World) -> str | None:
    path, _, needle = ref.partition("#")
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    return None if any(needle in line for line in lines) else f"{path} does not hold {needle}"


def known(row: Row, ref: str, world: World) -> str | None:
    """A figure no decision turns on: the table of known figures has it, with the same days and source.

    The table dates a figure that is itself a day with that day.
    """
    if ref not in world.known:
        raise KeyError(f"known figure {ref}")
    figure = world.known[ref]
    wanted = date.fromisoformat(row.value) if row.unit == "date" else Decimal(row.value)
    if (figure.value, figure.unit, figure.territory or "") != (wanted, row.unit, row.territory):
        return f"{ref} is {figure.value} {figure.unit} {figure.territory or ''}, not {row.value} {row.unit}"
    days = {figure.valid_from, figure.valid_until} - {None}
    dated = (figure.valid_from, figure.valid_until) == (row.valid_from, row.valid_until)
    if not (dated or (row.unit == "date" and days == {wanted})):
        return f"{ref} holds from {figure.valid_from} until {figure.valid_until}"
    if (figure.source, figure.confidence) != (row.source, row.confidence):
        return f"{ref} cites {figure.source!r} with {figure.confidence} confidence"
    return None


def demo_only(row: Row, ref: str, world: World) -> str | None:
    lines = (ROOT / "customs/data/fx_demo.csv").read_text(encoding="utf-8").splitlines()[1:]
    yearly = [line for line in lines if line.startswith("eu_national_year")]
    return (
        None
        if all("demo figure" in line for line in yearly)
        else "a yearly rate is shipped as if it were real"
    )


def reason(row: Row, ref: str, world: World) -> str | None:
    return None if len(ref.split()) >= 2 else "no reason is given"
