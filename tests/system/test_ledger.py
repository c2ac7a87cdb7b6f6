"""Ledgers go in through the running services: once, wholly or in part, and never silently."""

import csv
import json
import os
import signal
import socket
import subprocess
from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import openpyxl
import pytest

from ops.embedded.instance import Instance
from ops.ledger.importer import Options, import_file
from ops.ledger.services import Services
from ops.ledger.template import write_template
from services.chassis.clock import business_date, system_clock
from services.chassis.settings import Settings
from tests.eventually import eventually
from tests.stack import JICENG, Stack

serial = count(1)
REFUSED = 4
OF_THE_FILES = r"""
SELECT count(*) FROM event_log WHERE type ~ '^jiceng\.(membership\.(area|organisation)|bases)\.'
"""
TODAY = date(2026, 1, 1)


@pytest.fixture
def district() -> str:
    """A district of its own for every test: the instance is shared."""
    return f"41{90 + next(serial) // 100:02d}{next(serial) % 100:02d}"


def lines(district: str) -> dict[str, list[dict[str, str]]]:
    """One of everything, all in one file, children before their parents."""
    street = f"{district}001"
    return {
        "areas": [
            {"区划代码": street, "区划名称": "示例街道"},
            {"区划代码": district, "区划名称": "示例区"},
        ],
        "organisations": [
            {
                "组织代码": f"ZB{district}",
                "组织名称": "示例第一党支部",
                "组织类别": "党支部",
                "成立时正式党员数": "3",
                "区划代码": street,
                "上级组织代码": f"GW{district}",
            },
            {
                "组织代码": f"GW{district}",
                "组织名称": "示例党工委",
                "组织类别": "党工委",
                "区划代码": street,
            },
        ],
        "bases": [
            {
                "基地代码": f"J{district}",
                "基地名称": "示例基地",
                "基地类型": "红色型",
                "区划代码": street,
                "建成日期": "2018-05-01",
            }
        ],
        "venues": [
            {
                "基地代码": f"J{district}",
                "场馆代码": f"V{district}",
                "场馆名称": "示例展厅",
                "场馆类型": "展厅",
                "容量": "50",
                "使用方式": "独占",
                "主题": "甲、乙",
            }
        ],
        "visits": [visit(district, 实到人数="20"), visit(district, 实到人数="20"), visit(district)],
    }


def visit(district: str, **other: str) -> dict[str, str]:
    return {
        "日期": "2018-06-18",
        "开始时间": "09:00",
        "结束时间": "10:30",
        "基地代码": f"J{district}",
        "场馆代码": f"V{district}",
        "来访层级": "区",
        "预约方式": "电话",
        "来访组织代码": f"ZB{district}",
        "实到人数": "30",
    } | other


ROWS = 9
"""Rows of `lines`."""

Write = Callable[..., Path]


@pytest.fixture
def workbook(tmp_path: Path) -> Write:
    def write(filled: dict[str, list[dict[str, str]]]) -> Path:
        path = tmp_path / f"台账{next(serial)}.xlsx"
        write_template(path, filled)
        return path

    return write


