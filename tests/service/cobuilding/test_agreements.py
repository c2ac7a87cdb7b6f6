"""An agreement from draft to its end, by commands."""

import pytest

from tests.service.cobuilding import agreeing
from tests.service.cobuilding.agreeing import path, seen, sign, signature

LATE = agreeing.GIFT | {"due_on": "2027-06-30"}


async def test_both_sign_and_it_is_in_force_from_the_later_signing(town):
    made = await agreeing.offered(town)
    assert (made["status"], made["edition"], made["offered_on"]) == ("offered", 1, "2026-03-02")
    half = await sign(town, made, "unit")
    assert (half["status"], half["effective_from"]) == ("half-signed", None)
    town.clock.to("2026-03-04")
    whole = await sign(town, made, "office")
    assert (whole["status"], whole["effective_from"]) == ("effective", "2026-03-04")
    assert await town.told(made["agreement_id"]) == [
        "drafted", "submitted", "offered", "signed", "signed", "concluded", "began",
    ]  # fmt: skip
    events = {each["_type"].split(".")[3]: each for each in await town.events(made["agreement_id"])}
    assert events["concluded"]["days_to_sign"] == 2
    assert events["began"]["first_of_unit"] is True


async def test_what_is_signed_before_its_first_day_waits_for_it(town):
    made = await agreeing.concluded(town, first_day="2026-04-01", promises=[agreeing.PROMISE])
    assert (made["status"], made["effective_from"]) == ("concluded", "2026-04-01")
    assert (await town.done("GET", "/v1/undertakings"))["items"] == []


async def test_promises_become_undertakings_from_the_day_it_took_effect(town):
    made = await agreeing.concluded(town)
    page = await town.done("GET", f"/v1/undertakings?agreement_id={made['agreement_id']}")
    days = sorted(each["due_on"][5:] for each in page["items"])
    ends = "03-31 04-30 05-31 06-30 07-31 08-31 09-30 10-31 11-30 12-31"
    assert days == sorted(["06-30", *ends.split()])


async def test_a_side_signs_once_and_can_not_reject_what_it_signed(town):
    made = await agreeing.offered(town)
    await sign(town, made, "unit")
    mine = f"{path(made)}/signatures"
    body = signature(town, made, "unit")
    await town.refused(409, "already-signed", "POST", mine, json=body)
    await town.refused(
        409, "already-signed", "POST", f"{path(made)}/rejection", json={"side": "unit"}
    )
    closed = await town.post(f"{path(made)}/rejection", {"side": "office"})
    assert (closed["status"], closed["ended_on"]) == ("rejected", "2026-03-02")
    shown = await town.done("GET", f"{path(made)}/signatures")
    assert [(each["side"], each["void_reason"]) for each in shown] == [("unit", "rejected")]


async def test_another_text_is_not_signed(town):
    made = await agreeing.offered(town)
    body = signature(town, made, "unit", digest="0" * 64)
    problem = await town.refused(409, "other-text", "POST", f"{path(made)}/signatures", json=body)
    assert (problem["field"], problem["digest"]) == ("digest", made["digest"])


async def test_revising_voids_what_was_signed_and_the_old_text_is_not_signed_any_more(town):
    made = await agreeing.offered(town)
    await sign(town, made, "unit")
    back = await town.post(f"{path(made)}/revision")
    assert (back["status"], back["digest"]) == ("draft", None)
    changed = await town.done("PATCH", path(made), {"title": "新共建协议"}, **seen(back))
    sent = await town.post(f"{path(made)}/submission")
    again = await town.post(f"{path(made)}/approval", **seen(sent))
    assert (changed["title"], again["edition"]) == ("新共建协议", 2)
    assert again["digest"] != made["digest"]
    old = signature(town, made, "office")
    await town.refused(409, "other-text", "POST", f"{path(made)}/signatures", json=old)
    shown = await town.done("GET", f"{path(made)}/editions")
    assert [each["edition"] for each in shown] == [2, 1]
    assert shown[1]["content"]["title"] == "共建协议"
    signed = await town.done("GET", f"{path(made)}/signatures")
    assert [(each["edition"], each["void_reason"]) for each in signed] == [(1, "revised")]


