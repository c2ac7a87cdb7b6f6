"""Working members register, change, leave and come back; who they are stays sealed."""

from collections import Counter

import pytest

from services.chassis.personal import masked
from tests.service.membership.working import (
    COMMUNITY,
    GRID,
    NEXT,
    STREET,
    Community,
    open_community,
)
from tests.together import together


@pytest.fixture
async def community(scene, start) -> Community:
    return await open_community(scene, start)


async def test_a_registrant_is_shown_masked_and_stored_sealed(community):
    made = await community.register(
        grid=GRID, name="张示例", phone="13900001234", identity_number="410305199001010011"
    )

    shown = (await community.get(f"/v1/registrants/{made['registrant_id']}")).json()
    assert shown["person"] == {
        "name": masked("name", "张示例"),
        "phone": masked("phone", "13900001234"),
        "identity_number": masked("identity_number", "410305199001010011"),
    }
    assert "示例" not in shown["person"]["name"]
    assert made["person"]["name"] is None
    assert (made["area"], made["grid"], made["community"]) == (GRID, GRID, COMMUNITY)
    rows = await community.value(
        "SELECT string_agg(body, '') || (SELECT string_agg(r::text, '') FROM registrant r)"
        " || (SELECT string_agg(sealed::text, '') FROM person)"
        " || (SELECT string_agg(coalesce(body, ''), '') FROM idempotency) FROM event_log"
    )
    assert "张示例" not in rows
    assert "13900001234" not in rows
    assert "410305199001010011" not in rows


async def test_a_working_member_is_in_no_branch(community):
    await community.register()

    assert await community.value("SELECT count(*) FROM member") == 0
    assert await community.events("member") == []


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"community": STREET}, 422, "not-a-community"),
        ({"grid": "410305001002001"}, 422, "grid-elsewhere"),
        ({"grid": "410305001001009"}, 422, "area-unknown"),
        ({"employer_id": "00000000-0000-0000-0000-000000000000"}, 422, "employer-unknown"),
        ({"occupation": "wizard"}, 422, "unknown-kind"),
        ({"skills": ["law", "magic"]}, 422, "unknown-kind"),
        ({"skills": ["law", "law"]}, 422, "skill-repeated"),
        ({"phone": "abc"}, 422, None),
    ],
)
async def test_what_cannot_be_is_refused_by_name(community, given, status, code):
    answer = await community.post("/v1/registrants", community.person(**given))

    assert answer.status_code == status
    assert code is None or answer.json()["code"] == code


@pytest.mark.parametrize(
    ("field", "first", "second"),
    [
        ("phone", "13900001234", "139 0000-1234".replace("-", "")),
        ("identity_number", "41030519900101001X", "41030519900101001x"),
    ],
)
async def test_one_person_registers_once_in_a_community_and_may_in_another(
    community, field, first, second
):
    known = await community.register(**{field: first})
    again = await community.post("/v1/registrants", community.person(**{field: second}))
    elsewhere = await community.post(
        "/v1/registrants", community.person(community=NEXT, **{field: second})
    )

    assert (again.status_code, again.json()["code"]) == (409, "registrant-known")
    assert again.json()["registrant_id"] == known["registrant_id"]
    assert elsewhere.status_code == 201


async def test_of_forty_clients_registering_one_phone_one_succeeds(community):
    answers = await together(
        community.post("/v1/registrants", community.person(phone="13900009999")) for _ in range(40)
    )

    said = Counter((a.status_code, a.json().get("code", "")) for a in answers if a.is_error)
    assert said == {(409, "registrant-known"): 39}
    assert await community.value("SELECT count(*) FROM registrant") == 1
    assert await community.value("SELECT count(*) FROM person") == 1


async def test_a_changed_phone_frees_the_old_one_and_takes_the_new(community):
    made = await community.register(phone="13900000001")
    other = await community.register(phone="13900000002")
    path = f"/v1/registrants/{made['registrant_id']}"

    taken = await community.patch(path, made, {"phone": "13900000002"})
    moved = await community.patch(path, made, {"phone": "13900000003", "skills": ["law"]})
    freed = await community.post("/v1/registrants", community.person(phone="13900000001"))

    assert (taken.status_code, taken.json()["code"]) == (409, "registrant-known")
    assert taken.json()["registrant_id"] == other["registrant_id"]
    assert (moved.status_code, moved.json()["version"]) == (200, 2)
    shown = (await community.get(path)).json()
    assert shown["person"]["phone"] == masked("phone", "13900000003")
    assert freed.status_code == 201


