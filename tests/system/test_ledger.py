"""Ledgers go in through the running services: once, wholly or in part, and never silently."""

import csv
import json
import os
import signal
import socket
import subprocess
from pathlib import Path

from ops.ledger.importer import Options, import_file
from ops.ledger.services import Services
from services.chassis.settings import Settings
from tests.eventually import eventually
from tests.stack import JICENG, Stack
from tests.system.ledgers import (
    REFUSED,
    ROWS,
    TODAY,
    Write,
    events,
    grown,
    importing,
    lines,
    total,
    visit,
)


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
