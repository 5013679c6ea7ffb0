"""Every rate and threshold of the law that was collected is held somewhere, dated and cited; none that is
unconfirmed is in use. The files beside this one name each with the place that holds it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from customs.rates import VatRates
from tests.ledger.in_rules import readers
from tests.ledger.lookup import KINDS, problem
from tests.ledger.rows import DAY, Row, World, rows

ROWS = rows()
FILES = sorted({row.file for row in ROWS})


@pytest.fixture(scope="module")
def world() -> World:
    return World()


def problems(found: list[Row], world: World) -> list[str]:
    return [
        f"{row.file} {row.id} ({row.what}): {wrong}"
        for row in found
        for kind, ref in row.held_in
        if (wrong := problem(row, kind, ref, world))
    ]


@pytest.mark.parametrize("file", FILES)
def test_every_fact_is_held_where_the_ledger_says(file: str, world: World) -> None:
    assert problems([row for row in ROWS if row.file == file], world) == []


def test_every_row_is_complete() -> None:
    assert len({row.id for row in ROWS}) == len(ROWS)
    for row in ROWS:
        assert row.what, row
        assert row.value, row
        assert row.unit, row
        assert row.source, row
        assert row.confidence in ("high", "medium", "low", "unverified"), row
        assert row.valid_from is None or row.valid_until is None or row.valid_from < row.valid_until, row


def test_what_is_not_modelled_says_why(record_property: Callable[[str, object], None]) -> None:
    left_out = [row for row in ROWS if all(kind == "not_modelled" for kind, _ in row.held_in)]
    reasons = Counter(ref for row in left_out for _, ref in row.held_in)
    sure = [row for row in ROWS if row.sure]
    held = [row for row in sure if row not in left_out]
    known = [row for row in held if all(kind == "known" for kind, _ in row.held_in)]
    record_property(
        "said",
        f"ledger: {len(ROWS)} facts, {len(sure)} confirmed, of which {len(held) - len(known)} applied, "
        f"{len(known)} tabled as known and not applied, and {len(sure) - len(held)} not modelled because they "
        f"ended or are no figure ({len(reasons)} stated reasons with the unconfirmed); "
        f"{len(ROWS) - len(sure)} unconfirmed, all off",
    )
    assert len(held) > len(sure) * 0.97
    assert len(ROWS) > 1300


def not_in_the_tables(found: list[Row]) -> list[str]:
    """Confirmed rates and thresholds, in force or about to be, of which a part is held in no table."""
    return [
        f"{row.file} {row.id} ({row.what}): {ref}"
        for row in found
        if row.sure and not row.past_day and (row.valid_until is None or row.valid_until > DAY)
        for kind, ref in row.held_in
        if kind == "not_modelled"
    ]


def test_every_confirmed_figure_in_force_is_in_the_tables() -> None:
    assert not_in_the_tables(ROWS) == []
    left_out = [row for row in ROWS if row.sure and ("not_modelled" in {kind for kind, _ in row.held_in})]
    assert len(left_out) < 40
    assert all(row.past_day or not row.in_force for row in left_out)


@pytest.mark.parametrize(
    ("fields", "complaints"),
    [
        ({}, 1),
        ({"confidence": "medium", "valid_from": date(2027, 1, 1)}, 1),
        ({"valid_until": date(2026, 11, 23)}, 1),
        ({"unit": "date", "value": "2026-11-23"}, 1),
        ({"held_in": (("rate", "FR/books"), ("not_modelled", "a service"))}, 1),
        ({"confidence": "low"}, 0),
        ({"confidence": "unverified"}, 0),
        ({"valid_until": DAY}, 0),
        ({"unit": "date", "value": "2026-11-22"}, 0),
    ],
    ids=str,
)
def test_a_figure_left_out_of_the_tables_is_found(fields: dict[str, object], complaints: int) -> None:
    assert len(not_in_the_tables([replace(row("not_modelled:a reason"), **fields)])) == complaints  # type: ignore[arg-type]


def test_every_known_figure_is_in_the_ledger(world: World) -> None:
    named = {ref for row in ROWS for kind, ref in row.held_in if kind == "known"}
    assert set(world.known) == named
    unsure = {ref for row in ROWS if not row.sure for _, ref in row.held_in}
    assert named & unsure == set()


# ---- the ledger against the tables: nothing in use that it does not know --------------------------------------


def test_every_threshold_of_the_law_rules_is_in_the_ledger(world: World) -> None:
    """A named amount of the law that no row speaks of would be one nobody compared with its source."""
    named = {ref for row in ROWS for kind, ref in row.held_in if kind in ("param", "off", "param_date")}
    law = {ident for ident, found in world.book.sources.params.items() if found.pack == "law"}
    assert law - named - OURS - {ident for ident in law if own_policy(world, ident)} == set()


def own_policy(world: World, ident: str) -> bool:
    """A figure of the project's own, which no law fixes; its citation says so."""
    return all(cite.act.startswith("Own policy") for cite in world.book.sources.params[ident].cite)


