"""The sheets of working members, brought in over HTTP: exact, sealed, and safe to repeat."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import httpx
import pytest

from ops.ledger.importer import Options, Result, import_file
from ops.ledger.model import Outcome
from ops.ledger.services import Services
from ops.ledger.template import workbook
from tests.service.membership.working import COMMUNITY, DISTRICT, GRID, Community, open_community

LINES: Mapping[str, Sequence[Mapping[str, str]]] = {
    "employers": [
        {"单位代码": "DW-11", "单位名称": "测试法院", "区划代码": DISTRICT},
    ],
    "registrants": [
        {"报到编号": "BD-1", "姓名": "张示例", "电话": "13900001111", "社区代码": COMMUNITY,
         "网格代码": GRID, "单位代码": "DW-11", "职业": "法律工作者",
         "专长": "法律、矛盾调解", "报到日期": "2018-03-01"},
        {"报到编号": "BD-2", "姓名": "李示例", "电话": "13900002222", "社区代码": COMMUNITY,
         "单位代码": "DW-01", "职业": "教师", "报到日期": "2018-03-01"},
    ],
    "service_posts": [
        {"岗位编号": "GW-1", "岗位名称": "调解岗", "服务类别": "法律调解",
         "社区代码": COMMUNITY, "所需专长": "法律", "名额": "1", "开始日期": "2018-01-01",
         "设立日期": "2018-01-01"},
    ],
    "claims": [
        {"认领编号": "RL-1", "岗位编号": "GW-1", "报到编号": "BD-1", "认领日期": "2018-03-02"},
    ],
    "service_records": [
        {"记录编号": "FW-2018", "社区代码": COMMUNITY, "服务类别": "其他服务",
         "服务日期": "2018-12-31", "参加人次": "473", "活动次数": "0"},
        {"记录编号": "FW-1", "社区代码": COMMUNITY, "服务类别": "法律调解",
         "服务日期": "2018-06-08", "开始时间": "19:30", "时长（分钟）": "60",
         "参加人员": "BD-1、BD-2", "受益人次": "12"},
    ],
}  # fmt: skip
TAKEN = {"认领编号": "RL-2", "岗位编号": "GW-1", "报到编号": "BD-2", "认领日期": "2018-03-03"}


@pytest.fixture
async def community(scene, start) -> Community:
    return await open_community(scene, start)


async def brought(
    community: Community, folder: Path, lines: Mapping[str, Sequence[Mapping[str, str]]] = LINES
) -> Result:
    path = folder / "book.xlsx"
    path.write_bytes(workbook(lines))
    transport = httpx.ASGITransport(community.client.app)  # type: ignore[attr-defined]
    scene = community.scene
    async with Services(scene.settings, scene.issuer.token, transport=transport) as services:
        return await import_file(path, services, Options(), today=date(2019, 6, 3))


async def test_every_row_is_registered_once_and_a_second_import_changes_nothing(
    community, tmp_path
):
    first = await brought(community, tmp_path)
    second = await brought(community, tmp_path)

    assert first.faults == second.faults == []
    assert first.total(Outcome.CREATED) == second.total(Outcome.UNCHANGED) == 7
    records = (await community.get("/v1/service-records")).json()["items"]
    assert [(r["code"], r["attended"], r["sessions"]) for r in records] == [
        ("FW-1", 2, 1),
        ("FW-2018", 473, 0),
    ]
    who = (await community.get("/v1/registrants", code="BD-1")).json()["items"][0]
    assert (who["skills"], who["grid"], who["claims"]) == (["law", "mediation"], GRID, 1)
    assert who["registered_on"] == "2018-03-01"


async def test_a_claim_too_many_is_led_back_to_its_row(community, tmp_path):
    await brought(community, tmp_path)
    result = await brought(community, tmp_path, {**LINES, "claims": [*LINES["claims"], TAKEN]})

    assert result.total(Outcome.UNCHANGED) == 7
    assert [(fault.sheet, fault.row) for fault in result.faults] == [("认领", 3)]
    assert "名额" in result.faults[0].problem
