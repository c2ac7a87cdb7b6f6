"""The ledgers of working members as files: every line as offices have always had it."""

import pytest

from services.chassis.personal import masked
from tests.service.membership.working import COMMUNITY, DISTRICT, GRID, Community, open_community

NAME, PHONE = masked("name", "张示例"), masked("phone", "13900001234")
DAY = "2019-03-01"


@pytest.fixture
async def community(scene, start) -> Community:
    return await open_community(scene, start)


async def lines(community: Community, path: str, **asked: str) -> list[str]:
    """Without the heading."""
    answer = await community.get(f"/v1/{path}/export", format="csv", **asked)
    assert answer.status_code == 200, answer.text
    return answer.text.splitlines()[1:]


async def test_every_line_says_labels_names_and_codes(community):
    morning = f"{DAY}T09:00:00+08:00"
    one = await community.register(
        code="BD-1",
        name="张示例",
        phone="13900001234",
        grid=GRID,
        skills=["law", "arts"],
        occurred_at=morning,
    )
    two = await community.register(code="BD-2", name="李示例", skills=[], occurred_at=morning)
    post = await community.open(
        code="GW-1",
        title="=调解岗",
        kind="legal-mediation",
        skills=["law", "mediation"],
        ends_on="2029-12-31",
    )
    await community.claimed(post, one, code="RL-1", occurred_at=morning)
    ended = await community.claimed(post, two, code="RL-2", occurred_at=morning)
    path = f"/v1/claims/{ended['claim_id']}/release"
    await community.done(path, {"how": "withdrawn", "occurred_at": "2019-03-02T09:00+08:00"}, 200)
    await community.serve(one, two, code="FW-1", start="19:30:00", attended=5, beneficiaries=12)
    wrong = await community.serve(code="FW-2", attended=3, sessions=0, bound="at-least")
    await community.done(f"/v1/service-records/{wrong['record_id']}/void", {}, 200)
    year = {"area": COMMUNITY, "year": 2019, "occurred_at": "2019-12-20T09:00:00+08:00"}
    await community.done("/v1/feedback", year)

    assert await lines(community, "employers", code="DW-01") == [f"DW-01,测试大学,{DISTRICT}"]
    registrants = await lines(community, "registrants")
    assert registrants[0] == (
        f"BD-1,{NAME},{PHONE},{COMMUNITY},{GRID},测试大学,教师,法律、书画文艺,在册,{DAY},,1"
    )
    assert registrants[1].startswith(f"BD-2,{masked('name', '李示例')},")
    assert registrants[1].endswith(f",{COMMUNITY},,测试大学,教师,,在册,{DAY},,0")
    assert await lines(community, "posts", kind="legal-mediation") == [
        f"GW-1,'=调解岗,法律调解,{COMMUNITY},法律、矛盾调解,3,1,2019-01-01,2029-12-31,"
    ]
    assert await lines(community, "claims") == [
        f"RL-1,GW-1,'=调解岗,法律调解,BD-1,{COMMUNITY},认领中,,{DAY},",
        f"RL-2,GW-1,'=调解岗,法律调解,BD-2,{COMMUNITY},已结束,本人退出,{DAY},2019-03-02",
    ]
    assert await lines(community, "claims", state="held") == (await lines(community, "claims"))[:1]
    assert await lines(community, "service-records") == [
        f"FW-1,2019-06-08,八小时外,助老帮扶,{COMMUNITY},BD-1、BD-2,1,5,90,12,实数,",
        f"FW-2,2019-06-08,八小时外,助老帮扶,{COMMUNITY},,0,3,90,0,余数（下限）,已作废",
    ]
    assert await lines(community, "feedback") == [
        f"测试大学,{COMMUNITY},2019,1,,2,2,180,2019-12-20"
    ]
