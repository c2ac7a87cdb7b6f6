"""What staff ask all day reads indexes: the plans of the statements as the rooms send them."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.members import COUNTED
from ops.bench.populace import Shape, identity, populate
from services.chassis import personal
from services.chassis.alerts import AlertFilters
from services.chassis.auth import Grant, Principal
from services.chassis.database import Database
from services.chassis.http import listing
from services.chassis.personal import Vault
from services.chassis.settings import Settings
from services.membership.api.activities.lists import ActivityFilters
from services.membership.api.cadence import IN_ORDER, DutyFilters
from services.membership.api.members.lists import MemberFilters
from services.membership.api.organisations import OrganisationFilters
from services.membership.handlers.alerts import ALERTS
from services.membership.tables import cadence, members, organisations, sizes
from services.membership.tables.activities.rows import ActivityRow
from services.membership.tables.members import MemberRow, lists
from services.membership.tables.organisations import OrganisationRow
from tests.service.plans import filled, nodes, noted

SHAPE = Shape(cities=3, districts=4, streets=10, communities=20)
MEMBERS = 20_000
GROWING = {
    "member",
    "member_history",
    "person",
    "person_index",
    "activity",
    "duty",
    "alert",
    "organisation_tally",
}
PROVINCE, CITY, DISTRICT, STREET = "41", "4102", "410203", "410203007"
COMMUNITY, PAGE = "410203007011", 51
VAULT = Vault(Settings().root_keys())
STAFF = Principal("test", (Grant("admin", PROVINCE),), 0)
MIDDLE = UUID(int=1 << 127)
TODAY = date.today()  # noqa: DTZ011  the day of the database's rows
YEAR = (date(TODAY.year, 1, 1), TODAY - timedelta(days=1))
SOON = (TODAY, date.max, TODAY)


@dataclass(frozen=True)
class Desk:
    """Where questions are asked: through the session, on the driver's connection, as a list."""

    database: Database
    session: AsyncSession
    connection: asyncpg.Connection
    branch: UUID
    street: OrganisationRow


Ask = Callable[[Desk], Awaitable[Any]]


def roll(
    after: tuple[str, UUID] | None = None,
    within: str = PROVINCE,
    where: Sequence[Any] = (),
    **asked: Any,
) -> Ask:
    filters = MemberFilters.model_construct(within=within, **asked)
    cursor = [str(part) for part in after] if after else None
    order = ("area", "member_id")
    return lambda d: listing.listed(
        d, STAFF, MemberRow, filters, cursor, PAGE - 1, order=order, where=where
    )


def counted(*by: str, within: str) -> Ask:
    where = listing.conditions(MemberRow, MemberFilters(within=within), [within])
    standing = [*where, col(MemberRow.state).in_(COUNTED)]
    return lambda d: lists.structure(d.session, standing, by)


def short(within: str, period: tuple[date, ...], kind: str | None = None) -> Ask:
    filters, where = DutyFilters(within=within, kind=kind), cadence.short(*period)
    return lambda d: listing.listed(
        d, STAFF, cadence.DutyRow, filters, None, PAGE - 1, order=IN_ORDER, where=where
    )


def warned(within: str, **asked: Any) -> Ask:
    filters = AlertFilters(within=within, **asked)
    return lambda d: listing.listed(d, STAFF, ALERTS.row, filters, None, PAGE - 1)


def held(after: tuple[datetime, UUID] | None = None, within: str = PROVINCE) -> Ask:
    cursor, order = after and [str(part) for part in after], ("starts_at", "activity_id")
    filters = ActivityFilters(within=within)
    return lambda d: listing.listed(d, STAFF, ActivityRow, filters, cursor, PAGE - 1, order=order)


def listed(**found: str) -> Ask:
    filters, of_today = OrganisationFilters(within=PROVINCE, **found), organisations.STANDING
    return lambda d: listing.listed(
        d, STAFF, OrganisationRow, filters, None, PAGE - 1, order="code", where=of_today
    )


