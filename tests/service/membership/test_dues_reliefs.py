"""Reliefs, returns and lists of dues over HTTP."""

import csv
import io
from collections import Counter
from typing import Any

import pytest

from services.membership.handlers.dues.charging import CHARGE
from tests.service.membership.branches import COMMUNITY, open_town
from tests.service.membership.paying import MONTHS_DISAGREE, SUMS_DISAGREE, owed, payment, standard
from tests.together import together


@pytest.fixture
async def town(scene, start):
    """The first of July; at the end the ledger's sums must fit its entries."""
    made = await open_town(scene, start)
    yield made
    assert await made.pool.fetch(SUMS_DISAGREE) == []
    assert await made.pool.fetch(MONTHS_DISAGREE) == []


def relief(member: str, **given: Any) -> dict[str, Any]:
    return {
        "member_id": member,
        "kind": "exempt",
        "from_month": "2026-06-01",
        "to_month": "2026-08-01",
        "studied_on": "2026-06-25",
    } | given


async def test_a_relief_counts_once_the_committee_above_approved_it(town):
    member = await town.member()
    await standard(town, member, from_month="2026-06-01")
    proposed = await town.done("/v1/dues/reliefs", relief(member), 201)
    path = f"/v1/dues/reliefs/{proposed['relief_id']}"

    before = await owed(town, member)
    beside = await town.post(f"{path}/approve", {"approver_id": town.other_committee})
    by_branch = await town.post(
        f"{path}/approve", {"approver_id": town.committee}, "organisation-clerk", COMMUNITY
    )
    approved = await town.post(f"{path}/approve", {"approver_id": town.committee})
    again = await town.post(f"{path}/approve", {"approver_id": town.committee})
    town.pass_days(31)
    await town.sweep(CHARGE)

    assert before == {"2026-06": 4500, "2026-07": 4500}
    assert beside.json()["code"] == "approver-not-above"
    assert by_branch.status_code == 403
    assert approved.json()["state"] == "approved"
    assert again.json()["code"] == "relief-step-not-allowed"
    assert await owed(town, member) == {"2026-06": 0, "2026-07": 0, "2026-08": 0}
    assert await town.events(proposed["relief_id"]) == ["proposed", "approved"]


async def test_a_reduction_leaves_the_rest_to_be_paid_and_ends_early_when_the_hardship_does(town):
    member = await town.member()
    await standard(town, member, from_month="2026-06-01")
    body = relief(member, kind="reduced", monthly=1000)
    made = await town.done("/v1/dues/reliefs", body, 201)
    path = f"/v1/dues/reliefs/{made['relief_id']}"
    await town.done(f"{path}/approve", {"approver_id": town.committee})
    reduced = await owed(town, member)

    await town.done(f"{path}/end", {"last_month": "2026-06-01"})

    assert reduced == {"2026-06": 1000, "2026-07": 1000}
    assert await owed(town, member) == {"2026-06": 1000, "2026-07": 4500}


async def test_two_reliefs_never_cover_one_month_also_at_once(town):
    member = await town.member()
    bodies = [
        relief(member, from_month=f"2026-0{month}-01", to_month="2026-09-01")
        for month in (6, 7, 8, 9)
    ]

    answers = await together(town.post("/v1/dues/reliefs", body) for body in bodies)
    later = await town.post(
        "/v1/dues/reliefs", relief(member, from_month="2026-10-01", to_month="2026-10-01")
    )

    codes = Counter((a.status_code, a.json().get("code")) for a in answers)
    assert codes == {(201, None): 1, (409, "relief-overlaps"): 3}
    assert later.status_code == 201


async def test_a_refused_relief_changes_nothing_and_may_be_proposed_anew(town):
    member = await town.member()
    await standard(town, member)
    made = await town.done("/v1/dues/reliefs", relief(member), 201)

    await town.done(f"/v1/dues/reliefs/{made['relief_id']}/refuse", {"approver_id": town.committee})

    assert await owed(town, member) == {"2026-07": 4500}
    assert (await town.post("/v1/dues/reliefs", relief(member))).status_code == 201


