"""Forty clients after one thing, round after round: how a storm is made and judged."""

import asyncio
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from statistics import quantiles
from time import perf_counter
from typing import Any, ClassVar

import asyncpg
import httpx
import pytest

from services.chassis import database
from services.chassis.database import Database
from tests.conftest import Scene
from tests.eventually import eventually
from tests.service.office import Office
from tests.together import outcome

CLIENTS = 40
READ_COMMITTED, REPEATABLE_READ = LEVELS = "read committed", "repeatable read"

Attempt = Callable[[], Awaitable[httpx.Response]]


@dataclass
class Contest(ABC):
    """What clients are after, how one is told that it lost, and what must not be there then."""

    office: Office
    bases: Database
    won: Sequence[dict[str, Any]] = ()
    """What the winners of the round were answered."""

    winners: ClassVar[range]
    """How many of a round's clients get what they want."""
    refused: ClassVar[str | None]
    """The code of every refusal; `None` when nobody is refused."""
    names: ClassVar[str]
    """The member of every refusal that says what is free instead."""
    broken: ClassVar[str]
    """SQL: a row for each thing that was given away twice."""

    missed: ClassVar[str | None] = None
    """SQL: a row for each that went without, although there was room."""

    @abstractmethod
    async def open(self) -> None:
        """What all rounds have in common."""

    @abstractmethod
    async def round(self, number: int) -> Sequence[Attempt]:
        """The attempts of a round, ready to be made all at once."""

    def fits(self, _place: int, _beside: int) -> bool:
        """Whether the attempt at one place of a round can be had beside that at another."""
        return False

    async def follow(self, refusal: dict[str, Any]) -> httpx.Response | None:
        """Take what the refusal says is free; `None` when one of those who `won` has it by now."""
        raise NotImplementedError

    @abstractmethod
    async def unguard(self, patch: pytest.MonkeyPatch) -> None:
        """Take every guard away that the database and our SQL set up."""


@dataclass
class Tally:
    """What was answered, how long it took, and how often what a refusal named could be had."""

    answers: Counter[tuple[int, str | None]] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    followed: int = 0

    def __str__(self) -> str:
        cuts = [round(1000 * cut) for cut in quantiles(self.seconds, n=20)]
        told = ", ".join(f"{n} {code or status}" for (status, code), n in self.answers.items())
        return (
            f"{len(self.seconds)} attempts ({told}), p50 {cuts[9]} ms, p95 {cuts[18]} ms; "
            f"what was named could be had in {self.followed} rounds"
        )

    async def storm(self, attempts: Sequence[Attempt]) -> list[httpx.Response]:
        """Make them all at once."""
        answers = await asyncio.gather(*(self._timed(attempt) for attempt in attempts))
        self.answers.update(map(outcome, answers))
        return answers

    async def _timed(self, attempt: Attempt) -> httpx.Response:
        begun = perf_counter()
        try:
            return await attempt()
        finally:
            self.seconds.append(perf_counter() - begun)


async def rage(contest: Contest, rounds: int, *, busy: bool) -> Tally:
    """So many rounds; each refusal is the contest's own, and what the last one names can be had.

    With `busy`, a client may be told to come again, and then fewer win.
    """
    await contest.open()
    tally = Tally()
    for number in range(rounds):
        answers = await tally.storm(await contest.round(number))
        won = [answer.json() for answer in answers if answer.is_success]
        refused = [a.json() for a in answers if outcome(a) == (409, contest.refused)]
        later = [a for a in answers if outcome(a) == (503, "busy") and "retry-after" in a.headers]
        assert len(won) + len(refused) + len(later) == len(answers), tally
        assert len(won) in contest.winners or (later and len(won) < contest.winners.stop), tally
        assert busy or not later, tally
        assert all(refusal.get(contest.names) for refusal in refused), refused
        assert not _wronged(contest, answers), answers
        contest.won = won
        tally.followed += await _followed(contest, refused)
    return tally


def _wronged(contest: Contest, answers: Sequence[httpx.Response]) -> list[int]:
    """Places of those who were refused although they would have fitted beside all winners."""
    won = [place for place, answer in enumerate(answers) if answer.is_success]
    return [
        place
        for place, answer in enumerate(answers)
        if answer.status_code == 409 and all(contest.fits(place, each) for each in won)
    ]


async def _followed(contest: Contest, refused: Sequence[dict[str, Any]]) -> bool:
    for refusal in reversed(refused):
        answer = await contest.follow(refusal)
        if answer is not None:
            assert answer.is_success, answer.text
            return True
    return False


async def survived(contest: Contest, rounds: int, level: str) -> Tally:
    """Nothing given away twice, nobody left out, no deadlock. Afterwards nobody is connected."""
    office, bases = contest.office, contest.bases
    assert await levels(office.bases.app.state.context.database) == {level}
    tally = await rage(contest, rounds, busy=level != READ_COMMITTED)
    print(f"\n{type(contest).__name__}, {level}, {rounds} rounds: {tally}")  # noqa: T201  measured
    assert await bases.pool.fetch(contest.broken) == []
    if contest.missed is not None and level == READ_COMMITTED:
        assert await bases.pool.fetch(contest.missed) == []
    assert await deadlocks(office, bases) == 0
    return tally


# The database behind it


def isolate(scene: Scene, level: str, patch: pytest.MonkeyPatch) -> None:
    """Connections opened from now on are at `level`, and there is one for each client.

    The product sets the level it runs at itself; that the guards hold at another, too, is shown.
    """
    patch.setitem(database.SERVER_SETTINGS, "default_transaction_isolation", level)
    patch.setitem(database.SERVER_SETTINGS, "statement_timeout", "0")  # forty wait for one lock
    scene.settings = scene.settings.model_copy(update={"database_pool": CLIENTS})


SHOW = "SHOW transaction_isolation"


async def levels(service: Database) -> set[str]:
    """At which the service's commands run, by both of its ways to the database."""
    async with service.sessions() as session:
        by_session = await (await session.connection()).exec_driver_sql(SHOW)
        return {await service.pool.fetchval(SHOW), str(by_session.scalar_one())}


async def deadlocks(office: Office, bases: Database) -> int:
    """So far in the database. Backends tell when they leave, so all are asked to."""
    await office.bases.app.state.context.database.close()
    await bases.close()
    watch = await asyncpg.connect(bases.dsn)
    try:
        await eventually(lambda: watch.fetchval(ALONE))
        found: int = await watch.fetchval(DEADLOCKS)
    finally:
        await watch.close()
    return found


ALONE = """
SELECT count(*) = 1 FROM pg_stat_activity
 WHERE datname = current_database() AND backend_type = 'client backend'
"""
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
