"""The sheets 设备, 开放时间 and 闭馆安排, brought in over HTTP: exact, and safe to repeat."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx

from ops.ledger.importer import Options, Result, import_file
from ops.ledger.model import Outcome
from ops.ledger.services import Services
from ops.ledger.template import workbook
from tests.clock import OPENING
from tests.service.office import Office

Lines = Mapping[str, Sequence[Mapping[str, str]]]
EQUIPMENT = {"基地代码": "JD-1", "设备代码": "SB-1", "设备名称": "讲解器", "设备类别": "讲解器"}
LINES: Lines = {
    "equipment": [
        {**EQUIPMENT, "数量": "30"},
        {**EQUIPMENT, "设备代码": "SB-2", "场馆代码": "CG-1", "设备类别": "投影仪", "数量": "1"},
    ],
    "opening_hours": [
        {"基地代码": "JD-1", "施行日期": "2026-07-01", "星期一": "9:00-17:00"},
        {"基地代码": "JD-1", "场馆代码": "CG-2", "施行日期": "2026-07-01", "星期日": "全天",
         "法定节假日": "闭馆"},
    ],
    "closures": [
        {"基地代码": "JD-1", "开始日期": "2026-07-06", "结束日期": "2026-07-07",
         "闭馆原因": "设施维护"},
        {"基地代码": "JD-1", "场馆代码": "CG-1", "开始日期": "2026-07-08", "开始时间": "9:00",
         "结束日期": "2026-07-08", "结束时间": "12:00", "闭馆原因": "其他"},
    ],
}  # fmt: skip


async def brought(
    office: Office, folder: Path, lines: Lines = LINES, *, who: str = "admin", update: bool = False
) -> Result:
    path = folder / "book.xlsx"
    path.write_bytes(workbook(lines))
    app = office.bases.app  # type: ignore[attr-defined]

    def token(*_: object) -> str:
        return office.scene.issuer.token("admin", sub=who)

    async with Services(
        office.scene.settings, token, transport=httpx.ASGITransport(app)
    ) as services:
        return await import_file(path, services, Options(update=update), today=OPENING.date())


def outcomes(result: Result) -> dict[Outcome, int]:
    return {outcome: n for outcome in Outcome if (n := result.total(outcome))}


async def test_every_row_is_brought_in_once_whoever_repeats_it(office, tmp_path):
    first = await brought(office, tmp_path)
    second = await brought(office, tmp_path)
    third = await brought(office, tmp_path, who="somebody-else")

    assert outcomes(first) == {Outcome.CREATED: 6}, first.faults
    assert outcomes(second) == outcomes(third) == {Outcome.UNCHANGED: 6}
    headers = office.scene.headers()
    closures = (await office.bases.get("/v1/closures", headers=headers)).json()["items"]
    assert [row["starts_at"] for row in closures] == [
        "2026-07-05T16:00:00Z",
        "2026-07-08T01:00:00Z",
    ]
    hours = await office.bases.get(f"/v1/venues/{office.square}/opening-hours", headers=headers)
    assert hours.json()[0]["hours"] == {"sunday": [["00:00", "24:00"]], "holiday": []}
    equipment = (await office.bases.get("/v1/equipment", headers=headers)).json()["items"]
    assert [(row["code"], row["quantity"], row["venue_id"]) for row in equipment] == [
        ("SB-1", 30, None),
        ("SB-2", 1, office.hall),
    ]


async def test_another_quantity_is_an_edit_that_must_be_asked_for(office, tmp_path):
    await brought(office, tmp_path)
    fewer: Lines = {"equipment": [{**EQUIPMENT, "数量": "28"}]}

    refused = await brought(office, tmp_path, fewer)
    changed = await brought(office, tmp_path, fewer, update=True)

    assert outcomes(refused) == {Outcome.REFUSED: 1}
    assert outcomes(changed) == {Outcome.CHANGED: 1}