async def test_an_edit_of_an_unseen_version_is_refused_and_an_empty_one_changes_nothing(community):
    made = await community.register()
    path = f"/v1/registrants/{made['registrant_id']}"

    nothing = await community.patch(path, made, {"occupation": "teacher"})
    changed = await community.patch(path, made, {"grid": GRID})
    stale = await community.patch(path, made, {"grid": None})

    assert [a.status_code for a in (nothing, changed, stale)] == [200, 200, 412]
    assert (nothing.json()["version"], changed.json()["area"]) == (1, GRID)


async def test_whoever_leaves_frees_their_places_and_may_come_back(community):
    made = await community.register()
    post = await community.open(places=1)
    await community.claimed(post, made)
    path = f"/v1/registrants/{made['registrant_id']}"

    left = await community.done(f"{path}/leave", {}, 200)
    again = await community.post(f"{path}/leave", {})
    phone = (await community.get(f"{path}/personal", purpose="核对")).json()["phone"]
    known = await community.post("/v1/registrants", community.person(phone=phone))
    back = await community.done(f"{path}/rejoin", {"employer_id": community.hospital}, 200)
    twice = await community.post(f"{path}/rejoin", {})

    assert (left["state"], left["claims"]) == ("left", 0)
    assert (await community.get(f"/v1/posts/{post['post_id']}")).json()["free"] == 1
    assert again.json()["code"] == "already-left"
    assert "重新报到" in known.json()["detail"] or known.json()["code"] == "registrant-known"
    assert (back["state"], back["employer_id"]) == ("active", community.hospital)
    assert (twice.status_code, twice.json()["code"]) == (409, "still-here")
    assert await community.events("registrant", "post-claim") == [
        "registrant.registered",
        "post-claim.claimed",
        "post-claim.ended",
        "registrant.departed",
        "registrant.returned",
    ]


async def test_reading_in_full_needs_the_right_and_is_recorded(community):
    made = await community.register(name="张示例")
    path = f"/v1/registrants/{made['registrant_id']}/personal"

    refused = await community.get(path, "community-worker", purpose="好奇")
    without = await community.get(path, "personnel-officer")
    read = await community.get(path, "personnel-officer", purpose="电话通知")

    assert (refused.status_code, without.status_code) == (403, 422)
    assert read.json()["name"] == "张示例"
    assert (
        await community.value("SELECT purpose FROM personal_reading WHERE actor LIKE '%officer'")
        == "电话通知"
    )


async def test_who_left_can_be_erased_and_who_is_here_cannot(community):
    made = await community.register()
    path = f"/v1/registrants/{made['registrant_id']}"

    early = await community.post(f"{path}/erase", {})
    await community.done(f"{path}/leave", {}, 200)
    erased = await community.post(f"{path}/erase", {})
    shown = (await community.get(path)).json()

    assert (early.status_code, early.json()["code"]) == (409, "still-here")
    assert erased.status_code == 204
    assert shown["person"] == {"name": None, "phone": None, "identity_number": None}
    assert await community.value("SELECT count(*) FROM registrant_identity") == 0


async def test_the_list_is_searched_by_what_staff_know(community):
    lawyer = await community.register(
        occupation="lawyer", skills=["law", "mediation"], employer_id=community.hospital, grid=GRID
    )
    teacher = await community.register(phone="13900007777", name="李示例")
    await community.register(community=NEXT)

    async def found(**asked) -> list[str]:
        page = await community.get("/v1/registrants", **asked)
        assert page.status_code == 200, page.text
        return [item["registrant_id"] for item in page.json()["items"]]

    assert await found(skill="mediation") == [lawyer["registrant_id"]]
    assert await found(employer_id=community.hospital) == [lawyer["registrant_id"]]
    assert await found(within=GRID) == [lawyer["registrant_id"]]
    assert await found(phone="139 0000 7777") == [teacher["registrant_id"]]
    assert await found(name="李示例", within=COMMUNITY) == [teacher["registrant_id"]]
    assert await found(name="李") == []
    assert len(await found(within=STREET)) == 3
    assert len(await found(state="left")) == 0
    abroad = await community.get("/v1/registrants", "viewer", NEXT)
    assert len(abroad.json()["items"]) == 1


async def test_employers_are_known_by_code_and_renamed(community):
    taken = await community.post(
        "/v1/employers", {"code": "DW-01", "name": "别的单位", "area": STREET}
    )
    known = (await community.get("/v1/employers", code="DW-01")).json()["items"][0]
    renamed = await community.patch(
        f"/v1/employers/{known['employer_id']}", known, {"name": "测试理工大学"}
    )

    assert (taken.status_code, taken.json()["code"]) == (409, "code-taken")
    assert (renamed.json()["name"], renamed.json()["version"]) == ("测试理工大学", 2)
    assert await community.events("employer") == ["employer.registered"] * 2 + ["employer.changed"]
