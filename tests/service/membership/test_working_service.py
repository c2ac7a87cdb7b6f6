"""Service recorded and voided, points earned once, letters to employers opened and read."""

import io
import zipfile
from datetime import UTC, datetime
from itertools import chain

import docx
import pytest

from services.chassis import sweeps
from services.chassis.personal import masked
from services.membership.handlers.working.watch import SWEEPS
from tests.service.membership.working import (
    COMMUNITY,
    DISTRICT,
    GRID,
    NEXT,
    STREET,
    Community,
    open_community,
)
from tests.together import together

DECEMBER = datetime(2019, 12, 20, 1, 0, tzinfo=UTC)
_, FEEDBACK_SWEEP = SWEEPS
REGISTERED = "2019-03-01T09:00:00+08:00"


class Watch:
    """A clock that a test moves."""

    now = DECEMBER

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


async def points(community: Community, who: dict) -> int:
    return await community.value(
        "SELECT coalesce(sum(amount), 0) FROM points_entry WHERE subject_id = $1",
        who["registrant_id"],
    )


# Records


async def test_a_record_counts_person_times_and_credits_those_who_are_named(community):
    two = [await community.register(occurred_at=REGISTERED, grid=GRID) for _ in range(2)]
    made = await community.serve(
        *two, attended=5, beneficiaries=12, minutes=90, summary="陪张示例就医", code="FW-1"
    )
    listed = (await community.get("/v1/service-records", code="FW-1")).json()["items"]

    assert (made["attended"], made["service_minutes"], made["sessions"]) == (5, 450, 1)
    assert set(made["registrant_ids"]) == {each["registrant_id"] for each in two}
    assert [each["record_id"] for each in listed] == [made["record_id"]]
    assert [await points(community, each) for each in two] == [2, 2]  # 90 minutes: two hours
    assert await community.events("service-record", "service-credit", "points-entry") == [
        "service-record.recorded",
        "service-credit.credited",
        "service-credit.credited",
        "points-entry.entered",
        "points-entry.entered",
    ]
    assert "就医" not in await community.value("SELECT string_agg(body, '') FROM event_log")


async def test_the_same_record_twice_is_refused_and_earns_once(community):
    who = await community.register(occurred_at=REGISTERED)
    body = {
        "code": "FW-1",
        "community": COMMUNITY,
        "kind": "patrol",
        "held_on": "2019-06-08",
        "minutes": 60,
        "registrant_codes": [who["code"]],
    }

    answers = await together(community.post("/v1/service-records", body) for _ in range(8))

    assert sorted(a.status_code for a in answers) == [201] + [409] * 7
    assert await points(community, who) == 1


async def test_a_voided_record_takes_back_its_counts_and_points_once(community):
    who = await community.register(occurred_at=REGISTERED)
    made = await community.serve(who, minutes=120)
    path = f"/v1/service-records/{made['record_id']}/void"

    voided = await community.done(path, {}, 200)
    again = await community.post(path, {})

    assert voided["voided_at"] is not None
    assert (again.status_code, again.json()["code"]) == (409, "record-void")
    assert await points(community, who) == 0
    assert (await community.events("service-record", "service-credit"))[2:] == [
        "service-record.voided",
        "service-credit.voided",
    ]


async def test_a_line_of_an_old_ledger_is_person_times_alone(community):
    made = await community.serve(attended=473, sessions=0, minutes=0, kind="other")

    assert (made["attended"], made["sessions"], made["registrant_ids"]) == (473, 0, [])
    assert await community.value("SELECT count(*) FROM registrant") == 0


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"registrant_ids": [], "attended": 0, "sessions": 0}, 422, "nobody-counted"),
        ({"attended": 0}, 422, "fewer-than-named"),
        ({"bound": "at-least"}, 422, "only-counts"),
        ({"held_on": "2019-02-28"}, 409, "not-registered-then"),
        ({"held_on": "2019-12-21"}, 422, "time-in-future"),
        ({"held_on": None}, 422, "when-missing"),
        ({"kind": None}, 422, "invalid"),
        ({"kind": "sorcery"}, 422, "unknown-kind"),
        ({"community": NEXT}, 409, "service-elsewhere"),
        ({"registrant_codes": ["BD-404"]}, 422, "registrant-unknown"),
    ],
)
async def test_records_that_cannot_be_are_refused(community, given, status, code):
    who = await community.register(occurred_at=REGISTERED)
    body = {
        "community": COMMUNITY,
        "kind": "patrol",
        "held_on": "2019-06-08",
        "registrant_ids": [who["registrant_id"]],
    }
    answer = await community.post("/v1/service-records", body | given)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_record_of_a_post_is_of_its_kind(community):
    post = await community.open(kind="tutoring")
    who = await community.register(occurred_at=REGISTERED)

    taken = await community.serve(who, kind=None, post_id=post["post_id"])
    other = await community.post(
        "/v1/service-records",
        {
            "community": COMMUNITY,
            "kind": "patrol",
            "post_id": post["post_id"],
            "held_on": "2019-06-08",
        },
    )

    assert taken["kind"] == "tutoring"
    assert (other.status_code, other.json()["code"]) == (422, "kind-else")


