"""One rating a completed booking, changed as long as the rule allows."""

from datetime import timedelta

import pytest

from tests.clock import office_clock
from tests.service.office import open_office


class Hands:
    ahead = timedelta()

    def __call__(self):
        return office_clock() + self.ahead


@pytest.fixture
def hands():
    return Hands()


@pytest.fixture
async def office(scene, start, hands):
    return await open_office(scene, start, clock=hands)


async def visited(office, hours_ago=3, **given):
    hour = office_clock().replace(minute=0, second=0, microsecond=0)
    booking = await office.book(
        starts_at=(hour - timedelta(hours=hours_ago)).isoformat(),
        ends_at=(hour - timedelta(hours=hours_ago, minutes=-45)).isoformat(),
        occurred_at=(hour - timedelta(days=1)).isoformat(),
        **given,
    )
    await office.step(booking, "confirm")
    await office.step(booking, "check-in", headcount=18)
    return await office.step(booking, "complete")


def path(booking):
    return f"/v1/bookings/{booking['booking_id']}/feedback"


async def changed(office, booking, version=1, **said):
    return await office.bases.put(
        path(booking),
        json=said,
        headers=office.scene.headers(**{"If-Match": f'"{version}"'}),
    )


async def test_a_completed_booking_is_rated_once_and_its_words_stay_here(office, database):
    booking = await visited(office)
    said = {"score": 4, "aspects": {"venue": 5, "guiding": 3}, "comment": "测试意见"}

    given = await office.post(path(booking), said)
    again = await office.post(path(booking), said)

    assert given.status_code == 201, given.text
    assert (given.json()["score"], given.json()["verdict"]) == (4, "satisfied")
    assert (again.status_code, again.json()["code"]) == (409, "feedback-given")
    listed = await office.bases.get("/v1/feedback", headers=office.scene.headers())
    (item,) = listed.json()["items"]
    assert (item["comment"], item["venue_score"], item["service_score"]) == ("测试意见", 5, None)
    pool = (await database("bases")).pool
    kept = await pool.fetchval(
        "SELECT (SELECT string_agg(body, '') FROM event_log)"
        " || (SELECT string_agg(coalesce(body, ''), '') FROM idempotency)"
    )
    assert "测试意见" not in kept


async def test_only_a_completed_visit_is_rated(office):
    answer = await office.post(path(await office.book()), {"score": 5})

    assert (answer.status_code, answer.json()["code"]) == (409, "visit-not-completed")


@pytest.mark.parametrize("score", [0, 6, 3.5])
async def test_scores_are_whole_from_one_to_five(office, score):
    answer = await office.post(path(await visited(office)), {"score": score})

    assert answer.status_code == 422


@pytest.mark.parametrize(("days", "status"), [(7, 200), (8, 409)])
async def test_a_rating_is_changed_within_the_days_of_the_rule(office, hands, days, status):
    booking = await visited(office)
    await office.post(path(booking), {"score": 2})

    hands.ahead = timedelta(days=days)
    answer = await changed(office, booking, score=5)

    assert answer.status_code == status, answer.text
    if status == 200:
        assert (answer.json()["score"], answer.json()["version"]) == (5, 2)


async def test_a_base_is_told_its_average_and_how_many_were_satisfied(office):
    for hours_ago, score in ((3, 5), (5, 4), (7, 2)):
        booking = await visited(office, hours_ago)
        await office.post(path(booking), {"score": score, "aspects": {"venue": score}})
    headers = office.scene.headers()

    answer = await office.bases.get("/v1/feedback/by-base", headers=headers)
    file = await office.bases.get("/v1/feedback/by-base/export", headers=headers)

    (base,) = answer.json()
    assert (base["count"], base["average"], base["satisfied"]) == (3, 3.67, 2)
    assert (base["satisfied_percent"], base["venue"], base["service"]) == (66.7, 3.67, None)
    assert "测试基地" in file.text


async def test_an_organisation_rates_its_own_visit_only(office):
    booking = await visited(office)
    headers = [
        office.scene.headers("community-worker", area) for area in ("410305002001", "410305001001")
    ]

    answers = [
        await office.bases.post(path(booking), json={"score": 5}, headers=each) for each in headers
    ]

    assert [answer.status_code for answer in answers] == [403, 201]
    assert answers[1].json()["on_behalf"] is False
