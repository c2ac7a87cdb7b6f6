"""Rows of the paper ledgers of points and appraisals become the commands that record them."""

from datetime import date

import pytest

from ops.ledger.books import Sheet
from ops.ledger.ledgers import VOCABULARY
from ops.ledger.model import Row
from ops.ledger.references import Register, bind
from ops.ledger.sending import command_of
from ops.ledger.sheets import read_sheets

POINTS = ["党员代码", "积分规则", "分值", "次数", "日期", "凭证编号"]
RESULTS = ["党支部代码", "党员代码", "年度", "评议等次", "评定日期", "凭证编号"]


def row(sheet: str, heads: list[str], line: list[object]) -> Row:
    found = read_sheets(
        [Sheet(sheet, [heads, line])], vocabulary=VOCABULARY, today=date(2026, 1, 15)
    ).rows
    register = Register(None)
    register.known = {
        ("members", "D-1"): {"member_id": "m-1", "code": "D-1", "version": 1},
        ("organisations", "B-1"): {"organisation_id": "o-1", "code": "B-1", "version": 1},
    }
    bind(found, register)
    return found[0]


def test_points_by_choice_are_sent_as_an_amount() -> None:
    line = ["D-1", "人工扣分", "-5", "", "2019-03-05", "街工字〔2019〕3号"]
    command = command_of(row("积分", POINTS, line))

    assert (command.method, command.path) == ("POST", "/v1/points/entries")
    assert command.body == {
        "subject_type": "member",
        "subject_id": "m-1",
        "rule_code": "officer.penalty",
        "amount": -5,
        "occurred_at": "2019-03-05T00:00:00+08:00",
        "evidence": "街工字〔2019〕3号",
    }


def test_points_of_a_fixed_rule_are_sent_as_times() -> None:
    line = ["D-1", "志愿服务时长", "", "3", "2019-03-05", "JF-1"]
    body = command_of(row("积分", POINTS, line)).body

    assert (body["rule_code"], body["times"]) == ("service.done", 3)
    assert "amount" not in body


def test_the_same_paper_entry_gives_the_same_key_and_another_another() -> None:
    line = ["D-1", "人工加分", "5", "", "2019-03-05", "JF-1"]
    again, other = ([*line[:-1], number] for number in ("JF-1", "JF-2"))
    keys = [command_of(row("积分", POINTS, each)).key for each in (line, again, other)]

    assert keys[0] == keys[1] != keys[2]


@pytest.mark.parametrize(
    ("change", "column"),
    [({2: "5", 3: "2"}, "分值"), ({5: "他 帮助 邻居"}, "凭证编号"), ({1: "随意加分"}, "积分规则")],
)
def test_a_row_that_cannot_be_right_is_refused_in_its_cell(
    change: dict[int, str], column: str
) -> None:
    line = ["D-1", "人工加分", "5", "", "2019-03-05", "JF-1"]
    for place, text in change.items():
        line[place] = text

    assert {fault.column for fault in row("积分", POINTS, line).faults} == {column}


def test_a_result_is_sent_with_its_year_and_its_branch() -> None:
    line = ["B-1", "D-1", "2018", "基本合格", "2018-12-20", "PY-2018-01"]
    command = command_of(row("评议结果", RESULTS, line))

    assert command.path == "/v1/appraisal-results"
    assert command.body == {
        "organisation_id": "o-1",
        "member_id": "m-1",
        "year": 2018,
        "result": "basic",
        "occurred_at": "2018-12-20T00:00:00+08:00",
        "evidence": "PY-2018-01",
    }
