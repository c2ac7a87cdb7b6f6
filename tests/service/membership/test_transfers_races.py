"""Never in two branches, never in none: each race is shown first, then shown gone."""

import asyncio

import httpx
import pytest

from services.membership.handlers.transfers.clock import EXPIRE
from services.membership.tables import members
from services.membership.tables import transfers as tables
from tests.service.membership.branches import Town, open_town
from tests.together import outcomes, together

CLIENTS = 12
OPEN = "SELECT count(*) FROM transfer WHERE member_id = $1 AND state = 'sent'"


@pytest.fixture
async def town(scene, start) -> Town:
    return await open_town(scene, start)


async def sent_at_once(town: Town, member: str) -> list[httpx.Response]:
    body = {"member_id": member, "cause": "work"}
    return await together(
        town.post("/v1/transfers", body | {"to_id": to})
        for to in (town.second, town.far) * (CLIENTS // 2)
    )


async def meet(monkeypatch) -> None:
    """Both have looked for an open transfer before either goes on."""
    looking = tables.open_transfer_of
    barrier = asyncio.Barrier(2)

    async def looked(session, member_id):
        found = await looking(session, member_id)
        await barrier.wait()
        return found

    monkeypatch.setattr(tables, "open_transfer_of", looked)


async def two_at_once(town: Town, member: str) -> list[httpx.Response]:
    body = {"member_id": member, "cause": "work"}
    return await together(
        town.post("/v1/transfers", body | {"to_id": to}) for to in (town.second, town.far)
    )


async def unlock(monkeypatch) -> None:
    locking = members.member

    async def unlocked(session, member_id, *, lock=False):
        return await locking(session, member_id)

    monkeypatch.setattr(members, "member", unlocked)


async def test_without_lock_and_index_a_member_is_sent_to_two_branches(town, monkeypatch):
    member = await town.member()
    await town.pool.execute("DROP INDEX transfer_open")
    await unlock(monkeypatch)
    await meet(monkeypatch)

    answers = await two_at_once(town, member)

    assert outcomes(answers) == {(201, None): 2}
    assert await town.pool.fetchval(OPEN, member) == 2


async def test_the_index_alone_lets_one_through(town, monkeypatch):
    member = await town.member()
    await unlock(monkeypatch)
    await meet(monkeypatch)

    answers = await two_at_once(town, member)

    assert outcomes(answers) == {(201, None): 1, (409, "transfer-open"): 1}
    assert await town.pool.fetchval(OPEN, member) == 1


async def test_the_lock_alone_lets_one_through(town):
    member = await town.member()
    await town.pool.execute("DROP INDEX transfer_open")

    answers = await sent_at_once(town, member)

    assert outcomes(answers) == {(201, None): 1, (409, "transfer-open"): CLIENTS - 1}


async def test_of_many_letters_for_one_member_one_is_issued_and_no_number_is_lost(town):
    for _ in range(3):
        answers = await sent_at_once(town, await town.member())
        assert outcomes(answers) == {(201, None): 1, (409, "transfer-open"): CLIENTS - 1}

    letters = await numbers(town)
    assert letters == [1, 2, 3]


async def numbers(town: Town) -> list[int]:
    rows = await town.pool.fetch(
        "SELECT letter_number FROM transfer WHERE issuer_id = $1 ORDER BY letter_number",
        town.committee,
    )
    return [row["letter_number"] for row in rows]


async def test_letters_of_many_clerks_at_once_are_numbered_without_gap_or_repetition(town):
    """Every other one is refused after its number was drawn: it gives the number back."""
    everybody = [await town.member() for _ in range(16)]
    bodies = [
        {"member_id": one, "to_id": town.far if place % 2 else None, "cause": "work"}
        for place, one in enumerate(everybody)
    ]

    answers = await together(town.post("/v1/transfers", body) for body in bodies)

    assert outcomes(answers) == {(201, None): 8, (422, "counterpart-missing"): 8}
    assert await numbers(town) == list(range(1, 9))


async def receive(town: Town, transfer: dict) -> httpx.Response:
    return await town.step(transfer, "receive")


async def test_of_two_receivers_at_once_one_receives(town):
    for _ in range(3):
        member = await town.member()
        sent = await town.send(member, town.far)

        answers = await together(receive(town, sent) for _ in range(4))

        assert outcomes(answers) == {(200, None): 1, (409, "transfer-closed"): 3}
        assert await town.events(member) == ["registered", "moved"]
        assert await town.events(sent["transfer_id"]) == ["issued", "received"]


async def test_received_and_cancelled_at_once_it_is_one_of_both(town):
    for _ in range(6):
        member = await town.member()
        sent = await town.send(member, town.far)

        received, cancelled = await asyncio.gather(receive(town, sent), town.step(sent, "cancel"))

        assert sorted([received.status_code, cancelled.status_code]) == [200, 409]
        at = town.far if received.status_code == 200 else town.first
        assert await town.branch_of(member) == at
        assert len(await town.events(sent["transfer_id"])) == 2


async def test_received_and_lapsed_at_once_it_is_one_of_both(town):
    """The receiver's day began before midnight, the clock's after it."""
    for place in range(6):
        member = await town.member()
        sent = await town.send(member, town.far, validity_days=1)
        last_day = town.now
        town.pass_days(2)
        late = {"occurred_at": last_day.isoformat()}

        received, expired = await asyncio.gather(
            town.step(sent, "receive", **late), town.sweep(EXPIRE)
        )

        ended = await town.events(sent["transfer_id"])
        assert (received.status_code, expired) in {(200, 0), (409, 1)}, place
        assert ended == ["issued", "received" if received.status_code == 200 else "expired"]
        assert await town.branch_of(member) == (
            town.far if received.status_code == 200 else town.first
        )


async def test_a_merger_takes_over_what_is_under_way(town):
    going, coming, between = (
        await town.member(),
        await town.member(town.far),
        await town.member(),
    )
    out = await town.send(going, town.far)
    into = await town.send(coming, town.first)
    inner = await town.send(between, town.second)
    seen = await town.seen(f"/v1/organisations/{town.first}")

    merged = await town.client.post(
        f"/v1/organisations/{town.first}/merge",
        json={"into_id": town.second},
        headers=town.headers(**{"If-Match": f'"{seen["version"]}"'}),
    )

    assert merged.status_code == 200, merged.text
    assert await town.branch_of(going) == town.second
    assert (await receive(town, out)).status_code == 200
    assert (await receive(town, into)).status_code == 200
    assert await town.branch_of(going) == town.far
    assert await town.branch_of(coming) == town.second
    assert await town.branch_of(between) == town.second
    assert await town.events(out["transfer_id"]) == ["issued", "redirected", "received"]
    assert await town.events(inner["transfer_id"]) == ["issued", "cancelled"]
