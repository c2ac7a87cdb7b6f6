"""Sentences of the office's report, from the sheet through the service to the figure."""

from collections import Counter
from datetime import date, time, timedelta
from typing import Any

import pytest

from ops.ledger.books import Sheet
from ops.ledger.ledgers import BY_NAME, VOCABULARY
from ops.ledger.model import Row
from ops.ledger.sending import command_of
from ops.ledger.sheets import read_sheets
from services.projector.fold import tell
from tests.service.membership.life import begin

TODAY = date(2026, 1, 15)


@pytest.fixture
async def life(scene, start, database):
    return await begin(scene, start, database)


class Workbook:
    """Reads rows as the import does, and sends them as it does."""

    def __init__(self, life) -> None:
        self.life = life
        self.known: dict[str, dict[str, Any]] = {
            organisation["code"]: organisation for organisation in (life.branch,)
        }

    async def enter(self, ledger: str, *lines: dict[str, Any]) -> list[dict[str, Any]]:
        columns = BY_NAME[ledger].columns
        cells = [[line.get(column.field) for column in columns] for line in lines]
        sheet = Sheet(BY_NAME[ledger].sheet, [[c.heading for c in columns], *cells])
        rows = read_sheets([sheet], vocabulary=VOCABULARY, today=TODAY).rows
        assert [row.faults for row in rows] == [[]] * len(lines)
        return [await self._send(row) for row in rows]

    async def _send(self, row: Row) -> dict[str, Any]:
        for column in row.ledger.columns:
            if column.refers and (code := row.values.get(column.field)) in self.known:
                row.targets[column.field] = self.known[str(code)]
        command = command_of(row)
        headers = self.life.scene.headers() | {"Idempotency-Key": command.key}
        answer = await self.life.client.request(
            command.method, command.path, json=command.body, headers=headers
        )
        assert answer.status_code == 201, answer.text
        shown: dict[str, Any] = answer.json()
        if "code" in shown:
            self.known[shown["code"]] = shown
        return shown


async def figures(life) -> Counter[str]:
    bodies = await life.database.pool.fetch("SELECT body FROM event_log ORDER BY id")
    told = [tell(row["body"].encode()) for row in bodies]
    assert [each.problem for each in told if each.problem] == []
    found: Counter[str] = Counter()
    for fact in (fact for each in told for fact in each.facts):
        found[fact.figure.removeprefix("membership.")] += fact.amount
    return +found


def activity(number: int, kind: str, **given: Any) -> dict[str, Any]:
    day = date(2019, 1, 1) + timedelta(days=number)
    line = {"code": f"HD-{number}", "kind": kind, "organisation": "ZB-1", "date": day}
    return line | {"start": time(9)} | given


async def test_the_years_study_and_training_come_out_as_they_were_written(life):
    book = Workbook(life)
    await book.enter(
        "activities",
        *(activity(n, "专题学习研讨") for n in range(1, 16)),
        activity(20, "集中培训", sessions=5),
        activity(21, "以会代训", sessions=12),
        activity(22, "外出培训考察", headcount=51),
        activity(23, "节日活动"),
        activity(24, "志愿服务活动", sessions=12, sessions_bound="目标"),
        activity(25, "在职党员进社区志愿服务", headcount=473),
    )
    await book.enter(
        "activity_outputs",
        {"activity": "HD-1", "kind": "学习笔记", "quantity": 30, "bound": "余数（下限）"},
        {"activity": "HD-1", "kind": "心得体会", "quantity": 50},
        {"activity": "HD-2", "kind": "征文", "quantity": 23},
        {"activity": "HD-23", "kind": "饺子", "quantity": 500, "bound": "余数（下限）"},
    )

    found = await figures(life)

    expected = {
        "seminars": 15,
        "study_notes_at_least": 30,
        "reflections": 50,
        "essays": 23,
        "dumplings_at_least": 500,
        "training_sessions": 5,
        "training_by_meeting": 12,
        "study_visit_person_times": 51,
        "activities_target": 12,
        "activity_person_times": 51 + 473,
    }
    assert {key: found[key] for key in expected} == expected
    assert found["activities"] == 15 + 5 + 12 + 1 + 1 + 1
    assert "study_notes" not in found


async def test_a_monthly_visit_is_a_demand_of_once_a_month(life):
    (stated,) = await Workbook(life).enter(
        "cadences",
        {
            "code": "KC",
            "area": "410305",
            "organisation": "ZB-1",
            "activity_kind": "实地考察",
            "every": "每月",
            "times": 1,
            "effective_from": date(2019, 1, 1),
            "source": "年度安排",
        },
    )

    assert (stated["every"], stated["times"]) == ("month", 1)
    assert (await figures(life))["cadence_times"] == 1


async def test_a_sheet_brought_in_twice_changes_nothing(life):
    book = Workbook(life)
    line = activity(1, "主题党日", colour="绿色", headcount=20)

    first, again = [(await book.enter("activities", line))[0] for _ in range(2)]

    assert first == again
    assert len(await life.events("activity.completed")) == 1
