"""What an office writes into the workbook is what the figures say: exact numbers, lower bounds,
targets, persons and person-times each by themselves.
"""

import asyncio
import json
from collections.abc import Iterator

import httpx
import pytest

from ops.ledger.template import write_template
from tests.eventually import eventually
from tests.stack import Stack, free_port_base
from tests.system import facts

YEAR = {"area": facts.STREET, "from": "2019-01-01", "to": "2019-12-31"}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """An instance of its own, into which the workbook was imported, twice."""
    folder = tmp_path_factory.mktemp("facts")
    running = Stack(folder / "data", free_port_base())
    try:
        running.run("up", "--detach", "--data", str(running.data))
        book = folder / "台账.xlsx"
        write_template(book, facts.workbook())
        first = running.run("import", str(book), "--data", str(running.data), check=False)
        assert first.returncode == 0, first.stdout + first.stderr
        again = running.run("import", str(book), "--data", str(running.data), "--format", "json")
        assert {ledger["created"] for ledger in json.loads(again.stdout)["ledgers"]} == {0}
        yield running
    finally:
        running.run("down", "--data", str(running.data), check=False)


@pytest.fixture(scope="module")
def projector(office: Stack) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {office.token()}"}
    with httpx.Client(base_url=office.url("projector"), headers=headers) as client:
        yield client


def value(projector: httpx.Client, key: str, by: str = "", group: str = "", **asked: str) -> object:
    """The figure of the year, or of one group of it."""
    params = YEAR | asked | ({"by": by} if by else {})
    answer = projector.get(f"/v1/figures/{key}", params=params)
    assert answer.status_code == 200, answer.text
    if not by:
        return answer.json()["value"]
    return {each["key"]: each["value"] for each in answer.json()["groups"]}.get(group)


FACTS = [
    # F02, F19-F23
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
    # F12-F16
    ("membership.branches", "", "", 7),
    ("membership.members", "", "", 362),
    ("membership.liaison_points", "", "", 7),
    ("membership.liaison_points", "estate", "XQ-1", 3),
    ("membership.liaison_points", "estate", "XQ-2", 4),
    ("membership.liaison_slots_per_week", "", "", 70),
    # F34-F39
    ("membership.seminars", "", "", 15),
    ("membership.study_notes", "", "", 0),
    ("membership.study_notes_at_least", "", "", 30),
    ("membership.essays", "", "", 23),
    ("membership.reflections", "", "", 50),
    ("membership.register_entries", "register_kind", "merit-list", 38),
    ("membership.register_entries", "register_kind", "pledge", 23),
    ("membership.register_standing", "register_kind", "model-post", 4),
    ("membership.duties_per_month_at_least", "duty_kind", "field-visit", 1),
    ("membership.study_visit_person_times", "", "", 51),
    # F40, F41
    ("membership.neworgs", "", "", 15),
    ("membership.instructors", "", "", 4),
    ("membership.neworgs_instructed", "", "", 15),
    ("membership.working_attendance", "", "", 473),
    ("membership.registrants", "", "", 0),
    # F45, F48, F49, F51, F52, F61, F65
    ("membership.activities_target", "activity_kind", "warm-service", 12),
    ("membership.activities", "activity_kind", "warm-service", None),
    ("membership.register_entries", "register_kind", "press-item", None),
    ("membership.register_entries_at_least", "register_kind", "press-item", 30),
    ("membership.community_committee_meetings", "area", facts.COMMUNITY, 8),
    ("membership.community_committee_meetings", "area", facts.NEXT, 8),
    ("membership.training_sessions", "", "", 5),
    ("membership.training_by_meeting", "", "", 12),
    ("membership.activists", "", "", 10),
    ("membership.activists_high_school", "", "", 9),
    ("membership.activists_trained", "", "", 6),
    ("membership.menu_services", "", "", 0),
    ("membership.menu_services_at_least", "", "", 50),
    ("membership.register_standing", "register_kind", "estate-without-manager", 3),
]


@pytest.fixture(scope="module")
def settled(projector: httpx.Client) -> httpx.Client:
    """Once the last line of the workbook has become a figure."""

    async def there() -> bool:
        return value(projector, "membership.funds", "fund_kind", "serving-residents") == 80

    asyncio.run(eventually(there, within_s=60))
    return projector


@pytest.mark.parametrize(("key", "by", "group", "stated"), FACTS)
def test_the_workbook_and_the_figures_say_the_same(settled, key, by, group, stated):
    assert value(settled, key, by, group) == stated


def test_dumplings_are_no_attendance(settled):
    winter = {"from": "2018-12-01", "to": "2018-12-31"}
    assert value(settled, "membership.dumplings_at_least", **winter) == 500
    assert value(settled, "membership.activity_person_times", **winter) == 0


def test_362_members_in_7_branches_raise_the_warning_about_more_than_50(office: Stack):
    headers = {"Authorization": f"Bearer {office.token()}"}
    with httpx.Client(base_url=office.url("membership"), headers=headers) as client:
        alerts = client.get("/v1/alerts", params={"kind": "branch-too-large"}).json()["items"]
        rules = {rule["code"]: rule for rule in client.get("/v1/rules").json()}
    assert len(alerts) == 7  # five branches of 52, two of 51
    assert {alert["severity"] for alert in alerts} == {"warn"}
    # F46, F47, F50: numbers that are rules
    assert rules["benefit.age"]["parameters"]["least_years"] == 80
    assert rules["merit.cycle"]["parameters"]["months"] == 6
    assert {3, 7} <= set(rules["reserve.pool"]["parameters"].values())
