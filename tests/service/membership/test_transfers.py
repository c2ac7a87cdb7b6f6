"""Transfers of membership over HTTP: the saga, its dates, its rights, its traces."""

import csv
import io

import pytest

from services.membership.handlers.transfers.clock import EXPIRE, REMIND
from tests.service.membership.branches import (
    COMMUNITY,
    OTHER_COMMUNITY,
    Town,
    counted,
    open_town,
)


@pytest.fixture
async def town(scene, start) -> Town:
    return await open_town(scene, start)


async def test_the_member_stays_with_the_sender_until_the_receiver_receives(town):
    member = await town.member()

    sent = await town.send(member, town.far)
    before = await counted(town)
    received = await town.step(sent, "receive")

    assert (sent["state"], sent["direction"], sent["letter"]) == ("sent", "inside", "2026-0001")
    assert sent["valid_until"] == "2026-07-31"
    assert before == {town.first: 1}
    assert received.json()["state"] == "received"
    assert await counted(town) == {town.far: 1}
    assert await town.events(sent["transfer_id"]) == ["issued", "received"]
    assert await town.events(member) == ["registered", "moved"]


async def test_nothing_personal_is_in_the_facts_of_a_transfer(town):
    member = await town.member(name="测试绝密")
    sent = await town.send(member)
    await town.step(sent, "return", reason="other")

    bodies = await town.pool.fetch("SELECT body FROM event_log")
    assert not [row for row in bodies if "测试绝密" in row["body"]]
    assert sent["name"] is None
    shown = await town.get(f"/v1/transfers/{sent['transfer_id']}")
    assert shown.json()["name"] == "测***"


async def test_a_second_transfer_of_the_same_member_is_refused_until_the_first_ended(town):
    member = await town.member()
    sent = await town.send(member)

    again = await town.post(
        "/v1/transfers", {"member_id": member, "to_id": town.far, "cause": "home"}
    )
    await town.step(sent, "cancel")
    third = await town.send(member, town.far)

    assert (again.status_code, again.json()["code"]) == (409, "transfer-open")
    assert third["letter"] == "2026-0002"


async def test_a_return_says_why_and_leaves_the_member_where_they_were(town):
    member = await town.member()
    sent = await town.send(member)

    causeless = await town.step(sent, "return")
    unknown = await town.step(sent, "return", reason="dislike")
    returned = await town.step(sent, "return", reason="letter-faulty")
    late = await town.step(sent, "receive")

    assert causeless.status_code == 422
    assert unknown.json()["code"] == "unknown-kind"
    assert (returned.json()["state"], returned.json()["reason"]) == ("returned", "letter-faulty")
    assert (late.status_code, late.json()["code"]) == (409, "transfer-closed")
    assert await town.branch_of(member) == town.first


async def test_the_last_day_still_counts_and_the_day_after_is_too_late(town):
    first, second = await town.member(), await town.member()
    in_time = await town.send(first, validity_days=10)
    too_late = await town.send(second, validity_days=10)

    town.pass_days(10)
    received = await town.step(in_time, "receive")
    town.pass_days(1)
    refused = await town.step(too_late, "receive")

    assert received.status_code == 200
    assert (refused.status_code, refused.json()["code"]) == (409, "letter-expired")
    assert refused.json()["valid_until"] == "2026-07-11"
    assert await town.branch_of(second) == town.first


async def test_the_clock_reminds_once_before_the_end_then_ends_it_and_tells_the_sender(town):
    member = await town.member()
    sent = await town.send(member, town.far)

    town.pass_days(22)
    early = await town.sweep(REMIND)
    town.pass_days(1)
    reminded = [await town.sweep(REMIND), await town.sweep(REMIND)]
    near = await town.alerts(sent["transfer_id"])
    town.pass_days(7)
    at_the_end = await town.sweep(EXPIRE)
    town.pass_days(1)
    ended = [await town.sweep(EXPIRE), await town.sweep(EXPIRE)]

    assert (early, reminded, near) == (0, [1, 0], {"transfer-near-expiry"})
    assert (at_the_end, ended) == (0, [1, 0])
    assert await town.events(sent["transfer_id"]) == ["issued", "reminded", "expired"]
    assert await town.alerts(sent["transfer_id"]) == set()
    assert await town.alerts(member) == {"transfer-expired"}
    refused = await town.step(sent, "receive")
    assert refused.json()["code"] == "letter-expired"

    anew = await town.send(member, town.far)
    assert await town.alerts(member) == set()
    assert (await town.step(anew, "receive")).status_code == 200