async def test_a_kind_may_ask_for_who_signs_first_and_how(town):
    made = await agreeing.offered(town, kind="posted")
    mine = f"{path(made)}/signatures"
    first = signature(town, made, "office", manner="seal")
    await town.refused(409, "not-its-turn", "POST", mine, json=first)
    short = signature(town, made, "unit", manner="signature")
    problem = await town.refused(422, "signing-manner", "POST", mine, json=short)
    assert problem["asked"] == "seal"
    await sign(town, made, "unit", manner="seal")
    whole = await sign(town, made, "office", manner="seal")
    assert whole["status"] == "effective"


async def test_a_kind_may_ask_for_two_clerks(town):
    kind = {"label": "双人登记协议", "traits": {"two-clerks": True}}
    await town.done("PUT", "/v1/kinds/agreement/two-clerks", kind, role="admin", area="410305")
    made = await agreeing.offered(town, kind="two-clerks")
    await sign(town, made, "unit")
    body = signature(town, made, "office")
    mine = f"{path(made)}/signatures"
    await town.refused(409, "second-clerk", "POST", mine, json=body)
    whole = await town.post(mine, body, role="admin")
    assert whole["status"] == "effective"


@pytest.mark.parametrize("day", ["2026-02-27", "2026-03-03"])
async def test_the_day_on_the_paper_lies_between_its_going_out_and_today(town, day):
    made = await agreeing.offered(town)
    body = signature(town, made, "unit", signed_on=day)
    problem = await town.refused(
        422, "signed-out-of-time", "POST", f"{path(made)}/signatures", json=body
    )
    assert (problem["earliest"], problem["latest"]) == ("2026-03-02", "2026-03-02")


async def test_a_term_by_months_is_reckoned_as_its_kind_of_paper_says(town):
    given = {"last_day": None, "first_day": "2026-03-02", "months": 12, "promises": []}
    counted = await agreeing.draft(town, **given, reckoning="counted")
    statutory = await agreeing.draft(town, **given, reckoning="statutory")
    assert counted["last_day"] == "2027-03-01"
    assert statutory["last_day"] == "2027-03-02"


async def test_what_was_signed_long_ago_is_entered_in_one_piece(town):
    signed = {
        "offered_on": "2025-12-20",
        "office_signed_on": "2025-12-25",
        "unit_signed_on": "2025-12-22",
    }
    made = await agreeing.draft(town, signed=signed)
    assert (made["status"], made["effective_from"]) == ("effective", "2026-01-01")
    page = await town.done("GET", "/v1/undertakings?due_until=2026-02-28")
    assert [each["due_on"] for each in page["items"]] == ["2026-01-31", "2026-02-28"]


async def test_who_signed_is_sealed_and_read_on_the_record(town):
    made = await agreeing.offered(town)
    await sign(town, made, "unit", signer="示例签署人", position="院长")
    (signed,) = await town.done("GET", f"{path(made)}/signatures")
    mine = f"/v1/signatures/{signed['signature_id']}/signer?purpose=核对原件"
    assert await town.done("GET", mine) == {"name": "示例签署人", "position": "院长"}
    log = await town.context.database.pool.fetch("SELECT body FROM event_log")
    assert not any("示例签署人" in row["body"] for row in log)


async def test_a_unit_bound_by_an_agreement_does_not_leave(town):
    unit = await town.unit()
    made = await agreeing.concluded(town, unit)
    mine = f"/v1/units/{unit['unit_id']}/departure"
    problem = await town.refused(409, "unit-bound", "POST", mine, json={})
    assert problem["agreements"] == [made["number"]]
    ended = await town.post(
        f"{path(made)}/termination", {"reason_kind": "by-both", "terminates_on": "2026-03-05"}
    )
    assert (ended["status"], ended["terminates_on"]) == ("effective", "2026-03-05")
    town.clock.to("2026-03-05")
    await town.tick()
    await town.post(mine)
    with_left = await town.ask("POST", "/v1/agreements", {})
    assert with_left.status_code == 422


