"""The sheets of volunteering, brought in over HTTP: exact, sealed, and safe to repeat."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import httpx
import pytest

from ops.ledger.importer import Options, Result, import_file
from ops.ledger.model import Outcome
from ops.ledger.services import Services
from ops.ledger.template import workbook
from tests.service.membership.volunteering_help import Service, serving

BRANCH, MEMBER = "ZB-1", "D-LEDGER"
LINES: Mapping[str, Sequence[Mapping[str, str]]] = {
    "volunteer_teams": [
        {"队伍代码": "ZY-1", "队伍名称": "巡防队", "队伍类别": "义务巡防队",
         "所属党组织代码": BRANCH, "组建日期": "2019-01-05"},
    ],
    "service_items": [
        {"项目代码": "FW-1", "项目名称": "修理", "服务类别": "家电维修", "队伍代码": "ZY-1",
         "服务时长（分钟）": "45", "上菜单日期": "2019-01-06"},
        {"项目代码": "FW-2", "项目名称": "理发", "服务类别": "义务理发", "党员代码": MEMBER,
         "上菜单日期": "2019-01-06"},
    ],
    "service_requests": [
        {"台账编号": "CD-1", "项目代码": "FW-2", "点单日期": "2019-03-01", "点单方式": "电话",
         "居民姓名": "测试户丁", "联系电话": "13500000000", "完成日期": "2019-03-02",
         "服务分钟": "60", "评分": "5"},
        {"台账编号": "CD-2", "项目代码": "FW-1", "点单日期": "2019-05-20"},
    ],
    "help_files": [
        {"档案编号": "MQ-1", "帮扶党组织代码": BRANCH, "帮扶等级": "一级帮扶",
         "困难分类": "空巢老人", "同意书编号": "TY-1", "同意日期": "2019-03-01",
         "户主姓名": "测试户戊", "基本情况": "独自居住", "建档日期": "2019-03-01"},
    ],
    "help_pairs": [
        {"档案编号": "MQ-1", "党员代码": MEMBER, "结对日期": "2019-03-05"},
    ],
    "wishes": [
        {"台账编号": "WXY-1", "微心愿类别": "生活用品", "困难分类": "困难党员",
         "征集党组织代码": BRANCH, "征集日期": "2019-02-01", "联系人": "测试户己",
         "心愿内容": "一床被子", "认领党员代码": MEMBER, "实现日期": "2019-02-10"},
        {"台账编号": "WXY-2", "微心愿类别": "陪伴关爱", "困难分类": "空巢老人",
         "征集党组织代码": BRANCH, "征集日期": "2019-05-01"},
    ],
    "service_statements": [
        {"申报党组织代码": BRANCH, "申报项目": "菜单式服务", "年度": "2018", "数量": "50",
         "数量性质": "余数（下限）"},
    ],
}  # fmt: skip


@pytest.fixture
async def service(scene, start) -> Service:
    made = await serving(scene, start)
    await made.roll.register(code=MEMBER)
    return made


async def brought(
    service: Service, folder: Path, lines: Mapping[str, Sequence[Mapping[str, str]]] = LINES
) -> Result:
    path = folder / "book.xlsx"
    path.write_bytes(workbook(lines))
    app = service.roll.client.app  # type: ignore[attr-defined]
    scene = service.roll.scene
    async with Services(
        scene.settings, scene.issuer.token, transport=httpx.ASGITransport(app)
    ) as services:
        return await import_file(path, services, Options(), today=date(2019, 6, 3))


async def test_every_row_is_registered_once_and_a_second_import_changes_nothing(service, tmp_path):
    first = await brought(service, tmp_path)
    second = await brought(service, tmp_path)
    rows = sum(map(len, LINES.values()))

    assert first.faults == second.faults == []
    assert first.total(Outcome.CREATED) == second.total(Outcome.UNCHANGED) == rows
    for path, number in (
        ("volunteer-teams", 1), ("service-items", 2), ("service-requests", 2),
        ("help-files", 1), ("wishes", 2), ("service-statements", 1),
    ):  # fmt: skip
        listed = (await service.roll.get(f"/v1/{path}")).json()["items"]
        assert len(listed) == number, path


async def test_what_the_sheets_say_of_residents_is_sealed_at_once(service, tmp_path):
    await brought(service, tmp_path)

    listed = (await service.roll.get("/v1/service-requests", status="done")).json()["items"]
    assert [r["contact"]["phone"] for r in listed] == ["135****0000"]
    assert [(r["rating"], r["service_minutes"]) for r in listed] == [(5, 60)]
    everything = await service.pool.fetchval(
        "SELECT (SELECT string_agg(body::text, '') FROM event_log)"
        " || (SELECT string_agg(coalesce(body, ''), '') FROM idempotency)"
        " || (SELECT string_agg(sealed::text, '') FROM person)"
    )
    for secret in ("测试户丁", "测试户戊", "测试户己", "独自居住", "一床被子", "13500000000"):
        assert secret not in everything


async def test_a_pair_names_one_helper_and_a_claimed_wish_its_day(service, tmp_path):
    lines = {
        **{name: LINES[name] for name in ("help_files",)},
        "help_pairs": [{"档案编号": "MQ-1"}],
        "wishes": [dict(LINES["wishes"][0]) | {"实现日期": ""}],
    }
    result = await brought(service, tmp_path, lines)

    assert {(fault.sheet, fault.column) for fault in result.faults} == {
        ("帮扶对子", "党员代码"), ("微心愿", "认领党员代码"),
    }  # fmt: skip
