"""Teams, skills filed by the branch, local talents with consent, zones of branches."""

import pytest

from tests.service.membership.volunteering_help import Service, serving


@pytest.fixture
async def service(scene, start) -> Service:
    return await serving(scene, start)


async def test_a_team_counts_its_members_until_it_is_disbanded(service):
    team = await service.team()
    path = f"/v1/volunteer-teams/{team['team_id']}"
    first, second = await service.members(2)
    await service.done(f"{path}/volunteers", 201, member_id=first)
    joined = await service.done(f"{path}/volunteers", 201, member_id=second)
    twice = await service.post(f"{path}/volunteers", member_id=second)
    left = await service.done(f"{path}/departures", member_id=first)
    there = await service.roll.get(f"{path}/volunteers")
    ended = await service.done(f"{path}/disbandment")
    late = await service.post(f"{path}/volunteers", member_id=first)

    assert [t["headcount"] for t in (joined, left, ended)] == [2, 1, 0]
    assert (twice.status_code, twice.json()["code"]) == (409, "already-in-team")
    assert [v["member_id"] for v in there.json()] == [second]
    assert (late.status_code, late.json()["code"]) == (409, "team-disbanded")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"kind": "choir"}, "unknown-kind"),
        ({"area": "410305001009"}, "area-unknown"),
        ({"organisation_id": "00000000-0000-4000-8000-000000000000"}, "organisation-unknown"),
    ],
)
async def test_a_team_that_refers_to_nothing_is_refused(service, given, code):
    body = {
        "code": "ZY-X", "name": "某队", "kind": "care", "organisation_id": service.roll.branch,
    }  # fmt: skip
    answer = await service.post("/v1/volunteer-teams", **body | given)

    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_an_edit_says_what_it_takes_back(service):
    team = await service.team()
    path = f"/v1/volunteer-teams/{team['team_id']}"
    changed = await service.roll.send("PATCH", path, version=1, kind="culture")

    assert changed.json()["kind"] == "culture"
    assert [row["type"] for row in await service.logged("volunteer-team")] == [
        "formed", "changed",
    ]  # fmt: skip


async def test_a_skill_is_offered_filed_by_the_branch_and_withdrawn(service):
    member = await service.member()
    body = {
        "organisation_id": service.roll.branch, "service_kind": "repair", "member_id": member,
    }  # fmt: skip
    offered = await service.done("/v1/skills", 201, **body)
    twice = await service.post("/v1/skills", **body)
    path = f"/v1/skills/{offered['skill_id']}"
    approved = await service.done(f"{path}/decision", approved=True)
    again = await service.post(f"{path}/decision", approved=False)
    await service.done(f"{path}/withdrawal")
    anew = await service.done("/v1/skills", 201, **body)

    assert (offered["status"], approved["status"]) == ("offered", "approved")
    assert (twice.status_code, twice.json()["code"]) == (409, "skill-known")
    assert (again.status_code, again.json()["code"]) == (409, "skill-decided")
    assert anew["skill_id"] != offered["skill_id"]


async def test_a_local_talent_of_no_register_consents_and_is_masked_and_forgotten(service):
    body = {
        "organisation_id": service.roll.branch,
        "service_kind": "craft",
        "register_kind": "talent",
        "contact": {"name": "张示例", "phone": "13600000000"},
    }
    without = await service.post("/v1/skills", **body)
    as_offer = await service.post(
        "/v1/skills", **body | {"register_kind": "offer", "consented_on": "2019-06-01"}
    )
    made = await service.done("/v1/skills", 201, **body, consented_on="2019-06-01")
    path = f"/v1/skills/{made['skill_id']}"
    listed = await service.roll.get("/v1/skills", register_kind="talent")
    exported = await service.roll.get("/v1/skills/export", format="csv")
    read = await service.roll.get(f"{path}/contact", role="help-officer", purpose="邀请授课")
    await service.done(f"{path}/withdrawal")
    gone = await service.roll.get(f"{path}/contact", role="help-officer", purpose="邀请授课")

    assert without.json()["code"] == as_offer.json()["code"] == "talent-unnamed"
    assert listed.json()["items"][0]["contact"]["phone"] == "136****0000"
    assert "张示例" not in exported.text
    assert read.json()["name"] == "张示例"
    assert gone.status_code == 404


async def test_a_zone_has_one_branch_at_a_time(service):
    area = "410305001001"
    first, second = service.roll.branches
    zone = await service.done("/v1/branch-zones", 201, organisation_id=first, area=area)
    taken = await service.post("/v1/branch-zones", organisation_id=second, area=area)
    await service.done(f"/v1/branch-zones/{zone['zone_id']}/end")
    given = await service.done("/v1/branch-zones", 201, organisation_id=second, area=area)
    listed = await service.roll.get("/v1/branch-zones")

    assert (taken.status_code, taken.json()["code"]) == (409, "zone-taken")
    assert [z["zone_id"] for z in listed.json()["items"]] == [given["zone_id"]]


async def test_nobody_manages_service_outside_their_area(service):
    answer = await service.roll.send(
        "POST",
        "/v1/volunteer-teams",
        role="community-worker",
        granted="410305001002",
        code="ZY-Y",
        name="某队",
        kind="care",
        organisation_id=service.roll.branch,
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "area-out-of-scope")
