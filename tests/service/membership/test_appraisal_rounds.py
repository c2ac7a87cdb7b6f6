"""The yearly appraisal from opening to final results, and who is late with it."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from services.chassis import sweeps
from services.membership.handlers.appraisal import APPRAISAL_SWEEP
from tests.conftest import Scene, Start
from tests.service.membership.merit import Roll, open_roll
from tests.together import together

NOVEMBER = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 20, 2, 0, tzinfo=UTC)


class Clock:
    now = DECEMBER

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def roll(scene: Scene, start: Start, clock: Clock) -> Roll:
    return await open_roll(scene, await start("membership", background=False, clock=clock))


async def opened(roll: Roll, branch: UUID | None = None, year: int = 2026) -> httpx.Response:
    body = {"organisation_id": str(branch or roll.branch), "year": year}
    return await roll.post("/v1/appraisals", body)


async def a_round(roll: Roll) -> str:
    answer = await opened(roll)
    assert answer.status_code == 201, answer.text
    return f"/v1/appraisals/{answer.json()['round_id']}"


async def rated(roll: Roll, path: str, rater: UUID, **ratings: str) -> httpx.Response:
    others = [member for member in roll.members if member != rater]
    chosen = {str(member): "excellent" for member in others} | ratings
    body = {"rater_id": str(rater), "seal": str(uuid4()), "ratings": chosen}
    return await roll.post(f"{path}/sheets", body)


async def voted(
    roll: Roll, path: str, members: list[UUID], ballots: int = 3, **tally: int
) -> httpx.Response:
    lines = [{"member_id": str(m)} | (tally or {"excellent": ballots}) for m in members]
    return await roll.send("PUT", f"{path}/ballot", {"ballots": ballots, "tallies": lines})


async def ready(roll: Roll, path: str) -> None:
    """Everything that must be there before closing."""
    for member in roll.members:
        answer = await roll.send(
            "POST", f"{path}/participants/{member}/statement", {"self_rating": "qualified"}
        )
        assert answer.status_code == 204, answer.text
    assert (await rated(roll, path, roll.members[0])).status_code == 201
    assert (await voted(roll, path, roll.members)).status_code == 204


async def results(roll: Roll, **params: Any) -> dict[str, str]:
    items = (await roll.get("/v1/appraisal-results", **params)).json()["items"]
    return {item["member_id"]: item["result"] for item in items}


async def test_a_round_goes_from_self_to_peers_to_ballot_to_results(roll: Roll) -> None:
    reward = {"subject_id": str(roll.members[1]), "rule_code": "officer.reward", "amount": 9}
    await roll.post("/v1/points/entries", reward | {"evidence": "A-1"})
    path = await a_round(roll)
    early = await roll.post(f"{path}/close", {})
    await ready(roll, path)

    proposal = (await roll.post(f"{path}/proposal", {})).json()
    closed = await roll.post(f"{path}/close", {})
    again = await roll.post(f"{path}/close", {})
    late = await rated(roll, path, roll.members[1])

    assert (early.status_code, early.json()["code"]) == (409, "appraisal-incomplete")
    assert early.json()["without_self_rating"] == 3
    assert proposal["places"] == 1
    assert {r["member_id"]: r["points"] for r in proposal["results"]}[str(roll.members[1])] == 9
    assert (closed.status_code, closed.json()["state"]) == (200, "closed")
    assert [again.json()["code"], late.json()["code"]] == ["appraisal-closed"] * 2
    expected = dict.fromkeys(map(str, roll.members), "qualified")
    assert await results(roll, year=2026) == expected | {str(roll.members[1]): "excellent"}
    told = await roll.pool.fetch(
        "SELECT type, aggregate_version FROM event_log WHERE type LIKE '%appraisal%' ORDER BY id"
    )
    assert Counter(row["type"].split(".")[-2] for row in told) == {
        "opened": 1,
        "decided": 3,
        "closed": 1,
    }


async def test_the_branch_decides_within_the_rules_and_results_are_final(roll: Roll) -> None:
    path = await a_round(roll)
    await ready(roll, path)
    best = [{"member_id": str(member), "result": "excellent"} for member in roll.members]

    too_many = await roll.post(f"{path}/close", {"decisions": best[:2]})
    closed = await roll.post(f"{path}/close", {"decisions": best[:1]})

    assert too_many.json()["code"] == "appraisal-too-many-excellent"
    assert closed.status_code == 200
    assert (await results(roll, result="excellent")) == {str(roll.members[0]): "excellent"}
    with pytest.raises(Exception, match="append-only"):
        await roll.pool.execute("UPDATE appraisal_result SET result = 'excellent'")


async def test_nobody_can_tell_who_said_what(roll: Roll) -> None:
    path = await a_round(roll)
    await ready(roll, path)

    shown = (await roll.get(path)).json()["participants"]
    kept = await roll.pool.fetchrow("SELECT * FROM appraisal_sheet")
    assert {(line["peers"], line["ballot"]) for line in shown} == {(None, None)}
    assert set(kept.keys()) == {"round_id", "digest"}
    assert roll.members[0].bytes not in kept["digest"]

    await roll.post(f"{path}/close", {})
    shown = (await roll.get(path)).json()["participants"]
    assert sum(line["peers"]["excellent"] for line in shown) == 2
    assert await roll.pool.fetchval("SELECT count(*) FROM appraisal_sheet") == 0
    assert await roll.pool.fetchval("SELECT secret FROM appraisal_round") is None


async def test_a_rater_hands_in_one_sheet_however_hard_they_try(roll: Roll) -> None:
    path = await a_round(roll)
    answers = await together(rated(roll, path, roll.members[0]) for _ in range(6))
    stranger = await rated(roll, path, uuid4())
    vain = await rated(roll, path, roll.members[1], **{str(roll.members[1]): "excellent"})

    assert Counter(a.status_code for a in answers) == {201: 1, 409: 5}
    assert {a.json()["code"] for a in answers if a.is_error} == {"appraisal-rated-already"}
    assert stranger.json()["code"] == "appraisal-not-of-the-branch"
    assert vain.json()["code"] == "appraisal-rates-themselves"
    assert await roll.pool.fetchval("SELECT sum(peers_excellent) FROM appraisal_participant") == 2


async def test_votes_must_fit_the_ballots_and_these_the_voters(roll: Roll) -> None:
    path = await a_round(roll)

    assert (await voted(roll, path, roll.members, 4)).json()["code"] == "appraisal-too-many-ballots"
    more = await voted(roll, path, roll.members, 2, qualified=3)
    assert more.json()["code"] == "appraisal-too-many-ballots"
    assert (await voted(roll, path, roll.members, 3, qualified=3)).status_code == 204
    assert (await voted(roll, path, [uuid4()])).status_code == 422


async def test_an_organisation_has_one_round_a_year(roll: Roll) -> None:
    answers = await together(opened(roll) for _ in range(6))

    assert Counter(a.status_code for a in answers) == {201: 1, 409: 5}
    assert (await opened(roll, year=2027)).status_code == 422
    assert (await opened(roll, await roll.add_branch())).json()["code"] == "appraisal-nobody"


async def test_a_mobile_member_is_appraised_once_at_home_or_where_they_live(roll: Roll) -> None:
    host = await roll.add_branch()
    await roll.add_member(host)
    home = await a_round(roll)
    away = f"/v1/appraisals/{(await opened(roll, host)).json()['round_id']}"
    mobile = {"member_id": str(roll.members[0]), "mobile": True}

    unflagged = await roll.post(f"{away}/participants", mobile | {"mobile": False})
    twice = await roll.post(f"{away}/participants", mobile)
    await roll.send("DELETE", f"{home}/participants/{roll.members[0]}")
    answers = await asyncio.gather(
        roll.post(f"{away}/participants", mobile),
        roll.post(f"{home}/participants", mobile | {"mobile": False}),
    )

    assert unflagged.json()["code"] == "appraisal-not-of-the-branch"
    assert twice.json()["code"] == "appraised-elsewhere"
    assert sorted(a.status_code for a in answers) == [204, 409]


async def test_a_result_out_of_the_paper_ledger_is_the_only_one_of_its_year(roll: Roll) -> None:
    body = {
        "organisation_id": str(roll.branch),
        "member_id": str(roll.members[0]),
        "year": 2026,
        "result": "qualified",
        "evidence": "PY-2026-01",
    }
    answers = await together(roll.post("/v1/appraisal-results", body) for _ in range(5))
    path = await a_round(roll)
    taking_part = await roll.post(
        "/v1/appraisal-results", body | {"member_id": str(roll.members[1])}
    )

    assert Counter(a.status_code for a in answers) == {201: 1, 409: 4}
    shown = (await roll.get(path)).json()["participants"]
    assert {p["member_id"] for p in shown} == {str(m) for m in roll.members[1:]}
    assert taking_part.json()["code"] == "appraised-elsewhere"
    file = await roll.get("/v1/appraisal-results/export", year=2026)
    assert "合格" in file.text
    assert (await roll.get("/v1/appraisal-results", "viewer")).status_code == 403


async def test_a_round_that_is_due_is_asked_for_until_it_is_closed(
    roll: Roll, clock: Clock
) -> None:
    context = roll.client.app.state.context  # type: ignore[attr-defined]  # tests look inside

    async def asked() -> list[tuple[str, str]]:
        await sweeps.once(context, APPRAISAL_SWEEP)
        items = (await roll.get("/v1/alerts", kind="appraisal-due")).json()["items"]
        return [(item["subject_id"], item["due_on"]) for item in items]

    branch = str(roll.branch)
    clock.now = NOVEMBER
    assert await asked() == [(branch, "2025-12-28")]
    clock.now = DECEMBER
    assert await asked() == [(branch, "2025-12-28"), (branch, "2026-12-28")]
    assert await sweeps.once(context, APPRAISAL_SWEEP) == 0
    path = await a_round(roll)
    await ready(roll, path)
    assert (await roll.post(f"{path}/close", {})).status_code == 200
    assert await asked() == [(branch, "2025-12-28")]
    await roll.pool.execute("UPDATE member SET state = 'left', leaving = 'deceased'")
    assert await asked() == []
