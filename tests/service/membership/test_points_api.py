"""Points over HTTP: by hand within limits, reversed once, ranked, stated, exported."""

import csv
import io
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest

from services.chassis.clock import business_date
from tests.conftest import Scene, Start
from tests.service.membership.merit import COMMUNITY, ELSEWHERE, STREET, Roll, open_roll
from tests.together import together

NOW = datetime(2026, 6, 15, 2, 0, tzinfo=UTC)
TODAY = business_date(NOW)


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def roll(scene: Scene, start: Start, clock: Clock) -> Roll:
    return await open_roll(scene, await start("membership", background=False, clock=clock))


async def enter(roll: Roll, amount: int | None = 5, n: int = 0, **given: object) -> httpx.Response:
    body = {
        "subject_id": str(roll.members[n]),
        "rule_code": "officer.adjustment",
        "amount": amount,
        "evidence": "街工字〔2026〕3号",
    }
    return await roll.post("/v1/points/entries", body | given)


async def balance(roll: Roll, n: int = 0, **params: object) -> int:
    answer = await roll.get(f"/v1/points/accounts/{roll.members[n]}", **params)
    return int(answer.json()["balance"])


@pytest.mark.parametrize("amount", [-20, -1, 1, 20])
async def test_an_officer_enters_points_within_the_limits(roll: Roll, amount: int) -> None:
    answer = await enter(roll, amount)

    assert answer.status_code == 201, answer.text
    assert (answer.json()["amount"], answer.json()["automatic"]) == (amount, False)
    assert await balance(roll) == amount


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"amount": 21}, "points-out-of-limits"),
        ({"amount": -21}, "points-out-of-limits"),
        ({"amount": 0}, "points-out-of-limits"),
        ({"rule_code": "activity.attended"}, "points-amount-fixed"),
        ({"rule_code": "visit.completed", "amount": None}, "points-wrong-subject"),
        ({"rule_code": "no.such.rule"}, "points-rule-not-in-force"),
        ({"occurred_at": "2009-12-31T12:00:00+08:00"}, "points-rule-not-in-force"),
        ({"subject_id": str(uuid4())}, "invalid"),
        ({"occurred_at": (NOW + timedelta(days=1)).isoformat()}, "time-in-future"),
    ],
)
async def test_what_a_rule_does_not_allow_is_refused(roll: Roll, given: dict, code: str) -> None:
    answer = await enter(roll, **given)

    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_evidence_is_a_reference_and_no_story(roll: Roll) -> None:
    answer = await enter(roll, evidence="他 帮助 邻居 搬家")

    assert answer.status_code == 422


async def test_a_fixed_rule_is_worth_its_times_up_to_its_cap(roll: Roll) -> None:
    service = {"rule_code": "service.done", "amount": None}

    assert (await enter(roll, times=7, **service)).json()["amount"] == 7
    refused = await enter(roll, times=2, **service)
    assert (refused.status_code, refused.json()["code"]) == (409, "points-cap-reached")
    assert refused.json()["left"] == 1
    assert (await enter(roll, times=1, **service)).status_code == 201
    assert await balance(roll) == 8


async def test_points_are_entered_where_the_subject_is_by_those_who_may(roll: Roll) -> None:
    body = {"subject_id": str(roll.members[0]), "rule_code": "officer.reward"}
    body |= {"amount": 1, "evidence": "A-1"}

    foreign = await roll.post("/v1/points/entries", body, role="admin", area=ELSEWHERE)
    worker = await roll.post("/v1/points/entries", body, role="community-worker")
    officer = await roll.post("/v1/points/entries", body, role="personnel-officer", area=STREET)

    assert [a.status_code for a in (foreign, worker, officer)] == [403, 403, 201]


async def test_an_entry_is_reversed_once_by_whoever_comes_first(roll: Roll) -> None:
    entry = (await enter(roll, 5)).json()
    path = f"/v1/points/entries/{entry['entry_id']}/reverse"

    answers = await together(roll.post(path, {"reason": "entered-wrongly"}) for _ in range(8))

    assert Counter(a.status_code for a in answers) == {201: 1, 409: 7}
    assert {a.json()["code"] for a in answers if a.is_error} == {"points-already-reversed"}
    assert await balance(roll) == 0
    [reversal] = [a.json() for a in answers if not a.is_error]
    again = await roll.post(
        f"/v1/points/entries/{reversal['entry_id']}/reverse", {"reason": "entered-wrongly"}
    )
    assert again.json()["code"] == "points-reversal-final"
    listed = (await roll.get("/v1/points/entries", subject_id=entry["subject_id"])).json()["items"]
    assert [line["reversed_by"] for line in listed] == [reversal["entry_id"], None]


