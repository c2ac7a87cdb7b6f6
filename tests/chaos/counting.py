"""A process that hears membership with the probe's listener until it is killed.

Reads the service's own variables; `python -m tests.chaos.counting`.
"""

import asyncio

from services.chassis.bus.connection import Nats
from services.chassis.bus.consumer import Consumer
from services.chassis.clock import system_clock
from services.chassis.database import Database
from services.chassis.health import Health
from services.chassis.settings import Settings
from tests.service.chassis.probe import listener


async def hear() -> None:
    settings = Settings()
    database = Database(settings.database_dsn("bases"))
    await database.open()
    nats = Nats(settings.nats_url, "counting")
    await nats.open()
    health = Health(system_clock)
    await Consumer(listener(), database, nats, health, system_clock, lambda: None).run()


if __name__ == "__main__":
    asyncio.run(hear())
