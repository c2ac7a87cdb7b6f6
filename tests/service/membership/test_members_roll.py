"""The roll over HTTP: one branch each, history, personal data, lists that page."""

from collections import Counter

import asyncpg
import pytest

from services.membership.tables import members as tables
from tests.service.membership.roll import COMMUNITY, OTHER, identity_number, noon, opened
from tests.together import together


@pytest.fixture
async def roll(scene, start):
    return await opened(scene, start)


@pytest.fixture
async def db(database):
    return (await database("membership")).pool


async def tally(db, organisation_id: str) -> tuple[int, int]:
    row = await db.fetchrow(
        "SELECT full_members, probationary FROM organisation_tally WHERE organisation_id = $1",
        organisation_id,
    )
    return tuple(row) if row else (0, 0)


async def told(db, member_id: str) -> list[str]:
    rows = await db.fetch(
        "SELECT type FROM event_log WHERE aggregate_id = $1 ORDER BY aggregate_version", member_id
    )
    return [row["type"].split(".", 2)[2] for row in rows]


async def test_a_registered_member_is_shown_masked_and_counted_once(roll, db):
    number = identity_number("19490101")
    made = await roll.register(name="测试甲", phone="13800001234", identity_number=number)

    shown = (await roll.get(f"/v1/members/{made['member_id']}")).json()
    assert shown["personal"] == {
        "name": "测**",
        "phone": "138****1234",
        "identity_number": f"9{'*' * 16}{number[-1]}",
        "birth_date": "1949-**-**",
    }
    assert (shown["state"], shown["area"], made["personal"]) == ("full", COMMUNITY, None)
    assert await tally(db, roll.branch) == (1, 0)
    assert await told(db, made["member_id"]) == ["member.registered.v1"]


async def test_members_belong_to_branches_that_exist(roll):
    in_committee = await roll.ask(organisation_id=roll.committee)
    nowhere = await roll.ask(organisation_id="019a2b3c-0000-7000-8000-00000000ffff")

    assert (in_committee.status_code, in_committee.json()["code"]) == (422, "takes-no-members")
    assert (nowhere.status_code, nowhere.json()["code"]) == (422, "organisation-unknown")


async def test_a_wrong_identity_number_is_refused_without_repeating_it(roll):
    number = identity_number()
    wrong = number[:-1] + ("1" if number[-1] != "1" else "2")

    answer = await roll.ask(identity_number=wrong)
    other_day = await roll.ask(identity_number=number, birth_date="1980-05-05")

    assert (answer.status_code, answer.json()["code"]) == (422, "identity-number-wrong")
    assert wrong not in answer.text
    assert other_day.json()["code"] == "birth-date-disagrees"


# One identity number, one member


async def test_one_identity_number_is_registered_once_however_written(roll):
    number = identity_number("19610203")
    await roll.register(identity_number=number)

    spaced = f" {number[:6]} {number[6:]}"
    answer = await roll.ask(organisation_id=roll.branches[1], identity_number=spaced)

    assert (answer.status_code, answer.json()["code"]) == (409, "identity-number-known")


async def test_of_two_registrations_of_one_identity_number_at_once_one_is_taken(roll, db):
    number = identity_number("19620203")

    answers = await together(
        roll.ask(organisation_id=roll.branches[n % 2], identity_number=number) for n in range(8)
    )

    assert Counter(a.status_code for a in answers) == {201: 1, 409: 7}
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"identity-number-known"}
    assert await db.fetchval("SELECT count(*) FROM member") == 1
    assert await db.fetchval("SELECT count(*) FROM person") == 1


async def test_looking_alone_registers_twice_when_no_constraint_guards_it(roll, db):
    await db.execute("ALTER TABLE member DROP CONSTRAINT member_identity_digest_key")
    number = identity_number("19630203")

    answers = await together(roll.ask(identity_number=number) for _ in range(8))

    assert Counter(a.status_code for a in answers)[201] > 1


async def test_without_the_look_the_constraint_refuses_as_the_look_would(roll, monkeypatch):
    async def unseeing(*_: object) -> bool:
        return False

    monkeypatch.setattr(tables, "identity_known", unseeing)
    monkeypatch.setattr(tables, "code_taken", unseeing)
    number = identity_number("19640203")
    first = await roll.register(identity_number=number)

    again = await roll.ask(identity_number=number)
    code = await roll.ask(code=first["code"])

    assert (again.status_code, again.json()["code"]) == (409, "identity-number-known")
    assert (code.status_code, code.json()["code"]) == (409, "member-code-taken")


# Branches, states, history