async def test_the_sender_may_remind_as_often_as_it_likes(town):
    sent = await town.send(await town.member())

    answers = [await town.step(sent, "remind"), await town.step(sent, "remind")]

    assert [answer.json()["reminded"] for answer in answers] == [1, 2]


@pytest.mark.parametrize(("days", "status"), [(0, 422), (1, 201), (90, 201), (91, 422)])
async def test_a_letter_is_valid_for_one_to_ninety_days(town, days, status):
    member = await town.member()

    answer = await town.post(
        "/v1/transfers",
        {"member_id": member, "to_id": town.far, "cause": "work", "validity_days": days},
    )

    assert answer.status_code == status
    assert status == 201 or answer.json()["code"] == "validity-out-of-range"


async def test_a_committee_sets_how_long_letters_of_all_below_it_are_valid(town):
    path = f"/v1/organisations/{town.committee}/transfer-setting"
    own = f"/v1/organisations/{town.first}/transfer-setting"

    too_long = await town.put(path, {"validity_days": 91}, **{"If-Match": '"0"'})
    made = await town.put(path, {"validity_days": 60}, **{"If-Match": '"0"'})
    below = await town.send(await town.member())
    await town.put(own, {"validity_days": 15}, **{"If-Match": '"0"'})
    nearer = await town.send(await town.member())
    stale = await town.put(path, {"validity_days": 20}, **{"If-Match": '"7"'})

    assert too_long.json()["code"] == "validity-out-of-range"
    assert made.json()["validity_days"] == 60
    assert below["valid_until"] == "2026-08-30"
    assert nearer["valid_until"] == "2026-07-16"
    assert stale.status_code == 412


async def test_a_new_version_of_the_rule_holds_for_new_letters_only(town):
    before = await town.send(await town.member())
    await town.pool.execute(
        "INSERT INTO rule (code, version, effective_from, severity, source, parameters) VALUES"
        " ('transfer.validity', 'strict', '2026-07-02', 'block', '测试',"
        """ '{"default_days": 10, "most_days": 20}')"""
    )
    town.pass_days(1)

    after = await town.send(await town.member())
    kept = await town.seen(f"/v1/transfers/{before['transfer_id']}")

    assert after["valid_until"] == "2026-07-12"
    assert kept["valid_until"] == "2026-07-31"


@pytest.mark.parametrize("kind", ["functional", "committee"])
async def test_only_organisations_with_members_of_their_own_receive(town, kind):
    to = getattr(town, kind)

    answer = await town.post(
        "/v1/transfers", {"member_id": await town.member(), "to_id": to, "cause": "work"}
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "takes-no-transfers")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"cause": "whim"}, "unknown-kind"),
        ({"to_id": "00000000-0000-0000-0000-000000000000"}, "organisation-unknown"),
    ],
)
async def test_a_reference_to_nothing_is_refused(town, given, code):
    body = {"member_id": await town.member(), "to_id": town.far, "cause": "work"} | given

    answer = await town.post("/v1/transfers", body)

    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_neither_applicants_nor_to_the_own_branch(town):
    applicant = await town.member(state="applicant")
    member = await town.member()

    early = await town.post(
        "/v1/transfers", {"member_id": applicant, "to_id": town.far, "cause": "work"}
    )
    same = await town.post(
        "/v1/transfers", {"member_id": member, "to_id": town.first, "cause": "work"}
    )

    assert (early.status_code, early.json()["code"]) == (409, "not-transferable")
    assert (same.status_code, same.json()["code"]) == (422, "same-organisation")


