"""Which ledger a sheet is, where its headings are, and what is wrong with its rows."""

from datetime import date

import pytest

from ops.ledger.books import Sheet
from ops.ledger.ledgers import LEDGERS, VOCABULARY
from ops.ledger.sheets import Reading, find_header, read_sheets

TODAY = date(2026, 1, 15)
AREA_HEADS = ["区划代码*", "区划名称*", "级别", "上级区划代码"]
VISIT_HEADS = [
    "台账编号", "日期", "开始时间", "结束时间", "基地代码", "场馆代码",
    "来访层级", "预约方式", "来访组织代码", "预约人数", "实到人数",
]  # fmt: skip
VISIT = ["", "2019-06-18", "9:00", "10:30", "JD-01", "", "区", "电话", "", "", "28"]


def reading(*sheets: Sheet, only: str | None = None) -> Reading:
    return read_sheets(list(sheets), vocabulary=VOCABULARY, today=TODAY, only=only)


def visits(*rows: list[object]) -> Reading:
    return reading(Sheet("接待", [VISIT_HEADS, *rows]))


def told(found: Reading) -> list[tuple[int, str, str]]:
    faults = found.faults + [fault for row in found.rows for fault in row.faults]
    return [(fault.row, fault.column, fault.problem) for fault in faults]


def test_the_national_table_is_an_area_ledger_as_it_is():
    table = [["code", "name", "level", "parent_code"], ["410305", "涧西区", "district", ""]]
    found = reading(Sheet("divisions", table))
    assert not told(found)
    assert found.rows[0].ledger.name == "areas"
    assert found.rows[0].values["code"] == "410305"


@pytest.mark.parametrize("above", range(10))
def test_headings_are_found_within_the_first_ten_lines(above: int):
    notes = [["2019 年区划台账"], [], *([[]] * 8)][:above]
    found = reading(Sheet("随便", [*notes, AREA_HEADS, ["410305", "涧西区"]]))
    assert [row.number for row in found.rows] == [above + 2]


def test_headings_below_the_tenth_line_are_not_looked_for():
    found = reading(Sheet("随便", [*([[]] * 10), AREA_HEADS, ["410305", "涧西区"]]))
    assert told(found) == [(1, "", "前 10 行里认不出台账的表头")]


def test_headings_may_stand_in_any_order_with_spaces_marks_and_full_width_letters():
    heads = ["区 划 名 称（必填）", "上级代码", "ＣＯＤＥ"]
    found = reading(Sheet("表", [heads, ["涧西区", "", "410305"]]))
    assert found.rows[0].values["code"] == "410305"


def test_a_data_row_that_looks_like_nothing_is_no_header():
    assert find_header(Sheet("表", [["一", "二"], ["三", "四"]])) is None


def test_headings_that_fit_two_ledgers_alike_are_not_guessed():
    sheet = Sheet("表", [["code", "name", "kind", "area"], ["A", "甲", "branch", "410305"]])
    assert told(reading(sheet)) == [(1, "", "前 10 行里认不出台账的表头")]
    assert "--ledger" in reading(sheet).faults[0].right
    assert reading(sheet, only="organisations").rows[0].good


def test_a_missing_column_is_named_once_with_what_it_takes():
    found = reading(Sheet("接待", [VISIT_HEADS[:-1], VISIT[:-1]]))
    assert told(found) == [(1, "实到人数", "缺少这一列")]
    assert found.faults[0].right == "补上该列：实际到场人数，整数，不带单位"


def test_a_column_that_stands_twice_is_refused():
    found = reading(Sheet("区划", [[*AREA_HEADS, "名称"], ["410305", "涧西区", "", "", "别名"]]))
    assert told(found) == [(1, "区划名称", "这一列出现了两次")]


def test_a_column_nobody_knows_is_said_and_left_out():
    found = reading(Sheet("区划", [[*AREA_HEADS, "备注"], ["410305", "涧西区", "", "", "好"]]))
    assert found.notices == ["工作表“区划”的列“备注”不在模板中，未导入"]
    assert found.rows[0].good


