"""Lecturers assigned, moved and freed at random, beside a model that knows nothing of databases."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

import pytest

from services.chassis.database import SERVER_SETTINGS, Database
from tests.clock import tomorrow
from tests.conftest import Scene, Start
from tests.service.bases.lecturing import Team
from tests.service.bases.test_lecturer_races import CLASHES
from tests.service.office import Office, open_office

STEPS = 60
TRAVEL = 30
FIRST, LAST = 480, 780
"""Minutes of the day between which bookings begin."""


@dataclass
class Model:
    """Spans are minutes of one day; a lecturer is a place in a list."""

    spans: list[tuple[int, int]]
    places: list[int]
    held: dict[int, set[int]] = field(default_factory=dict)
    """Lecturer to bookings."""
    over: set[int] = field(default_factory=set)

    def fits(self, lecturer: int, booking: int, since: int, until: int) -> bool:
        for other in self.held.get(lecturer, set()) - {booking}:
            apart = TRAVEL * (self.places[other] != self.places[booking])
            begins, ends = self.spans[other]
            if since < ends + apart and begins < until + apart:
                return False
        return True

    def follows(self, booking: int, since: int, until: int) -> bool:
        mine = [lecturer for lecturer, taken in self.held.items() if booking in taken]
        return all(self.fits(lecturer, booking, since, until) for lecturer in mine)


@pytest.fixture(params=["read committed", "repeatable read"])
async def office(request, scene: Scene, start: Start, monkeypatch) -> Office:
    monkeypatch.setitem(SERVER_SETTINGS, "default_transaction_isolation", request.param)
    return await open_office(scene, start)


@dataclass
class Play:
    team: Team
    chance: Random
    model: Model
    bookings: list[dict[str, Any]]
    lecturers: list[str]

    def when(self) -> tuple[int, int]:
        since = self.chance.randrange(FIRST, LAST, 10)
        return since, since + self.chance.randrange(20, 120, 10)

    async def assign(self) -> None:
        n, lecturer = self._booking(), self.chance.randrange(len(self.lecturers))
        fits = n not in self.model.over and self.model.fits(lecturer, n, *self.model.spans[n])
        answer = await self.team.assign(self.bookings[n], self.lecturers[lecturer])
        assert (answer.status_code == 200) is fits, answer.text
        if fits:
            self.model.held.setdefault(lecturer, set()).add(n)

    async def free(self) -> None:
        n, lecturer = self._booking(), self.chance.randrange(len(self.lecturers))
        answer = await self.team.release(self.bookings[n], self.lecturers[lecturer])
        assert answer.status_code == (409 if n in self.model.over else 204)
        self.model.held.get(lecturer, set()).discard(n)

    async def move(self) -> None:
        n, to = self._booking(), self.when()
        fits = n not in self.model.over and self.model.follows(n, *to)
        answer = await self.team.act(
            f"/v1/bookings/{self.bookings[n]['booking_id']}/reschedule",
            self.bookings[n]["version"],
            starts_at=tomorrow(*divmod(to[0], 60)),
            ends_at=tomorrow(*divmod(to[1], 60)),
        )
        assert (answer.status_code == 200) is fits, answer.text
        if fits:
            self.bookings[n], self.model.spans[n] = answer.json(), to

    async def cancel(self) -> None:
        n = self._booking()
        if n in self.model.over or len(self.model.over) > 3:
            return
        self.bookings[n] = await self.team.office.step(self.bookings[n], "cancel")
        self.model.over.add(n)
        for taken in self.model.held.values():
            taken.discard(n)

    def _booking(self) -> int:
        return self.chance.randrange(len(self.bookings))

    async def check(self, bases: Database) -> None:
        """What the tables hold is what the model holds, times included."""
        rows = await bases.pool.fetch(
            "SELECT lecturer_id, booking_id, starts_at, ends_at FROM lecturer_assignment"
            " WHERE holds"
        )
        said = {
            (str(row["lecturer_id"]), str(row["booking_id"]), row["starts_at"], row["ends_at"])
            for row in rows
        }
        begin = [_instant(since) for since, _ in self.model.spans]
        end = [_instant(until) for _, until in self.model.spans]
        meant = {
            (self.lecturers[lecturer], self.bookings[n]["booking_id"], begin[n], end[n])
            for lecturer, taken in self.model.held.items()
            for n in taken
        }
        assert said == meant
        assert await bases.pool.fetchval(CLASHES) == 0


def _instant(minutes: int) -> datetime:
    return datetime.fromisoformat(tomorrow(*divmod(minutes, 60)))


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_no_lecturer_clash_whatever_is_assigned_moved_and_freed(team, database, seed):
    chance, bases = Random(seed), await database("bases")  # noqa: S311  a game, no secret
    _, elsewhere = await team.base("JD-2")
    places = [chance.randrange(2) for _ in range(8)]
    play = Play(team, chance, Model([], places), [], [await team.join() for _ in range(3)])
    for place in places:
        since, until = play.when()
        play.model.spans.append((since, until))
        booking = await team.office.book(
            venue_id=(team.office.square, elsewhere)[place],
            headcount=1,
            starts_at=tomorrow(*divmod(since, 60)),
            ends_at=tomorrow(*divmod(until, 60)),
        )
        play.bookings.append(booking)

    steps = [play.assign, play.assign, play.assign, play.move, play.move, play.free, play.cancel]
    for _ in range(STEPS):
        await chance.choice(steps)()
        await play.check(bases)
