"""Sealed persons in a real database: kept, read under record, found, erased, wrapped anew."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg
import pytest

from services.chassis import personal, rotation
from services.chassis.errors import Defect
from services.chassis.personal import KEY_BYTES, Vault

OLD, NEW = (bytes([n]) * KEY_BYTES for n in (1, 2))
NOW = datetime(2026, 6, 8, tzinfo=UTC)
PERSON = {"name": "张示例", "phone": "13800001234", "identity_number": "11010519491231002X"}


@pytest.fixture
async def connection(database):
    made = await asyncpg.connect((await database("membership")).dsn)
    yield made
    await made.close()


async def kept(connection, vault: Vault, **fields: str) -> UUID:
    person_id = uuid4()
    await personal.keep(connection, vault, {person_id: PERSON | fields})
    return person_id


async def everything(connection) -> str:
    """All rows of all tables, as text."""
    tables = await connection.fetch(
        "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'"
    )
    parts = []
    for table in tables:
        rows = await connection.fetch(f"SELECT t::text AS row FROM {table['name']} t")
        parts += [row["row"] for row in rows]
    return "\n".join(parts)


async def test_what_is_kept_is_found_and_shown_masked_and_lies_nowhere_in_the_clear(connection):
    vault = Vault([OLD])
    person_id = await kept(connection, vault)

    assert await personal.find(connection, vault, "phone", "138-0000-1234") == [person_id]
    assert await personal.find(connection, vault, "name", "张示") == []
    shown = await personal.shown(connection, vault, [person_id])
    assert shown[person_id]["name"] == "张**"
    dump = await everything(connection)
    assert [text for text in PERSON.values() if text in dump] == []
    assert [text for text in PERSON.values() if text.encode().hex() in dump] == []


async def test_a_reading_is_recorded_with_who_what_why_and_where(connection):
    vault = Vault([OLD])
    person_id = await kept(connection, vault)

    opened = await personal.read(
        connection,
        vault,
        [person_id],
        actor="甲",
        purpose="发通知",
        at=NOW,
        fields=["phone"],
        area="410305",
    )

    assert opened == {person_id: {"phone": PERSON["phone"]}}
    row = await connection.fetchrow("SELECT * FROM personal_reading")
    assert (row["person_id"], row["actor"], row["fields"], row["purpose"], row["area"]) == (
        person_id,
        "甲",
        ["phone"],
        "发通知",
        "410305",
    )


async def test_a_changed_field_is_found_by_what_it_is_now_alone(connection):
    vault = Vault([OLD])
    person_id = await kept(connection, vault)

    await personal.change(connection, vault, person_id, {"phone": "13900005678"})

    assert await personal.find(connection, vault, "phone", "13900005678") == [person_id]
    assert await personal.find(connection, vault, "phone", PERSON["phone"]) == []
    assert (await personal.shown(connection, vault, [person_id]))[person_id]["name"] == "张**"


async def test_an_erased_person_cannot_be_read_found_or_kept_again(connection):
    vault = Vault([OLD])
    person_id = await kept(connection, vault)

    assert await personal.erase(connection, person_id, NOW)
    assert not await personal.erase(connection, person_id, NOW)

    await personal.change(connection, vault, person_id, {"name": "李示例"})
    assert await personal.shown(connection, vault, [person_id]) == {person_id: {}}
    assert await personal.find(connection, vault, "name", "李示例") == []
    assert await personal.find(connection, vault, "name", PERSON["name"]) == []
    with pytest.raises(asyncpg.UniqueViolationError):
        await personal.keep(connection, vault, {person_id: PERSON})


async def test_with_another_root_key_nothing_opens_and_nothing_is_found(connection):
    person_id = await kept(connection, Vault([OLD]))

    assert await personal.find(connection, Vault([NEW]), "name", PERSON["name"]) == []
    with pytest.raises(Defect):
        await personal.shown(connection, Vault([NEW]), [person_id])


async def test_rewrapping_goes_batch_by_batch_and_leaves_nothing_under_the_old_root(connection):
    old, both = Vault([OLD]), Vault([NEW, OLD])
    before = [await kept(connection, old) for _ in range(5)]
    already = await kept(connection, both)
    gone = await kept(connection, old)
    await personal.erase(connection, gone, NOW)

    parts, after = [], rotation.NOBODY
    while True:
        part, after = await rotation.rewrap(connection, both, after, batch=2)
        if not part:
            break
        parts.append(part)

    assert sum(parts) == 5
    assert max(parts) == 2
    shown = await personal.shown(connection, Vault([NEW]), [*before, already])
    assert {one["name"] for one in shown.values()} == {"张**"}
    assert await personal.find(connection, both, "name", PERSON["name"])  # the index is the old one


async def test_reindexing_lets_the_old_root_go(connection):
    old, both, new = Vault([OLD]), Vault([NEW, OLD]), Vault([NEW])
    person_id = await kept(connection, old)
    other = await kept(connection, both, name="李示例", phone="13700001111")
    await connection.execute("CREATE TABLE held (digest bytea)")
    await connection.execute("INSERT INTO held VALUES ($1)", old.digest("phone", PERSON["phone"]))
    await rotation.rewrap(connection, both)

    done = await rotation.reindex(connection, both, new, also=[("held", "digest")], batch=1)

    assert done == 2
    assert await personal.find(connection, new, "phone", PERSON["phone"]) == [person_id]
    assert await personal.find(connection, new, "name", "李示例") == [other]
    assert await personal.find(connection, old, "phone", PERSON["phone"]) == []
    held = await connection.fetchval("SELECT digest FROM held")
    assert held == new.digest("phone", PERSON["phone"])
