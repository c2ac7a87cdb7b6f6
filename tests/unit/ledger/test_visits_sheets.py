"""Sheets of what was held at bases: what is written there becomes what is sent."""

from datetime import date

import pytest

from ops.ledger.books import Sheet
from ops.ledger.ledgers import BY_NAME, VOCABULARY
from ops.ledger.model import body_of
from ops.ledger.sheets import read_sheets

COMMON = ["台账编号", "日期", "开始时间", "基地代码", "人次"]


def row(sheet: str, heading: str, written: str):
    lines = [[*COMMON, heading], ["1", "2019年6月18日", "09:00", "JD-01", "28", written]]
    found = read_sheets(
        [Sheet(sheet, lines)], vocabulary=VOCABULARY, today=date(2026, 6, 8), only=None
    )
    (only,) = found.rows
    return only


@pytest.mark.parametrize(
    ("sheet", "heading", "written", "sort", "kind"),
    [
        ("观影", "影片", "警示教育影片", "film", "warning"),
        ("培训", "培训类别", "党务工作培训", "training", "training"),
        ("巡回观摩", "观摩类别", "党建工作巡回观摩", "tour", "work"),
    ],
)
def test_a_row_is_one_occasion_of_its_sheet(sheet, heading, written, sort, kind):
    made = row(sheet, heading, written)

    assert not made.faults
    made.targets["base"] = {"base_id": "JD"}
    assert body_of(made) == {
        "sort": sort,
        "kind": kind,
        "base_id": "JD",
        "headcount": 28,
        "started_at": "2019-06-18T09:00:00+08:00",
    }


def test_a_kind_that_is_none_is_refused_at_its_cell():
    assert row("观影", "影片", "动作片").faults


def test_a_row_entered_before_is_known_again_and_one_of_a_visit_or_another_sheet_is_not():
    same = BY_NAME["film-occasions"].same
    body = body_of(row("观影", "影片", "警示教育影片"))
    seen = body | {"started_at": "2019-06-18T01:00:00Z", "visit_id": None}

    assert same(body) == same(seen)
    assert same(seen | {"visit_id": "019a2b3c-0000-7000-8000-000000000005"}) is None
    assert same(seen | {"sort": "tour"}) is None
