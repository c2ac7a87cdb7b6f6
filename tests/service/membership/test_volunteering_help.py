"""Help files: consent, who may read, five helpers, visits by grade, expiry."""

import json
from datetime import UTC, datetime

import pytest

from services.chassis import sweeps
from services.membership.handlers.volunteering.due import SWEEPS
from tests.service.membership.volunteering_help import Service, serving

BY_NAME = {sweep.name: sweep for sweep in SWEEPS}


@pytest.fixture
async def service(scene, start) -> Service:
    return await serving(scene, start)


@pytest.mark.parametrize("missing", ["consent_reference", "consented_on"])
async def test_a_file_without_consent_is_refused_and_leaves_nothing(service, missing):
    body = service.file()
    del body[missing]
    answer = await service.post("/v1/help-files", **body)

    assert (answer.status_code, answer.json()["code"]) == (422, "consent-missing")
    assert answer.json()["field"] == missing
    assert await service.pool.fetchval("SELECT count(*) FROM person WHERE key IS NOT NULL") == 0


async def test_only_who_may_read_help_files_reads_and_every_reading_is_recorded(service):
    opened = await service.opened()
    path = f"/v1/help-files/{opened['file_id']}"

    for role in ("viewer", "community-worker", "organisation-clerk", "personnel-officer"):
        assert (await service.roll.get(path, role=role, purpose="走访")).status_code == 403
        assert (await service.roll.get("/v1/help-files", role=role)).status_code == 403
        assert (await service.roll.get("/v1/help-files/export", role=role)).status_code == 403
    unsaid = await service.roll.get(path, role="help-officer")
    read = await service.roll.get(path, role="help-officer", purpose="入户走访")

    assert unsaid.status_code == 422
    assert read.json()["household"]["name"] == "测试户甲"
    rows = await service.pool.fetch("SELECT actor, purpose, fields FROM personal_reading")
    assert [(r["actor"], r["purpose"]) for r in rows] == [("test-help-officer", "入户走访")]
    assert rows[0]["fields"] == ["name", "phone", "situation"]


async def test_lists_and_files_tell_nothing_of_the_household_beyond_a_mask(service):
    await service.opened()
    listed = await service.roll.get("/v1/help-files", role="help-officer")
    exported = await service.roll.get("/v1/help-files/export", role="help-officer", format="csv")

    assert "测试户甲" not in listed.text
    assert "household" not in listed.json()["items"][0]
    assert "测试户甲" not in exported.text
    assert "13800000000" not in exported.text
    assert "138****0000" in exported.text


async def test_events_and_tables_hold_nothing_of_the_household(service):
    opened = await service.opened()
    member = await service.member()
    path = f"/v1/help-files/{opened['file_id']}"
    await service.done(f"{path}/helpers", 201, member_id=member)
    await service.done(f"{path}/visits", 201, member_id=member, measures=["visit"])

    told = json.dumps([row["data"] for row in await service.logged("help-file")])
    kept = await service.pool.fetchval(
        "SELECT string_agg(f::text, '') || (SELECT string_agg(e.body::text, '') FROM event_log e)"
        " || (SELECT string_agg(i.body, '') FROM idempotency i) FROM help_file f"
    )
    for secret in ("测试户甲", "13800000000", "独自居住"):
        assert secret not in told + kept


async def test_a_sixth_helper_is_refused_with_the_rule_and_room_comes_back(service):
    opened = await service.opened()
    path = f"/v1/help-files/{opened['file_id']}"
    *five, sixth = await service.members(6)
    for member in five:
        await service.done(f"{path}/helpers", 201, member_id=member)

    refused = await service.post(f"{path}/helpers", member_id=sixth)
    await service.done(f"{path}/departures", member_id=five[2])
    taken = await service.done(f"{path}/helpers", 201, member_id=sixth)

    assert (refused.status_code, refused.json()["code"]) == (409, "helpers-complete")
    assert refused.json()["most"] == 5
    assert "五帮一" in refused.json()["rule"]
    assert taken["helpers"] == 5


