"""The bound of the booking command: FastAPI, asyncpg, the same two inserts, and nothing else.

No token, no key, no lock, no outbox. Served as `jiceng serve` serves, with as many connections.

    python -m ops.bench.bare DSN PORT
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
from fastapi import FastAPI
from pydantic import AwareDatetime, BaseModel

from ops.serve import run
from services.chassis.ids import new_id
from services.chassis.settings import Settings

BOOK = """
INSERT INTO booking (booking_id, base_id, base_kind, area, venue_id, venue_no, organisation_id,
                     starts_at, ends_at, during, headcount, channel, visitor_level, exclusive,
                     status, version, recorded_at)
VALUES ($1, $2, 'red', $3, $4, $5, $6, $7, $8, tstzrange($7, $9, '[)'), $10, $11, $12, true,
        'pending', 1, $13)
"""
LOG = """
INSERT INTO event_log (event_id, type, aggregate_id, aggregate_version, subject, occurred_at,
                       recorded_at, body)
VALUES ($1, 'jiceng.bases.booking.requested.v1', $2, 1,
        'jiceng.bases.booking.requested.41.03.05.001.001.-.3', $3, $3, $4)
"""
PADDING = "x" * 580
"""Brings the logged body to the size of ours."""


class Asked(BaseModel):
    venue_id: UUID
    organisation_id: UUID
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    headcount: int
    channel: str
    visitor_level: str


def app_of(dsn: str, size: int) -> FastAPI:
    venues: dict[UUID, tuple[int, UUID]] = {}

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with asyncpg.create_pool(dsn, min_size=size, max_size=size) as pool:
            app.state.pool = pool
            for row in await pool.fetch("SELECT venue_id, no, base_id FROM venue"):
                venues[row["venue_id"]] = (row["no"], row["base_id"])
            yield

    app = FastAPI(lifespan=lifespan)

    @app.post("/v1/bookings", status_code=201)
    async def book(asked: Asked) -> dict[str, Any]:
        booking_id, now = new_id(), datetime.now(UTC)
        number, base_id = venues[asked.venue_id]
        async with app.state.pool.acquire() as connection, connection.transaction():
            await connection.execute(
                BOOK, booking_id, base_id, "410305001001", asked.venue_id, number,
                asked.organisation_id, asked.starts_at, asked.ends_at,
                asked.ends_at + timedelta(minutes=15), asked.headcount, asked.channel,
                asked.visitor_level, now,
            )  # fmt: skip
            body = asked.model_dump_json()
            await connection.execute(LOG, new_id(), booking_id, now, body + PADDING)
        return asked.model_dump() | {"booking_id": booking_id, "recorded_at": now, "version": 1}

    return app


if __name__ == "__main__":
    settings = Settings(port=int(sys.argv[2]))
    run(app_of(sys.argv[1], settings.database_pool), settings, int(sys.argv[2]))