OURS = {
    "locker-age-limit",  # our reading of national laws: goods with any age limit stay out of lockers
}


def test_no_rule_reads_an_unconfirmed_threshold(world: World) -> None:
    off = {ident for ident, found in world.book.sources.params.items() if found.status != "on"}
    assert off == {ref for row in ROWS for kind, ref in row.held_in if kind == "off"}
    read = {ident for ident in off if readers(world, ident)}
    assert read == set()
    assert readers(world, "eu-ioss-limit") != []


def test_every_territory_with_rates_is_in_the_ledger(world: World) -> None:
    named = {ref.split("/")[0] for row in ROWS for kind, ref in row.held_in if kind in RATE_KINDS}
    assert set(world.rates.rows) - named == set()


RATE_KINDS = ("rate", "candidate", "unknown", "level")


def test_no_unconfirmed_rate_is_given_in_use(world: World) -> None:
    for found in world.rates.rows.values():
        for code in found.values():
            for row in code:
                assert row.percent is None or row.confidence in ("high", "medium"), row


# ---- the checks themselves can fail --------------------------------------------------------------------------


FLAT = next(
    f"{kind}:{ref}"
    for found in ROWS
    for kind, ref in found.held_in
    if (kind, found.territory) == ("undecided", "XI")
)


def row(held: str, **fields: object) -> Row:
    base = Row("x", "x", "5.5", "percent", "FR", None, None, "high", "s", (("not_modelled", "a b"),), "x.csv")
    kind, _, ref = held.partition(":")
    return replace(base, held_in=((kind, ref),), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("planted", "complaint"),
    [
        (row("rate:FR/books", value="7"), "not 7"),
        (row("rate:FR/boks"), "no category"),
        (row("rate:DK/books", value="0"), "unknown"),
        (row("rate:SE/food", value="6", valid_from=date(2026, 3, 31)), "2026-03-31 is 12"),
        (row("rate:SE/food", value="6", valid_until=date(2028, 1, 2)), "2028-01-01 is 12"),
        (row("rate:SE/food", value="6", valid_from=date(2026, 4, 2)), "begins on 2026-04-01"),
        (row("rate:SE/food", value="6", valid_until=date(2027, 12, 31)), "ends before 2028-01-01"),
        (row("rate:FR/books", confidence="unverified"), "not for a fact of unverified"),
        (row("unknown:FR/books", confidence="unverified"), "answered with 5.5"),
        (row("unknown:DK/books"), "not for a fact of high"),
        (row("contradicted:FR/books", confidence="low"), "unconfirmed"),
        (row("candidate:FR/books"), "answered"),
        (row("candidate:DK/books"), "offers"),
        (row("level:FR", value="6"), "no goods at 6"),
        (row("param:no-such-limit", value="150", unit="EUR"), "no param no-such-limit"),
        (row("param:eu-ioss-limit", value="151", unit="EUR"), "not 151"),
        (row("param:eu-ioss-limit", value="150", unit="GBP"), "not 150 GBP"),
        (row("param:eu-ioss-limit", value="150", unit="EUR", valid_from=date(2021, 8, 1)), "too"),
        (row("param:eu-handling-fee", value="2", unit="EUR"), "unverified"),
        (row("off:eu-ioss-limit", confidence="unverified"), "is on"),
        (row("rule:no-such-rule", unit="date", value="2026-07-01"), "no rule"),
        (row("rule:duty-eu-flat-per-item", unit="date", value="2026-07-02"), "does not turn"),
        (row("rule:fr-books-small-order", unit="EUR", value="4"), "does not hold 4"),
        (row("known_until:duty-uk-relief", value="2030-01-01"), "answers until"),
        (row("set:lithium-chemistries#lead", value="1"), "does not hold lead"),
        (row("tariff_measure:US/section_122", value="15"), "no line"),
        (row("tariff_unknown:EU/61091000", confidence="low"), "answered"),
        (row("duty:EU/61091000/mfn", value="13%"), "not 13%"),
        (row("duty:EU/61091000/mfn", value="12%", valid_from=date(2020, 1, 1)), "not 12%"),
        (row(FLAT.replace("=XI", "=FR"), value="3", confidence="unverified"), "answers flat_per_item"),
        (row("table:customs/data/vat_rates.csv#Atlantis"), "does not hold"),
        (row("known:no-such-figure"), "no known figure"),
        (row("known:eu-ownership", value="51", territory="EU"), "is 50 percent EU, not 51"),
        (row("known:eu-ownership", value="50", territory="GB"), "is 50 percent EU"),
        (row("known:eu-ownership", value="50", territory="EU", unit="EUR"), "not 50 EUR"),
        (row("known:eu-ownership", value="50", territory="EU", valid_from=date(2020, 1, 1)), "from None"),
        (row("known:eu-ownership", value="50", territory="EU"), "cites 'EU and UK guidance'"),
        (row("known:eu-ownership", confidence="unverified"), "not for a fact of unverified"),
        (row("known:vida-oss-energy", value="2027-01-02", unit="date", territory="EU"), "is 2027-01-01"),
        (row("not_modelled:"), "no reason"),
        (row("somewhere:else"), "no kind of place"),
    ],
    ids=lambda value: ":".join(value.held_in[0])[:60] if isinstance(value, Row) else "",
)
def test_a_planted_fault_is_found(planted: Row, complaint: str, world: World) -> None:
    found = problem(planted, *planted.held_in[0], world)
    assert found is not None
    assert complaint in found


