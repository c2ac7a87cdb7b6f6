"""Posts and claims: bounds of the day, places, who fits, and what a refusal offers instead."""

from datetime import UTC, datetime

import pytest

from services.chassis import sweeps
from services.chassis.personal import masked
from services.membership.handlers.working.watch import SWEEPS
from tests.service.membership.working import (
    COMMUNITY,
    GRID,
    NEXT,
    STREET,
    Community,
    open_community,
)

JUNE = datetime(2019, 6, 8, 1, 0, tzinfo=UTC)
CLAIMS_SWEEP, FEEDBACK_SWEEP = SWEEPS


class Watch:
    """A clock that a test moves."""

    now = JUNE

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
async def community(scene, start, watch) -> Community:
    made = await open_community(scene, start)
    made.client.app.state.context.clock = watch
    return made


def stated(version: str, since: str, parameters: str) -> str:
    return (
        "INSERT INTO rule (code, version, effective_from, severity, source, parameters)"
        f" VALUES ('working.claims', '{version}', '{since}', 'warn', '街道规定', '{parameters}')"
    )


async def test_a_post_is_opened_changed_and_closed(community):
    post = await community.open(places=2, grid=GRID, skills=["nursing"], ends_on="2019-12-31")
    path = f"/v1/posts/{post['post_id']}"
    who = await community.register()
    await community.claimed(post, who)

    fewer = await community.patch(path, post, {"places": 1, "title": "陪护岗", "ends_on": None})
    none = await community.patch(path, fewer.json(), {"places": 0})
    closed = await community.done(f"{path}/close", {}, 200)
    after = await community.claim(post, await community.register())
    again = await community.post(f"{path}/close", {})

    assert (post["area"], post["free"]) == (GRID, 2)
    assert (fewer.json()["free"], fewer.json()["ends_on"]) == (0, None)
    assert none.status_code == 422
    assert (closed["closed_on"], closed["taken"]) == ("2019-06-08", 0)
    assert (after.json()["code"], again.json()["code"]) == ("post-closed", "post-closed")
    claims = (await community.get("/v1/claims", post_id=post["post_id"])).json()["items"]
    assert [(c["state"], c["how"]) for c in claims] == [("ended", "post-closed")]
    held = (await community.get(f"/v1/registrants/{who['registrant_id']}")).json()["claims"]
    assert held == 0


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"kind": "sorcery"}, "unknown-kind"),
        ({"community": STREET}, "not-a-community"),
        ({"ends_on": "2018-12-31"}, "period-impossible"),
        ({"skills": ["magic"]}, "unknown-kind"),
    ],
)
async def test_a_post_that_cannot_be_is_refused(community, given, code):
    body = {
        "code": "GW-900",
        "title": "岗位",
        "kind": "elderly-care",
        "community": COMMUNITY,
        "places": 3,
        "starts_on": "2019-01-01",
    }
    answer = await community.post("/v1/posts", body | given)

    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_places_cannot_sink_below_what_is_taken(community):
    post = await community.open(places=2)
    for _ in range(2):
        await community.claimed(post, await community.register())

    answer = await community.patch(f"/v1/posts/{post['post_id']}", post, {"places": 1})

    assert (answer.status_code, answer.json()["code"]) == (409, "places-taken")
    assert answer.json()["least"] == 2


async def test_the_third_claim_is_allowed_and_the_fourth_is_not(community):
    who = await community.register()
    posts = [await community.open() for _ in range(4)]
    for post in posts[:3]:
        await community.claimed(post, who)

    fourth = await community.claim(posts[3], who)

    assert (fourth.status_code, fourth.json()["code"], fourth.json()["most"]) == (
        409,
        "too-many-claims",
        3,
    )
    assert [p["code"] for p in fourth.json()["free_posts"]] == [posts[3]["code"]]


