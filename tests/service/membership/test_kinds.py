"""Kinds are data that districts edit; codes stay, sorts inherit, and events tell of it."""

import asyncio
import json

import httpx
import pytest

from services.chassis import kinds
from tests.conftest import DISTRICT
from tests.service.membership.roll import Roll, opened
from tests.together import together

PATH = "/v1/kinds/organisation/campus-branch"


@pytest.fixture
async def roll(scene, start) -> Roll:
    return await opened(scene, start)


async def put(
    roll: Roll, path: str = PATH, role: str = "admin", area: str = DISTRICT, **body
) -> httpx.Response:
    headers = {
        name.replace("_", "-"): str(body.pop(name))
        for name in ("If_Match", "If_None_Match")
        if name in body
    }
    return await roll.client.put(
        path,
        json={"label": "高校党支部", **body},
        headers=roll.scene.headers(role, area, **headers),
    )


async def logged(roll: Roll) -> list[dict]:
    rows = await roll.client.app.state.context.database.pool.fetch(
        "SELECT body FROM event_log WHERE type = 'jiceng.membership.kind.defined.v1' ORDER BY id"
    )
    return [json.loads(row["body"]) for row in rows]


async def test_a_district_adds_a_sort_of_branch_and_registers_one(roll):
    made = await put(roll, parent="branch")

    assert (made.status_code, made.headers["etag"], made.json()["version"]) == (201, '"1"', 1)
    refused = await roll.send(
        "POST", "/v1/organisations", code="X1", name="甲", kind="campus-branch", area="410305001001"
    )
    assert refused.json()["code"] == "starting-full-members-missing", "the sort inherits the trait"
    branch = await roll.organise("X1", "410305001001", "campus-branch")
    shown = (await roll.get(f"/v1/organisations/{branch}")).json()
    assert (shown["kind"], shown["category"]) == ("campus-branch", "branch")
    found = (await roll.get("/v1/organisations", category="branch")).json()["items"]
    assert {"X1", "ZB-1", "ZB-2"} == {one["code"] for one in found}


async def test_an_event_tells_the_label_the_version_and_the_widest_area(roll):
    await put(roll, parent="branch")
    await put(roll, label="高校支部", If_Match='"1"')

    first, second = await logged(roll)
    assert first["data"] == first["data"] | {
        "area": "410305",
        "reference": "organisation/campus-branch",
        "name": "高校党支部",
        "parent_code": "branch",
    }
    assert [e["aggregateversion"] for e in (first, second)] == [1, 2]
    assert second["data"]["name"] == "高校支部"
    assert second["data"]["parent_code"] == "branch", "what is left out stays"
    assert first["subject"] == second["subject"]


async def test_what_the_project_seeded_can_be_edited_and_keeps_its_traits(roll):
    path = "/v1/kinds/organisation/branch"
    before = (await roll.get(path)).json()
    edited = await put(roll, path, label="支部", If_Match='"0"')

    assert (edited.status_code, edited.json()["version"]) == (200, 1)
    assert edited.json()["traits"] == before["traits"] != {}
    async with roll.client.app.state.context.database.sessions() as session:
        sort = await kinds.of(session, "organisation", "grid-branch")
    assert (sort.parent, sort.root) == ("branch", "branch")
    assert sort.traits["takes_members"] is True
    assert sort.traits["community"] is True


async def test_a_sort_may_have_traits_of_its_own(roll):
    async with roll.client.app.state.context.database.sessions() as session:
        sort = await kinds.of(session, "organisation", "functional-branch")
        with pytest.raises(kinds.UnknownKind):
            await kinds.of(session, "organisation", "club")

    assert sort.root == "branch"
    assert (sort.traits["takes_members"], sort.traits["size"]) == (False, None)


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 428, "if-match-required"),
        ({"If_Match": '"7"'}, 412, "version-changed"),
        ({"If_None_Match": "*"}, 412, "version-changed"),
        ({"If_Match": "x"}, 422, "invalid"),
        ({"If_Match": '"1"'}, 200, None),
    ],
)
async def test_an_edit_names_the_version_it_saw(roll, headers, status, code):
    await put(roll, If_None_Match="*")

    answer = await put(roll, label="另名", **headers)

    assert (answer.status_code, answer.json().get("code")) == (status, code or "campus-branch")


