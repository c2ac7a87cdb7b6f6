"""What membership hears from the bases, and which rooms act on it."""

from contracts.bases.bookings import BookingMissed
from contracts.bases.visits import VisitCompleted
from services.chassis.bus.consumer import Inlet
from services.chassis.unit_of_work import UnitOfWork
from services.membership import SERVICE
from services.membership.handlers import activities, points

bases = Inlet(SERVICE, "bases")


@bases.on(VisitCompleted)
async def visit_completed(event: VisitCompleted, uow: UnitOfWork) -> None:
    """The visit is organisational life of the branch that came; rooms are called one by one."""
    await activities.hear_of_visit(event, uow)
    await points.hear_of_visit(event, uow)


@bases.on(BookingMissed)
async def booking_missed(event: BookingMissed, uow: UnitOfWork) -> None:
    """A venue was kept for nobody."""
    await points.hear_of_no_show(event, uow)


inlets = (bases,)
