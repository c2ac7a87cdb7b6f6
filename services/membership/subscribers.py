"""What membership hears from the bases, and which rooms act on it."""

from contracts.bases.bookings import BookingMissed, BookingMissRetracted
from contracts.bases.visits import VisitCompleted, VisitCorrected, VisitWithdrawn
from services.chassis.bus.handling import Work
from services.chassis.bus.inlet import Inlet
from services.membership import SERVICE
from services.membership.handlers import activity_visits as activities
from services.membership.handlers import points

bases = Inlet(SERVICE, "bases")


@bases.on(VisitCompleted)
async def visit_completed(event: VisitCompleted, uow: Work) -> None:
    """The visit is organisational life of the branch that came; rooms are called one by one."""
    await activities.hear_of_visit(event, uow)
    await points.hear_of_visit(event, uow)


@bases.on(VisitCorrected)
async def visit_corrected(event: VisitCorrected, uow: Work) -> None:
    """It was otherwise, or another organisation's."""
    await activities.hear_of_correction(event, uow)
    await points.hear_of_correction(event, uow)


@bases.on(VisitWithdrawn)
async def visit_withdrawn(event: VisitWithdrawn, uow: Work) -> None:
    """It never was."""
    await activities.hear_of_withdrawal(event, uow)
    await points.hear_of_withdrawal(event, uow)


@bases.on(BookingMissed)
async def booking_missed(event: BookingMissed, uow: Work) -> None:
    """A venue was kept for nobody."""
    await points.hear_of_no_show(event, uow)


@bases.on(BookingMissRetracted)
async def booking_miss_retracted(event: BookingMissRetracted, uow: Work) -> None:
    """It was none."""
    await points.hear_of_retraction(event, uow)


inlets = (bases,)
