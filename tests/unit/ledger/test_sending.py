"""Rows to commands: the same row gives the same key, another row another."""

from datetime import date

from ops.ledger.books import Sheet
from ops.ledger.ledgers import VOCABULARY
from ops.ledger.model import Row
from ops.ledger.references import Register, bind, compare
from ops.ledger.sending import command_of
from ops.ledger.sheets import read_sheets

TODAY = date(2026, 1, 15)
HEADS = ["台账编号", "日期", "开始时间", "结束时间", "基地代码", "来访层级", "预约方式", "实到人数"]
VISIT = ["", "2019-06-18", "9:00", "10:30", "JD-01", "区", "电话", "28"]
BASE = {"base_id": "b-1", "code": "JD-01", "version": 3}


def rows(*lines: list[object], sheet: str = "接待", heads: list[str] = HEADS) -> list[Row]:
    """Bound rows of one sheet, as if JD-01 and district 410305 were registered."""
    found = read_sheets([Sheet(sheet, [heads, *lines])], vocabulary=VOCABULARY, today=TODAY).rows
    register = Register(None)
    register.known = {
        ("bases", "JD-01"): BASE | {"name": "旧名", "kind": "red", "area": "410305"},
        ("areas", "410305"): {"code": "410305", "name": "涧西区", "version": 1},
    }
    bind(found, register)
    return found


def key(line: list[object]) -> str:
    return command_of(rows(line)[0]).key


def test_a_visit_becomes_the_command_that_records_it():
    command = command_of(rows(VISIT)[0])
    assert (command.method, command.path) == ("POST", "/v1/visits")
    assert command.body == {
        "base_id": "b-1",
        "visitor_level": "district",
        "channel": "phone",
        "headcount": 28,
        "started_at": "2019-06-18T09:00:00+08:00",
        "ended_at": "2019-06-18T10:30:00+08:00",
    }


def test_the_key_depends_on_what_a_row_says_not_on_how_it_is_written():
    written = ["", date(2019, 6, 18), "９点", "上午10:30", " JD-01", "district", "phone", 28.0]
    assert key(VISIT) == key(written)
    assert key(VISIT) != key([*VISIT[:-1], "29"])


def test_the_key_does_not_depend_on_the_order_of_rows_or_columns():
    other = [*VISIT[:-1], "29"]
    turned = rows(VISIT[::-1], heads=HEADS[::-1])[0]
    assert key(VISIT) == command_of(rows(other, VISIT)[1]).key == command_of(turned).key


def test_equal_rows_have_keys_of_their_own():
    first, second = rows(VISIT, VISIT)
    assert command_of(first).key != command_of(second).key


def test_a_numbered_visit_is_known_by_its_number_alone():
    numbered = ["N-1", *VISIT[1:]]
    corrected = ["N-1", *VISIT[1:-1], "29"]
    assert key(numbered) == key(corrected) != key(["N-2", *VISIT[1:]])


def test_keys_are_printable_and_short_enough_for_a_header():
    assert key(VISIT).isascii()
    assert len(key(VISIT)) < 200


def test_an_area_is_put_at_its_code():
    area = rows(["410306", "甲"], sheet="区划", heads=["区划代码", "区划名称"])[0]
    command = command_of(area)
    assert (command.method, command.path, command.body) == (
        "PUT",
        "/v1/areas/410306",
        {"name": "甲"},
    )


def test_a_day_alone_is_sent_as_its_first_instant_in_the_office():
    heads = ["基地代码", "基地名称", "基地类型", "区划代码", "建成日期"]
    base = rows(["JD-02", "甲", "红色型", "410305", "2019-06-10"], sheet="基地", heads=heads)[0]
    assert command_of(base).body["occurred_at"] == "2019-06-10T00:00:00+08:00"


BASE_HEADS = ["基地代码", "基地名称", "基地类型", "区划代码"]


def test_a_changed_row_is_refused_column_by_column_with_what_is_registered():
    base = rows(["JD-01", "新名", "科技型", "410306"], sheet="基地", heads=BASE_HEADS)[0]
    compare([base], update=False)
    assert [(fault.column, fault.problem, fault.right) for fault in base.faults] == [
        ("基地名称", "与已登记的不同", "已登记为“旧名”；确要变更请加 --update 再导入"),
        ("基地类型", "与已登记的不同", "已登记为“红色型”；确要变更请加 --update 再导入"),
        ("区划代码", "与已登记的不同", "改回 410305；登记后不能变更"),
    ]


def test_an_update_sends_only_what_differs_on_the_version_that_was_seen():
    base = rows(["JD-01", "新名", "红色型", "410305"], sheet="基地", heads=BASE_HEADS)[0]
    compare([base], update=True)
    command = command_of(base)
    assert base.good
    assert (command.method, command.path, command.version) == ("PATCH", "/v1/bases/b-1", 3)
    assert command.body == {"name": "新名"}


def test_organisations_wait_for_their_parents_whatever_the_order():
    heads = ["组织代码", "组织名称", "组织类别", "区划代码", "上级组织代码"]
    lines = [
        ["C", "丙", "党支部", "410305", "B"],
        ["A", "甲", "党工委", "410305", ""],
        ["B", "乙", "党委", "410305", "A"],
    ]
    found = read_sheets([Sheet("党组织", [heads, *lines])], vocabulary=VOCABULARY, today=TODAY)
    waves = bind(found.rows, Register(None))
    assert [[row.values["code"] for row in wave] for wave in waves] == [["A"], ["B"], ["C"]]


def test_parents_in_a_circle_are_refused_and_hold_up_nobody_else():
    heads = ["组织代码", "组织名称", "组织类别", "区划代码", "上级组织代码"]
    lines = [
        ["A", "甲", "党委", "410305", "B"],
        ["B", "乙", "党委", "410305", "A"],
        ["C", "丙", "党委", "410305", "C"],
        ["D", "丁", "党委", "410305", ""],
    ]
    found = read_sheets([Sheet("党组织", [heads, *lines])], vocabulary=VOCABULARY, today=TODAY)
    bind(found.rows, Register(None))
    assert [[fault.problem for fault in row.faults] for row in found.rows] == [
        ["上级关系成了循环"],
        ["上级关系成了循环"],
        ["上级是自己"],
        [],
    ]


def test_a_row_that_refers_to_a_bad_row_is_refused_with_its_place():
    heads = ["组织代码", "组织名称", "组织类别", "区划代码", "上级组织代码"]
    lines = [["A", "", "党委", "410305", ""], ["B", "乙", "党支部", "410305", "A"]]
    found = read_sheets([Sheet("党组织", [heads, *lines])], vocabulary=VOCABULARY, today=TODAY)
    bind(found.rows, Register(None))
    assert [fault.problem for fault in found.rows[1].faults] == [
        "A 所在的“党组织”第 2 行有误，未能导入"
    ]
