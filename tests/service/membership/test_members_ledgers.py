"""The sheets of members, brought in over HTTP: 362 in seven branches, ten activists, numbers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import httpx
import pytest

from ops.ledger.importer import Options, Result, import_file
from ops.ledger.model import Outcome
from ops.ledger.services import Services
from ops.ledger.template import workbook
from tests.service.membership.roll import COMMUNITY, Roll, identity_number, opened

BRANCHES = 7
MEMBERS = 362

Lines = Mapping[str, Sequence[Mapping[str, str]]]


@pytest.fixture
async def roll(scene, start) -> Roll:
    made = await opened(scene, start)
    for number in range(BRANCHES):
        await made.organise(f"F12-{number}", COMMUNITY, "branch", made.committee)
    return made


async def brought(roll: Roll, folder: Path, lines: Lines) -> Result:
    path = folder / "book.xlsx"
    path.write_bytes(workbook(lines))
    transport = httpx.ASGITransport(roll.client.app)  # type: ignore[attr-defined]
    scene = roll.scene
    async with Services(scene.settings, scene.issuer.token, transport=transport) as services:
        return await import_file(path, services, Options(), today=date(2019, 6, 3))


async def total(roll: Roll, **asked: str) -> int:
    answer = await roll.get("/v1/members/structure", by="state", **asked)
    return int(answer.json()["total"])


async def test_362_members_in_seven_branches_and_the_warning_that_one_is_over_fifty(roll, tmp_path):
    lines = [
        {
            "党员代码": f"F12-{number:04d}",
            "党支部代码": f"F12-{number % BRANCHES}",
            "身份": "正式党员",
            "姓名": "张示例",
            "列入日期": "2018-01-02",
        }
        for number in range(MEMBERS)
    ]
    first = await brought(roll, tmp_path, {"members": lines})

    assert first.faults == []
    assert first.total(Outcome.CREATED) == MEMBERS
    assert await total(roll) == await total(roll, within=COMMUNITY) == MEMBERS
    alerts = (await roll.get("/v1/alerts", kind="branch-too-large", limit=100)).json()["items"]
    assert Counter(one["facts"]["members"] for one in alerts) == {52: 5, 51: 2}


ACTIVISTS: Lines = {
    "members": [
        {
            "党员代码": f"F52-{number}",
            "党支部代码": "F12-0",
            "身份": "入党积极分子",
            "姓名": "李示例",
            "公民身份号码": identity_number("19900101", 100 + number),
            "学历": "初中" if number == 0 else "高中、中专",
            "困难党员": "否",
            "列入日期": "2018-03-01",
        }
        for number in range(10)
    ],
    "joining_steps": [
        {"党员代码": f"F52-{number}", "步骤": "积极分子培训学习", "日期": "2018-06-01"}
        for number in range(6)
    ],
    "headcounts": [
        {"组织代码": "DW-1", "类别": "为高龄老人送礼品", "人数": "120", "数量性质": "余数（下限）",
         "年限下限": "80", "年限所指": "年龄", "日期": "2018-10-17"},
        {"组织代码": "DW-1", "类别": "考取助理社工师", "人数": "5", "日期": "2018-11-01"},
    ],
}  # fmt: skip


async def test_ten_activists_nine_with_high_school_six_trained_and_a_repetition_adds_nothing(
    roll, tmp_path, database
):
    first = await brought(roll, tmp_path, ACTIVISTS)
    second = await brought(roll, tmp_path, ACTIVISTS)

    assert (first.faults, second.faults) == ([], [])
    assert first.total(Outcome.CREATED) == 18
    by = (await roll.get("/v1/members/structure", by="education", state="activist")).json()
    assert {(c["values"]["education"], c["members"]) for c in by["counts"]} == {
        ("junior", 1),
        ("senior", 9),
    }
    pool = (await database("membership")).pool
    steps = await pool.fetchval(
        "SELECT count(*) FROM event_log WHERE type = 'jiceng.membership.member.step-recorded.v1'"
    )
    stated = (await roll.get("/v1/headcounts")).json()["items"]
    assert steps == 6
    assert {(one["kind"], one["headcount"], one["bound"]) for one in stated} == {
        ("elderly-gift", 120, "at-least"),
        ("assistant-social-worker", 5, "exact"),
    }
    assert await total(roll) == 0  # activists are no members yet


async def test_a_wrong_number_is_said_by_its_cell_and_the_rest_is_kept(roll, tmp_path):
    number = identity_number("19900101", 200)
    wrong = number[:-1] + ("1" if number[-1] != "1" else "2")
    lines = [
        {"党员代码": "B-1", "党支部代码": "F12-0", "身份": "正式党员", "公民身份号码": wrong},
        {"党员代码": "B-2", "党支部代码": "F12-0", "身份": "正式党员", "公民身份号码": number},
        {"党员代码": "B-3", "党支部代码": "F12-1", "身份": "正式党员", "公民身份号码": number},
    ]
    result = await brought(roll, tmp_path, {"members": lines})

    assert result.total(Outcome.CREATED) == 1
    assert {(fault.row, fault.column) for fault in result.faults} >= {(2, "公民身份号码")}
    assert await total(roll) == 1


async def test_a_roster_that_was_refused_is_corrected_and_goes_in(roll, tmp_path):
    """Also when nothing but an identity number was wrong, which no key may depend on."""
    right = identity_number()
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    line = {
        "党员代码": "F12-WRONG",
        "党支部代码": "F12-0",
        "身份": "正式党员",
        "公民身份号码": wrong,
        "列入日期": "2018-01-02",
    }

    refused = await brought(roll, tmp_path, {"members": [line]})
    corrected = await brought(roll, tmp_path, {"members": [line | {"公民身份号码": right}]})

    assert [fault.column for fault in refused.faults] == ["公民身份号码"]
    assert (corrected.faults, corrected.total(Outcome.CREATED)) == ([], 1)