def test_a_rate_taken_out_of_the_table_is_missed(world: World) -> None:
    kept = [row for found in world.rates.rows.values() for code in found.values() for row in code]
    without = [row for row in kept if (row.territory, row.category) != ("FR-COR", "petroleum_products")]
    assert len(without) == len(kept) - 1
    rates = world.rates
    poorer = World(
        world.book, VatRates.of(without, rates.categories, rates.follow, rates.researched), world.tariff
    )
    missed = problems([row for row in ROWS if row.territory == "FR-COR"], poorer)
    assert len(missed) == 1
    assert "petroleum_products" in missed[0]


def test_an_unconfirmed_rate_put_to_use_is_found(world: World) -> None:
    kept = [row for found in world.rates.rows.values() for code in found.values() for row in code]
    active = [
        replace(row, percent=Decimal(0))
        if (row.territory, row.category, row.percent) == ("DK", "books", None)
        else row
        for row in kept
    ]
    assert len(active) == len(kept)
    assert active != kept
    rates = world.rates
    bolder = World(
        world.book, VatRates.of(active, rates.categories, rates.follow, rates.researched), world.tariff
    )
    assert problems([row for row in ROWS if row.territory == "DK"], bolder) != []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"value": Decimal("50.1")}, "is 50.1 percent"),
        ({"unit": "count"}, "is 50 count"),
        ({"territory": None}, "is 50 percent"),
        ({"valid_from": date(2026, 1, 1)}, "holds from 2026-01-01"),
        ({"valid_until": date(2027, 1, 1)}, "until 2027-01-01"),
        ({"source": "hearsay"}, "cites 'hearsay'"),
        ({"confidence": "high"}, "with high confidence"),
        (None, "there is no known figure"),
    ],
    ids=str,
)
def test_a_known_figure_changed_in_the_table_is_found(
    change: dict[str, object] | None, complaint: str, world: World
) -> None:
    known = dict(world.known)
    figure = known.pop("eu-ownership")
    if change is not None:
        known[figure.id] = replace(figure, **change)  # type: ignore[arg-type]
    other = World(world.book, world.rates, world.tariff)
    other.known = known
    (found,) = problems([row for row in ROWS if ("known", "eu-ownership") in row.held_in], other)
    assert complaint in found


def test_every_kind_of_place_is_used() -> None:
    assert {kind for row in ROWS for kind, _ in row.held_in} == set(KINDS)
