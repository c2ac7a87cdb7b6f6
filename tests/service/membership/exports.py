"""A street in which every list that has a file by the helper has something to show."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import SQLModel

from contracts.kinds.alerts import AlertKind
from services.chassis.database import Database
from services.chassis.ids import new_id
from services.membership.tables.alerts import AlertRow
from services.membership.tables.dues.rows import ReturnRow
from services.membership.tables.volunteering.rows import VolunteerRow
from services.membership.tables.working.rows import FeedbackRow
from tests.service.membership.roll import COMMUNITY, DISTRICT, OTHER, Roll

NOW = datetime(2026, 6, 1, 1, 30, tzinfo=UTC)
GRID = f"{COMMUNITY}001"
SOURCE = "测试依据"


async def furnish(roll: Roll, database: Database) -> None:
    grid = await roll.send("PUT", f"/v1/areas/{GRID}", name="测试网格")
    assert grid.status_code == 201, grid.text
    branches = (roll.branch, *roll.branches)
    members = [await roll.register(organisation_id=branch) for branch in branches]
    ids = [str(member["member_id"]) for member in members]
    await _coverage(roll, ids[0])
    for read in ids:
        personal = await roll.get(f"/v1/members/{read}/personal", purpose="核对名册")
        assert personal.status_code == 200, personal.text
    for number in range(3):
        await _made(roll, "employers", code=f"DW-{number}", name=f"=单位{number}", area=COMMUNITY)
        await _made(
            roll, "reserve-cadres", area=COMMUNITY, name="测试甲", since=f"2024-01-0{number + 1}"
        )
        body = {"area": GRID, "holder_kind": "member"}
        answer = await roll.send("PUT", f"/v1/grid-responders/{ids[number]}", **body)
        assert answer.status_code in {200, 201}, answer.text
        await _at_point(roll, number)
        await _volunteer(roll, number, ids[number])
    for branch, area in zip(roll.branches, (COMMUNITY, OTHER), strict=True):
        await _of_branch(roll, branch, area)
    await _standards(roll)
    await _by_rows(roll, database, ids)
    for number, member in enumerate(ids):
        reward = {"rule_code": "officer.reward", "amount": 9 - number, "evidence": "A-1"}
        await _made(roll, "points/entries", subject_id=member, **reward)
        await _made(
            roll,
            "appraisal-results",
            organisation_id=roll.branch,
            member_id=member,
            year=2024,
            result="qualified",
            evidence="A-2",
        )
    await _made(roll, "transfers", member_id=ids[0], to_id=roll.branches[1], cause="work")
    await _made(roll, "transfers", member_id=ids[2], counterpart="测试市某党委", cause="work")


async def _volunteer(roll: Roll, number: int, member: str) -> None:
    of_branch = {"organisation_id": roll.branch}
    await _made(
        roll, "volunteer-teams", code=f"FW-{number}", name="服务队", kind="culture", **of_branch
    )
    await _made(roll, "skills", service_kind="repair", member_id=member, **of_branch)
    repair = {"code": f"FW-{number}", "name": "修理", "service_kind": "repair"}
    item = await _made(roll, "service-items", **repair, member_id=member, star="one")
    contact = {"name": "测试户丙", "phone": "13900000000"}
    await _made(roll, "service-requests", item_id=item["item_id"], contact=contact)


async def _at_point(roll: Roll, number: int) -> None:
    point = await _made(
        roll,
        "liaison-points",
        code=f"LL-{number}",
        label="联络点",
        organisation_id=roll.branch,
        area=COMMUNITY,
        estate_code="XQ-1",
        artefacts=["logbook"],
    )
    about = {"channel": "call", "topic_kind": "policy", "number": f"LF-{number}"}
    await _made(roll, "liaison-visits", point_id=point["point_id"], **about)


async def _coverage(roll: Roll, member: str) -> None:
    neworg = await _made(
        roll,
        "new-organisations",
        code="LX-1",
        name="测试商会",
        kind="enterprise",
        area=COMMUNITY,
        coverage="none",
    )
    for number in range(3):
        instructor = await _made(
            roll,
            "instructors",
            code=f"ZD-{number}",
            name="测试乙",
            area=COMMUNITY,
            member_id=member,
            since="2024-01-01",
        )
        if number == 0:
            await _made(
                roll,
                f"instructors/{instructor['instructor_id']}/charges",
                neworg_id=neworg["neworg_id"],
                since="2024-02-01",
            )


async def _of_branch(roll: Roll, branch: str, area: str) -> None:
    await _made(roll, "branch-zones", organisation_id=branch, area=area)
    await _made(
        roll,
        "service-statements",
        organisation_id=branch,
        measure="menu",
        year=2025,
        quantity=1000,
        bound="at-least",
    )
    await _made(
        roll,
        "duty-rotas",
        code=f"ZQ-{area}",
        kind="patrol",
        organisation_id=branch,
        area=area,
        times_per_month=2,
        routes=[area],
    )
    await _made(roll, "appraisals", organisation_id=branch, year=2025)
    for held_on in ("2021-03-01", "2024-03-01"):
        await _made(roll, f"organisations/{branch}/elections", held_on=held_on, elected=5)
    for day in (8, 9):
        await _made(
            roll,
            "activities",
            organisation_id=branch,
            kind="lecture",
            variant_kind="scenario",
            starts_at=f"2019-06-{day:02}T09:00:00+08:00",
            headcount=12,
            outputs=[{"kind": "notes", "quantity": 30}],
        )
    for name in ("测试户甲", "测试户乙"):
        await _made(
            roll,
            "wishes",
            wish_kind="companionship",
            difficulty="empty-nest",
            organisation_id=branch,
            contact={"name": name, "phone": "13900000000", "wish": "有人陪着读报"},
        )
    await _made(
        roll,
        "help-files",
        code=f"MQ-{area}",
        organisation_id=branch,
        grade="first",
        difficulty="empty-nest",
        consent_reference="TY-1",
        consented_on="2024-03-01",
        household={"name": "测试户丙", "phone": "13900000000"},
        occurred_at="2024-03-02T09:00:00+08:00",
    )


async def _standards(roll: Roll) -> None:
    for number in range(1, 4):
        fund = {"book": "fund", "kind": "party-building", "label": "党建工作经费"}
        await _made(roll, "book-entries", **fund, area=COMMUNITY, amount_fen=999 * number)
        served = {"organisation_id": roll.branch, "kind": "served", "headcount": number}
        await _made(roll, "headcounts", **served)
    for number in range(3):
        await _made(
            roll,
            "profile-numbers",
            area=COMMUNITY,
            kind="households",
            quantity=3000 + number,
            source=SOURCE,
            occurred_at=f"2024-0{number + 1}-01T09:00:00+08:00",
        )
    for kind in ("branch", "committee"):
        await _made(
            roll,
            "cadences",
            code=f"theme-{kind}",
            area=DISTRICT,
            organisation_kind=kind,
            activity_kind="theme-day",
            every="month",
            times=1,
            effective_from="2030-01-01",
            source=SOURCE,
        )


OWED = """
INSERT INTO duty (duty_id, organisation_id, cadence_id, code, organisation_kind, area, kind, every,
                  first_on, due_on, remind_on, needed, held)
