"""Sheets of places: what is written there of hours, closures and equipment becomes what is sent."""

from datetime import date

import pytest

from ops.ledger.books import Sheet
from ops.ledger.cells import Unreadable
from ops.ledger.ledgers import VOCABULARY
from ops.ledger.ledgers.opening import CLOSURES, HOURS, spans
from ops.ledger.model import Row, body_of
from ops.ledger.sheets import read_sheets

HOURS_HEADS = [column.heading for column in HOURS.columns]
CLOSURE_HEADS = [column.heading for column in CLOSURES.columns]


def rows(sheet: str, heads: list[str], *lines: list[object]) -> list[Row]:
    found = read_sheets(
        [Sheet(sheet, [heads, *lines])], vocabulary=VOCABULARY, today=date(2026, 6, 8), only=None
    )
    return list(found.rows)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("9:00-11:30、13:30-17:00", ("09:00-11:30", "13:30-17:00")),
        ("上午9:00至11时半；13:30—24:00", ("09:00-11:30", "13:30-24:00")),
        ("全天", ("00:00-24:00",)),
        ("闭馆", ()),
    ],
)
def test_opening_hours_are_read_as_people_write_them(written, read):
    assert spans(written) == read


@pytest.mark.parametrize(
    "written", ["9点起", "17:00-9:00", "9:00-9:00", "24:00-9:00", "9:00-25:00"]
)
def test_hours_that_could_be_anything_are_refused(written):
    with pytest.raises(Unreadable):
        spans(written)


def test_a_blank_weekday_is_closed_and_a_blank_holiday_follows_the_weekday():
    (row,) = rows(
        "开放时间",
        HOURS_HEADS,
        ["JD-01", "", "2026-07-01", "9:00-17:00", "", "", "", "", "", "", "", "闭馆"],
    )

    assert not row.faults
    assert body_of(row) == {
        "effective_from": "2026-07-01",
        "hours": {"monday": [["09:00", "17:00"]], "make-up": []},
    }


def test_a_closure_of_whole_days_ends_at_the_midnight_that_follows():
    whole, part = rows(
        "闭馆安排",
        CLOSURE_HEADS,
        ["JD-01", "", "2026-07-01", "", "2026-07-03", "", "设施维护", ""],
        ["JD-01", "", "2026-07-01", "9:00", "2026-07-01", "12:00", "天气原因", "2026-06-01"],
    )

    assert not whole.faults + part.faults
    said = body_of(whole)
    assert said["starts_at"] == "2026-07-01T00:00:00+08:00"
    assert said["ends_at"] == "2026-07-04T00:00:00+08:00"
    assert said["reason_kind"] == "maintenance"
    assert body_of(part)["ends_at"] == "2026-07-01T12:00:00+08:00"
    assert body_of(part)["occurred_at"] == "2026-06-01T00:00:00+08:00"


def test_a_closure_that_ends_before_it_begins_is_refused_in_its_cell():
    one, other = rows(
        "闭馆安排",
        CLOSURE_HEADS,
        ["JD-01", "", "2026-07-02", "", "2026-07-01", "", "其他", ""],
        ["JD-01", "", "2026-07-01", "12:00", "2026-07-01", "12:00", "其他", ""],
    )

    assert [fault.column for fault in one.faults + other.faults] == ["结束日期", "结束日期"]


def test_equipment_says_its_kind_by_label_and_its_number_without_unit():
    (row,) = rows(
        "设备",
        ["基地代码", "场馆代码", "设备代码", "设备名称", "设备类别", "数量", "登记日期"],
        ["JD-01", "", "SB-01", "无线讲解器", "讲解器", 30, ""],
    )

    assert not row.faults
    assert body_of(row) == {
        "code": "SB-01",
        "name": "无线讲解器",
        "kind": "audio-guide",
        "quantity": 30,
    }
