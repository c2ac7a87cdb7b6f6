"""Events heard without a server: over FastStream's test broker, into the service's database."""

from datetime import datetime

from faststream.nats import TestNatsBroker

from contracts.event import Event
from services.chassis.bus.broker import EventBroker
from services.chassis.bus.handling import within
from services.chassis.bus.inlet import Inlet
from services.chassis.database import Database
from services.chassis.event_log import Cause, entry
from services.chassis.unit_of_work import Ring, unit_of_work

CAUSE = Cause("test")


async def hear(
    inlet: Inlet, *events: Event, database: Database, now: datetime, ring: Ring = lambda: None
) -> None:
    """One after another, each in a transaction of its own; what a handler raises is raised here."""
    async with TestNatsBroker(EventBroker(inlet)) as broker:
        for event in events:
            told = entry(event, version=1, occurred_at=now, recorded_at=now, cause=CAUSE)
            async with unit_of_work(database.sessions, CAUSE, now, ring) as uow:
                with within(uow):
                    await broker.publish(told.body, told.subject)
