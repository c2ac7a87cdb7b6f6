"""A whole roster at once: judged row by row, safe to repeat, nobody registered twice."""

import pytest

from tests.service.membership.roll import COMMUNITY, OTHER, identity_number, noon, opened
from tests.together import together


@pytest.fixture
async def roll(scene, start):
    return await opened(scene, start)


@pytest.fixture
async def db(database):
    return (await database("membership")).pool


def row(code, branch="ZB-1", **more):
    return {
        "code": code,
        "organisation_code": branch,
        "state": "full",
        "name": "测试甲",
        "occurred_at": noon("2019-01-02"),
    } | more


async def sent(roll, *rows, **more):
    return await roll.send("POST", "/v1/rosters", rows=list(rows), **more)


def rows_of(told, outcome):
    return [each["row"] for each in told[outcome]]


async def counts(db):
    statement = """
    SELECT (SELECT count(*) FROM member), (SELECT count(*) FROM member_history),
           (SELECT count(*) FROM person),
           (SELECT count(*) FROM event_log WHERE type LIKE '%member.registered%')
    """
    return tuple(await db.fetchrow(statement))


async def test_a_roster_is_registered_counted_sealed_and_announced(roll, db):
    answer = await sent(
        roll,
        row("D-1", identity_number=identity_number()),
        row("D-2", "ZB-2", state="probationary", joined_on="2018-12-30"),
        row("D-3", phone="13800001234"),
    )

    assert answer.status_code == 200, answer.text
    assert rows_of(answer.json(), "registered") == [0, 1, 2]
    assert (answer.json()["unchanged"], answer.json()["refused"]) == ([], [])
    assert await counts(db) == (3, 3, 3, 3)
    tallies = await db.fetch(
        "SELECT full_members, probationary FROM organisation_tally JOIN organisation"
        " USING (organisation_id) WHERE code LIKE 'ZB-%' ORDER BY code"
    )
    assert [tuple(each) for each in tallies] == [(2, 0), (0, 1)]
    areas = await db.fetch("SELECT area FROM member ORDER BY code")
    assert [each["area"] for each in areas] == [COMMUNITY, OTHER, COMMUNITY]


async def test_sent_again_under_another_key_it_changes_nothing(roll, db):
    rows = [row("D-1", identity_number=identity_number()), row("D-2")]
    first = await sent(roll, *rows)
    again = await sent(roll, *rows)

    assert again.json() == {
        "registered": [],
        "unchanged": first.json()["registered"],
        "refused": [],
    }
    assert await counts(db) == (2, 2, 2, 2)


async def test_wrong_rows_are_all_named_and_keep_none_of_the_good_ones_out(roll, db):
    known = identity_number()
    await sent(roll, row("D-0", identity_number=known))
    answer = await sent(
        roll,
        row("D-1"),
        row("D-2", "ZB-9"),
        row("D-3", state="bishop"),
        row("D-4", identity_number=known),
        row("D-1", state="probationary"),
        row("D-5", identity_number=known[:-1] + ("0" if known[-1] != "0" else "1")),
        {"code": "D-6"},
        row("D-7", occurred_at=noon("2199-01-01")),
        row("D-0", "ZB-2"),
    )

    told = answer.json()
    assert rows_of(told, "registered") == [0]
    assert [(each["row"], each["code"], each["field"]) for each in told["refused"]] == [
        (1, "organisation-unknown", "organisation_code"),
        (2, "invalid-request", "state"),
        (3, "identity-number-known", "identity_number"),
        (4, "member-code-taken", "code"),
        (5, "identity-number-wrong", "identity_number"),
        (6, "invalid-request", "state"),
        (7, "time-in-future", "occurred_at"),
        (8, "member-code-taken", "code"),
    ]
    assert known not in answer.text
    assert (await counts(db))[0] == 2


async def test_all_or_nothing_registers_nobody_for_one_wrong_row(roll, db):
    answer = await sent(roll, row("D-1"), row("D-2", "ZB-9"), all_or_nothing=True)

    assert (answer.status_code, answer.json()["code"]) == (422, "roster-refused")
    assert [each["row"] for each in answer.json()["refused"]] == [1]
    assert await counts(db) == (0, 0, 0, 0)


async def test_rows_outside_the_granted_area_are_refused_one_by_one(roll, db):
    answer = await sent(roll, row("D-1"), row("D-2", "ZB-2"), granted=OTHER)

    assert rows_of(answer.json(), "registered") == [1]
    assert [each["code"] for each in answer.json()["refused"]] == ["area-out-of-scope"]


async def test_two_offices_that_send_one_roster_at_once_register_each_member_once(roll, db):
    """What one commits first, the other is told to send again, and then finds it there."""
    rows = [row(f"D-{n}", identity_number=identity_number()) for n in range(40)]

    async def office(key):
        while (answer := await sent(roll, *rows, key=key)).status_code == 503:
            pass
        return answer.json()

    told = await together(office(f"office-{n}") for n in range(4))
    assert sum(len(each["registered"]) for each in told) == 40
    assert sum(len(each["unchanged"]) for each in told) == 120
    assert await counts(db) == (40, 40, 40, 40)


async def test_a_thousand_rows_pass_and_more_are_refused(roll, db):
    rows = [row(f"D-{n}", name="测试甲乙丙", phone="13800001234") for n in range(1000)]
    assert len((await sent(roll, *rows)).json()["registered"]) == 1000
    assert (await sent(roll, *rows, row("D-x"))).status_code == 422
    too_large = await sent(roll, row("D-y", name="长" * 800_000))
    assert too_large.status_code == 413


async def test_an_applicant_of_the_roster_has_a_next_step_that_is_due(roll, db):
    await sent(roll, row("D-1", state="applicant", applied_on="2019-01-01"))
    due = await db.fetchval("SELECT joining_due FROM member WHERE code = 'D-1'")
    assert due is not None
    assert await db.fetchval("SELECT step FROM joining_step") == "application"


async def test_rosters_that_mix_many_branches_in_another_order_do_not_wait_for_ever(roll, db):
    """Every command locks all the counters it touches: in one order, whatever the rows' order."""
    for number in range(3, 43):
        await roll.organise(f"ZB-{number}", COMMUNITY, "branch", roll.committee)
    branches = [f"ZB-{number}" for number in range(1, 43)]

    async def office(place):
        order = branches if place % 2 else branches[::-1]
        rows = [row(f"D-{place}-{code}", code) for code in order]
        return await sent(roll, *rows)

    answers = await together(office(place) for place in range(8))
    assert {answer.status_code for answer in answers} == {200}
    tallies = await db.fetch("SELECT full_members FROM organisation_tally ORDER BY 1")
    assert [each["full_members"] for each in tallies] == [8] * 42
