"""A service other than membership has alerts of its own by the lines that begin this file."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import ClassVar
from uuid import UUID

import pytest
from sqlalchemy.orm import registry
from sqlmodel import SQLModel

from contracts import alerts as contract
from contracts.kinds.labelled import Labelled
from services.chassis import alerts, schema
from services.chassis.alerts import Alert, Alerts, Wanted
from services.chassis.service import Service
from services.chassis.unit_of_work import unit_of_work
from tests.service.chassis.probe import AREA, CAUSE


class Raised(contract.AlertRaised):
    type: ClassVar[str] = "jiceng.bases.alert.raised.v1"


class Cleared(contract.AlertEvent):
    type: ClassVar[str] = "jiceng.bases.alert.cleared.v1"


class Kinds(Labelled):
    TALLY_LOW = "tally-low", "计数不足"


class Row(SQLModel, registry=registry()):
    pass


class AlertRow(Alert, Row, table=True):
    __tablename__ = "alert"


ALERTS = Alerts(AlertRow, Raised, Cleared)
PROBE = Service(
    name="bases",
    title="探针",
    routers=(alerts.queries(ALERTS, Kinds, alerts.AlertView),),
    migrations=Path(),
)

TALLY, OTHER = UUID(int=1), UUID(int=2)
NOW = datetime(2026, 6, 8, tzinfo=UTC)


@pytest.fixture
async def client(start):
    started = await start(PROBE, background=False)
    for statement in schema.ALERTS:
        await started.app.state.context.database.pool.execute(statement)
    return started


def low(tally: UUID = TALLY, area: str = AREA, counted: int = 1) -> Wanted:
    return Wanted(
        kind=Kinds.TALLY_LOW,
        subject_id=tally,
        area=area,
        due_on=date(2026, 7, 1),
        facts={"counted": counted},
    )


async def settle(client, wanted: Wanted, *, stands: bool) -> bool:
    sessions = client.app.state.context.database.sessions
    async with unit_of_work(sessions, CAUSE, NOW, lambda: None) as uow:
        return await ALERTS.settle(uow, wanted, stands=stands)


async def shown(client, scene, area: str = AREA, path: str = "/v1/alerts", **query: str):
    return await client.get(path, params=query, headers=scene.headers("viewer", area))


async def told(client) -> list[tuple[str, int]]:
    rows = await client.app.state.context.database.pool.fetch(
        "SELECT type, aggregate_version FROM event_log ORDER BY id"
    )
    return [(row["type"], row["aggregate_version"]) for row in rows]


async def test_an_alert_stands_once_with_its_newest_facts_until_it_is_cleared(client, scene):
    assert await settle(client, low(counted=1), stands=True)
    assert not await settle(client, low(counted=2), stands=True)

    (one,) = (await shown(client, scene)).json()["items"]
    assert (one["label"], one["facts"], one["severity"]) == ("计数不足", {"counted": 2}, "warn")
    assert await settle(client, low(), stands=False)
    assert not await settle(client, low(), stands=False)
    assert (await shown(client, scene)).json()["items"] == []
    (past,) = (await shown(client, scene, cleared="true")).json()["items"]
    assert past["cleared_at"] is not None
    assert await told(client) == [(Raised.type, 1), (Cleared.type, 2)]


async def test_alerts_are_listed_by_area_and_subject_and_as_a_file(client, scene):
    await settle(client, low(), stands=True)
    await settle(client, low(OTHER, "410306001"), stands=True)

    here = (await shown(client, scene)).json()["items"]
    assert [each["subject_id"] for each in here] == [str(TALLY)]
    assert (await shown(client, scene, subject_id=str(OTHER))).json()["items"] == []
    file = await shown(client, scene, path="/v1/alerts/export")
    heading, row = file.text.splitlines()
    assert heading.removeprefix("\ufeff").startswith("预警,对象编号,责任党组织,区划,程度")
    assert row.startswith(f"计数不足,{TALLY},,{AREA},预警")