SHARE = """
INSERT INTO rule (code, version, effective_from, severity, source, parameters) VALUES
('dues.return', 'district', '2025-01-01', 'hint', '测试',
 '{"percent": 60, "kinds": ["new-branch"]}')
"""


async def test_dues_of_a_year_go_back_once_by_the_share_the_district_set(town):
    branch = await town.organisation("new-branch", COMMUNITY, town.committee)
    member = await town.member(branch)
    await standard(town, member, from_month="2025-01-01", income=333_300)
    months = ["2025-01-01", "2025-02-01", "2025-03-01"]
    body = payment(member, amount=9999, months=months, paid_on="2025-06-01")
    await town.done("/v1/dues/payments", body, 201)
    asked = {"organisation_id": branch, "year": 2025}

    unset = await town.post("/v1/dues/returns", asked)
    await town.pool.execute(SHARE)
    due = await town.seen("/v1/dues/returns/due", year=2025)
    answers = await together(town.post("/v1/dues/returns", asked) for _ in range(4))
    running = await town.post("/v1/dues/returns", asked | {"year": 2026})
    other = await town.post("/v1/dues/returns", asked | {"organisation_id": town.first})

    assert unset.json()["code"] == "return-share-unset"
    assert [(row["base_amount"], row["amount"]) for row in due["items"]] == [(9999, 5999)]
    assert Counter(a.status_code for a in answers) == {201: 1, 409: 3}
    made = next(a.json() for a in answers if a.status_code == 201)
    assert (made["base_amount"], made["percent"], made["amount"]) == (9999, 60, 5999)
    assert running.json()["code"] == "year-not-over"
    assert other.json()["code"] == "kind-not-returned"
    assert (await town.seen("/v1/dues/returns/due", year=2025))["items"] == []

    await town.done(f"/v1/dues/returns/{made['return_id']}/reverse", {"reason": "mistyped"})
    assert (await town.post("/v1/dues/returns", asked)).status_code == 201


async def test_lists_are_exported_in_chinese_and_yuan(town):
    member = await town.member()
    await standard(town, member, from_month="2026-06-01")
    await town.done("/v1/dues/payments", payment(member), 201)

    async def table(path: str, **asked: str) -> list[list[str]]:
        answer = await town.get(path, **asked)
        assert answer.status_code == 200, answer.text
        return list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))

    span = {"first": "2026-06-01", "last": "2026-07-01"}
    arrears = await table("/v1/dues/arrears/export")
    payments = await table("/v1/dues/payments/export")
    months = await table("/v1/dues/months/export", **span)
    (item,) = (await town.seen("/v1/dues/arrears"))["items"]

    line = [item["code"], "测**", item["organisation"], "1", "2026-06", "2026-06", "45.00"]
    assert arrears[1:] == [line]
    assert payments[1:] == [["SJ-1", "测**", "党费", "现金", "2026-07-01", "45.00", "2026-07", ""]]
    assert [row[1:] for row in months[1:]] == [
        [item["organisation"], "2026-06", "1", "45.00", "0.00", "1"],
        [item["organisation"], "2026-07", "1", "45.00", "45.00", "0"],
    ]


async def test_lists_page_without_gap(town):
    for place in range(3):
        member = await town.member()
        await standard(town, member, from_month="2026-06-01")
        await town.done("/v1/dues/payments", payment(member, receipt=f"SJ-{place}"), 201)

    for path, key in (
        ("/v1/dues/payments", "payment_id"),
        ("/v1/dues/arrears", "member_id"),
    ):
        first = await town.seen(path, limit=2)
        second = await town.seen(path, limit=2, cursor=first["next"])
        assert len({row[key] for page in (first, second) for row in page["items"]}) == 3
        assert second["next"] is None