# Beside each question the indexes that may serve it.
QUESTIONS: dict[str, tuple[Ask, set[str]]] = {
    "first page of a province": (roll(), {"member_area"}),
    "first page of a city": (roll(within=CITY), {"member_area"}),
    "page in the middle": (roll(after=(COMMUNITY, MIDDLE)), {"member_area"}),
    "roster of a street": (roll(within=STREET), {"member_area"}),
    "by state": (roll(within=DISTRICT, state=["activist"]), {"member_state"}),
    "by education": (roll(within=CITY, education="postgraduate"), {"member_area"}),
    "by education, nobody": (roll(education="none-such"), {"member_profile"}),
    "by occupation, nobody": (roll(occupation="official"), {"member_profile"}),
    "by work, nobody": (roll(work_status="student"), {"member_profile"}),
    "mobile": (roll(whereabouts="lost", within=DISTRICT), {"member_whereabouts", "member_gone"}),
    "left": (roll(leaving="expelled"), {"member_left"}),
    "in poor health": (roll(health="frail"), {"member_health"}),
    "in hardship": (roll(hardship=True), {"member_hardship"}),
    "by code": (roll(code="M-7"), {"member_code_key"}),
    "of a branch": (
        lambda d: roll(organisation_id=d.branch)(d),
        {"member_organisation"},
    ),
    "below an organisation": (
        lambda d: roll(where=[lists.below(d.street.path)])(d),
        {"member_organisation", "organisation_path", "member_area", "organisation_pkey"},
    ),
    "exact lookup": (
        lambda d: personal.find(d.connection, VAULT, "identity_number", identity("M-7")),
        {"person_index_pkey"},
    ),
    "masked names": (
        lambda d: personal.shown(d.connection, VAULT, [d.branch, MIDDLE]),
        {"person_pkey"},
    ),
    "history": (lambda d: members.history(d.session, MIDDLE), {"member_history_day"}),
    "structure of a street": (counted("education", within=STREET), {"member_area"}),
    "members of a subtree": (
        lambda d: sizes.subtree_tally(d.connection, d.street.path),
        {"organisation_path", "organisation_tally_pkey"},
    ),
    "kinds of a subtree": (
        lambda d: sizes.subtree_kinds(d.connection, d.street, None),
        {"organisation_path"},
    ),
    "organisations": (listed(), {"organisation_code_key"}),
    "organisations of a sort": (listed(category="group"), {"organisation_category"}),
    "overdue in a province": (short(PROVINCE, YEAR), {"duty_short"}),
    "overdue in a street": (short(STREET, YEAR), {"duty_short"}),
    "overdue of a kind": (short(STREET, YEAR, "theme-day"), {"duty_short_kind"}),
    "due soon": (short(DISTRICT, SOON), {"duty_short"}),
    "owed by one": (
        lambda d: cadence.of_organisation(d.session, d.branch, *YEAR),
        {"duty_organisation"},
    ),
    "activities": (held(), {"activity_start"}),
    "activities in the middle": (
        held(after=(datetime(TODAY.year, 1, 12, tzinfo=UTC), MIDDLE)),
        {"activity_start"},
    ),
    "activities of a community": (held(within=COMMUNITY), {"activity_area"}),
    "alerts": (warned(PROVINCE), {"alert_pkey"}),
    "alerts of a community": (warned(COMMUNITY), {"alert_area", "alert_all"}),
    "cleared alerts, too": (warned(COMMUNITY, cleared=True), {"alert_all"}),
    "alerts of a branch": (
        lambda d: warned(PROVINCE, organisation_id=d.branch)(d),
        {"alert_organisation", "alert_all_organisation"},
    ),
    "alerts about somebody": (
        warned(PROVINCE, cleared=True, subject_id=MIDDLE),
        {"alert_subject"},
    ),
}


@pytest.fixture(scope="module")
def province(postgres, templates) -> str:
    def fill(connection: asyncpg.Connection) -> Awaitable[Any]:
        return populate(connection, MEMBERS, VAULT, SHAPE)

    return filled(postgres, templates["membership"], "province", fill)


@pytest.fixture
async def opened(province) -> Database:
    database = Database(province)
    await database.open()
    yield database
    await database.close()


async def scans(database: Database, ask: Ask) -> list[dict]:
    """How the tables are read by the statements that `ask` sends."""
    async with database.sessions() as session, database.pool.acquire() as connection:
        desk = await _desk(database, session, connection)
        with (
            noted(database) as sent,
            connection.query_logger(lambda told: sent.append((told.query, told.args))),
        ):
            await ask(desk)
            await asyncio.sleep(0)  # the driver tells in the loop's next round
        plans = [
            json.loads(await connection.fetchval(f"EXPLAIN (FORMAT json) {statement}", *given))
            for statement, given in sent
            if "pg_catalog" not in statement  # how the driver learns of types
        ]
    found = [node for plan in plans for node in nodes(plan[0]["Plan"])]
    return [node for node in found if "Scan" in node["Node Type"]]


async def _desk(database: Database, session: AsyncSession, connection: asyncpg.Connection) -> Desk:
    codes = [f"O-{area}" for area in (COMMUNITY, STREET)]
    query = select(OrganisationRow).where(col(OrganisationRow.code).in_(codes))
    street, branch = (await session.exec(query.order_by(col(OrganisationRow.code)))).all()
    return Desk(database, session, connection, branch.organisation_id, street)


async def test_a_question_reads_its_index_and_no_growing_table_from_end_to_end(opened):
    wrong = {}
    for name, (ask, indexes) in QUESTIONS.items():
        read = await scans(opened, ask)
        used = {node["Index Name"] for node in read if "Index Name" in node}
        whole = {n["Relation Name"] for n in read if n["Node Type"] == "Seq Scan"} & GROWING
        if not used or used - indexes or whole:
            wrong[name] = used, whole

    assert wrong == {}


async def test_what_is_asked_by_sessions_is_planned_for_what_is_asked(opened):
    """A list is about a province or about one community: a plan for both serves neither."""
    async with opened.sessions() as session:
        connection = await session.connection()
        mode = (await connection.exec_driver_sql("SHOW plan_cache_mode")).scalar_one()

    assert mode == "force_custom_plan"
