"""Rules are data: read by day, renewed from today on, and never for the past."""

import json
from datetime import UTC, date, datetime

import httpx
import pytest

from services.chassis import rulebook
from services.membership.domain.sizes import BranchMaximum, BranchMinimum
from services.membership.standards import RULES
from tests.conftest import DISTRICT
from tests.service.membership.roll import Roll, opened
from tests.together import together

TODAY = datetime(2026, 11, 21, 4, tzinfo=UTC)
PATH = "/v1/rules/branch.maximum/versions"


@pytest.fixture
async def roll(scene, start) -> Roll:
    return await opened(scene, start, clock=lambda: TODAY)


async def issue(
    roll: Roll, path: str = PATH, role: str = "admin", area: str = DISTRICT, **given
) -> httpx.Response:
    body = {
        "version": "2027",
        "effective_from": "2027-01-01",
        "severity": "warn",
        "source": "区委组织部文件第一条",
        "parameters": {"most": 60},
    } | given
    return await roll.client.post(path, json=body, headers=roll.scene.headers(role, area))


async def in_force(roll: Roll, day: str) -> dict[str, dict]:
    return {rule["code"]: rule for rule in (await roll.get("/v1/rules", day=day)).json()}


async def test_every_rule_is_in_force_with_its_source_and_the_names_of_its_numbers(roll):
    rules = await in_force(roll, "2026-11-21")

    assert rules.keys() == {rule.code for rule in RULES}
    assert all(rule["source"] and rule["version"] and rule["label"] for rule in rules.values())
    least = rules["branch.minimum"]
    assert (least["parameters"], least["severity"]) == ({"least": 3}, "block")
    assert least["labels"]["least"].startswith("正式党员")


async def test_a_new_version_counts_from_its_day_and_not_before(roll):
    assert (await issue(roll)).status_code == 201

    assert (await in_force(roll, "2026-12-31"))["branch.maximum"]["parameters"] == {"most": 50}
    assert (await in_force(roll, "2027-01-01"))["branch.maximum"]["parameters"] == {"most": 60}
    versions = (await roll.get("/v1/rules/branch.maximum")).json()
    assert [version["version"] for version in versions] == ["2018", "2027"]
    async with roll.client.app.state.context.database.sessions() as session:
        for day, most in ((date(2026, 12, 31), 50), (date(2027, 1, 1), 60)):
            book = await rulebook.at(session, day, BranchMaximum, BranchMinimum)
            assert (book[BranchMaximum].most, book[BranchMinimum].least) == (most, 3)


@pytest.mark.parametrize(("day", "status"), [("2026-11-20", 422), ("2026-11-21", 201)])
async def test_a_version_begins_today_or_later(roll, day, status):
    answer = await issue(roll, effective_from=day)

    assert answer.status_code == status
    if status == 422:
        assert (answer.json()["code"], answer.json()["earliest"]) == (
            "rule-backdated",
            "2026-11-21",
        )


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"most": 0}, "parameters.most"),
        ({"most": "many"}, "parameters.most"),
        ({}, "parameters.most"),
        ({"most": 60, "colour": "red"}, "parameters.colour"),
    ],
)
async def test_the_numbers_are_those_of_the_rule(roll, parameters, field):
    answer = await issue(roll, parameters=parameters)

    assert (answer.status_code, answer.json()["code"]) == (422, "rule-parameters-wrong")
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("day", ["2027-01-01", "2028-01-01"])
async def test_a_name_belongs_to_one_version(roll, day):
    await issue(roll)
    answer = await issue(roll, effective_from=day)

    assert (answer.status_code, answer.json()["code"]) == (409, "rule-version-taken")
    assert answer.json()["field"] == "version"