async def test_a_move_changes_branch_area_and_counters_in_one_step(roll, db):
    made = await roll.register()

    answer = await roll.act(made, "reassign", "2019-03-01", organisation_id=roll.branches[1])

    assert (answer.status_code, answer.json()["area"]) == (200, OTHER)
    assert [await tally(db, b) for b in roll.branches] == [(0, 0), (1, 0)]
    again = await roll.act(made, "reassign", "2019-03-02", organisation_id=roll.branches[1])
    assert (again.status_code, again.json()["code"]) == (409, "same-branch")


async def test_two_moves_at_once_end_in_one_branch_and_the_counters_agree(roll, db):
    made = await roll.register()

    await together(
        roll.act(made, "reassign", "2019-03-01", organisation_id=roll.branches[n % 2])
        for n in range(6)
    )

    now = (await roll.get(f"/v1/members/{made['member_id']}")).json()["organisation_id"]
    counted = {branch: (await tally(db, branch))[0] for branch in roll.branches}
    assert counted == {branch: int(branch == now) for branch in roll.branches}
    versions = await db.fetch(
        "SELECT aggregate_version FROM event_log WHERE aggregate_id = $1 ORDER BY 1",
        made["member_id"],
    )
    assert [v[0] for v in versions] == list(range(1, len(versions) + 1))


async def test_history_tells_what_stood_on_a_day(roll):
    made = await roll.register()
    await roll.act(made, "reassign", "2019-03-01", organisation_id=roll.branches[1])
    left = await roll.act(made, "leave", "2019-05-01", leaving="deceased")
    path = f"/v1/members/{made['member_id']}/history"

    assert left.json()["state"] == "left"
    states = {
        day: [line["state"] for line in (await roll.get(path, on=day)).json()]
        for day in ("2019-01-01", "2019-01-02", "2019-02-28", "2019-05-01")
    }
    assert states == {
        "2019-01-01": [],
        "2019-01-02": ["full"],
        "2019-02-28": ["full"],
        "2019-05-01": ["left"],
    }
    branches = [line["organisation_id"] for line in (await roll.get(path)).json()]
    assert branches == [roll.branches[0], roll.branches[1], roll.branches[1]]


async def test_a_change_before_the_last_one_is_refused(roll):
    made = await roll.register()

    answer = await roll.act(made, "leave", "2019-01-01", leaving="deceased")

    assert (answer.status_code, answer.json()["code"]) == (422, "before-last-change")


async def test_who_left_is_not_counted_and_comes_back_as_the_reason_allows(roll, db):
    made = await roll.register()
    await roll.act(made, "leave", "2019-05-01", leaving="expelled")
    assert await tally(db, roll.branch) == (0, 0)

    as_full = await roll.act(made, "return", "2025-05-01", state="full")
    anew = await roll.act(made, "return", "2025-05-01", state="applicant")

    assert (as_full.status_code, as_full.json()["code"]) == (409, "state-does-not-allow")
    assert (anew.status_code, anew.json()["state"], anew.json()["joined_on"]) == (
        200,
        "applicant",
        None,
    )
    assert await tally(db, roll.branch) == (0, 0)


# A second attachment never counts


async def test_a_mobile_member_is_looked_after_elsewhere_and_counted_at_home_alone(roll, db):
    made = await roll.register()
    await roll.act(made, "whereabouts", "2019-02-01", whereabouts="away", host_id=roll.branches[1])

    hosted = (await roll.get("/v1/members", hosted_by=roll.branches[1])).json()["items"]
    by_area = [
        (await roll.get("/v1/members/structure", within=area, by="state")).json()["total"]
        for area in (COMMUNITY, OTHER, "410305")
    ]
    assert [m["member_id"] for m in hosted] == [made["member_id"]]
    assert by_area == [1, 0, 1]
    assert [await tally(db, b) for b in roll.branches] == [(1, 0), (0, 0)]

    await roll.act(made, "whereabouts", "2019-03-01", whereabouts="here")
    assert (await roll.get("/v1/members", hosted_by=roll.branches[1])).json()["items"] == []


async def test_the_database_holds_one_open_attachment_a_member(roll, db):
    made = await roll.register()
    await roll.act(made, "whereabouts", "2019-02-01", whereabouts="away", host_id=roll.branches[1])
    again = await roll.act(made, "whereabouts", "2019-02-02", whereabouts="away")

    assert again.status_code == 200
    with pytest.raises(asyncpg.UniqueViolationError):
        await db.execute(
            "INSERT INTO attachment (attachment_id, member_id, from_on)"
            " VALUES (gen_random_uuid(), $1, '2019-03-01')",
            made["member_id"],
        )


# Lists


