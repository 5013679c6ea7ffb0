"""Loading services with their lanes, size bands, goods codes and the retailer's contract."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

from carriers.limits import SIZE_FIELDS, read_limits
from carriers.reach import Reach
from carriers.service import MODES, SPEEDS, TRANSPORTS, Band, Lane, Service
from carriers.tables import Folder, Row, read_rows
from carriers.territories import Territories
from domain import WorldError

__all__ = ["load_goods_codes", "load_services"]

UNKNOWN: Final = frozenset({"weight", "size"})
LIMIT_FIELDS: Final = frozenset({"weight_g", *SIZE_FIELDS})
CONTRACT_FIELDS: Final = LIMIT_FIELDS | {"divisor", "transit_days", "accepts", "no_size_limit"}


@dataclass(frozen=True, slots=True)
class _Term:
    """One row of a contract: a field of a service, and for transit the trip it speaks of."""

    row: Row
    field: str
    reach: Reach


def load_goods_codes(folder: Folder) -> frozenset[str]:
    """The goods codes that services may accept (``goods_codes.csv``)."""
    return frozenset(row.text("code") for row in read_rows(folder.find("goods_codes.csv")))


def load_services(folder: Folder, territories: Territories) -> tuple[Service, ...]:
    """Every service, in file order, with indexes 0, 1, 2 ..."""
    codes = load_goods_codes(folder)
    lanes, bands = _lanes(folder, territories), _bands(folder)
    contract = _contract(folder, territories)
    services: list[Service] = []
    for row in read_rows(folder.find("services.csv")):
        if row.yes("demo") and not folder.demo:
            continue
        service = _service(row, len(services), codes, bands, lanes)
        _refuse_narrowing(service)
        services.append(_agreed(service, contract.pop(service.id, ()), codes))
    known = {service.id for service in services}
    if len(known) != len(services):
        raise WorldError("a service id is used twice", code="carriers.table", place="services.csv")
    if folder.demo:
        _refuse_strangers({"lanes.csv": lanes, "size_bands.csv": bands, "contract": contract}, known)
    return tuple(services)


def _refuse_narrowing(service: Service) -> None:
    inner = service.limits
    for band in service.bands:
        if not band.limits.contains(inner):
            raise WorldError(
                f"size band {band.code} of {service.id} is narrower than the one before it",
                code="carriers.table",
                place="size_bands.csv",
                cure="repeat the limits that stay the same",
            )
        inner = band.limits


def _refuse_strangers(tables: Mapping[str, Collection[str]], known: set[str]) -> None:
    for table, named in tables.items():
        strangers = sorted(set(named) - known)
        if strangers:
            raise WorldError(
                f"the table names services that do not exist: {', '.join(strangers)}",
                code="carriers.table",
                place=table,
                cure="use the id of a row in services.csv",
            )


def _service(
    row: Row,
    index: int,
    codes: frozenset[str],
    bands: dict[str, list[Band]],
    lanes: dict[str, list[Lane]],
) -> Service:
    name = row.text("id")
    limits = read_limits(row)
    unknown = frozenset(row.words("unknown"))
    if unknown - UNKNOWN:
        raise row.error("unknown", "only weight and size can be unknown")
    if limits.weight_g is None and "weight" not in unknown:
        raise row.error("weight_g", "a weight limit is neither given nor called unknown")
    if not limits.sized and "size" not in unknown:
        raise row.error("box_mm", "a size limit is neither given nor called unknown")
    currency = row.text("currency")
    return Service(
        index=index,
        id=name,
        carrier=row.text("carrier"),
        name=row.text("name"),
        mode=row.choice("mode", MODES),
        speed=row.choice("speed", SPEEDS),
        network=row.optional("network"),
        transport=row.choice("transport", TRANSPORTS),
        limits=limits,
        unknown=unknown,
        bands=tuple(bands.get(name, ())),
        max_km=row.integer("max_km"),
        value_limit=row.money("value_limit", row.optional("value_currency") or currency),
        divisor=row.integer("divisor"),
        rounding_mm=row.integer("rounding_mm") or 1,
        features=frozenset(row.words("features")),
        accepts=_accepted(row, "accepts", codes),
        incoterms=frozenset(row.words("incoterms")),
        currency=currency,
        by_time=row.clock("by_time"),
        demo=row.yes("demo"),
        confidence=row.text("confidence"),
        source=row.text("source"),
        checked=row.day("checked"),
        lanes=tuple(lanes.get(name, ())),
    )


def _accepted(row: Row, column: str, codes: frozenset[str]) -> frozenset[str]:
    words = frozenset(row.words(column))
    if words - codes:
        raise row.error(column, f"unknown goods code {min(words - codes)!r}", "see goods_codes.csv")
    return words


def _lanes(folder: Folder, territories: Territories) -> dict[str, list[Lane]]:
    found: dict[str, list[Lane]] = defaultdict(list)
    for row in read_rows(folder.find("lanes.csv")):
        closed = row.choice("status", frozenset({"open", "closed"})) == "closed"
        low, high = row.integer("days_min"), row.integer("days_max")
        if (low is None) != (high is None) or (low is not None and high is not None and low > high):
            raise row.error("days_min", "give the fewest and the most days, or neither")
        weekdays = row.optional("weekdays")
        lane = Lane(
            row.text("service"),
            territories.reach(row),
            None if low is None or high is None else (low, high),
            None if weekdays is None else frozenset(int(number) - 1 for number in weekdays),
            row.day("valid_from"),
            row.day("valid_until"),
            closed,
            row.text("reason") if closed else "",
            row.text("source"),
            row.text("confidence"),
        )
        found[lane.service].append(lane)
    return found


def _bands(folder: Folder) -> dict[str, list[Band]]:
    found: dict[str, list[Band]] = defaultdict(list)
    for row in read_rows(folder.find("size_bands.csv")):
        if row.yes("demo") and not folder.demo:
            continue
        band = Band(row.text("band"), read_limits(row), row.integer("min_billable_g"), row.text("source"))
        found[row.text("service")].append(band)
    return found


def _contract(folder: Folder, territories: Territories) -> dict[str, tuple[_Term, ...]]:
    path = folder.supplied("contract")
    found: dict[str, list[_Term]] = defaultdict(list)
    for row in read_rows(path) if path is not None else ():
        field = row.choice("field", CONTRACT_FIELDS)
        found[row.text("service")].append(_Term(row, field, territories.reach(row)))
    return {service: tuple(terms) for service, terms in found.items()}


def _agreed(service: Service, terms: tuple[_Term, ...], codes: frozenset[str]) -> Service:
    """The service as the contract has it; what the contract sets is no longer unknown."""
    limits, unknown, lanes = service.limits, service.unknown, list(service.lanes)
    for term in terms:
        row, field = term.row, term.field
        if field == "transit_days":
            timed = [_timed(lane, term) for lane in lanes]
            if timed == lanes:
                raise row.error("destinations", f"{service.id} has no lane with these destinations")
            lanes = timed
        elif field == "accepts":
            service = replace(service, accepts=_accepted(row, "value", codes))
        elif field == "divisor":
            service = replace(service, divisor=row.integer("value"))
        elif field == "no_size_limit":
            unknown -= {"size"}
        else:
            written = read_limits(Row({field: row.text("value")}, row.place))
            limits = replace(limits, **{field: getattr(written, field)})
            unknown -= {"weight"} if field == "weight_g" else {"size"}
    return replace(service, limits=limits, unknown=unknown, lanes=tuple(lanes))


def _timed(lane: Lane, term: _Term) -> Lane:
    """Sets the days of the lanes written for exactly the destinations the contract names (or for all)."""
    wanted = term.reach.destinations
    if not wanted.world and wanted != lane.reach.destinations:
        return lane
    low, _, high = term.row.text("value").partition("-")
    if not (low.isdigit() and high.isdigit() and int(low) <= int(high)):
        raise term.row.error("value", "transit days are written like 2-4")
    return replace(lane, days=(int(low), int(high)), source=term.row.text("source"), confidence="contract")
