"""What is kept of a command tells nobody what it said, and still knows it again."""

import hashlib
import json

import pytest

from ops import personal as rotation
from services.chassis import fingerprints
from services.chassis.personal import KEY_BYTES, Vault
from tests.service.membership.roll import Roll, identity_number, noon, opened

NEW_ROOT = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="
KEY = "roster-line-1"


@pytest.fixture
async def roll(scene, start):
    return await opened(scene, start)


@pytest.fixture
async def db(database):
    return (await database("membership")).pool


def registration(roll: Roll) -> dict[str, str]:
    return {
        "code": "D-FINGERPRINT",
        "organisation_id": roll.branch,
        "state": "full",
        "name": "测试甲",
        "identity_number": identity_number("19560203"),
        "occurred_at": noon("2019-01-02"),
    }


def plain(body: dict[str, str]) -> bytes:
    said = b"POST /v1/members\n" + json.dumps(body, sort_keys=True).encode()
    return hashlib.sha256(said).digest()


def with_keys(scene, *keys: str):
    secret = type(scene.settings.personal_keys)(",".join(keys))
    return scene.settings.model_copy(update={"personal_keys": secret})


async def kept(db) -> bytes:
    return await db.fetchval("SELECT fingerprint FROM idempotency WHERE key = $1", KEY)


async def send(roll: Roll, body: dict[str, str]) -> tuple[int, str | None]:
    answer = await roll.send("POST", "/v1/members", key=KEY, **body)
    return answer.status_code, answer.headers.get("idempotent-replayed")


async def test_a_body_cannot_be_tried_out_against_what_is_kept_of_it(roll, db):
    body = registration(roll)
    await send(roll, body)

    assert plain(body) not in await kept(db)
    assert await send(roll, body) == (201, "true")
    assert (await send(roll, body | {"name": "测试乙"}))[0] == 422


async def test_a_key_claimed_when_digests_were_kept_plain_still_replays(roll, db):
    body = registration(roll)
    await send(roll, body)
    await db.execute("UPDATE idempotency SET fingerprint = $2 WHERE key = $1", KEY, plain(body))

    assert await send(roll, body) == (201, "true")
    assert (await send(roll, body | {"name": "测试乙"}))[0] == 422


@pytest.mark.parametrize("was_plain", [False, True])
async def test_a_key_replays_after_the_root_it_was_claimed_under_is_gone(
    roll, db, scene, start, was_plain
):
    for service in rotation.DIGESTS:
        await scene.ensure(service)
    body = registration(roll)
    await send(roll, body)
    if was_plain:
        await db.execute("UPDATE idempotency SET fingerprint = $2 WHERE key = $1", KEY, plain(body))
    old = scene.settings.personal_keys.get_secret_value()
    both = with_keys(scene, NEW_ROOT, old)

    await rotation.rewrap(both, lambda *_: None)
    await rotation.reindex(both)
    scene.settings = with_keys(scene, NEW_ROOT)
    roll.client = await start("membership", background=False)

    assert plain(body) not in await kept(db)
    assert await send(roll, body) == (201, "true")
    assert (await send(roll, body | {"name": "测试乙"}))[0] == 422


async def test_rewrapping_goes_batch_by_batch_and_ends(roll, db):
    vault = Vault([bytes([9]) * KEY_BYTES, *roll.scene.settings.root_keys()])
    total = await db.fetchval("SELECT count(*) FROM idempotency")

    parts, after = [], fingerprints.NONE
    async with db.acquire() as connection:
        while True:
            part, after = await fingerprints.rewrap(connection, vault, after, batch=2)
            if not part:
                break
            parts.append(part)
        again, _ = await fingerprints.rewrap(connection, vault)

    assert (sum(parts), max(parts), again) == (total, 2, 0)


async def test_a_service_without_persons_keeps_plain_digests_and_needs_no_root(scene, start):
    projector = await start("projector", background=False)

    assert not projector.app.state.context.keeps_persons
