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
from services.membership.tables.points import balances
from tests.eventually import eventually
from tests.together import together

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

    answers = await together(told() for _ in range(8))

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


# Caps


SERVICE = {"rule_code": PointsRuleCode.SERVICE_DONE, "source_type": "service"}


async def test_what_exceeds_a_cap_is_cut_off_to_the_point(work: Work, books: Database) -> None:
    earning = attended(**SERVICE, times=7)
    hours = (7, 2, 1)
    async with work() as uow:
        made = [
            await points.earn(uow, replace(earning, source_id=new_id(), times=each))
            for each in hours
        ]

    assert made == [True, True, False]
    assert await balance(books, earning.subject_id) == 8


async def test_a_yearly_cap_ends_with_the_year_and_a_reversal_makes_room(
    work: Work, books: Database
) -> None:
    earning = attended(**SERVICE, times=8)
    days = [date(2025, month, day) for month in range(1, 13) for day in (1, 2)]
    sources = [new_id() for _ in days]
    async with work() as uow:
        for day, source in zip(days, sources, strict=True):
            await points.earn(uow, replace(earning, on=day, source_id=source))
    assert await balance(books, earning.subject_id) == 100

    async with work() as uow:
        assert await points.earn(uow, replace(earning, on=date(2026, 1, 1), source_id=new_id()))
        await points.reverse_of_source(uow, sources[0], PointsReason.SOURCE_WITHDRAWN, NOON)
        late = replace(earning, on=date(2025, 12, 31), source_id=new_id())
        assert await points.earn(uow, late)
        assert not await points.earn(uow, replace(late, source_id=new_id(), on=date(2025, 12, 30)))
    assert await balance(books, earning.subject_id) == 100 + 8


WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


async def _two_that_overlap(work: Work, books: Database, earning: Earning) -> None:
    """The second decides while the first is not committed."""

    async def second() -> None:
        async with work() as uow:
            await points.earn(uow, replace(earning, source_id=new_id()))

    async def is_waiting() -> bool:
        return bool(await books.pool.fetchval(WAITING))

    async with work() as uow:
        await points.earn(uow, earning)
        await uow.session.flush()
        task = asyncio.create_task(second())
        await eventually(is_waiting)
    await task


async def test_without_the_lock_of_the_account_two_pass_a_cap_at_once(
    work: Work, books: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    earning = attended(**SERVICE, times=8)
    async with work() as uow:
        await points.earn(uow, replace(earning, on=date(2026, 1, 1), source_id=new_id()))

    async def unlocked(*_: object) -> None:
        """The guard off."""

    monkeypatch.setattr("services.membership.tables.points.ledger.lock_account", unlocked)
    await _two_that_overlap(work, books, earning)

    assert await balance(books, earning.subject_id) == 8 + 16


async def test_with_it_the_second_waits_and_finds_the_cap_reached(
    work: Work, books: Database
) -> None:
    earning = attended(**SERVICE, times=8)
    async with work() as uow:
        await points.earn(uow, replace(earning, on=date(2026, 1, 1), source_id=new_id()))

    await _two_that_overlap(work, books, earning)

    assert await balance(books, earning.subject_id) == 8 + 8


# Many at once


async def test_forty_clients_earning_and_reversing_leave_every_balance_its_sum(
    work: Work, books: Database
) -> None:
    subjects = [new_id() for _ in range(3)]
    sources = [new_id() for _ in range(8)]
    told = [
        attended(subjects[n % 3], source_id=sources[n % 8], **({} if n % 2 else SERVICE))
        for n in range(40)
    ]

    async def client(n: int) -> None:
        async with work() as uow:
            if n % 5 == 4:
                source = sources[n % 8]
                await points.reverse_of_source(uow, source, PointsReason.SOURCE_WITHDRAWN, NOON)
            else:
                await points.earn_all(uow, (replace(told[n], subject_id=s) for s in subjects))

    await together(client(n) for n in range(40))

    async with books.sessions() as session:
        assert await balances.unsound(session) == []
    assert await books.pool.fetchval(SOURCES_COUNTED_TWICE) == 0


SOURCES_COUNTED_TWICE = """
SELECT count(*) FROM (
    SELECT FROM points_entry WHERE reverses_id IS NULL
     GROUP BY rule_code, source_id, subject_id, revision HAVING count(*) > 1) twice
"""
