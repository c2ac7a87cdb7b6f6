"""Sheets of the menu and of lectures: what is written there becomes what is sent."""

from datetime import date

import pytest

from ops.ledger.books import Sheet
from ops.ledger.cells import Unreadable
from ops.ledger.ledgers import VOCABULARY
from ops.ledger.ledgers.menu import parts, steps
from ops.ledger.model import Row, body_of
from ops.ledger.sheets import read_sheets

ITEM = {
    "项目代码": "XM-01",
    "项目名称": "重温入党誓词",
    "项目类别": "重温入党誓词",
    "基地代码": "JD-01",
    "时长分钟": 30,
    "最多人数": 40,
}
SESSION = {
    "场次编号": "JX-1",
    "课程代码": "KC-01",
    "日期": "2019-06-18",
    "开始时间": "09:00",
    "结束时间": "11:00",
    "参加人次": 120,
}


def row(sheet: str, line: dict[str, object]) -> Row:
    (found,) = read_sheets(
        [Sheet(sheet, [list(line), list(line.values())])],
        vocabulary=VOCABULARY,
        today=date(2026, 6, 8),
        only=None,
    ).rows
    return found


def faults(found: Row) -> list[str]:
    return [fault.column for fault in found.faults]


@pytest.mark.parametrize(
    "written",
    ["列队:5、领誓:15（党旗）", "列队：5分钟；领誓：15分(党旗)", "列队:5\n领誓 : 15 (党旗)"],
)
def test_a_run_sheet_is_read_as_people_write_it(written):
    assert steps(written) == ("列队\x1f5\x1f", "领誓\x1f15\x1f党旗")


@pytest.mark.parametrize("written", ["列队", "列队:很久", "列队:5:6", ":5"])
def test_a_step_without_minutes_is_refused(written):
    with pytest.raises(Unreadable):
        steps(written)


def test_a_package_says_items_and_the_minutes_between_them():
    assert parts("XM-01、间歇10、XM-02、XM-03") == ("XM-01\x1f0", "XM-02\x1f10", "XM-03\x1f0")
    assert parts("XM-01；休息 10 分钟；XM-02") == ("XM-01\x1f0", "XM-02\x1f10")


@pytest.mark.parametrize("written", ["间歇10", "XM-01、间歇10", "誓词"])
def test_a_package_that_ends_in_a_pause_or_names_no_code_is_refused(written):
    with pytest.raises(Unreadable):
        parts(written)


def test_an_item_is_one_command_with_its_run_sheet():
    found = row(
        "活动菜单",
        ITEM
        | {"适用场馆类型": "展厅、广场", "讲师专长": "主持仪式", "流程": "列队:5、领誓:25（党旗）"},
    )
    body = body_of(found)

    assert not found.faults
    assert (body["kind"], body["skill_code"]) == ("oath-renewal", "ceremony")
    assert body["venue_kinds"] == ["hall", "square"]
    assert body["steps"] == [
        {"title": "列队", "minutes": 5, "needs": None},
        {"title": "领誓", "minutes": 25, "needs": "党旗"},
    ]
    assert "area" not in body


def test_steps_may_fill_the_time_and_are_refused_beyond_it():
    assert faults(row("活动菜单", ITEM | {"流程": "全程:30"})) == []
    assert faults(row("活动菜单", ITEM | {"流程": "全程:31"})) == ["流程"]


def test_whoever_offers_it_is_a_base_or_an_area_and_not_both():
    assert faults(row("活动菜单", ITEM | {"区划代码": "410305"})) == ["基地代码"]
    assert faults(row("活动菜单", ITEM | {"基地代码": None})) == ["基地代码"]
    package = {"套餐代码": "TC-1", "套餐名称": "红色套餐", "区划代码": "410305", "项目": "XM-01"}
    found = row("红色套餐", package)
    assert faults(found) == []
    assert body_of(found)["parts"] == [{"item_code": "XM-01", "pause_minutes": 0}]
    assert faults(row("红色套餐", package | {"基地代码": "JD-01"})) == ["基地代码"]


def test_a_hall_is_somewhere_and_counts_from_a_day():
    hall = {
        "场所代码": "JT-1",
        "场所名称": "测试学堂",
        "场所类别": "社区学堂",
        "挂牌日期": "2018-11-01",
    }

    assert faults(row("讲习场所", hall)) == ["区划代码"]
    body = body_of(row("讲习场所", hall | {"区划代码": "410305001001"}))
    assert (body["kind"], body["opened_on"]) == ("community-school", "2018-11-01")


def test_a_session_that_was_held_says_when_and_how_many_came():
    found = row("讲习场次", SESSION)
    body = body_of(found)

    assert not found.faults
    assert (body["starts_at"], body["ends_at"]) == ("2019-06-18T01:00:00Z", "2019-06-18T03:00:00Z")
    assert body["attended"] == 120
    assert faults(row("讲习场次", SESSION | {"结束时间": "09:00"})) == ["结束时间"]
    assert faults(row("讲习场次", SESSION | {"日期": "2027-06-18"})) == ["日期"]