async def test_evenings_are_off_hours_and_the_file_says_so(community):
    year = "INSERT INTO calendar_year (year, source, version) VALUES (2019, '测试', 1)"
    await community.value(f"{year} ON CONFLICT DO NOTHING")
    evening = await community.serve(attended=3, held_on="2019-06-10", start="19:30")
    day = await community.serve(attended=3, held_on="2019-06-10", start="17:59")
    text = (await community.get("/v1/service-records/export", format="csv")).text

    assert (evening["service_time"], day["service_time"]) == ("off-hours", "working-hours")
    assert "八小时外,助老帮扶" in text


# Feedback


async def year_of_service(community: Community) -> tuple[dict, dict, dict]:
    """Two of the university, one of the hospital; posts, hours, one who did nothing."""
    busy = await community.register(occurred_at=REGISTERED, name="张示例", phone="13900001111")
    idle = await community.register(occurred_at="2019-09-01T09:00:00+08:00", name="王示例")
    doctor = await community.register(
        occurred_at=REGISTERED, name="李示例", employer_id=community.hospital, grid=GRID
    )
    for kind in ("elderly-care", "tutoring"):
        await community.claimed(await community.open(kind=kind), busy)
    await community.claimed(await community.open(kind="medical-advice"), doctor)
    await community.serve(busy, minutes=90)
    await community.serve(busy, doctor, minutes=60, held_on="2019-07-01")
    await community.serve(busy, minutes=60, held_on="2019-08-01")
    wrong = await community.serve(busy, minutes=600, held_on="2019-08-02")
    await community.done(f"/v1/service-records/{wrong['record_id']}/void", {}, 200)
    return busy, idle, doctor


async def issue(community: Community, area: str = STREET, **given):
    return await community.post("/v1/feedback", {"area": area, "year": 2019} | given)


async def letters(community: Community, role: str = "admin", **asked) -> dict[str, list[str]]:
    """Paragraphs of every document of the zip, by file name."""
    answer = await community.get(
        "/v1/feedback/letters", role, **({"within": STREET, "year": 2019} | asked)
    )
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as made:
        return {
            name: [p.text for p in docx.Document(io.BytesIO(made.read(name))).paragraphs if p.text]
            for name in made.namelist()
        }


async def test_one_call_writes_to_all_employers_and_the_letters_say_what_the_ledger_says(
    community,
):
    await year_of_service(community)

    issued = await issue(community)
    found = await letters(community)

    assert issued.status_code == 201, issued.text
    assert [
        (i["registrants"], i["attended"], i["service_minutes"], i["edition"])
        for i in issued.json()["items"]
    ] in ([(2, 3, 210, 1), (1, 1, 60, 1)], [(1, 1, 60, 1), (2, 3, 210, 1)])
    assert set(found) == {
        "DW-01-测试大学-湖北路街道-2019年度反馈函.docx",
        "DW-02-测试医院-湖北路街道-2019年度反馈函.docx",
    }
    assert found["DW-01-测试大学-湖北路街道-2019年度反馈函.docx"] == [
        "关于2019年度在职党员进社区服务情况的反馈函",
        "测试大学党组织：",
        "2019年度，贵单位共有2名在职党员在湖北路街道报到。现将其在社区的服务情况反馈如下。",
        "共认领服务岗位2个，涉及助老帮扶、助学辅导2类；参加志愿服务3人次，累计服务3小时30分钟。",
        (
            f"1．{masked('name', '张示例')}：认领岗位2个（助老帮扶、助学辅导）；"
            "参加服务3次，服务3小时30分钟；现有积分4分。"
        ),
        f"2．{masked('name', '王示例')}：未认领岗位；没有参加服务的记录；现有积分0分。",
        "以上情况，供贵单位党组织民主评议党员、评先评优时参考。特此函告。",
        "湖北路街道",
        "2019年12月20日",
    ]
    assert await community.events("feedback") == ["feedback.issued", "feedback.issued"]


async def test_whole_names_need_the_right_and_leave_a_record(community):
    busy, *_ = await year_of_service(community)
    await issue(community)

    refused = await community.get(
        "/v1/feedback/letters", "community-worker", within=STREET, year=2019, purpose="年度反馈"
    )
    found = await letters(community, "personnel-officer", purpose="年度反馈")

    assert refused.status_code == 403
    assert any(line.startswith("1．张示例：") for line in chain(*found.values()))
    readings = await community.value(
        "SELECT count(*) FROM personal_reading WHERE purpose = '年度反馈' AND fields = '{name}'"
    )
    assert readings == 3
    await community.done(f"/v1/registrants/{busy['registrant_id']}/leave", {}, 200)
    erased = await community.post(f"/v1/registrants/{busy['registrant_id']}/erase", {})
    again = await letters(community)
    assert erased.status_code == 204
    assert any(line.startswith("1．（信息已删除）：") for line in chain(*again.values()))