async def test_the_number_of_helpers_is_a_rule_that_can_be_set(service):
    opened = await service.opened()
    await service.pool.execute(
        "INSERT INTO rule (code, version, effective_from, severity, source, parameters)"
        " VALUES ('help.helpers', '2', '2019-06-01', 'block', '区县规定', '{\"most\": 1}')"
    )
    path = f"/v1/help-files/{opened['file_id']}/helpers"
    first, second = await service.members(2)
    await service.done(path, 201, member_id=first)

    refused = await service.post(path, member_id=second)
    before = await service.post(path, member_id=second, occurred_at="2019-05-31T12:00:00+08:00")

    assert refused.json()["most"] == 1
    assert before.status_code == 201, "what happened before the rule goes by the rule of its day"


async def test_one_helper_cares_for_at_most_three_households(service):
    member = await service.member()
    files = [await service.opened() for _ in range(4)]
    answers = [
        await service.post(f"/v1/help-files/{file['file_id']}/helpers", member_id=member)
        for file in files
    ]

    assert [answer.status_code for answer in answers] == [201, 201, 201, 409]
    assert answers[-1].json()["code"] == "helper-fully-loaded"


@pytest.mark.parametrize("grade", ["first", "third"])
async def test_a_visit_does_what_the_grade_provides_for_and_moves_the_due_day(service, grade):
    opened = await service.opened(grade=grade)
    member = await service.member()
    path = f"/v1/help-files/{opened['file_id']}"
    await service.done(f"{path}/helpers", 201, member_id=member)

    goods = await service.post(f"{path}/visits", member_id=member, measures=["goods"])

    assert goods.status_code == (201 if grade == "first" else 422), goods.text
    if grade == "third":
        assert goods.json()["code"] == "measure-not-for-grade"
    row = await service.pool.fetchrow("SELECT visited_on, visit_by FROM help_file")
    days = {"first": 15, "third": 90}[grade]
    assert (row["visit_by"] - service.clock.now.date()).days == days


async def test_who_is_not_paired_cannot_record_a_visit(service):
    opened = await service.opened()
    path = f"/v1/help-files/{opened['file_id']}/visits"
    answer = await service.post(path, member_id=await service.member(), measures=["visit"])

    assert (answer.status_code, answer.json()["code"]) == (409, "not-paired")


async def test_a_visit_that_is_due_raises_an_alert_until_it_is_made(service):
    opened = await service.opened()
    member = await service.member()
    path = f"/v1/help-files/{opened['file_id']}"
    await service.done(f"{path}/helpers", 201, member_id=member)
    sweep = BY_NAME["volunteering.files-due"]

    service.clock.after(days=14)
    early = await sweeps.once(service.context, sweep)
    service.clock.after(days=1)
    due = await sweeps.once(service.context, sweep)
    again = await sweeps.once(service.context, sweep)
    alerts = await service.roll.get("/v1/alerts", kind="help-visit-due")
    await service.done(f"{path}/visits", 201, member_id=member, measures=["call"])
    cleared = await service.roll.get("/v1/alerts", kind="help-visit-due")

    assert (early, due, again) == (0, 1, 0)
    assert [a["rule"] for a in alerts.json()["items"]] == ["help.cadence"]
    assert cleared.json()["items"] == []