def importing(stack: Stack, file: Path, *options: str, code: int = 0) -> dict[str, Any]:
    done = stack.run("import", str(file), "--format", "json", *options, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return json.loads(done.stdout)


def total(told: dict[str, Any], outcome: str) -> int:
    return sum(ledger[outcome] for ledger in told["ledgers"])


def said(told: dict[str, Any]) -> list[tuple[Any, ...]]:
    names = ("sheet", "row", "column", "value", "problem", "right")
    return [tuple(fault[name] for name in names) for fault in told["faults"]]


async def events(stack: Stack) -> int:
    """How many events the two services have ever logged of what these files bring in.

    Not of what follows from it: a visit is an activity of its branch, which earns points.
    """
    state = Instance(stack.data).running()
    assert state is not None
    settings = Settings(database_url=state.environment["JICENG_DATABASE_URL"])
    found = 0
    for service in ("membership", "bases"):
        connection = await asyncpg.connect(settings.database_dsn(service))
        found += await connection.fetchval(OF_THE_FILES)
        await connection.close()
    return found


async def test_one_file_brings_in_everything_once(stack: Stack, workbook: Write, district: str):
    file = workbook(lines(district))

    first = importing(stack, file)
    after = await events(stack)
    second = importing(stack, file)

    assert (total(first, "created"), first["faults"]) == (ROWS, [])
    assert (total(second, "created"), total(second, "unchanged")) == (0, ROWS)
    assert await events(stack) == after


async def test_a_colleague_who_imports_the_same_file_doubles_nothing(
    stack: Stack, workbook: Write, district: str
):
    file = workbook(lines(district))
    importing(stack, file)
    after = await events(stack)

    told = importing(stack, file, "--token", stack.token(area=district))

    assert total(told, "unchanged") == ROWS
    assert await events(stack) == after


async def test_one_more_equal_visit_is_one_more_visit(stack: Stack, workbook: Write, district: str):
    filled = lines(district)
    importing(stack, workbook(filled))

    told = importing(stack, workbook({"visits": [*filled["visits"], visit(district)]}))

    assert (total(told, "created"), total(told, "unchanged")) == (1, 3)


async def test_a_dry_run_writes_nothing(stack: Stack, workbook: Write, district: str):
    before = await events(stack)

    told = importing(stack, workbook(lines(district)), "--dry-run")

    assert (total(told, "unsent"), told["faults"]) == (ROWS, [])
    assert await events(stack) == before


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


def test_the_national_table_goes_in_as_csv_in_gb18030(stack: Stack, tmp_path: Path, district: str):
    file = tmp_path / "table.csv"
    with file.open("w", encoding="gb18030", newline="") as table:
        writer = csv.writer(table)
        writer.writerow(["code", "name", "level", "parent_code"])
        writer.writerow([f"{district}001001", "甲社区居民委员会", "community", f"{district}001"])
        writer.writerow([f"{district}001", "甲街道", "street", district])
        writer.writerow([district, "甲区", "district", "4100"])

    assert importing(stack, file, code=REFUSED)["faults"][0]["column"] == "上级区划代码"
    file.write_bytes(file.read_bytes().replace(b",4100\r", f",{district[:4]}\r".encode()))
    assert total(importing(stack, file), "created") == 3


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


async def test_a_service_killed_during_an_import_costs_no_row_and_doubles_none(
    stack: Stack, workbook: Write, district: str
):
    days = [f"2018-{month:02d}-{day:02d}" for month in range(1, 13) for day in range(1, 21)]
    filled = lines(district) | {"visits": [visit(district, 日期=day) for day in days]}
    file = workbook(filled)
    before = await events(stack)

    command = [*JICENG, "import", str(file), "--format", "json"]
    with subprocess.Popen(command, env=stack.env, stdout=subprocess.PIPE, text=True) as running:
        await eventually(lambda: grown(stack, before + 40))
        os.kill(stack.pids()["bases"], signal.SIGKILL)
        told = json.loads(running.communicate(timeout=120)[0])

    rows = len(days) + ROWS - 3
    assert running.returncode == 0
    assert total(told, "created") + total(told, "unchanged") == rows
    assert await events(stack) == before + rows
    assert total(importing(stack, file), "unchanged") == rows


async def grown(stack: Stack, to: int) -> bool:
    return await events(stack) >= to


async def test_services_that_are_away_end_an_import_but_not_a_dry_run(
    workbook: Write, district: str
):
    file = workbook(lines(district) | {"visits": [visit(district, 实到人数="三十")]})
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{unused.getsockname()[1]}"
        settings = Settings(membership_url=nowhere, bases_url=nowhere)
        async with Services(settings, lambda: "token", patience_s=0.3) as away:
            ended = await import_file(file, away, Options(), today=TODAY)
            dry = await import_file(file, away, Options(dry_run=True), today=TODAY)

    assert ended.interrupted is not None
    assert "0.3 秒内没有正常应答" in ended.interrupted
    assert "服务没有应答：没有核对登记情况，只检查了文件本身" in dry.notices
    assert [(fault.column, fault.problem) for fault in dry.faults] == [("实到人数", "不是整数")]
