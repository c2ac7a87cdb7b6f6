"""What is refused of a ledger is told by row and column, and stops nothing else unless asked to."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl

from services.chassis.clock import business_date, system_clock
from tests.stack import Stack
from tests.system.ledgers import REFUSED, ROWS, Write, events, importing, lines, said, total, visit


def bad(district: str) -> list[dict[str, str]]:
    """Each fault once. Row 2 of the sheet is right."""
    tomorrow = (business_date(system_clock()) + timedelta(days=1)).isoformat()
    return [
        visit(district),
        visit(district, 日期="2018-02-30"),
        visit(district, 日期=tomorrow),
        visit(district, 日期="43624"),
        visit(district, 开始时间="晚上12点"),
        visit(district, 结束时间="08:00"),
        visit(district, 基地代码="J-NONE", 场馆代码=""),
        visit(district, 场馆代码="JD-01-4F"),
        visit(district, 来访层级="区级"),
        visit(district, 预约方式="电报"),
        visit(district, 来访组织代码="ZB-NONE"),
        visit(district, 实到人数=""),
        visit(district, 实到人数="30人", 预约人数="0"),
    ]


def faults_of_bad(district: str) -> list[tuple[Any, ...]]:
    tomorrow = (business_date(system_clock()) + timedelta(days=1)).isoformat()
    day = "填日期，如 2019-06-08、2019年6月8日 或 2019.6.8"
    number = "填 1 到 100000 的整数，不带单位"
    return [
        ("接待", *fault)
        for fault in (
            (3, "日期", "2018-02-30", "没有这一天", day),
            (4, "日期", tomorrow, "晚于今天", "填已经发生的日期，不能晚于今天"),
            (5, "日期", "43624", "日期被存成了数字", day),
            (6, "开始时间", "晚上12点", "钟点有两种读法", "填 24 小时制钟点，如 09:00 或 14:30"),
            (7, "结束时间", "08:00", "不晚于开始时间", "填当天晚于开始时间的钟点"),
            (
                *(8, "基地代码", "J-NONE", "J-NONE 没有登记，也不在本文件的“基地”中"),
                "改正代码，或先在“基地”中登记 J-NONE",
            ),
            (
                *(9, "场馆代码", "JD-01-4F", "不是该基地的场馆"),
                f"填基地 J{district} 的场馆代码，或改正基地代码",
            ),
            (
                *(10, "来访层级", "区级", "不在可选范围内"),
                "填以下之一：中央、省、市、区、街道、社区",
            ),
            (11, "预约方式", "电报", "不在可选范围内", "填以下之一：电脑、微信、电话、填表"),
            (
                *(12, "来访组织代码", "ZB-NONE", "ZB-NONE 没有登记，也不在本文件的“党组织”中"),
                "改正代码，或先在“党组织”中登记 ZB-NONE",
            ),
            (13, "实到人数", "", "不能为空", "实际到场人数，整数，不带单位"),
            (14, "预约人数", "0", "超出范围", number),
            (14, "实到人数", "30人", "不是整数", number),
        )
    ]


def test_bad_rows_are_told_all_at_once_and_stop_no_good_one(
    stack: Stack, workbook: Write, district: str, tmp_path: Path
):
    filled = lines(district) | {"visits": bad(district)}
    report = tmp_path / "问题.xlsx"

    told = importing(stack, workbook(filled), "--report", str(report), code=REFUSED)

    assert said(told) == faults_of_bad(district)
    assert (total(told, "created"), total(told, "refused")) == (7, 12)
    assert openpyxl.load_workbook(report).active.max_row == 14


async def test_all_or_nothing_writes_nothing_when_one_row_is_bad(
    stack: Stack, workbook: Write, district: str
):
    before = await events(stack)
    filled = lines(district) | {"visits": bad(district)}

    told = importing(stack, workbook(filled), "--all-or-nothing", code=REFUSED)

    assert said(told) == faults_of_bad(district)
    assert total(told, "created") == 0
    assert await events(stack) == before


def test_what_a_service_refuses_is_told_with_row_and_column(
    stack: Stack, workbook: Write, district: str
):
    filled = {name: lines(district)[name] for name in ("areas", "organisations")}
    filled["areas"].append({"区划代码": f"{district}002", "区划名称": "另一街道"})
    outside = {
        "组织代码": f"ZB{district}-2",
        "组织名称": "界外党支部",
        "组织类别": "党支部",
        "成立时正式党员数": "3",
        "区划代码": f"{district}002",
        "上级组织代码": f"GW{district}",
    }
    below = outside | {"组织代码": f"ZB{district}-3", "上级组织代码": f"ZB{district}-2"}
    filled["organisations"] += [below, outside]

    told = importing(stack, workbook(filled), code=REFUSED)

    (outer, inner) = sorted(told["faults"], key=lambda fault: -fault["row"])
    assert (outer["row"], outer["column"], outer["value"]) == (5, "区划代码", f"{district}002")
    assert "不在上级组织示例党工委的区划" in outer["problem"]
    assert (inner["row"], inner["column"]) == (4, "上级组织代码")
    assert inner["problem"] == f"ZB{district}-2 所在的“党组织”第 5 行未能导入"
    assert total(told, "created") == 5


def test_changed_content_is_refused_and_becomes_an_edit_on_request(
    stack: Stack, workbook: Write, district: str
):
    filled = lines(district)
    importing(stack, workbook(filled))
    filled["areas"][0]["区划名称"] = "新街道"
    filled["organisations"][0]["组织名称"] = "示例联合党支部"
    filled["venues"][0]["容量"] = "60"
    changed = workbook(filled)

    told = importing(stack, changed, code=REFUSED)
    assert [(fault[0], fault[2], fault[3], fault[5]) for fault in said(told)] == [
        ("区划", "区划名称", "新街道", "已登记为“示例街道”；确要变更请加 --update 再导入"),
        (
            "党组织",
            "组织名称",
            "示例联合党支部",
            "已登记为“示例第一党支部”；确要变更请加 --update 再导入",
        ),
        ("场馆", "容量", "60", "已登记为“50”；确要变更请加 --update 再导入"),
    ]

    assert total(importing(stack, changed, "--update"), "changed") == 3
    assert total(importing(stack, changed), "unchanged") == ROWS
    back = workbook(lines(district))
    assert total(importing(stack, back, "--update"), "changed") == 3
    assert total(importing(stack, back), "unchanged") == ROWS


def test_a_ledger_number_that_was_used_for_another_visit_is_refused(
    stack: Stack, workbook: Write, district: str
):
    filled = lines(district) | {"visits": [visit(district, 台账编号="N-1")]}
    importing(stack, workbook(filled))

    told = importing(
        stack, workbook({"visits": [visit(district, 台账编号="N-1", 实到人数="31")]}), code=REFUSED
    )

    assert said(told) == [
        (
            *("接待", 2, "台账编号", "N-1", "该编号已导入过，内容与本行不同"),
            "另一批次请用新编号；更正已登记的接待，请在系统中办理",
        )
    ]


def test_a_caller_without_the_right_is_refused_row_by_row(
    stack: Stack, workbook: Write, district: str
):
    file = workbook({"areas": lines(district)["areas"]})

    told = importing(stack, file, "--token", stack.token("viewer", district), code=REFUSED)

    assert {fault["right"] for fault in told["faults"]} == {
        "换用有此权限的令牌（--token）",
        "先改正那一行",
    }


def test_a_file_that_is_no_ledger_is_one_line_on_stderr(stack: Stack, tmp_path: Path):
    file = tmp_path / "a.xlsx"
    file.write_bytes(b"PK\x03\x04 nothing")

    done = stack.run("import", str(file), check=False)

    assert (done.returncode, done.stdout) == (1, "")
    assert "a.xlsx 已损坏" in done.stderr