async def test_the_sender_acts_in_its_area_and_the_receiver_in_its_own(town):
    member = await town.member()
    body = {"member_id": member, "to_id": town.far, "cause": "work"}
    clerk = "organisation-clerk"

    foreign = await town.post("/v1/transfers", body, clerk, OTHER_COMMUNITY)
    sent = (await town.post("/v1/transfers", body, clerk, COMMUNITY)).json()
    path = f"/v1/transfers/{sent['transfer_id']}"
    by_sender = await town.post(f"{path}/receive", {}, clerk, COMMUNITY)
    cancelled_by_receiver = await town.post(f"{path}/cancel", {}, clerk, OTHER_COMMUNITY)
    worker = await town.post(f"{path}/receive", {}, "community-worker", OTHER_COMMUNITY)
    seen = [await town.get(path, clerk, area) for area in (COMMUNITY, OTHER_COMMUNITY)]
    elsewhere = await town.get(path, clerk, "410306")
    by_receiver = await town.post(f"{path}/receive", {}, clerk, OTHER_COMMUNITY)

    assert [a.status_code for a in (foreign, by_sender, cancelled_by_receiver, worker)] == [403] * 4
    assert [a.status_code for a in (*seen, elsewhere, by_receiver)] == [200, 200, 403, 200]


async def test_both_sides_find_the_transfer_in_their_lists(town):
    sent = await town.send(await town.member(), town.far)
    await town.send(await town.member(), town.second)

    mine = await town.get("/v1/transfers", "viewer", OTHER_COMMUNITY)
    all_open = await town.seen("/v1/transfers", state="sent")
    of_one = await town.seen("/v1/transfers", organisation_id=town.far)

    assert [t["transfer_id"] for t in mine.json()["items"]] == [sent["transfer_id"]]
    assert len(all_open["items"]) == 2
    assert len(of_one["items"]) == 1


async def test_lists_page_without_gap_and_refuse_a_cursor_of_nobody(town):
    for _ in range(3):
        await town.send(await town.member())

    first = await town.seen("/v1/transfers", limit=2)
    second = await town.seen("/v1/transfers", limit=2, cursor=first["next"])
    bad = await town.get("/v1/transfers", cursor="WyJ4Il0")

    ids = [t["transfer_id"] for page in (first, second) for t in page["items"]]
    assert len(set(ids)) == 3
    assert bad.status_code == 422


async def test_the_export_has_the_rows_of_the_list_in_chinese(town):
    sent = await town.send(await town.member(), town.far, cause="retired")

    answer = await town.get("/v1/transfers/export")

    rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert rows[0][0] == "介绍信编号"
    assert rows[1][0] == sent["letter"]
    assert {"离退休", "平台内转接", "已开出"} <= set(rows[1])


async def test_a_transfer_of_long_ago_is_entered_whole(town):
    member = await town.member()

    sent = await town.send(
        member,
        town.far,
        occurred_at="2021-03-01T09:00:00+08:00",
        received_at="2021-03-09T09:00:00+08:00",
    )

    assert (sent["state"], sent["closed_on"]) == ("received", "2021-03-09")
    assert sent["letter"] == "2021-0001"
    assert await town.branch_of(member) == town.far
    kept = (await town.get(f"/v1/transfers/{sent['transfer_id']}")).json()
    assert (kept["state"], kept["version"]) == ("received", 2)


async def test_letters_are_numbered_by_committee_and_year(town):
    here = [
        await town.send(await town.member(branch), town.far) for branch in (town.first, town.second)
    ]
    there = await town.send(await town.member(town.far), town.first)
    last_year = await town.send(
        await town.member(), town.far, occurred_at="2025-12-31T09:00:00+08:00"
    )

    assert [one["letter"] for one in here] == ["2026-0001", "2026-0002"]
    assert {one["issuer_id"] for one in here} == {town.committee}
    assert (there["letter"], there["issuer_id"]) == ("2026-0001", town.other_committee)
    assert last_year["letter"] == "2025-0001"


async def test_a_member_who_left_in_the_meantime_is_not_received(town):
    member = await town.member()
    sent = await town.send(member)
    await town.done(f"/v1/members/{member}/leave", {"leaving": "deceased"})

    refused = await town.step(sent, "receive")
    cancelled = await town.step(sent, "cancel")

    assert (refused.status_code, refused.json()["code"]) == (409, "member-moved")
    assert cancelled.status_code == 200