async def test_a_termination_voids_what_is_due_later_and_leaves_what_was_due(town):
    made = await agreeing.concluded(town)
    town.clock.to("2026-05-10")
    await town.tick()
    ended = await town.post(f"{path(made)}/termination", {"reason_kind": "breach"})
    assert (ended["status"], ended["ended_on"]) == ("terminated", "2026-05-09")
    page = await town.done("GET", "/v1/undertakings")
    states = {each["due_on"]: (each["status"], each["fell_due"]) for each in page["items"]}
    assert states["2026-04-30"] == ("open", True)
    assert states["2026-05-31"] == ("void", False)
    last = (await town.events(made["agreement_id"]))[-1]
    assert (last["last_of_unit"], last["how"]) == (True, "terminated")


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"last_day": "2025-12-31"}, "term-ends-before-it-begins", "last_day"),
        ({"answer_by": "2027-01-01"}, "answer-by", "answer_by"),
        ({"kind": "marriage"}, "unknown-kind", "kind"),
        (
            {"promises": [agreeing.GIFT | {"due_on": "2027-06-30"}]},
            "promise-out-of-term",
            "promises",
        ),
        ({"promises": [agreeing.GIFT | {"kind": "gold"}]}, "unknown-kind", "promises"),
        ({"number": " "}, None, None),
        ({"months": 12}, None, None),
    ],
)
async def test_a_draft_that_cannot_be_is_refused_by_field(town, given, code, field):
    unit = await town.unit()
    body = {
        "number": "示例〔2026〕1号", "kind": "two-way", "title": "共建协议",
        "organisation_id": town.organisation_id, "unit_id": unit["unit_id"],
        "first_day": "2026-01-01", "last_day": "2026-12-31",
    } | given  # fmt: skip
    answer = await town.ask("POST", "/v1/agreements", body)
    assert answer.status_code == 422, answer.text
    if code:
        assert (answer.json()["code"], answer.json()["field"]) == (code, field)
    assert (await town.done("GET", "/v1/agreements"))["items"] == []


async def test_an_agreement_without_promises_is_not_submitted(town):
    made = await agreeing.draft(town, promises=[])
    await town.refused(409, "nothing-promised", "POST", f"{path(made)}/submission", json={})


async def test_a_number_names_one_agreement(town):
    made = await agreeing.draft(town)
    unit = await town.unit()
    body = {
        "number": made["number"], "kind": "two-way", "title": "另一份",
        "organisation_id": town.organisation_id, "unit_id": unit["unit_id"],
        "first_day": "2026-01-01", "last_day": "2026-12-31",
    }  # fmt: skip
    problem = await town.refused(409, "code-taken", "POST", "/v1/agreements", json=body)
    assert problem["field"] == "number"


async def test_papers_entered_in_one_piece_do_not_pass_by_two_clerks(town):
    kind = {"label": "双人登记协议", "traits": {"two-clerks": True}}
    await town.done("PUT", "/v1/kinds/agreement/two-clerks", kind, role="admin", area="410305")
    made = await agreeing.draft(town, kind="two-clerks")
    days = ("offered_on", "office_signed_on", "unit_signed_on")
    body = {
        "number": "示例〔2025〕9号",
        "kind": "two-clerks",
        "title": "旧协议",
        "organisation_id": town.organisation_id,
        "unit_id": made["unit_id"],
        "first_day": "2026-01-01",
        "last_day": "2026-12-31",
        "promises": [agreeing.GIFT],
        "signed": dict.fromkeys(days, "2025-12-25"),
    }
    await town.refused(409, "second-clerk", "POST", "/v1/agreements", json=body)


async def test_a_paper_signed_after_the_day_to_answer_by_is_refused_before_the_clock_looks(town):
    made = await agreeing.offered(town, answer_by="2026-03-10")
    town.clock.to("2026-03-12")
    body = signature(town, made, "unit")
    problem = await town.refused(
        422, "signed-out-of-time", "POST", f"{path(made)}/signatures", json=body
    )
    assert problem["latest"] == "2026-03-10"


async def test_an_agreement_renews_one_with_the_same_unit_that_was_signed(town):
    made, other = await agreeing.concluded(town), await town.unit()
    only_drafted = await agreeing.draft(town, other)
    for before in (made, only_drafted):
        body = {
            "number": f"示例续〔2026〕{before['number'][-3:]}",
            "kind": "two-way",
            "title": "续签",
            "organisation_id": town.organisation_id,
            "unit_id": other["unit_id"],
            "first_day": "2027-01-01",
            "last_day": "2027-12-31",
            "predecessor_id": before["agreement_id"],
        }
        problem = await town.refused(422, "predecessor", "POST", "/v1/agreements", json=body)
        assert problem["field"] == "predecessor_id"


async def test_an_agreement_does_not_end_before_it_was_in_force(town):
    made = await agreeing.concluded(town)
    body = {"reason_kind": "mistake", "terminates_on": "2026-03-02"}
    mine = f"{path(made)}/termination"
    problem = await town.refused(422, "ends-before-it-began", "POST", mine, json=body)
    assert problem["field"] == "terminates_on"
