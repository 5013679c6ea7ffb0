"""Parcels hold exactly the goods, and could really be packed."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carriers import Carriers, Carton, pack
from carriers.stow import stow
from domain import InputError, PackItem, Parcel

CARTONS = Carriers.load().cartons


def item(line: str, quantity: int, weight: int, box: tuple[int, int, int], **marks) -> PackItem:
    return PackItem(line, quantity, weight, box, **marks)


def units(parcels: tuple[Parcel, ...]) -> dict[str, int]:
    found: dict[str, int] = {}
    for parcel in parcels:
        for line, count in parcel.contents:
            found[line] = found.get(line, 0) + count
    return found


def test_one_small_thing_goes_into_the_smallest_carton_that_takes_it():
    (parcel,) = pack([item("a", 1, 300, (190, 140, 90))], CARTONS)
    assert parcel.carton == "xs"
    assert parcel.weight_g == 300 + 90
    assert parcel.box_mm == (208, 158, 110)


def test_what_fits_no_carton_travels_in_its_own_box():
    parcels = pack([item("fridge", 2, 68_000, (1850, 700, 650))], CARTONS)
    assert parcels == (Parcel((("fridge", 1),), 68_000, (1850, 700, 650)),) * 2


def test_what_is_too_heavy_for_every_carton_travels_in_its_own_box():
    (parcel,) = pack([item("anvil", 1, 40_000, (300, 200, 150))], CARTONS)
    assert parcel.carton is None


def test_an_own_box_is_never_put_into_another():
    television = item("tv", 1, 900, (150, 100, 50), own_box=True)
    parcels = pack([television, item("b", 1, 100, (90, 60, 30))], CARTONS)
    assert len(parcels) == 2
    assert Parcel((("tv", 1),), 900, (150, 100, 50)) in parcels


def test_a_line_that_ships_alone_meets_no_other_line():
    parcels = pack(
        [item("a", 2, 200, (90, 60, 30), ships_alone=True), item("b", 2, 200, (90, 60, 30))], CARTONS
    )
    assert all(len(parcel.contents) == 1 for parcel in parcels)
    assert len(parcels) == 2


def test_classes_that_do_not_mix_are_packed_apart():
    lines = [
        item("soap", 1, 200, (90, 60, 30), no_mix="scented"),
        item("tea", 1, 200, (90, 60, 30), no_mix="food"),
        item("jam", 1, 200, (90, 60, 30), no_mix="food"),
        item("pen", 1, 20, (90, 20, 20)),
    ]
    together = {frozenset(line for line, _ in parcel.contents) for parcel in pack(lines, CARTONS)}
    assert together == {frozenset({"soap"}), frozenset({"tea", "jam"}), frozenset({"pen"})}


def test_two_boxes_of_sixty_percent_do_not_share_a_carton_whatever_their_volume():
    carton = Carton("c", (100, 100, 100), (100, 100, 100), 0, 10_000, 100)
    parcels = pack([item("a", 2, 10, (60, 60, 60))], [carton])
    assert len(parcels) == 2


def test_a_single_thing_may_fill_its_carton_to_the_brim():
    carton = Carton("c", (100, 100, 100), (102, 102, 102), 5, 10_000, 80)
    assert pack([item("a", 1, 10, (100, 100, 100))], [carton])[0].carton == "c"


def test_the_fill_leaves_room_for_padding():
    carton = Carton("c", (100, 100, 100), (102, 102, 102), 5, 10_000, 80)
    parcels = pack([item("a", 8, 10, (50, 50, 50))], [carton])
    assert sorted(sum(count for _, count in parcel.contents) for parcel in parcels) == [2, 6]


def test_a_carton_is_not_loaded_beyond_what_it_carries():
    parcels = pack([item("lead", 10, 6000, (50, 50, 50))], CARTONS)
    most = {carton.id: carton.max_g + carton.tare_g for carton in CARTONS}
    assert all(parcel.weight_g <= most[parcel.carton or ""] for parcel in parcels)


def test_the_order_of_lines_changes_nothing():
    lines = [item(f"l{n}", n, 100 * n, (40 * n, 30 * n, 20 * n)) for n in range(1, 8)]
    assert pack(lines, CARTONS) == pack(lines[::-1], CARTONS)


def test_ten_thousand_units_take_no_time():
    lines = [item("a", 10_000, 350, (180, 120, 60)), item("b", 10_000, 90, (70, 50, 40))]
    started = time.perf_counter()
    parcels = pack(lines, CARTONS)
    assert time.perf_counter() - started < 0.1
    assert units(parcels) == {"a": 10_000, "b": 10_000}


def test_goods_without_a_size_are_refused():
    with pytest.raises(InputError, match="'a'"):
        pack([item("a", 1, 100, (100, 50, 0))], CARTONS)


def test_nothing_to_pack_is_no_parcel():
    assert pack([], CARTONS) == ()


SIDES = st.tuples(*[st.integers(5, 700)] * 3)
LINES = st.lists(
    st.builds(
        lambda *cells: cells,
        st.integers(1, 60),
        st.integers(1, 30_000),
        SIDES,
        st.booleans(),
        st.sampled_from([None, "x", "y"]),
    ),
    min_size=1,
    max_size=7,
)


@settings(max_examples=150, deadline=None)
@given(LINES)
def test_every_unit_is_packed_once_and_weighs_what_it_weighs(rows):
    lines = [
        item(f"l{n}", q, w, box, ships_alone=alone, no_mix=mix)
        for n, (q, w, box, alone, mix) in enumerate(rows)
    ]
    parcels = pack(lines, CARTONS)
    assert units(parcels) == {line.line: line.quantity for line in lines}
    tare = {carton.id: carton.tare_g for carton in CARTONS}
    weight = sum(line.quantity * line.weight_g for line in lines)
    assert sum(p.weight_g - tare.get(p.carton or "", 0) for p in parcels) == weight


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(SIDES, st.integers(1, 9000), st.integers(1, 40)), min_size=1, max_size=6),
    st.sampled_from(CARTONS),
)
def test_stowed_blocks_lie_inside_the_carton_and_do_not_overlap(goods, carton):
    goods = [(tuple(sorted(box, reverse=True)), weight, count) for box, weight, count in goods]
    taken, blocks = stow(carton, goods)
    cells = []
    placed = [0] * len(goods)
    for number, corner, turned, counts in blocks:
        assert sorted(turned, reverse=True) == list(goods[number][0])
        placed[number] += counts[0] * counts[1] * counts[2]
        far = tuple(at + side * count for at, side, count in zip(corner, turned, counts, strict=True))
        assert all(at >= 0 for at in corner)
        assert all(end <= inner for end, inner in zip(far, carton.inner_mm, strict=True))
        cells.append((corner, far))
    assert placed == taken
    assert all(got <= count for got, (_, _, count) in zip(taken, goods, strict=True))
    assert sum(got * weight for got, (_, weight, _) in zip(taken, goods, strict=True)) <= carton.max_g
    for number, (low, high) in enumerate(cells):
        for other_low, other_high in cells[number + 1 :]:
            assert any(high[axis] <= other_low[axis] or other_high[axis] <= low[axis] for axis in range(3))