async def test_a_file_reminds_expires_and_its_key_is_destroyed(service):
    opened = await service.opened()
    member = await service.member()
    path = f"/v1/help-files/{opened['file_id']}"
    await service.done(f"{path}/helpers", 201, member_id=member)
    expiring, expire = BY_NAME["volunteering.files-due"], BY_NAME["volunteering.files-expired"]

    service.clock.now = datetime(2020, 5, 30, 1, 0, tzinfo=UTC)  # the 364th day
    await sweeps.once(service.context, expiring)
    mine = "SELECT kind FROM alert WHERE cleared_at IS NULL AND subject_id = $1"
    kinds = await service.pool.fetch(mine, opened["file_id"])
    kept = await sweeps.once(service.context, expire)
    service.clock.after(days=1)
    gone = await sweeps.once(service.context, expire)
    read = await service.roll.get(path, role="help-officer", purpose="走访")

    assert opened["expires_on"] == "2020-05-31"
    assert {row["kind"] for row in kinds} == {"help-file-expiring", "help-visit-due"}
    assert (kept, gone) == (0, 1)
    assert read.status_code == 404
    sealed = await service.pool.fetchrow("SELECT key, sealed::text AS sealed FROM person"
                                         " WHERE person_id = $1", opened["file_id"])  # fmt: skip
    assert (sealed["key"], sealed["sealed"]) == (None, "{}")
    assert await service.pool.fetch(mine, opened["file_id"]) == []
    assert await service.pool.fetchval("SELECT count(*) FROM help_pair WHERE ended_on IS NULL") == 0
    closed = (await service.logged("help-file"))[-1]
    assert closed["type"] == "closed"
    assert json.loads(closed["data"])["helper_count"] == 1


async def test_a_file_that_cannot_be_closed_leaves_no_other_household_readable(service):
    """The first by its expiry, so that without a savepoint the sweep would never get past it."""
    bad = await service.opened(code="MQ-BAD", consented_on="2019-05-30")
    good = await service.opened()
    await service.pool.execute("CREATE TABLE unlucky AS SELECT $1::uuid AS file_id", bad["file_id"])
    await service.pool.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF NEW.file_id IN (SELECT file_id FROM unlucky) THEN RAISE 'not this one'; END IF;"
        " RETURN NEW; END $$"
    )
    await service.pool.execute(
        "CREATE TRIGGER refuse BEFORE UPDATE ON help_file FOR EACH ROW EXECUTE FUNCTION refuse()"
    )
    service.clock.now = datetime(2020, 6, 15, tzinfo=UTC)
    expire = BY_NAME["volunteering.files-expired"]
    keys = "SELECT person_id FROM person WHERE key IS NOT NULL AND person_id = ANY($1::uuid[])"
    both = [bad["file_id"], good["file_id"]]

    with pytest.raises(sweeps.RowsFailedError, match=bad["file_id"]):
        await sweeps.once(service.context, expire)
    left = [str(row["person_id"]) for row in await service.pool.fetch(keys, both)]
    await service.pool.execute("DROP TRIGGER refuse ON help_file")

    assert left == [bad["file_id"]]
    assert await sweeps.once(service.context, expire) == 1
    assert await service.pool.fetch(keys, both) == []


async def test_a_fresh_consent_carries_a_file_on(service):
    opened = await service.opened()
    path = f"/v1/help-files/{opened['file_id']}"
    service.clock.after(days=300)
    without = await service.post(f"{path}/renewal")
    renewed = await service.done(
        f"{path}/renewal", consent_reference="TY-2", consented_on="2020-03-01"
    )
    service.clock.now = datetime(2020, 6, 15, tzinfo=UTC)

    assert without.json()["code"] == "consent-missing"
    assert renewed["expires_on"] == "2021-03-01"
    assert await sweeps.once(service.context, BY_NAME["volunteering.files-expired"]) == 0


async def test_withdrawn_consent_destroys_the_file_at_once(service):
    opened = await service.opened()
    path = f"/v1/help-files/{opened['file_id']}"
    await service.done(f"{path}/closing", reason="consent-withdrawn")

    read = await service.roll.get(path, role="help-officer", purpose="走访")
    again = await service.post(f"{path}/closing", reason="settled")

    assert read.status_code == 404
    assert (again.status_code, again.json()["code"]) == (409, "help-file-closed")


async def test_another_grade_needs_the_version_that_was_seen(service):
    opened = await service.opened()
    path = f"/v1/help-files/{opened['file_id']}"
    changed = await service.roll.send("PATCH", path, version=1, grade="second")
    late = await service.roll.send("PATCH", path, version=1, grade="third")

    assert (changed.status_code, late.status_code) == (200, 412)
    data = json.loads((await service.logged("help-file"))[-1]["data"])
    assert (data["grade_kind"], data["was_grade_kind"]) == ("second", "first")