@pytest.mark.parametrize(("day", "status"), [("2026-11-21", 409), ("2026-11-22", 201)])
async def test_a_version_is_superseded_until_the_day_before_it_begins(roll, day, status):
    await issue(roll, effective_from=day, parameters={"most": 600})
    before = await in_force(roll, "2026-11-20")
    answer = await issue(roll, version="2027.1", effective_from=day)

    assert answer.status_code == status
    if status == 409:
        assert (answer.json()["code"], answer.json()["field"]) == (
            "rule-version-taken",
            "effective_from",
        )
    most = {409: 600, 201: 60}[status]
    assert (await in_force(roll, day))["branch.maximum"]["parameters"] == {"most": most}
    assert await in_force(roll, "2026-11-20") == before


async def test_what_was_superseded_is_gone_but_told_and_its_name_is_not_used_again(roll):
    await issue(roll, parameters={"most": 600})
    await issue(roll, version="2027.1", source="更正", severity="block")
    again = await issue(roll, effective_from="2028-01-01")

    versions = (await roll.get("/v1/rules/branch.maximum")).json()
    assert [(v["version"], v["source"], v["severity"]) for v in versions][1:] == [
        ("2027.1", "更正", "block")
    ]
    assert (again.status_code, again.json()["field"]) == (409, "version")
    rows = await roll.client.app.state.context.database.pool.fetch(
        "SELECT body FROM event_log WHERE type = 'jiceng.membership.rule.issued.v1' ORDER BY id"
    )
    told = [json.loads(row["body"]) for row in rows]
    assert [
        (e["aggregateversion"], e["data"]["version_code"], e["data"]["parameters"]) for e in told
    ] == [(1, "2027", {"most": 600}), (2, "2027.1", {"most": 60})]


async def test_of_many_who_supersede_one_version_at_once_each_is_told_in_its_turn(roll):
    await issue(roll)
    names = [f"2027.{n}" for n in range(1, 6)]
    answers = await together(issue(roll, version=name) for name in names)

    assert [answer.status_code for answer in answers] == [201] * 5
    told = await roll.client.app.state.context.database.pool.fetch(
        "SELECT aggregate_version, body::jsonb -> 'data' ->> 'version_code' AS name"
        " FROM event_log WHERE type = 'jiceng.membership.rule.issued.v1' ORDER BY 1"
    )
    assert [row["aggregate_version"] for row in told] == [1, 2, 3, 4, 5, 6]
    last = (await roll.get("/v1/rules/branch.maximum")).json()[-1]
    assert last["version"] == told[-1]["name"]


async def test_an_event_tells_the_numbers_in_dense_versions(roll):
    await issue(roll)
    await issue(roll, version="2028", effective_from="2028-01-01", parameters={"most": 70})

    rows = await roll.client.app.state.context.database.pool.fetch(
        "SELECT body FROM event_log WHERE type = 'jiceng.membership.rule.issued.v1' ORDER BY id"
    )
    told = [json.loads(row["body"]) for row in rows]
    assert [event["aggregateversion"] for event in told] == [1, 2]
    assert told[0]["data"]["parameters"] == {"most": 60}
    assert told[0]["data"]["rule_code"] == "branch.maximum"


async def test_of_many_who_issue_one_version_at_once_one_does(roll):
    answers = await together(issue(roll) for _ in range(6))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5


@pytest.mark.parametrize("role", ["viewer", "personnel-officer"])
async def test_only_who_keeps_standards_issues_rules(roll, role):
    assert (await issue(roll, role=role)).status_code == 403


async def test_who_stands_below_the_widest_area_issues_no_rules(roll):
    before = await in_force(roll, "2027-01-01")
    answer = await issue(roll, area="410305001")

    assert (answer.status_code, answer.json()["code"]) == (403, "area-out-of-scope")
    assert await in_force(roll, "2027-01-01") == before


async def test_an_unknown_rule_is_not_found(roll):
    assert (await roll.get("/v1/rules/moon.phase")).status_code == 404
    assert (await issue(roll, "/v1/rules/moon.phase/versions")).status_code == 404
