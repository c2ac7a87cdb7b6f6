"""The sheets of lecturers, brought in over HTTP: exact, sealed, and safe to repeat."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import httpx
import pytest

from ops.ledger.importer import Options, Result, import_file
from ops.ledger.model import Outcome
from ops.ledger.services import KEEPERS, Services
from ops.ledger.template import workbook
from tests.conftest import DISTRICT, Start
from tests.service.bases.lecturing import Team
from tests.service.office import COMMUNITY, STREET, Office

Lines = Mapping[str, Sequence[Mapping[str, str]]]
LINES: Lines = {
    "lecturers": [
        {"讲师代码": "JS-1", "姓名": "测试甲", "电话": "13800001234", "区划代码": COMMUNITY,
         "基地代码": "JD-1", "角色": "讲师、讲解员", "专长": "党史、展厅讲解",
         "聘用方式": "志愿者", "聘用日期": "2019-03-01"},
        {"讲师代码": "JS-2", "姓名": "测试乙", "区划代码": COMMUNITY, "角色": "放映员",
         "专长": "放映", "聘用方式": "在岗人员"},
    ],
    "guide_shifts": [
        {"基地代码": "JD-1", "讲师代码": "JS-1", "日期": "2026-06-12", "开始时间": "09:00",
         "结束时间": "12:00"},
        {"基地代码": "JD-1", "讲师代码": "JS-1", "日期": "2026-06-12", "开始时间": "14:00",
         "结束时间": "17:00"},
    ],
}  # fmt: skip


class All(httpx.AsyncBaseTransport):
    """Every service that an import asks for its kinds: areas are registered with membership."""

    def __init__(self, office: Office, others: dict[str, httpx.AsyncClient]) -> None:
        clients = {"bases": office.bases} | others
        self.services = {
            httpx.URL(office.scene.settings.service_url(name)).port: httpx.ASGITransport(client.app)
            for name, client in clients.items()
        }

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self.services[request.url.port].handle_async_request(request)


@pytest.fixture
async def brought(office: Office, start: Start, tmp_path: Path):
    others = {name: await start(name, background=False) for name in KEEPERS if name != "bases"}
    for code in (DISTRICT, STREET, COMMUNITY):
        registered = await others["membership"].put(
            f"/v1/areas/{code}", json={"name": "某地"}, headers=office.scene.headers()
        )
        assert registered.is_success, registered.text

    async def bring(lines: Lines, *, update: bool = False) -> Result:
        path = tmp_path / "book.xlsx"
        path.write_bytes(workbook(lines))
        scene = office.scene
        async with Services(
            scene.settings, scene.issuer.token, transport=All(office, others)
        ) as services:
            return await import_file(path, services, Options(update=update), today=date(2026, 6, 3))

    return bring


async def test_every_row_is_registered_once_and_a_second_import_changes_nothing(
    brought, team: Team
):
    first = await brought(LINES)
    second = await brought(LINES)

    assert first.faults == second.faults == []
    assert first.total(Outcome.CREATED) == second.total(Outcome.UNCHANGED) == 4
    listed = (await team.get("/v1/lecturers")).json()["items"]
    assert [each["person"]["name"] for each in listed] == ["测**", "测**"]
    assert [each["roles"] for each in listed] == [["lecturer", "guide"], ["projectionist"]]
    assert len((await team.get("/v1/guide-shifts")).json()["items"]) == 2


async def test_a_shift_that_clashes_is_refused_with_its_row(brought):
    clashing = LINES["guide_shifts"][0] | {"开始时间": "11:00", "结束时间": "13:00"}

    result = await brought({**LINES, "guide_shifts": [*LINES["guide_shifts"], clashing]})

    (fault,) = result.faults
    assert (fault.sheet, fault.row) == ("讲解排班", 4)


async def test_other_skills_are_a_change_when_asked_for(brought, team: Team):
    await brought(LINES)
    again = {"lecturers": [LINES["lecturers"][0] | {"专长": "理论宣讲"}]}

    changed = await brought(again, update=True)

    assert (changed.faults, changed.total(Outcome.CHANGED)) == ([], 1)
    one, _ = (await team.get("/v1/lecturers")).json()["items"]
    assert one["skills"] == ["theory"]
