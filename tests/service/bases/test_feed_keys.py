"""Addresses that open a calendar without a token: told once, kept as a digest, bounded, revoked."""

from datetime import timedelta

import pytest

from services.bases.domain.feeds.terms import FeedTerms
from services.chassis.ids import new_id
from tests.calendars import events
from tests.clock import office_clock
from tests.service.bases.test_feeds import ELSEWHERE, uid
from tests.service.office import COMMUNITY, open_office
from tests.together import together

TERMS = FeedTerms()


@pytest.fixture
async def bases(database):
    return await database("bases")


async def opened(office, *, role: str = "viewer", scope: str = "base", **more: str):
    what = {"scope": scope, "id": more.pop("id", office.base_id)}
    return await office.post("/v1/feeds", what, role=role, **{"area": COMMUNITY} | more)


async def fetched(office, url: str):
    """As a calendar client does: nothing but the address."""
    return await office.bases.get(url)


async def listed(office, query: str = "", **who: str) -> list[dict]:
    headers = office.scene.headers(**{"role": "viewer", "area": COMMUNITY} | who)
    answer = await office.bases.get(f"/v1/feeds{query}", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_the_address_alone_opens_the_calendar(office):
    booking = await office.book()
    answer = await opened(office)
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    feed = await fetched(office, answer.json()["url"])
    assert feed.status_code == 200
    assert feed.headers["cache-control"] == "private, no-cache"
    assert set(events(feed.content)) == {uid(booking["booking_id"])}
    same = {"If-None-Match": feed.headers["etag"]}
    assert (await office.bases.get(answer.json()["url"], headers=same)).status_code == 304


async def test_the_secret_is_told_once_and_kept_nowhere(office, bases):
    headers = office.scene.headers("viewer", COMMUNITY)
    what = {"scope": "base", "id": office.base_id}
    first = await office.bases.post("/v1/feeds", json=what, headers=headers)
    again = await office.bases.post("/v1/feeds", json=what, headers=headers)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.json() == first.json() | {"url": None}
    secret = first.json()["url"].rpartition("/")[2].removesuffix(".ics")
    assert len(secret) * 6 >= 256
    tables = await bases.pool.fetch(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
    )
    for (table,) in tables:
        rows = await bases.pool.fetch(f'SELECT t::text FROM "{table}" t')
        assert not [row for (row,) in rows if secret in row or secret.encode().hex() in row]
    assert "url" not in (await listed(office))[0]


async def test_a_revoked_address_is_gone_and_stays_so(office):
    answer = (await opened(office)).json()
    path = f"/v1/feeds/{answer['feed_id']}/revoke"
    revoked = await office.post(path, {}, role="viewer", area=COMMUNITY)
    once_more = await office.post(path, {}, role="viewer", area=COMMUNITY)
    assert revoked.json()["revoked_by"] == "test-viewer"
    assert once_more.json() == revoked.json()
    gone = await fetched(office, answer["url"])
    assert (gone.status_code, gone.json()["code"]) == (410, "feed-ended")
    assert [each["feed_id"] for each in await listed(office)] == [answer["feed_id"]]
    assert await listed(office, "?valid=true") == []


async def test_an_address_nobody_made_is_not_found(office):
    for secret in ("x" * 43, "x" * 22):
        answer = await fetched(office, f"/feeds/{secret}.ics")
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert (await fetched(office, "/feeds/short.ics")).status_code == 422


async def test_an_address_lasts_a_year_because_nobody_tells_us_who_left(scene, start):
    since = office_clock()
    passed = timedelta()
    office = await open_office(scene, start, clock=lambda: since + passed)
    url = (await opened(office)).json()["url"]
    passed = timedelta(days=TERMS.lasts_days) - timedelta(seconds=1)
    assert (await fetched(office, url)).status_code == 200
    passed = timedelta(days=TERMS.lasts_days)
    assert (await fetched(office, url)).status_code == 410


async def test_who_comes_too_often_is_told_when_to_come_again(scene, start):
    since = office_clock()
    passed = timedelta()
    office = await open_office(scene, start, clock=lambda: since + passed)
    url = (await opened(office)).json()["url"]
    passed = timedelta(minutes=20)
    statuses = [(await fetched(office, url)).status_code for _ in range(TERMS.fetches_an_hour)]
    assert set(statuses) == {200}
    refused = await fetched(office, url)
    assert (refused.status_code, refused.json()["code"]) == (429, "fetched-too-often")
    assert refused.headers["retry-after"] == str(40 * 60)
    passed = timedelta(hours=1)
    assert (await fetched(office, url)).status_code == 200
    assert (await listed(office))[0]["last_fetched_at"] is not None


async def test_forty_fetches_at_once_are_counted_one_by_one(office, bases):
    url = (await opened(office)).json()["url"]
    await bases.pool.execute("UPDATE feed SET fetched = $1", TERMS.fetches_an_hour - 5)
    answers = await together(fetched(office, url) for _ in range(40))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [429] * 35


async def test_forty_openings_at_once_leave_one_with_as_many_as_one_may_have(office):
    answers = await together(opened(office) for _ in range(40))
    made = [answer for answer in answers if answer.status_code == 201]
    refused = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert len(made) == TERMS.keys_each
    assert refused == {"too-many-feeds"}
    path = f"/v1/feeds/{made[0].json()['feed_id']}/revoke"
    await office.post(path, {}, role="viewer", area=COMMUNITY)
    assert (await opened(office)).status_code == 201


async def test_a_feed_never_shows_more_than_its_maker_could_read(office, bases):
    refused = await opened(office, area=ELSEWHERE)
    assert (refused.status_code, refused.json()["code"]) == (403, "area-out-of-scope")
    url = (await opened(office)).json()["url"]
    await bases.pool.execute("UPDATE base SET area = $1", ELSEWHERE)
    gone = await fetched(office, url)
    assert (gone.status_code, gone.json()["code"]) == (410, "feed-ended")


@pytest.mark.parametrize("scope", ["base", "venue", "organisation", "lecturer"])
async def test_a_key_to_nothing_is_not_made(office, scope):
    answer = await opened(office, scope=scope, id=str(new_id()))
    assert (answer.status_code, answer.json()["code"]) == (422, "reference-unknown")
    assert answer.json()["field"] == "id"


async def test_its_maker_or_a_manager_of_its_bases_revokes_a_key(office):
    first, second = [(await opened(office)).json()["feed_id"] for _ in range(2)]
    path = f"/v1/feeds/{first}/revoke"
    for who in ({"role": "base-clerk"}, {"role": "base-manager", "area": ELSEWHERE}):
        refused = await office.post(path, {}, **{"area": COMMUNITY} | who)
        assert refused.status_code == 403
    allowed = await office.post(path, {}, role="base-manager", area=COMMUNITY)
    assert allowed.json()["revoked_by"] == "test-base-manager"
    assert (await office.post(f"/v1/feeds/{new_id()}/revoke", {})).status_code == 404
    assert [each["feed_id"] for each in await listed(office, "?valid=true")] == [second]


async def test_keys_are_listed_by_what_they_open_and_by_whom(office):
    one = (await opened(office)).json()["feed_id"]
    other = (await opened(office, role="base-clerk", scope="venue", id=office.hall)).json()
    assert [each["feed_id"] for each in await listed(office)] == [one, other["feed_id"]]
    assert [each["feed_id"] for each in await listed(office, "?mine=true")] == [one]
    assert [each["feed_id"] for each in await listed(office, "?scope=base")] == [one]
    by_subject = await listed(office, f"?subject_id={office.hall}")
    assert [each["feed_id"] for each in by_subject] == [other["feed_id"]]
    assert await listed(office, area=ELSEWHERE) == []
    turned = await listed(office, "?limit=1")
    assert [each["feed_id"] for each in turned] == [one]
    file = await office.bases.get(
        "/v1/feeds/export", headers=office.scene.headers("viewer", COMMUNITY)
    )
    assert "开通账号" in file.text
