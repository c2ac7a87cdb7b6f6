"""The points ledger in the database: once a source, caps, reversals, and what is refused."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import asyncpg
import pytest

from contracts.kinds.points import PointsReason, PointsRuleCode, SubjectType
from services.chassis.database import Database
from services.chassis.event_log import Cause
from services.chassis.ids import new_id
from services.chassis.unit_of_work import UnitOfWork, unit_of_work
from services.membership.handlers import points
from services.membership.handlers.points import Earning

COMMUNITY = "410305001001"
DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)

Work = Callable[[], AbstractAsyncContextManager[UnitOfWork]]


@pytest.fixture
async def books(database: Callable[[str], Awaitable[Database]]) -> Database:
    return await database("membership")


@pytest.fixture
def work(books: Database) -> Work:
    @asynccontextmanager
    async def opened() -> AsyncIterator[UnitOfWork]:
        async with unit_of_work(books.sessions, Cause("test"), NOON, lambda: None) as uow:
            yield uow

    return opened


def attended(subject_id: UUID | None = None, **given: object) -> Earning:
    made = Earning(
        subject_id=subject_id or new_id(),
        subject_type=SubjectType.MEMBER,
        rule_code=PointsRuleCode.ACTIVITY_ATTENDED,
        source_type="activity",
        source_id=new_id(),
        area=COMMUNITY,
        organisation_id=None,
        on=DAY,
    )
    return replace(made, **given)  # type: ignore[arg-type]


async def balance(books: Database, subject_id: UUID) -> int:
    found = await books.pool.fetchval(
        "SELECT balance FROM points_account WHERE subject_id = $1", subject_id
    )
    return int(found or 0)


async def test_a_source_counts_once_for_a_subject_however_often_it_is_told(
    work: Work, books: Database
) -> None:
    earning = attended()

    async def told() -> bool:
        async with work() as uow:
            return await points.earn(uow, earning)

    answers = await asyncio.gather(*(told() for _ in range(8)))

    assert sorted(answers) == [False] * 7 + [True]
    assert await balance(books, earning.subject_id) == 2


async def test_a_rule_that_is_not_in_force_gives_nothing(work: Work, books: Database) -> None:
    async with work() as uow:
        assert not await points.earn(uow, attended(on=date(2009, 12, 31)))
        assert not await points.earn(uow, attended(rule_code="nothing.known"))
        assert await points.earn(uow, attended(on=date(2010, 1, 1)))


async def test_a_withdrawn_source_is_taken_back_once_and_may_stand_again(
    work: Work, books: Database
) -> None:
    earning = attended()
    async with work() as uow:
        await points.earn(uow, earning)
    for expected in (1, 0):
        async with work() as uow:
            done = await points.reverse_of_source(
                uow, earning.source_id, PointsReason.SOURCE_WITHDRAWN, NOON
            )
            assert done == expected
    assert await balance(books, earning.subject_id) == 0

    async with work() as uow:
        assert not await points.earn(uow, earning)
        assert await points.earn(uow, replace(earning, revision=1))
    assert await balance(books, earning.subject_id) == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE points_entry SET amount = 100",
        "DELETE FROM points_entry",
        "TRUNCATE points_entry CASCADE",
        "UPDATE points_rule SET amount = 100",
        "DELETE FROM points_rule",
        "UPDATE points_account SET balance = 100",
        "DELETE FROM points_account",
        "INSERT INTO points_account VALUES (gen_random_uuid(), 'member', '410305', null, 5, 0)",
    ],
)
async def test_the_database_refuses_to_rewrite_the_ledger(
    work: Work, books: Database, statement: str
) -> None:
    async with work() as uow:
        await points.earn(uow, attended())

    with pytest.raises(asyncpg.ObjectNotInPrerequisiteStateError):
        await books.pool.execute(statement)
