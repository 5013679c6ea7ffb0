"""What may be promised from stock, and how views of stock are told apart."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import InputError
from fulfilment import Stock, StockView

DUE = "2026-12-01:20 2026-12-15:5"
ROWS = [
    {
        "location": "LYON",
        "sku": "LAMP",
        "on_hand": "5",
        "reserved": "2",
        "inbound": "2026-12-01:20 2026-12-15:5",
    },
    {"location": "BASEL", "sku": "LAMP", "on_hand": "3", "reserved": "", "inbound": ""},
]


def test_units_on_hand_less_reserved_less_the_buffer_may_be_promised():
    view = StockView.from_rows(ROWS)
    assert view.available("LYON", "LAMP", 0) == 3
    assert view.available("LYON", "LAMP", 2) == 1


@given(st.integers(-5, 20), st.integers(0, 20), st.integers(-3, 20))
def test_what_may_be_promised_is_never_negative(on_hand, reserved, buffer):
    view = StockView.of({("A", "X"): Stock(on_hand, reserved)})
    assert view.available("A", "X", buffer) == max(0, on_hand - reserved - max(buffer, 0))


def test_an_unknown_location_has_nothing():
    assert StockView.from_rows(ROWS).available("ROME", "LAMP", 0) == 0


def test_units_on_their_way_count_from_the_day_they_arrive():
    view = StockView.from_rows(ROWS)
    assert view.available_on("LYON", "LAMP", date(2026, 11, 30)) == 3
    assert view.available_on("LYON", "LAMP", date(2026, 12, 1)) == 23
    assert view.available_from("LYON", "LAMP", 24, date(2026, 11, 22)) == date(2026, 12, 15)
    assert view.available_from("LYON", "LAMP", 3, date(2026, 11, 22)) == date(2026, 11, 22)
    assert view.available_from("LYON", "LAMP", 99, date(2026, 11, 22)) is None


def test_the_version_is_of_the_content_and_not_of_its_order():
    assert StockView.from_rows(ROWS).version == StockView.from_rows(ROWS[::-1]).version


def test_a_change_gives_another_version_and_its_undoing_the_old_one():
    view = StockView.from_rows(ROWS)
    changed = view.with_changes({("LYON", "LAMP"): Stock(4, 2)})
    assert changed.version != view.version
    assert changed.with_changes({("LYON", "LAMP"): view.stock("LYON", "LAMP")}).version == view.version


def test_a_change_leaves_the_old_view_as_it_was():
    view = StockView.from_rows(ROWS)
    closed = view.with_changes({("LYON", "LAMP"): None})
    assert (view.available("LYON", "LAMP"), closed.available("LYON", "LAMP")) == (3, 0)


def test_a_record_of_nothing_is_the_same_as_no_record():
    assert StockView.of({("A", "X"): Stock()}).version == StockView.of({}).version


def test_moving_units_between_places_is_another_version():
    one = StockView.of({("A", "X"): Stock(1), ("B", "X"): Stock(2)})
    two = StockView.of({("A", "X"): Stock(2), ("B", "X"): Stock(1)})
    assert one.version != two.version


def test_the_table_for_the_search_leaves_zeros_out_and_takes_buffers_off():
    view = StockView.from_rows(ROWS)
    assert view.table(["LYON", "BASEL"], ["LAMP", "DESK"], {("BASEL", "LAMP"): 3}) == {("LYON", "LAMP"): 3}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"location": "A", "sku": "X", "on_hand": "two"}, "stock.csv:2: on_hand is 'two' (give whole units)"),
        ({"location": "A", "sku": "X", "on_hand": ""}, "stock.csv:2: on_hand is '' (give whole units)"),
        ({"location": "", "sku": "X", "on_hand": "1"}, "stock.csv:2: column location is empty (fill it in)"),
        (
            {"location": "A", "sku": "X", "on_hand": "1", "reserved": "-1"},
            "stock.csv:2: reserved is '-1' (give whole units, 0 or more)",
        ),
        (
            {"location": "A", "sku": "X", "on_hand": "1", "inbound": "soon:3"},
            "stock.csv:2: inbound 'soon:3' has no day (write 2026-12-01:20, several separated by spaces)",
        ),
    ],
)
def test_a_bad_row_is_named_with_its_line(row, message):
    with pytest.raises(InputError) as raised:
        StockView.from_rows([row])
    assert str(raised.value) == message


def test_two_rows_of_one_sku_at_one_place_are_refused():
    with pytest.raises(InputError, match="LAMP at LYON is given twice"):
        StockView.from_rows([ROWS[0], ROWS[0]])


def test_a_file_is_read_as_its_rows(tmp_path):
    path = tmp_path / "stock.csv"
    path.write_text(
        "location,sku,on_hand,reserved,inbound\nLYON,LAMP,5,2,2026-12-01:20 2026-12-15:5\nBASEL,LAMP,3,,\n"
    )
    assert StockView.load(path) == StockView.from_rows(ROWS)
