"""Sign-ups over HTTP: seats, who may, until when."""

from typing import Any

import pytest

from tests.clock import office_clock, tomorrow
from tests.service.bases.schooling import School, got, patched, said, told
from tests.service.office import COMMUNITY, Office


@pytest.fixture
async def school(office: Office) -> School:
    made_school = School(office)
    await made_school.open()
    return made_school


async def test_a_cancelled_session_withdraws_its_sign_ups(school, office, database):
    session = await school.announce()
    sign_up = (await school.sign_up(session)).json()

    cancelled = await office.post(f"/v1/sessions/{session['session_id']}/cancel", {})

    assert (cancelled.json()["status"], cancelled.json()["taken"]) == ("cancelled", 0)
    assert await told(database, sign_up["sign_up_id"]) == ["sign-up.accepted", "sign-up.withdrawn"]
    assert said(await school.sign_up(session)) == (409, "session-over")


# Signing up


async def test_a_full_session_answers_with_the_seats_left_and_where_there_is_room(school):
    session = await school.announce()
    await school.announce(starts_at=tomorrow(9, days=2), ends_at=tomorrow(10, days=2), seats=3)
    roomy = await school.announce(starts_at=tomorrow(9, days=3), ends_at=tomorrow(10, days=3))
    await school.sign_up(session, headcount=8)

    full = await school.sign_up(session)
    last = await school.sign_up(session, headcount=2)

    assert said(full) == (409, "session-full")
    assert full.json()["free"] == 2
    assert [each["session_id"] for each in full.json()["following"]] == [roomy["session_id"]]
    assert last.status_code == 201


async def test_a_sign_up_is_resized_and_withdrawn_within_the_seats(school, office, database):
    session = await school.announce()
    await school.sign_up(session, headcount=3)
    mine = (await school.sign_up(session)).json()
    path = f"/v1/sign-ups/{mine['sign_up_id']}"

    too_many = await patched(office, path, 1, headcount=8)
    more = await patched(office, path, 1, headcount=7)
    assert (await school.session(session))["taken"] == 10
    fewer = await patched(office, path, 2, headcount=1)
    assert (await school.session(session))["taken"] == 4
    gone = await office.post(f"{path}/withdraw", {})
    twice = await office.post(f"{path}/withdraw", {})

    assert (said(too_many), too_many.json()["free"]) == ((409, "session-full"), 3)
    assert (more.status_code, fewer.status_code, gone.json()["status"]) == (200, 200, "withdrawn")
    assert said(twice) == (409, "sign-up-withdrawn")
    assert (await school.session(session))["taken"] == 3
    assert await told(database, mine["sign_up_id"]) == [
        "sign-up.accepted",
        "sign-up.changed",
        "sign-up.changed",
        "sign-up.withdrawn",
    ]


async def test_an_organisation_signs_up_once_and_again_after_it_withdrew(school, office):
    session = await school.announce()
    ours = {"organisation_id": office.organisation_id}
    first = await school.sign_up(session, **ours)

    assert said(await school.sign_up(session, **ours)) == (409, "signed-up-already")
    assert (await school.session(session))["taken"] == 4
    await office.post(f"/v1/sign-ups/{first.json()['sign_up_id']}/withdraw", {})
    assert (await school.sign_up(session, **ours)).status_code == 201


async def test_signing_up_closes_when_it_was_said_to(school):
    session = await school.announce(closes_at=office_clock().isoformat())

    assert said(await school.sign_up(session)) == (409, "sign-up-closed")


async def test_an_organisation_signs_itself_up_and_nobody_else(school, office):
    session = await school.announce()
    path = f"/v1/sessions/{session['session_id']}/sign-ups"

    async def ask(area: str, **given: Any) -> tuple[int, str | None]:
        body = {"headcount": 2, "channel": "web", "organisation_id": office.organisation_id}
        headers = office.scene.headers("community-worker", area)
        return said(await office.bases.post(path, json=body | given, headers=headers))

    assert await ask("410305001002") == (403, "area-out-of-scope")
    assert await ask(COMMUNITY, organisation_id=None) == (403, "forbidden")
    assert await ask(COMMUNITY, channel="phone") == (422, "channel-needs-staff")
    assert await ask(COMMUNITY) == (201, None)
    (mine,) = (await got(office, "/v1/sign-ups"))["items"]
    headers = office.scene.headers("community-worker", COMMUNITY)
    attend = await office.bases.post(
        f"/v1/sign-ups/{mine['sign_up_id']}/attend", json={"headcount": 1}, headers=headers
    )
    gone = await office.bases.post(
        f"/v1/sign-ups/{mine['sign_up_id']}/withdraw", json={}, headers=headers
    )
    assert said(attend) == (403, "forbidden")
    assert gone.status_code == 200
