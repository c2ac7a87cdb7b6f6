"""One claimant a wish, five helpers a household, however many ask at once.

The races: look, then insert; count, then add (`tests/service/test_races.py`).
"""

import asyncpg
import pytest

from services.chassis.ids import new_id
from tests.service.membership.volunteering_help import Service, serving
from tests.together import outcomes, together

CLIENTS = 40
ROUNDS = 6


@pytest.fixture
async def service(scene, start) -> Service:
    return await serving(scene, start)


async def test_of_forty_who_claim_a_wish_exactly_one_gets_it(service):
    wish = await service.wish()
    members = await service.members(CLIENTS)
    answers = await together(
        service.post(f"/v1/wishes/{wish['wish_id']}/claim", member_id=m) for m in members
    )

    assert outcomes(answers) == {(200, None): 1, (409, "wish-taken"): CLIENTS - 1}
    assert await service.pool.fetchval("SELECT count(*) FROM wish_claim") == 1


async def test_of_forty_who_help_a_household_exactly_five_are_paired(service):
    opened = await service.opened()
    members = await service.members(CLIENTS)
    answers = await together(
        service.post(f"/v1/help-files/{opened['file_id']}/helpers", member_id=member)
        for member in members
    )

    assert outcomes(answers) == {(201, None): 5, (409, "helpers-complete"): CLIENTS - 5}
    places = await service.pool.fetch("SELECT place FROM help_pair ORDER BY place")
    assert [row["place"] for row in places] == [1, 2, 3, 4, 5]
    assert await service.pool.fetchval("SELECT helpers FROM help_file") == 5


async def test_two_clients_who_want_the_fifth_place_do_not_both_get_it(service):
    for _ in range(ROUNDS):
        opened = await service.opened()
        path = f"/v1/help-files/{opened['file_id']}/helpers"
        *four, fifth, sixth = await service.members(6)
        for member in four:
            await service.done(path, 201, member_id=member)
        answers = await together(service.post(path, member_id=m) for m in (fifth, sixth))

        assert sorted(answer.status_code for answer in answers) == [201, 409]


async def test_one_helper_wanted_by_many_households_is_never_overloaded(service):
    files = [await service.opened() for _ in range(8)]
    member = await service.member()
    answers = await together(
        service.post(f"/v1/help-files/{file['file_id']}/helpers", member_id=member)
        for file in files
    )

    assert outcomes(answers) == {(201, None): 3, (409, "helper-fully-loaded"): 5}


# One wall at a time


async def test_without_the_indexes_the_lock_and_the_count_still_hold(service):
    for index in ("one_helper_a_place", "paired_once", "one_household_a_place"):
        await service.pool.execute(f"DROP INDEX {index}")
    opened = await service.opened()
    members = await service.members(12)
    answers = await together(
        service.post(f"/v1/help-files/{opened['file_id']}/helpers", member_id=member)
        for member in members
    )

    assert sum(answer.status_code == 201 for answer in answers) == 5


async def test_without_any_look_the_database_takes_no_place_and_no_wish_twice(service):
    opened, wish = await service.opened(), await service.wish()
    pair = (
        "INSERT INTO help_pair (pair_id, file_id, holder_id, holder_kind, mode, place, load_place,"
        " paired_on) VALUES ($1, $2, $3, 'member', 'five-to-one', 1, 1, '2019-06-03')"
    )
    claim = (
        "INSERT INTO wish_claim (claim_id, wish_id, holder_id, holder_kind, claimed_at)"
        " VALUES ($1, $2, $3, 'member', now())"
    )
    for statement, thing, index in (
        (pair, opened["file_id"], "one_helper_a_place"),
        (claim, wish["wish_id"], "claimed_by_one"),
    ):
        await service.pool.execute(statement, new_id(), thing, new_id())
        with pytest.raises(asyncpg.UniqueViolationError, match=index):
            await service.pool.execute(statement, new_id(), thing, new_id())
