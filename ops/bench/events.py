"""Events as an office makes them: bookings from request to visit, over a year, in many places."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice

import asyncpg

from contracts.bases.bookings import (
    BookingCheckedIn,
    BookingCompleted,
    BookingConfirmed,
    BookingRequested,
)
from contracts.bases.visits import VisitCompleted
from contracts.kinds import BaseKind, Channel, VisitorLevel
from services.chassis import event_log
from services.chassis.bus.publish import Outgoing
from services.chassis.event_log import Cause, Entry
from services.chassis.ids import new_id

EVENTS = 20_000
BASES = 40
CHUNK = 1000


def entries(count: int = EVENTS) -> list[Entry]:
    return list(islice(_lives(), count))


def _lives() -> Iterator[Entry]:
    """Five events a booking; the bookings of forty bases in as many communities."""
    bases = [(new_id(), f"4103050{n % 11 + 1:02d}{n // 11 + 1:03d}", n) for n in range(BASES)]
    kinds, channels, levels = list(BaseKind), list(Channel), list(VisitorLevel)
    organisations = [new_id() for _ in range(200)]
    venues = [new_id() for _ in range(BASES)]
    first = datetime(2025, 1, 1, 1, tzinfo=UTC)
    number = 0
    while True:
        base_id, area, place = bases[number % BASES]
        starts_at = first + timedelta(hours=2 * number % 8760)
        facts = {
            "area": area,
            "booking_id": new_id(),
            "base_id": base_id,
            "base_kind": kinds[place % len(kinds)],
            "venue_id": venues[place],
            "organisation_id": organisations[number % len(organisations)],
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=1),
            "headcount": 10 + number % 30,
            "channel": channels[number % len(channels)],
            "visitor_level": levels[number % len(levels)],
        }
        yield from _life(facts, starts_at)
        number += 1


def _life(facts: dict[str, object], starts_at: datetime) -> Iterator[Entry]:
    visit_id = new_id()
    came = {"actual_headcount": facts["headcount"]}
    visit = facts | came | {"visit_id": visit_id, "planned_headcount": facts["headcount"]}
    steps = (
        (BookingRequested.model_validate(facts), 1),
        (BookingConfirmed.model_validate(facts), 2),
        (BookingCheckedIn.model_validate(facts | came), 3),
        (BookingCompleted.model_validate(facts | came | {"visit_id": visit_id}), 4),
        (VisitCompleted.model_validate(visit | {"started_at": starts_at}), 1),
    )
    for event, version in steps:
        yield event_log.entry(
            event,
            version=version,
            occurred_at=starts_at,
            recorded_at=starts_at,
            cause=Cause("bench"),
        )


async def log(pool: asyncpg.Pool, logged: Sequence[Entry]) -> None:
    """Commit them to log and outbox, as their service does."""
    for at in range(0, len(logged), CHUNK):
        await event_log.append(pool, logged[at : at + CHUNK])


def outgoing(logged: Sequence[Entry]) -> list[Outgoing]:
    return [
        Outgoing(number, entry.event_id, entry.subject, entry.body, None)
        for number, entry in enumerate(logged)
    ]