async def test_a_full_post_names_those_that_are_free(community):
    full, free = await community.open(places=1), await community.open(places=2, title="义诊岗")
    await community.open(community=NEXT)
    await community.open(ends_on="2019-06-07")
    await community.claimed(full, await community.register())

    late = await community.register()
    refused = await community.post(
        f"/v1/posts/{full['post_id']}/claims",
        {"registrant_id": late["registrant_id"]},
        **{"Accept-Language": "zh"},
    )

    assert (refused.status_code, refused.json()["code"]) == (409, "post-full")
    offered = refused.json()["free_posts"]
    assert [(p["post_id"], p["free"]) for p in offered] == [(free["post_id"], 2)]
    assert "义诊岗（余 2）" in refused.json()["detail"]


async def test_claims_that_make_no_sense_are_refused(community):
    post = await community.open()
    over = await community.open(ends_on="2019-06-07")
    last_day = await community.open(ends_on="2019-06-08")
    elsewhere = await community.register(community=NEXT)
    gone, here = await community.register(), await community.register()
    await community.done(f"/v1/registrants/{gone['registrant_id']}/leave", {}, 200)
    await community.claimed(post, here)

    answers = [
        await community.claim(post, elsewhere),
        await community.claim(post, gone),
        await community.claim(post, here),
        await community.claim(over, here),
        await community.claim(last_day, here),
    ]

    assert [(a.status_code, a.json().get("code")) for a in answers[:4]] == [
        (409, "post-elsewhere"),
        (409, "registrant-gone"),
        (409, "already-claimed"),
        (409, "post-over"),
    ]
    assert answers[4].status_code == 201


async def test_a_withdrawn_place_is_free_again_and_ends_once(community):
    post = await community.open(places=1)
    claim = await community.claimed(post, await community.register())
    path = f"/v1/claims/{claim['claim_id']}/release"

    ended = await community.done(path, {"how": "withdrawn"}, 200)
    twice = await community.post(path, {"how": "released"})
    next_one = await community.claim(post, await community.register())

    assert (ended["state"], ended["how"], ended["ended_on"]) == ("ended", "withdrawn", "2019-06-08")
    assert (twice.status_code, twice.json()["code"]) == (409, "claim-over")
    assert next_one.status_code == 201


async def test_bounds_of_a_community_and_of_a_kind_hold_from_their_day_on(community, watch):
    await community.value(
        stated(
            "2",
            "2019-06-09",
            '{"least": 1, "most": 3, "grace_days": 30, "most_of_kind": {"patrol": 1},'
            f' "by_area": {{"{COMMUNITY}": {{"least": 2, "most": 2}}}}}}',
        )
    )
    early, late = await community.register(), await community.register()
    posts = [await community.open(kind=k) for k in ("patrol", "patrol", "tutoring", "repairs")]
    for post in posts[:3]:
        await community.claimed(post, early)
    watch.now = datetime(2019, 6, 8, 16, 0, tzinfo=UTC)  # midnight in Shanghai, the new rule's day

    first = await community.claim(posts[0], late)
    same_kind = await community.claim(posts[1], late)
    second = await community.claim(posts[2], late)
    third = await community.claim(posts[3], late)

    assert [first.status_code, second.status_code] == [201, 201]
    assert (same_kind.json()["code"], same_kind.json()["most"]) == ("too-many-of-kind", 1)
    assert (third.json()["code"], third.json()["most"]) == ("too-many-claims", 2)
    assert await community.value("SELECT count(*) FROM post_claim WHERE state = 'held'") == 5


