"""Files of ledgers, filled; what an import tells of them, and what it leaves."""

import json
from collections.abc import Callable
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg

from ops.embedded.instance import Instance
from services.chassis.settings import Settings
from tests.stack import Stack

serial = count(1)
REFUSED = 4
OF_THE_FILES = r"""
SELECT count(*) FROM event_log
 WHERE type ~ '^jiceng\.(membership\.(area|organisation)\.|bases\.(?!notice|booking|waitlist))'
"""
TODAY = date(2026, 1, 1)


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

    Not of what follows from it, as a visit is an activity of its branch, which earns points; nor of
    what the clock brings about meanwhile, as reminders of tomorrow's bookings.
    """
    state = Instance(stack.data).running()
    assert state is not None
    settings = Settings(database_url=state.environment["JICENG_DATABASE_URL"])
    found = 0
    for service in ("membership", "bases", "cobuilding"):
        connection = await asyncpg.connect(settings.database_dsn(service))
        found += await connection.fetchval(OF_THE_FILES)
        await connection.close()
    return found


async def grown(stack: Stack, to: int) -> bool:
    return await events(stack) >= to
