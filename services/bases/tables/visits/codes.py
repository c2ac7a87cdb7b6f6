"""Check-in codes, given and looked for, and the wrong ones counted."""

import secrets
from collections.abc import Sequence
from uuid import UUID

import asyncpg

from services.bases.domain.visits.codes import POSSIBLE, Coded, Guesses
from services.chassis.errors import Defect
from services.chassis.unit_of_work import Transaction

GIVE = "UPDATE booking SET check_in_code = $2 WHERE booking_id = $1"
"""The unique index refuses a code that another booking of that base and day has."""

TRIES = 20
"""With 1,000 bookings of one base on one day, all of them fail once in 10^60 times."""

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1::uuid::text || $2, 81))"
FOUND = """
SELECT booking_id, status, starts_at, ends_at FROM booking
 WHERE base_id = $1 AND check_in_code = $2
"""
GUESSES = "SELECT begins, wrong FROM check_in_guess WHERE base_id = $1 AND actor = $2"
COUNT = """
INSERT INTO check_in_guess (base_id, actor, begins, wrong) VALUES ($1, $2, $3, $4)
ON CONFLICT (base_id, actor) DO UPDATE SET begins = excluded.begins, wrong = excluded.wrong
"""


async def give(work: Transaction, booking_id: UUID) -> str:
    """A code for a booking whose row is locked and written."""
    connection = await work.driver()
    for _ in range(TRIES):
        code = f"{secrets.randbelow(POSSIBLE):06}"
        try:
            async with connection.transaction():
                await connection.execute(GIVE, booking_id, code)
        except asyncpg.UniqueViolationError:
            continue
        return code
    raise Defect(f"no code is left for {booking_id}")


async def take_away(work: Transaction, booking_id: UUID) -> None:
    """Before it moves: on another day, or elsewhere, another booking may have its code."""
    await (await work.driver()).execute(GIVE, booking_id, None)


async def found(work: Transaction, base_id: UUID, code: str) -> Sequence[Coded]:
    return [Coded(**row) for row in await (await work.driver()).fetch(FOUND, base_id, code)]


async def lock_guesses(work: Transaction, base_id: UUID, actor: str) -> Guesses | None:
    """One account's guesses at one base take turns until their transactions end."""
    connection = await work.driver()
    await connection.execute(LOCK, base_id, actor)
    row = await connection.fetchrow(GUESSES, base_id, actor)
    return Guesses(row["begins"], row["wrong"]) if row else None


async def keep_guesses(work: Transaction, base_id: UUID, actor: str, guesses: Guesses) -> None:
    await (await work.driver()).execute(COUNT, base_id, actor, guesses.begins, guesses.wrong)