async def test_pages_follow_one_another_without_gap_or_repetition(roll):
    made = [
        (await roll.register(organisation_id=roll.branches[n % 2]))["member_id"] for n in range(9)
    ]
    seen: list[str] = []
    further: dict[str, str] = {}
    while True:
        page = (await roll.get("/v1/members", limit=4, **further)).json()
        seen += [m["member_id"] for m in page["items"]]
        if page["next"] is None:
            break
        further = {"cursor": page["next"]}

    assert sorted(seen) == sorted(made)
    assert len(set(seen)) == 9


async def test_filters_cut_by_subtree_state_education_and_benefit(roll):
    await roll.register(education="college")
    old = await roll.register(
        organisation_id=roll.branches[1],
        identity_number=identity_number("19300101"),
        joined_on="1955-01-01",
        full_on="1956-01-01",
    )
    probationary = await roll.register(state="probationary", joined_on="2018-12-01")

    async def ids(**given):
        return [m["member_id"] for m in (await roll.get("/v1/members", **given)).json()["items"]]

    assert len(await ids(below=roll.committee)) == 3
    assert await ids(below=roll.branches[1]) == [old["member_id"]]
    assert await ids(state="probationary") == [probationary["member_id"]]
    assert len(await ids(education="college")) == 1
    assert await ids(benefit="seniority") == [old["member_id"]]
    assert await ids(benefit="age") == [old["member_id"]]
    assert await ids(within=COMMUNITY, code=old["code"]) == []


async def test_structure_counts_by_codes_and_by_age(roll):
    year = 2026 - 40
    await roll.register(education="college", identity_number=identity_number(f"{year}0101"))
    await roll.register(education="senior")
    await roll.register(state="activist", education="senior")

    by = (await roll.get("/v1/members/structure", by=["education", "state"])).json()
    ages = (await roll.get("/v1/members/structure", by="age")).json()

    assert by["total"] == 2
    assert {(c["values"]["education"], c["members"]) for c in by["counts"]} == {
        ("college", 1),
        ("senior", 1),
    }
    assert ages["total"] == 2


async def test_health_and_hardship_are_for_those_who_manage(roll):
    made = await roll.register(health="frail", hardship=True)
    path = f"/v1/members/{made['member_id']}"

    seen = (await roll.get(path, role="viewer")).json()
    refused = await roll.get("/v1/members", role="viewer", hardship=True)
    counts = await roll.get("/v1/members/structure", role="viewer", by="health")
    mine = (await roll.get(path, role="organisation-clerk")).json()

    assert (seen["health"], seen["hardship"]) == (None, None)
    assert (refused.status_code, counts.status_code) == (403, 403)
    assert (mine["health"], mine["hardship"]) == ("frail", True)


async def test_nobody_registers_outside_the_areas_granted(roll):
    answer = await roll.send(
        "POST",
        "/v1/members",
        role="organisation-clerk",
        granted=OTHER,
        code="X-1",
        organisation_id=roll.branch,
        state="full",
        occurred_at=noon("2019-01-02"),
    )

    assert answer.status_code == 403


async def test_an_edit_reclassifies_and_seals_anew(roll, db):
    made = await roll.register(education="senior")
    path = f"/v1/members/{made['member_id']}"

    changed = await roll.send("PATCH", path, version=1, education="college", phone="13900005678")

    assert changed.status_code == 200
    assert (await roll.get(path)).json()["personal"]["phone"] == "139****5678"
    assert await told(db, made["member_id"]) == ["member.registered.v1", "member.reclassified.v1"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_the_roll_is_exported_masked(roll, form):
    await roll.register(name="测试乙", phone="13800001234")

    answer = await roll.get("/v1/members/export", format=form)

    assert answer.status_code == 200
    if form == "csv":
        assert "测**" in answer.text
        assert "13800001234" not in answer.text


async def test_numbers_without_a_list_are_stated_and_withdrawn(roll, db):
    body = {
        "organisation_id": roll.committee,
        "kind": "elderly-gift",
        "headcount": 120,
        "bound": "at-least",
        "least_years": 80,
        "years_of": "life",
        "occurred_at": noon("2019-10-01"),
    }
    made = (await roll.send("POST", "/v1/headcounts", **body)).json()
    half = await roll.send("POST", "/v1/headcounts", **body | {"years_of": None})
    listed = (await roll.get("/v1/headcounts", kind="elderly-gift")).json()["items"]

    assert (made["headcount"], made["bound"], made["least_years"]) == (120, "at-least", 80)
    assert (half.status_code, half.json()["code"]) == (422, "threshold-incomplete")
    assert [one["headcount_id"] for one in listed] == [made["headcount_id"]]
    path = f"/v1/headcounts/{made['headcount_id']}/withdraw"
    assert [(await roll.send("POST", path)).status_code for _ in range(2)] == [200, 409]
    assert (await roll.get("/v1/headcounts")).json()["items"] == []