def test_other_sheets_of_a_workbook_are_skipped_and_said():
    areas = Sheet("区划", [AREA_HEADS, ["410305", "涧西区"]])
    found = reading(Sheet("说明", [["填表说明"]]), Sheet("汇总", [["合计", 3]]), areas)
    assert found.notices == ["工作表“汇总”不是台账，已跳过"]
    assert len(found.rows) == 1


def test_one_ledger_may_be_asked_for_alone():
    areas = Sheet("区划", [AREA_HEADS, ["410305", "涧西区"]])
    found = reading(areas, Sheet("接待", [VISIT_HEADS, VISIT]), only="visits")
    assert {row.ledger.name for row in found.rows} == {"visits"}


def test_blank_rows_are_no_rows():
    assert len(visits(["", " ", None], VISIT, []).rows) == 1


def test_level_and_parent_must_agree_with_the_code():
    rows = [["410305001", "甲", "社区", "410306"], ["41", "乙", "省", "4"], ["4103", "丙", "", ""]]
    assert told(reading(Sheet("区划", [AREA_HEADS, *rows]))) == [
        (2, "级别", "与区划代码的位数不符"),
        (2, "上级区划代码", "与区划代码不符"),
        (3, "上级区划代码", "代码格式不对"),
    ]


def test_all_faults_of_all_rows_are_told_at_once():
    found = visits(
        ["", "2019-06-18", "10:00", "9:00", "JD-01", "", "区级", "电报", "", "0", ""],
        VISIT,
        ["", "2026-01-16", "9:00", "", "", "", "区", "电话", "", "", "28人"],
    )
    assert told(found) == [
        (2, "来访层级", "不在可选范围内"),
        (2, "预约方式", "不在可选范围内"),
        (2, "预约人数", "超出范围"),
        (2, "实到人数", "不能为空"),
        (2, "结束时间", "不晚于开始时间"),
        (4, "日期", "晚于今天"),
        (4, "基地代码", "不能为空"),
        (4, "实到人数", "不是整数"),
    ]
    assert [row.good for row in found.rows] == [False, True, False]


def test_a_code_that_stands_twice_is_refused_with_the_line_of_the_first():
    found = reading(
        Sheet("区划", [AREA_HEADS, ["410305", "甲"]]),
        Sheet("补充", [AREA_HEADS, ["410306", "乙"], ["４１０３０５", "丙"], ["410306", "丁"]]),
    )
    assert told(found) == [(3, "区划代码", "与“区划”第 2 行重复"), (4, "区划代码", "与第 2 行重复")]


def test_a_ledger_number_stands_once_a_base():
    numbered = ["N-1", *VISIT[1:]]
    elsewhere = [*numbered[:4], "JD-02", *numbered[5:]]
    assert told(visits(numbered, elsewhere, numbered)) == [(4, "台账编号", "与第 2 行重复")]


def test_equal_rows_without_a_number_are_counted():
    other = [*VISIT[:-1], "29"]
    found = visits(VISIT, other, [*VISIT[:2], "９：００", *VISIT[3:]])
    assert [row.occurrence for row in found.rows] == [1, 1, 2]


def test_a_new_kind_of_a_district_is_understood():
    kinds = {**VOCABULARY, "base": {**VOCABULARY["base"], "red-theatre": "红色剧场"}}
    heads = ["基地代码", "基地名称", "基地类型", "区划代码"]
    sheet = Sheet("基地", [heads, ["JD-9", "甲", "红色剧场", "410305"]])
    found = read_sheets([sheet], vocabulary=kinds, today=TODAY)
    assert found.rows[0].values["kind"] == "red-theatre"


def test_headings_of_a_ledger_never_mean_two_columns():
    for ledger in LEDGERS:
        names = [n for c in ledger.columns for n in {c.heading, c.field, *c.aliases}]
        assert len(names) == len(set(names)), ledger.name
