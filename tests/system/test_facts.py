"""What the office of the demo year wrote into the workbook is what the figures say: exact numbers,
lower bounds, targets, persons and person-times each by themselves.
"""

from collections.abc import Iterator

import httpx
import pytest

from ops.demo import office
from tests import walks
from tests.stack import Stack

YEAR = {"from": "2019-01-01", "to": "2019-12-31"}


@pytest.fixture(scope="module")
def projector(stack: Stack) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {stack.token()}"}
    with httpx.Client(base_url=stack.url("projector"), headers=headers) as client:
        yield client


def value(projector: httpx.Client, area: str, key: str, by: str = "", group: str = "") -> object:
    """The figure of the year, or of one group of it."""
    asked = YEAR | {"area": area} | ({"by": by} if by else {})
    answer = projector.get(f"/v1/figures/{key}", params=asked)
    assert answer.status_code == 200, answer.text
    if not by:
        return answer.json()["value"]
    return {each["key"]: each["value"] for each in answer.json()["groups"]}.get(group)


OF_STREET = [
    ("membership.funds_at_least", "fund_kind", "base", 80),
    ("membership.funds", "fund_kind", "base-upgrade", 30),
    ("membership.funds_at_least", "fund_kind", "garden", 10),
    ("membership.funded", "fund_kind", "garden", 4),
    ("membership.funds_at_least", "fund_kind", "star-estate", 40),
    ("membership.funded", "fund_kind", "star-estate", 14),
    ("membership.funds_at_least", "fund_kind", "venue-renewal", 150),
    ("membership.funds", "fund_kind", "community-building", 350),
    ("membership.funds", "fund_kind", "work", 80),
    ("membership.funds", "fund_kind", "party-building", 70),
    ("membership.funds", "fund_kind", "serving-residents", 80),
    ("membership.funds", "", "", 610),
    ("membership.instructors", "", "", 4),
    *(
        ("membership.community_committee_meetings", "area", community, 8)
        for community in office.COMMUNITIES
    ),
]
OF_COMMUNITY = [
    ("membership.branches", "", "", 7),
    ("membership.members", "", "", 362),
    ("membership.liaison_points", "", "", 7),
    ("membership.liaison_points", "estate", f"XQ{office.COMMUNITY}-1", 3),
    ("membership.liaison_points", "estate", f"XQ{office.COMMUNITY}-2", 4),
    ("membership.liaison_slots_per_week", "", "", 70),
    ("membership.seminars", "", "", 15),
    ("membership.study_notes", "", "", 0),
    ("membership.study_notes_at_least", "", "", 30),
    ("membership.essays", "", "", 23),
    ("membership.reflections", "", "", 50),
    ("membership.register_entries", "register_kind", "merit-list", 38),
    ("membership.register_entries", "register_kind", "pledge", 23),
    ("membership.register_standing", "register_kind", "model-post", 4),
    ("membership.register_standing", "register_kind", "estate-without-manager", 3),
    ("membership.register_entries", "register_kind", "press-item", None),
    ("membership.register_entries_at_least", "register_kind", "press-item", 30),
    ("membership.duties_per_month_at_least", "duty_kind", "field-visit", 1),
    ("membership.study_visit_person_times", "", "", 51),
    ("membership.neworgs", "", "", 15),
    ("membership.neworgs_covered", "", "", 15),
    ("membership.neworgs_instructed", "", "", 15),
    ("membership.working_attendance", "", "", 473),
    ("membership.registrants", "", "", 0),
    ("membership.activities_target", "activity_kind", "warm-service", 12),
    ("membership.activities", "activity_kind", "warm-service", None),
    ("membership.training_sessions", "", "", 5),
    ("membership.training_by_meeting", "", "", 12),
    ("membership.activists", "", "", 10),
    ("membership.activists_high_school", "", "", 9),
    ("membership.activists_trained", "", "", 6),
    ("membership.menu_services", "", "", 0),
    ("membership.menu_services_at_least", "", "", 50),
]


def named(figures: list[tuple[str, str, str, int | None]]) -> dict[str, tuple]:
    return {" ".join(figure[:3]): figure for figure in figures}


@walks.over(named(OF_STREET))
def test_the_workbook_and_the_figures_of_the_street_say_the_same(figure, projector):
    *asked, stated = figure
    assert value(projector, office.STREET, *asked) == stated


@walks.over(named(OF_COMMUNITY))
def test_the_workbook_and_the_figures_of_the_community_agree(figure, projector):
    *asked, stated = figure
    assert value(projector, office.COMMUNITY, *asked) == stated


SENTENCES = [
    "现有自管党员362名",
    "发展入党积极分子10名，其中具有高中以上学历的9名，参与培训学习6名。",
    "组织专题学习研讨15次，撰写学习笔记不少于30份，征文23篇，心得体会50份。",
    "组织集中培训5次，以会代训12次，外出培训考察51人次。",
    "召开社区党委会议56次。",
    "在职党员参加活动473人次。",
    "设党群联络点7个，每周安排党员值班70班次。",
    "固定每月至少开展实地走访1次。",
    "投入各类经费共610万元",
    "小游园建设10万元、小区星级达标40万元、活动场所改造150万元（不少于此数）。",
    "在册党员示范岗4个、无主管小区3个。",
    "本期登记评比表彰党员38名、党员承诺书23份；另有媒体刊登30篇（不少于此数）。",
]


def test_the_summary_of_the_street_states_what_the_office_wrote(projector):
    asked = YEAR | {"area": office.STREET, "format": "md"}
    summary = projector.get("/v1/summaries/work", params=asked).raise_for_status().text
    assert [sentence for sentence in SENTENCES if sentence not in summary] == []


def test_the_events_behind_the_funds_add_up_to_them_in_their_unit(projector):
    asked = YEAR | {"area": office.STREET}
    answer = projector.get("/v1/figures/membership.funds/events", params=asked)
    amounts = [event["amount"] for event in answer.raise_for_status().json()["items"]]
    assert sorted(amounts) == [30, 70, 80, 80, 350]


def test_dumplings_are_no_attendance(projector):
    def in_winter(key: str) -> object:
        asked = {"area": office.COMMUNITY, "from": "2018-12-01", "to": "2018-12-31"}
        return projector.get(f"/v1/figures/{key}", params=asked).raise_for_status().json()["value"]

    assert in_winter("membership.dumplings_at_least") == 500
    assert in_winter("membership.activity_person_times") == 0


def test_362_members_in_7_branches_raise_the_warning_about_more_than_50(stack: Stack):
    headers = {"Authorization": f"Bearer {stack.token()}"}
    asked = {"kind": "branch-too-large", "within": office.COMMUNITY}
    with httpx.Client(base_url=stack.url("membership"), headers=headers) as client:
        alerts = client.get("/v1/alerts", params=asked).json()["items"]
        rules = {rule["code"]: rule for rule in client.get("/v1/rules").json()}
    assert len(alerts) == 7  # five branches of 52, two of 51
    assert {alert["severity"] for alert in alerts} == {"warn"}
    # Stated by the summary, too, but rules: no figure
    assert rules["benefit.age"]["parameters"]["least_years"] == 80
    assert rules["merit.cycle"]["parameters"]["months"] == 6
    assert {3, 7} <= set(rules["reserve.pool"]["parameters"].values())
