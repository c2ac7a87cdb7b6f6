"""Sheets of liaison points and of the calendar: what is written there becomes what is sent."""

from datetime import date

import pytest

from ops.ledger.books import Sheet
from ops.ledger.cells import Unreadable
from ops.ledger.ledgers import VOCABULARY
from ops.ledger.ledgers.calendar import days
from ops.ledger.ledgers.liaison import shifts, weekdays
from ops.ledger.model import Row, body_of
from ops.ledger.sheets import read_sheets

YEAR_HEADS = ["年度", "文号", "放假日期", "调休上班日期"]
ROTA_HEADS = [
    "值班安排代码", "值勤类别", "负责组织代码", "区划代码", "联络点代码",
    "值班日", "班次", "每月次数", "数量含义",
]  # fmt: skip
VISIT_HEADS = [
    "登记编号", "日期", "时间", "联络点代码", "来访方式",
    "事由类别", "人数", "计数单位", "数量含义", "请求办理的事件类别",
]  # fmt: skip


def rows(sheet: str, heads: list[str], *lines: list[object]) -> list[Row]:
    found = read_sheets(
        [Sheet(sheet, [heads, *lines])], vocabulary=VOCABULARY, today=date(2026, 6, 8), only=None
    )
    return list(found.rows)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("周一至周五", ("1", "2", "3", "4", "5")),
        ("星期六至星期日", ("6", "7")),
        ("一、三、五", ("1", "3", "5")),
        ("周五、周一", ("1", "5")),
    ],
)
def test_weekdays_are_read_as_people_write_them(written, read):
    assert weekdays(written) == read


@pytest.mark.parametrize("written", ["周五至周一", "周八", "每天"])
def test_weekdays_that_could_be_anything_are_refused(written):
    with pytest.raises(Unreadable):
        weekdays(written)


@pytest.mark.parametrize(
    "written", ["9:00-11:00、14:30-16:30", "上午9:00—11:00；下午2:30至4时30分"]
)
def test_shifts_are_read_as_spans_of_hours(written):
    if "下午" in written:
        assert shifts(written)[0] == "09:00:00-11:00:00"
    else:
        assert shifts(written) == ("09:00:00-11:00:00", "14:30:00-16:30:00")


def test_a_span_of_days_is_every_day_of_it():
    assert days("2027-10-01至2027-10-03、2027-10-05") == (
        "2027-10-01",
        "2027-10-02",
        "2027-10-03",
        "2027-10-05",
    )
    with pytest.raises(Unreadable):
        days("2027-10-07至2027-10-01")


def test_a_year_of_holidays_is_one_command():
    (row,) = rows(
        "节假日安排", YEAR_HEADS, [2027, "国办发明电〔2026〕9号", "2027-10-01", "2027-10-09"]
    )

    assert not row.faults
    assert body_of(row)["exceptions"] == [
        {"day": "2027-10-01", "works": False},
        {"day": "2027-10-09", "works": True},
    ]


def test_a_day_of_another_year_or_said_both_ways_is_refused_in_its_cell():
    other, both = rows(
        "节假日安排",
        YEAR_HEADS,
        [2027, "文", "2026-10-01", ""],
        [2028, "文", "2028-10-01", "2028-10-01"],
    )

    assert [fault.column for fault in other.faults + both.faults] == ["放假日期", "调休上班日期"]


def test_a_rota_says_days_and_shifts_and_never_how_many_slots():
    (row,) = rows(
        "值班安排",
        ROTA_HEADS,
        ["ZB-01", "联络点值班", "B1", "410305001001", "LLD-01", "周一至周五", "9:00-11:00", "", ""],
    )
    body = body_of(row)

    assert not row.faults
    assert (body["kind"], body["weekdays"]) == ("duty", [1, 2, 3, 4, 5])
    assert body["shifts"] == [{"starts": "09:00:00", "ends": "11:00:00"}]
    assert "slots_per_week" not in body


def test_five_hundred_and_more_is_a_lower_bound():
    (row,) = rows(
        "来访登记",
        VISIT_HEADS,
        ["1", "2021-06-08", "", "LLD-01", "来访", "其他", 500, "人次", "余数（下限）", ""],
    )
    body = body_of(row)

    assert not row.faults
    assert (body["headcount"], body["bound"], body["counted_as"]) == (
        500,
        "at-least",
        "person-times",
    )
    assert body["asks_for_work"] is False
