"""Whatever is earned, taken back and told at once: a balance is the sum of its entries."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from contracts.kinds.points import PointsReason, PointsRuleCode, SubjectType
from ops.embedded.postgres import EmbeddedPostgres
from services.chassis.database import Database
from services.chassis.event_log import Cause
from services.chassis.ids import new_id
from services.chassis.unit_of_work import UnitOfWork, unit_of_work
from services.membership.handlers import points
from services.membership.handlers.points import Earning
from services.membership.tables.points import balances
from tests.profiles import examples

NOW = datetime(2026, 12, 31, 4, 0, tzinfo=UTC)
CAPS = {"activity.attended": (None, 60), "service.done": (8, 100), "donation.made": (None, 12)}
"""Daily and yearly, as the deployment begins with."""

Deed = Callable[[UnitOfWork], Coroutine[Any, Any, object]]
codes = st.sampled_from(sorted(CAPS))
days = st.sampled_from([date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 2)])
which = st.integers(0, 3)

PASSED = """
SELECT e.rule_code, e.subject_id, sum(e.amount) AS points FROM points_entry e
 WHERE e.reverses_id IS NULL AND e.amount > 0
   AND NOT EXISTS (SELECT FROM points_entry r WHERE r.reverses_id = e.entry_id)
 GROUP BY e.rule_code, e.subject_id, date_trunc('{unit}', e.booked_on::timestamp)
"""


class Ledger(RuleBasedStateMachine):
    """Compares the database with a model that is a dictionary: key of an entry to its points."""

    runner: asyncio.Runner
    database: Database

    @initialize()
    def begin(self) -> None:
        self.subjects = [new_id() for _ in range(4)]
        self.sources = [new_id() for _ in range(4)]
        self.standing: dict[tuple[str, UUID, UUID], tuple[date, int]] = {}
        self.seen: set[tuple[str, UUID, UUID]] = set()

    async def _do(self, deed: Deed) -> object:
        sessions = self.database.sessions
        async with unit_of_work(sessions, Cause("test"), NOW, lambda: None) as uow:
            return await deed(uow)

    def _earning(self, code: str, source: int, subject: int, day: date, times: int) -> Earning:
        return Earning(
            subject_id=self.subjects[subject],
            subject_type=SubjectType.MEMBER,
            rule_code=code,
            source_type="test",
            source_id=self.sources[source],
            area="410305001001",
            organisation_id=None,
            on=day,
            times=times,
        )

    def _left(self, earning: Earning, worth: int) -> int:
        same = [
            (day, amount)
            for (code, _, subject), (day, amount) in self.standing.items()
            if (code, subject) == (earning.rule_code, earning.subject_id)
            and day.year == earning.on.year
        ]
        daily, yearly = CAPS[earning.rule_code]
        today = sum(amount for day, amount in same if day == earning.on)
        room = [worth, yearly - sum(amount for _, amount in same)]
        return max(0, min([*room, daily - today] if daily else room))

    @rule(code=codes, source=which, subject=which, day=days, times=st.integers(1, 12))
    def earn(self, code: str, source: int, subject: int, day: date, times: int) -> None:
        earning = self._earning(code, source, subject, day, times)
        key = (code, earning.source_id, earning.subject_id)
        worth = times * {"activity.attended": 2, "service.done": 1, "donation.made": 3}[code]
        expected = 0 if key in self.seen else self._left(earning, worth)

        made = self.runner.run(self._do(lambda uow: points.earn(uow, earning)))

        assert made is bool(expected)
        if expected:
            self.seen.add(key)
            self.standing[key] = (day, expected)

    @rule(source=which)
    def withdraw(self, source: int) -> None:
        source_id = self.sources[source]
        gone = [key for key in self.standing if key[1] == source_id]
        done = self.runner.run(self._do(self._withdrawal(source_id)))

        assert done == len(gone)
        for key in gone:
            del self.standing[key]

    @staticmethod
    def _withdrawal(source_id: UUID) -> Deed:
        return lambda uow: points.reverse_of_source(
            uow, source_id, PointsReason.SOURCE_WITHDRAWN, NOW
        )

    @rule(source=which, told=st.lists(st.tuples(which, which), min_size=2, max_size=6))
    def several_at_once(self, source: int, told: list[tuple[int, int]]) -> None:
        """Sources of their own, told twice each, while another is withdrawn."""
        fresh = {n: new_id() for n, _ in told}
        code = PointsRuleCode.PLEDGE_KEPT
        earnings = [
            replace(self._earning(code, 0, subject, NOW.date(), 1), source_id=fresh[n])
            for n, subject in told
        ]

        async def all_of_them() -> None:
            deeds: list[Deed] = [
                lambda uow, each=each: points.earn(uow, each)  # type: ignore[misc]
                for each in (*earnings, *earnings)
            ]
            deeds.append(self._withdrawal(self.sources[source]))
            await asyncio.gather(*(self._do(deed) for deed in deeds))

        self.runner.run(all_of_them())
        gone = [key for key in self.standing if key[1] == self.sources[source]]
        for key in gone:
            del self.standing[key]

    @invariant()
    def every_balance_is_its_sum(self) -> None:
        self.runner.run(self._check())

    async def _check(self) -> None:
        async with self.database.sessions() as session:
            assert await balances.unsound(session) == []
        known = await self.database.pool.fetch(
            "SELECT subject_id, sum(amount) AS points FROM points_entry"
            " WHERE rule_code = ANY($1) AND subject_id = ANY($2) GROUP BY subject_id",
            list(CAPS),
            getattr(self, "subjects", []),
        )
        modelled: dict[UUID, int] = {}
        for (_, _, subject), (_, amount) in getattr(self, "standing", {}).items():
            modelled[subject] = modelled.get(subject, 0) + amount
        assert {r["subject_id"]: r["points"] for r in known if r["points"]} == modelled
        for row in await self.database.pool.fetch(PASSED.format(unit="year")):
            assert row["points"] <= CAPS.get(row["rule_code"], (None, 20))[1]


@pytest.mark.usefixtures("templates")
def test_a_balance_is_the_sum_of_its_entries_whatever_happens(postgres: EmbeddedPostgres) -> None:
    with asyncio.Runner() as runner:
        database = Database(postgres.dsn("points_property"))

        async def begin() -> None:
            admin = await Database(postgres.dsn()).connect()
            await admin.execute("DROP DATABASE IF EXISTS points_property")
            await admin.execute("CREATE DATABASE points_property TEMPLATE template_membership")
            await admin.close()
            await database.open()

        runner.run(begin())
        Ledger.runner, Ledger.database = runner, database
        try:
            run_state_machine_as_test(
                Ledger,
                settings=settings(
                    max_examples=examples(12),
                    stateful_step_count=15,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(database.close())
