"""A process that hears membership with the probe's listener until it is killed.

Reads the service's own variables; `python -m tests.chaos.counting`.
"""

import asyncio

from services.chassis.bus.connection import Nats
from services.chassis.clock import system_clock
from services.chassis.database import Database
from services.chassis.health import Health
from services.chassis.settings import Settings
from tests.service.chassis.probe import hear, listener


async def count() -> None:
    settings = Settings()
    database = Database(settings.database_dsn("bases"))
    await database.open()
    nats = Nats(settings.nats_url, "counting")
    await nats.open()
    await hear(listener(), database, nats, Health(system_clock))


if __name__ == "__main__":
    asyncio.run(count())