async def test_a_balance_is_told_as_of_any_day(roll: Roll) -> None:
    first = (await enter(roll, 5, occurred_at="2026-03-01T12:00:00+08:00")).json()
    await enter(roll, 7, occurred_at="2026-04-01T12:00:00+08:00")
    path = f"/v1/points/entries/{first['entry_id']}/reverse"
    early = {"reason": "entered-wrongly", "occurred_at": "2026-02-28T12:00:00+08:00"}

    assert (await roll.post(path, early)).json()["code"] == "points-reversed-before-booked"
    late = {"reason": "entered-wrongly", "occurred_at": "2026-05-01T12:00:00+08:00"}
    assert (await roll.post(path, late)).status_code == 201

    days = ("2026-02-28", "2026-03-01", "2026-04-01", "2026-04-30", "2026-05-01")
    assert [await balance(roll, as_of=day) for day in days] == [0, 5, 12, 12, 7]


async def test_equal_points_share_a_rank_and_pages_leave_nobody_out(roll: Roll) -> None:
    for n, amount in enumerate((9, 12, 9)):
        await enter(roll, amount, n)

    whole = (await roll.get("/v1/points/ranking", organisation_id=str(roll.branch))).json()
    assert [(line["rank"], line["points"]) for line in whole["items"]] == [(1, 12), (2, 9), (2, 9)]
    seen, cursor = [], None
    for _ in range(3):
        more = {"cursor": cursor} if cursor else {}
        page = (await roll.get("/v1/points/ranking", within=STREET, limit=1, **more)).json()
        seen += [line["subject_id"] for line in page["items"]]
        cursor = page["next"]
    assert cursor is None
    assert set(seen) == {str(member) for member in roll.members}


async def test_a_rank_of_a_year_counts_that_year_only(roll: Roll) -> None:
    await enter(roll, 20, 0, occurred_at="2025-12-31T23:59:59+08:00")
    await enter(roll, 3, 0, occurred_at="2026-01-01T00:00:00+08:00")
    await enter(roll, 4, 1)

    ranked = (await roll.get("/v1/points/ranking", year=2026)).json()["items"]
    assert [(line["subject_id"], line["points"]) for line in ranked] == [
        (str(roll.members[1]), 4),
        (str(roll.members[0]), 3),
    ]
    odd = await roll.get("/v1/points/ranking", year=2026, as_of="2025-01-01")
    assert odd.status_code == 422


async def test_a_statement_carries_over_adds_up_and_carries_on(roll: Roll) -> None:
    await enter(roll, 20, occurred_at="2025-05-01T12:00:00+08:00")
    await enter(roll, 6, occurred_at="2026-01-01T00:00:00+08:00")
    await enter(roll, -4)
    path = f"/v1/points/statements/{roll.members[0]}/2026"

    said = (await roll.get(path)).json()
    file = await roll.get(f"{path}/export")
    book = await roll.get(f"{path}/export", format="xlsx")

    sums = [said[name] for name in ("opening", "earned", "deducted", "closing")]
    assert sums == [20, 6, 4, 22]
    assert [line["amount"] for line in said["entries"]] == [6, -4]
    assert [(line["rule_code"], line["points"]) for line in said["by_rule"]] == [
        ("officer.adjustment", 2)
    ]
    lines = list(csv.DictReader(io.StringIO(file.text.removeprefix("\ufeff"))))
    assert [line["分值"] for line in lines] == ["20", "6", "-4", "22"]
    assert book.content[:2] == b"PK"


async def test_lists_are_exported_with_the_filters_of_the_list(roll: Roll) -> None:
    await enter(roll, 5, 0)
    await enter(roll, 6, 1)

    mine = await roll.get("/v1/points/entries/export", subject_id=str(roll.members[1]))
    ranks = await roll.get("/v1/points/ranking/export", within=COMMUNITY)

    assert len(mine.text.strip().splitlines()) == 2
    assert [line.split(",")[-1] for line in ranks.text.strip().splitlines()[1:]] == ["6", "5"]


