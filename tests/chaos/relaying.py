"""A process that publishes what membership logged until it is killed.

Reads the service's own variables; `python -m tests.chaos.relaying`.
"""

import asyncio

from services.chassis.bus.connection import Nats
from services.chassis.clock import system_clock
from services.chassis.database import Database
from services.chassis.health import Health
from services.chassis.relay import Relay
from services.chassis.settings import Settings


async def publish() -> None:
    settings = Settings()
    database = Database(settings.database_dsn("membership"))
    await database.open()
    nats = Nats(settings.nats_url, "relaying")
    await nats.open()
    await Relay("membership", database, nats, Health(system_clock)).run()


if __name__ == "__main__":
    asyncio.run(publish())