SELECT gen_random_uuid(), $1, cadence_id, code, 'branch', $2, activity_kind, every,
       '2021-03-01', '2021-03-31', '2021-03-24', 2, n
  FROM cadence, generate_series(0, 1) n WHERE code = 'theme-day'
"""


async def _by_rows(roll: Roll, database: Database, members: list[str]) -> None:
    """What only the clock, or a year of work, would bring about."""
    listed = await roll.get("/v1/employers")
    employer = listed.json()["items"][0]["employer_id"]
    rows: list[SQLModel] = [
        AlertRow(
            alert_id=new_id(),
            kind=next(iter(AlertKind)),
            subject_id=new_id(),
            area=COMMUNITY,
            organisation_id=UUID(roll.branch),
            severity="warn",
            due_on=date(2026, 6, 30),
            facts={"missing": number},
            raised_at=NOW,
        )
        for number in range(3)
    ]
    rows += [
        VolunteerRow(
            volunteer_id=new_id(),
            holder_id=UUID(member),
            holder_kind="member",
            area=COMMUNITY,
            minutes=90,
            star="one",
            version=1,
            recorded_at=NOW,
        )
        for member in members
    ]
    rows += [
        ReturnRow(
            return_id=new_id(),
            organisation_id=UUID(roll.branch),
            organisation_kind="branch",
            area=COMMUNITY,
            year=2025,
            base_amount=9999,
            percent=30,
            amount=2999,
            rule_version="1",
            returned_on=date(2026, 2, 1),
            recorded_at=NOW,
        ),
        FeedbackRow(
            feedback_id=new_id(),
            employer_id=employer,
            area=COMMUNITY,
            year=2025,
            edition=1,
            registrants=1,
            attended=2,
            service_minutes=90,
            content=[],
            issued_on=date(2026, 1, 9),
            recorded_at=NOW,
        ),
    ]
    async with database.sessions() as session:
        session.add_all(rows)
        await session.commit()
    await database.pool.execute(OWED, UUID(roll.branch), COMMUNITY)
    for member in members:
        await _made(
            roll,
            "dues/reliefs",
            member_id=member,
            kind="exempt",
            from_month="2026-06-01",
            to_month="2026-08-01",
            studied_on="2026-05-25",
        )
        standard = {"payer": "salaried", "income": 450_000, "from_month": "2025-11-01"}
        await _made(roll, f"members/{member}/dues-standards", **standard)
        await _made(
            roll,
            "dues/payments",
            member_id=member,
            receipt=f"SJ-{member}",
            channel="cash",
            paid_on="2026-05-25",
            amount=4500,
            months=["2025-11-01"],
        )


async def _made(roll: Roll, path: str, **body: Any) -> dict[str, Any]:
    answer = await roll.send("POST", f"/v1/{path}", **body)
    assert answer.status_code in {200, 201}, (path, answer.text)
    return dict(answer.json())