async def test_candidates_are_those_who_fit_best_first(community):
    post = await community.open(skills=["law", "mediation"])
    both = await community.register(skills=["mediation", "law"])
    one = await community.register(skills=["law", "arts"])
    await community.register(skills=["arts"])
    await community.register(skills=["law"], community=NEXT)
    busy = await community.register(skills=["law"])
    for _ in range(3):
        await community.claimed(await community.open(), busy)
    holder = await community.register(skills=["law"])
    await community.claimed(post, holder)

    found = (await community.get(f"/v1/posts/{post['post_id']}/candidates")).json()
    anybody = (
        await community.get(f"/v1/posts/{(await community.open())['post_id']}/candidates")
    ).json()

    assert [(c["registrant_id"], c["fits"]) for c in found] == [
        (both["registrant_id"], 2),
        (one["registrant_id"], 1),
    ]
    assert found[0]["person"]["name"].startswith("测")
    assert len(anybody) == 4  # all of the community but the one who holds three


async def alerts(community: Community, **asked: str) -> list[dict]:
    return (await community.get("/v1/alerts", **asked)).json()["items"]


async def test_too_few_claims_raise_an_alert_after_the_days_of_grace(community, watch):
    who = await community.register(occurred_at="2019-06-01T00:00:00+08:00")
    context = community.client.app.state.context
    watch.now = datetime(2019, 7, 1, 1, 0, tzinfo=UTC)  # the thirtieth day
    early = await sweeps.once(context, CLAIMS_SWEEP)
    watch.now = datetime(2019, 7, 2, 1, 0, tzinfo=UTC)
    late = await sweeps.once(context, CLAIMS_SWEEP)
    again = await sweeps.once(context, CLAIMS_SWEEP)
    raised = await alerts(community, kind="claims-short")
    await community.claimed(await community.open(), who)

    assert (early, late, again) == (0, 1, 0)
    assert (raised[0]["subject_id"], raised[0]["facts"]) == (
        who["registrant_id"],
        {"claims": 0, "least": 1},
    )
    assert (raised[0]["rule"], raised[0]["due_on"]) == ("working.claims", "2019-07-01")
    assert await alerts(community, kind="claims-short") == []


async def test_a_community_that_asks_for_two_posts_is_not_content_with_one(community, watch):
    await community.value(
        stated(
            "2",
            "2019-01-01",
            '{"least": 0, "most": 3, "grace_days": 0,'
            f' "by_area": {{"{STREET}": {{"least": 1, "most": 3}},'
            f' "{COMMUNITY}": {{"least": 2, "most": 3}}}}}}',
        )
    )
    short, content = await community.register(), await community.register(community=NEXT)
    await community.claimed(await community.open(), short)
    await community.claimed(await community.open(community=NEXT), content)
    watch.now = datetime(2019, 6, 9, 1, 0, tzinfo=UTC)

    assert await sweeps.once(community.client.app.state.context, CLAIMS_SWEEP) == 1
    raised = await alerts(community, kind="claims-short")
    assert [(a["subject_id"], a["facts"]) for a in raised] == [
        (short["registrant_id"], {"claims": 1, "least": 2})
    ]


async def test_lists_and_files_show_the_ledger_in_chinese(community):
    who = await community.register(name="张示例", phone="13900001234", skills=["law", "arts"])
    post = await community.open(kind="legal-mediation", title="=调解岗", skills=["law"])
    await community.claimed(post, who, code="RL-1")

    registrants = (await community.get("/v1/registrants/export", format="csv")).text
    posts = (await community.get("/v1/posts/export", format="csv")).text
    claims = (await community.get("/v1/claims/export", format="csv")).text
    book = await community.get("/v1/claims/export")

    who = (masked("name", "张示例"), masked("phone", "13900001234"))
    assert ",".join(who) in registrants
    assert "张示例" not in registrants
    assert "测试大学,教师,法律、书画文艺,在册" in registrants
    assert "'=调解岗,法律调解" in posts
    assert "RL-1" in claims
    assert book.headers["content-type"].endswith("sheet")
    free = await community.get("/v1/posts", free=True, kind="legal-mediation")
    assert [p["code"] for p in free.json()["items"]] == [post["code"]]
    page = await community.get("/v1/claims", code="RL-1", state="held")
    assert len(page.json()["items"]) == 1
