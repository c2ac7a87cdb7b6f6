"""Whatever clerks and the clock do, in whatever order: every member is in exactly one branch.

Hypothesis drives the real service; beside it runs a model of a few lines, and after every step
database, counters and model must say the same.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from services.chassis.clock import business_date
from services.membership.handlers.transfers.clock import EXPIRE, REMIND
from tests.profiles import examples
from tests.service.membership.branches import Town, open_town

MEMBERS = 3
STEPS = 30

ROLL = """
SELECT member_id::text, organisation_id::text, state FROM member WHERE member_id = ANY($1::uuid[])
"""
TALLIES_DISAGREE = """
SELECT t.organisation_id FROM organisation_tally t
 WHERE t.full_members <> (SELECT count(*) FROM member m
                           WHERE m.organisation_id = t.organisation_id AND m.state = 'full')
"""


@dataclass
class Letter:
    """A transfer under way, as the model sees it."""

    member: str
    to: str | None
    until: date
    said: dict[str, Any]


branches = st.sampled_from(["first", "second", "far"])
places = st.integers(0, MEMBERS - 1)


class Office(RuleBasedStateMachine):
    """Runs in a thread of its own and hands every command to the service's loop."""

    town: ClassVar[Town]
    loop: ClassVar[asyncio.AbstractEventLoop]
    moved: ClassVar[int] = 0
    """How often somebody came into another branch: a run without that would prove nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.at: dict[str, str] = {}
        self.letters: dict[str, Letter] = {}
        self.gone: set[str] = set()

    @initialize()
    def register(self) -> None:
        for _ in range(MEMBERS):
            self.at[self.now(self.town.member())] = self.town.first

    def now(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(60)

    def member(self, place: int) -> str:
        return list(self.at)[place]

    @property
    def today(self) -> date:
        return business_date(self.town.now)

    @rule(place=places, branch=branches, days=st.integers(3, 40))
    def send(self, place: int, branch: str, days: int) -> None:
        member, to = self.member(place), getattr(self.town, branch)
        body = {"member_id": member, "to_id": to, "cause": "work", "validity_days": days}
        answer = self.now(self.town.post("/v1/transfers", body))
        free = member not in self.letters and member not in self.gone
        assert (answer.status_code == 201) is (free and to != self.at[member]), answer.text
        if answer.status_code == 201:
            until = self.today + timedelta(days=days)
            self.letters[member] = Letter(member, to, until, answer.json())

    @rule(place=places)
    def send_outside(self, place: int) -> None:
        member = self.member(place)
        body = {"member_id": member, "cause": "home", "counterpart": "测试市某公司党委"}
        answer = self.now(self.town.post("/v1/transfers", body))
        free = member not in self.letters and member not in self.gone
        assert (answer.status_code == 201) is free, answer.text
        if free:
            until = self.today + timedelta(days=30)
            self.letters[member] = Letter(member, None, until, answer.json())

    @precondition(lambda self: self.letters)
    @rule(data=st.data())
    def receive(self, data: st.DataObject) -> None:
        letter = self.pick(data)
        answer = self.now(self.town.step(letter.said, "receive"))
        assert (answer.status_code == 200) is (self.today <= letter.until), answer.text
        if answer.status_code == 200:
            del self.letters[letter.member]
            if letter.to is None:
                self.gone.add(letter.member)
            else:
                self.at[letter.member] = letter.to
                Office.moved += 1

    @precondition(lambda self: self.letters)
    @rule(data=st.data(), step=st.sampled_from(["return", "cancel", "remind"]))
    def other_step(self, data: st.DataObject, step: str) -> None:
        letter = self.pick(data)
        body = {"reason": "other"} if step == "return" else {}
        assert self.now(self.town.step(letter.said, step, **body)).status_code == 200
        if step != "remind":
            del self.letters[letter.member]

    @rule(days=st.integers(1, 10))
    def time_passes(self, days: int) -> None:
        self.town.pass_days(days)

    @rule()
    def clock(self) -> None:
        self.now(self.town.sweep(REMIND))
        late = [one for one in self.letters.values() if one.until < self.today]
        assert self.now(self.town.sweep(EXPIRE)) == len(late)
        for letter in late:
            del self.letters[letter.member]

    def pick(self, data: st.DataObject) -> Letter:
        return self.letters[data.draw(st.sampled_from(sorted(self.letters)))]

    @invariant()
    def everybody_is_in_exactly_one_branch(self) -> None:
        rows = self.now(self.town.pool.fetch(ROLL, list(self.at)))
        assert {row["member_id"]: row["organisation_id"] for row in rows} == self.at
        assert {row["member_id"] for row in rows if row["state"] == "left"} == self.gone
        assert self.now(self.town.pool.fetch(TALLIES_DISAGREE)) == []

    @invariant()
    def what_is_under_way_is_what_was_sent_and_not_ended(self) -> None:
        rows = self.now(
            self.town.pool.fetch(
                "SELECT member_id::text FROM transfer WHERE state = 'sent'"
                " AND member_id = ANY($1::uuid[])",
                list(self.at),
            )
        )
        assert sorted(row["member_id"] for row in rows) == sorted(self.letters)

    def teardown(self) -> None:
        for letter in self.letters.values():
            self.now(self.town.step(letter.said, "cancel"))


@pytest.fixture
async def town(scene, start) -> Town:
    return await open_town(scene, start)


async def test_every_member_is_in_exactly_one_branch_after_every_step(town):
    here = {"town": town, "loop": asyncio.get_running_loop()}
    office = type("Office", (Office,), here)
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    given = settings(
        max_examples=examples(12),
        stateful_step_count=STEPS,
        database=None,
        suppress_health_check=checks,
    )

    await asyncio.to_thread(run_state_machine_as_test, office, settings=given)
    assert Office.moved
