"""The sheets of the menu and of lectures, brought in over HTTP: exact, and safe to repeat."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import httpx
import pytest

from ops.ledger.importer import Options, Result, import_file
from ops.ledger.model import Outcome
from ops.ledger.services import Services
from ops.ledger.template import workbook
from tests.service.office import Office

Lines = Mapping[str, Sequence[Mapping[str, str]]]
LINES: Lines = {
    "menu_items": [
        {"项目代码": "XM-1", "项目名称": "重温入党誓词", "项目类别": "重温入党誓词",
         "基地代码": "JD-1", "时长分钟": "30", "最多人数": "40", "适用场馆类型": "展厅",
         "讲师专长": "主持仪式", "讲师人数": "1", "流程": "列队:5、领誓:15（党旗）",
         "发布日期": "2019-03-01"},
        {"项目代码": "XM-2", "项目名称": "红色影院", "项目类别": "观影", "基地代码": "JD-1",
         "时长分钟": "90", "最多人数": "40"},
    ],
    "packages": [
        {"套餐代码": "TC-1", "套餐名称": "红色套餐", "基地代码": "JD-1",
         "项目": "XM-1、间歇10、XM-2"},
    ],
    "lecture_halls": [
        {"场所代码": "JT-1", "场所名称": "唐村新时代大讲堂", "场所类别": "新时代大讲堂",
         "基地代码": "JD-1", "挂牌日期": "2018-11-01"},
    ],
    "courses": [
        {"课程代码": "KC-1", "课程名称": "身边的家风", "课程类别": "公民道德与家风",
         "场所代码": "JT-1"},
    ],
    "sessions": [
        {"场次编号": "JX-1", "课程代码": "KC-1", "日期": "2019-06-18", "开始时间": "09:00",
         "结束时间": "11:00", "地点": "二楼报告厅", "参加人次": "120"},
        {"场次编号": "JX-2", "课程代码": "KC-1", "日期": "2019-06-25", "开始时间": "09:00",
         "结束时间": "11:00", "参加人次": "80"},
    ],
}  # fmt: skip


@pytest.fixture
def brought(office: Office, tmp_path: Path):
    async def bring(lines: Lines, *, update: bool = False) -> Result:
        path = tmp_path / "book.xlsx"
        path.write_bytes(workbook(lines))
        app = office.bases.app  # type: ignore[attr-defined]
        scene = office.scene
        async with Services(
            scene.settings, scene.issuer.token, transport=httpx.ASGITransport(app)
        ) as services:
            return await import_file(path, services, Options(update=update), today=date(2026, 6, 3))

    return bring


async def test_every_row_is_registered_once_and_a_second_import_changes_nothing(brought, database):
    first = await brought(LINES)
    second = await brought(LINES)
    rows = sum(map(len, LINES.values()))

    assert first.faults == second.faults == []
    assert first.total(Outcome.CREATED) == second.total(Outcome.UNCHANGED) == rows
    bases = await database("bases")
    held = await bases.pool.fetch("SELECT attended, status FROM session ORDER BY starts_at")
    assert [tuple(each) for each in held] == [(120, "held"), (80, "held")]
    pauses = await bases.pool.fetch("SELECT pause_minutes FROM package_part ORDER BY position")
    assert [each["pause_minutes"] for each in pauses] == [0, 10]


async def test_a_changed_run_sheet_is_another_version_when_asked_for(brought, database):
    await brought(LINES)
    again = {"menu_items": [LINES["menu_items"][0] | {"流程": "列队:5、领誓:20（党旗）"}]}

    refused = await brought(again)
    changed = await brought(again, update=True)

    assert [fault.column for fault in refused.faults] == ["流程"]
    assert changed.total(Outcome.CHANGED) == 1
    bases = await database("bases")
    found = await bases.pool.fetchval("SELECT version FROM menu_item WHERE code = 'XM-1'")
    assert found == 2
