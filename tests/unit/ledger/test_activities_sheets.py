"""The sheets 活动, 出席, 活动成果 and 活动频次: what a row says, and what it may not say."""

from datetime import date, time
from typing import Any

import pytest

from ops.ledger.books import Sheet
from ops.ledger.ledgers import BY_NAME, VOCABULARY
from ops.ledger.model import Row, body_of
from ops.ledger.sheets import read_sheets

TODAY = date(2026, 1, 15)
ID = "019a2b3c-0000-7000-8000-000000000001"


def read(ledger: str, **cells: Any) -> Row:
    """One row of a sheet; fields not given are blank. References lead to one thing."""
    columns = BY_NAME[ledger].columns
    sheet = Sheet(
        BY_NAME[ledger].sheet,
        [[c.heading for c in columns], [cells.get(c.field) for c in columns]],
    )
    (row,) = read_sheets([sheet], vocabulary=VOCABULARY, today=TODAY).rows
    for column in columns:
        if column.refers and row.values.get(column.field) is not None:
            row.targets[column.field] = {column.gives or "x": ID}
    return row


def activity(**cells: Any) -> Row:
    given = {"code": "HD-1", "kind": "主题党日", "organisation": "ZB-1", "date": date(2019, 6, 8)}
    return read("activities", **given | cells)


def problems(row: Row) -> list[str]:
    return [fault.column for fault in row.faults]


def test_a_row_becomes_one_activity_at_its_instant():
    row = activity(
        start=time(9), end=time(10, 30), colour="红色", headcount=28, expected_members=30
    )

    assert problems(row) == []
    assert body_of(row) == {
        "code": "HD-1",
        "organisation_id": ID,
        "kind": "theme-day",
        "variant_kind": "red",
        "starts_at": "2019-06-08T01:00:00Z",
        "ends_at": "2019-06-08T02:30:00Z",
        "headcount": 28,
        "expected_members": 30,
    }


def test_fifteen_in_one_row_are_sessions_and_a_remainder_is_a_lower_bound():
    row = activity(kind="专题学习研讨", sessions=15, sessions_bound="余数（下限）")

    assert body_of(row)["sessions"] == 15
    assert body_of(row)["sessions_bound"] == "at-least"
    assert body_of(row)["starts_at"] == "2019-06-07T16:00:00Z"


def test_a_goal_is_sent_as_a_plan():
    row = activity(kind="暖心服务", sessions=12, sessions_bound="目标")

    assert (body_of(row)["planned"], body_of(row)["sessions_bound"]) == (True, "target")


@pytest.mark.parametrize(
    ("cells", "wrong"),
    [
        ({"start": time(10), "end": time(9)}, "结束时间"),
        ({"end": time(9)}, "结束时间"),
        ({"kind": "党课", "colour": "红色"}, "颜色"),
        ({"form": "体验式"}, "形式"),
        ({"sessions_bound": "目标", "headcount": 3}, "参加人次"),
        ({"date": date(2026, 1, 16)}, "日期"),
    ],
)
def test_what_contradicts_itself_is_refused_at_its_cell(cells, wrong):
    assert problems(activity(**cells)) == [wrong]


def test_who_came_and_what_came_of_it_name_their_activity():
    came = read("attendance", activity="HD-1", member="DY-1", presence="请假", reason="因公")
    notes = read(
        *("activity_outputs",), activity="HD-1", kind="学习笔记", quantity=30, bound="余数（下限）"
    )

    assert body_of(came) == {"presence": "excused", "reason": "duty"}
    assert body_of(notes) == {"kind": "notes", "quantity": 30, "bound": "at-least"}


def cadence(**cells: Any) -> Row:
    given = {
        "code": "PC-1",
        "area": "410305",
        "activity_kind": "实地考察",
        "every": "每月",
        "times": 1,
        "effective_from": date(2019, 1, 1),
        "source": "年度安排",
    }
    return read("cadences", **given | cells)


def test_a_demand_binds_a_kind_or_one_organisation():
    one, kind = cadence(organisation="ZB-1"), cadence(organisation_kind="社区党委")

    assert body_of(one)["organisation_id"] == ID
    assert body_of(kind)["organisation_kind"] == "community-committee"
    assert body_of(one)["effective_from"] == "2019-01-01"
    assert problems(cadence()) == ["组织代码"]
    assert problems(cadence(organisation="ZB-1", organisation_kind="党支部")) == ["组织代码"]
