"""Personal data over HTTP: masked, read under record, looked up, erased, never in the clear."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ops import personal as rotation
from tests.profiles import SHARED, examples
from tests.service.chassis.test_personal import everything
from tests.service.chassis_http.conftest import fields_of
from tests.service.membership.roll import OTHER, identity_number, opened

PHONE = "13800001234"


@pytest.fixture
async def roll(scene, start):
    return await opened(scene, start)


@pytest.fixture
async def db(database):
    return (await database("membership")).pool


async def test_reading_in_full_needs_the_right_a_purpose_and_is_recorded(roll):
    made = await roll.register(name="测试甲", phone=PHONE)
    path = f"/v1/members/{made['member_id']}/personal"

    clerk = await roll.get(path, role="organisation-clerk", purpose="发通知")
    silent = await roll.get(path, role="personnel-officer")
    answer = await roll.get(path, role="personnel-officer", purpose="发通知")

    assert [a.status_code for a in (clerk, silent)] == [403, 422]
    assert answer.json()["fields"] == {"name": "测试甲", "phone": PHONE}
    readings = (await roll.get("/v1/personal-readings", role="auditor")).json()["items"]
    assert [(r["actor"], r["subject_id"], r["purpose"], r["fields"]) for r in readings] == [
        ("test-personnel-officer", made["member_id"], "发通知", ["name", "phone"])
    ]


async def test_only_auditors_of_the_area_see_who_read_what(roll):
    made = await roll.register(name="测试甲")
    await roll.get(f"/v1/members/{made['member_id']}/personal", purpose="核对名册")

    elsewhere = await roll.get("/v1/personal-readings", role="auditor", granted=OTHER)
    clerk = await roll.get("/v1/personal-readings", role="organisation-clerk")
    file = await roll.get("/v1/personal-readings/export", role="auditor", format="csv")

    assert (elsewhere.json()["items"], clerk.status_code) == ([], 403)
    assert "核对名册" in file.text


async def test_a_lookup_is_exact_and_recorded(roll, db):
    number = identity_number("19520203")
    made = await roll.register(name="测试甲", phone=PHONE, identity_number=number)
    await roll.register(name="测试甲", phone="13900005678")

    async def found(**asked):
        answer = await roll.send("POST", "/v1/members/lookup", **asked)
        assert answer.status_code == 200, answer.text
        return [one["member_id"] for one in answer.json()]

    assert len(await found(name=" 测试甲 ")) == 2
    assert await found(phone="138 0000 1234") == [made["member_id"]]
    assert await found(identity_number=number.lower()) == [made["member_id"]]
    assert await found(name="测试") == []
    assert await db.fetchval("SELECT count(*) FROM personal_reading") == 4
    assert await db.fetchval("SELECT count(*) FROM idempotency WHERE body LIKE '%测试甲%'") == 0


@pytest.mark.parametrize(
    ("asked", "blamed"),
    [
        ({}, {"name", "phone", "identity_number"}),
        ({"name": None}, {"name", "phone", "identity_number"}),
        ({"name": "测试甲", "phone": PHONE}, {"name", "phone"}),
        ({"name": "测试甲", "birth_date": "1970-01-01"}, {"birth_date"}),
        ({"mobile": PHONE}, {"mobile"}),
    ],
)
async def test_a_lookup_is_by_exactly_one_field_and_says_which_are_wrong(roll, db, asked, blamed):
    await roll.register(name="测试甲", phone=PHONE)

    answer = await roll.send("POST", "/v1/members/lookup", **asked)

    assert answer.status_code == 422
    assert fields_of(answer.json()) == blamed
    assert await db.fetchval("SELECT count(*) FROM personal_reading") == 0


async def test_a_lookup_finds_only_members_the_caller_may_manage(roll):
    await roll.register(name="测试甲")

    async def asked(role: str, granted: str):
        return await roll.send(
            "POST", "/v1/members/lookup", role=role, granted=granted, name="测试甲"
        )

    assert (await asked("organisation-clerk", OTHER)).json() == []
    assert (await asked("viewer", "410305")).status_code == 403


async def test_only_who_left_is_erased_and_then_for_good(roll, db):
    number = identity_number("19530203")
    made = await roll.register(name="测试甲", phone=PHONE, identity_number=number)
    path = f"/v1/members/{made['member_id']}"

    refused = await roll.act(made, "erase", "2019-05-01")
    await roll.act(made, "leave", "2019-05-01", leaving="deceased")
    erased = await roll.act(made, "erase", "2019-05-02")
    again = await roll.act(made, "erase", "2019-05-02")

    assert (refused.status_code, refused.json()["code"]) == (409, "still-on-the-roll")
    assert (erased.status_code, again.json()["code"]) == (200, "already-erased")
    assert (await roll.get(path)).json()["personal"] == {}
    assert (await roll.get(f"{path}/personal", purpose="核对")).json()["fields"] == {}
    row = await db.fetchrow("SELECT identity_digest, birth_year FROM member")
    assert tuple(row) == (None, None)
    types = await db.fetch(
        "SELECT type FROM event_log WHERE aggregate_id = $1 ORDER BY id DESC LIMIT 1",
        made["member_id"],
    )
    assert types[0]["type"] == "jiceng.membership.member.erased.v1"


async def test_a_full_export_needs_the_right_and_records_every_row(roll, db):
    for _ in range(3):
        await roll.register(phone=PHONE)

    refused = await roll.get(
        "/v1/members/export", role="organisation-clerk", format="csv", full=True
    )
    answer = await roll.get("/v1/members/export", format="csv", full=True, purpose="慰问名单")

    assert refused.status_code == 403
    assert answer.text.count(PHONE) == 3
    rows = await db.fetch("SELECT purpose FROM personal_reading")
    assert [row["purpose"] for row in rows] == ["慰问名单"] * 3


SAID = st.text(
    st.characters(categories=["Lo"], min_codepoint=0x4E00, max_codepoint=0x9FA5),
    min_size=5,
    max_size=12,
)


@settings(max_examples=examples(15), suppress_health_check=SHARED)
@given(name=SAID, phone=st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
async def test_no_table_holds_what_was_sealed(roll, db, name, phone):
    """Not in rows, events, kept answers, keys of idempotency, alerts or the outbox."""
    number = identity_number("19540203")
    made = await roll.register(name=name, phone=phone, identity_number=number)
    await roll.get(f"/v1/members/{made['member_id']}/personal", purpose="核对")
    await roll.send("POST", "/v1/members/lookup", phone=phone)

    async with db.acquire() as connection:
        dump = await everything(connection)
    for text in (name, phone, number):
        assert text not in dump
        assert text.encode().hex() not in dump


async def test_after_rotation_members_are_read_found_and_still_registered_once(roll, scene, start):
    for service in rotation.DIGESTS:
        await scene.ensure(service)
    number = identity_number("19550203")
    made = await roll.register(name="测试甲", identity_number=number)
    new = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="
    old = scene.settings.personal_keys.get_secret_value()

    def with_keys(keys: str):
        return scene.settings.model_copy(
            update={"personal_keys": type(scene.settings.personal_keys)(keys)}
        )

    assert (await rotation.rewrap(with_keys(f"{new},{old}"), lambda *_: None))["membership"] == 1
    assert (await rotation.reindex(with_keys(f"{new},{old}")))["membership"] == 1
    scene.settings = with_keys(new)
    roll.client = await start("membership", background=False)

    found = await roll.send("POST", "/v1/members/lookup", identity_number=number)
    again = await roll.ask(identity_number=number)
    assert [one["member_id"] for one in found.json()] == [made["member_id"]]
    assert (again.status_code, again.json()["code"]) == (409, "identity-number-known")
