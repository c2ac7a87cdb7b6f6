"""Areas and the organisation tree over HTTP, and how bases hears of them."""

import asyncio

import pytest

from tests.eventually import eventually
from tests.together import together

STREET, COMMUNITY = "410305001", "410305001001"


class Registry:
    def __init__(self, scene, client) -> None:
        self.scene, self.client = scene, client

    async def put_area(self, code: str, name: str, **headers):
        return await self.client.put(
            f"/v1/areas/{code}", json={"name": name}, headers=self.scene.headers(**headers)
        )

    async def register(self, code: str, **given):
        body = {
            "code": code,
            "name": f"{code}支部",
            "kind": "branch",
            "area": COMMUNITY,
            "starting_full_members": 3,
        } | given
        return await self.client.post("/v1/organisations", json=body, headers=self.scene.headers())

    async def change(self, organisation: dict, version: int | None = None, **changes):
        match = f'"{version or organisation["version"]}"'
        return await self.client.patch(
            f"/v1/organisations/{organisation['organisation_id']}",
            json=changes,
            headers=self.scene.headers(**{"If-Match": match}),
        )

    async def get(self, path: str, role: str = "admin", area: str = "410305", **params):
        return await self.client.get(path, params=params, headers=self.scene.headers(role, area))


@pytest.fixture
async def registry(scene, start):
    made = Registry(scene, await start("membership"))
    for code, name in (("410305", "涧西区"), (STREET, "湖北路街道"), (COMMUNITY, "唐村社区")):
        assert (await made.put_area(code, name)).status_code == 201
    return made


async def test_an_area_is_new_once_then_the_same_then_renamed(registry):
    again = await registry.put_area(STREET, "湖北路街道")
    renamed = await registry.put_area(STREET, "湖北路新街道")

    assert [(r.status_code, r.json()["version"]) for r in (again, renamed)] == [(200, 1), (200, 2)]
    assert (await registry.get(f"/v1/areas/{STREET}")).json()["name"] == "湖北路新街道"


async def test_an_area_without_its_parent_is_refused_by_name(registry):
    answer = await registry.put_area("410305009001", "某社区")

    assert (answer.status_code, answer.json()["code"]) == (422, "area-unknown")
    assert answer.json()["value"] == "410305009"


@pytest.mark.parametrize("code", ["4103050", "41030500100", "abcdef", "４１０３０５"])
async def test_what_is_no_area_code_is_refused(registry, code):
    answer = await registry.put_area(code, "某地")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "path.code"


async def test_areas_are_listed_by_level_within_an_area(registry):
    page = await registry.get("/v1/areas", within="410305", level="community")

    assert [area["code"] for area in page.json()["items"]] == [COMMUNITY]
    assert page.json()["items"][0]["parent"] == STREET


async def test_an_area_out_of_scope_cannot_be_registered(registry):
    answer = await registry.client.put(
        "/v1/areas/410306",
        json={"name": "别区"},
        headers=registry.scene.headers("admin", "410305"),
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "area-out-of-scope")


async def test_organisations_form_a_tree_and_are_found_in_it(registry):
    committee = (await registry.register("W1", kind="committee", area=STREET)).json()
    branch = (await registry.register("B1", parent_id=committee["organisation_id"])).json()

    below = await registry.get("/v1/organisations", parent_id=committee["organisation_id"])
    named = await registry.get("/v1/organisations", q="B1")
    kind = await registry.get("/v1/organisations", kind="committee", within="410305")

    assert [o["code"] for o in below.json()["items"]] == ["B1"]
    assert [o["code"] for o in named.json()["items"]] == ["B1"]
    assert [o["code"] for o in kind.json()["items"]] == ["W1"]
    assert branch["parent_id"] == committee["organisation_id"]


async def test_a_percent_sign_in_a_search_is_a_percent_sign(registry):
    await registry.register("B1", name="百分之百支部")
    await registry.register("B2", name="100%支部")

    page = await registry.get("/v1/organisations", q="%")

    assert [o["code"] for o in page.json()["items"]] == ["B2"]


async def test_a_code_belongs_to_one_organisation(registry):
    answers = await together(registry.register("B1", name=f"第{n}") for n in range(8))

    assert sorted(a.status_code for a in answers) == [201] + [409] * 7
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"code-taken"}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"area": "410305001002"}, "area-unknown"),
        ({"kind": "club"}, "unknown-kind"),
        ({"parent_id": "00000000-0000-0000-0000-000000000000"}, "organisation-unknown"),
    ],
)
async def test_a_reference_to_nothing_is_refused_with_the_field(registry, given, code):
    answer = await registry.register("B1", **given)

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["field"] == next(iter(given))


async def test_two_moves_at_once_never_close_a_cycle(registry):
    for n in range(6):
        first = (await registry.register(f"A{n}")).json()
        second = (await registry.register(f"B{n}")).json()

        answers = await asyncio.gather(
            registry.change(first, parent_id=second["organisation_id"]),
            registry.change(second, parent_id=first["organisation_id"]),
        )

        assert sorted(a.status_code for a in answers) == [200, 409]
        refused = next(a for a in answers if a.status_code == 409)
        assert refused.json()["code"] == "cycle-in-tree"


async def test_an_edit_of_a_version_that_has_passed_is_refused(registry):
    organisation = (await registry.register("B1")).json()
    first = await registry.change(organisation, name="甲支部")
    second = await registry.change(organisation, name="乙支部")

    assert (first.status_code, second.status_code) == (200, 412)
    assert second.json()["current"] == 2


async def test_the_parent_can_be_taken_away(registry):
    committee = (await registry.register("W1", kind="committee", area=STREET)).json()
    branch = (await registry.register("B1", parent_id=committee["organisation_id"])).json()

    kept = await registry.change(branch, name="新名支部")
    freed = await registry.change(kept.json(), parent_id=None)

    assert kept.json()["parent_id"] == committee["organisation_id"]
    assert freed.json()["parent_id"] is None


async def test_a_list_is_cut_to_the_areas_of_the_caller(registry):
    await registry.put_area("410305002", "天津路街道")
    await registry.register("B1")
    await registry.register("B2", area="410305002")

    mine = await registry.get("/v1/organisations", "viewer", "410305002")
    widened = await registry.get("/v1/organisations", "viewer", "410305002", within="410305")
    foreign = await registry.get("/v1/organisations", "viewer", "410305002", within=STREET)

    assert [o["code"] for o in mine.json()["items"]] == ["B2"]
    assert [o["code"] for o in widened.json()["items"]] == ["B2"]
    assert foreign.status_code == 403


async def test_bases_hears_of_areas_and_organisations_and_of_their_changes(scene, start):
    registry = Registry(scene, await start("membership", background=True))
    bases = await start("bases", background=True)
    for code, name in (("410305", "涧西区"), (STREET, "湖北路街道"), (COMMUNITY, "唐村社区")):
        await registry.put_area(code, name)
    organisation = (await registry.register("B1", name="旧名支部")).json()
    await registry.change(organisation, name="新名支部")

    async def base_can_be_registered() -> bool:
        body = {"code": "JD-1", "name": "基地", "kind": "red", "area": COMMUNITY}
        answer = await bases.post("/v1/bases", json=body, headers=scene.headers())
        return answer.status_code in {201, 409}

    async def copy_has_the_new_name() -> bool:
        pool = bases.app.state.context.database.pool
        return await pool.fetchval("SELECT name FROM organisation") == "新名支部"

    await eventually(base_can_be_registered)
    await eventually(copy_has_the_new_name)
