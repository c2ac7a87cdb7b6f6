"""Nobody takes a place that is gone: the race is shown first, then shown gone, wall by wall."""

import asyncio
from collections import Counter
from uuid import UUID

import httpx
import pytest

from services.chassis.event_log import Cause
from services.chassis.ids import new_id
from services.chassis.unit_of_work import unit_of_work
from services.membership.domain.working import posts as rules
from services.membership.handlers.working import posts as handlers
from services.membership.tables.working import posts as tables
from services.membership.tables.working.rows import PostRow
from tests.service.membership.working import Community, open_community
from tests.together import outcomes, together

CLIENTS, PLACES = 40, 10


@pytest.fixture
async def community(scene, start) -> Community:
    return await open_community(scene, start)


@pytest.fixture
async def crowd(community) -> list[dict]:
    return [await community.register() for _ in range(CLIENTS)]


async def counters_agree(community: Community) -> bool:
    """Places taken and claims counted are those that are held."""
    return await community.value(
        "SELECT NOT EXISTS (SELECT 1 FROM service_post p WHERE taken <> (SELECT count(*)"
        " FROM post_claim c WHERE c.post_id = p.post_id AND c.state = 'held'))"
        " AND NOT EXISTS (SELECT 1 FROM registrant r WHERE claims <> (SELECT count(*)"
        " FROM post_claim c WHERE c.registrant_id = r.registrant_id AND c.state = 'held'))"
    )


async def all_claim(community: Community, post: dict, crowd: list[dict]) -> list[httpx.Response]:
    return await together(community.claim(post, who) for who in crowd)


async def nobody_waits(*_: object) -> None:
    """In place of turns."""


# The race itself, with every guard off


async def test_our_own_claiming_oversells_when_every_wall_is_taken_away(
    community, crowd, monkeypatch
):
    await community.value("ALTER TABLE service_post DROP CONSTRAINT no_more_than_places")
    monkeypatch.setattr(tables, "take_turns", nobody_waits)
    unguarded = tables.TAKE_PLACE.replace("AND taken < places ", "")
    monkeypatch.setattr(tables, "TAKE_PLACE", unguarded)
    post = await community.open(places=PLACES)

    answers = await all_claim(community, post, crowd)

    won = outcomes(answers)[201, None]
    assert won > PLACES, "the race this file is about did not happen: the test proves nothing"


# One wall at a time


async def test_without_the_turns_the_guarded_counter_still_holds(community, crowd, monkeypatch):
    monkeypatch.setattr(tables, "take_turns", nobody_waits)
    post = await community.open(places=PLACES)

    answers = await all_claim(community, post, crowd)

    assert outcomes(answers) == {(201, None): PLACES, (409, "post-full"): CLIENTS - PLACES}
    assert await counters_agree(community)


async def test_without_the_guard_the_turns_still_hold(community, crowd, monkeypatch):
    unguarded = tables.TAKE_PLACE.replace("AND taken < places ", "")
    monkeypatch.setattr(tables, "TAKE_PLACE", unguarded)
    post = await community.open(places=PLACES)

    answers = await all_claim(community, post, crowd)

    assert outcomes(answers) == {(201, None): PLACES, (409, "post-full"): CLIENTS - PLACES}


# All walls


async def test_forty_clients_over_http_win_exactly_the_places_there_are(community, crowd):
    post = await community.open(places=PLACES)
    other = await community.open(places=5, title="备选岗")

    answers = await all_claim(community, post, crowd)

    assert outcomes(answers) == {(201, None): PLACES, (409, "post-full"): CLIENTS - PLACES}
    refused = [a.json() for a in answers if a.status_code == 409]
    assert {tuple(p["code"] for p in a["free_posts"]) for a in refused} == {(other["code"],)}
    assert await counters_agree(community)


async def test_forty_transactions_without_http_win_exactly_the_places_there_are(community, crowd):
    post = await community.open(places=PLACES)
    context = community.client.app.state.context

    async def claim(who: dict) -> str:
        try:
            async with unit_of_work(
                context.database.sessions, Cause("test"), context.clock(), lambda: None
            ) as uow:
                claim_id = new_id()
                row = await uow.session.get(PostRow, UUID(post["post_id"]))
                await handlers.claim(
                    row,
                    UUID(who["registrant_id"]),
                    claim_id,
                    f"RL-{claim_id.hex}",
                    uow,
                    uow.now,
                )
        except rules.PostFull:
            return "full"
        return "won"

    said = Counter(await together(claim(who) for who in crowd))

    assert said == {"won": PLACES, "full": CLIENTS - PLACES}
    assert await counters_agree(community)


async def test_one_member_asking_for_forty_posts_at_once_gets_three(community):
    who = await community.register()
    posts = [await community.open() for _ in range(CLIENTS)]

    answers = await together(community.claim(post, who) for post in posts)

    assert outcomes(answers) == {(201, None): 3, (409, "too-many-claims"): CLIENTS - 3}
    assert await counters_agree(community)


async def test_one_member_asking_forty_times_for_one_post_gets_it_once(community):
    who, post = await community.register(), await community.open()

    answers = await together(community.claim(post, who) for _ in range(CLIENTS))

    assert outcomes(answers) == {(201, None): 1, (409, "already-claimed"): CLIENTS - 1}


async def test_claims_withdrawals_leaving_and_closing_at_once_keep_the_counters(community, crowd):
    posts = [await community.open(places=6) for _ in range(3)]

    async def come_and_go(place: int, who: dict) -> list[int]:
        said = []
        for post in posts[place % 3 :] + posts[: place % 3]:
            answer = await community.claim(post, who)
            said.append(answer.status_code)
            if answer.status_code == 201 and place % 2:
                path = f"/v1/claims/{answer.json()['claim_id']}/release"
                said.append((await community.post(path, {"how": "withdrawn"})).status_code)
        if place % 5 == 0:
            path = f"/v1/registrants/{who['registrant_id']}/leave"
            said.append((await community.post(path, {})).status_code)
        return said

    async def close() -> list[int]:
        return [(await community.post(f"/v1/posts/{posts[0]['post_id']}/close", {})).status_code]

    said = await asyncio.gather(
        *(come_and_go(place, who) for place, who in enumerate(crowd[:24])), close()
    )

    assert {status for each in said for status in each} <= {200, 201, 409}
    assert await counters_agree(community)
