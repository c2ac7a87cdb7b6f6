"""Keys that services keep say nothing of persons, and still tell rows apart."""

from datetime import date

import pytest

from ops.ledger.books import Sheet
from ops.ledger.ledgers import BY_NAME, LEDGERS, VOCABULARY
from ops.ledger.model import Row
from ops.ledger.references import Register, bind
from ops.ledger.sending import command_of
from ops.ledger.sheets import read_sheets

TODAY = date(2026, 1, 15)
WISH = {
    "微心愿类别": "生活用品",
    "困难分类": "空巢老人",
    "征集党组织代码": "ZB-1",
    "征集日期": "2019-02-01",
}
ONE, OTHER = {"联系人": "测试户甲"}, {"联系人": "测试户乙"}
REPORT = {
    "报到编号": "BD-1", "姓名": "测试甲", "电话": "13800001234", "社区代码": "410305001001",
    "单位代码": "DW-1", "职业": "教师", "报到日期": "2019-06-01",
}  # fmt: skip
CADRE = {"区划代码": "410305001001", "姓名": "测试甲", "入库日期": "2019-06-01"}


def keys(sheet: str, *lines: dict[str, str]) -> list[str]:
    heads = list(dict.fromkeys(head for line in lines for head in line))
    cells = [[line.get(head, "") for head in heads] for line in lines]
    found: list[Row] = read_sheets(
        [Sheet(sheet, [heads, *cells])], vocabulary=VOCABULARY, today=TODAY
    ).rows
    register = Register(None)
    register.known = {
        ("organisations", "ZB-1"): {"organisation_id": "o-1", "version": 1},
        ("employers", "DW-1"): {"employer_id": "e-1", "version": 1},
        ("areas", "410305001001"): {"code": "410305001001", "version": 1},
    }
    bind(found, register)
    assert [row.faults for row in found] == [[]] * len(lines)
    return [command_of(row).key for row in found]


@pytest.mark.parametrize(
    ("sheet", "line", "changed"),
    [
        ("微心愿", WISH | ONE, OTHER),
        ("微心愿", WISH | ONE, {"联系电话": "13800001234"}),
        ("报到", REPORT, {"电话": "13900005678"}),
        ("报到", REPORT, {"姓名": "测试乙"}),
        ("后备干部", CADRE, {"姓名": "测试乙"}),
    ],
)
def test_a_key_is_the_same_whoever_the_row_is_about(sheet, line, changed):
    assert keys(sheet, line) == keys(sheet, line | changed)


def test_rows_of_one_file_that_differ_in_person_alone_have_keys_of_their_own():
    first, second = keys("微心愿", WISH | ONE, WISH | OTHER)

    assert first != second
    assert [first, second] == keys("微心愿", WISH | ONE, WISH | OTHER)


def test_another_code_is_another_key():
    assert keys("报到", REPORT) != keys("报到", REPORT | {"报到编号": "BD-2"})


def test_every_column_that_is_sealed_is_marked():
    marked = {ledger.name: ledger.personal for ledger in LEDGERS if ledger.personal}

    contact = {"name", "phone", "address"}
    assert marked == {
        "members": {"name", "identity_number", "phone", "birth_date"},
        "registrants": {"name", "phone"},
        "lecturers": {"name", "phone"},
        "instructors": {"name"},
        "reserve_cadres": {"name"},
        "service_requests": contact,
        "help_files": contact | {"situation"},
        "wishes": contact | {"wish"},
    }
    for ledger in BY_NAME.values():
        said = [c.field for c in ledger.columns if "加密" in c.takes and "编号" not in c.heading]
        assert {*said} <= ledger.personal, ledger.name