async def test_a_version_of_a_kind_that_is_not_there_is_refused(roll):
    assert (await put(roll, If_Match='"1"')).status_code == 412


async def test_repeating_what_is_there_changes_and_announces_nothing(roll):
    await put(roll, parent="branch")
    again = await put(roll, If_Match='"1"')

    assert (again.status_code, again.json()["version"]) == (200, 1)
    assert len(await logged(roll)) == 1


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        (PATH, {"parent": "club"}, 422, "unknown-kind"),
        ("/v1/kinds/organisation/branch", {"parent": "grid-branch"}, 409, "kind-cycle"),
        ("/v1/kinds/organisation/branch", {"parent": "branch"}, 409, "kind-cycle"),
        ("/v1/kinds/colour/red", {}, 404, "unknown-family"),
        (
            PATH,
            {"effective_from": "2026-01-01", "effective_to": "2026-01-01"},
            422,
            "kind-ends-before-start",
        ),
    ],
)
async def test_what_cannot_be_is_refused(roll, path, body, status, code):
    versions = {"If_Match": '"0"'} if path.endswith("/branch") else {}

    answer = await put(roll, path, **body, **versions)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_kind_out_of_use_is_refused_and_comes_back(roll):
    await put(roll, parent="branch", effective_from="2000-01-01", effective_to="2020-01-01")
    late = {"code": "X9", "name": "甲", "kind": "campus-branch", "area": "410305001001"}

    after = await roll.send(
        "POST", "/v1/organisations", **late, occurred_at="2020-01-01T00:00:00+08:00"
    )
    before = await roll.send(
        "POST", "/v1/organisations", **late, occurred_at="2019-12-31T23:59:59+08:00"
    )
    assert (after.json()["code"], before.status_code) == ("unknown-kind", 201)
    assert [
        one["code"]
        for one in (await roll.get("/v1/kinds", family="organisation", day="2020-01-01")).json()
        if one["code"] == "campus-branch"
    ] == []

    back = await put(roll, effective_to=None, If_Match='"1"')
    assert back.json()["effective_to"] is None


@pytest.mark.parametrize("role", ["viewer", "organisation-clerk", "personnel-officer"])
async def test_only_who_keeps_standards_edits_them(roll, role):
    assert (await put(roll, role=role)).status_code == 403


async def test_who_stands_below_the_widest_area_edits_no_kinds(roll):
    answer = await put(roll, area="410305001")

    assert (answer.status_code, answer.json()["code"]) == (403, "area-out-of-scope")
    assert (await roll.get(PATH)).status_code == 404


async def test_of_many_who_add_one_kind_at_once_one_adds_it(roll):
    answers = await together(put(roll, label=f"第{n}") for n in range(6))

    assert sorted(a.status_code for a in answers) == [201] + [428] * 5
    assert len(await logged(roll)) == 1


async def test_two_edits_at_once_never_close_a_cycle(roll):
    for name in ("first", "second"):
        await put(roll, f"/v1/kinds/organisation/{name}")

    answers = await asyncio.gather(
        put(roll, "/v1/kinds/organisation/first", parent="second", If_Match='"1"'),
        put(roll, "/v1/kinds/organisation/second", parent="first", If_Match='"1"'),
    )

    assert sorted(a.status_code for a in answers) == [200, 409]


async def test_bases_keeps_kinds_of_its_own_in_the_same_way(scene, start):
    bases = await start("bases", background=False)
    made = await bases.put(
        "/v1/kinds/base/ecology", json={"label": "生态型"}, headers=scene.headers()
    )

    assert made.status_code == 201
    body = await bases.app.state.context.database.pool.fetchval(
        "SELECT body FROM event_log WHERE type = 'jiceng.bases.kind.defined.v1'"
    )
    assert json.loads(body)["data"]["reference"] == "base/ecology"