async def test_a_letter_goes_out_once_a_year_unless_a_reason_is_given(community):
    await year_of_service(community)
    first = await issue(community, COMMUNITY)
    above = await issue(community, STREET)
    below = await issue(community, GRID)
    again = await issue(community, COMMUNITY, reason="corrected")
    page = (await community.get("/v1/feedback", year=2019)).json()["items"]
    found = await letters(community, within=COMMUNITY)

    assert [a.status_code for a in (first, above, below, again)] == [201, 409, 409, 201]
    assert {above.json()["code"], below.json()["code"]} == {"feedback-out"}
    assert sorted((i["edition"], i["reason"]) for i in page if i["edition"] == 2) == [
        (2, "corrected"),
        (2, "corrected"),
    ]
    assert any("本函为第2次出具（数据更正），前函作废。" in line for line in chain(*found.values()))


async def test_of_eight_calls_at_once_one_writes_and_a_late_employer_still_gets_one(community):
    await year_of_service(community)

    answers = await together(issue(community) for _ in range(8))
    third = await community.done(
        "/v1/employers", {"code": "DW-03", "name": "测试公司", "area": DISTRICT}
    )
    await community.register(employer_id=third["employer_id"])
    late = await issue(community)

    assert sorted(a.status_code for a in answers) == [201] + [409] * 7
    assert [i["employer_id"] for i in late.json()["items"]] == [third["employer_id"]]
    assert len(late.json()["out_already"]) == 2


async def test_what_a_letter_said_stays_said(community):
    busy, *_ = await year_of_service(community)
    await issue(community)
    before = await letters(community)

    await community.serve(busy, minutes=60, held_on="2019-10-01")
    post = (await community.get("/v1/claims", registrant_id=busy["registrant_id"])).json()["items"]
    await community.done(f"/v1/claims/{post[0]['claim_id']}/release", {"how": "released"}, 200)

    assert await letters(community) == before


async def test_nobody_to_report_and_no_letters_are_said_plainly(community):
    nobody = await issue(community)
    none = await community.get("/v1/feedback/letters", within=STREET, year=2019)

    assert (nobody.status_code, nobody.json()["code"]) == (409, "nobody-to-report")
    assert none.status_code == 404


async def test_the_yearly_statement_is_what_the_appraisal_rests_on(community):
    busy, *_ = await year_of_service(community)
    await community.serve(busy, minutes=30, held_on="2019-11-01", summary="陪同就医")
    await issue(community)
    path = f"/v1/registrants/{busy['registrant_id']}/yearly-statement"

    shown = (await community.get(path, "viewer", year=2019)).json()
    whole = (await community.get(path, year=2019, purpose="民主评议")).json()
    none = await community.get(path, year=2018)

    assert (shown["name"], whole["name"]) == (masked("name", "张示例"), "张示例")
    assert (shown["posts"], shown["attended"], shown["minutes"]) == (2, 4, 240)
    assert shown["points"] == 5  # 90, 60, 60 and 30 minutes
    assert [s["summary"] for s in shown["services"]] == [None] * 4
    assert whole["services"][-1]["summary"] == "陪同就医"
    assert [f["edition"] for f in shown["feedback"]] == [1]
    assert (none.status_code, none.json()["code"]) == (409, "nobody-to-report")


async def test_erasing_somebody_erases_the_words_about_what_they_did_alone(community):
    gone, here = [await community.register(occurred_at=REGISTERED) for _ in range(2)]
    alone = await community.serve(gone, summary="陪同就医")
    together = await community.serve(gone, here, summary="清扫楼道")
    path = f"/v1/registrants/{gone['registrant_id']}"
    await community.done(f"{path}/leave", {}, 200)
    await community.post(f"{path}/erase", {})

    kept = "SELECT key IS NOT NULL FROM person WHERE person_id = $1"
    assert [await community.value(kept, each["record_id"]) for each in (alone, together)] == [
        False,
        True,
    ]


async def test_employers_not_written_to_are_named_a_month_before_the_year_ends(community, watch):
    await year_of_service(community)
    context = community.client.app.state.context
    watch.now = datetime(2019, 11, 30, 1, 0, tzinfo=UTC)
    early = await sweeps.once(context, FEEDBACK_SWEEP)
    watch.now = datetime(2019, 12, 1, 1, 0, tzinfo=UTC)
    due = await sweeps.once(context, FEEDBACK_SWEEP)
    again = await sweeps.once(context, FEEDBACK_SWEEP)
    raised = (await community.get("/v1/alerts", kind="feedback-due")).json()["items"]
    await issue(community)
    left = (await community.get("/v1/alerts", kind="feedback-due")).json()["items"]

    assert (early, due, again) == (0, 2, 0)
    assert {(a["due_on"], a["rule"]) for a in raised} == {("2019-12-31", "working.feedback")}
    assert left == []