async def test_another_system_tells_of_an_errand_as_often_as_it_likes(roll: Roll) -> None:
    body = {
        "subject_id": str(roll.members[0]),
        "rule_code": "errand.finished",
        "source_type": "errand",
        "source_id": str(uuid4()),
    }
    answers = await together(roll.post("/v1/points/earnings", body) for _ in range(6))

    assert Counter(a.json()["entered"] for a in answers) == {True: 1, False: 5}
    assert await balance(roll) == 2


async def test_every_balance_is_checked_against_its_entries(roll: Roll) -> None:
    await enter(roll, 5)
    checked = (await roll.get("/v1/points/check")).json()

    assert checked == {"sound": True, "accounts": 1, "entries": 1, "points": 5, "unsound": []}
    assert (await roll.get("/v1/points/check", "viewer")).status_code == 403


async def test_a_balance_that_somebody_forced_is_found(roll: Roll) -> None:
    await enter(roll, 5)
    async with roll.pool.acquire() as connection, connection.transaction():
        await connection.execute("ALTER TABLE points_account DISABLE TRIGGER by_entries_only")
        await connection.execute("UPDATE points_account SET balance = 500")
        await connection.execute("ALTER TABLE points_account ENABLE TRIGGER by_entries_only")

    checked = (await roll.get("/v1/points/check")).json()

    assert not checked["sound"]
    assert [(a["balance"], a["summed"]) for a in checked["unsound"]] == [(500, 5)]


# Rules


def version(**given: object) -> dict[str, object]:
    return {
        "code": "activity.attended",
        "area": STREET,
        "label": "参加组织生活",
        "amount": 7,
        "effective_from": str(TODAY),
        "source": "街道积分办法第三条",
    } | given


async def attended(roll: Roll, **given: object) -> int:
    """What attending an activity is worth by hand."""
    answer = await enter(roll, None, rule_code="activity.attended", **given)
    return int(answer.json()["amount"])


async def test_a_version_counts_from_its_day_and_in_its_area_only(roll: Roll, clock: Clock) -> None:
    before = await attended(roll)
    added = await roll.post("/v1/points/rules", version())
    other = await roll.post("/v1/points/rules", version(area=ELSEWHERE, amount=9))
    following = await roll.post(
        "/v1/points/rules", version(amount=8, effective_from=str(TODAY + timedelta(days=1)))
    )

    assert [a.json()["version"] for a in (added, other, following)] == [1, 1, 2]
    assert [before, await attended(roll)] == [2, 7]
    assert await attended(roll, occurred_at="2026-06-14T12:00:00+08:00") == 2
    clock.now = NOW + timedelta(days=1)
    assert await attended(roll) == 8
    assert await attended(roll, occurred_at=NOW.isoformat()) == 7
    amounts = [line["amount"] for line in (await roll.get("/v1/points/entries")).json()["items"]]
    assert amounts == [2, 7, 2, 8, 7]


async def test_a_rule_ends_on_its_day_and_the_wider_one_stands_again(
    roll: Roll, clock: Clock
) -> None:
    ends = TODAY + timedelta(days=1)
    await roll.post("/v1/points/rules", version(effective_to=str(ends)))

    assert await attended(roll) == 7
    clock.now = NOW + timedelta(days=1)
    assert await attended(roll) == 2


async def test_an_area_may_put_a_rule_out_of_force(roll: Roll) -> None:
    await roll.post("/v1/points/rules", version(amount=0))

    refused = await enter(roll, None, rule_code="activity.attended")
    assert refused.json()["code"] == "points-rule-not-in-force"


async def test_versions_are_added_one_after_another_never_into_the_past(roll: Roll) -> None:
    past = await roll.post(
        "/v1/points/rules", version(effective_from=str(TODAY - timedelta(days=1)))
    )
    answers = await together(roll.post("/v1/points/rules", version()) for _ in range(6))

    assert past.json()["code"] == "points-rule-in-the-past"
    assert Counter(a.status_code for a in answers) == {201: 1, 422: 5}
    listed = (await roll.get("/v1/points/rules", code="activity.attended", area=COMMUNITY)).json()
    assert [(rule["area"], rule["version"]) for rule in listed] == [("", 1), (STREET, 1)]


@pytest.mark.parametrize(
    "given",
    [
        {"least": 1, "amount": 0},
        {"least": 5, "most": 1, "amount": 0},
        {"least": 1, "most": 5},
        {"effective_to": str(TODAY)},
    ],
)
async def test_a_version_that_contradicts_itself_is_refused(roll: Roll, given: dict) -> None:
    assert (await roll.post("/v1/points/rules", version(**given))).status_code == 422
