"""How many kinds there are: each once, whatever the number of areas, months and claims."""

from datetime import UTC, datetime

from contracts.kinds.working import ClaimEnd
from contracts.membership.working import PostClaimed, PostClaimEnded, ServiceRecorded
from tests.eventually import eventually
from tests.unit.projector.build import COMMUNITY, NEXT_COMMUNITY, STREET, an_id, area

MAY, JULY = datetime(2019, 5, 8, 1, tzinfo=UTC), datetime(2019, 7, 8, 1, tzinfo=UTC)


def claimed(name: str, kind: str, where: str = COMMUNITY) -> dict[str, object]:
    return {
        "area": where,
        "claim_id": an_id(name),
        "post_id": an_id(f"岗位{name}"),
        "registrant_id": an_id("报到"),
        "employer_id": an_id("单位"),
        "post_kind": kind,
    }


async def test_kinds_claimed_are_counted_once_in_an_area_and_a_period(desk):
    await desk.tell(area(NEXT_COMMUNITY, "科大社区"))
    await desk.tell(PostClaimed(**claimed("甲", "patrol")), MAY)
    await desk.tell(PostClaimed(**claimed("乙", "patrol", NEXT_COMMUNITY)), MAY)
    await desk.tell(PostClaimed(**claimed("丙", "tutoring")), JULY)
    await desk.tell(PostClaimEnded(**claimed("丙", "tutoring"), how=ClaimEnd.WITHDRAWN), JULY)

    async def all_told() -> bool:
        return await desk.value("membership.posts_claimed") == 3

    await eventually(all_told)
    whole = await desk.figure("membership.post_kinds_claimed")
    by_area = await desk.figure("membership.post_kinds_claimed", by="area", area=STREET)
    by_month = await desk.figure("membership.post_kinds_claimed", by="month")
    spring = await desk.value("membership.post_kinds_claimed", to="2019-06-30")

    assert (whole["value"], spring) == (2, 1)
    assert {g["key"]: g["value"] for g in by_area["groups"]} == {COMMUNITY: 2, NEXT_COMMUNITY: 1}
    assert [g["value"] for g in by_month["groups"]][4:7] == [1, 0, 1]
    events = (await desk.get("/v1/figures/membership.post_kinds_claimed/events")).json()["items"]
    assert {event["figure"] for event in events} == {"membership.posts_claimed"}
    assert len(events) == 3


async def test_473_person_times_are_read_in_the_summary_as_person_times(desk):
    await desk.tell(
        ServiceRecorded(
            area=COMMUNITY,
            record_id=an_id("合计"),
            post_kind="other",
            held_on="2019-06-08",
            service_time="unstated",
            sessions=0,
            attended=473,
            service_minutes=0,
            beneficiaries=0,
            bound="exact",
        )
    )

    async def told() -> bool:
        return await desk.value("membership.working_attendance") == 473

    await eventually(told)
    summary = (await desk.get("/v1/summaries/work", format="md")).text
    assert "在职党员参加活动473人次" in summary
    assert await desk.value("membership.working_activities") == 0
